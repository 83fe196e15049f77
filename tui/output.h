/* SPDX-License-Identifier: Apache-2.0 */
/*
 * output.h: the Output view: the script's own terminal, in the screen.
 */
#ifndef TUI_OUTPUT_H
#define TUI_OUTPUT_H

#include <stdbool.h>

struct app;

int output_start(struct app *app);
void output_end(struct app *app);

/* The view has another size: the script's terminal, too. */
void output_fit(struct app *app);

/* What the script wrote, and keys that wait for it.  True: the screen shows something else now. */
bool output_take(struct app *app);

void paint_output(struct app *app);

#endif
