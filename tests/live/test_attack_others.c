/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_attack_others.c: other processes - pyjail, its threads, a bystander of the same user - are
 * not signalled, squeezed, looked into or reached.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/attack.h"

/* ---- a bystander ---- */

static pid_t bystander;

/* Python, so that it has an environment, memory and descriptors as people's programs have. */
static pid_t start_bystander(void)
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	if (chdir(jail_folder) < 0)
		_exit(99);
	setenv("TOKEN", "SECRET 99", 1);
	execl("/usr/bin/python3", "python3", "-c",
	      "import time; f = open('held', 'w+'); f.write('SECRET 98\\n'); f.flush()\n"
	      "open('ready', 'w').close(); time.sleep(120)", "SECRET-97", NULL);
	_exit(98);
}

static void others_setup(void)
{
	attack_setup();
	bystander = start_bystander();
	live_wait_for_file("ready", 20);
}

static void others_teardown(void)
{
	kill(bystander, SIGKILL);
	waitpid(bystander, NULL, 0);
	jail_teardown();
}

struct state {
	int nice, io;
	struct rlimit files, core;
	cpu_set_t processors;
	int policy;
	char letter;
};

static char letter_of(pid_t pid)
{
	char path[64], letter = 'X';
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "r");
	if (f)
		(void)!fscanf(f, "%*d (%*[^)]) %c", &letter), fclose(f);
	/* Running or asleep is all the same; stopped, traced or dead is not. */
	return strchr("RD", letter) ? 'S' : letter;
}

/* A signal has been sent: what it does may take a moment. */
static void await_letter(char letter)
{
	for (int i = 0; i < 500 && letter_of(bystander) != letter; i++)
		usleep(10000);
	ck_assert_int_eq(letter_of(bystander), letter);
}

static struct state state_of(pid_t pid)
{
	struct state state;

	memset(&state, 0, sizeof(state));
	state.nice = getpriority(PRIO_PROCESS, (id_t)pid);
	prlimit(pid, RLIMIT_NOFILE, NULL, &state.files);
	prlimit(pid, RLIMIT_CORE, NULL, &state.core);
	sched_getaffinity(pid, sizeof(state.processors), &state.processors);
	state.policy = sched_getscheduler(pid);
	state.letter = letter_of(pid);
	return state;
}

/* The script knows it as BYSTANDER, and pyjail as PYJAIL with its threads as THREADS. */
static void run_script(struct jail *jail, const char *const options[], bool has_landlock,
		       const char *code)
{
	char text[16384];

	snprintf(text, sizeof(text),
		 "BYSTANDER, PYJAIL = %d, os.getppid()\n"
		 "THREADS = [t for t in range(PYJAIL + 1, PYJAIL + 500)\n"
		 "           if os.path.exists(f'/proc/{PYJAIL}/task/{t}')]\n%s",
		 bystander, code);
	attack_script(jail, options, has_landlock, text);
}

static const char *const modes[][3] = { { NULL }, { "--allow-net", NULL } };

/* With Landlock and without, with sockets and without: the bystander is as it was. */
static void check_untouched(const char *code, const char *expected)
{
	struct state before = state_of(bystander), after;

	for (size_t i = 0; i < 2 * ARRAY_SIZE(modes); i++) {
		struct jail jail;

		run_script(&jail, modes[i / 2], i % 2, code);
		ck_assert_msg(jail.status == 0 && strcmp(jail.out, expected) == 0,
			      "status %d signal %d\n%.1000s%.2000s", jail.status, jail.signal, jail.out,
			      jail.err);
		after = state_of(bystander);
		ck_assert_int_eq(memcmp(&before, &after, sizeof(before)), 0);
		jail_free(&jail);
	}
}

static void run_bare(struct jail *jail, const char *code)
{
	char text[16384];

	snprintf(text, sizeof(text), "BYSTANDER, PYJAIL, THREADS = %d, None, []\n%s", bystander,
		 code);
	attack_bare(jail, text);
}

static void harm_bare(const char *code)
{
	struct jail jail;

	run_bare(&jail, code);
	jail_free(&jail);
}

/* ---- signals ---- */

/* Signal 0 too: that somebody is there is nobody's business.  One target after the other. */
#define SIGNALS \
	"import fcntl, itertools, signal, struct\n" \
	"info = struct.pack('iiiiii', SIG, 0, -1, 0, 0, 0) + bytes(104)\n" \
	"targets = [BYSTANDER] + ([PYJAIL] + THREADS if PYJAIL else [])\n" \
	"ways = {\n" \
	"  'kill': lambda t: sc(62, t, SIG), 'tkill': lambda t: sc(200, t, SIG),\n" \
	"  'tgkill': lambda t: sc(234, t if t == BYSTANDER else PYJAIL, t, SIG),\n" \
	"  'queue': lambda t: sc(129, t, SIG, info), 'tgqueue': lambda t: sc(297, t, t, SIG, info),\n" \
	"  'pidfd': lambda t: sc(424, sc(434, t, 0), SIG, 0, 0),\n" \
	"  'proc': lambda t: sc(424, os.open(f'/proc/{t}', os.O_RDONLY), SIG, 0, 0),\n" \
	"  'proc path': lambda t: sc(424, os.open(f'/proc/{t}', os.O_PATH), SIG, 0, 0),\n" \
	"  'group': lambda t: sc(62, -t, SIG),\n" \
	"  'junk': lambda t: sc(62, t | 0x77 << 32, SIG | 0x77 << 32),\n" \
	"}\n"

START_TEST(no_signal_reaches_anybody_outside)
{
	check_untouched("for SIG in 0, 19, 9:\n"
			"    exec('''\n" SIGNALS
			"for t in targets:\n"
			"    for name, way in ways.items():\n"
			"        got = attempt(way, t)\n"
			"        if got not in ('EPERM', 'EACCES', 'ESRCH', 'EBADF'): print(name, t, got)\n"
			"''')\n"
			"print(len(targets) > 2)\n", "True\n\nsure\n");
}
END_TEST

START_TEST(signals_do_reach_the_bystander_from_outside_the_jail)
{
	harm_bare("SIG = 19\n" SIGNALS "ways['kill'](BYSTANDER)\n");
	await_letter('T');
	harm_bare("SIG = 18\n" SIGNALS "ways['pidfd'](BYSTANDER)\n");
	await_letter('S');
	harm_bare("SIG = 19\n" SIGNALS "ways['proc'](BYSTANDER)\n");
	await_letter('T');
	harm_bare("SIG = 9\n" SIGNALS "ways['group'](BYSTANDER)\n");
	await_letter('Z');
}
END_TEST

/* Groups are the script's own part of them; number -2^31 is nobody. */
START_TEST(signals_to_groups_stay_in_the_tree)
{
	check_untouched("import signal, time\n"
			"signal.signal(signal.SIGTERM, lambda *a: print('mine', flush=True))\n"
			"pid = os.fork()\n"
			"if pid == 0:\n"
			"    signal.signal(signal.SIGTERM, signal.SIG_DFL); time.sleep(60)\n"
			"time.sleep(0.1)\n"
			"os.kill(0, 15)\n"
			"print(os.wait()[1])\n"
			"pid = os.fork()\n"
			"if pid == 0: time.sleep(60)\n"
			"os.kill(-1, 9)\n"
			"print(os.wait()[1])\n"
			"print(attempt(sc, 62, -2**31, 9), attempt(sc, 62, -2**31, 0),\n"
			"      attempt(sc, 200, -1, 9), attempt(sc, 129, -1, 9, bytes(128)))\n"
			"print(attempt(os.kill, -BYSTANDER, 9), attempt(os.killpg, BYSTANDER, 19))\n",
			"mine\n15\n9\nESRCH ESRCH EINVAL EPERM\nESRCH ESRCH\n\nsure\n");
}
END_TEST

START_TEST(no_signal_comes_from_a_descriptor_or_a_timer)
{
	check_untouched("import array, fcntl, struct\n"
			"r, w = os.pipe()\n"
			"got = set()\n"
			"for t in [BYSTANDER, PYJAIL, -BYSTANDER, -os.getpgrp()] + THREADS:\n"
			"    got.add(attempt(fcntl.fcntl, r, fcntl.F_SETOWN, t))\n"
			"    got.add(attempt(fcntl.fcntl, r, 15, struct.pack('ii', 1 if t > 0 else 2, abs(t))))\n"
			"    got.add(attempt(fcntl.ioctl, r, 0x8901, array.array('i', [t])))\n"
			"    got.add(attempt(fcntl.ioctl, r, 0x8902, array.array('i', [t])))\n"
			"    if t > 0:\n"
			"        event = struct.pack('qiii', 0, 9, 4, t) + bytes(44)\n"
			"        got.add(attempt(sc, 222, 1, event, ctypes.byref(ctypes.c_int())))\n"
			"got.add(attempt(fcntl.fcntl, r, 10, 9))\n"
			"got.add(attempt(fcntl.ioctl, r, 0x5452, array.array('i', [1])))\n"
			"got.add(attempt(fcntl.fcntl, r, fcntl.F_SETFL, os.O_NONBLOCK | 0x2000))\n"
			"os.write(w, b'x')\n"
			"print(sorted(map(str, got)))\n", "['EINVAL', 'EPERM']\n\nsure\n");
}
END_TEST

/* ---- limits, priorities, scheduling ---- */

#define SQUEEZE \
	"import struct\n" \
	"targets = [BYSTANDER] + ([PYJAIL] + THREADS if PYJAIL else [])\n" \
	"ways = {\n" \
	"  'limit': lambda t: sc(302, t, 7, struct.pack('QQ', 20, 20), 0),\n" \
	"  'core': lambda t: sc(302, t, 4, struct.pack('QQ', 0, 0), 0),\n" \
	"  'limit junk': lambda t: sc(302, t | 0x77 << 32, 7, struct.pack('QQ', 20, 20), 0),\n" \
	"  'read limit': lambda t: sc(302, t, 7, 0, ctypes.create_string_buffer(16)),\n" \
	"  'nice': lambda t: sc(141, 0, t, 19), 'group': lambda t: sc(141, 1, t, 19),\n" \
	"  'affinity': lambda t: sc(203, t, 8, struct.pack('Q', 1)),\n" \
	"  'scheduler': lambda t: sc(144, t, 5, struct.pack('i', 0)),\n" \
	"  'attr': lambda t: sc(314, t, struct.pack('IIQiIQQQ', 48, 5, 0, 0, 0, 0, 0, 0), 0),\n" \
	"  'ioprio': lambda t: sc(251, 1, t, 3 << 13), 'io group': lambda t: sc(251, 2, t, 3 << 13),\n" \
	"  'migrate': lambda t: sc(256, t, 64, bytes(8), bytes(8)),\n" \
	"  'move': lambda t: sc(279, t, 0, 0, 0, 0, 0),\n" \
	"  'reap': lambda t: sc(448, sc(434, t, 0), 0),\n" \
	"}\n"

START_TEST(nobody_else_is_squeezed)
{
	check_untouched(SQUEEZE
			"for t in targets:\n"
			"    for name, way in ways.items():\n"
			"        got = attempt(way, t)\n"
			"        if got != 'EPERM': print(name, t, got)\n"
			"print(attempt(os.setpriority, os.PRIO_USER, 0, 19),\n"
			"      attempt(os.setpriority, os.PRIO_PGRP, 0, 19),\n"
			"      attempt(os.setpriority, os.PRIO_PROCESS, 0, 19))\n",
			"EPERM EPERM None\n\nsure\n");
}
END_TEST

START_TEST(the_bystander_can_be_squeezed_from_outside_the_jail)
{
	struct state before = state_of(bystander), after;

	harm_bare(SQUEEZE "ways['limit'](BYSTANDER); ways['nice'](BYSTANDER)\n"
		  "ways['scheduler'](BYSTANDER)\n");
	after = state_of(bystander);
	ck_assert_int_lt(before.nice, 19);
	ck_assert_int_eq(after.nice, 19);
	ck_assert_int_eq((int)after.files.rlim_cur, 20);
	ck_assert_int_eq(after.policy, SCHED_IDLE);
}
END_TEST

/* ---- looking in ---- */

#define LOOK \
	"def look(path, flags=os.O_RDONLY):\n" \
	"    try:\n" \
	"        fd = os.open(path, flags)\n" \
	"        text = os.read(fd, 4096)\n" \
	"    except OSError: return\n" \
	"    for line in text.split(b'\\0'):\n" \
	"        if b'SECRET' in line: print(path, line.decode())\n" \
	"def memory(pid):\n" \
	"    try:\n" \
	"        for line in open(f'/proc/{pid}/maps'):\n" \
	"            print('maps of', pid)\n" \
	"            break\n" \
	"        os.open(f'/proc/{pid}/mem', os.O_RDWR); print('memory of', pid)\n" \
	"    except OSError: pass\n" \
	"for pid in [BYSTANDER] + ([PYJAIL] + THREADS if PYJAIL else []):\n" \
	"    for name in 'environ', 'cmdline', 'fd/3', 'cwd/held', 'root' + B + '/held', \\\n" \
	"            f'task/{pid}/environ', f'task/{pid}/fd/3':\n" \
	"        look(f'/proc/{pid}/{name}')\n" \
	"        os.chdir('/proc'); look(f'{pid}/{name}')\n" \
	"        here = attempt(os.open, f'/proc/{pid}', os.O_PATH)\n" \
	"        attempt(os.chdir, f'/proc/{pid}'); look(name)\n" \
	"        os.chdir('/')\n" \
	"    try: os.chdir(f'/proc/{pid}/cwd'); look('held')\n" \
	"    except OSError: pass\n" \
	"    try: look(f'/proc/self/fd/%d' % os.open(f'/proc/{pid}/fd/3', os.O_PATH))\n" \
	"    except OSError: pass\n" \
	"    memory(pid)\n"

/* Also where the policy allows all of /proc, and everything: it means the script's own. */
START_TEST(nobody_else_is_looked_into)
{
	static const char *const reads[][3] = {
		{ NULL }, { "--allow-read=/proc", NULL },
		{ "--allow-read=/proc", "--allow-write=/proc", NULL },
	};

	for (size_t i = 0; i < 2 * ARRAY_SIZE(reads); i++) {
		struct jail jail;

		run_script(&jail, reads[i / 2], i % 2, LOOK "print('done')\n");
		ck_assert_msg(jail.status == 0 && !strcmp(jail.out, "done\n\nsure\n"),
			      "status %d\n%.1000s%.2000s", jail.status, jail.out, jail.err);
		jail_free(&jail);
	}
}
END_TEST

START_TEST(a_look_into_the_bystander_works_outside_the_jail)
{
	struct jail jail;

	run_bare(&jail, LOOK);
	ck_assert_ptr_nonnull(strstr(jail.out, "environ TOKEN=SECRET 99"));
	ck_assert_ptr_nonnull(strstr(jail.out, "cmdline SECRET-97"));
	ck_assert_ptr_nonnull(strstr(jail.out, "SECRET 98"));
	ck_assert_ptr_nonnull(strstr(jail.out, "memory of"));
	jail_free(&jail);
}
END_TEST

/* --allow-all refuses what would blind the tracer: its memory, by any of its threads. */
START_TEST(pyjail_itself_is_closed_even_when_all_is_allowed)
{
	static const char *const options[] = { "--allow-all", NULL };
	struct jail jail;

	run_script(&jail, options, true,
		   "for t in [PYJAIL] + THREADS:\n"
		   "    for name in 'mem', 'environ', 'fd/0', 'cwd/held', f'task/{t}/mem':\n"
		   "        for flags in os.O_RDONLY, os.O_RDWR:\n"
		   "            got = attempt(os.open, f'/proc/{t}/{name}', flags)\n"
		   "            if got not in ('EACCES', 'ENOENT'): print(t, name, got)\n"
		   "print(len(THREADS) > 0, os.open(f'/proc/{BYSTANDER}/environ', os.O_RDONLY) > 0)\n");
	ck_assert_msg(!strcmp(jail.out, "True True\n\nsure\n"), "%.1000s%.2000s", jail.out, jail.err);
	jail_free(&jail);
}
END_TEST

static bool mount_proc(const char *name)
{
	ck_assert_int_eq(mkdir(jail_path(name), 0755), 0);
	return unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("proc", jail_path(name), "proc", 0, NULL) == 0;
}

START_TEST(a_second_mount_of_proc_is_no_way_round)
{
	if (!mount_proc("w"))
		jail_skip("mounting needs root");
	for (int i = 0; i < 2; i++) {
		struct jail jail;

		run_script(&jail, NULL, i,
			   "for t in [PYJAIL, BYSTANDER] + THREADS + ['self', 'thread-self']:\n"
			   "    for name in 'mem', 'environ', 'fd/0', 'cwd/held', 'root/etc/shadow':\n"
			   "        for flags in os.O_RDONLY, os.O_RDWR:\n"
			   "            got = attempt(os.open, f'{W}/{t}/{name}', flags)\n"
			   "            if got != 'EACCES': print(t, name, got)\n"
			   "print('Linux' in open(W + '/version').read())\n");
		ck_assert_msg(!strcmp(jail.out, "True\n\nsure\n"), "%.1000s%.2000s", jail.out,
			      jail.err);
		jail_free(&jail);
	}
	umount2(jail_path("w"), MNT_DETACH);
}
END_TEST

/* ---- another mount namespace ---- */

/* A bystander whose w/t is another file under the same name.  -1: not possible here. */
static pid_t start_container(void)
{
	const char *code = "mount -t tmpfs none w 2>/dev/null && echo kept >w/t && echo >inside && "
			   "exec sleep 60";
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (chdir(jail_folder) == 0)
		execlp("setpriv", "setpriv", "--bounding-set", "+all", "unshare", "-Urm", "sh", "-c",
		       code, NULL);
	_exit(98);
}

static bool has_started(pid_t pid)
{
	for (int i = 0; i < 100; i++) {
		if (access(jail_path("inside"), F_OK) == 0)
			return true;
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return false;
		live_sleep(0.05);
	}
	return false;
}

static void read_inside(pid_t pid, char *text, size_t size)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/root%s/w/t", pid, jail_folder);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	ck_assert_ptr_nonnull(fgets(text, (int)size, f));
	fclose(f);
}

/* Its files have paths that the policy allows, and are not the files that are meant. */
START_TEST(the_files_of_another_mount_namespace_are_not_reached)
{
	static const char code[] =
		"O = os.O_WRONLY | os.O_TRUNC\n"
		"T = (W + '/t')[1:]\n"
		"root = f'/proc/{BYSTANDER}/root'\n"
		"print(attempt(lambda: os.open(T, O, dir_fd=os.open(root, os.O_PATH))))\n"
		"inner = lambda: '/proc/self/fd/%d' % os.open(root + '/' + T, os.O_PATH)\n"
		"print(attempt(lambda: os.open(inner(), O)))\n"
		"print(attempt(lambda: os.unlink(T, dir_fd=os.open(root, os.O_PATH))))\n"
		"print(attempt(lambda: os.chmod(inner(), 0)))\n"
		"print(attempt(lambda: (os.chdir(root), os.open(T, O))))\n"
		"print(attempt(lambda: (os.chdir(root), os.mkdir(T + 'd'))))\n";
	pid_t plain = bystander;
	char kept[64] = "";

	ck_assert_int_eq(mkdir(jail_path("w"), 0755), 0);
	bystander = start_container();
	for (int i = 0; i < 2 && has_started(bystander); i++) {
		struct jail jail;

		run_script(&jail, NULL, i, code);
		ck_assert_msg(!strcmp(jail.out, "EACCES\nEACCES\nEACCES\nEACCES\nEACCES\nEACCES\n"
				      "\nsure\n"), "%.1000s%.2000s", jail.out, jail.err);
		read_inside(bystander, kept, sizeof(kept));
		ck_assert_str_eq(kept, "kept\n");
		jail_free(&jail);
	}
	kill(bystander, SIGKILL);
	bystander = plain;
	if (!kept[0])
		jail_skip("user namespaces are off");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		no_signal_reaches_anybody_outside,
		signals_do_reach_the_bystander_from_outside_the_jail,
		signals_to_groups_stay_in_the_tree,
		no_signal_comes_from_a_descriptor_or_a_timer,
		nobody_else_is_squeezed,
		the_bystander_can_be_squeezed_from_outside_the_jail,
		nobody_else_is_looked_into,
		a_look_into_the_bystander_works_outside_the_jail,
		pyjail_itself_is_closed_even_when_all_is_allowed,
		a_second_mount_of_proc_is_no_way_round,
		the_files_of_another_mount_namespace_are_not_reached,
		NULL,
	};

	return attack_main_with("attack_others", others_setup, others_teardown, tests);
}
