/* SPDX-License-Identifier: Apache-2.0 */
/* draw.c: see draw.h. */
#include "tui/draw.h"

#include <ncurses.h>
#include <stdarg.h>
#include <stdio.h>

/* Both have one cell each. */
static const char *const glyphs[GLYPHS][2] = {
	[GLYPH_HORIZONTAL] = { "\xe2\x94\x80", "-" },
	[GLYPH_VERTICAL] = { "\xe2\x94\x82", "|" },
	[GLYPH_CORNER_TOP_LEFT] = { "\xe2\x94\x8c", "+" },
	[GLYPH_CORNER_TOP_RIGHT] = { "\xe2\x94\x90", "+" },
	[GLYPH_CORNER_BOTTOM_LEFT] = { "\xe2\x94\x94", "+" },
	[GLYPH_CORNER_BOTTOM_RIGHT] = { "\xe2\x94\x98", "+" },
	[GLYPH_BAR] = { "\xe2\x96\x88", "#" },
	[GLYPH_TREE] = { "\xe2\x94\x94", "`" },
	[GLYPH_FEW] = { ".", "." },
	[GLYPH_SOME] = { ":", ":" },
	[GLYPH_MANY] = { "|", "|" },
};

static bool ascii = true;

void draw_set_ascii(bool is_ascii)
{
	ascii = is_ascii;
}

const char *draw_glyph(enum glyph glyph)
{
	return glyphs[glyph][ascii];
}

int draw_rows(void)
{
	return LINES;
}

int draw_columns(void)
{
	return COLS;
}

void draw_erase(void)
{
	erase();
}

void draw_blank(int y, int x, int rows, int cells)
{
	if (x < 0 || x >= COLS || cells <= 0)
		return;
	for (int i = 0; i < rows && y + i < LINES; i++)
		if (y + i >= 0)
			mvhline(y + i, x, ' ', cells < COLS - x ? cells : COLS - x);
}

void draw_shown(int y, int x, enum theme_meaning meaning, const struct shown *shown)
{
	struct shown cut;

	if (y < 0 || y >= LINES || x < 0 || x >= COLS || !shown->cells)
		return;
	/* What does not fit would wrap into the next row. */
	if (shown->cells > COLS - x) {
		shown_cut(&cut, shown, COLS - x);
		shown = &cut;
	}
	attrset(theme_attributes(meaning));
	mvaddstr(y, x, shown->text);
	attrset(A_NORMAL);
}

void draw_text(int y, int x, int cells, enum theme_meaning meaning, const char *bytes)
{
	struct shown shown;

	shown_text(&shown, bytes, cells);
	draw_shown(y, x, meaning, &shown);
}

void draw_middle(int y, int x, int cells, enum theme_meaning meaning, const char *bytes)
{
	struct shown shown;

	shown_middle(&shown, bytes, cells);
	draw_shown(y, x, meaning, &shown);
}

void draw_format(int y, int x, int cells, enum theme_meaning meaning, const char *format, ...)
{
	char text[SHOWN_MAX];
	struct shown shown;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	shown_format(&shown, cells, "%s", text);
	draw_shown(y, x, meaning, &shown);
}

void draw_look(int y, int x, int cells, enum theme_meaning meaning)
{
	attr_t attributes = (attr_t)theme_attributes(meaning);

	if (y < 0 || y >= LINES || x < 0 || x >= COLS)
		return;
	mvchgat(y, x, cells, attributes & A_ATTRIBUTES & ~A_COLOR,
		(short)PAIR_NUMBER(theme_attributes(meaning)), NULL);
}

static void put_line(int y, int x, int cells)
{
	struct shown glyph;

	shown_format(&glyph, 1, "%s", draw_glyph(GLYPH_HORIZONTAL));
	for (int i = 0; i < cells; i++)
		draw_shown(y, x + i, MEANING_RULE, &glyph);
}

/* Two words on a line, the right one only where both fit. */
static void put_words(int y, int x, int cells, const struct shown *left, const struct shown *right)
{
	int used = left && left->cells ? left->cells + 2 : 0;

	if (used) {
		draw_blank(y, x + 2, 1, used);
		draw_shown(y, x + 3, MEANING_TITLE, left);
	}
	if (right && right->cells && used + right->cells + 8 <= cells) {
		draw_blank(y, x + cells - 4 - right->cells, 1, right->cells + 2);
		draw_shown(y, x + cells - 3 - right->cells, MEANING_DIM, right);
	}
}

void draw_rule(int y, int x, int cells, const struct shown *left, const struct shown *right)
{
	if (y < 0 || y >= LINES)
		return;
	put_line(y, x, cells);
	put_words(y, x, cells, left, right);
}

static void put_glyph(int y, int x, enum glyph glyph)
{
	struct shown shown;

	shown_format(&shown, 1, "%s", draw_glyph(glyph));
	draw_shown(y, x, MEANING_BOX, &shown);
}

void draw_box(int y, int x, int rows, int cells, const struct shown *left,
	      const struct shown *right)
{
	draw_blank(y, x, rows, cells);
	put_line(y, x + 1, cells - 2);
	put_line(y + rows - 1, x + 1, cells - 2);
	for (int i = 1; i < rows - 1; i++) {
		put_glyph(y + i, x, GLYPH_VERTICAL);
		put_glyph(y + i, x + cells - 1, GLYPH_VERTICAL);
	}
	put_glyph(y, x, GLYPH_CORNER_TOP_LEFT);
	put_glyph(y, x + cells - 1, GLYPH_CORNER_TOP_RIGHT);
	put_glyph(y + rows - 1, x, GLYPH_CORNER_BOTTOM_LEFT);
	put_glyph(y + rows - 1, x + cells - 1, GLYPH_CORNER_BOTTOM_RIGHT);
	put_words(y, x, cells, left, right);
}

void draw_terminal_cell(int y, int x, const struct draw_cell *cell)
{
	int attributes = A_NORMAL;

	if (y < 0 || y >= LINES || x < 0 || x >= COLS || cell->text->cells > COLS - x)
		return;
	attributes |= cell->is_bold || cell->fg >= 8 ? (int)A_BOLD : 0;
	attributes |= cell->is_underlined ? (int)A_UNDERLINE : 0;
	attributes |= cell->is_reversed || cell->bg >= 0 ? (int)A_REVERSE : 0;
	/* A background becomes a reversed foreground: eight pairs are all that is needed. */
	if (has_colors() && (cell->bg >= 0 || cell->fg >= 0))
		attributes |= COLOR_PAIR((cell->bg >= 0 ? cell->bg : cell->fg) % 8 + 1);
	attrset(attributes);
	mvaddstr(y, x, cell->text->text);
	attrset(A_NORMAL);
}

static int cursor_y, cursor_x;

void draw_cursor(int y, int x, bool is_visible)
{
	curs_set(is_visible);
	cursor_y = y < 0 ? 0 : y;
	cursor_x = x < 0 ? 0 : x;
}

void draw_end(void)
{
	move(cursor_y < LINES ? cursor_y : LINES - 1, cursor_x < COLS ? cursor_x : COLS - 1);
}
