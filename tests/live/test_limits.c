/* SPDX-License-Identifier: Apache-2.0 */
/* test_limits.c: what has no end of its own ends by the limit that was set, which is named. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/live.h"

#define NOTHING_LEFT_S 1.0

struct row {
	const char *name;
	const char *options[4];
	const char *limit;
	double wall_max_s;
	const char *code;
};

static const struct row rows[] = {
	{ "sleep", { "--time=0.5" }, "time", 3, "import time\ntime.sleep(600)\n" },
	{ "sleeping child", { "--time=0.5" }, "time", 3,
	  "import os, time\n"
	  "os.fork() or time.sleep(600)\n"
	  "os.wait()\n" },
	{ "signals ignored", { "--time=0.5" }, "time", 3,
	  "import signal, time\n"
	  "for s in range(1, 32):\n"
	  "    if s not in (9, 19): signal.signal(s, signal.SIG_IGN)\n"
	  "while True: time.sleep(1)\n" },
	{ "stopped", { "--time=0.5" }, "time", 3,
	  "import os, signal\n"
	  "if os.fork() == 0: os.kill(os.getpid(), signal.SIGSTOP)\n"
	  "os.wait()\n" },
	{ "endless loop", { "--cpu=0.5" }, "cpu", 10, "while True: pass\n" },
	{ "busy threads", { "--cpu=0.5" }, "cpu", 10,
	  "import threading, zlib\n"
	  "data = bytes(1 << 20)\n"
	  "def busy():\n"
	  "    while True: zlib.compress(data)\n"
	  "[threading.Thread(target=busy).start() for i in range(4)]\n" },
	{ "busy processes", { "--cpu=0.5" }, "cpu", 10,
	  "import os\n"
	  "for i in range(4):\n"
	  "    if os.fork() == 0:\n"
	  "        while True: pass\n"
	  "os.wait()\n" },
	{ "many short ones", { "--cpu=0.5" }, "cpu", 20,
	  "import os\n"
	  "while True:\n"
	  "    if os.fork() == 0:\n"
	  "        for i in range(300000): pass\n"
	  "        os._exit(0)\n"
	  "    os.wait()\n" },
	{ "short ones that nobody waits for", { "--cpu=0.5" }, "cpu", 20,
	  "import os, signal, time\n"
	  "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
	  "while True:\n"
	  "    if os.fork() == 0:\n"
	  "        for i in range(300000): pass\n"
	  "        os._exit(0)\n"
	  "    time.sleep(0.01)\n" },
	{ "fork bomb", { "--procs=40" }, "procs", 20, "import os\nwhile True: os.fork()\n" },
	{ "fork bomb by default", { NULL }, "procs", 60, "import os\nwhile True: os.fork()\n" },
	{ "fork bomb that minds no error", { "--procs=40" }, "procs", 20,
	  "import os\n"
	  "while True:\n"
	  "    try: os.fork()\n"
	  "    except OSError: pass\n" },
	{ "children that end and are not waited for", { "--procs=40" }, "procs", 20,
	  "import os\n"
	  "while True: os.fork() or os._exit(0)\n" },
	{ "thread bomb", { "--procs=40" }, "procs", 20,
	  "import threading, time\n"
	  "while True: threading.Thread(target=time.sleep, args=(600,)).start()\n" },
	{ "daemons", { "--procs=40" }, "procs", 20,
	  "import os, time\n"
	  "while True:\n"
	  "    if os.fork() == 0:\n"
	  "        os.setsid()\n"
	  "        os.fork() and os._exit(0)\n"
	  "        time.sleep(600)\n"
	  "    os.wait()\n" },
	{ "descriptors", { "--files=50" }, "files", 10,
	  "import os\n"
	  "while True: os.open('/etc/passwd', os.O_RDONLY)\n" },
	{ "descriptors of new files", { "--files=50", "--allow-write=." }, "files", 10,
	  "import os\n"
	  "for i in range(99): os.open('f%d' % i, os.O_WRONLY | os.O_CREAT)\n" },
	{ "endless file", { "--fsize=100K", "--allow-write=." }, "fsize", 10,
	  "f = open('big', 'wb')\n"
	  "while True: f.write(bytes(4096))\n" },
	{ "endless file, errors ignored", { "--fsize=100K", "--allow-write=." }, "fsize", 10,
	  "import os\n"
	  "fd = os.open('big', os.O_WRONLY | os.O_CREAT)\n"
	  "while True:\n"
	  "    try: os.write(fd, bytes(4096))\n"
	  "    except OSError: pass\n" },
	{ "truncate by name", { "--fsize=100K", "--allow-write=." }, "fsize", 10,
	  "import os\n"
	  "open('big', 'w').close()\n"
	  "os.truncate('big', 1 << 30)\n" },
	{ "truncate by descriptor", { "--fsize=100K", "--allow-write=." }, "fsize", 10,
	  "import os\n"
	  "os.ftruncate(os.open('big', os.O_RDWR | os.O_CREAT), 1 << 30)\n" },
	{ "fallocate", { "--fsize=100K", "--allow-write=." }, "fsize", 10,
	  "import os\n"
	  "os.posix_fallocate(os.open('big', os.O_RDWR | os.O_CREAT), 0, 1 << 20)\n" },
	{ "endless output", { "--output=10K" }, "output", 10,
	  "while True: print('x' * 99)\n" },
	{ "endless output of a child", { "--output=10K" }, "output", 10,
	  "import os\n"
	  "if os.fork() == 0:\n"
	  "    while True: os.write(2, b'xxxxxxxxx')\n"
	  "os.wait()\n" },
	{ "large and small memory", { "--memory=100M" }, "memory", 10,
	  "import time\n"
	  "x = b'x' * (200 << 20)\n"
	  "time.sleep(600)\n" },
};

static void check_row(const struct row *row)
{
	char said[64];
	struct jail jail;
	struct stat st;

	live_script(&jail, row->options, row->code);
	ck_assert_msg(jail.status == 124 && !jail.timed_out && jail.wall_s < row->wall_max_s,
		      "%s: status %d, signal %d, %.1f s, stderr: %.500s", row->name, jail.status,
		      jail.signal, jail.wall_s, jail.err);
	ck_assert_msg(!strcmp(live_result_string(&jail, "limit"), row->limit), "%s: limit %s",
		      row->name, live_result_string(&jail, "limit"));
	snprintf(said, sizeof(said), "limit reached  %s", row->limit);
	ck_assert_msg(strstr(jail.err, said) || !strcmp(row->limit, "output"), "%s: %.500s",
		      row->name, jail.err);
	live_check_nothing_left(NOTHING_LEFT_S);
	if (!strcmp(row->limit, "procs"))
		ck_assert_msg(live_result_number(&jail, "max_tasks") <=
				      (row->options[0] ? 40 : 256),
			      "%s: %.0f tasks", row->name, live_result_number(&jail, "max_tasks"));
	if (!strcmp(row->limit, "cpu"))
		ck_assert_msg(live_result_number(&jail, "cpu_s") < 1.5, "%s: %f s", row->name,
			      live_result_number(&jail, "cpu_s"));
	if (stat(jail_path("big"), &st) == 0)
		ck_assert_msg(st.st_size <= 100 << 10, "%s: %ld bytes", row->name,
			      (long)st.st_size);
	remove(jail_path("big"));
	jail_free(&jail);
}

START_TEST(each_limit_ends_what_has_no_end)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
}
END_TEST

/* ---- memory ---- */

struct memory_row {
	const char *name;
	const char *code;
};

/* Each fills as fast as it can what it may not have: limit 150 MiB. */
static const struct memory_row memory_rows[] = {
	{ "one block", "x = b'x' * (4 << 30)\n" },
	{ "small pieces", "x = []\nwhile True: x.append(bytearray(b'x' * 100000))\n" },
	{ "populated by the kernel",
	  "import mmap\n"
	  "m = mmap.mmap(-1, 4 << 30, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x8000)\n" },
	{ "shared memory", "import mmap\nm = mmap.mmap(-1, 4 << 30)\nm[:] = bytes(4 << 30)\n" },
	{ "children", "import os, time\n"
	  "for i in range(30):\n"
	  "    if os.fork() == 0:\n"
	  "        x = b'x' * (30 << 20)\n"
	  "        time.sleep(600)\n"
	  "time.sleep(600)\n" },
	{ "copies", "import os, time\n"
	  "x = b'x' * (60 << 20)\n"
	  "while True: os.fork() or time.sleep(600)\n" },
	{ "copies by many threads", "import os, threading, time\n"
	  "x = b'x' * (60 << 20)\n"
	  "def copy():\n"
	  "    while True: os.fork() or time.sleep(600)\n"
	  "[threading.Thread(target=copy).start() for i in range(8)]\n"
	  "time.sleep(600)\n" },
	{ "the leader has ended", "import ctypes, threading, time\n"
	  "def fill():\n"
	  "    time.sleep(0.2)\n"
	  "    x = []\n"
	  "    for i in range(4000): x.append(bytearray(b'x' * (1 << 20)))\n"
	  "    time.sleep(600)\n"
	  "threading.Thread(target=fill).start()\n"
	  "ctypes.CDLL(None).syscall(60, 0)\n" },
};

#define MEMORY_LIMIT_KIB (150u << 10)
#define OVERSHOOT_KIB (64u << 10)

/* The most that was seen. */
static unsigned long run_memory_row(const struct memory_row *row)
{
	const char *words[] = { "--memory=150M", "--result=result", jail_path("s.py"), NULL };
	unsigned long most = 0, now;
	int status;
	pid_t pid;

	jail_write_file("s.py", row->code);
	pid = live_start(-1, -1, -1, words);
	while (waitpid(pid, &status, WNOHANG) == 0) {
		now = live_resident_kib(pid);
		most = now > most ? now : most;
	}
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 124, "%s: 0x%x", row->name,
		      (unsigned)status);
	ck_assert_msg(strstr(jail_read_file("result"), "\"limit\":\"memory\"") != NULL, "%s: %s",
		      row->name, jail_read_file("result"));
	live_check_nothing_left(NOTHING_LEFT_S);
	return most;
}

/*
 * A tracer that gets no processor cannot look: on a machine that is busy with other things a run
 * may overshoot by more, but not one after the other.
 */
static void check_memory_row(const struct memory_row *row)
{
	unsigned long most = 0;

	for (int i = 0; i < 3; i++) {
		most = run_memory_row(row);
		if (most <= MEMORY_LIMIT_KIB + OVERSHOOT_KIB)
			return;
	}
	ck_abort_msg("%s: %lu KiB seen", row->name, most);
}

START_TEST(memory_overshoots_by_little)
{
	for (size_t i = 0; i < sizeof(memory_rows) / sizeof(memory_rows[0]); i++)
		check_memory_row(&memory_rows[i]);
}
END_TEST

/* The result's own number agrees. */
START_TEST(memory_that_was_used_is_told)
{
	struct jail jail;

	live_script(&jail, (const char *const[]){ "--memory=150M", NULL },
		    "import time\nx = b'x' * (100 << 20)\ntime.sleep(0.3)\n");
	live_check_status(&jail, 0);
	ck_assert(live_result_number(&jail, "max_rss_kib") > 100 << 10);
	ck_assert(live_result_number(&jail, "max_rss_kib") < 150 << 10);
	jail_free(&jail);
	live_script(&jail, (const char *const[]){ "--memory=150M", NULL },
		    "x = b'x' * (1 << 30)\n");
	live_check_status(&jail, 124);
	ck_assert(live_result_number(&jail, "max_rss_kib") > 150 << 10);
	jail_free(&jail);
}
END_TEST

/* A child of vfork has its parent's memory: counted twice, it would end honest scripts. */
START_TEST(shared_memory_is_counted_once)
{
	struct jail jail;

	live_script(&jail,
		    (const char *const[]){"--memory=150M", "--allow-exec=/usr/bin/true", NULL},
		    "import subprocess\n"
		    "x = b'x' * (100 << 20)\n"
		    "for i in range(100): subprocess.call(['/usr/bin/true'])\n"
		    "print('done')\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "done\n");
	jail_free(&jail);
}
END_TEST

/* A thread pool reserves much and touches little. */
START_TEST(numpy_starts_under_a_memory_limit)
{
	struct jail jail;

	if (access("/usr/lib/python3/dist-packages/numpy", F_OK) < 0)
		jail_skip("python3-numpy is not installed");
	live_script(&jail, (const char *const[]){ "--memory=400M", NULL },
		    "import numpy\n"
		    "a = numpy.ones((600, 600))\n"
		    "print(int(a.dot(a).sum()))\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "216000000\n");
	ck_assert_int_eq(jail_denied(&jail), 0);
	jail_free(&jail);
}
END_TEST

/* ---- output ---- */

static void run_output(struct jail *jail, const char *option, const char *code,
		       const char *redirect)
{
	char command[1024];

	jail_write_file("s.py", code);
	snprintf(command, sizeof(command),
		 "exec '%s' --quiet --python=/usr/bin/python3 %s s.py %s", jail_program, option,
		 redirect);
	jail_run_program(jail, "/bin/sh", NULL, 60, (const char *const[]){ "-c", command, NULL });
}

START_TEST(output_passes_to_the_last_byte_of_the_limit)
{
	struct jail jail;

	run_output(&jail, "--output=1000", "import os\nwhile True: os.write(1, b'0123456')\n", "");
	ck_assert_int_eq(jail.status, 124);
	ck_assert_uint_eq(strlen(jail.out), 1000);
	for (size_t i = 0; i < 1000; i++)
		ck_assert_int_eq(jail.out[i], "0123456"[i % 7]);
	jail_free(&jail);

	run_output(&jail, "--output=1000",
		   "import os\nos.write(1, b'x' * 600)\nos.write(2, b'y' * 400)\n", "");
	live_check_status(&jail, 0);
	ck_assert_uint_eq(strlen(jail.out), 600);
	ck_assert_uint_eq(strlen(jail.err), 400);
	jail_free(&jail);

	run_output(&jail, "--output=1000",
		   "import os\nos.write(1, b'x' * 600)\nos.write(2, b'y' * 401)\n", "");
	ck_assert_int_eq(jail.status, 124);
	ck_assert_uint_eq(strlen(jail.out) + strlen(jail.err), 1000);
	jail_free(&jail);
}
END_TEST

START_TEST(order_of_output_is_kept)
{
	static const char code[] = "import os\n"
				   "for i in range(500): os.write(1 + i % 2, b'%03d\\n' % i)\n";
	struct jail jail;

	run_output(&jail, "--output=100K", code, "2>&1");
	live_check_status(&jail, 0);
	ck_assert_uint_eq(strlen(jail.out), 2000);
	for (int i = 0; i < 500; i++)
		ck_assert_int_eq(atoi(jail.out + 4 * i), i);
	jail_free(&jail);
}
END_TEST

/* ---- defaults ---- */

START_TEST(nothing_else_is_limited_by_default)
{
	struct jail jail;

	live_script(&jail, NULL,
		    "import resource as r\n"
		    "print(r.getrlimit(r.RLIMIT_CORE))\n"
		    "print([r.getrlimit(x) for x in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE)]\n"
		    "      == [(-1, -1)] * 3)\n"
		    "import threading\n"
		    "e = threading.Event()\n"
		    "ts = [threading.Thread(target=e.wait) for i in range(250)]\n"
		    "[t.start() for t in ts]; e.set(); [t.join() for t in ts]\n"
		    "print('done')\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "(0, 0)\nTrue\ndone\n");
	ck_assert(live_result_number(&jail, "max_tasks") > 200);
	jail_free(&jail);
}
END_TEST

/* Children that were waited for make room again. */
START_TEST(tasks_that_ended_do_not_count)
{
	struct jail jail;

	live_script(&jail, (const char *const[]){ "--procs=5", NULL },
		    "import os, signal, threading\n"
		    "for i in range(100):\n"
		    "    os.fork() or os._exit(0)\n"
		    "    os.wait()\n"
		    "for i in range(100):\n"
		    "    t = threading.Thread(target=int); t.start(); t.join()\n"
		    "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
		    "for i in range(100):\n"
		    "    r, w = os.pipe()\n"
		    "    os.fork() or os._exit(0)\n"
		    "    os.close(w); os.read(r, 1); os.close(r)\n"
		    "    try: os.wait()\n"
		    "    except ChildProcessError: pass\n"
		    "print('done')\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "done\n");
	jail_free(&jail);
}
END_TEST

int main(void)
{
	return live_main("limits", 150, (const TTest *const[]){
		each_limit_ends_what_has_no_end, memory_overshoots_by_little,
		memory_that_was_used_is_told, shared_memory_is_counted_once,
		numpy_starts_under_a_memory_limit, output_passes_to_the_last_byte_of_the_limit,
		order_of_output_is_kept, nothing_else_is_limited_by_default,
		tasks_that_ended_do_not_count, NULL });
}
