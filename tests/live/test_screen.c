/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_screen.c: pyjail --tui as a whole, with a planned screen (tests/screen/planned.c): two
 * processes, their ends, the exit status.
 */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/live.h"
#include "tests/support/shell.h"

#define PATIENCE_S 20

#define CODE \
	"import os, sys, time\n" \
	"try: open('new', 'w'); r = 'ok'\n" \
	"except PermissionError: r = 'EACCES'\n" \
	"print('<%s %s>' % (os.isatty(1), r), flush=True)\n"

#define OPTIONS "--tui", "--ask-write=."

/* Named, or beside the pyjail under test.  Before the fixtures, which look for $PYJAIL. */
static void find_planned(void)
{
	const char *named = getenv("PYJAIL_SCREEN"), *pyjail = getenv("PYJAIL");
	char path[PATH_MAX], whole[PATH_MAX];

	snprintf(path, sizeof(path), "%s-screen", pyjail ? pyjail : "build/release/pyjail");
	if (!realpath(named ? named : path, whole) || setenv("PYJAIL", whole, 1) < 0) {
		fprintf(stderr, "no %s\n", named ? named : path);
		exit(EXIT_FAILURE);
	}
}

static void set_plan(const char *plan)
{
	ck_assert_int_eq(setenv("PYJAIL_SCREEN_PLAN", plan, 1), 0);
	ck_assert_int_eq(setenv("PYJAIL_SCREEN_LOG", jail_path("screen"), 1), 0);
}

static void check_screen(const char *part)
{
	const char *text = jail_read_file("screen");

	ck_assert_msg(text && strstr(text, part), "no \"%s\" in: %s", part, text ? text : "");
}

START_TEST(an_answer_is_given)
{
	struct shell shell;

	set_plan(_i ? "deny" : "allow");
	shell_start(&shell, (const char *const[]){ OPTIONS, "-c", CODE "sys.exit(3)\n", NULL });
	shell_check_report(&shell, "exited 3", PATIENCE_S);
	shell_end(&shell);
	check_screen("[start]");
	check_screen("[ask]");
	check_screen(_i ? "<True EACCES>" : "<True ok>");
	check_screen("[result][events]");
	/* The screen shows it: nothing of it on the terminal. */
	ck_assert_ptr_null(strstr(shell.screen, "denied"));
	ck_assert_ptr_null(strstr(shell.screen, "<True"));
	live_check_nothing_left(1);
}
END_TEST

START_TEST(leaving_shows_the_rest_on_the_terminal)
{
	struct shell shell;

	set_plan("leave");
	shell_start(&shell, (const char *const[]){
		OPTIONS, "--on-ui-exit=kill", "-c", CODE
		"for i in range(1000): print('x' * 20)\nprint('<last>')\nsys.exit(4)\n", NULL });
	shell_expect(&shell, "<True EACCES>", PATIENCE_S);
	shell_expect(&shell, "<last>", PATIENCE_S);
	shell_check_report(&shell, "exited 4", PATIENCE_S);
	shell_end(&shell);
	live_check_nothing_left(1);
}
END_TEST

/* The terminal is the script's again: its Ctrl-C means the script. */
START_TEST(after_leaving_ctrl_c_reaches_the_script)
{
	struct shell shell;

	set_plan("leave");
	shell_start(&shell, (const char *const[]){
		OPTIONS, "-c", CODE "print('ready', flush=True)\ntime.sleep(60)\n", NULL });
	shell_expect(&shell, "ready", PATIENCE_S);
	shell_type(&shell, "\003");
	shell_expect(&shell, "KeyboardInterrupt", PATIENCE_S);
	shell_check_report(&shell, "killed 2", PATIENCE_S);
	shell_end(&shell);
	live_check_nothing_left(1);
}
END_TEST

START_TEST(killing_ends_it)
{
	struct shell shell;

	set_plan("kill");
	shell_start(&shell, (const char *const[]){ OPTIONS, "-c", CODE "time.sleep(60)\n", NULL });
	shell_check_report(&shell, "exited 137", PATIENCE_S);
	shell_end(&shell);
	live_check_nothing_left(1);
}
END_TEST

START_TEST(a_crash_of_the_screen_keeps_the_script)
{
	struct shell shell;

	set_plan("crash");
	shell_start(&shell, (const char *const[]){
		OPTIONS, "--allow-write=done", "-c",
		CODE "for i in range(5000): print('x' * 20)\nopen('done', 'w').write(r)\n", NULL });
	shell_check_report(&shell, "killed 9", PATIENCE_S);
	live_wait_for_file("done", PATIENCE_S);
	live_sleep(0.2);
	ck_assert_str_eq(jail_read_file("done"), "EACCES");
	shell_end(&shell);
	live_check_nothing_left(2);
}
END_TEST

START_TEST(a_crash_of_the_screen_can_end_the_script)
{
	struct shell shell;

	set_plan("crash");
	shell_start(&shell, (const char *const[]){
		OPTIONS, "--on-ui-exit=kill", "-c", CODE "time.sleep(60)\n", NULL });
	shell_check_report(&shell, "killed 9", PATIENCE_S);
	live_check_nothing_left(5);
	shell_end(&shell);
}
END_TEST

START_TEST(a_screen_that_cannot_start_is_said)
{
	struct shell shell;

	set_plan("fault");
	shell_start(&shell, (const char *const[]){ OPTIONS, "-c", CODE, NULL });
	shell_expect(&shell, "pyjail: the screen has no plan", PATIENCE_S);
	shell_expect(&shell, "<True EACCES>", PATIENCE_S);
	shell_check_report(&shell, "exited 0", PATIENCE_S);
	shell_end(&shell);
}
END_TEST

START_TEST(a_signal_for_pyjail_is_the_scripts)
{
	struct shell shell;

	set_plan("allow");
	shell_start(&shell, (const char *const[]){
		OPTIONS, "--allow-write=ready", "-c",
		CODE "import signal\n"
		"signal.signal(signal.SIGTERM, lambda *a: sys.exit(6))\n"
		"open('ready', 'w')\ntime.sleep(60)\n", NULL });
	live_wait_for_file("ready", PATIENCE_S);
	kill(shell.job, SIGTERM);
	shell_check_report(&shell, "exited 6", PATIENCE_S);
	shell_end(&shell);
	live_check_nothing_left(1);
}
END_TEST

/* The only child of the job. */
static pid_t tracer_of(pid_t job)
{
	char path[64];
	int tracer = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", job, job);
	file = fopen(path, "re");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fscanf(file, "%d", &tracer), 1);
	fclose(file);
	return tracer;
}

START_TEST(a_crash_of_the_tracer_is_said)
{
	struct shell shell;

	set_plan("allow");
	shell_start(&shell, (const char *const[]){
		OPTIONS, "--allow-write=ready", "-c",
		CODE "open('ready', 'w')\ntime.sleep(60)\n", NULL });
	live_wait_for_file("ready", PATIENCE_S);
	kill(tracer_of(shell.job), SIGKILL);
	shell_expect(&shell, "the tracer was ended by signal 9", PATIENCE_S);
	shell_check_report(&shell, "exited 125", PATIENCE_S);
	shell_end(&shell);
	live_check_nothing_left(1);
}
END_TEST

START_TEST(limits_are_as_without_a_screen)
{
	struct shell shell;

	set_plan("allow");
	shell_start(&shell, (const char *const[]){
		OPTIONS, "--time=1", "-c", CODE "time.sleep(60)\n", NULL });
	shell_check_report(&shell, "exited 124", PATIENCE_S);
	shell_end(&shell);
	check_screen("[result]");
}
END_TEST

/* What goes wrong before there is anything to show is said plainly. */
static const struct {
	const char *options[4];
	const char *says, *report;
} mistakes[] = {
	{ { "--output=1K" }, "--output cannot be held under --tui", "exited 2" },
	{ { "--record=/nowhere/x" }, "/nowhere", "exited 125" },
	{ { "--on-ui-exit=stay" }, "write keep or kill", "exited 2" },
	{ { "--ask-env=HOME" }, "--ask-env: variables are set before", "exited 2" },
	{ { "--landlock-abi=99999" }, "not a value", "exited 2" },
};

START_TEST(mistakes_are_said_before_the_screen)
{
	struct shell shell;

	set_plan("allow");
	shell_start(&shell, (const char *const[]){ "--tui", mistakes[_i].options[0], "-c", CODE,
						   NULL });
	shell_expect(&shell, mistakes[_i].says, PATIENCE_S);
	shell_check_report(&shell, mistakes[_i].report, PATIENCE_S);
	shell_end(&shell);
	ck_assert_ptr_null(jail_read_file("screen"));
}
END_TEST

START_TEST(a_terminal_is_needed)
{
	struct jail jail;

	set_plan("allow");
	jail_run(&jail, NULL, 20, (const char *const[]){ "--tui", "-c", CODE, NULL });
	ck_assert_int_eq(jail.status, 2);
	ck_assert_ptr_nonnull(strstr(jail.err, "must be a terminal"));
	jail_free(&jail);
}
END_TEST

int main(void)
{
	find_planned();
	return live_main_loops("screen", 60, (const struct live_loop[]){
		{ an_answer_is_given, 2 }, { leaving_shows_the_rest_on_the_terminal, 1 },
		{ after_leaving_ctrl_c_reaches_the_script, 1 }, { killing_ends_it, 1 },
		{ a_crash_of_the_screen_keeps_the_script, 1 },
		{ a_crash_of_the_screen_can_end_the_script, 1 },
		{ a_screen_that_cannot_start_is_said, 1 },
		{ a_signal_for_pyjail_is_the_scripts, 1 }, { a_crash_of_the_tracer_is_said, 1 },
		{ limits_are_as_without_a_screen, 1 },
		{ mistakes_are_said_before_the_screen, ARRAY_SIZE(mistakes) },
		{ a_terminal_is_needed, 1 },
		{ NULL, 0 } });
}
