/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shown.h: text that is safe to put on a screen, with the cells it takes.
 *
 * The only type that draw.h draws, and the only way to make one escapes what base/text.h calls not
 * plain: no byte of a script reaches the terminal otherwise.  Widths are wcwidth's; at most two
 * combining marks stay on a cell.  In a locale that is not UTF-8 every byte above 0x7f is escaped.
 */
#ifndef TUI_SHOWN_H
#define TUI_SHOWN_H

#include <stdbool.h>
#include <stddef.h>

#define SHOWN_MAX 2048          /* bytes: 500 cells of 4 bytes */
#define SHOWN_CELLS_MAX 500

struct shown {
	char text[SHOWN_MAX];
	int cells;
};

/* Once, after setlocale: whether characters above 0x7f may be drawn at all. */
void shown_set_utf8(bool is_utf8);
bool shown_is_utf8(void);

/* Bytes of anybody's, cut behind at most `cells`, which `..` marks.  NULL: "". */
void shown_text(struct shown *shown, const char *bytes, int cells);

/* The same, but a text that is too long loses its middle: of a path the file's name stays. */
void shown_middle(struct shown *shown, const char *bytes, int cells);

/* Our own words, made by printf; what a script chose goes in with shown_add only. */
void shown_format(struct shown *shown, int cells, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts `more` behind, cut so that at most `cells` are taken in all. */
void shown_add(struct shown *shown, const char *bytes, int cells);
void shown_add_format(struct shown *shown, int cells, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
