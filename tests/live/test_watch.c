/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_watch.c: --watch shows more and changes nothing: same output, same end, same refusals, while
 * what it promises to show is in the record, with how it turned out.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/jail.h"
#include "tests/support/suite.h"

static const char *const watches[] = { "policy", "files", "all" };

/* -c CODE with that watch, free to run the shell. */
static void run(struct jail *jail, int watch, const char *code)
{
	char option[32];
	const char *const options[] = { option, "--allow-exec=/bin/sh", NULL };

	snprintf(option, sizeof(option), "--watch=%s", watches[watch]);
	jail_code(jail, options, code);
	ck_assert_msg(!jail->timed_out, "%s", jail->err);
}

static const char *text_of(const json_t *event, const char *key)
{
	const char *text = json_string_value(json_object_get(event, key));

	return text ? text : "";
}

static json_int_t number_of(const json_t *event, const char *key)
{
	return json_integer_value(json_object_get(event, key));
}

/* The last event of that call whose path (or raw path) ends so; NULL: there is none. */
static const json_t *find(const struct jail *jail, const char *call, const char *end)
{
	const json_t *event, *found = NULL;
	size_t i;

	json_array_foreach(jail->record, i, event) {
		const char *path = text_of(event, "path");
		size_t length = strlen(path), tail = strlen(end);

		if (strcmp(text_of(event, "call"), call) == 0 && length >= tail &&
		    strcmp(path + length - tail, end) == 0)
			found = event;
	}
	return found;
}

/* What must be the same with each watch. */
static const char *const programs[] = {
	"print('nothing')",
	"import sys\nsys.exit(7)",
	"raise ValueError('so')",
	"import os, signal\nos.kill(os.getpid(), signal.SIGTERM)",
	"import os, signal\nprint(os.getpid() > 0, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)",
	"import os\nos.abort()",
	/* What is refused stays refused, with the same error. */
	"import os\n"
	"for f in (lambda: open('/tmp/no', 'w'), lambda: os.unlink('/etc/passwd'),\n"
	"          lambda: os.chmod('/etc', 0), lambda: os.kill(1, 9), lambda: open('/etc/shadow'),\n"
	"          lambda: os.execv('/usr/bin/id', ['id']), lambda: os.access('/etc', os.W_OK),\n"
	"          lambda: os.stat('/no/thing'), lambda: os.readlink('/etc'), lambda: os.chdir('/no'),\n"
	"          lambda: os.listdir('/proc/1/fd'), lambda: os.stat(b'\\xff' * 300),\n"
	"          lambda: os.stat(99), lambda: os.read(99, 1), lambda: os.write(99, b'')):\n"
	"    try: print(f())\n"
	"    except OSError as e: print(e.errno)",
	/* Children of every kind. */
	"import os, subprocess\n"
	"pid = os.fork()\n"
	"if pid == 0: os._exit(5)\n"
	"print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
	"print(subprocess.run(['/bin/sh', '-c', 'echo hi; exit 3'], stdout=-1))\n"
	"print(subprocess.run(['/bin/sh', '-c', 'read a; echo $a'], input=b'in', stdout=-1,\n"
	"                     preexec_fn=lambda: None))\n"
	"p = os.posix_spawn('/bin/sh', ['sh', '-c', 'kill -9 $$'], {})\n"
	"print(os.waitpid(p, 0)[1])\n"
	"os.execv('/bin/sh', ['sh', '-c', 'echo last; exit 4'])",
	/* Threads, and one that still waits at the end. */
	"import threading, time, os\n"
	"n = [0]\n"
	"lock = threading.Lock()\n"
	"def f():\n"
	"    for i in range(300):\n"
	"        with lock: n[0] += 1\n"
	"        if i % 50 == 0: time.sleep(0.001)\n"
	"ts = [threading.Thread(target=f) for _ in range(6)]\n"
	"[t.start() for t in ts]; [t.join() for t in ts]\n"
	"r, w = os.pipe()\n"
	"threading.Thread(target=os.read, args=(r, 1), daemon=True).start()\n"
	"print(n)",
	/* exec by a thread, while the others are in calls. */
	"import threading, time, os\n"
	"for _ in range(3): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
	"threading.Thread(target=lambda: os.execv('/bin/sh', ['sh', '-c', 'exit 9'])).start()\n"
	"time.sleep(60)",
	/* Signals that interrupt calls, are ignored, are waited for. */
	"import signal, time, os, select\n"
	"got = []\n"
	"signal.signal(signal.SIGALRM, lambda *a: got.append(1))\n"
	"signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)\n"
	"r, w = os.pipe()\n"
	"end = time.monotonic() + 0.3\n"
	"while time.monotonic() < end:\n"
	"    time.sleep(0.01); select.select([r], [], [], 0.005); os.stat('/'); os.listdir('/usr')\n"
	"signal.setitimer(signal.ITIMER_REAL, 0)\n"
	"print(len(got) > 5)\n"
	"signal.siginterrupt(signal.SIGALRM, False)\n"
	"if os.fork() == 0:\n"
	"    time.sleep(0.05); os.write(w, b'x'); os._exit(0)\n"
	"signal.setitimer(signal.ITIMER_REAL, 0.02)\n"
	"print(os.read(r, 1), os.wait()[1])\n"
	"signal.signal(signal.SIGUSR1, signal.SIG_IGN)\n"
	"if os.fork() == 0:\n"
	"    for _ in range(20): os.kill(os.getppid(), signal.SIGUSR1)\n"
	"    os._exit(0)\n"
	"print(os.wait()[1])\n"
	"signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])\n"
	"os.kill(os.getpid(), signal.SIGUSR2)\n"
	"print(signal.sigwait([signal.SIGUSR2]))",
	/* Stopped in a call, and continued. */
	"import os, signal, time\n"
	"r, w = os.pipe()\n"
	"pid = os.fork()\n"
	"if pid == 0:\n"
	"    start = time.monotonic()\n"
	"    time.sleep(0.2); os.read(r, 1); os._exit(0 if time.monotonic() - start < 5 else 1)\n"
	"for _ in range(5):\n"
	"    time.sleep(0.02); os.kill(pid, signal.SIGSTOP)\n"
	"    print(os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1]))\n"
	"    os.kill(pid, signal.SIGCONT); os.waitpid(pid, os.WCONTINUED)\n"
	"os.write(w, b'x')\n"
	"print(os.waitpid(pid, 0)[1])",
	"import mmap, socket, tempfile, os\n"
	"m = mmap.mmap(-1, 8192); m[0] = 7; print(m[0])\n"
	"a, b = socket.socketpair(); a.send(b'hello'); print(b.recv(9))\n"
	"os.chdir('/usr'); print(os.getcwd(), len(os.listdir('.')) > 2)\n"
	"print(os.path.realpath('lib/../bin'), os.umask(0o22), os.path.exists('nothing'))",
};

START_TEST(nothing_changes)
{
	struct jail plain, watched;

	run(&plain, 0, programs[_i]);
	for (int watch = 1; watch < 3; watch++) {
		run(&watched, watch, programs[_i]);
		ck_assert_str_eq(plain.out, watched.out);
		ck_assert_str_eq(plain.err, watched.err);
		ck_assert_int_eq(plain.status, watched.status);
		ck_assert_int_eq(plain.signal, watched.signal);
		ck_assert_int_eq(jail_denied(&plain), jail_denied(&watched));
		jail_free(&watched);
	}
	jail_free(&plain);
}
END_TEST

static const char files_code[] =
	"import os\n"
	"os.stat('/etc/passwd')\n"
	"try: os.stat('/no/thing')\n"
	"except OSError: pass\n"
	"try: os.readlink('/etc')\n"
	"except OSError: pass\n"
	"os.access('/etc/hostname', os.R_OK)\n"
	"os.chdir('/usr')\n"
	"os.lstat('bin/../lib')\n"
	"os.listdir('/usr/lib')\n"
	"os.close(os.open('/etc', os.O_PATH))\n"
	"os.read(os.open('/dev/zero', 0), 7)";

static const struct {
	const char *call, *end;
	int error;
	const char *class;
} seen_files[] = {
	{ "newfstatat", "/etc/passwd", 0, "stat" }, { "newfstatat", "/no/thing", 2, "stat" },
	{ "readlink", "/etc", 22, "stat" },         { "access", "/etc/hostname", 0, "stat" },
	{ "chdir", "/usr", 0, "stat" },             { "newfstatat", "/usr/lib", 0, "stat" },
	{ "getdents64", "/usr/lib", 0, "stat" },    { "openat", "/etc", 0, "stat" },
};

START_TEST(files_are_seen)
{
	struct jail jail;

	run(&jail, _i, files_code);
	ck_assert_int_eq(jail.status, 0);
	for (size_t i = 0; i < ARRAY_SIZE(seen_files); i++) {
		const json_t *event = find(&jail, seen_files[i].call, seen_files[i].end);

		if (_i == 0) {
			ck_assert_msg(!event, "%s", seen_files[i].call);
			continue;
		}
		ck_assert_msg(event != NULL, "%s %s", seen_files[i].call, seen_files[i].end);
		ck_assert_int_eq(number_of(event, "errno"), seen_files[i].error);
		ck_assert_str_eq(text_of(event, "verdict"), "allow");
		ck_assert_str_eq(text_of(event, "class"), seen_files[i].class);
		ck_assert_int_gt(number_of(event, "dur_us"), 0);
		ck_assert_ptr_nonnull(strstr(text_of(event, "where"), "<string>"));
	}
	ck_assert_int_eq(find(&jail, "read", "/dev/zero") != NULL, _i == 2);
	ck_assert_int_eq(jail_count(&jail, "mmap", NULL, NULL) > 0, _i == 2);
	jail_free(&jail);
}
END_TEST

START_TEST(all_calls_are_seen)
{
	static const char *const calls[] = {
		"read", "write", "close", "mmap", "munmap", "brk", "rt_sigaction", "fcntl", "ioctl",
		"clock_nanosleep", "futex", "getppid", "wait4", "pipe2", "clone", "execve",
	};
	struct jail jail;
	const json_t *event;

	run(&jail, 2, "import os, threading, time\n"
		      "open('/dev/null').close()\n"
		      "time.sleep(0.05)\n"
		      "threading.Thread(target=time.sleep, args=(0.05,)).start()\n"
		      "os.getppid()\n"
		      "r, w = os.pipe(); os.write(w, b'12345'); os.read(r, 9)\n"
		      "os.waitstatus_to_exitcode(os.spawnv(os.P_WAIT, '/bin/sh', ['sh', '-c', ':']))\n"
		      "import ctypes; ctypes.CDLL(None).fcntl(0, 3)");
	ck_assert_msg(jail.status == 0, "%s", jail.err);
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		ck_assert_msg(jail_count(&jail, calls[i], "allow", NULL) > 0, "%s", calls[i]);
	event = find(&jail, "clock_nanosleep", "");
	ck_assert_ptr_nonnull(event);
	/* Until a time that Python knew before the call stopped. */
	ck_assert_int_ge(number_of(event, "dur_us"), 9000);
	ck_assert_ptr_nonnull(strstr(text_of(find(&jail, "write", "]"), "path"), "pipe:["));
	jail_free(&jail);
}
END_TEST

/* The kernel performs it after policy allowed it: with --watch=all how it went is known. */
START_TEST(decided_calls_have_results)
{
	struct jail jail;

	run(&jail, 2, "import os\n"
		      "try: os.setpgid(0, 999999)\n"
		      "except OSError as e: print(e.errno)\n"
		      "os.umask(0o22)");
	ck_assert_ptr_nonnull(find(&jail, "umask", ""));
	ck_assert_int_gt(number_of(find(&jail, "umask", ""), "dur_us"), 0);
	ck_assert_int_eq(number_of(find(&jail, "setpgid", ""), "errno"), atoi(jail.out));
	jail_free(&jail);
}
END_TEST

static const json_t *with_reason(const struct jail *jail, const char *call, const char *reason)
{
	const json_t *event;
	size_t i;

	json_array_foreach(jail->record, i, event)
		if (strcmp(text_of(event, "call"), call) == 0 &&
		    strstr(text_of(event, "reason"), reason))
			return event;
	return NULL;
}

START_TEST(what_does_not_return_is_told)
{
	struct jail jail;

	run(&jail, 2, "import os, signal, threading, time\n"
		      "r, w = os.pipe()\n"
		      "threading.Thread(target=os.read, args=(r, 1), daemon=True).start()\n"
		      "time.sleep(0.05)\n"
		      "os.kill(os.getpid(), signal.SIGKILL)");
	ck_assert_int_eq(jail.status, 128 + SIGKILL);
	ck_assert_ptr_nonnull(with_reason(&jail, "read", "did not return"));
	ck_assert_ptr_nonnull(with_reason(&jail, "kill", "did not return"));
	jail_free(&jail);
	run(&jail, 2, "import signal, time\n"
		      "signal.signal(signal.SIGALRM, lambda *a: print('came'))\n"
		      "signal.setitimer(signal.ITIMER_REAL, 0.02)\n"
		      "time.sleep(0.06)");
	ck_assert_str_eq(jail.out, "came\n");
	ck_assert_int_eq(number_of(with_reason(&jail, "clock_nanosleep", "interrupted"), "errno"), 4);
	jail_free(&jail);
}
END_TEST

/* Nothing that policy judges is judged less, or twice: refusals are the same, one by one. */
START_TEST(refusals_are_the_same)
{
	struct jail jails[3];

	for (int watch = 0; watch < 3; watch++) {
		run(&jails[watch], watch, programs[6]);
		ck_assert_int_gt(jail_denied(&jails[watch]), 4);
		for (int k = 0; k < watch; k++) {
			ck_assert_uint_eq(jail_count(&jails[watch], NULL, "deny", NULL),
					  jail_count(&jails[k], NULL, "deny", NULL));
			ck_assert_uint_eq(jail_count(&jails[watch], NULL, "deny", "/etc"),
					  jail_count(&jails[k], NULL, "deny", "/etc"));
		}
	}
	for (int watch = 0; watch < 3; watch++)
		jail_free(&jails[watch]);
}
END_TEST

START_TEST(said_before_a_run)
{
	static const char *const why[] = { "why", "--watch=all", "read", NULL };
	static const char *const plain[] = { "why", "read", NULL };
	static const char *const bpf[] = { "policy", "--bpf", "--watch=files", NULL };
	static const char *const wrong[] = { "--watch=some", "-c", "1", NULL };
	struct jail jail;

	jail_run_program(&jail, jail_program, NULL, 30, why);
	ck_assert_ptr_nonnull(strstr(jail.out, "WATCH"));
	ck_assert_ptr_nonnull(strstr(jail.out, "allow"));
	jail_free(&jail);
	jail_run_program(&jail, jail_program, NULL, 30, plain);
	ck_assert_ptr_nonnull(strstr(jail.out, "PASS"));
	jail_free(&jail);
	jail_run_program(&jail, jail_program, NULL, 30, bpf);
	ck_assert_ptr_nonnull(strstr(jail.out, "ret #0x7ff00001"));
	jail_free(&jail);
	jail_run(&jail, NULL, 30, wrong);
	ck_assert_int_eq(jail.status, 2);
	ck_assert_ptr_nonnull(strstr(jail.err, "policy, files or all"));
	jail_free(&jail);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("watch");
	TCase *tcase = tcase_create("watch");

	tcase_add_checked_fixture(tcase, jail_setup, jail_teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, nothing_changes, 0, ARRAY_SIZE(programs));
	tcase_add_loop_test(tcase, files_are_seen, 0, ARRAY_SIZE(watches));
	tcase_add_test(tcase, all_calls_are_seen);
	tcase_add_test(tcase, decided_calls_have_results);
	tcase_add_test(tcase, what_does_not_return_is_told);
	tcase_add_test(tcase, refusals_are_the_same);
	tcase_add_test(tcase, said_before_a_run);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
