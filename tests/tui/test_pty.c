/* SPDX-License-Identifier: Apache-2.0 */
/* test_pty.c: a real pseudo-terminal, and a program at its other side. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

#include "tests/support/suite.h"
#include "tui/console.h"

static struct console console;
static int slave;
static struct termios cooked;

static void open_both(int *ret_master)
{
	struct termios raw;

	ck_assert_int_eq(openpty(ret_master, &slave, NULL, NULL, NULL), 0);
	ck_assert_int_eq(tcgetattr(slave, &cooked), 0);
	raw = cooked;
	cfmakeraw(&raw);
	ck_assert_int_eq(tcsetattr(slave, TCSANOW, &raw), 0);
}

static void start(void)
{
	int master;

	open_both(&master);
	ck_assert_int_eq(console_init(&console, master, 24, 80), 0);
}

static void end(void)
{
	console_free(&console);
	close(console.pty.fd);
	close(slave);
}

static void say(const char *bytes)
{
	ck_assert_int_eq(write(slave, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
}

/* Waits for output, and shows all of it. */
static void pump(void)
{
	struct pollfd wait = { .fd = console.pty.fd, .events = POLLIN };
	uint64_t before;

	ck_assert_int_eq(poll(&wait, 1, 10000), 1);
	do {
		before = console.received;
		ck_assert_int_eq(console_pump(&console), 0);
	} while (console.received != before);
}

static const char *line(int row)
{
	static char out[TERMINAL_LINE_MAX];

	terminal_line(console.terminal, row, out, sizeof(out));
	return out;
}

START_TEST(what_the_script_says_is_shown)
{
	ck_assert_int_eq(console_pump(&console), 0);
	ck_assert_uint_eq(console.received, 0);
	say("hello\r\n\x1b[31mred");
	pump();
	ck_assert_str_eq(line(0), "hello");
	ck_assert_str_eq(line(1), "red");
}
END_TEST

/* All that comes, in however many pieces. */
static void read_all(char *out, size_t size)
{
	for (size_t used = 0; used < size;) {
		ssize_t length = read(slave, out + used, size - used);

		ck_assert_int_gt(length, 0);
		used += (size_t)length;
	}
}

START_TEST(keys_and_answers_reach_the_script)
{
	char got[64];

	say("\x1b[6n");
	pump();
	terminal_text(console.terminal, 'a', 0);
	terminal_key(console.terminal, TERMINAL_KEY_UP, 0);
	ck_assert_int_eq(console_send(&console), 0);
	read_all(got, 10);
	ck_assert_mem_eq(got, "\x1b[1;1Ra\x1b[A", 10);
	ck_assert(!console_wants_to_write(&console));
}
END_TEST

START_TEST(keys_that_are_not_read_are_bounded)
{
	static char got[1 << 20];
	size_t total = 0;
	ssize_t length;

	for (int i = 0; i < 200000; i++) {
		terminal_text(console.terminal, 'x', 0);
		ck_assert_int_eq(console_send(&console), 0);
	}
	ck_assert(console_wants_to_write(&console));
	ck_assert_uint_le(console.pty.pending_used, PTY_PENDING_MAX);
	ck_assert_uint_gt(terminal_keys_dropped(console.terminal), 100000);
	/* when it reads again, what was kept comes */
	ck_assert_int_eq(fcntl(slave, F_SETFL, O_NONBLOCK), 0);
	for (int i = 0; i < 1000 && total <= PTY_PENDING_MAX; i++) {
		length = read(slave, got, sizeof(got));
		total += length > 0 ? (size_t)length : 0;
		ck_assert_int_eq(console_send(&console), 0);
		usleep(1000);
	}
	ck_assert_uint_gt(total, PTY_PENDING_MAX);
}
END_TEST

START_TEST(all_or_nothing_is_sent)
{
	static char bytes[PTY_PENDING_MAX];
	struct pty pty = { .fd = -1 };

	ck_assert(pty_send(&pty, bytes, PTY_PENDING_MAX - 2));
	ck_assert(!pty_send(&pty, "abc", 3));
	ck_assert_uint_eq(pty.dropped, 1);
	ck_assert(pty_send(&pty, "ab", 2));
	ck_assert_uint_eq(pty_room(&pty), 0);
}
END_TEST

static volatile sig_atomic_t resized;

static void note(int signal)
{
	(void)signal;
	resized = 1;
}

START_TEST(the_size_is_told)
{
	struct winsize size;

	signal(SIGWINCH, note);
	ck_assert_int_eq(ioctl(slave, TIOCGWINSZ, &size), 0);
	ck_assert_int_eq(size.ws_row, 24);
	ck_assert_int_eq(size.ws_col, 80);
	ck_assert_int_eq(console_resize(&console, 1, 5000), 0);
	ck_assert_int_eq(ioctl(slave, TIOCGWINSZ, &size), 0);
	ck_assert_int_eq(size.ws_row, TERMINAL_ROWS_MIN);
	ck_assert_int_eq(size.ws_col, TERMINAL_COLUMNS_MAX);
	ck_assert_int_eq(resized, 0);   /* it is not our terminal */
}
END_TEST

START_TEST(the_end_is_noticed)
{
	say("last words");
	close(slave);
	pump();
	ck_assert(console.pty.has_ended);
	ck_assert_str_eq(line(0), "last words");
	terminal_text(console.terminal, 'x', 0);
	ck_assert_int_eq(console_send(&console), 0);
	slave = -1;
}
END_TEST

START_TEST(a_master_that_is_none)
{
	struct console bad;
	int ends[2];

	ck_assert_int_eq(console_init(&bad, -1, 24, 80), -EBADF);
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(console_init(&bad, ends[0], 24, 80), -ENOTTY);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

static pid_t run(const char *const *argv)
{
	pid_t pid;

	ck_assert_int_eq(tcsetattr(slave, TCSANOW, &cooked), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		login_tty(slave);
		setenv("TERM", "xterm-256color", 1);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	close(slave);
	slave = -1;
	return pid;
}

/* A program that writes without end takes no more than its share. */
START_TEST(a_flood_leaves_time)
{
	const char *const argv[] = { "yes", NULL };
	pid_t pid = run(argv);

	for (int i = 0; i < 5000 && !terminal_first_row(console.terminal); i++) {
		struct timespec before, after;
		long long us;

		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
		ck_assert_int_eq(console_pump(&console), 0);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
		us = (after.tv_sec - before.tv_sec) * 1000000LL +
		     (after.tv_nsec - before.tv_nsec) / 1000;
		ck_assert_int_le(us, 4 * CONSOLE_TIME_US);
		usleep(1000);
	}
	ck_assert_int_lt(terminal_first_row(console.terminal), 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}
END_TEST

static bool wait_for(const char *text)
{
	for (int i = 0; i < 500 && !console.pty.has_ended; i++) {
		ck_assert_int_eq(console_pump(&console), 0);
		for (int row = terminal_first_row(console.terminal); row < 24; row++)
			if (strcmp(line(row), text) == 0)
				return true;
		usleep(10000);
	}
	return false;
}

static void type(const char *text)
{
	for (; *text; text++)
		terminal_text(console.terminal, (unsigned char)*text, 0);
	terminal_key(console.terminal, TERMINAL_KEY_ENTER, 0);
	ck_assert_int_eq(console_send(&console), 0);
}

/*
 * Only at a fresh prompt: between two lines Python's readline leaves the terminal cooked, and there
 * Ctrl-D would become a NUL that is read as a key afterwards.
 */
START_TEST(python_can_be_talked_to)
{
	const char *const argv[] = { "python3", "-q", "-i", "-E", NULL };
	pid_t pid = run(argv);

	ck_assert(wait_for(">>>"));
	type("6 * 7");
	ck_assert(wait_for("42"));
	ck_assert(wait_for(">>>"));
	type("import os; print(tuple(os.get_terminal_size()))");
	ck_assert(wait_for("(80, 24)"));
	ck_assert(wait_for(">>>"));
	terminal_text(console.terminal, 4, 0);   /* Ctrl-D */
	ck_assert_int_eq(console_send(&console), 0);
	wait_for("never");
	ck_assert(console.pty.has_ended);
	waitpid(pid, NULL, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pty");
	TCase *tcase = tcase_create("pty");

	tcase_add_checked_fixture(tcase, start, end);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, what_the_script_says_is_shown);
	tcase_add_test(tcase, keys_and_answers_reach_the_script);
	tcase_add_test(tcase, keys_that_are_not_read_are_bounded);
	tcase_add_test(tcase, all_or_nothing_is_sent);
	tcase_add_test(tcase, the_size_is_told);
	tcase_add_test(tcase, the_end_is_noticed);
	tcase_add_test(tcase, a_master_that_is_none);
	tcase_add_test(tcase, a_flood_leaves_time);
	tcase_add_test(tcase, python_can_be_talked_to);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
