/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_shown.c: what may be drawn: escaped, as wide as it says, never wider than asked for.  Widths
 * are computed here once more, from the characters alone.
 */
#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/fail.h"
#include "base/text.h"
#include "tests/support/suite.h"
#include "tui/shown.h"

#define SUN "\xe6\x97\xa5"          /* two cells */
#define ACUTE "\xcc\x81"            /* a mark */

static struct shown shown;

static void set_up(void)
{
	ck_assert_msg(setlocale(LC_ALL, "C.UTF-8") != NULL, "no C.UTF-8");
	shown_set_utf8(true);
}

/* -1: something that must not be drawn is there. */
static int width(const char *text)
{
	size_t length = strlen(text);
	int cells = 0, marks = 2;

	while (length > 0) {
		unsigned point;
		size_t step = text_character(text, length, &point);
		int own = step ? wcwidth((wchar_t)point) : -1;

		marks = own == 0 ? marks + 1 : 0;
		if (own < 0 || !text_is_plain(point) || marks > 2)
			return -1;
		cells += own;
		text += step;
		length -= step;
	}
	return cells;
}

static bool is_sound(int cells)
{
	return width(shown.text) == shown.cells && shown.cells <= (cells > 0 ? cells : 0) &&
	       shown.cells <= SHOWN_CELLS_MAX && strlen(shown.text) < SHOWN_MAX;
}

static const struct {
	const char *bytes, *shown;
	int cells;
} rows[] = {
	{ "", "", 0 },
	{ NULL, "", 0 },
	{ "plain", "plain", 5 },
	{ "\x1b[2J\n", "\\x1b[2J\\n", 9 },
	{ "a\\b", "a\\\\b", 4 },
	{ "\xff\x80", "\\xff\\x80", 8 },
	{ "\xc2\x9b" "31m", "\\u{9b}31m", 9 },
	{ "\xe2\x80\xae" "gpj.exe", "\\u{202e}gpj.exe", 15 },
	{ SUN SUN, SUN SUN, 4 },
	{ "e" ACUTE, "e" ACUTE, 1 },
	{ "e" ACUTE ACUTE, "e" ACUTE ACUTE, 1 },
	{ "e" ACUTE ACUTE ACUTE "x", "e" ACUTE ACUTE "\\u{301}x", 9 },
	{ ACUTE "x", "\\u{301}x", 8 },
	{ "\\" ACUTE, "\\\\\\u{301}", 9 },
	{ "\n" ACUTE, "\\n\\u{301}", 9 },
	{ SUN ACUTE, SUN ACUTE, 2 },
	/* Not assigned, a noncharacter, private use: the first two have no width. */
	{ "\xcd\xb8", "\\u{378}", 7 },
	{ "\xef\xbf\xbf", "\\u{ffff}", 8 },
	{ "\xf4\x8f\xbf\xbf", "\\u{10ffff}", 10 },
	{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", 2 },
};

START_TEST(shows)
{
	shown_text(&shown, rows[_i].bytes, 100);
	ck_assert_str_eq(shown.text, rows[_i].shown);
	ck_assert_int_eq(shown.cells, rows[_i].cells);
	ck_assert_int_eq(width(shown.text), shown.cells);
	shown_middle(&shown, rows[_i].bytes, 100);
	ck_assert_str_eq(shown.text, rows[_i].shown);
}
END_TEST

static const struct {
	const char *bytes;
	int cells;
	const char *end, *middle;
} cuts[] = {
	{ "abcdef", 6, "abcdef", "abcdef" },
	{ "abcdef", 5, "abc..", "a..ef" },
	{ "abcdef", 4, "ab..", "..ef" },
	{ "abcdef", 3, "a..", "..f" },
	{ "abcdef", 2, "ab", "ab" },
	{ "abcdef", 1, "a", "a" },
	{ "abcdef", 0, "", "" },
	{ "abcdef", -3, "", "" },
	{ SUN SUN SUN, 5, SUN "..", ".." SUN },
	{ SUN SUN SUN, 3, "..", ".." },
	{ SUN SUN SUN, 1, "", "" },
	{ "\n\n\n\n", 7, "\\n\\n..", "..\\n\\n" },
	{ "e" ACUTE "fghi", 4, "e" ACUTE "f..", "..hi" },
	{ "abcde" ACUTE, 4, "ab..", "..de" ACUTE },
};

START_TEST(cuts_whole_units)
{
	shown_text(&shown, cuts[_i].bytes, cuts[_i].cells);
	ck_assert_str_eq(shown.text, cuts[_i].end);
	ck_assert(is_sound(cuts[_i].cells));
	shown_middle(&shown, cuts[_i].bytes, cuts[_i].cells);
	ck_assert_str_eq(shown.text, cuts[_i].middle);
	ck_assert(is_sound(cuts[_i].cells));
}
END_TEST

START_TEST(a_path_keeps_its_name)
{
	shown_middle(&shown, "/home/ana/work/projects/2025/reports/march/summary.parquet", 30);
	ck_assert_str_eq(shown.text, "/home/ana..rch/summary.parquet");
	ck_assert_int_eq(shown.cells, 30);
	ck_assert_ptr_nonnull(strstr(shown.text, ".."));
	ck_assert_str_eq(shown.text + strlen(shown.text) - 15, "summary.parquet");
}
END_TEST

/* Also where the locale would know widths (EUC-JP), and where it knows none (C). */
START_TEST(elsewhere_than_utf8_all_is_ascii)
{
	shown_set_utf8(false);
	if (_i)
		ck_assert_ptr_nonnull(setlocale(LC_ALL, "C"));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		shown_text(&shown, rows[i].bytes, 200);
		for (const char *at = shown.text; *at; at++)
			ck_assert(*at >= 0x20 && *at < 0x7f);
		ck_assert_int_eq((int)strlen(shown.text), shown.cells);
	}
	shown_text(&shown, SUN "\xff", 100);
	ck_assert_str_eq(shown.text, "\\u{65e5}\\xff");
	shown_format(&shown, 100, "%s", SUN);
	ck_assert_str_eq(shown.text, "\\u{65e5}");
}
END_TEST

/* Our own words go the same way: what slips into them does no harm. */
START_TEST(formats_are_escaped)
{
	shown_format(&shown, 60, "%d of %s", 3, "\x1b]0;owned\x07");
	ck_assert_str_eq(shown.text, "3 of \\x1b]0;owned\\x07");
	shown_add_format(&shown, 60, "%s", "\xe2\x80\xae\\");
	ck_assert_str_eq(shown.text, "3 of \\x1b]0;owned\\x07\\u{202e}\\\\");
	ck_assert(is_sound(60));
	shown_format(&shown, 4, "%s", "abcdef");
	ck_assert_str_eq(shown.text, "ab..");
}
END_TEST

START_TEST(adds_up_to_what_there_is_room_for)
{
	shown_text(&shown, "ab", 6);
	shown_add(&shown, "cd", 6);
	ck_assert_str_eq(shown.text, "abcd");
	/* A mark that would lie on somebody else's letter. */
	shown_add(&shown, ACUTE, 40);
	ck_assert_str_eq(shown.text, "abcd\\u{301}");
	shown_text(&shown, "abcd", 6);
	shown_add(&shown, "efgh", 6);
	ck_assert_str_eq(shown.text, "abcdef");
	shown_add(&shown, "x", 6);
	shown_add(&shown, "x", 2);
	shown_add(&shown, NULL, 60);
	ck_assert_str_eq(shown.text, "abcdef");
}
END_TEST

START_TEST(cut_again)
{
	struct shown from;

	shown_text(&from, "ab\n" SUN "\\", 100);
	shown_cut(&shown, &from, 7);
	ck_assert_str_eq(shown.text, "ab\\n..");
	shown_cut(&from, &from, 4);
	ck_assert_str_eq(from.text, "ab..");
	shown_cut(&from, &from, 0);
	ck_assert_str_eq(from.text, "");
	ck_assert_int_eq(from.cells, 0);
}
END_TEST

/* As many bytes on as many cells as there can be: nothing of it may be missing. */
START_TEST(the_heaviest_text)
{
	static const char unit[] = "\xf0\x90\x8c\xb0" "\xf0\x96\xab\xb0" "\xf0\x96\xab\xb0";
	char text[600 * 12 + 1] = "";

	for (int i = 0; i < 600; i++)
		memcpy(text + 12 * i, unit, sizeof(unit));
	shown_text(&shown, text, 500);
	ck_assert_int_eq(shown.cells, 500);
	ck_assert_uint_eq(strlen(shown.text), 498 * 12 + 2);
	ck_assert(is_sound(500));
	shown_middle(&shown, text, 500);
	ck_assert_int_eq(shown.cells, 500);
	ck_assert(is_sound(500));
	shown_middle(&shown, text, 100000);
	ck_assert(is_sound(500));
}
END_TEST

/* Of a text that is longer than is looked at both ends are told. */
START_TEST(a_huge_text)
{
	size_t size = 1 << 20;
	char *text = malloc(size + 1);

	ck_assert_ptr_nonnull(text);
	memset(text, 'x', size);
	text[size] = '\0';
	memcpy(text, "begin", 5);
	memcpy(text + size - 3, "end", 3);
	shown_middle(&shown, text, 40);
	ck_assert_int_eq(strncmp(shown.text, "begin", 5), 0);
	ck_assert_str_eq(shown.text + 37, "end");
	shown_text(&shown, text, 40);
	ck_assert_str_eq(shown.text + 36, "xx..");
	free(text);
}
END_TEST

/* Bytes as a script would choose them: more of the odd ones than of others. */
static void random_bytes(char *out, size_t length)
{
	static const char *const pieces[] = {
		"\x1b", "\\", "\n", ACUTE, SUN, "\xe2\x80\xae", "\xc2\x9b", "\xf0\x9f\x98\x80",
		"\xe2", "\xf0\x9f", "\xff", "a", ".", "/", "\xcd\xb8", "\xe1\x85\xa1",
	};
	size_t used = 0;

	while (used + 5 < length) {
		const char *piece = pieces[random() % (long)ARRAY_SIZE(pieces)];

		if (random() % 4)
			used += (size_t)sprintf(out + used, "%s", piece);
		else
			out[used++] = (char)(1 + random() % 255);
	}
	out[used] = '\0';
}

static void show_somehow(const char *bytes, int cells)
{
	switch (random() % 4) {
	case 0:
		shown_text(&shown, bytes, cells);
		break;
	case 1:
		shown_middle(&shown, bytes, cells);
		break;
	case 2:
		shown_format(&shown, cells, "%s", bytes);
		break;
	default:
		shown_text(&shown, bytes, cells / 2);
		shown_add(&shown, bytes, cells);
		break;
	}
}

START_TEST(random_texts)
{
	char bytes[1500];

	srandom((unsigned)_i);
	for (int i = 0; i < 20000; i++) {
		int cells = (int)(random() % 3 ? random() % 40 : random() % 600);

		random_bytes(bytes, random() % 2 ? 40 : (size_t)random() % sizeof(bytes));
		show_somehow(bytes, cells);
		if (!is_sound(cells))
			ck_abort_msg("%d cells, %d said, %d: %s", cells, shown.cells,
				     width(shown.text), shown.text);
	}
}
END_TEST

static TCase *random_case(void)
{
	TCase *tcase = tcase_create("random");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_loop_test(tcase, random_texts, 0, 6);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("shown");
	TCase *tcase = tcase_create("shown");

	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_loop_test(tcase, shows, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tcase, cuts_whole_units, 0, ARRAY_SIZE(cuts));
	tcase_add_test(tcase, a_path_keeps_its_name);
	tcase_add_loop_test(tcase, elsewhere_than_utf8_all_is_ascii, 0, 2);
	tcase_add_test(tcase, formats_are_escaped);
	tcase_add_test(tcase, adds_up_to_what_there_is_room_for);
	tcase_add_test(tcase, cut_again);
	tcase_add_test(tcase, the_heaviest_text);
	tcase_add_test(tcase, a_huge_text);
	suite_add_tcase(suite, tcase);
	suite_add_tcase(suite, random_case());
	return suite_run(suite);
}
