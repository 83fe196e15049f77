/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen.h: the terminal: taken, given back, read from.
 *
 * Given back on every way out: at the end, and by a handler of the signals that end a process,
 * which only calls write and tcsetattr.
 */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

#include "base/fail.h"
#include "tui/theme.h"

struct screen_style {
	enum theme_scheme scheme;
	bool is_ascii;
	const char *term;       /* NULL: as TERM says */
	FILE *in, *out;         /* NULL: standard input and output */
	int rows, columns;      /* 0: as the terminal says; for tests */
};

int screen_start(const struct screen_style *style, struct fault *ret_fault);
void screen_end(void);

/* For a while, to print plainly: screen_resume takes it back. */
void screen_suspend(void);
void screen_resume(void);

/* A key (keys.h), or KEY_NONE when none waits; KEY_RESIZE was dealt with: *ret_resized. */
int screen_key(bool *ret_resized);

/* Of the KEY_CLICK that came last. */
int screen_clicked_row(void);

/* Throws away what was typed. */
void screen_flush_input(void);

void screen_refresh(void);
void screen_redraw(void);       /* all of it, whatever the terminal shows */
void screen_bell(void);
void screen_set_mouse(bool is_on);

/* A row of the screen as text of the locale, without blanks at its end; for tests and printing. */
void screen_row(int y, char *out, size_t size);

#endif
