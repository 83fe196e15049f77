/* SPDX-License-Identifier: Apache-2.0 */
/* test_layout.c: fixed tables are sane; a process's own description is believed only when sound. */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/image_python.h"
#include "tests/support/suite.h"

static void check_inside(uint32_t offset, uint32_t width, uint32_t size)
{
	ck_assert_msg(offset == LAYOUT_NONE || offset + width <= size, "%u of %u", offset, size);
}

static void check_frame(const struct layout *layout)
{
	uint32_t size = layout->frame.size;

	ck_assert_uint_gt(size, 0);
	ck_assert_uint_le(size, LAYOUT_FRAME_MAX);
	check_inside(layout->frame.code, 8, size);
	check_inside(layout->frame.previous, 8, size);
	check_inside(layout->frame.instruction, layout->minor < 11 ? 4 : 8, size);
	check_inside(layout->frame.owner, 1, size);
	check_inside(layout->frame.is_entry, 1, size);
	check_inside(layout->frame.line, 4, size);
	check_inside(layout->frame.trace, 8, size);
	check_inside(layout->frame.tlbc, 4, size);
	ck_assert_uint_ne(layout->frame.code, LAYOUT_NONE);
	ck_assert_uint_ne(layout->frame.previous, LAYOUT_NONE);
	ck_assert_uint_ne(layout->frame.instruction, LAYOUT_NONE);
	ck_assert_uint_ne(layout->frame.code, layout->frame.previous);
}

/* What each version has, and has not. */
static void check_kind(const struct layout *layout)
{
	unsigned minor = layout->minor;

	ck_assert_int_eq(layout->frame.line != LAYOUT_NONE, minor < 11);
	ck_assert_int_eq(layout->frame.trace != LAYOUT_NONE, minor < 11);
	ck_assert_int_eq(layout->frame.is_entry != LAYOUT_NONE, minor == 11);
	ck_assert(minor < 12 || layout->frame.owner != LAYOUT_NONE);
	ck_assert_int_eq(layout->thread.cframe != LAYOUT_NONE, minor == 11 || minor == 12);
	ck_assert_int_eq(layout->thread.frame != LAYOUT_NONE, minor < 11 || minor > 12);
	ck_assert_int_eq(layout->code.qualname != LAYOUT_NONE, minor >= 11);
	ck_assert_int_eq(layout->code.bytecode != LAYOUT_NONE, minor >= 11);
	ck_assert_int_eq(layout->code.version != LAYOUT_NONE, minor >= 12);
	ck_assert_int_eq(layout->lines, minor < 10 ? LINES_LNOTAB : minor == 10 ? LINES_RANGES
									  : LINES_LOCATIONS);
	ck_assert_int_eq(layout->frame.tlbc != LAYOUT_NONE,
			 layout->is_free_threaded && minor >= 14);
}

static struct layout layout_of(unsigned minor)
{
	uint64_t words[LAYOUT_WORDS_MAX], version;
	const struct layout *fixed = layout_fixed(minor);
	struct layout layout;

	if (fixed)
		return *fixed;
	version = image_words(minor, words);
	ck_assert_int_eq(layout_from_words(words, layout_words(minor), version, &layout), 0);
	return layout;
}

START_TEST(sane)
{
	struct layout layout = layout_of((unsigned)_i);

	ck_assert_uint_eq(layout.minor, (unsigned)_i);
	ck_assert_int_eq(layout_fixed((unsigned)_i) != NULL, _i < 13);
	ck_assert_int_eq(layout_words((unsigned)_i) != 0, _i >= 13);
	ck_assert_uint_le(layout_words((unsigned)_i), LAYOUT_WORDS_MAX);
	check_frame(&layout);
	check_kind(&layout);
	ck_assert_uint_eq(layout.bytes.size, 16);
	ck_assert_uint_eq(layout.bytes.data, 32);
	ck_assert_uint_eq(layout.str.length, 16);
	ck_assert_uint_eq(layout.str.state, 32);
	ck_assert_uint_eq(layout.str.ascii, _i < 12 ? 48 : 40);
	ck_assert_uint_eq(layout.str.other, _i < 12 ? 72 : 56);
}
END_TEST

START_TEST(unknown_minors)
{
	static const unsigned minors[] = { 0, 7, 16, 255, UINT32_MAX };
	uint64_t words[LAYOUT_WORDS_MAX], version;
	struct layout layout;

	for (size_t i = 0; i < ARRAY_SIZE(minors); i++) {
		ck_assert_ptr_null(layout_fixed(minors[i]));
		ck_assert_uint_eq(layout_words(minors[i]), 0);
	}
	image_words(15, words);
	for (version = 0x03000000; version < 0x03ff0000; version += 0x10000) {
		unsigned minor = (unsigned)(version >> 16 & 0xff);

		words[1] = version;
		if (minor < 13 || minor > 15)
			ck_assert_int_eq(layout_from_words(words, LAYOUT_WORDS_MAX, version,
							   &layout), -ENOTSUP);
	}
	words[1] = 0x020f0000;
	ck_assert_int_eq(layout_from_words(words, LAYOUT_WORDS_MAX, words[1], &layout), -ENOTSUP);
	words[1] = 0x040f0000;
	ck_assert_int_eq(layout_from_words(words, LAYOUT_WORDS_MAX, words[1], &layout), -ENOTSUP);
	words[1] = 0x01030f0000;
	ck_assert_int_eq(layout_from_words(words, LAYOUT_WORDS_MAX, words[1], &layout), -ENOTSUP);
}
END_TEST

START_TEST(words_that_do_not_fit)
{
	unsigned minor = (unsigned)_i;
	uint64_t words[LAYOUT_WORDS_MAX], version = image_words(minor, words);
	size_t count = layout_words(minor);
	struct layout layout = { .minor = 99 };

	ck_assert_int_eq(layout_from_words(words, count - 1, version, &layout), -EINVAL);
	ck_assert_int_eq(layout_from_words(words, 0, version, &layout), -EINVAL);
	ck_assert_int_eq(layout_from_words(words, count, version + 1, &layout), -EINVAL);
	words[0] ^= 1;
	ck_assert_int_eq(layout_from_words(words, count, version, &layout), -EINVAL);
	words[0] ^= 1;
	words[1] += 256;
	ck_assert_int_eq(layout_from_words(words, count, version, &layout), -EINVAL);
	words[1] -= 256;
	ck_assert_uint_eq(layout.minor, 99);
	ck_assert_int_eq(layout_from_words(words, count, version, &layout), 0);
	ck_assert_uint_eq(layout.minor, minor);
}
END_TEST

/* The words that are read, and what they mean: "s" the size of a structure. */
struct word_row {
	const char *kind;
	unsigned char at[3];     /* in 3.13, 3.14, 3.15; 0: not there */
};

static const struct word_row word_rows[] = {
	{ "interpreters_head", { 5, 5, 5 } }, { "s interpreter", { 6, 6, 6 } },
	{ "interpreter next", { 8, 8, 8 } }, { "threads_head", { 9, 9, 9 } },
	{ "s thread", { 19, 22, 22 } }, { "thread next", { 21, 24, 24 } },
	{ "current_frame", { 23, 26, 26 } }, { "thread_id", { 24, 27, 30 } },
	{ "native_thread_id", { 25, 28, 31 } },
	{ "s frame", { 28, 31, 39 } }, { "previous", { 29, 32, 40 } },
	{ "executable", { 30, 33, 41 } }, { "instr_ptr", { 31, 34, 42 } },
	{ "owner", { 33, 36, 44 } },
	{ "s code", { 34, 39, 47 } }, { "filename", { 35, 40, 48 } }, { "name", { 36, 41, 49 } },
	{ "qualname", { 37, 42, 50 } }, { "linetable", { 38, 43, 51 } },
	{ "firstlineno", { 39, 44, 52 } }, { "co_code_adaptive", { 43, 48, 56 } },
	{ "ob_type", { 45, 51, 59 } }, { "ob_size", { 65, 75, 87 } }, { "ob_sval", { 66, 76, 88 } },
	{ "str state", { 68, 78, 90 } }, { "str length", { 69, 79, 91 } },
	{ "ascii size", { 70, 80, 92 } }, { "compact size", { 0, 0, 93 } },
};

/* Each word that is read, made huge in several ways; sizes made less than what lies in them. */
START_TEST(each_contradiction)
{
	static const uint64_t bad[] = { UINT64_MAX, 1ull << 63, 1ull << 32, 1u << 31, 1u << 25 };
	const struct word_row *row = &word_rows[_i];

	for (unsigned minor = 13; minor <= 15; minor++) {
		uint64_t words[LAYOUT_WORDS_MAX], version = image_words(minor, words);
		uint64_t *word = &words[row->at[minor - 13]];
		struct layout layout;

		if (!row->at[minor - 13])
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
			*word = bad[i];
			ck_assert_msg(layout_from_words(words, LAYOUT_WORDS_MAX, version, &layout)
				      == -EINVAL, "3.%u %s: %jx", minor, row->kind,
				      (uintmax_t)bad[i]);
		}
		for (uint64_t size = 0; row->kind[0] == 's' && row->kind[1] == ' ' && size < 17;
		     size += 8) {
			*word = size;
			ck_assert_msg(layout_from_words(words, LAYOUT_WORDS_MAX, version, &layout)
				      == -EINVAL, "3.%u %s: %ju", minor, row->kind,
				      (uintmax_t)size);
		}
	}
}
END_TEST

/* The last place that lies inside is taken, the next one is not. */
START_TEST(at_the_edge)
{
	uint64_t words[LAYOUT_WORDS_MAX], version = image_words(14, words);
	struct layout layout;

	words[33] = words[31] - 8;
	ck_assert_int_eq(layout_from_words(words, LAYOUT_WORDS_MAX, version, &layout), 0);
	ck_assert_uint_eq(layout.frame.code, words[31] - 8);
	words[33]++;
	ck_assert_int_eq(layout_from_words(words, LAYOUT_WORDS_MAX, version, &layout), -EINVAL);
	version = image_words(14, words);
	words[31] = LAYOUT_FRAME_MAX;
	ck_assert_int_eq(layout_from_words(words, LAYOUT_WORDS_MAX, version, &layout), 0);
	words[31]++;
	ck_assert_int_eq(layout_from_words(words, LAYOUT_WORDS_MAX, version, &layout), -EINVAL);
	version = image_words(14, words);
	/* co_version lies behind co_firstlineno. */
	words[44] = words[39] - 28;
	ck_assert_int_eq(layout_from_words(words, LAYOUT_WORDS_MAX, version, &layout), 0);
	words[44]++;
	ck_assert_int_eq(layout_from_words(words, LAYOUT_WORDS_MAX, version, &layout), -EINVAL);
}
END_TEST

/* 3.14 free-threaded: headers are longer, and there are copies of the bytecode. */
START_TEST(free_threaded)
{
	uint64_t words[LAYOUT_WORDS_MAX], version = image_words(14, words);
	struct layout layout;

	words[2] = 1;
	words[38] = 76;
	words[49] = 184;
	words[51] = 24;
	ck_assert_int_eq(layout_from_words(words, LAYOUT_WORDS_MAX, version, &layout), 0);
	ck_assert(layout.is_free_threaded);
	ck_assert_uint_eq(layout.frame.tlbc, 76);
	ck_assert_uint_eq(layout.code.tlbc, 184);
	ck_assert_uint_eq(layout.type, 24);
	words[38] = words[31] - 3;
	ck_assert_int_eq(layout_from_words(words, LAYOUT_WORDS_MAX, version, &layout), -EINVAL);
	words[38] = 76;
	words[49] = words[39] - 7;
	ck_assert_int_eq(layout_from_words(words, LAYOUT_WORDS_MAX, version, &layout), -EINVAL);
	/* 3.13 had none yet. */
	version = image_words(13, words);
	words[2] = 1;
	ck_assert_int_eq(layout_from_words(words, LAYOUT_WORDS_MAX, version, &layout), 0);
	ck_assert_uint_eq(layout.frame.tlbc, LAYOUT_NONE);
	ck_assert_uint_eq(layout.code.tlbc, LAYOUT_NONE);
}
END_TEST

/* 3.13 and later: what the research saw in real builds. */
START_TEST(values_seen)
{
	struct layout layout = layout_of((unsigned)_i);

	ck_assert_uint_eq(layout.thread.id, _i == 15 ? 176 : 152);
	ck_assert_uint_eq(layout.thread.frame, 72);
	ck_assert_uint_eq(layout.frame.owner, _i == 13 ? 70 : 74);
	ck_assert_uint_eq(layout.code.file, 112);
	ck_assert_uint_eq(layout.code.qualname, 128);
	ck_assert_uint_eq(layout.code.table, 136);
	ck_assert_uint_eq(layout.code.first_line, 68);
	ck_assert_uint_eq(layout.code.version, 92);
	ck_assert_uint_eq(layout.code.bytecode, _i == 13 ? 200 : 208);
	ck_assert_uint_eq(layout.type, 8);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("layout");
	TCase *tcase = tcase_create("offsets");

	tcase_add_loop_test(tcase, sane, LAYOUT_MINOR_FIRST, LAYOUT_MINOR_LAST + 1);
	tcase_add_test(tcase, unknown_minors);
	tcase_add_loop_test(tcase, words_that_do_not_fit, 13, 16);
	tcase_add_loop_test(tcase, each_contradiction, 0, ARRAY_SIZE(word_rows));
	tcase_add_test(tcase, at_the_edge);
	tcase_add_test(tcase, free_threaded);
	tcase_add_loop_test(tcase, values_seen, 13, 16);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
