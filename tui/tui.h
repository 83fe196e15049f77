/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tui.h: the live screen, and the same screens for a recorded run.  What the top folder calls.
 */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include <stdbool.h>

#include "base/fail.h"

struct ring;

enum tui_color { TUI_COLOR_AUTO, TUI_COLOR_ALWAYS, TUI_COLOR_NEVER, TUI_COLOR_CONTRAST };

struct tui_config {
	/* A live run: all three.  The screen closes none of them. */
	struct ring *ring;
	int wire;               /* tracer/events/wire.h */
	int pty;                /* master of the script's terminal */
	/* Or a record (ring NULL). */
	int record;
	const char *name;       /* of the record, as the user wrote it */
	bool follows;           /* it is still being written */

	const char *record_name;/* a live run: where it is recorded; NULL: nowhere */
	const char *policy_file;/* where a rule is written to; NULL: pyjail.policy */
	enum tui_color color;
	bool is_ascii, has_no_bell;
};

/* How the person left. */
enum tui_end {
	TUI_OVER,               /* the run was over, or there was none */
	TUI_LEFT,               /* the script is to run on without a screen */
	TUI_KILLED              /* the tracer was told to kill the script */
};

/* Negative errno with a fault: there was no screen.  The terminal is as it was, whatever happened. */
int tui_run(const struct tui_config *config, enum tui_end *ret_end, struct fault *ret_fault);

#endif
