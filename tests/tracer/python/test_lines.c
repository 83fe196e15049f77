/* SPDX-License-Identifier: Apache-2.0 */
/* test_lines.c: from an instruction to its line, by real tables and by hostile ones. */
#include <check.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/suite.h"
#include "tests/tracer/python/line_tables.h"

static const enum line_table kinds[] = { LINES_LNOTAB, LINES_RANGES, LINES_LOCATIONS };

/* In a block of exactly that size, so that a sanitizer sees a byte too many. */
static int find(enum line_table kind, const unsigned char *table, size_t size, int first_line,
		int64_t at)
{
	unsigned char *copy = malloc(size ? size : 1);
	int line;

	if (size)
		memcpy(copy, table, size);
	line = lines_find(kind, copy, size, first_line, at);
	free(copy);
	ck_assert_int_ge(line, 0);
	return line;
}

static int expected(const struct line_row *row, int at)
{
	for (unsigned i = 0; i < row->count; i++)
		if (at >= row->ranges[i].start && at < row->ranges[i].end)
			return row->ranges[i].line;
	return -1;
}

START_TEST(real_tables)
{
	const struct line_row *row = &line_rows[_i];
	int end = row->ranges[row->count - 1].end;

	ck_assert_uint_gt(row->count, 0);
	for (int at = 0; at < end; at++) {
		int line = find(row->kind, row->table, row->size, row->first_line, at);

		ck_assert_msg(line == expected(row, at), "%s at %d: %d, not %d", row->name, at,
			      line, expected(row, at));
	}
	ck_assert_int_eq(find(row->kind, row->table, row->size, row->first_line, -1),
			 row->first_line);
	ck_assert_int_eq(find(row->kind, row->table, row->size, row->first_line, INT64_MIN),
			 row->first_line);
}
END_TEST

/* What lies before the cut is as it was, as far as whole entries go. */
START_TEST(cut_at_every_byte)
{
	const struct line_row *row = &line_rows[_i];
	int end = row->ranges[row->count - 1].end;

	for (unsigned size = 0; size < row->size; size++)
		for (int at = -2; at < end + 40; at += 2)
			find(row->kind, row->table, size, row->first_line, at);
	for (unsigned size = 2; size < row->size; size += 2) {
		if (row->kind == LINES_LOCATIONS && !(row->table[size] & 128))
			continue;
		ck_assert_msg(find(row->kind, row->table, size, row->first_line, 0) ==
			      expected(row, 0), "%s cut at %u", row->name, size);
	}
}
END_TEST

/* Every byte replaced by every value: any answer, but an answer. */
START_TEST(every_byte_changed)
{
	struct line_row row = line_rows[_i];

	for (unsigned i = 0; i < row.size && i < 40; i++) {
		unsigned char was = row.table[i];

		for (unsigned value = 0; value < 256; value += 5) {
			row.table[i] = (unsigned char)value;
			find(row.kind, row.table, row.size, row.first_line, 60);
			find(row.kind, row.table, row.size, row.first_line, INT64_MAX);
		}
		row.table[i] = was;
	}
}
END_TEST

START_TEST(empty_tables)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		ck_assert_int_eq(find(kinds[i], NULL, 0, 7, 0), 7);
		ck_assert_int_eq(find(kinds[i], NULL, 0, 7, 100), 7);
		ck_assert_int_eq(find(kinds[i], NULL, 0, -7, 0), 0);
		ck_assert_int_eq(find(kinds[i], NULL, 0, -7, -1), 0);
		ck_assert_int_eq(find(kinds[i], NULL, 0, INT_MIN, 0), 0);
	}
}
END_TEST

struct hand_row {
	const char *name;
	enum line_table kind;
	int first_line;
	unsigned char table[12];
	size_t size;
	int64_t at;
	int line;
};

/* 0x80 | code << 3 | length - 1 */
#define HEAD(code, units) (0x80 | (code) << 3 | ((units) - 1))

static const struct hand_row hand_rows[] = {
	{ "lnotab: an odd byte at the end", LINES_LNOTAB, 1, { 0, 1, 2 }, 3, 9, 2 },
	{ "lnotab: the last line goes on", LINES_LNOTAB, 1, { 0, 1, 2, 1 }, 4, 9999, 3 },
	{ "lnotab: below the first line of a file", LINES_LNOTAB, 1, { 0, 128 }, 2, 0, 0 },
	{ "ranges: no line", LINES_RANGES, 5, { 4, 1, 4, 128, 4, 1 }, 6, 4, 0 },
	{ "ranges: no line does not count", LINES_RANGES, 5, { 4, 1, 4, 128, 4, 1 }, 6, 8, 7 },
	{ "ranges: past the end", LINES_RANGES, 5, { 4, 1 }, 2, 4, 5 },
	{ "ranges: an empty range moves on", LINES_RANGES, 5, { 0, 100, 2, 1 }, 4, 0, 106 },
	{ "ranges: below 1", LINES_RANGES, 5, { 4, 0x81 }, 2, 0, 0 },
	{ "locations: same line", LINES_LOCATIONS, 5, { HEAD(0, 1), 0 }, 2, 0, 5 },
	{ "locations: two on", LINES_LOCATIONS, 5, { HEAD(12, 1), 0, 0 }, 3, 0, 7 },
	{ "locations: back", LINES_LOCATIONS, 5, { HEAD(13, 1), 7 }, 2, 0, 2 },
	{ "locations: none", LINES_LOCATIONS, 5, { HEAD(15, 2), HEAD(0, 1), 0 }, 3, 2, 0 },
	{ "locations: after none", LINES_LOCATIONS, 5, { HEAD(15, 2), HEAD(0, 1), 0 }, 3, 4, 5 },
	{ "locations: past the end", LINES_LOCATIONS, 5, { HEAD(13, 1), 8 }, 2, 2, 5 },
	{ "locations: eight units", LINES_LOCATIONS, 5, { HEAD(0, 8), 0, HEAD(10, 1) }, 3, 15, 5 },
	{ "locations: varint of two bytes", LINES_LOCATIONS, 5, { HEAD(13, 1), 64 | 4, 2 }, 3, 0,
	  5 + 66 },
	{ "locations: varint that does not end", LINES_LOCATIONS, 5, { HEAD(13, 1), 127 }, 2, 0, 0 },
	{ "locations: a varint of all bits", LINES_LOCATIONS, 5,
	  { HEAD(13, 1), 126, 127, 127, 127, 127, 63 }, 7, 0, INT_MAX },
	{ "locations: negative, all bits", LINES_LOCATIONS, 5,
	  { HEAD(13, 1), 127, 127, 127, 127, 127, 63 }, 7, 0, 0 },
	{ "locations: starts in the middle of an entry", LINES_LOCATIONS, 5,
	  { 1, 2, HEAD(11, 1), 0, 0 }, 5, 0, 6 },
};

START_TEST(by_hand)
{
	const struct hand_row *row = &hand_rows[_i];
	int line = find(row->kind, row->table, row->size, row->first_line, row->at);

	ck_assert_msg(line == row->line, "%s: %d", row->name, line);
}
END_TEST

/* The largest table allowed, all steps as large as they go: the sum does not overflow. */
START_TEST(huge_steps)
{
	static unsigned char table[1 << 20];

	for (size_t i = 0; i < sizeof(table); i++)
		table[i] = 127;
	ck_assert_int_eq(lines_find(LINES_LNOTAB, table, sizeof(table), INT_MAX, INT64_MAX),
			 INT_MAX);
	ck_assert_int_eq(lines_find(LINES_RANGES, table, sizeof(table), 3, INT64_MAX), 3);
	for (size_t i = 0; i < sizeof(table); i++)
		table[i] = i % 7 == 0 ? HEAD(13, 8) : 126;
	ck_assert_int_eq(lines_find(LINES_LOCATIONS, table, sizeof(table), 3,
				    (int64_t)(sizeof(table) / 7) * 16 - 1), INT_MAX);
	ck_assert_int_eq(lines_find(LINES_LOCATIONS, table, sizeof(table), 3, INT64_MAX), 3);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lines");
	TCase *tcase = tcase_create("tables");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, real_tables, 0, ARRAY_SIZE(line_rows));
	tcase_add_loop_test(tcase, cut_at_every_byte, 0, ARRAY_SIZE(line_rows));
	tcase_add_loop_test(tcase, every_byte_changed, 0, ARRAY_SIZE(line_rows));
	tcase_add_test(tcase, empty_tables);
	tcase_add_loop_test(tcase, by_hand, 0, ARRAY_SIZE(hand_rows));
	tcase_add_test(tcase, huge_steps);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
