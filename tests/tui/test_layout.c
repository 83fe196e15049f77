/* SPDX-License-Identifier: Apache-2.0 */
/* test_layout.c: on a screen of any size no part of it lies over another, or outside. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/suite.h"
#include "tui/layout.h"

#define ROWS_MAX 200
#define COLUMNS_MAX 300

/* Who has which row; two have none. */
struct claim {
	char rows[ROWS_MAX];
	bool is_wrong;
};

static void take(struct claim *claim, const struct layout *layout, int y, int rows)
{
	if (rows < 0)
		claim->is_wrong = true;
	for (int i = y; i < y + rows; i++) {
		if (i < 0 || i >= layout->rows || claim->rows[i])
			claim->is_wrong = true;
		else
			claim->rows[i] = 1;
	}
}

static bool is_right(const struct layout *layout)
{
	struct claim claim = { .is_wrong = false };

	take(&claim, layout, 0, layout->body_y);
	take(&claim, layout, layout->list_y - 1, 1);
	take(&claim, layout, layout->list_y, layout->list_rows);
	if (layout->rule_y >= 0)
		take(&claim, layout, layout->rule_y, 1);
	take(&claim, layout, layout->detail_y, layout->detail_rows);
	take(&claim, layout, layout->keys_y, 1);
	return !claim.is_wrong && layout->list_rows >= 3 && layout->detail_rows >= 1 &&
	       layout->list_y > layout->body_y &&
	       layout->body_y + layout->body_rows == layout->keys_y;
}

static bool is_known_size(const struct layout *layout)
{
	bool is_tiny = layout->rows < 8 || layout->columns < 40;

	if (layout->is_tiny != is_tiny)
		return false;
	if (layout->is_narrow != (layout->rows < 18 || layout->columns < 70))
		return false;
	return is_tiny || layout->is_narrow == (layout->rule_y < 0);
}

static const int details[] = { 0, 1, 2, 7, 40, 1000 };

START_TEST(every_size)
{
	for (int rows = 1; rows <= ROWS_MAX; rows++)
		for (int columns = 1; columns <= COLUMNS_MAX; columns++) {
			struct layout layout;

			layout_fit(&layout, rows, columns, details[_i]);
			if (layout.rows != rows || layout.columns != columns ||
			    !is_known_size(&layout) || (!layout.is_tiny && !is_right(&layout)))
				ck_abort_msg("%dx%d, detail %d", columns, rows, details[_i]);
		}
}
END_TEST

/* Of a tiny one nothing is used but its size: nothing there may be far outside. */
START_TEST(tiny_ones_have_no_parts)
{
	struct layout layout;

	layout_fit(&layout, 1, 1, 9);
	ck_assert(layout.is_tiny);
	ck_assert_int_eq(layout.list_rows, 0);
	ck_assert_int_eq(layout.detail_rows, 0);
	ck_assert_int_eq(layout.keys_y, 0);
}
END_TEST

START_TEST(detail_is_as_large_as_chosen)
{
	struct layout layout;

	for (int detail = 1; detail < 15; detail++) {
		layout_fit(&layout, 30, 100, detail);
		ck_assert_int_eq(layout.detail_rows, detail);
	}
	layout_fit(&layout, 30, 100, 0);
	ck_assert_int_eq(layout.detail_rows, 8);
	layout_fit(&layout, 24, 80, 0);
	ck_assert_int_eq(layout.detail_rows, 6);
	layout_fit(&layout, 14, 60, 5);
	ck_assert_int_eq(layout.detail_rows, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("layout");
	TCase *tcase = tcase_create("layout");

	tcase_add_loop_test(tcase, every_size, 0, (int)(sizeof(details) / sizeof(details[0])));
	tcase_add_test(tcase, tiny_ones_have_no_parts);
	tcase_add_test(tcase, detail_is_as_large_as_chosen);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
