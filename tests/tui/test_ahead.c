/* SPDX-License-Identifier: Apache-2.0 */
/* test_ahead.c: scrolling once for many lines shows and keeps what scrolling for each does. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tui/ahead.h"
#include "tui/terminal.h"

static const struct {
	const char *bytes;
	bool takes_looks;
	size_t run, feeds;
} rows[] = {
	{ "", true, 0, 0 },
	{ "abc", true, 3, 0 },
	{ "a\tb\r\n\xe6\x97\xa5\n", true, 9, 2 },
	{ "a\nb\bc\n", true, 3, 1 },
	{ "a\n\x1b[31mb\n", true, 9, 2 },
	{ "a\n\x1b[31mb\n", false, 2, 1 },
	{ "a\n\x1b[1;90mb\x1b[m\n", true, 14, 2 },
	/* what would be seen on empty cells; other sequences; a sequence cut */
	{ "a\n\x1b[0;7mb\n", true, 2, 1 },
	{ "a\n\x1b[4mb\n", true, 2, 1 },
	{ "a\n\x1b[44mb\n", true, 2, 1 },
	{ "a\n\x1b[100mb\n", true, 2, 1 },
	{ "a\n\x1b[2Jb\n", true, 2, 1 },
	{ "a\n\x1b[?1hb\n", true, 2, 1 },
	{ "a\n\x1b" "7b\n", true, 2, 1 },
	{ "a\n\x1b[31", true, 2, 1 },
	{ "a\n\x1b", true, 2, 1 },
};

START_TEST(a_run)
{
	size_t feeds = 99;

	ck_assert_uint_eq(ahead_run(rows[_i].bytes, strlen(rows[_i].bytes), rows[_i].takes_looks,
				    &feeds), rows[_i].run);
	ck_assert_uint_eq(feeds, rows[_i].feeds);
}
END_TEST

START_TEST(up_to_a_line_feed)
{
	ck_assert_uint_eq(ahead_feeds("a\nb\nc", 5, 1), 2);
	ck_assert_uint_eq(ahead_feeds("a\nb\nc", 5, 2), 4);
	ck_assert_uint_eq(ahead_feeds("a\nb\nc", 5, 3), 5);
	ck_assert_uint_eq(ahead_feeds("a\nb\nc", 5, 0), 0);
	ck_assert_uint_eq(ahead_feeds("", 0, 1), 0);
}
END_TEST

static const char *const parts[] = {
	"z", "\r\n", "\r\n", "\r\n", "\r\n", "x", "some words ", "\t", "\xe6\x97\xa5", "e\xcc\x81",
	"y", "\x1b[31m", "\x1b[m", "\x1b[1m", "0123456789012345678901234567890123456789",
};
/* Those that decide whether it may be done at all. */
static const char *const rare[] = {
	"\x1b[44m", "\x1b[7m", "\x1b[0m", "\x1b[0;4m", "\x1b[2;5r", "\x1b[r", "\x1b[3A", "\x1b[H",
	"\x1b[?1049h", "\x1b[?1049l", "\x1b[?7l", "\x1b[?7h", "\x1b[4h", "\x1b[4l", "\x1b[?6h",
	"\x1b[?6l", "\x1b[2J", "\x1b[20h", "\x1b[20l", "\x1b" "c", "\x1b[!p", "\x1b" "7", "\x1b" "8",
};

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed >> 16 & 0x7fff;
}

static size_t make(char *out, unsigned *seed)
{
	size_t length = 0;

	while (length < 900) {
		const char *part = next_random(seed) % 60 ? parts[next_random(seed) % 15]
							  : rare[next_random(seed) % 23];

		memcpy(out + length, part, strlen(part));
		length += strlen(part);
	}
	return length;
}

/* How it is seen: what only letters have does not matter on a blank. */
static struct cell seen(const struct terminal *terminal, int row, int column)
{
	struct cell cell;

	terminal_cell(terminal, row, column, &cell);
	if (cell.points[0] == ' ') {
		cell.looks &= (uint8_t)~CELL_BOLD;
		if (!cell.looks || !cell.width)
			cell.fg = -1;
	}
	return cell;
}

static void compare(const struct terminal *a, const struct terminal *b)
{
	int first = terminal_first_row(a), rows_a, rows_b, columns_a, columns_b;
	bool is_visible;

	ck_assert_int_eq(first, terminal_first_row(b));
	terminal_cursor(a, &rows_a, &columns_a, &is_visible);
	terminal_cursor(b, &rows_b, &columns_b, &is_visible);
	ck_assert_int_eq(rows_a, rows_b);
	ck_assert_int_eq(columns_a, columns_b);
	terminal_size(a, &rows_a, &columns_a);
	for (int row = first < -50 ? -50 : first; row < rows_a; row++) {
		for (int column = 0; column < columns_a; column++) {
			struct cell in_a = seen(a, row, column), in_b = seen(b, row, column);

			ck_assert_mem_eq(&in_a, &in_b, sizeof(in_a));
		}
	}
}

/*
 * libvterm forgets a due wrap at a line feed without a carriage return, but not at the bottom: so
 * there is none here.
 * Fed in one piece, or line by line, when there never are two line feeds to be seen.
 */
START_TEST(the_same_is_shown)
{
	unsigned seed = (unsigned)_i + 1;
	struct terminal *at_once, *slowly;
	char bytes[1024];

	for (int i = 0; i < 40; i++) {
		int height = 2 + (int)next_random(&seed) % 20;
		int width = 2 + (int)next_random(&seed) % 50;

		ck_assert_int_eq(terminal_new(height, width, &at_once), 0);
		ck_assert_int_eq(terminal_new(height, width, &slowly), 0);
		for (int j = 0; j < 4; j++) {
			size_t length = make(bytes, &seed);

			terminal_feed(at_once, bytes, length);
			for (size_t at = 0, step; at < length; at += step) {
				step = ahead_feeds(bytes + at, length - at, 1);
				terminal_feed(slowly, bytes + at, step);
			}
			compare(at_once, slowly);
		}
		terminal_free(at_once);
		terminal_free(slowly);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ahead");
	TCase *tcase = tcase_create("ahead");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, a_run, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tcase, up_to_a_line_feed);
	tcase_add_loop_test(tcase, the_same_is_shown, 0, 10);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
