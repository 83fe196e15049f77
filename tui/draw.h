/* SPDX-License-Identifier: Apache-2.0 */
/*
 * draw.h: the only file that puts text on the screen, and it takes struct shown only.
 *
 * Coordinates are cells of the whole screen; what would lie outside of it is cut or left out.
 * Needs a started screen (screen.h).
 */
#ifndef TUI_DRAW_H
#define TUI_DRAW_H

#include <stdbool.h>

#include "tui/shown.h"
#include "tui/theme.h"

/* Characters of lines and marks, each with an ASCII twin. */
enum glyph { GLYPH_HORIZONTAL, GLYPH_VERTICAL, GLYPH_CORNER_TOP_LEFT, GLYPH_CORNER_TOP_RIGHT,
	     GLYPH_CORNER_BOTTOM_LEFT, GLYPH_CORNER_BOTTOM_RIGHT, GLYPH_BAR, GLYPH_TREE,
	     GLYPH_FEW, GLYPH_SOME, GLYPH_MANY, GLYPHS };

void draw_set_ascii(bool is_ascii);
const char *draw_glyph(enum glyph glyph);

int draw_rows(void);
int draw_columns(void);

void draw_erase(void);
void draw_blank(int y, int x, int rows, int cells);

void draw_shown(int y, int x, enum theme_meaning meaning, const struct shown *shown);

/* Anybody's bytes: cut at the end, or in the middle. */
void draw_text(int y, int x, int cells, enum theme_meaning meaning, const char *bytes);
void draw_middle(int y, int x, int cells, enum theme_meaning meaning, const char *bytes);

/* Our own words. */
void draw_format(int y, int x, int cells, enum theme_meaning meaning, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* Gives cells that are drawn already another look: a selected row. */
void draw_look(int y, int x, int cells, enum theme_meaning meaning);

/* `-- left ------- right --` over `cells`; either may be NULL. */
void draw_rule(int y, int x, int cells, const struct shown *left, const struct shown *right);

/* A frame, empty inside, with words in its upper edge. */
void draw_box(int y, int x, int rows, int cells, const struct shown *left,
	      const struct shown *right);

/* One cell of a terminal in the terminal (tui/terminal.h), its text already cleaned. */
struct draw_cell {
	const struct shown *text;
	short fg, bg;           /* 0-15; -1: the terminal's own */
	bool is_bold, is_underlined, is_reversed;
};
void draw_terminal_cell(int y, int x, const struct draw_cell *cell);

/* Where the hardware cursor rests: what screen readers follow. */
void draw_cursor(int y, int x, bool is_visible);

/* When all is drawn: drawing took the cursor along. */
void draw_end(void);

#endif
