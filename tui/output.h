/* SPDX-License-Identifier: Apache-2.0 */
/*
 * output.h: the Output view: the script's own terminal (tui/console.h), in the screen.
 *
 * It is read whatever view is shown: a script whose terminal is full would wait.  Keys reach the
 * script in MODE_FOCUS only, and Ctrl-] always leads back.  A record holds no output; then there is
 * no struct output, and the view says so.
 */
#ifndef TUI_OUTPUT_H
#define TUI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tui/console.h"
#include "tui/keys.h"

struct app;

struct output {
	struct console console;
	bool is_back;           /* scrolled back: the rows shown stay the same */
	int64_t top;            /* then: number of the first row, from the first line ever on */
};

int output_start(struct app *app);
void output_end(struct app *app);

/* The view has another size: the script's terminal, too. */
void output_fit(struct app *app);

/* What the script wrote, and keys that wait for it.  True: the screen shows something else now. */
bool output_take(struct app *app);

/* For poll(2): the descriptor, or -1, and what to wait for. */
int output_poll(const struct app *app, short *ret_events);

/* Keys of the view when they do not go to the script. */
void output_act(struct app *app, enum action action);

/* All that is left of it, as plain text; returns the lines, or a negative errno. */
long output_write(const struct app *app, FILE *out);

/* The row of the terminal that stands first: below 0 when scrolled back. */
int output_first(const struct output *output);

#endif
