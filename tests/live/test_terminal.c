/* SPDX-License-Identifier: Apache-2.0 */
/* test_terminal.c: to the terminal, the shell and a pipeline, pyjail is the script that it runs. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/live.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

#define PATIENCE_S 15

/* ---- keys ---- */

#define COUNTS_INTERRUPTS \
	"import signal, time\n" \
	"n = 0\n" \
	"until = time.monotonic() + 60\n" \
	"def count(*a):\n" \
	"    global n, until\n" \
	"    n += 1\n" \
	"    until = time.monotonic() + 0.5\n" \
	"signal.signal(signal.SIGINT, count)\n" \
	"print('ready', flush=True)\n" \
	"while time.monotonic() < until: time.sleep(0.02)\n" \
	"print('interrupts', n, flush=True)\n"

START_TEST(ctrl_c_reaches_the_script_once)
{
	struct shell shell;

	shell_start(&shell, (const char *const[]){ "-c", COUNTS_INTERRUPTS, NULL });
	shell_expect(&shell, "ready", PATIENCE_S);
	shell_type(&shell, "\003");
	shell_expect(&shell, "interrupts 1", PATIENCE_S);
	shell_check_report(&shell, "exited 0", PATIENCE_S);
	shell_end(&shell);
	live_check_nothing_left(1);
}
END_TEST

/*
 * A minute, in pieces: Python runs a handler between two of its own steps, so that a signal which
 * comes right before a long sleep is answered after it, jail or not.
 */
#define A_MINUTE "for i in range(3000): time.sleep(0.02)\n"

/* A shell's loop goes on unless it sees that SIGINT ended the program. */
START_TEST(ctrl_c_ends_pyjail_as_it_ends_python)
{
	struct shell shell;

	shell_start(&shell, (const char *const[]){
		"-c", "import time\nprint('ready', flush=True)\n" A_MINUTE, NULL });
	shell_expect(&shell, "ready", PATIENCE_S);
	shell_type(&shell, "\003");
	shell_expect(&shell, "KeyboardInterrupt", PATIENCE_S);
	shell_check_report(&shell, "killed 2", PATIENCE_S);
	shell_end(&shell);
	live_check_nothing_left(1);
}
END_TEST

#define TICKS_IN_TWO \
	"import os, time\n" \
	"if os.fork() == 0:\n" \
	"    while True: time.sleep(0.01); print('child', flush=True)\n" \
	"print('ready', flush=True)\n" \
	"for i in range(3000):\n" \
	"    try: time.sleep(0.02)\n" \
	"    except KeyboardInterrupt: break\n" \
	"    if i % 5 == 0: print('tick', flush=True)\n" \
	"print('over', flush=True)\n"

/* What comes onto the screen in so much time. */
static size_t shown_during(struct shell *shell, double s)
{
	size_t before;

	shell_expect(shell, "", 0);
	before = shell->length;
	live_sleep(s);
	for (int i = 0; i < 50; i++)
		shell_look(shell);
	return shell->length - before;
}

START_TEST(ctrl_z_stops_and_fg_continues)
{
	struct shell shell;

	shell_start(&shell, (const char *const[]){ "-c", TICKS_IN_TWO, NULL });
	shell_expect(&shell, "ready", PATIENCE_S);
	for (int i = 0; i < 3; i++) {
		shell_expect(&shell, "tick", PATIENCE_S);
		shell_expect(&shell, "child", PATIENCE_S);
		shell_type(&shell, "\032");
		shell_check_report(&shell, "stopped 19", PATIENCE_S);
		shown_during(&shell, 0.1);
		ck_assert_uint_eq(shown_during(&shell, 0.3), 0);
		shell.seen = shell.length;
		shell_continue(&shell);
	}
	shell_expect(&shell, "tick", PATIENCE_S);
	shell_expect(&shell, "child", PATIENCE_S);
	shell_type(&shell, "\003");
	shell_expect(&shell, "over", PATIENCE_S);
	shell_check_report(&shell, "exited 0", PATIENCE_S);
	shell_end(&shell);
	live_check_nothing_left(1);
}
END_TEST

/* `kill -CONT` of pyjail alone, and a script that stops itself. */
START_TEST(a_script_that_stops_itself_is_a_stopped_job)
{
	struct shell shell;

	shell_start(&shell, (const char *const[]){
		"-c", "import os, signal\n"
		"os.kill(os.getpid(), signal.SIGSTOP); print('one', flush=True)\n"
		"os.kill(os.getpid(), signal.SIGTSTP); print('two', flush=True)\n", NULL });
	shell_check_report(&shell, "stopped 19", PATIENCE_S);
	shell_continue(&shell);
	shell_expect(&shell, "one", PATIENCE_S);
	shell_check_report(&shell, "stopped 19", PATIENCE_S);
	kill(shell.job, SIGCONT);
	shell_expect(&shell, "two", PATIENCE_S);
	shell_continue(&shell);
	shell_check_report(&shell, "exited 0", PATIENCE_S);
	shell_end(&shell);
}
END_TEST

/* A child that stops its parent, and pyjail with it, would be free of the limit. */
START_TEST(nobody_goes_on_while_nobody_looks_at_the_limit)
{
	struct shell shell;

	shell_start(&shell, (const char *const[]){
		"--memory=1G", "-c", "import os, signal, time\n"
		"if os.fork() == 0:\n"
		"    os.kill(os.getppid(), signal.SIGTSTP)\n"
		"    for i in range(150): time.sleep(0.01); os.write(1, b'child\\n')\n"
		"    os._exit(0)\n"
		"os.wait(); print('over', flush=True)\n", NULL });
	shell_check_report(&shell, "stopped 19", PATIENCE_S);
	shown_during(&shell, 0.1);
	ck_assert_uint_eq(shown_during(&shell, 0.3), 0);
	shell_continue(&shell);
	shell_expect(&shell, "child", PATIENCE_S);
	shell_expect(&shell, "over", PATIENCE_S);
	shell_check_report(&shell, "exited 0", PATIENCE_S);
	shell_end(&shell);
}
END_TEST

/* ---- signals to pyjail alone ---- */

struct signal_row {
	int signal;
	bool is_for_group;
	const char *report;
	const char *code;
	const char *shown;
};

#define HANDLES(name) \
	"import os, signal, sys, time\n" \
	"def handle(*a): os.write(1, b'handled'); sys.exit(7)\n" \
	"signal.signal(signal." name ", handle)\n" \
	"print('ready', flush=True)\n" \
	A_MINUTE
#define SLEEPS "import time\nprint('ready', flush=True)\n" A_MINUTE

static const struct signal_row signal_rows[] = {
	{ SIGTERM, false, "exited 7", HANDLES("SIGTERM"), "handled" },
	{ SIGTERM, true, "exited 7", HANDLES("SIGTERM"), "handled" },
	{ SIGHUP, false, "exited 7", HANDLES("SIGHUP"), "handled" },
	{ SIGUSR1, false, "exited 7", HANDLES("SIGUSR1"), "handled" },
	{ SIGTERM, false, "exited 143", SLEEPS, "" },
	{ SIGHUP, false, "exited 129", SLEEPS, "" },
	{ SIGQUIT, false, "exited 131", SLEEPS, "" },
	{ SIGINT, false, "killed 2", SLEEPS, "KeyboardInterrupt" },
	{ SIGINT, false, "exited 0", COUNTS_INTERRUPTS, "interrupts 1" },
	{ SIGINT, true, "exited 0", COUNTS_INTERRUPTS, "interrupts 1" },
	/* Who wants it to end need not wait for it forever. */
	{ SIGTERM, false, "exited 137",
	  "import signal, time\n"
	  "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
	  "print('ready', flush=True)\n"
	  "while True: time.sleep(1)\n", "" },
};

START_TEST(a_signal_to_pyjail_is_for_the_script)
{
	const struct signal_row *row = &signal_rows[_i];
	struct shell shell;

	shell_start(&shell, (const char *const[]){ "-c", row->code, NULL });
	shell_expect(&shell, "ready", PATIENCE_S);
	kill(row->is_for_group ? -shell.job : shell.job, row->signal);
	shell_expect(&shell, row->shown, PATIENCE_S);
	shell_check_report(&shell, row->report, PATIENCE_S);
	shell_end(&shell);
	live_check_nothing_left(1);
}
END_TEST

/* Two at once, as a service manager sends them. */
START_TEST(each_of_two_signals_arrives)
{
	struct shell shell;

	shell_start(&shell, (const char *const[]){
		"-c", "import os, signal, time\n"
		"for s in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP):\n"
		"    signal.signal(s, lambda n, f: os.write(1, b'got %d;' % n))\n"
		"print('ready', flush=True)\n"
		"for i in range(10): time.sleep(0.1)\n", NULL });
	shell_expect(&shell, "ready", PATIENCE_S);
	kill(shell.job, SIGUSR1);
	kill(shell.job, SIGUSR2);
	kill(shell.job, SIGHUP);
	shell_check_report(&shell, "exited 0", PATIENCE_S);
	ck_assert_ptr_nonnull(strstr(shell.screen, "got 1;"));
	ck_assert_ptr_nonnull(strstr(shell.screen, "got 10;"));
	ck_assert_ptr_nonnull(strstr(shell.screen, "got 12;"));
	shell_end(&shell);
}
END_TEST

/* The kernel tells the leader of the session alone, and that is pyjail. */
START_TEST(a_lost_terminal_is_told_to_the_script)
{
	struct shell shell;
	int status;

	shell_start_alone(&shell, (const char *const[]){
		"--allow-write=.", "-c",
		"import signal, sys, time\n"
		"def handle(*a): open('hung-up', 'w').close(); sys.exit(7)\n"
		"signal.signal(signal.SIGHUP, handle)\n"
		"print('ready', flush=True)\n"
		A_MINUTE, NULL });
	shell_expect(&shell, "ready", PATIENCE_S);
	shell_hang_up(&shell);
	status = live_wait(shell.pid, PATIENCE_S);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 7, "0x%x", (unsigned)status);
	live_wait_for_file("hung-up", 1);
	live_check_nothing_left(1);
}
END_TEST

/* ---- the terminal itself ---- */

START_TEST(the_interactive_python_edits_lines)
{
	struct shell shell;

	shell_start(&shell, (const char *const[]){ NULL });
	shell_expect(&shell, ">>> ", PATIENCE_S);
	/* Backspace; then the left arrow, and what is typed goes in between. */
	shell_type(&shell, "1+3\1774\r");
	shell_expect(&shell, "\n5\r\n", PATIENCE_S);
	shell_type(&shell, "700-\033[D\033[D\033[D1\033[C\033[C\033[C8\r");
	shell_expect(&shell, "\n7092\r\n", PATIENCE_S);
	/* The line before, once more. */
	shell_type(&shell, "\033[A\r");
	shell_expect(&shell, "\n7092\r\n", PATIENCE_S);
	shell_type(&shell, "open('/tmp/pyjail-never', 'w')\r");
	shell_expect(&shell, "PermissionError", PATIENCE_S);
	shell_expect(&shell, ">>> ", PATIENCE_S);
	shell_type(&shell, "\004");
	shell_check_report(&shell, "exited 0", PATIENCE_S);
	shell_end(&shell);
}
END_TEST

START_TEST(the_terminal_stays_one)
{
	struct shell shell;

	shell_start(&shell, (const char *const[]){
		"-c", "import getpass, os, sys\n"
		"print([os.isatty(i) for i in (0, 1, 2)])\n"
		"print(os.getpgrp() == os.tcgetpgrp(0), os.getsid(0) == os.getsid(os.getppid()))\n"
		"print(os.get_terminal_size().columns >= 0)\n"
		"t = open('/dev/tty', 'w'); t.write('by name\\n'); t.close()\n"
		"print('secret is', getpass.getpass('tell: ')[::-1])\n"
		"print('line is', input('say: ')[::-1])\n", NULL });
	shell_expect(&shell, "[True, True, True]", PATIENCE_S);
	shell_expect(&shell, "True True", PATIENCE_S);
	shell_expect(&shell, "True", PATIENCE_S);
	shell_expect(&shell, "by name", PATIENCE_S);
	shell_expect(&shell, "tell: ", PATIENCE_S);
	shell_type(&shell, "abcdef\r");
	shell_expect(&shell, "secret is fedcba", PATIENCE_S);
	ck_assert_ptr_null(strstr(shell.screen, "abcdef"));
	shell_expect(&shell, "say: ", PATIENCE_S);
	shell_type(&shell, "xyz\r");
	shell_expect(&shell, "line is zyx", PATIENCE_S);
	shell_check_report(&shell, "exited 0", PATIENCE_S);
	ck_assert_ptr_null(strstr(shell.screen, "denied"));
	shell_end(&shell);
}
END_TEST

START_TEST(without_a_terminal_there_is_none)
{
	struct jail jail;
	pid_t pid;

	/* A session of its own has no controlling terminal. */
	pid = fork();
	if (pid == 0) {
		setsid();
		jail_code(&jail, NULL,
			  "import errno, os\n"
			  "try: open('/dev/tty')\n"
			  "except OSError as e: print(errno.errorcode[e.errno])\n");
		_exit(strcmp(jail.out, "ENXIO\n") != 0);
	}
	ck_assert_int_eq(live_wait(pid, PATIENCE_S), 0);
}
END_TEST

/* ---- pipelines ---- */

/* $PY stands for `python`. */
static void run_shell(struct jail *jail, const char *command, const char *python)
{
	setenv("PY", python, 1);
	jail_run_program(jail, "/bin/bash", NULL, 30, (const char *const[]){ "-c", command, NULL });
	ck_assert_msg(!jail->timed_out, "%s", command);
}

static const char *const pipelines[] = {
	"yes | $PY s.py | head -1; echo ${PIPESTATUS[*]}",
	"yes | $PY s.py | true; echo ${PIPESTATUS[*]}",
	"seq 3 | $PY s.py | tail -1; echo ${PIPESTATUS[*]}",
	"printf 'a\\nb' | $PY s.py | cat; echo ${PIPESTATUS[*]}",
	"yes | $PY -u -c 'import signal, sys\nsignal.signal(signal.SIGPIPE, signal.SIG_DFL)\n"
	"while True: sys.stdout.write(sys.stdin.readline())' | head -1; echo ${PIPESTATUS[*]}",
	"echo 'print(6 * 7)' | $PY -; echo $?",
	"$PY -c 'import sys; print(repr(sys.stdin.read()))' </dev/null; echo $?",
	"for i in 1 2 3; do $PY -c 'import os; os.kill(os.getpid(), 2)' || echo $?; done; echo on",
};

START_TEST(a_pipeline_ends_as_with_python)
{
	struct jail bare, jail;
	char python[256];

	jail_write_file("s.py", "import sys\nfor line in sys.stdin: print(line, end='')\n");
	snprintf(python, sizeof(python), "%s --python=/usr/bin/python3", jail_program);
	run_shell(&bare, pipelines[_i], "/usr/bin/python3");
	run_shell(&jail, pipelines[_i], python);
	ck_assert_str_eq(jail.out, bare.out);
	ck_assert_int_eq(jail.status, bare.status);
	ck_assert_int_eq(jail.signal, bare.signal);
	ck_assert(jail.wall_s < 10);
	ck_assert_ptr_null(strstr(jail.err, "pyjail: "));
	live_check_nothing_left(1);
}
END_TEST

/* ---- exit status ---- */

static const struct {
	const char *code;
	int status, signal;
} ends[] = {
	{ "pass", 0, 0 },
	{ "raise SystemExit(3)", 3, 0 },
	{ "raise SystemExit(255)", 255, 0 },
	{ "raise ValueError", 1, 0 },
	{ "import os; os._exit(124)", 124, 0 },
	{ "import os; os.abort()", 134, 0 },
	{ "import os; os.kill(os.getpid(), 9)", 137, 0 },
	{ "import os; os.kill(os.getpid(), 15)", 143, 0 },
	{ "import os; os.kill(os.getpid(), 13)", 0, 0 },    /* ignored by Python */
	{ "import os, signal as s; s.signal(13, s.SIG_DFL); os.kill(os.getpid(), 13)", 141, 0 },
	{ "import ctypes; ctypes.string_at(0)", 139, 0 },
	{ "raise KeyboardInterrupt", -1, SIGINT },
};

START_TEST(the_exit_status_is_the_scripts)
{
	struct jail jail;

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		jail_code(&jail, NULL, ends[i].code);
		ck_assert_msg(jail.status == ends[i].status && jail.signal == ends[i].signal,
			      "%s: status %d, signal %d", ends[i].code, jail.status, jail.signal);
		jail_free(&jail);
	}
}
END_TEST

static TCase *new_case(Suite *suite, const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, jail_setup, jail_teardown);
	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("terminal");
	TCase *tcase = new_case(suite, "keys");

	tcase_add_test(tcase, ctrl_c_reaches_the_script_once);
	tcase_add_test(tcase, ctrl_c_ends_pyjail_as_it_ends_python);
	tcase_add_test(tcase, ctrl_z_stops_and_fg_continues);
	tcase_add_test(tcase, a_script_that_stops_itself_is_a_stopped_job);
	tcase_add_test(tcase, nobody_goes_on_while_nobody_looks_at_the_limit);
	tcase = new_case(suite, "signals");
	tcase_add_loop_test(tcase, a_signal_to_pyjail_is_for_the_script, 0,
			    sizeof(signal_rows) / sizeof(signal_rows[0]));
	tcase_add_test(tcase, each_of_two_signals_arrives);
	tcase_add_test(tcase, a_lost_terminal_is_told_to_the_script);
	tcase = new_case(suite, "terminal");
	tcase_add_test(tcase, the_interactive_python_edits_lines);
	tcase_add_test(tcase, the_terminal_stays_one);
	tcase_add_test(tcase, without_a_terminal_there_is_none);
	tcase_add_test(tcase, the_exit_status_is_the_scripts);
	tcase_add_loop_test(tcase, a_pipeline_ends_as_with_python, 0,
			    sizeof(pipelines) / sizeof(pipelines[0]));
	return suite_run(suite);
}
