/* SPDX-License-Identifier: Apache-2.0 */
/* test_held.c: a thread waits for an answer, all others run; the answer counts at most once. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/asked.h"

/*
 * Every script: TICKS keeps a thread running that shows when it runs; say() reports; tried() gives
 * what a call gave.
 */
#define BEGIN \
	"import errno, os, signal, sys, threading, time\n" \
	"def say(x): os.write(30, (str(x) + '\\n').encode())\n" \
	"def tried(f, *a):\n" \
	"    try: r = f(*a); return 'ok'\n" \
	"    except OSError as e: return errno.errorcode.get(e.errno, str(e.errno))\n"

#define TICKS \
	"def tick():\n" \
	"    while True: os.write(31, b'.'); time.sleep(0.002)\n" \
	"threading.Thread(target=tick, daemon=True).start()\n"

/* Each of these is one question, whichever door and whoever performs it. */
#define EVERY_KIND \
	"say(tried(os.open, 'new', os.O_WRONLY | os.O_CREAT | os.O_EXCL))\n" \
	"say(tried(os.open, 'old', os.O_WRONLY | os.O_APPEND))\n" \
	"say(tried(os.mkdir, 'folder'))\n" \
	"say(tried(os.symlink, 'old', 'link'))\n" \
	"say(tried(os.chmod, 'old', 0o640))\n" \
	"say(tried(os.truncate, 'old', 1))\n" \
	"say(tried(os.open, 'secret', os.O_RDONLY))\n" \
	"say(tried(os.unlink, 'gone'))\n"
#define KINDS 8

static const char *const kinds[KINDS] = {
	"openat", "openat", "mkdir", "symlink", "chmod", "truncate", "openat", "unlink"
};

static struct asked *new_asked(double late_s)
{
	struct asked *asked = calloc(1, sizeof(*asked));

	ck_assert_ptr_nonnull(asked);
	asked->late_s = late_s;
	jail_write_file("old", "old");
	jail_write_file("gone", "gone");
	jail_write_file("secret", "secret");
	return asked;
}

static void check_ended(const struct asked *asked, const char *out)
{
	ck_assert_msg(asked->result.status == 0 && asked->result.signal == 0 &&
		      !asked->result.limit, "status %d, signal %d, limit %s, out: %s",
		      asked->result.status, asked->result.signal, asked->result.limit, asked->out);
	ck_assert_str_eq(asked->out, out);
	live_check_nothing_left(1);
}

/* While each question was open, the other thread went on. */
static void check_kinds(const struct asked *asked)
{
	ck_assert_uint_eq(asked->count, KINDS);
	for (unsigned i = 0; i < KINDS; i++) {
		ck_assert_str_eq(asked->questions[i].call, kinds[i]);
		ck_assert_msg(asked->questions[i].ticks > 5, "%s: %u ticks", kinds[i],
			      asked->questions[i].ticks);
	}
}

START_TEST(a_late_yes_is_done_once)
{
	struct asked *asked = new_asked(0.2);
	struct stat st;

	asked_run(asked, BEGIN TICKS EVERY_KIND);
	check_ended(asked, "ok\nok\nok\nok\nok\nok\nok\nok\n");
	check_kinds(asked);
	ck_assert_int_eq(access("new", F_OK), 0);
	ck_assert_int_eq(access("folder", F_OK), 0);
	ck_assert_int_ne(access("gone", F_OK), 0);
	ck_assert_int_eq(stat("old", &st), 0);
	ck_assert_int_eq(st.st_size, 1);
	ck_assert_uint_eq(st.st_mode & 0777, 0640);
	ck_assert_uint_eq(asked->result.denied, 0);
	free(asked);
}
END_TEST

static bool never(const struct question *question)
{
	(void)question;
	return false;
}

START_TEST(a_late_no_changes_nothing)
{
	struct asked *asked = new_asked(0.2);
	struct stat st;

	asked->allows = never;
	asked_run(asked, BEGIN TICKS EVERY_KIND);
	check_ended(asked, "EACCES\nEACCES\nEACCES\nEACCES\nEACCES\nEACCES\nEACCES\nEACCES\n");
	check_kinds(asked);
	ck_assert_int_ne(access("new", F_OK), 0);
	ck_assert_int_ne(access("folder", F_OK), 0);
	ck_assert_int_eq(access("gone", F_OK), 0);
	ck_assert_int_eq(stat("old", &st), 0);
	ck_assert_int_eq(st.st_size, 3);
	ck_assert_uint_eq(asked->result.denied, KINDS);
	free(asked);
}
END_TEST

static const char program_code[] = BEGIN TICKS
	"pid = os.fork()\n"
	"if pid == 0:\n"
	"    try: os.execv('/usr/bin/true', ['true'])\n"
	"    except PermissionError: os._exit(13)\n"
	"say(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n";

START_TEST(a_program_waits_too)
{
	struct asked *asked = new_asked(0.1);

	asked_run(asked, program_code);
	check_ended(asked, "0\n");
	ck_assert_uint_eq(asked_count(asked, "execve"), 1);
	ck_assert_uint_gt(asked->questions[0].ticks, 5);
	free(asked);
}
END_TEST

START_TEST(a_program_can_be_refused_late)
{
	struct asked *asked = new_asked(0.1);

	asked->allows = never;
	asked_run(asked, program_code);
	check_ended(asked, "13\n");
	ck_assert_uint_eq(asked_count(asked, "execve"), 1);
	free(asked);
}
END_TEST

/* ---- signals ---- */

/* The handler runs while the call waits; the interpreter then asks again (PEP 475). */
START_TEST(a_signal_is_taken_while_waiting)
{
	struct asked *asked = new_asked(0);
	int signals = 0;
	char result[16] = "";

	/* The answer to the fifth question: four times the call gave way. */
	asked->gather = 5;
	asked_run(asked, BEGIN
		  "n = 0\n"
		  "def count(*a):\n"
		  "    global n\n"
		  "    n += 1\n"
		  "signal.signal(signal.SIGALRM, count)\n"
		  "signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)\n"
		  "r = tried(os.open, 'new', os.O_WRONLY | os.O_CREAT | os.O_EXCL)\n"
		  "signal.setitimer(signal.ITIMER_REAL, 0)\n"
		  "say('%d %s' % (n, r))\n");
	ck_assert_int_eq(sscanf(asked->out, "%d %15s", &signals, result), 2);
	ck_assert_str_eq(result, "ok");
	ck_assert_int_ge(signals, 4);
	ck_assert_uint_ge(asked->count, 5);
	free(asked);
}
END_TEST

START_TEST(ctrl_c_ends_the_wait)
{
	struct asked *asked = new_asked(0);

	asked->is_silent = true;
	asked_run(asked, BEGIN
		  "def press():\n"
		  "    if os.fork() == 0:\n"
		  "        time.sleep(0.2); os.kill(os.getppid(), signal.SIGINT); os._exit(0)\n"
		  "for f in ((os.open, 'new', os.O_WRONLY | os.O_CREAT), (os.mkdir, 'folder'),\n"
		  "          (os.open, 'secret', os.O_RDONLY),\n"
		  "          (os.execv, '/usr/bin/true', ['true'])):\n"
		  "    press()\n"
		  "    try: say(tried(*f))\n"
		  "    except KeyboardInterrupt: say('interrupted')\n");
	ck_assert_str_eq(asked->out, "interrupted\ninterrupted\ninterrupted\ninterrupted\n");
	free(asked);
}
END_TEST

/*
 * A signal to the process can be taken by any thread: the call of another gives way for nothing,
 * and must not show it.
 */
START_TEST(giving_way_for_nothing_does_not_show)
{
	struct asked *asked = new_asked(0.3);

	asked_run(asked, BEGIN
		  "signal.signal(signal.SIGUSR1, lambda *a: None)\n"
		  "signal.siginterrupt(signal.SIGUSR1, False)\n"
		  "over = False\n"
		  "def storm():\n"
		  "    while not over: os.kill(os.getpid(), signal.SIGUSR1); time.sleep(0.001)\n"
		  "for i in range(3): threading.Thread(target=storm).start()\n"
		  "said = []\n"
		  "def held(*f): said.append(tried(*f))\n"
		  "ts = [threading.Thread(target=held, args=f) for f in (\n"
		  "    (os.open, 'new', os.O_WRONLY | os.O_CREAT | os.O_EXCL),\n"
		  "    (os.mkdir, 'folder'), (os.open, 'secret', os.O_RDONLY),\n"
		  "    (os.unlink, 'gone'))]\n"
		  "[t.start() for t in ts]\n"
		  "time.sleep(0.25)\n"
		  "over = True\n"
		  "[t.join() for t in ts]\n"
		  "say(said)\n");
	check_ended(asked, "['ok', 'ok', 'ok', 'ok']\n");
	free(asked);
}
END_TEST

/* The same for a call that waits in its own stop. */
START_TEST(a_program_gives_way_without_a_trace)
{
	struct asked *asked = new_asked(0.4);

	asked_run(asked, BEGIN
		  "pid = os.fork()\n"
		  "if pid == 0:\n"
		  "    signal.signal(signal.SIGUSR1, lambda *a: None)\n"
		  "    signal.siginterrupt(signal.SIGUSR1, False)\n"
		  "    try: os.execv('/usr/bin/true', ['true'])\n"
		  "    except OSError as e: os._exit(100 + e.errno % 100)\n"
		  "until = time.monotonic() + 0.3\n"
		  "time.sleep(0.1)\n"
		  "while time.monotonic() < until:\n"
		  "    os.kill(pid, signal.SIGUSR1); time.sleep(0.005)\n"
		  "say(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n");
	check_ended(asked, "0\n");
	ck_assert_uint_ge(asked_count(asked, "execve"), 2);
	free(asked);
}
END_TEST

/* ---- ends ---- */

START_TEST(death_while_waiting)
{
	struct asked *asked = new_asked(0);

	asked->is_silent = true;
	asked_run(asked, BEGIN
		  "for f in ((os.open, 'new', os.O_WRONLY | os.O_CREAT), (os.mkdir, 'folder'),\n"
		  "          (os.open, 'secret', os.O_RDONLY),\n"
		  "          (os.execv, '/usr/bin/true', ['true'])):\n"
		  "    r, w = os.pipe()\n"
		  "    pid = os.fork()\n"
		  "    if pid == 0: os.write(w, b'x'); f[0](*f[1:]); os._exit(1)\n"
		  "    os.read(r, 1)\n"
		  "    time.sleep(0.4)\n"
		  "    os.kill(pid, signal.SIGKILL)\n"
		  "    say(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n");
	check_ended(asked, "-9\n-9\n-9\n-9\n");
	ck_assert_uint_eq(asked->count, 4);
	ck_assert_int_ne(access("new", F_OK), 0);
	free(asked);
}
END_TEST

START_TEST(a_limit_while_waiting)
{
	struct asked *asked = new_asked(0);
	double start = live_now_s();

	asked->is_silent = true;
	asked->limits.time_ms = 2000;
	asked_run(asked, BEGIN
		  "for f in ((os.open, 'new', os.O_WRONLY | os.O_CREAT), (os.mkdir, 'folder'),\n"
		  "          (os.execv, '/usr/bin/true', ['true'])):\n"
		  "    if os.fork() == 0: f[0](*f[1:]); os._exit(1)\n"
		  "os.open('secret', os.O_RDONLY)\n");
	ck_assert_ptr_nonnull(asked->result.limit);
	ck_assert_str_eq(asked->result.limit, "time");
	ck_assert(live_now_s() - start < 6);
	ck_assert_uint_eq(asked->count, 4);
	live_check_nothing_left(1);
	free(asked);
}
END_TEST

/* The script ends; who waits in it ends with it. */
START_TEST(an_end_while_waiting)
{
	struct asked *asked = new_asked(0);

	asked->is_silent = true;
	asked_run(asked, BEGIN
		  "threading.Thread(target=os.mkdir, args=('folder',)).start()\n"
		  "time.sleep(0.5)\n"
		  "os._exit(0)\n");
	check_ended(asked, "");
	ck_assert_uint_eq(asked->count, 1);
	free(asked);
}
END_TEST

/* ---- many ---- */

static bool every_other(const struct question *question)
{
	const char *name = strrchr(question->path, '/');

	return name && atoi(name + 1) % 2 == 0;
}

/* All wait at once and are answered last first; each gets its own answer. */
START_TEST(many_wait_at_once)
{
	struct asked *asked = new_asked(0.1);
	char name[16];

	asked->gather = 64;
	asked->allows = every_other;
	asked_run(asked, BEGIN
		  "said = {}\n"
		  "flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL\n"
		  "def make(i): said[i] = tried(os.open, str(i), flags)\n"
		  "def fold(i): said[i] = tried(os.mkdir, str(i))\n"
		  "ts = [threading.Thread(target=make if i % 4 < 2 else fold, args=(i,))\n"
		  "      for i in range(64)]\n"
		  "[t.start() for t in ts]; [t.join() for t in ts]\n"
		  "say([said[i] for i in range(64)] == ['ok', 'EACCES'] * 32)\n");
	check_ended(asked, "True\n");
	ck_assert_uint_eq(asked->count, 64);
	for (int i = 0; i < 64; i++) {
		snprintf(name, sizeof(name), "%d", i);
		ck_assert_int_eq(access(name, F_OK) == 0, i % 2 == 0);
	}
	free(asked);
}
END_TEST

static bool after_answers_nobody_asked_for(const struct question *question)
{
	/* Unknown ones, and the same one twice: the first counts. */
	run_answer(question->number + 1000, true);
	run_answer(0, true);
	run_answer(question->number, false);
	return true;
}

START_TEST(answers_count_once)
{
	struct asked *asked = new_asked(0.05);

	/* Before and after a run there is nobody to answer to. */
	run_answer(1, true);
	asked->allows = after_answers_nobody_asked_for;
	asked_run(asked, BEGIN "say(tried(os.mkdir, 'folder'))\n");
	check_ended(asked, "EACCES\n");
	ck_assert_int_ne(access("folder", F_OK), 0);
	run_answer(1, true);
	free(asked);
}
END_TEST

int main(void)
{
	return live_main("held", 60, (const TTest *const[]){
		a_late_yes_is_done_once, a_late_no_changes_nothing, a_program_waits_too,
		a_program_can_be_refused_late, a_signal_is_taken_while_waiting,
		ctrl_c_ends_the_wait, giving_way_for_nothing_does_not_show,
		a_program_gives_way_without_a_trace, death_while_waiting,
		a_limit_while_waiting, an_end_while_waiting, many_wait_at_once,
		answers_count_once, NULL });
}
