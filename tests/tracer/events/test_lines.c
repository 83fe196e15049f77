/* SPDX-License-Identifier: Apache-2.0 */
/* test_lines.c: lines of every length, and a file that grows. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/reading.h"
#include "tests/support/suite.h"
#include "tracer/events/lines.h"

static void check_next(struct lines *lines, bool is_last, size_t length, char filler,
		       uint64_t number)
{
	struct line line;

	ck_assert_int_eq(lines_next(lines, is_last, &line), 1);
	ck_assert_uint_eq(line.length, length);
	ck_assert_uint_eq(line.number, number);
	/* All bytes are the filler: the first is, and each is as the one before it. */
	if (length > 0)
		ck_assert(line.text[0] == filler &&
			  !memcmp(line.text, line.text + 1, length - 1));
}

static char *fill(char *at, char filler, size_t length)
{
	memset(at, filler, length);
	at[length] = '\n';
	return at + length + 1;
}

/* Around the size of the buffer, and of its doubles. */
static const size_t sizes[] = {
	0, 1, 2, 4095, 262142, 262143, 262144, 262145, 524287, 524288, 1048577, LINES_MAX - 1,
	LINES_MAX,
};

START_TEST(each_length_is_whole)
{
	size_t n = sizes[_i];
	char *text = malloc(3 * n + 16);
	char *end = fill(fill(fill(text, 'a', n), 'b', n), 'c', n / 2);
	int fd = reading_file(text, (size_t)(end - text));
	struct lines *lines = NULL;
	struct line line;

	ck_assert_int_eq(lines_new(fd, &lines), 0);
	check_next(lines, false, n, 'a', 1);
	check_next(lines, false, n, 'b', 2);
	check_next(lines, false, n / 2, 'c', 3);
	ck_assert_int_eq(lines_next(lines, true, &line), 0);
	ck_assert_uint_eq(lines_offset(lines), (uint64_t)(end - text));
	lines_free(lines);
	close(fd);
	free(text);
}
END_TEST

START_TEST(too_long_is_skipped)
{
	size_t n = (LINES_MAX + 1) * (size_t)(_i ? 5 : 1);
	char *text = malloc(n + 16);
	char *end = fill(fill(fill(text, 'a', 1), 'x', n), 'b', 2);
	int fd = reading_file(text, (size_t)(end - text));
	struct lines *lines = NULL;
	struct line line;

	ck_assert_int_eq(lines_new(fd, &lines), 0);
	check_next(lines, false, 1, 'a', 1);
	ck_assert_int_eq(lines_next(lines, false, &line), 1);
	ck_assert(line.is_too_long);
	ck_assert_uint_eq(line.number, 2);
	/* Known before its end was seen: it is never held as a whole. */
	ck_assert_uint_le(lines_offset(lines), 2 * LINES_MAX + 16);
	check_next(lines, false, 2, 'b', 3);
	ck_assert_int_eq(lines_next(lines, true, &line), 0);
	lines_free(lines);
	close(fd);
	free(text);
}
END_TEST

START_TEST(what_grows_is_read_on)
{
	int fd = reading_file("one\ntw", 6);
	int writer = dup(fd);
	struct lines *lines = NULL;
	struct line line;

	ck_assert_int_eq(lines_new(fd, &lines), 0);
	ck_assert_int_eq(lines_next(lines, false, &line), 1);
	ck_assert_int_eq(lines_next(lines, false, &line), 0);
	ck_assert_int_eq(lines_next(lines, false, &line), 0);
	ck_assert_int_eq(pwrite(writer, "o\nthree", 7, 6), 7);
	ck_assert_int_eq(lines_next(lines, false, &line), 1);
	ck_assert(line.length == 3 && !memcmp(line.text, "two", 3) && !line.is_unended);
	ck_assert_int_eq(lines_next(lines, false, &line), 0);
	ck_assert_int_eq(lines_next(lines, true, &line), 1);
	ck_assert(line.length == 5 && !memcmp(line.text, "three", 5) && line.is_unended);
	ck_assert_int_eq(lines_next(lines, true, &line), 0);
	lines_free(lines);
	close(fd);
	close(writer);
}
END_TEST

START_TEST(what_cannot_be_read_is_an_error)
{
	struct lines *lines = NULL;
	struct line line;

	ck_assert_int_eq(lines_new(-1, &lines), 0);
	ck_assert_int_lt(lines_next(lines, true, &line), 0);
	lines_free(lines);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lines");
	TCase *tcase = tcase_create("lines");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, each_length_is_whole, 0, sizeof(sizes) / sizeof(sizes[0]));
	tcase_add_loop_test(tcase, too_long_is_skipped, 0, 2);
	tcase_add_test(tcase, what_grows_is_read_on);
	tcase_add_test(tcase, what_cannot_be_read_is_an_error);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
