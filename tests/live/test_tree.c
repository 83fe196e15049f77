/* SPDX-License-Identifier: Apache-2.0 */
/* test_tree.c: every way to start, replace, stop and end a process of the script is followed. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/live.h"

#define NOTHING_LEFT_S 1.0

/* What the script says on stdout is what it saw; a refused write shows a watched process. */
struct row {
	const char *name;
	const char *options[4];
	const char *code;
	int status;
	const char *out;
	const char *denied_call;   /* recorded as refused at least once; NULL: nothing is refused */
};

#define TRY_WRITE \
	"import os\n" \
	"def blocked():\n" \
	"    try: os.open('/tmp/pyjail-never', os.O_WRONLY | os.O_CREAT); return 'open'\n" \
	"    except PermissionError: return 'blocked'\n"

#define WAIT_FOR_FIFO \
	"import os, signal\n" \
	"class Late(Exception): pass\n" \
	"def late(*args): raise Late\n" \
	"os.mkfifo('fifo'); signal.signal(signal.SIGALRM, late)\n" \
	"signal.setitimer(signal.ITIMER_REAL, 0.2)\n" \
	"try: os.open('fifo', os.O_RDONLY)\n" \
	"except Late: print('late')\n" \
	"os.unlink('fifo')\n"

static const struct row rows[] = {
	{ "threads", { NULL }, TRY_WRITE
	  "import threading\n"
	  "said = []\n"
	  "ts = [threading.Thread(target=lambda: said.append(blocked())) for i in range(20)]\n"
	  "[t.start() for t in ts]; [t.join() for t in ts]\n"
	  "print(set(said), len(said))\n", 0, "{'blocked'} 20\n", "openat" },
	{ "fork", { NULL }, TRY_WRITE
	  "r, w = os.pipe()\n"
	  "for i in range(10):\n"
	  "    if os.fork() == 0:\n"
	  "        os.write(w, blocked()[:1].encode()); os._exit(i)\n"
	  "print(sorted(os.waitstatus_to_exitcode(os.wait()[1]) for i in range(10)))\n"
	  "print(os.read(r, 99))\n",
	  0, "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\nb'bbbbbbbbbb'\n", "openat" },
	{ "vfork", { "--allow-exec=/usr/bin/true", NULL },
	  "import subprocess\n"
	  "print([subprocess.call(['/usr/bin/true']) for i in range(5)])\n",
	  0, "[0, 0, 0, 0, 0]\n", NULL },
	{ "posix_spawn", { "--allow-exec=/usr/bin/true", NULL },
	  "import os\n"
	  "pid = os.posix_spawn('/usr/bin/true', ['true'], {})\n"
	  "print(os.waitpid(pid, 0)[1])\n", 0, "0\n", NULL },
	{ "an exec that is refused after vfork", { NULL },
	  "import subprocess\n"
	  "try: subprocess.call(['/usr/bin/true'])\n"
	  "except PermissionError: print('refused')\n", 0, "refused\n", "execve" },
	{ "exec from a thread that is not the leader", { "--allow-exec=/usr/bin/python3", NULL },
	  "import os, threading, time\n"
	  "pid = os.getpid()\n"
	  "later = f'import os; print(os.getpid() == {pid}, flush=True); os._exit(7)'\n"
	  "def replace(): os.execv('/usr/bin/python3', ['python3', '-c', later])\n"
	  "[threading.Thread(target=time.sleep, args=(60,)).start() for i in range(3)]\n"
	  "threading.Thread(target=replace).start()\n"
	  "time.sleep(60)\n", 7, "True\n", NULL },
	{ "the leader exits first", { NULL }, TRY_WRITE
	  "import ctypes, threading, time\n"
	  "def go_on():\n"
	  "    time.sleep(0.3); print(blocked(), flush=True); os._exit(5)\n"
	  "threading.Thread(target=go_on).start()\n"
	  "ctypes.CDLL(None).syscall(60, 9)\n", 5, "blocked\n", "openat" },
	{ "the leader exits first, others go on making files", { "--allow-write=.", NULL },
	  "import ctypes, os, threading, time\n"
	  "def go_on():\n"
	  "    time.sleep(0.3)\n"
	  "    try: os.close(os.open('made', os.O_WRONLY | os.O_CREAT)); os.truncate('made', 3)\n"
	  "    except OSError as e: print(e, flush=True)\n"
	  "    print(os.stat('made').st_size, flush=True); os._exit(5)\n"
	  "threading.Thread(target=go_on).start()\n"
	  "ctypes.CDLL(None).syscall(60, 9)\n", 5, "3\n", NULL },
	{ "a signal ends the wait for a FIFO", { "--allow-write=.", NULL }, WAIT_FOR_FIFO,
	  0, "late\n", NULL },
	/* An ordinary user's read-only opens are then the kernel's. */
	{ "the same where all may be read", { "--allow-write=.", "--allow-read", NULL },
	  WAIT_FOR_FIFO, 0, "late\n", NULL },
	{ "stop and continue in the tree", { NULL },
	  "import os, signal, time\n"
	  "r, w = os.pipe()\n"
	  "pid = os.fork()\n"
	  "if pid == 0:\n"
	  "    while True: os.write(w, b'x'); time.sleep(0.01)\n"
	  "os.read(r, 1)\n"
	  "os.kill(pid, signal.SIGSTOP)\n"
	  "print(os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1]))\n"
	  "os.set_blocking(r, False)\n"
	  "try:\n"
	  "    while os.read(r, 999): pass\n"
	  "except BlockingIOError: pass\n"
	  "time.sleep(0.2)\n"
	  "try: print(os.read(r, 1))\n"
	  "except BlockingIOError: print('quiet')\n"
	  "os.kill(pid, signal.SIGCONT)\n"
	  "print(os.WIFCONTINUED(os.waitpid(pid, os.WCONTINUED)[1]))\n"
	  "os.set_blocking(r, True)\n"
	  "print(os.read(r, 1))\n"
	  "os.kill(pid, signal.SIGTERM)\n"
	  "print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n",
	  0, "True\nquiet\nTrue\nb'x'\n-15\n", NULL },
	{ "zombies are the script's own to wait for", { NULL },
	  "import os, time\n"
	  "pids = [os.fork() or os._exit(3) for i in range(50)]\n"
	  "time.sleep(0.2)\n"
	  "print({os.waitstatus_to_exitcode(os.waitpid(p, 0)[1]) for p in pids})\n"
	  "try: os.wait()\n"
	  "except ChildProcessError: print('none')\n", 0, "{3}\nnone\n", NULL },
	{ "the group of a zombie is there until it is waited for", { NULL },
	  "import os, time\n"
	  "pid = os.fork()\n"
	  "if pid == 0: os.setpgid(0, 0); os._exit(0)\n"
	  "time.sleep(0.2)\n"
	  "os.killpg(pid, 0); os.killpg(pid, 15); os.wait()\n"
	  "try: os.killpg(pid, 0)\n"
	  "except ProcessLookupError: print('gone')\n", 0, "gone\n", NULL },
	{ "children that nobody waits for", { NULL },
	  "import os, signal, time\n"
	  "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
	  "for i in range(50): os.fork() or os._exit(3)\n"
	  "try: os.wait()\n"
	  "except ChildProcessError: print('none')\n", 0, "none\n", NULL },
	{ "a daemon", { NULL }, TRY_WRITE
	  "import time\n"
	  "r, w = os.pipe()\n"
	  "if os.fork() == 0:\n"
	  "    os.setsid()\n"
	  "    if os.fork(): os._exit(0)\n"
	  "    os.write(w, blocked().encode())\n"
	  "    time.sleep(600)\n"
	  "os.wait()\n"
	  "print(os.read(r, 99))\n", 0, "b'blocked'\n", "openat" },
	{ "left running when it ends", { NULL },
	  "import os, signal, threading, time\n"
	  "for i in range(5):\n"
	  "    if os.fork() == 0:\n"
	  "        for s in (1, 2, 3, 15): signal.signal(s, signal.SIG_IGN)\n"
	  "        threading.Thread(target=time.sleep, args=(600,)).start()\n"
	  "        if i == 3: os.kill(os.getpid(), signal.SIGSTOP)\n"
	  "        time.sleep(600)\n"
	  "os._exit(4)\n", 4, "", NULL },
	{ "a child that ends by a signal", { NULL },
	  "import os, signal\n"
	  "pid = os.fork()\n"
	  "if pid == 0: os.abort()\n"
	  "print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
	  "os.kill(os.getpid(), signal.SIGKILL)\n", 137, "", NULL },
};

static void check_row(const struct row *row)
{
	struct jail jail;

	live_script(&jail, row->options, row->code);
	ck_assert_msg(!jail.timed_out && jail.status == row->status && !strcmp(jail.out, row->out),
		      "%s: status %d, signal %d, %.1f s, stdout: %s stderr: %s", row->name,
		      jail.status, jail.signal, jail.wall_s, jail.out, jail.err);
	live_check_nothing_left(NOTHING_LEFT_S);
	if (row->denied_call)
		ck_assert_msg(jail_count(&jail, row->denied_call, "deny", NULL) > 0, "%s",
			      row->name);
	else
		ck_assert_msg(jail_denied(&jail) == 0, "%s: %s", row->name, jail.err);
	jail_free(&jail);
}

START_TEST(each_kind_of_task_is_followed)
{
	/* Its own session, as a service has: nothing here needs a terminal. */
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
}
END_TEST

/* Runs a script whose own words say what must hold; it must end by itself with 0. */
static void run_storm(const char *const options[], const char *code)
{
	struct jail jail;

	live_script(&jail, options, code);
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "done\n");
	live_check_nothing_left(NOTHING_LEFT_S);
	jail_free(&jail);
}

/* Each child storms through stops of both doors and dies at any of them. */
START_TEST(death_at_any_stop_is_survived)
{
	run_storm((const char *const[]){ "--allow-write=.", NULL },
		  "import os, random, signal, threading, time\n"
		  "def storm():\n"
		  "    while True:\n"
		  "        for f in (lambda: os.open('x%d' % os.getpid(),\n"
		  "                                  os.O_RDWR | os.O_CREAT),\n"
		  "                  lambda: os.open('/etc/passwd', os.O_RDONLY),\n"
		  "                  lambda: os.unlink('x%d' % os.getpid()),\n"
		  "                  lambda: os.open('/tmp/pyjail-never', os.O_WRONLY),\n"
		  "                  lambda: os.kill(os.getpid(), 0),\n"
		  "                  lambda: os.mkdir('/tmp/pyjail-never')):\n"
		  "            try:\n"
		  "                r = f()\n"
		  "                if r is not None: os.close(r)\n"
		  "            except OSError: pass\n"
		  "os.umask(0o77)\n"
		  "for i in range(150):\n"
		  "    pid = os.fork()\n"
		  "    if pid == 0:\n"
		  "        if i % 3 == 0: threading.Thread(target=storm).start()\n"
		  "        storm()\n"
		  "    time.sleep(random.random() * 0.01)\n"
		  "    os.kill(pid, signal.SIGKILL)\n"
		  "    assert os.waitpid(pid, 0)[1] == signal.SIGKILL\n"
		  "print('done')\n");
}
END_TEST

/* A new task may die before it was ever seen, and its maker may die before it could say so. */
START_TEST(death_at_birth_is_survived)
{
	run_storm(NULL,
		  "import os, random, signal, threading, time\n"
		  "def breed():\n"
		  "    while True:\n"
		  "        try: pid = os.fork()\n"
		  "        except OSError: continue\n"
		  "        if pid == 0: os._exit(0)\n"
		  "        os.kill(pid, signal.SIGKILL)\n"
		  "        os.waitpid(pid, 0)\n"
		  "for i in range(60):\n"
		  "    leader = os.fork()\n"
		  "    if leader == 0:\n"
		  "        os.setpgid(0, 0)\n"
		  "        for j in range(2):\n"
		  "            if os.fork() == 0: breed()\n"
		  "        if i % 2: threading.Thread(target=breed).start()\n"
		  "        breed()\n"
		  "    time.sleep(random.random() * 0.03)\n"
		  "    while True:\n"
		  "        try: os.killpg(leader, signal.SIGKILL); break\n"
		  "        except ProcessLookupError: time.sleep(0.001)\n"
		  "    os.waitpid(leader, 0)\n"
		  "for i in range(500):\n"
		  "    pid = os.fork()\n"
		  "    if pid == 0: os._exit(0)\n"
		  "    os.kill(pid, signal.SIGKILL)\n"
		  "    os.waitpid(pid, 0)\n"
		  "print('done')\n");
}
END_TEST

/* The thread that calls exec changes its id; killed on the way, it ends under either of them. */
START_TEST(death_in_an_exec_of_a_thread_is_survived)
{
	run_storm((const char *const[]){ "--allow-exec=/usr/bin/true", NULL },
		  "import os, random, signal, threading, time\n"
		  "def replace(): os.execv('/usr/bin/true', ['true'])\n"
		  "for i in range(150):\n"
		  "    r, w = os.pipe()\n"
		  "    pid = os.fork()\n"
		  "    if pid == 0:\n"
		  "        for j in range(3):\n"
		  "            threading.Thread(target=time.sleep, args=(9,)).start()\n"
		  "        os.write(w, b'x')\n"
		  "        threading.Thread(target=replace).start()\n"
		  "        time.sleep(9)\n"
		  "    os.read(r, 1)\n"
		  "    time.sleep(random.random() * 0.002)\n"
		  "    os.kill(pid, signal.SIGKILL)\n"
		  "    os.waitpid(pid, 0)\n"
		  "    os.close(r); os.close(w)\n"
		  "print('done')\n");
}
END_TEST

START_TEST(killing_pyjail_kills_the_tree)
{
	pid_t pid;

	jail_write_file("s.py",
			"import os, signal, threading, time\n"
			"for i in range(8):\n"
			"    if os.fork() == 0:\n"
			"        if i % 2: os.setsid()\n"
			"        for s in (1, 2, 3, 15): signal.signal(s, signal.SIG_IGN)\n"
			"        threading.Thread(target=time.sleep, args=(600,)).start()\n"
			"        if i == 5: os.kill(os.getpid(), signal.SIGSTOP)\n"
			"        while i % 3 == 0: os.listdir('/usr')\n"
			"        time.sleep(600)\n"
			"open('ready', 'w').close()\n"
			"time.sleep(600)\n");
	pid = live_start(-1, -1, -1,
			 (const char *const[]){ "--allow-write=.", jail_path("s.py"), NULL });
	live_wait_for_file("ready", 30);
	live_sleep(0.2);
	ck_assert_uint_ge(live_left(), 10);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	live_wait(pid, 5);
	live_check_nothing_left(NOTHING_LEFT_S);
}
END_TEST

/* Without a marker of its own a process that got away could not be found: check the finder. */
START_TEST(what_is_left_would_be_found)
{
	pid_t pid;

	ck_assert_uint_eq(live_left(), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		if (chdir(jail_folder) == 0)
			pause();
		_exit(1);
	}
	live_sleep(0.1);
	ck_assert_uint_eq(live_left(), 1);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ck_assert_uint_eq(live_left(), 0);
}
END_TEST

int main(void)
{
	return live_main("tree", 110, (const TTest *const[]){
		what_is_left_would_be_found, each_kind_of_task_is_followed,
		death_at_any_stop_is_survived, death_at_birth_is_survived,
		death_in_an_exec_of_a_thread_is_survived, killing_pyjail_kills_the_tree, NULL });
}
