/* SPDX-License-Identifier: Apache-2.0 */
/* test_clip.c: what is shown fits, keeps both ends, and no escape is cut in half. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/clip.h"
#include "tests/support/suite.h"

static const struct {
	const char *bytes;
	size_t columns;
	const char *shown;
} rows[] = {
	{ "", 10, "" },
	{ NULL, 10, "" },
	{ "abc", 10, "abc" },
	{ "abcdefghij", 10, "abcdefghij" },
	{ "abcdefghijk", 10, "ab..fghijk" },
	{ "/usr/share/a/long/way/file.txt", 20, "/usr/s..way/file.txt" },
	{ "abc", 2, "" },
	{ "abcd", 3, "..d" },
	/* an escape is whole or not there */
	{ "\x1b\x1b\x1b\x1b", 16, "\\x1b\\x1b\\x1b\\x1b" },
	{ "\x1b\x1b\x1b\x1b", 15, "\\x1b..\\x1b\\x1b" },
	{ "\x1b\x1b\x1b\x1b", 11, "..\\x1b\\x1b" },
	{ "\xe2\x80\xae" "abcdefgh", 12, "..abcdefgh" },
	{ "abcdefgh\xe2\x80\xae", 12, "abc.." },
	{ "abcdefgh\xe2\x80\xae", 9, "ab.." },
	{ "a\\b\\c\\d\\e\\f", 12, "a\\\\..d\\\\e\\\\f" },
	/* columns are characters, not bytes */
	{ "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4", 4, "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4" },
	{ "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc", 5, "\xc3\xa4..\xc3\xb6\xc3\xbc" },
	{ "\xff\xfe", 4, ".." },
};

START_TEST(what_is_shown)
{
	char out[64];
	size_t used = clip_middle(out, sizeof(out), rows[_i].bytes, rows[_i].columns);

	ck_assert_str_eq(out, rows[_i].shown);
	ck_assert_uint_le(used, rows[_i].columns);
	ck_assert_uint_eq(used, clip_columns(out));
}
END_TEST

START_TEST(a_small_buffer_is_not_overrun)
{
	char out[8];

	for (size_t size = 1; size <= sizeof(out); size++) {
		memset(out, '#', sizeof(out));
		clip_middle(out, size, "abcdefghijklmnop", 12);
		ck_assert_uint_lt(strlen(out), size);
		for (size_t i = size; i < sizeof(out); i++)
			ck_assert_int_eq(out[i], '#');
	}
	ck_assert_uint_eq(clip_middle(out, 0, "abc", 12), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("clip");
	TCase *tcase = tcase_create("clip");

	tcase_add_loop_test(tcase, what_is_shown, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tcase, a_small_buffer_is_not_overrun);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
