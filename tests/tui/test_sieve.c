/* SPDX-License-Identifier: Apache-2.0 */
/* test_sieve.c: what passes to the terminal library, byte by byte. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tui/sieve.h"

#define BAD "\xef\xbf\xbd"
#define SAVE "\x1b[?1048h"
#define RESTORE "\x1b[?1048l"
#define E_ACUTE "\xc3\xa9"
#define MARK "\xcc\x81"   /* U+0301 */
#define MANY_PARAMS "1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1"

static const struct {
	const char *bytes, *passed;
} rows[] = {
	{ "abc", "abc" },
	{ "a\tb\r\nc\bd\a", "a\tb\r\nc\bd\a" },
	{ "a\x01\x02\x11\x7f" "b", "ab" },
	{ E_ACUTE "\xe6\x97\xa5\xf0\x9f\x98\x80", E_ACUTE "\xe6\x97\xa5\xf0\x9f\x98\x80" },
	/* not UTF-8: overlong, surrogate, cut, alone, too large */
	{ "\xc0\xaf" "x", BAD BAD "x" },
	{ "\xed\xa0\x80" "x", BAD "x" },
	{ "\xe6\x97" "x", BAD "x" },
	{ "\xe6\x97\xe6\x97\xa5", BAD "\xe6\x97\xa5" },
	{ "\x80\xff\xfe" "x", BAD BAD BAD "x" },
	{ "\xf5\x80\x80\x80", BAD BAD BAD BAD },
	{ "\xe6\x1b[m", BAD "\x1b[0m" },
	/* not plain: bidi, zero width, C1 as UTF-8 */
	{ "a\xe2\x80\xae" "b", "a" BAD "b" },
	{ "a\xe2\x80\x8b" "b\xef\xbb\xbf", "a" BAD "b" BAD },
	{ "\xc2\x9b" "31m", BAD "31m" },
	/* marks: two at most; those of two cells stand beside */
	{ "a" MARK MARK MARK MARK "b" MARK, "a" MARK MARK "b" MARK },
	{ "\xe3\x81\x8b\xe3\x82\x99", "\xe3\x81\x8b\xe3\x82\x9b" },
	{ "a\xe3\x80\xaa", "a" BAD },
	/* moving, erasing */
	{ "\x1b[A\x1b[5B\x1b[3;4H\x1b[;4f\x1b[2J\x1b[K", "\x1b[A\x1b[5B\x1b[3;4H\x1b[;4f\x1b[2J\x1b[K" },
	{ "\x1b[999999999999X", "\x1b[9999X" },
	{ "\x1b[3J\x1b[4K", "" },
	{ "\x1b[1;2;3;4;5H", "\x1b[1;2H" },
	{ "\x1b[" MANY_PARAMS "H", "" },
	{ "\x1b[" MANY_PARAMS "mx", "x" },
	{ "\x1b[1:2H\x1b[??1h\x1b[? !p\x1b[1  q", "" },
	{ "\x1b[1\nA\x1b[2\x18" "A\x1b[3\xc3\xa9", "\n\x1b[1AA" E_ACUTE },
	{ "\x1b[\x1b[A", "\x1b[A" },
	/* modes */
	{ "\x1b[?1;25;1000;1006;2004h", "\x1b[?1h\x1b[?25h\x1b[?2004h" },
	{ "\x1b[?47h\x1b[?1049l", "\x1b[?1047h\x1b[?1049l" },
	{ "\x1b[?69h\x1b[1;5s\x1b[?1004h\x1b[?3h\x1b[4h", "\x1b[4h" },
	/* the cursor, saved in any way */
	{ "\x1b" "7\x1b" "8\x1b[s\x1b[u", SAVE RESTORE SAVE RESTORE },
	/* repeating: no more than a row, and only a character */
	{ "a\x1b[3b", "aaaa" },
	{ E_ACUTE "\x1b[2b", E_ACUTE E_ACUTE E_ACUTE },
	{ "a\x1b[9999b", "aaaaaaaaaaa" },
	{ "\x1b[9b\n\x1b[9b", "\n" },
	{ "a\x1b[A\x1b[9b", "a\x1b[A" },
	/* questions */
	{ "\x1b[c\x1b[>c\x1b[5n\x1b[6n\x1b[?25$p", "\x1b[c\x1b[>c\x1b[5n\x1b[6n\x1b[?25$p" },
	{ "\x1b[21t\x1b[14t\x1b[>q\x1b[15n\x1b[x\x1b[=c\x05", "" },
	/* strings */
	{ "\x1b]52;c;aGVsbG8=\ax", "x" },
	{ "\x1b]8;;http://example.org/\x1b\\link\x1b]8;;\x1b\\", "link" },
	{ "\x1bP$qm\x1b\\\x1b_Gx\x1b\\\x1b^p\x1b\\\x1bXs\x1b\\x", "x" },
	{ "\x1bPx\ay\x1b\\z", "z" },
	{ "\x1b]0;t\x1b[31mx", "\x1b[31mx" },
	{ "\x1b]0;t\x18x", "x" },
	/* escapes */
	{ "\x1b" "D\x1b" "E\x1bM\x1b=\x1b>\x1bH", "\x1b" "D\x1b" "E\x1bM\x1b=\x1b>\x1bH" },
	{ "\x1b(0q\x1b(B\x1b)A\x1b(K", "\x1b(0q\x1b(B\x1b)A\x1b(B" },
	{ "\x1b#6\x1b#8\x1bN\x1bO\x1bn\x1b}\x1b G\x1b%@\x1b\\", "" },
	{ "\x1bZ", "\x1b[c" },
	{ "\x1b" "c", "\x1b[?1049l\x1b[?5l\x1b" "c" },
	{ "\x1b[38;5;196;48;2;1;2;3;5m", "\x1b[91;40m" },
	{ "\x1b[5m", "" },
};

static char passed[4096];
static size_t passed_length;

static void put(void *user, const char *bytes, size_t length)
{
	ck_assert_ptr_eq(user, passed);
	ck_assert_uint_lt(passed_length + length, sizeof(passed));
	memcpy(passed + passed_length, bytes, length);
	passed_length += length;
	passed[passed_length] = '\0';
}

static void feed(struct sieve *sieve, const char *bytes, size_t piece)
{
	size_t length = strlen(bytes);

	sieve_init(sieve, put, passed);
	sieve->columns = 10;
	passed[0] = '\0';
	passed_length = 0;
	for (size_t at = 0; at < length; at += piece)
		sieve_feed(sieve, bytes + at, length - at < piece ? length - at : piece);
}

START_TEST(what_passes)
{
	static struct sieve sieve;

	feed(&sieve, rows[_i].bytes, 4096);
	ck_assert_str_eq(passed, rows[_i].passed);
}
END_TEST

START_TEST(in_pieces_the_same_passes)
{
	static struct sieve sieve;

	for (size_t piece = 1; piece < 6; piece++) {
		feed(&sieve, rows[_i].bytes, piece);
		ck_assert_str_eq(passed, rows[_i].passed);
	}
}
END_TEST

static size_t puts_cut;

static void check_whole(void *user, const char *bytes, size_t length)
{
	(void)user;
	ck_assert_uint_le(length, SIEVE_OUT_MAX);
	/* Never begins inside of a character, nor ends with one begun. */
	puts_cut += (bytes[0] & 0xc0) == 0x80 || (bytes[length - 1] & 0xc0) == 0xc0;
}

START_TEST(no_character_is_cut)
{
	static struct sieve sieve;
	static char bytes[3 * 10000];

	for (size_t i = 0; i < sizeof(bytes); i += 3)
		memcpy(bytes + i, "\xe6\x97\xa5", 3);
	for (size_t start = 0; start < 3; start++) {
		sieve_init(&sieve, check_whole, NULL);
		sieve_feed(&sieve, bytes + start, sizeof(bytes) - start);
		sieve_feed(&sieve, bytes, 7);
	}
	ck_assert_uint_eq(puts_cut, 0);
}
END_TEST

START_TEST(the_title_is_kept_and_bounded)
{
	static struct sieve sieve;
	char bytes[2000] = "\x1b]2;";

	feed(&sieve, "\x1b]0;one\a\x1b]1;icon\a\x1b]2;two\x1b\\", 1);
	ck_assert_uint_eq(sieve.title_length, 3);
	ck_assert_mem_eq(sieve.title, "two", 3);
	memset(bytes + 4, 't', sizeof(bytes) - 6);
	bytes[sizeof(bytes) - 2] = '\a';
	feed(&sieve, bytes, 4096);
	ck_assert_uint_eq(sieve.title_length, SIEVE_TITLE_MAX - 2);
}
END_TEST

START_TEST(what_is_left_out_is_counted)
{
	static struct sieve sieve;

	feed(&sieve, "\x1b[31mx\x1b[?25l", 4096);
	ck_assert_uint_eq(sieve.dropped, 0);
	feed(&sieve, "\x1b]52;c;x\a\x1b[21t\x1b[?1000;1006h\x1bN", 4096);
	ck_assert_uint_eq(sieve.dropped, 5);
}
END_TEST

START_TEST(brackets_around_pastes_are_noticed)
{
	static struct sieve sieve;

	feed(&sieve, "\x1b[?2004h", 4096);
	ck_assert(sieve.pastes_are_bracketed);
	feed(&sieve, "\x1b[?2004h\x1b" "c", 4096);
	ck_assert(!sieve.pastes_are_bracketed);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sieve");
	TCase *tcase = tcase_create("sieve");

	tcase_add_loop_test(tcase, what_passes, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_loop_test(tcase, in_pieces_the_same_passes, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tcase, no_character_is_cut);
	tcase_add_test(tcase, the_title_is_kept_and_bounded);
	tcase_add_test(tcase, what_is_left_out_is_counted);
	tcase_add_test(tcase, brackets_around_pastes_are_noticed);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
