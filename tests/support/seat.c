/* SPDX-License-Identifier: Apache-2.0 */
/* seat.c: see seat.h. */
#include "tests/support/seat.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/live.h"

#define WORDS_MAX 32

/* exec, so that the process that is written down is pyjail's own. */
static const char shell[] =
	"stty -a >stty.before; stty -g >modes.before\n"
	"echo before the screen\n"
	"sh -c 'echo $$ >pid.new; mv pid.new screen.pid; exec \"$@\"' sh \"$@\"\n"
	"status=$?\n"
	"stty -a >stty.after; stty -g >modes.after\n"
	"echo status $status\n"
	"while read line; do echo \"got $line\"; done\n";

void seat_start(struct seat *seat, int columns, int rows, const char *setting,
		const char *const words[])
{
	const char *command[WORDS_MAX] = { "sh", "seat.sh", "env" };
	int n = 3;

	memset(seat, 0, sizeof(*seat));
	jail_write_file("seat.sh", shell);
	/* The tests' own wishes about colours must not reach it. */
	command[n++] = setting ? setting : "PYJAIL_TEST=";
	command[n++] = jail_program;
	for (int i = 0; words[i] && n < WORDS_MAX - 1; i++)
		command[n++] = words[i];
	unsetenv("NO_COLOR");
	tmux_start(&seat->tmux, columns, rows, command);
	live_wait_for_file("screen.pid", SEAT_PATIENCE_S);
	seat->screen = (pid_t)atoi(jail_read_file("screen.pid"));
	ck_assert_int_gt(seat->screen, 1);
}

static void check_same(const char *before, const char *after)
{
	char *text = strdup(jail_read_file(before));

	ck_assert_ptr_nonnull(text);
	ck_assert_str_eq(jail_read_file(after), text);
	free(text);
}

void seat_check_over(struct seat *seat, int status, bool was_resized)
{
	char said[32];

	snprintf(said, sizeof(said), "status %d", status);
	tmux_expect(&seat->tmux, "status ", SEAT_PATIENCE_S);
	tmux_expect(&seat->tmux, said, 1);
	check_same("modes.before", "modes.after");
	if (!was_resized) {
		check_same("stty.before", "stty.after");
		ck_assert_ptr_nonnull(strstr(tmux_look(&seat->tmux), "before the screen"));
	}
	ck_assert_str_eq(tmux_ask(&seat->tmux, "#{alternate_on}"), "0");
	ck_assert_str_eq(tmux_ask(&seat->tmux, "#{cursor_flag}"), "1");
	ck_assert_str_eq(tmux_ask(&seat->tmux, "#{keypad_cursor_flag}"), "0");
	ck_assert_str_eq(tmux_ask(&seat->tmux, "#{mouse_any_flag}"), "0");
	tmux_type(&seat->tmux, "a line");
	tmux_expect(&seat->tmux, "a line", SEAT_PATIENCE_S);
	tmux_key(&seat->tmux, "Enter");
	tmux_expect(&seat->tmux, "got a line", SEAT_PATIENCE_S);
}

void seat_end(struct seat *seat)
{
	tmux_end(&seat->tmux);
}
