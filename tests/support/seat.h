/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seat.h: a shell in a terminal that starts pyjail's screen, and what the terminal is like before
 * and after it.
 *
 * The shell says "before the screen", then "status N", and from then on "got LINE" for each line.
 */
#ifndef TESTS_SUPPORT_SEAT_H
#define TESTS_SUPPORT_SEAT_H

#include "tests/support/tmux.h"

#define SEAT_PATIENCE_S 30

struct seat {
	struct tmux tmux;
	pid_t screen;            /* pyjail's first process, which owns the terminal */
};

/* pyjail with these words (NULL ends), in an environment with `setting` ("A=b"; NULL: nothing). */
void seat_start(struct seat *seat, int columns, int rows, const char *setting,
		const char *const words[]);

/*
 * It has ended with this status, and the terminal is what it was: modes, main screen with what
 * stood there, cursor, keypad, no mouse, and what is typed is shown.  `was_resized`: the modes alone.
 */
void seat_check_over(struct seat *seat, int status, bool was_resized);

void seat_end(struct seat *seat);

#endif
