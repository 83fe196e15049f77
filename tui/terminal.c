/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal.c: see terminal.h.
 *
 * libvterm is called with what both 0.1 and 0.3 have.  Of its weaknesses those that bytes can reach
 * are kept off by the sieve; here those of memory and size:
 * - it does not look at what malloc returns (CVE-2018-20786), so its allocator never returns NULL;
 * - it writes a wide character behind a screen of one column, so there are two at least;
 * - when it shrinks, 0.1.4 moves the cursor above the first row (neovim issue 16699), and 0.3.3 too
 *   keeps margins and a saved cursor outside of the screen (state.c, on_resize): see
 *   terminal_resize.
 */
#include "tui/terminal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tui/ahead.h"
#include "tui/marks.h"
#include "tui/terminal_own.h"

#define REPLACEMENT 0xfffd
/* Behind a wide character libvterm has this. */
#define RIGHT_HALF ((uint32_t)-1)

static void *allocate(size_t size, void *unused)
{
	void *p = calloc(1, size);

	(void)unused;
	if (!p)
		abort();
	return p;
}

static void release(void *p, void *unused)
{
	(void)unused;
	free(p);
}

static VTermAllocatorFunctions allocator = { .malloc = allocate, .free = release };

static int8_t color_of(const VTermColor *color)
{
	if (VTERM_COLOR_IS_DEFAULT_FG(color) || VTERM_COLOR_IS_DEFAULT_BG(color) ||
	    !VTERM_COLOR_IS_INDEXED(color) || color->indexed.idx > 15)
		return -1;
	return (int8_t)color->indexed.idx;
}

static uint8_t looks_of(const VTermScreenCellAttrs *attrs)
{
	return (uint8_t)((attrs->bold ? CELL_BOLD : 0) | (attrs->underline ? CELL_UNDERLINED : 0) |
			 (attrs->reverse ? CELL_REVERSED : 0));
}

/* The sieve let only plain points through; this is the second look at them. */
static void copy_points(struct cell *out, const uint32_t *chars)
{
	size_t used = 1;

	out->points[0] = text_is_plain(chars[0]) && !mark_is(chars[0]) ? chars[0] : REPLACEMENT;
	for (size_t i = 1; i < VTERM_MAX_CHARS_PER_CELL && chars[i]; i++)
		if (used < CELL_POINTS_MAX && text_is_plain(chars[i]) && mark_is(chars[i]))
			out->points[used++] = chars[i];
}

static bool has_text(const VTermScreenCell *cell)
{
	return cell && cell->chars[0] != 0 && cell->chars[0] != RIGHT_HALF;
}

/* Widths of a row always add up: a half whose other half was written over is a blank. */
static void convert(const VTermScreenCell *left, const VTermScreenCell *in, struct cell *out)
{
	*out = cell_blank;
	out->fg = color_of(&in->fg);
	out->bg = color_of(&in->bg);
	out->looks = looks_of(&in->attrs);
	if (has_text(in)) {
		out->width = in->width == 2 ? 2 : 1;
		copy_points(out, in->chars);
	} else if (in->chars[0] == RIGHT_HALF && has_text(left)) {
		out->width = 0;
	}
}

/* Nothing to see, nor to keep. */
static bool is_empty(const VTermScreenCell *cell)
{
	return cell->chars[0] == 0 && !cell->attrs.reverse && !cell->attrs.underline &&
	       VTERM_COLOR_IS_DEFAULT_BG(&cell->bg);
}

static int push_line(int columns, const VTermScreenCell *cells, void *user)
{
	struct terminal *terminal = user;

	if (columns > TERMINAL_COLUMNS_MAX)
		columns = TERMINAL_COLUMNS_MAX;
	while (columns > 0 && is_empty(&cells[columns - 1]))
		columns--;
	for (int i = 0; i < columns; i++)
		convert(i ? &cells[i - 1] : NULL, &cells[i], &terminal->line[i]);
	scrollback_push(&terminal->scrollback, terminal->line, (size_t)columns);
	return 1;
}

static int set_property(VTermProp property, VTermValue *value, void *user)
{
	struct terminal *terminal = user;

	if (property == VTERM_PROP_CURSORVISIBLE)
		terminal->cursor_is_visible = value->boolean;
	else if (property == VTERM_PROP_ALTSCREEN)
		terminal->is_alternate = value->boolean;
	return 1;
}

static int ring_bell(void *user)
{
	((struct terminal *)user)->bells++;
	return 1;
}

static const VTermScreenCallbacks callbacks = {
	.settermprop = set_property,
	.bell = ring_bell,
	.sb_pushline = push_line,
};

static void to_library_string(struct terminal *terminal, const char *string)
{
	vterm_input_write(terminal->vterm, string, strlen(string));
}

/* Empty cells look like what was never written. */
static bool blanks_are_plain(const struct terminal *terminal)
{
	VTermValue reversed, underline, background;

	vterm_state_get_penattr(terminal->state, VTERM_ATTR_REVERSE, &reversed);
	vterm_state_get_penattr(terminal->state, VTERM_ATTR_UNDERLINE, &underline);
	vterm_state_get_penattr(terminal->state, VTERM_ATTR_BACKGROUND, &background);
	return !reversed.boolean && !underline.number &&
	       VTERM_COLOR_IS_DEFAULT_BG(&background.color);
}

/*
 * Scrolls for several of the line feeds of a run, and goes up as many rows; returns the bytes to
 * write then, up to the line feed that brings the cursor to the bottom.  0: nothing was done.
 * Rows above the cursor only: those from it on are yet to be written.
 */
static size_t scroll_ahead(struct terminal *terminal, const char *bytes, size_t run, size_t feeds)
{
	VTermPos cursor;
	int below, scrolls;
	char move[48];

	vterm_state_get_cursorpos(terminal->state, &cursor);
	below = terminal->rows - 1 - cursor.row;
	scrolls = (int)feeds - below;
	if (scrolls > cursor.row)
		scrolls = cursor.row;
	/* On the last two cells a wrap may be due; a mark may belong to what stands before. */
	if (scrolls < 2 || cursor.col >= terminal->columns - 2 || bytes[0] & 0x80)
		return 0;
	snprintf(move, sizeof(move), "\x1b[%dS\x1b[%dA", scrolls, scrolls);
	to_library_string(terminal, move);
	return ahead_feeds(bytes, run, (size_t)below + (size_t)scrolls);
}

/* What passed the sieve, at most SIEVE_OUT_MAX bytes. */
static void to_library(void *user, const char *bytes, size_t length)
{
	struct terminal *terminal = user;

	while (length > 0) {
		size_t feeds = 0, run = 0, step = 0;

		if (!terminal->sieve.has_margins)
			run = ahead_run(bytes, length, blanks_are_plain(terminal), &feeds);
		if (feeds > 2)
			step = scroll_ahead(terminal, bytes, run, feeds);
		if (step == 0)   /* try again at the next line */
			step = feeds > 2 || run == 0 ? ahead_feeds(bytes, length, 1) : run;
		vterm_input_write(terminal->vterm, bytes, step);
		bytes += step;
		length -= step;
	}
}

static int bounded(int n, int least, int most)
{
	return n < least ? least : n > most ? most : n;
}

static void set_size(struct terminal *terminal, int rows, int columns)
{
	terminal->rows = bounded(rows, TERMINAL_ROWS_MIN, TERMINAL_ROWS_MAX);
	terminal->columns = bounded(columns, TERMINAL_COLUMNS_MIN, TERMINAL_COLUMNS_MAX);
	terminal->sieve.columns = terminal->columns;
}

static void start_library(struct terminal *terminal)
{
	terminal->vterm = vterm_new_with_allocator(terminal->rows, terminal->columns, &allocator,
						   NULL);
	vterm_set_utf8(terminal->vterm, 1);
	vterm_output_set_callback(terminal->vterm, terminal_add_output, terminal);
	terminal->screen = vterm_obtain_screen(terminal->vterm);
	terminal->state = vterm_obtain_state(terminal->vterm);
	vterm_screen_enable_altscreen(terminal->screen, 1);
	vterm_screen_set_callbacks(terminal->screen, &callbacks, terminal);
	vterm_screen_reset(terminal->screen, 1);
	/* What libvterm saved before anything is saved is black on black. */
	to_library_string(terminal, "\x1b[?1048h");
}

int terminal_new(int rows, int columns, struct terminal **ret_terminal)
{
	struct terminal *terminal = malloc(sizeof(*terminal));

	if (!terminal)
		return -ENOMEM;
	memset(terminal, 0, sizeof(*terminal));
	scrollback_init(&terminal->scrollback);
	sieve_init(&terminal->sieve, to_library, terminal);
	set_size(terminal, rows, columns);
	start_library(terminal);
	*ret_terminal = terminal;
	return 0;
}

void terminal_free(struct terminal *terminal)
{
	if (!terminal)
		return;
	vterm_free(terminal->vterm);
	scrollback_free(&terminal->scrollback);
	free(terminal);
}

void terminal_feed(struct terminal *terminal, const char *bytes, size_t length)
{
	sieve_feed(&terminal->sieve, bytes, length);
}

static void move_cursor(struct terminal *terminal, int row, int column)
{
	char move[32];

	snprintf(move, sizeof(move), "\x1b[%d;%dH", row + 1, column + 1);
	to_library_string(terminal, move);
}

/* Rows that libvterm takes off the top to show all down to the cursor and the last text. */
static int rows_to_lose(const struct terminal *terminal, int new_rows, int cursor)
{
	VTermPos pos = { .row = terminal->rows - 1, .col = 0 };

	if (terminal->is_alternate)
		return 0;
	while (pos.row >= new_rows && pos.row != cursor &&
	       vterm_screen_is_eol(terminal->screen, pos))
		pos.row--;
	return pos.row >= new_rows ? pos.row + 1 - new_rows : 0;
}

/*
 * Margins go, as in xterm, since libvterm keeps them outside of a smaller screen; so does the saved
 * cursor.  The cursor goes down first where its row is going to be lost.
 */
void terminal_resize(struct terminal *terminal, int rows, int columns)
{
	int old_rows = terminal->rows, old_columns = terminal->columns, lost;
	VTermPos cursor;

	rows = bounded(rows, TERMINAL_ROWS_MIN, TERMINAL_ROWS_MAX);
	columns = bounded(columns, TERMINAL_COLUMNS_MIN, TERMINAL_COLUMNS_MAX);
	if (rows == old_rows && columns == old_columns)
		return;
	vterm_state_get_cursorpos(terminal->state, &cursor);
	to_library_string(terminal, "\x1b[?6l\x1b[r");
	terminal->sieve.has_margins = false;
	lost = rows_to_lose(terminal, rows, cursor.row);
	move_cursor(terminal, cursor.row < lost ? lost : cursor.row, cursor.col);
	vterm_set_size(terminal->vterm, rows, columns);
	set_size(terminal, rows, columns);
	to_library_string(terminal, "\x1b[?1048h");
}

void terminal_size(const struct terminal *terminal, int *ret_rows, int *ret_columns)
{
	*ret_rows = terminal->rows;
	*ret_columns = terminal->columns;
}

static void cell_of_screen(const struct terminal *terminal, int row, int column, struct cell *out)
{
	VTermPos pos = { .row = row, .col = column }, before = { .row = row, .col = column - 1 };
	VTermScreenCell cell = { .chars = { 0 } }, left = { .chars = { 0 } };

	if (!vterm_screen_get_cell(terminal->screen, pos, &cell))
		return;
	if (cell.chars[0] == RIGHT_HALF && column > 0)
		vterm_screen_get_cell(terminal->screen, before, &left);
	convert(&left, &cell, out);
}

static void cell_of_line(const struct terminal *terminal, int row, int column, struct cell *out)
{
	const struct scrollback_line *line = scrollback_line(&terminal->scrollback, (size_t)-row);

	if (line && (unsigned)column < line->count)
		*out = line->cells[column];
}

void terminal_cell(const struct terminal *terminal, int row, int column, struct cell *ret_cell)
{
	*ret_cell = cell_blank;
	if (column < 0)
		return;
	if (row < 0)
		cell_of_line(terminal, row, column, ret_cell);
	else
		cell_of_screen(terminal, row, column, ret_cell);
}

int terminal_first_row(const struct terminal *terminal)
{
	return -(int)terminal->scrollback.count;
}

int terminal_end_row(const struct terminal *terminal)
{
	VTermPos pos = { .row = terminal->rows - 1, .col = 0 };

	while (pos.row >= 0 && vterm_screen_is_eol(terminal->screen, pos))
		pos.row--;
	return pos.row + 1;
}

uint64_t terminal_lines_dropped(const struct terminal *terminal)
{
	return terminal->scrollback.dropped;
}

size_t terminal_line(const struct terminal *terminal, int row, char *out, size_t size)
{
	size_t used = 0, end = 0;   /* end: behind the last one that is no blank */
	int columns = row < 0 ? TERMINAL_COLUMNS_MAX : terminal->columns;

	if (size == 0)
		return 0;
	for (int column = 0; column < columns; column++) {
		char text[CELL_TEXT_MAX];
		struct cell cell;
		size_t length;

		terminal_cell(terminal, row, column, &cell);
		length = cell_text(&cell, text);
		if (used + length >= size)
			break;
		memcpy(out + used, text, length);
		used += length;
		if (length && (cell.points[0] != ' ' || cell.points[1]))
			end = used;
	}
	out[end] = '\0';
	return end;
}

void terminal_cursor(const struct terminal *terminal, int *ret_row, int *ret_column,
		     bool *ret_is_visible)
{
	VTermPos cursor;

	vterm_state_get_cursorpos(terminal->state, &cursor);
	*ret_row = cursor.row;
	*ret_column = cursor.col;
	*ret_is_visible = terminal->cursor_is_visible;
}

size_t terminal_title(const struct terminal *terminal, char *out, size_t size)
{
	return text_show(out, size, terminal->sieve.title, terminal->sieve.title_length);
}

bool terminal_is_alternate(const struct terminal *terminal)
{
	return terminal->is_alternate;
}

uint64_t terminal_bells(const struct terminal *terminal)
{
	return terminal->bells;
}
