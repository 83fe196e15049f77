/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal.h: the terminal that the script writes to, inside pyjail's screen.  No curses here.
 *
 * Takes any bytes.  tui/sieve.h lets through what is harmless; libvterm puts it on a screen; what
 * scrolls off its top is kept, bounded.  Memory is bounded whatever is fed, and so is what the
 * terminal has to say: keys that were typed, and answers to the script's questions.
 *
 * Rows: 0 and up are the screen, -1 is the line that left it last, terminal_first_row() the oldest.
 */
#ifndef TUI_TERMINAL_H
#define TUI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/cell.h"

/* Sizes are brought into these bounds; see terminal_size. */
#define TERMINAL_ROWS_MIN 2
#define TERMINAL_ROWS_MAX 500
#define TERMINAL_COLUMNS_MIN 2
#define TERMINAL_COLUMNS_MAX 1000

/* Room for any line as text. */
#define TERMINAL_LINE_MAX (TERMINAL_COLUMNS_MAX * CELL_POINTS_MAX * 4 + 1)
/* Bytes that wait to be taken; of them answers to the script may fill this much. */
#define TERMINAL_OUTPUT_MAX 4096
#define TERMINAL_ANSWERS_MAX 512

enum terminal_key { TERMINAL_KEY_NONE, TERMINAL_KEY_ENTER, TERMINAL_KEY_TAB, TERMINAL_KEY_BACKSPACE,
		    TERMINAL_KEY_ESCAPE, TERMINAL_KEY_UP, TERMINAL_KEY_DOWN, TERMINAL_KEY_LEFT,
		    TERMINAL_KEY_RIGHT, TERMINAL_KEY_INSERT, TERMINAL_KEY_DELETE,
		    TERMINAL_KEY_HOME, TERMINAL_KEY_END, TERMINAL_KEY_PAGE_UP,
		    TERMINAL_KEY_PAGE_DOWN,
		    TERMINAL_KEY_F0 };   /* F1 to F12: TERMINAL_KEY_F0 + n */

#define TERMINAL_SHIFT 1u
#define TERMINAL_ALT 2u
#define TERMINAL_CONTROL 4u

struct terminal;

int terminal_new(int rows, int columns, struct terminal **ret_terminal);
void terminal_free(struct terminal *terminal);

/* What the script wrote. */
void terminal_feed(struct terminal *terminal, const char *bytes, size_t length);

void terminal_resize(struct terminal *terminal, int rows, int columns);
void terminal_size(const struct terminal *terminal, int *ret_rows, int *ret_columns);

/* What stands there; outside of what there is, a blank. */
void terminal_cell(const struct terminal *terminal, int row, int column, struct cell *ret_cell);

int terminal_first_row(const struct terminal *terminal);   /* 0 or less */
int terminal_end_row(const struct terminal *terminal);     /* behind the last one with text */
uint64_t terminal_lines_dropped(const struct terminal *terminal);

/* The text of a row as UTF-8, without blanks at its end, whole characters; returns its bytes. */
size_t terminal_line(const struct terminal *terminal, int row, char *out, size_t size);

void terminal_cursor(const struct terminal *terminal, int *ret_row, int *ret_column,
		     bool *ret_is_visible);

/* The title that the script set, in its shown form; always NUL-terminated when size > 0. */
size_t terminal_title(const struct terminal *terminal, char *out, size_t size);

bool terminal_is_alternate(const struct terminal *terminal);
uint64_t terminal_bells(const struct terminal *terminal);

/*
 * Keys and characters typed by the user, as the script expects to read them.  A control character
 * is itself.  What does not fit into the output is left out whole, and counted.
 */
void terminal_key(struct terminal *terminal, enum terminal_key key, unsigned modifiers);
void terminal_text(struct terminal *terminal, uint32_t point, unsigned modifiers);
uint64_t terminal_keys_dropped(const struct terminal *terminal);

/* Whether the script wants to know what is pasted; the brackets, which are empty if it does not. */
bool terminal_pastes_are_bracketed(const struct terminal *terminal);
void terminal_paste_begin(struct terminal *terminal);
void terminal_paste_end(struct terminal *terminal);

/* Moves at most `size` bytes for the script out; returns how many. */
size_t terminal_take_output(struct terminal *terminal, char *out, size_t size);

#endif
