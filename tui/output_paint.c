/* SPDX-License-Identifier: Apache-2.0 */
/* output_paint.c: the Output view as it is drawn. */
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "tui/app.h"
#include "tui/draw.h"
#include "tui/output.h"

/* ---- cells ---- */

/* Without UTF-8 lines are still lines. */
static char ascii_of(uint32_t point)
{
	if (point == 0x2500 || point == 0x2501 || point == 0x2550)
		return '-';
	if (point == 0x2502 || point == 0x2503 || point == 0x2551)
		return '|';
	return point > 0x2500 && point < 0x2580 ? '+' : '?';
}

static bool has_width(uint32_t point, int width)
{
	return wcwidth((wchar_t)point) == width;
}

static bool marks_fit(const struct cell *cell)
{
	for (int i = 1; i < CELL_POINTS_MAX && cell->points[i]; i++)
		if (!has_width(cell->points[i], 0))
			return false;
	return true;
}

/*
 * The text of a cell in the cells that libvterm gave it.  Where the C library, and so curses, takes
 * a character for wider or narrower, something else stands for it: else the row would shift.
 */
static size_t put_cell(const struct cell *cell, char out[CELL_TEXT_MAX + 1])
{
	uint32_t point = cell->points[0];
	size_t length = 1;

	out[0] = (char)point;
	if (point >= 0x80 && !shown_is_utf8())
		out[0] = ascii_of(point);
	else if (point >= 0x80 && has_width(point, cell->width))
		length = marks_fit(cell) ? cell_text(cell, out) : cell_put_point(out, point);
	else if (point >= 0x80 && has_width(point, 1))
		length = cell_put_point(out, point);
	else if (point >= 0x80)
		out[0] = '?';
	else if (cell->points[1] && shown_is_utf8() && marks_fit(cell))
		length = cell_text(cell, out);
	if (cell->width == 2 && !(length > 1 && has_width(point, 2)))
		out[length++] = ' ';
	return length;
}

static bool look_alike(const struct cell *a, const struct cell *b)
{
	return a->looks == b->looks && a->fg == b->fg && a->bg == b->bg;
}

static void draw_run(int y, int x, const struct cell *look, const struct shown *text)
{
	const struct draw_cell cell = {
		.text = text, .fg = look->fg, .bg = look->bg,
		.is_bold = look->looks & CELL_BOLD,
		.is_underlined = look->looks & CELL_UNDERLINED,
		.is_reversed = look->looks & CELL_REVERSED,
	};

	if (text->cells > 0)
		draw_terminal_cell(y, x, &cell);
}

/* Cells that look alike are drawn at once. */
static void paint_row(const struct terminal *terminal, int row, int y, int columns)
{
	struct shown text = { .text = "", .cells = 0 };
	struct cell look = cell_blank;
	size_t used = 0;
	int x = 0;

	for (int column = 0; column < columns; column++) {
		struct cell cell;

		terminal_cell(terminal, row, column, &cell);
		if (cell.width == 0)
			continue;
		if (!look_alike(&cell, &look) || used + CELL_TEXT_MAX + 2 > sizeof(text.text)) {
			draw_run(y, x, &look, &text);
			x += text.cells;
			text.cells = 0;
			used = 0;
		}
		/* Half of a wide character, at the edge of a screen that became narrower. */
		if (column + cell.width > columns)
			cell = cell_blank;
		look = cell;
		used += put_cell(&cell, text.text + used);
		text.text[used] = '\0';
		text.cells += cell.width;
	}
	draw_run(y, x, &look, &text);
}

/* ---- the rule above ---- */

static void put_left(const struct output *output, struct shown *left, int cells)
{
	char title[256];

	if (terminal_title(output->console.terminal, title, sizeof(title)) > 0)
		shown_format(left, cells, "the script's terminal: %s", title);
	else
		shown_format(left, cells, "the script's terminal");
}

static void put_right(const struct app *app, struct shown *right, int cells)
{
	const struct output *output = app->output;

	if (app->mode == MODE_FOCUS && app->questions.count)
		shown_format(right, cells, "A QUESTION WAITS   Ctrl-] and it is shown");
	else if (app->mode == MODE_FOCUS)
		shown_format(right, cells, "KEYS GO TO THE SCRIPT   Ctrl-] back");
	else if (output->is_back)
		shown_format(right, cells, "%d lines back   G newest", -output_first(output));
	else if (output->console.pty.has_ended)
		shown_format(right, cells, "closed");
	else
		shown_format(right, cells, "i type");
}

static void paint_rule(const struct app *app)
{
	int cells = app->layout.columns;
	struct shown left, right;

	put_right(app, &right, cells - 10);
	put_left(app->output, &left, cells - right.cells - 10);
	draw_rule(app->layout.body_y, 0, cells, &left, &right);
	if (app->mode == MODE_FOCUS && right.cells + left.cells + 10 <= cells)
		draw_look(app->layout.body_y, cells - 3 - right.cells, right.cells,
			  app->questions.count ? MEANING_ASKED : MEANING_SELECTED);
}

/* ---- all of it ---- */

static void paint_cursor(const struct app *app, int first, int rows)
{
	int row, column;
	bool is_visible;

	terminal_cursor(app->output->console.terminal, &row, &column, &is_visible);
	row -= first;
	if (row >= rows)
		row = rows - 1;
	/* A hidden one is still where screen readers look. */
	draw_cursor(app->layout.body_y + 1 + row, column,
		    is_visible && app->mode == MODE_FOCUS);
}

void paint_output(struct app *app)
{
	int rows = app->layout.body_rows - 1, first;

	if (!app->output) {
		draw_format(app->layout.body_y + 1, 2, app->layout.columns - 4, MEANING_DIM,
			    "A record does not hold what the script printed.");
		return;
	}
	first = output_first(app->output);
	paint_rule(app);
	for (int i = 0; i < rows; i++)
		paint_row(app->output->console.terminal, first + i, app->layout.body_y + 1 + i,
			  app->layout.columns);
	paint_cursor(app, first, rows);
}
