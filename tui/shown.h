/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shown.h: text that is safe to put on a screen, with the cells it takes.
 *
 * The only type that draw.h draws, and whatever makes one escapes what base/text.h calls not
 * plain: no byte of a script reaches the terminal otherwise.  Widths are wcwidth's, and what has
 * none is escaped; at most two combining marks stay on a cell.  In a locale that is not UTF-8 every
 * character above 0x7f is escaped.  Only output_paint.c makes others, from cells that terminal.c has
 * looked at one by one.
 */
#ifndef TUI_SHOWN_H
#define TUI_SHOWN_H

#include <stdbool.h>
#include <stddef.h>

#define SHOWN_CELLS_MAX 500
/* Bytes: on each cell a character and two marks, of four bytes each; so that nothing is lost. */
#define SHOWN_MAX (12 * SHOWN_CELLS_MAX + 16)

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

/* Our own words, made by printf, and escaped all the same: of a script's, shown_add cuts better. */
void shown_format(struct shown *shown, int cells, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What stands there already, cut again; `shown` and `from` may be the same. */
void shown_cut(struct shown *shown, const struct shown *from, int cells);

/* Puts more behind, cut so that at most `cells` are taken in all. */
void shown_add(struct shown *shown, const char *bytes, int cells);
void shown_add_format(struct shown *shown, int cells, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
