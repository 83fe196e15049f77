/* SPDX-License-Identifier: Apache-2.0 */
/* test_text.c: bytes made safe to show. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "tests/support/suite.h"

struct row {
	const char *bytes;
	size_t length;
	const char *shown;
};

#define ROW(bytes, shown) { bytes, sizeof(bytes) - 1, shown }

static const struct row rows[] = {
	ROW("", ""),
	ROW("plain text", "plain text"),
	ROW("\n\t\r\\", "\\n\\t\\r\\\\"),
	ROW("a\\nb", "a\\\\nb"),
	ROW("\0\1\x1b[31m\x7f", "\\x00\\x01\\x1b[31m\\x7f"),
	ROW("'\"`$;&|<>", "'\"`$;&|<>"),
	ROW("caf\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x98\x80",
	    "caf\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x98\x80"),
	/* variation selector, combining mark, no-break space: seen, so left alone */
	ROW("\xe2\x9d\xa4\xef\xb8\x8f" "e\xcc\x81" "\xc2\xa0",
	    "\xe2\x9d\xa4\xef\xb8\x8f" "e\xcc\x81" "\xc2\xa0"),
	/* C1 as characters and as bytes */
	ROW("\xc2\x80\xc2\x85\xc2\x9b" "31m\xc2\x9f", "\\u{80}\\u{85}\\u{9b}31m\\u{9f}"),
	ROW("\x9b" "31m", "\\x9b31m"),
	ROW("\xc2\xad", "\\u{ad}"),
	/* bidi */
	ROW("\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f", "\\u{61c}\\u{200e}\\u{200f}"),
	ROW("\xe2\x80\xaa\xe2\x80\xae", "\\u{202a}\\u{202e}"),
	ROW("\xe2\x81\xa6\xe2\x81\xa9", "\\u{2066}\\u{2069}"),
	/* zero width and separators */
	ROW("\xe2\x80\x8b\xe2\x80\x8d\xe2\x81\xa0\xef\xbb\xbf",
	    "\\u{200b}\\u{200d}\\u{2060}\\u{feff}"),
	ROW("\xe2\x80\xa8\xe2\x80\xa9", "\\u{2028}\\u{2029}"),
	ROW("\xef\xbf\xb9\xef\xbf\xbb\xef\xbf\xbc", "\\u{fff9}\\u{fffb}\xef\xbf\xbc"),
	ROW("\xe1\x85\x9f\xe1\x85\xa0\xe3\x85\xa4\xef\xbe\xa0",
	    "\\u{115f}\\u{1160}\\u{3164}\\u{ffa0}"),
	ROW("\xf3\xa0\x80\x81\xf3\xa0\x81\xbf", "\\u{e0001}\\u{e007f}"),
	/* not UTF-8 */
	ROW("\x80\xbf\xff\xfe", "\\x80\\xbf\\xff\\xfe"),
	ROW("\xc0\x80", "\\xc0\\x80"),
	ROW("\xc1\xbf", "\\xc1\\xbf"),
	ROW("\xe0\x9f\xbf", "\\xe0\\x9f\\xbf"),
	ROW("\xf0\x8f\xbf\xbf", "\\xf0\\x8f\\xbf\\xbf"),
	ROW("\xed\xa0\x80\xed\xbf\xbf", "\\xed\\xa0\\x80\\xed\\xbf\\xbf"),
	ROW("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"),
	ROW("\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80"),
	/* cut characters, at the end and before something else */
	ROW("\xe6\x97", "\\xe6\\x97"),
	ROW("\xe6\x97" "a", "\\xe6\\x97" "a"),
	ROW("\xf0\x9f\x98\xc3\xa9", "\\xf0\\x9f\\x98\xc3\xa9"),
};

START_TEST(shows)
{
	const struct row *row = &rows[_i];
	char out[256];

	ck_assert_uint_eq(text_show(out, sizeof(out), row->bytes, row->length), strlen(row->shown));
	ck_assert_str_eq(out, row->shown);
}
END_TEST

START_TEST(every_byte_shows_as_ascii_or_itself)
{
	char bytes[256], out[2048];

	for (int i = 0; i < 256; i++)
		bytes[i] = (char)i;
	text_show(out, sizeof(out), bytes, sizeof(bytes));
	for (const char *at = out; *at; at++)
		ck_assert_msg(*at >= 0x20 && *at < 0x7f, "byte %d", *at);
	ck_assert_ptr_nonnull(strstr(out, "\\x7f\\x80\\x81"));
	ck_assert_ptr_nonnull(strstr(out, "[\\\\]"));
	ck_assert(strcmp(out + strlen(out) - 4, "\\xff") == 0);
}
END_TEST

START_TEST(string_may_be_null)
{
	char out[8] = "x";

	ck_assert_uint_eq(text_show_string(out, sizeof(out), NULL), 0);
	ck_assert_str_eq(out, "");
	ck_assert_uint_eq(text_show_string(out, sizeof(out), "a\n"), 3);
	ck_assert_str_eq(out, "a\\n");
}
END_TEST

struct cut {
	const char *bytes;
	size_t size;
	const char *shown;
};

static const struct cut cuts[] = {
	{ "abcdef", 7, "abcdef" },
	{ "abcdef", 6, "ab..." },
	{ "abcdef", 5, "a..." },
	{ "abcdef", 4, "..." },
	{ "abcdef", 3, ".." },
	{ "abcdef", 2, "." },
	{ "abcdef", 1, "" },
	{ "", 1, "" },
	{ "a", 1, "" },
	/* an escape is whole or not there */
	{ "\x1b\x1b\x1b", 13, "\\x1b\\x1b\\x1b" },
	{ "\x1b\x1b\x1b", 12, "\\x1b\\x1b..." },
	{ "\x1b\x1b\x1b", 11, "\\x1b..." },
	{ "\x1b\x1b\x1b", 8, "\\x1b..." },
	{ "\x1b\x1b\x1b", 7, "..." },
	{ "ab\xe2\x80\xae", 11, "ab\\u{202e}" },
	{ "ab\xe2\x80\xae", 10, "ab..." },
	{ "ab\\", 5, "ab\\\\" },
	{ "ab\\", 4, "..." },
	/* a character is whole or not there */
	{ "\xe6\x97\xa5\xe6\x97\xa5", 7, "\xe6\x97\xa5\xe6\x97\xa5" },
	{ "\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5", 8, "\xe6\x97\xa5..." },
	{ "\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5", 6, "..." },
};

START_TEST(cuts_whole_units)
{
	const struct cut *cut = &cuts[_i];
	char out[32];

	memset(out, '#', sizeof(out));
	ck_assert_uint_eq(text_show(out, cut->size, cut->bytes, strlen(cut->bytes)),
			  strlen(cut->shown));
	ck_assert_str_eq(out, cut->shown);
	for (size_t i = cut->size; i < sizeof(out); i++)
		ck_assert_int_eq(out[i], '#');
}
END_TEST

START_TEST(size_zero_is_untouched)
{
	char out = '#';

	ck_assert_uint_eq(text_show(&out, 0, "abc", 3), 0);
	ck_assert_int_eq(out, '#');
}
END_TEST

/* Encodes without judging: surrogates and what is too large come out as they would. */
static size_t encode(unsigned point, char out[4])
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xc0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (char)(0xe0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3f));
		out[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | point >> 18);
	out[1] = (char)(0x80 | (point >> 12 & 0x3f));
	out[2] = (char)(0x80 | (point >> 6 & 0x3f));
	out[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

START_TEST(every_character_is_known)
{
	for (unsigned point = 0; point < 0x120000; point++) {
		bool is_character = point < 0xd800 || (point > 0xdfff && point < 0x110000);
		unsigned got = 0xdead;
		char bytes[4];
		size_t length = encode(point, bytes);

		ck_assert_uint_eq(text_character(bytes, length, &got), is_character ? length : 0);
		ck_assert_uint_eq(got, is_character ? point : 0xdead);
		ck_assert_int_eq(text_is_utf8(bytes, length), is_character);
		for (size_t cut = 1; cut < length; cut++)
			ck_assert_uint_eq(text_character(bytes, cut, &got), 0);
	}
}
END_TEST

START_TEST(nothing_is_no_character)
{
	unsigned point = 7;

	ck_assert_uint_eq(text_character("a", 0, &point), 0);
	ck_assert_uint_eq(point, 7);
	ck_assert(text_is_utf8("", 0));
}
END_TEST

struct plain_row {
	unsigned first, last;
	bool is_plain;
};

static const struct plain_row plain_rows[] = {
	{ 0, 0x1f, false }, { 0x20, 0x7e, true }, { 0x7f, 0x9f, false }, { 0xa0, 0xac, true },
	{ 0xad, 0xad, false }, { 0xae, 0x34e, true }, { 0x61b, 0x61b, true },
	{ 0x61c, 0x61c, false },
	{ 0x200a, 0x200a, true }, { 0x200b, 0x200f, false }, { 0x2010, 0x2027, true },
	{ 0x2028, 0x202e, false }, { 0x202f, 0x205f, true }, { 0x2060, 0x206f, false },
	{ 0x2070, 0x2070, true }, { 0xd800, 0xdfff, false }, { 0xfe00, 0xfe0f, true },
	{ 0xfefe, 0xfefe, true }, { 0xfeff, 0xfeff, false }, { 0xff00, 0xff9f, true },
	{ 0xfff8, 0xfff8, true }, { 0xfff9, 0xfffb, false }, { 0xfffd, 0xfffd, true },
	{ 0x1f600, 0x1f64f, true }, { 0xe0000, 0xe007f, false }, { 0xe0080, 0xe0080, true },
	{ 0x10ffff, 0x10ffff, true }, { 0x110000, 0x110000, false },
	{ 0xffffffff, 0xffffffff, false },
};

START_TEST(knows_what_is_plain)
{
	const struct plain_row *row = &plain_rows[_i];

	for (unsigned point = row->first; ; point++) {
		ck_assert_msg(text_is_plain(point) == row->is_plain, "U+%04X", point);
		if (point == row->last)
			break;
	}
}
END_TEST

/* No two inputs may look alike: each pair of units, shown, differs from each other pair. */
START_TEST(different_bytes_look_different)
{
	static const char *const units[] = {
		"\\", "n", "x", "u", "{", "}", "0", "a", "\n", "\x0a", "\x1b", "\x80", "\xff",
		"\xc2\x85", "\xe2\x80\xae", "\\n", "\\x1b", "\\u{85}",
	};
	char shown[ARRAY_SIZE(units) * ARRAY_SIZE(units)][32];
	char bytes[ARRAY_SIZE(units) * ARRAY_SIZE(units)][32];
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(units); j++, count++) {
			snprintf(bytes[count], sizeof(bytes[0]), "%s%s", units[i], units[j]);
			text_show_string(shown[count], sizeof(shown[0]), bytes[count]);
		}
	}
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < i; j++)
			ck_assert_int_eq(strcmp(shown[i], shown[j]) == 0,
					 strcmp(bytes[i], bytes[j]) == 0);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("text");
	TCase *tcase = tcase_create("text");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, shows, 0, ARRAY_SIZE(rows));
	tcase_add_test(tcase, every_byte_shows_as_ascii_or_itself);
	tcase_add_test(tcase, string_may_be_null);
	tcase_add_loop_test(tcase, cuts_whole_units, 0, ARRAY_SIZE(cuts));
	tcase_add_test(tcase, size_zero_is_untouched);
	tcase_add_test(tcase, every_character_is_known);
	tcase_add_test(tcase, nothing_is_no_character);
	tcase_add_loop_test(tcase, knows_what_is_plain, 0, ARRAY_SIZE(plain_rows));
	tcase_add_test(tcase, different_bytes_look_different);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
