/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_tui_run.c: `pyjail --tui` on a terminal: questions are answered, and the script, the tracer
 * or the screen may be killed; the terminal is given back, and nobody is left behind.
 */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fail.h"
#include "tests/support/live.h"
#include "tests/support/seat.h"
#include "tests/support/suite.h"

#define DEAF_S 0.5              /* a new question takes no keys so long */

static struct seat seat;
static pid_t script, tracer;

/* ---- scripts ---- */

/* Says who it is and who watches it, without a file that would need a rule. */
#define WHO "import os, sys, time\n" \
	    "os.kill(os.getpid(), 0)\n"

#define WAITS WHO "print('ready', flush=True)\ntime.sleep(100)\n"

#define ASKS WHO \
	     "try:\n" \
	     "    open('asked.txt', 'w').write('written')\n" \
	     "    os.rename('allowed/new', 'allowed/yes')\n" \
	     "except OSError as e:\n" \
	     "    os.rename('allowed/new', 'allowed/no')\n" \
	     "time.sleep(100)\n"

/* The only child of a process; 0: none. */
static pid_t child_of(pid_t pid)
{
	char path[64];
	int child = 0;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
	in = fopen(path, "r");
	if (!in || fscanf(in, "%d", &child) != 1)
		child = 0;
	if (in)
		fclose(in);
	return child;
}

static pid_t wait_for_child(pid_t pid)
{
	double until = live_now_s() + SEAT_PATIENCE_S;
	pid_t child;

	while (!(child = child_of(pid)) && live_now_s() < until)
		live_sleep(0.02);
	ck_assert_msg(child > 0, "%d has no child:\n%s", pid, tmux_look(&seat.tmux));
	return child;
}

static void start(const char *code, const char *option)
{
	jail_write_file("s.py", code);
	ck_assert_int_eq(mkdir(jail_path("allowed"), 0777), 0);
	jail_write_file("allowed/new", "");
	seat_start(&seat, 100, 30, NULL, (const char *const[]){
		"--tui", "--python=/usr/bin/python3", "--allow-write=allowed", "--allow-delete=allowed",
		option ? option : "--quiet", "s.py", NULL });
	tmux_expect(&seat.tmux, "1 Events", SEAT_PATIENCE_S);
	tracer = wait_for_child(seat.screen);
	script = wait_for_child(tracer);
}

/* What the script waits in when it is ready: the call before its sleep is on the screen. */
static void start_waiting(void)
{
	start(WAITS, NULL);
	tmux_expect(&seat.tmux, "send signal 0", SEAT_PATIENCE_S);
}

static void check_gone(pid_t pid)
{
	double until = live_now_s() + SEAT_PATIENCE_S;

	while (kill(pid, 0) == 0 && live_now_s() < until)
		live_sleep(0.02);
	ck_assert_msg(kill(pid, 0) < 0 && errno == ESRCH, "%d is alive:\n%s", pid,
		      tmux_look(&seat.tmux));
}

/* Only when it is over: the status of pyjail, and nobody left but the shell. */
static void check_end(int status)
{
	seat_check_over(&seat, status, false);
	seat_end(&seat);
	live_check_nothing_left(5);
}

/* ---- questions ---- */

static const struct {
	const char *key, *file;
} answers[] = {
	{ "a", "allowed/yes" }, { "A", "allowed/yes" }, { "d", "allowed/no" }, { "D", "allowed/no" },
	{ "Enter", "allowed/no" }, { "Escape", "allowed/no" }, { "C-c", "allowed/no" },
};

START_TEST(a_question_is_answered)
{
	if (!tmux_is_there())
		jail_skip("there is no tmux");
	start(ASKS, "--ask");
	tmux_expect(&seat.tmux, "The script asks to change a file", SEAT_PATIENCE_S);
	ck_assert_ptr_nonnull(strstr(tmux_look(&seat.tmux), "WAITING"));
	/* From here on keys count. */
	tmux_expect(&seat.tmux, "Enter and Esc deny once", SEAT_PATIENCE_S);
	tmux_key(&seat.tmux, answers[_i].key);
	live_wait_for_file(answers[_i].file, SEAT_PATIENCE_S);
	tmux_expect(&seat.tmux, "RUNNING", SEAT_PATIENCE_S);
	if (!strcmp(answers[_i].file, "allowed/yes"))
		ck_assert_str_eq(jail_read_file("asked.txt"), "written");
	else
		ck_assert_ptr_null(jail_read_file("asked.txt"));
	tmux_type(&seat.tmux, "qk");
	check_end(137);
	check_gone(script);
}
END_TEST

/* Keys of a list, typed while the box opens, answer nothing. */
START_TEST(a_key_that_was_meant_for_a_list_answers_nothing)
{
	if (!tmux_is_there())
		jail_skip("there is no tmux");
	start(WHO "time.sleep(1.5)\n" ASKS, "--ask");
	for (;;) {
		double since = live_now_s();

		if (strstr(tmux_look(&seat.tmux), "The script asks"))
			break;
		tmux_type(&seat.tmux, "aaaa");
		/* Had the box come right after the look, these were typed in good time. */
		if (live_now_s() - since > DEAF_S / 2) {
			seat_end(&seat);
			jail_skip("this machine is too busy to type quickly");
		}
	}
	/* Nothing else is there to be seen while keys are off: it still waits a moment later. */
	live_sleep(0.3);
	ck_assert_ptr_null(jail_read_file("allowed/yes"));
	tmux_expect(&seat.tmux, "Enter and Esc deny once", SEAT_PATIENCE_S);
	ck_assert_ptr_nonnull(strstr(tmux_look(&seat.tmux), "The script asks"));
	tmux_key(&seat.tmux, "K");
	tmux_expect(&seat.tmux, "[0 Report]", SEAT_PATIENCE_S);
	tmux_type(&seat.tmux, "q");
	check_end(137);
}
END_TEST

/* ---- leaving ---- */

START_TEST(leaving_lets_the_script_run_on)
{
	if (!tmux_is_there())
		jail_skip("there is no tmux");
	start(WHO "time.sleep(3)\nos.rename('allowed/new', 'allowed/yes')\n", NULL);
	tmux_expect(&seat.tmux, "send signal 0", SEAT_PATIENCE_S);
	tmux_type(&seat.tmux, "ql");
	check_end(0);
	live_wait_for_file("allowed/yes", 1);
}
END_TEST

/* Counted on the screen while it stays, listed once it is closed. */
START_TEST(what_was_changed_in_a_layer_is_said)
{
	if (!tmux_is_there())
		jail_skip("there is no tmux");
	start(WHO "open('made', 'w').write('x')\nos.remove('s.py')\ntime.sleep(2)\n",
	      "--scratch=layer");
	tmux_expect(&seat.tmux, "[0 Report]", SEAT_PATIENCE_S);
	tmux_expect(&seat.tmux, "Scratch: 1 added, 0 changed, 1 deleted: pyjail diff",
		    SEAT_PATIENCE_S);
	tmux_type(&seat.tmux, "q");
	tmux_expect(&seat.tmux, "scratch: 2 changes, none of them real: pyjail apply",
		    SEAT_PATIENCE_S);
	tmux_expect(&seat.tmux, "added    ", SEAT_PATIENCE_S);
	check_end(0);
	ck_assert_ptr_null(jail_read_file("made"));
}
END_TEST

/* ---- what is killed ---- */

START_TEST(a_killed_script_becomes_a_report)
{
	if (!tmux_is_there())
		jail_skip("there is no tmux");
	start_waiting();
	kill(script, SIGKILL);
	tmux_expect(&seat.tmux, "[0 Report]", SEAT_PATIENCE_S);
	tmux_expect(&seat.tmux, "signal 9", SEAT_PATIENCE_S);
	tmux_type(&seat.tmux, "q");
	check_end(137);
}
END_TEST

START_TEST(a_killed_tracer_takes_the_script_with_it_and_is_told)
{
	if (!tmux_is_there())
		jail_skip("there is no tmux");
	start_waiting();
	kill(tracer, SIGKILL);
	check_gone(script);
	tmux_expect(&seat.tmux, "[0 Report]", SEAT_PATIENCE_S);
	tmux_type(&seat.tmux, "1");
	tmux_expect(&seat.tmux, "send signal 0", SEAT_PATIENCE_S);
	tmux_type(&seat.tmux, "q");
	check_end(125);
}
END_TEST

static const int signals[] = { SIGSEGV, SIGABRT, SIGBUS };

START_TEST(a_screen_that_crashes_gives_the_terminal_back)
{
	if (!tmux_is_there())
		jail_skip("there is no tmux");
	start_waiting();
	tmux_type(&seat.tmux, "m");
	tmux_expect(&seat.tmux, "mouse on", SEAT_PATIENCE_S);
	kill(seat.screen, signals[_i]);
	seat_check_over(&seat, 128 + signals[_i], false);
	/* Without --on-ui-exit=kill the script goes on; nobody is there to wait for it. */
	kill(tracer, SIGTERM);
	check_gone(script);
	seat_end(&seat);
	live_check_nothing_left(5);
}
END_TEST

/* A question that nobody can answer any more is denied. */
START_TEST(a_crash_in_a_question_denies_it)
{
	if (!tmux_is_there())
		jail_skip("there is no tmux");
	start(ASKS, "--ask");
	tmux_expect(&seat.tmux, "The script asks", SEAT_PATIENCE_S);
	kill(seat.screen, SIGKILL);
	live_wait_for_file("allowed/no", SEAT_PATIENCE_S);
	ck_assert_ptr_null(jail_read_file("asked.txt"));
	kill(tracer, SIGTERM);
	check_gone(script);
	seat_end(&seat);
	live_check_nothing_left(5);
}
END_TEST

START_TEST(a_storm_of_sizes_is_survived)
{
	if (!tmux_is_there())
		jail_skip("there is no tmux");
	start("import os\nfor i in range(20000):\n    os.kill(os.getpid(), 0)\n"
	      "import time\ntime.sleep(100)\n", NULL);
	for (int i = 0; i < 50; i++) {
		tmux_resize(&seat.tmux, i % 3 == 0 ? 2 : i % 3 == 1 ? 80 : 100,
			    i % 3 == 0 ? 2 : i % 3 == 1 ? 24 : 30);
		tmux_type(&seat.tmux, i % 2 ? "7" : "1");
	}
	tmux_type(&seat.tmux, "0");
	tmux_expect(&seat.tmux, "[0 Rep", SEAT_PATIENCE_S);
	tmux_type(&seat.tmux, "qk");
	seat_check_over(&seat, 137, true);
	seat_end(&seat);
	live_check_nothing_left(5);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tui_run");
	TCase *tcase = tcase_create("screen");

	tcase_add_checked_fixture(tcase, jail_setup, jail_teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, a_question_is_answered, 0, ARRAY_SIZE(answers));
	tcase_add_test(tcase, a_key_that_was_meant_for_a_list_answers_nothing);
	tcase_add_test(tcase, leaving_lets_the_script_run_on);
	tcase_add_test(tcase, what_was_changed_in_a_layer_is_said);
	tcase_add_test(tcase, a_killed_script_becomes_a_report);
	tcase_add_test(tcase, a_killed_tracer_takes_the_script_with_it_and_is_told);
	tcase_add_loop_test(tcase, a_screen_that_crashes_gives_the_terminal_back, 0,
			    ARRAY_SIZE(signals));
	tcase_add_test(tcase, a_crash_in_a_question_denies_it);
	tcase_add_test(tcase, a_storm_of_sizes_is_survived);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
