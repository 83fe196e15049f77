/* SPDX-License-Identifier: Apache-2.0 */
/* test_merge.c: Python frames find the C call that runs them, by address; or none. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/image.h"
#include "tests/support/suite.h"
#include "tracer/merge.h"

#define BASE 0x7ffe00000000u
#define C_MAX 6
#define P_MAX 8

struct row {
	const char *name;
	unsigned c_count, python_count;
	uint64_t sp[C_MAX];              /* over BASE */
	uint64_t anchors[P_MAX];
	struct { unsigned first, count; } placed[C_MAX];
};

static const struct row rows[] = {
	{ "one in each", 3, 3, { 0x100, 0x200, 0x300 }, { 0x110, 0x220, 0x330 },
	  { { 0, 1 }, { 1, 1 }, { 2, 1 } } },
	{ "several in one", 3, 4, { 0x100, 0x200, 0x300 }, { 0x210, 0x210, 0x210, 0x310 },
	  { { 0, 0 }, { 0, 3 }, { 3, 1 } } },
	{ "C calls without any", 4, 1, { 0x100, 0x200, 0x300, 0x400 }, { 0x308 },
	  { { 0, 0 }, { 0, 0 }, { 0, 1 }, { 1, 0 } } },
	{ "the lowest address is inside, the highest is not", 2, 2, { 0x100, 0x200 },
	  { 0x100, 0x200 }, { { 0, 1 }, { 1, 1 } } },
	{ "the last address", 2, 1, { 0x100, 0x200 }, { 0x1ff }, { { 0, 1 }, { 1, 0 } } },
	{ "below all: placed nowhere, and in nobody's way", 2, 2, { 0x100, 0x200 },
	  { 0x50, 0x210 }, { { 1, 0 }, { 1, 1 } } },
	{ "the outermost call has no end", 2, 1, { 0x100, 0x200 }, { 0x7000000 },
	  { { 0, 0 }, { 0, 1 } } },
	{ "out of order: a lower one is passed by", 3, 3, { 0x100, 0x200, 0x300 },
	  { 0x210, 0x110, 0x310 }, { { 0, 0 }, { 0, 1 }, { 2, 1 } } },
	{ "no C frames", 0, 2, { 0 }, { 0x110, 0x210 }, { { 0, 0 } } },
	{ "no Python frames", 2, 0, { 0x100, 0x200 }, { 0 }, { { 0, 0 }, { 0, 0 } } },
	{ "a handler's own stack, below", 4, 2, { 0x10, 0x20, 0x100, 0x200 },
	  { 0x110, 0x210 }, { { 0, 0 }, { 0, 0 }, { 0, 1 }, { 1, 1 } } },
	{ "a handler's own stack, above: nothing is placed", 3, 2, { 0x300, 0x100, 0x200 },
	  { 0x110, 0x210 }, { { 0, 0 }, { 0, 0 }, { 0, 0 } } },
};

static struct native_frame native[C_MAX];
static struct c_frame c_frames[C_MAX];
static struct frames frames;

static struct stack merged(const struct row *row, bool is_anchored, struct pages *pages)
{
	struct stack stack = { .native = c_frames, .native_count = row->c_count,
			       .python_count = row->python_count };

	memset(c_frames, 0x55, sizeof(c_frames));
	frames.count = row->python_count;
	frames.is_anchored = is_anchored;
	for (unsigned i = 0; i < row->c_count; i++)
		native[i].sp = BASE + row->sp[i];
	for (unsigned i = 0; i < row->python_count; i++)
		frames.items[i].anchor = BASE + row->anchors[i];
	merge_frames(&frames, native, &stack, pages);
	return stack;
}

static void check_placed(const struct row *row)
{
	for (unsigned i = 0; i < row->c_count; i++) {
		const struct c_frame *got = &c_frames[i];

		ck_assert_msg(got->count == row->placed[i].count &&
			      (!got->count || got->first == row->placed[i].first),
			      "%s: C call %u has %u from %u", row->name, i, got->count, got->first);
	}
}

START_TEST(by_anchor)
{
	merged(&rows[_i], true, NULL);
	check_placed(&rows[_i]);
}
END_TEST

/* Without an anchor (the bound was met before one): placed nowhere. */
START_TEST(missing_anchors)
{
	struct row row = rows[0];

	merged(&row, true, NULL);
	frames.items[1].anchor = frames.items[2].anchor = 0;
	merge_frames(&frames, native,
		     &(struct stack){ .native = c_frames, .native_count = 3 }, NULL);
	ck_assert_uint_eq(c_frames[0].count, 1);
	ck_assert_uint_eq(c_frames[1].count, 0);
	ck_assert_uint_eq(c_frames[2].count, 0);
}
END_TEST

/* Before 3.11: the frame object's address stands in its evaluation call's words. */
static const struct row word_rows[] = {
	{ "one in each", 3, 3, { 0x100, 0x200, 0x300 }, { 0x9000, 0x9100, 0x9200 },
	  { { 0, 1 }, { 1, 1 }, { 2, 1 } } },
	{ "C calls without any", 4, 2, { 0x100, 0x200, 0x300, 0x400 }, { 0x9000, 0x9200 },
	  { { 0, 1 }, { 1, 0 }, { 1, 1 }, { 2, 0 } } },
	{ "one that stands nowhere holds up the rest", 3, 3, { 0x100, 0x200, 0x300 },
	  { 0x9000, 0xa000, 0x9200 }, { { 0, 1 }, { 1, 0 }, { 1, 0 } } },
	{ "at most one in a call", 1, 2, { 0x100 }, { 0x9000, 0x9100 }, { { 0, 1 } } },
};

START_TEST(by_words)
{
	struct image image = { 0 };
	struct pages_source source = image_source(&image);
	struct pages *pages;

	/* The frame at 9000 in the first call, and a second time in its caller. */
	image_word(&image, BASE + 0x110, BASE + 0x9000);
	image_word(&image, BASE + 0x208, BASE + 0x9000);
	image_word(&image, BASE + 0x2f8, BASE + 0x9100);
	image_word(&image, BASE + 0x300, BASE + 0x9200);
	ck_assert_int_eq(pages_new(&pages), 0);
	pages_set_source(pages, &source);
	pages_begin(pages, 1, 0, PAGES_ROOM);
	merged(&word_rows[_i], false, pages);
	check_placed(&word_rows[_i]);
	pages_free(pages);
	image_free(&image);
}
END_TEST

/* Calls with huge ranges over memory that is not there: bounded, and no frame is placed. */
START_TEST(words_that_cannot_be_read)
{
	struct image image = { 0 };
	struct pages_source source = image_source(&image);
	struct row row = { "", 3, 1, { 0x100, 0x100000000, 0x200000000 }, { 0x9000 },
			   { { 0, 0 } } };
	struct pages *pages;

	image_word(&image, BASE + 0x100, 0);
	/* Past the words that are looked through. */
	image_word(&image, BASE + 0x100 + 8 * 512, BASE + 0x9000);
	ck_assert_int_eq(pages_new(&pages), 0);
	pages_set_source(pages, &source);
	pages_begin(pages, 1, 0, PAGES_ROOM);
	merged(&row, false, pages);
	check_placed(&row);
	ck_assert_uint_lt(pages_stats(pages)->calls, 10);
	image_word(&image, BASE + 0x100 + 8 * 511, BASE + 0x9000);
	pages_begin(pages, 1, 0, PAGES_ROOM);
	merged(&row, false, pages);
	ck_assert_uint_eq(c_frames[0].count, 1);
	pages_free(pages);
	image_free(&image);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("merge");
	TCase *tcase = tcase_create("places");

	tcase_add_loop_test(tcase, by_anchor, 0, ARRAY_SIZE(rows));
	tcase_add_test(tcase, missing_anchors);
	tcase_add_loop_test(tcase, by_words, 0, ARRAY_SIZE(word_rows));
	tcase_add_test(tcase, words_that_cannot_be_read);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
