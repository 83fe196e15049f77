/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_lease.c: a busy task runs on the tracer's CPU (tracer/lease.h), and nobody can tell; several
 * busy processes are served in turn.
 */
#include <sched.h>
#include <stdlib.h>

#include "tests/support/live.h"

/* `hot` makes more calls than it takes for a lease, fewer than end one. */
#define HEAD                                                                                      \
	"import os, threading, time\n"                                                             \
	"def hot(n=400):\n"                                                                        \
	"    for i in range(n): os.close(os.open(__file__, os.O_RDONLY))\n"                         \
	"cpus = os.sched_getaffinity(0)\n"                                                         \
	"def same(what, seen):\n"                                                                  \
	"    if seen != cpus: print(what, seen)\n"

static void check_says(const char *code, const char *said)
{
	struct jail jail;

	live_script(&jail, (const char *const[]){ "--allow-write=.", NULL }, code);
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, said);
	jail_free(&jail);
}

START_TEST(affinity_is_the_scripts_own)
{
	check_says(HEAD
		   "hot(); same('own', os.sched_getaffinity(0))\n"
		   "hot(); same('own again', os.sched_getaffinity(0))\n"
		   "hot()\n"
		   "t = threading.Thread(target=lambda: same('thread', os.sched_getaffinity(0)))\n"
		   "t.start(); t.join(); hot()\n"
		   "pid = os.fork()\n"
		   "if pid == 0:\n"
		   "    same('child', os.sched_getaffinity(0)); hot()\n"
		   "    same('busy child', os.sched_getaffinity(0)); print('', end='', flush=True)\n"
		   "    os._exit(0)\n"
		   "os.waitpid(pid, 0); hot()\n"
		   "def ask(tid):\n"
		   "    same('from a thread', os.sched_getaffinity(tid))\n"
		   "t = threading.Thread(target=ask, args=(threading.get_native_id(),))\n"
		   "t.start(); hot(); t.join()\n"
		   "print(len(cpus) > 0)\n", "True\n");
}
END_TEST

START_TEST(status_shows_no_lease)
{
	check_says(HEAD
		   "def allowed():\n"
		   "    text = open('/proc/self/status').read()\n"
		   "    bits = text.split('Cpus_allowed:')[1].split()[0].replace(',', '')\n"
		   "    return {i for i in range(4 * len(bits)) if int(bits, 16) >> i & 1}\n"
		   "hot(); same('status', allowed())\n"
		   "file = open('/proc/self/status'); hot()\n"
		   "text = file.read()\n"
		   "hot(); same('status again', allowed())\n"
		   "print(len(allowed()) == len(cpus))\n", "True\n");
}
END_TEST

START_TEST(what_is_set_stays)
{
	check_says(HEAD
		   "one = {max(cpus)}\n"
		   "hot(); os.sched_setaffinity(0, one); hot(5000)\n"
		   "print(os.sched_getaffinity(0) == one)\n"
		   "os.sched_setaffinity(0, cpus); hot(5000); same('widened', os.sched_getaffinity(0))\n"
		   "def narrow(tid):\n"
		   "    os.sched_setaffinity(tid, one)\n"
		   "t = threading.Thread(target=narrow, args=(threading.get_native_id(),))\n"
		   "hot(); t.start(); t.join(); hot()\n"
		   "print(os.sched_getaffinity(0) == one)\n", "True\nTrue\n");
}
END_TEST

/*
 * Of the stopped the kernel would show the first of its list again and again, and a listener that
 * is never silent keeps others waiting: refused calls by both doors (tracer/calls.h), mixed.
 */
START_TEST(all_have_their_turn)
{
	check_says(HEAD
		   "def refused(call, *args):\n"
		   "    try: call(*args)\n"
		   "    except OSError: return 1\n"
		   "def share(doors):\n"
		   "    ends = []\n"
		   "    for door in doors:\n"
		   "        r, w = os.pipe()\n"
		   "        if os.fork() == 0:\n"
		   "            done, end = 0, time.monotonic() + 1\n"
		   "            while time.monotonic() < end:\n"
		   "                done += refused(os.setuid, 12345) if door == 'stop' else 0\n"
		   "                done += refused(os.unlink, '/x') if door == 'notify' else 0\n"
		   "            os.write(w, b'%d' % done); os._exit(0)\n"
		   "        ends.append(r); os.close(w)\n"
		   "    done = [int(os.read(r, 20)) for r in ends]\n"
		   "    return min(done) > max(done) / 5 or done\n"
		   "stop, notify = ['stop'], ['notify']\n"
		   "print(share(stop * 4), share(notify * 4), share(stop * 3 + notify),\n"
		   "      share(stop + notify * 3))\n", "True True True True\n");
}
END_TEST

/* Started at the end of a long lease: a pool that counts processors must see them all. */
START_TEST(threads_get_every_cpu)
{
	check_says(HEAD
		   "hot(3000)\n"
		   "seen = []\n"
		   "def look(): seen.append(os.sched_getaffinity(threading.get_native_id()))\n"
		   "all = [threading.Thread(target=look) for i in range(8)]\n"
		   "for t in all: t.start(); hot(50)\n"
		   "for t in all: t.join()\n"
		   "print(all and seen == [cpus] * 8)\n", "True\n");
}
END_TEST

/* Two switches an open: the script is not thrown off its CPU once it has taken the descriptor. */
START_TEST(the_tracer_does_not_push_in)
{
	check_says(HEAD
		   "import resource\n"
		   "def pushed():\n"
		   "    before = resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw\n"
		   "    hot(1500)\n"
		   "    return resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw - before\n"
		   "least = min(pushed() for i in range(5))\n"
		   "print(least < 100 or least)\n", "True\n");
}
END_TEST

int main(void)
{
	cpu_set_t cpus;

	if (sched_getaffinity(0, sizeof(cpus), &cpus) == 0 && CPU_COUNT(&cpus) < 2)
		puts("skip: with one CPU there are no leases");
	return live_main("lease", 60, (const TTest *const[]){
		affinity_is_the_scripts_own, status_shows_no_lease, what_is_set_stays,
		all_have_their_turn, threads_get_every_cpu, the_tracer_does_not_push_in, NULL });
}
