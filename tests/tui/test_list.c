/* SPDX-License-Identifier: Apache-2.0 */
/* test_list.c: the selected row is always one there is, and always seen; steps of any size. */
#include <check.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/fail.h"
#include "tests/support/suite.h"
#include "tui/list.h"

/* What must hold whatever was done: said once for all tests. */
static bool is_sound(const struct list *list, size_t count, size_t height)
{
	size_t rows = height ? height : 1;

	if (count == 0)
		return list->selected == 0 && list->top == 0;
	return list->selected < count && list->top <= list->selected &&
	       list->selected - list->top < rows && (list->top == 0 || count - list->top >= rows);
}

static const struct {
	struct list list;
	size_t count, height, selected, top;
} fits[] = {
	{ { 0, 0, false }, 0, 0, 0, 0 },
	{ { 0, 0, true }, 0, 10, 0, 0 },
	{ { 5, 3, false }, 0, 10, 0, 0 },
	{ { 0, 0, false }, 1, 0, 0, 0 },
	{ { 0, 0, false }, 1, 1, 0, 0 },
	{ { 9, 9, false }, 10, 1, 9, 9 },
	{ { 10, 0, false }, 10, 10, 9, 0 },
	{ { 9, 0, false }, 10, 9, 9, 1 },
	{ { 3, 5, false }, 10, 4, 3, 3 },
	{ { 3, 8, false }, 10, 4, 3, 3 },
	{ { 9, 9, false }, 10, 4, 9, 6 },     /* no empty rows below */
	{ { 5, 5, false }, 10, 100, 5, 0 },
	{ { 0, 0, true }, 10, 4, 9, 6 },      /* follows */
	{ { SIZE_MAX, SIZE_MAX, false }, 10, 4, 9, 6 },
	{ { 3, 2, false }, 10, SIZE_MAX, 3, 0 },
	{ { 3, 2, false }, SIZE_MAX, SIZE_MAX, 3, 0 },
	{ { 0, 0, true }, SIZE_MAX, 4, SIZE_MAX - 1, SIZE_MAX - 4 },
};

START_TEST(fits_in)
{
	struct list list = fits[_i].list;

	list_fit(&list, fits[_i].count, fits[_i].height);
	ck_assert_uint_eq(list.selected, fits[_i].selected);
	ck_assert_uint_eq(list.top, fits[_i].top);
	ck_assert(is_sound(&list, fits[_i].count, fits[_i].height));
}
END_TEST

static const struct {
	size_t selected;
	long by;
	size_t count, expected;
} moves[] = {
	{ 0, -1, 10, 0 }, { 0, 1, 10, 1 }, { 9, 1, 10, 9 }, { 9, -1, 10, 8 }, { 5, 0, 10, 5 },
	{ 5, 100, 10, 9 }, { 5, -100, 10, 0 }, { 5, LONG_MAX, 10, 9 }, { 5, LONG_MIN, 10, 0 },
	{ 0, 1, 0, 0 }, { 0, -1, 0, 0 }, { 0, 1, 1, 0 }, { SIZE_MAX, 1, 10, 9 },
	{ SIZE_MAX - 1, LONG_MAX, 10, 9 }, { 20, -1, 10, 9 },
};

START_TEST(moves_by)
{
	struct list list = { .selected = moves[_i].selected, .follows = true };

	list_move(&list, moves[_i].by, moves[_i].count, 4);
	ck_assert_uint_eq(list.selected, moves[_i].expected);
	ck_assert(!list.follows);
	ck_assert(is_sound(&list, moves[_i].count, 4));
}
END_TEST

START_TEST(first_and_last)
{
	struct list list = { 0 };

	list_last(&list, 50, 10);
	ck_assert(list.follows);
	ck_assert_uint_eq(list.selected, 49);
	/* More came: it goes along. */
	list_fit(&list, 70, 10);
	ck_assert_uint_eq(list.selected, 69);
	ck_assert_uint_eq(list.top, 60);
	list_first(&list, 70, 10);
	ck_assert(!list.follows);
	list_fit(&list, 90, 10);
	ck_assert_uint_eq(list.selected, 0);
	ck_assert_uint_eq(list.top, 0);
	list_select(&list, 35, 90, 10);
	ck_assert_uint_eq(list.top, 26);
}
END_TEST

/* The selected row of a walk, as one would say it: clamped at both ends. */
static size_t clamp(size_t selected, long by, size_t count)
{
	long at = (long)selected + by;

	if (at < 0 || count == 0)
		return 0;
	return at < (long)count ? (size_t)at : count - 1;
}

static size_t step(struct list *list, size_t selected, size_t count, size_t height)
{
	long by = random() % 41 - 20;

	switch (random() % 6) {
	case 0:
		list_first(list, count, height);
		return 0;
	case 1:
		list_last(list, count, height);
		return count ? count - 1 : 0;
	case 2:
		list_select(list, (size_t)(by + 20), count, height);
		return clamp(0, by + 20, count);
	case 3:
		list_fit(list, count, height);
		return clamp(selected, 0, count);
	default:
		list_move(list, by, count, height);
		return clamp(selected, by, count);
	}
}

/* Rows come and go, the window gets another size, keys are pressed. */
START_TEST(random_walks)
{
	struct list list = { 0 };
	size_t selected = 0, count = 0, height = 5;

	srandom((unsigned)_i);
	for (int i = 0; i < 20000; i++) {
		size_t before = list.top;
		bool is_resized = false;

		if (random() % 5 == 0)
			count = (size_t)random() % 60, is_resized = true;
		if (random() % 20 == 0)
			height = (size_t)random() % 20, is_resized = true;
		if (is_resized)
			list_fit(&list, count, height);
		selected = list.follows ? (count ? count - 1 : 0) : clamp(selected, 0, count);
		before = list.top;
		selected = step(&list, selected, count, height);
		if (!is_sound(&list, count, height) || list.selected != selected)
			ck_abort_msg("step %d: row %zu, not %zu, of %zu", i, list.selected,
				     selected, count);
		/* The window stands still as long as it may. */
		if (selected >= before && selected - before < (height ? height : 1) &&
		    list.top != before)
			ck_abort_msg("step %d: it scrolled from %zu to %zu", i, before, list.top);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("list");
	TCase *tcase = tcase_create("list");

	tcase_add_loop_test(tcase, fits_in, 0, ARRAY_SIZE(fits));
	tcase_add_loop_test(tcase, moves_by, 0, ARRAY_SIZE(moves));
	tcase_add_test(tcase, first_and_last);
	tcase_add_loop_test(tcase, random_walks, 0, 8);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
