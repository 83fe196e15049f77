/* SPDX-License-Identifier: Apache-2.0 */
/* test_names.c: str objects of every kind, and what is no str. */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/image_python.h"
#include "tests/support/suite.h"
#include "tracer/python/names.h"

static struct image_python python;
static struct pages *pages;
static char out[NAMES_BYTES_MAX];

static void begin(unsigned minor, bool is_free_threaded)
{
	struct pages_source source;

	image_python_new(&python, minor);
	if (is_free_threaded) {
		python.runtime.layout.is_free_threaded = true;
		python.runtime.layout.str.length = 32;
		python.runtime.layout.str.state = 48;
		python.runtime.layout.str.ascii = 56;
		python.runtime.layout.str.other = 72;
	}
	ck_assert_int_eq(pages_new(&pages), 0);
	source = image_source(&python.image);
	pages_set_source(pages, &source);
}

static void end(void)
{
	pages_free(pages);
	image_python_free(&python);
}

static int mark_at(uint64_t address, struct name_mark *ret_mark)
{
	pages_begin(pages, 1, 0, PAGES_ROOM);
	return names_mark(pages, &python.runtime.layout, address, ret_mark);
}

static int read_at(uint64_t address)
{
	struct name_mark mark;
	int e = mark_at(address, &mark);

	memset(out, 'x', sizeof(out));
	return e < 0 ? e : names_read(pages, &python.runtime.layout, address, &mark, out);
}

struct row {
	const char *name;
	unsigned kind;
	bool is_ascii;
	uint32_t characters[8];
	size_t count;
	const char *text;
};

#define FFFD "\xef\xbf\xbd"

static const struct row rows[] = {
	{ "empty", 1, true, { 0 }, 0, "" },
	{ "ASCII", 1, true, { 'a', '.', 'p', 'y' }, 4, "a.py" },
	{ "ASCII with control characters", 1, true, { 27, 10, 127, 1 }, 4, "\x1b\n\x7f\x01" },
	{ "Latin-1", 1, false, { 'c', 0xe9, 0xff, 0x80 }, 4, "c\xc3\xa9\xc3\xbf\xc2\x80" },
	{ "UCS-2", 2, false, { 0x6771, 0x4eac, 'a', 0x7ff, 0x800 }, 5,
	  "\xe6\x9d\xb1\xe4\xba\xac" "a\xdf\xbf\xe0\xa0\x80" },
	{ "UCS-4", 4, false, { 0x1f40d, 'a', 0xe9, 0xffff, 0x10ffff }, 5,
	  "\xf0\x9f\x90\x8d" "a\xc3\xa9\xef\xbf\xbf\xf4\x8f\xbf\xbf" },
	{ "bytes that were not UTF-8", 2, false, { 0xdcff, 'a', 0xdc80, 0xdcfe }, 4,
	  "\xff" "a\x80\xfe" },
	{ "other surrogates", 2, false, { 0xd800, 0xdc7f, 0xdd00, 0xdfff, 0xdbff }, 5,
	  FFFD FFFD FFFD FFFD FFFD },
	{ "a pair of surrogates is two", 2, false, { 0xd83d, 0xdc0d }, 2, FFFD FFFD },
	{ "NUL", 1, true, { 'a', 0, 'b' }, 3, "a" FFFD "b" },
	{ "NUL of each kind", 4, false, { 0, 0x10000, 0 }, 3, FFFD "\xf0\x90\x80\x80" FFFD },
	{ "beyond Unicode", 4, false, { 0x110000, 0xffffffff, 'z' }, 3, FFFD FFFD "z" },
};

static uint64_t put_row(const struct row *row)
{
	unsigned char data[32];

	for (size_t i = 0; i < row->count; i++) {
		/* Little-endian: the low bytes come first. */
		memcpy(data + i * row->kind, &row->characters[i], row->kind);
	}
	return image_str(&python, data, row->count, row->kind, row->is_ascii);
}

START_TEST(each_kind)
{
	static const struct { unsigned minor; bool is_free_threaded; } builds[] = {
		{ 8, false }, { 11, false }, { 12, false }, { 13, false }, { 13, true },
		{ 14, false }, { 14, true }, { 15, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(builds); i++) {
		begin(builds[i].minor, builds[i].is_free_threaded);
		ck_assert_int_eq(read_at(put_row(&rows[_i])), 0);
		ck_assert_msg(strcmp(out, rows[_i].text) == 0, "%s in 3.%u: %s", rows[_i].name,
			      builds[i].minor, out);
		end();
	}
}
END_TEST

static uint64_t put_state(uint32_t state)
{
	uint64_t at = image_ascii(&python, "abcdefgh");

	image_int(&python.image, at + python.runtime.layout.str.state, state);
	return at;
}

START_TEST(what_is_no_compact_string)
{
	static const unsigned kinds[] = { 0, 3, 5, 6, 7 };

	begin(12, false);
	ck_assert_int_eq(read_at(put_state(1u << 2 | 1u << 6)), -EINVAL);
	ck_assert_int_eq(read_at(put_state(0)), -EINVAL);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		ck_assert_int_eq(read_at(put_state(kinds[i] << 2 | 1u << 5)), -EINVAL);
	/* A free-threaded build's bits. */
	ck_assert_int_eq(read_at(put_state(1u << 8 | 1u << 11 | 1u << 12)), -EINVAL);
	ck_assert_int_eq(read_at(put_state(0xffffffff)), -EINVAL);
	ck_assert_int_eq(read_at(put_state(3u | 1u << 2 | 1u << 5 | 1u << 6 | 1u << 7)), 0);
	ck_assert_str_eq(out, "abcdefgh");
	end();
	begin(14, true);
	ck_assert_int_eq(read_at(put_state(1u << 2 | 1u << 5 | 1u << 6)), -EINVAL);
	ck_assert_int_eq(read_at(put_state(0xffu | 1u << 8 | 1u << 11 | 1u << 12)), 0);
	ck_assert_str_eq(out, "abcdefgh");
	end();
}
END_TEST

START_TEST(longer_than_any_name)
{
	static uint32_t text[3 * NAMES_CHARACTERS_MAX];
	uint64_t at;

	for (size_t i = 0; i < ARRAY_SIZE(text); i++)
		text[i] = 0x10ffff;
	begin(13, false);
	ck_assert_int_eq(read_at(image_str(&python, text, ARRAY_SIZE(text), 4, false)), 0);
	ck_assert_uint_eq(strlen(out), 4 * NAMES_CHARACTERS_MAX);
	at = image_str(&python, text, NAMES_CHARACTERS_MAX - 1, 4, false);
	ck_assert_int_eq(read_at(at), 0);
	ck_assert_uint_eq(strlen(out), 4 * (NAMES_CHARACTERS_MAX - 1));
	/* Longer than memory is: the beginning is there, and more is not asked for. */
	at = image_str(&python, text, ARRAY_SIZE(text), 4, false);
	image_word(&python.image, at + python.runtime.layout.str.length, UINT64_MAX);
	ck_assert_int_eq(read_at(at), 0);
	ck_assert_uint_eq(strlen(out), 4 * NAMES_CHARACTERS_MAX);
	end();
}
END_TEST

START_TEST(unreadable)
{
	struct name_mark mark = { .length = 77 };
	uint64_t at;

	begin(11, false);
	ck_assert_int_eq(read_at(0), -EFAULT);
	ck_assert_int_eq(read_at(UINT64_MAX), -EFAULT);
	ck_assert_int_eq(read_at(PAGES_USER_END - 20), -EFAULT);
	ck_assert_int_eq(read_at(0xdead00000000), -EFAULT);
	/* The head is on a page, its text is not. */
	at = IMAGE_HEAP + 0x100000 - 48;
	image_word(&python.image, at + 16, 5);
	image_int(&python.image, at + 32, 1u << 2 | 1u << 5 | 1u << 6);
	ck_assert_int_eq(mark_at(at, &mark), -EFAULT);
	ck_assert_uint_eq(mark.length, 77);
	/* Nothing is read of an empty one. */
	image_word(&python.image, at + 16, 0);
	ck_assert_int_eq(read_at(at), 0);
	ck_assert_str_eq(out, "");
	pages_begin(pages, 1, 0, 0);
	ck_assert_int_eq(names_mark(pages, &python.runtime.layout, at, &mark), -EDQUOT);
	end();
}
END_TEST

START_TEST(marks)
{
	struct name_mark a, b;

	begin(12, false);
	ck_assert_int_eq(mark_at(image_ascii(&python, "function_one"), &a), 0);
	ck_assert_int_eq(mark_at(image_ascii(&python, "function_two"), &b), 0);
	ck_assert_uint_eq(a.length, 12);
	ck_assert_uint_eq(b.length, 12);
	ck_assert_uint_eq(a.state, b.state);
	ck_assert_int_ne(memcmp(a.first, b.first, sizeof(a.first)), 0);
	ck_assert_int_eq(memcmp(a.first, "function_one\0\0\0\0\0\0\0\0\0\0\0\0", 24), 0);
	end();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("names");
	TCase *tcase = tcase_create("strings");

	tcase_add_loop_test(tcase, each_kind, 0, ARRAY_SIZE(rows));
	tcase_add_test(tcase, what_is_no_compact_string);
	tcase_add_test(tcase, longer_than_any_name);
	tcase_add_test(tcase, unreadable);
	tcase_add_test(tcase, marks);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
