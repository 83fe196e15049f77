/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_terminal.c: whatever the script writes, and however the window changes, the screen holds
 * plain text in cells that add up, and what the terminal has to say is bounded.
 *
 * A byte 0xfe is followed by a command: resize, keys, reading; all else is fed as it stands.  To
 * find what goes wrong inside of libvterm it must be built with the same sanitizers.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tui/marks.h"
#include "tui/terminal.h"

#define COMMAND 0xfe

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int claim, const char *what)
{
	if (!claim) {
		fprintf(stderr, "broken: %s\n", what);
		abort();
	}
}

static void look_at(const struct terminal *terminal, int row, int columns)
{
	int sum = 0;

	for (int column = 0; column < columns; column++) {
		struct cell cell;

		terminal_cell(terminal, row, column, &cell);
		require(cell.width <= 2 && cell.points[0] != 0, "a cell has a width and a text");
		require(cell.fg >= -1 && cell.fg < 16 && cell.bg >= -1 && cell.bg < 16, "16 colours");
		require(!mark_is(cell.points[0]), "a mark is not first");
		for (int i = 0; i < CELL_POINTS_MAX && cell.points[i]; i++)
			require(text_is_plain(cell.points[i]), "all is plain");
		sum += cell.width;
	}
	/* A line of the scrollback may be cut by what is a narrower screen now. */
	require(sum == columns || (row < 0 && sum == columns + 1), "widths add up");
}

static void look_at_all(struct terminal *terminal)
{
	static char line[TERMINAL_LINE_MAX];
	int rows, columns, row, column, first = terminal_first_row(terminal);
	bool is_visible;
	size_t length;

	terminal_size(terminal, &rows, &columns);
	terminal_cursor(terminal, &row, &column, &is_visible);
	require(row >= 0 && row < rows && column >= 0 && column < columns, "the cursor is inside");
	require(terminal_end_row(terminal) <= rows, "text is inside");
	require(first <= 0 && first >= -5000, "the scrollback is bounded");
	for (row = first < -8 ? -8 : first; row < rows; row++) {
		look_at(terminal, row, columns);
		length = terminal_line(terminal, row, line, sizeof(line));
		require(length == strlen(line), "a line has no NUL");
		require(text_is_plain_string(line), "a line is plain");
	}
	require(terminal_title(terminal, line, 64) < 64 && text_is_plain_string(line),
		"the title is plain");
}

static void take_some(struct terminal *terminal, size_t most)
{
	char out[TERMINAL_OUTPUT_MAX + 1];

	require(terminal_take_output(terminal, out, sizeof(out) < most ? sizeof(out) : most) <=
		TERMINAL_OUTPUT_MAX, "output is bounded");
}

static void command(struct terminal *terminal, const uint8_t *data)
{
	switch (data[0] % 6) {
	case 0:
		terminal_resize(terminal, data[1] % 64, data[2] % 128);
		break;
	case 1:
		terminal_key(terminal, (enum terminal_key)(data[1] % 32), data[2] % 8);
		break;
	case 2:
		terminal_text(terminal, data[1] | (uint32_t)data[2] << 8, data[0] / 6 % 8);
		break;
	case 3:
		take_some(terminal, data[1]);
		break;
	case 4:
		terminal_paste_begin(terminal);
		terminal_paste_end(terminal);
		break;
	default:
		look_at_all(terminal);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct terminal *terminal;
	size_t at = 2;

	if (size < 2)
		return 0;
	require(terminal_new(data[0] % 40, data[1] % 100, &terminal) == 0, "memory");
	while (at < size) {
		const uint8_t *next = memchr(data + at, COMMAND, size - at);
		size_t length = next ? (size_t)(next - data) - at : size - at;

		terminal_feed(terminal, (const char *)data + at, length);
		at += length;
		if (next && size - at >= 4)
			command(terminal, data + at + 1);
		at += next ? 4 : 0;
	}
	look_at_all(terminal);
	take_some(terminal, SIZE_MAX);
	terminal_free(terminal);
	return 0;
}
