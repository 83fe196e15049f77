/* SPDX-License-Identifier: Apache-2.0 */
/* test_view.c: the table of views: whole, and its columns fit on every screen. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/suite.h"
#include "tracer/events/query.h"
#include "tui/layout.h"
#include "tui/view.h"

#define COLUMNS_MAX 400

static bool has_column(const struct view *view, enum column_kind kind)
{
	for (int i = 0; i < VIEW_COLUMNS_MAX && view->columns[i].title; i++)
		if (view->columns[i].kind == kind)
			return true;
	return false;
}

START_TEST(each_says_what_it_is)
{
	const struct view *view = &views[_i];

	ck_assert(view->key >= '0' && view->key <= '9');
	ck_assert(view->name[0] && view->short_name[0] && view->words[0]);
	ck_assert_uint_le(strlen(view->short_name), strlen(view->name));
	for (int i = 0; i < VIEWS; i++)
		ck_assert(i == _i || (views[i].key != view->key &&
				      strcmp(views[i].name, view->name) != 0));
}
END_TEST

START_TEST(each_column_has_help)
{
	const struct view *view = &views[_i];
	int rests = 0;

	for (int i = 0; i < VIEW_COLUMNS_MAX && view->columns[i].title; i++) {
		ck_assert(view->columns[i].title[0] && view->columns[i].help[0]);
		ck_assert_int_ge(view->columns[i].cells, 0);
		rests += view->columns[i].cells == 0;
		for (int k = 0; k < i; k++)
			ck_assert_int_ne(view->columns[k].kind, view->columns[i].kind);
	}
	ck_assert_int_le(rests, 1);
	/* The table ends before its array does. */
	ck_assert_ptr_null(view->columns[VIEW_COLUMNS_MAX - 1].title);
}
END_TEST

START_TEST(sorted_by_a_column_of_its_own)
{
	const struct view *view = &views[_i];

	if (view->rows > ROW_EVENT && view->columns[0].title)
		ck_assert(has_column(view, view->sort));
}
END_TEST

/* Where Enter leads is a filter that there is. */
START_TEST(enter_leads_somewhere)
{
	struct query *query = NULL;
	struct fault fault = { 0 };
	char text[64];

	ck_assert_int_eq(views[_i].rows > ROW_EVENT, views[_i].filter[0] != '\0');
	if (!views[_i].filter[0])
		return;
	snprintf(text, sizeof(text), "%s=1", views[_i].filter);
	ck_assert_msg(query_parse(text, &query, &fault) == 0, "%s: %s", text, fault.text);
	query_free(query);
}
END_TEST

static void check_width(const struct view *view, int columns, bool has_times)
{
	int cells[VIEW_COLUMNS_MAX], used = 1, shown = 0;

	view_layout(view, columns, has_times, cells);
	for (int i = 0; i < VIEW_COLUMNS_MAX; i++) {
		const struct column *column = &view->columns[i];

		if (cells[i] < 0 || (cells[i] && (!column->title || columns < column->from)))
			ck_abort_msg("%s at %d: column %d", view->name, columns, i);
		if (cells[i] && column_is_time(column->kind) && !has_times)
			ck_abort_msg("%s at %d: times that are not known", view->name, columns);
		used += cells[i] ? cells[i] + 1 : 0;
		shown += cells[i] > 0;
	}
	/* Behind the last one no blank is needed. */
	if (used > columns + 1 || (view->columns[0].title && (shown < 2 || !cells[0])))
		ck_abort_msg("%s at %d: %d cells, %d columns", view->name, columns, used, shown);
}

START_TEST(columns_fit_at_every_width)
{
	for (int columns = LAYOUT_LEAST_COLUMNS; columns <= COLUMNS_MAX; columns++) {
		check_width(&views[_i], columns, false);
		check_width(&views[_i], columns, true);
	}
}
END_TEST

/* Tiny ones are never drawn, but must not go wrong either. */
START_TEST(less_than_fits)
{
	int cells[VIEW_COLUMNS_MAX];

	for (int columns = 0; columns < LAYOUT_LEAST_COLUMNS; columns++) {
		view_layout(&views[_i], columns, true, cells);
		for (int i = 0; i < VIEW_COLUMNS_MAX; i++)
			ck_assert(cells[i] >= 0 && cells[i] <= 40);
	}
}
END_TEST

/* The column that takes the rest takes all of it, and wider screens never show less. */
START_TEST(wider_is_never_less)
{
	int before[VIEW_COLUMNS_MAX], cells[VIEW_COLUMNS_MAX];
	const struct view *view = &views[_i];

	view_layout(view, 120, false, before);
	for (int columns = 121; columns < COLUMNS_MAX; columns++) {
		view_layout(view, columns, false, cells);
		for (int i = 0; i < VIEW_COLUMNS_MAX && view->columns[i].title; i++) {
			ck_assert_int_ge(cells[i], before[i]);
			if (view->columns[i].cells == 0)
				ck_assert_int_eq(cells[i], before[i] + 1);
		}
		memcpy(before, cells, sizeof(before));
	}
}
END_TEST

/* ---- order ---- */

START_TEST(numbers_from_the_largest)
{
	struct group_row few = { .key = (char *)"b", .length = 1, .calls = 2, .denied = 9 };
	struct group_row many = { .key = (char *)"a", .length = 1, .calls = 10 };

	ck_assert_int_lt(view_compare(&many, &few, COLUMN_CALLS), 0);
	ck_assert_int_gt(view_compare(&few, &many, COLUMN_CALLS), 0);
	ck_assert_int_eq(view_compare(&few, &few, COLUMN_CALLS), 0);
	ck_assert_int_lt(view_compare(&few, &many, COLUMN_DENIED), 0);
}
END_TEST

START_TEST(names_as_people_count)
{
	struct group_row nine = { .key = (char *)"a.py:9\0g", .length = 8 };
	struct group_row ten = { .key = (char *)"a.py:10\0f", .length = 9 };

	ck_assert_int_lt(view_compare(&nine, &ten, COLUMN_NAME), 0);
	ck_assert_int_gt(view_compare(&nine, &ten, COLUMN_SECOND), 0);
	ck_assert_int_eq(view_compare(&nine, &ten, COLUMN_BUSIEST), 0);
}
END_TEST

/* Whatever a row holds and by whatever column: the same both ways round. */
START_TEST(every_column_has_an_order)
{
	struct group_row rows[2] = { { .key = (char *)"a", .length = 1, .calls = 3, .timed = 1,
				       .total_us = 5, .durations[3] = 1 },
				     { .key = (char *)"b", .length = 1, .failed = 1 } };

	for (int kind = COLUMN_NAME; kind <= COLUMN_PROGRAM; kind++) {
		int order = view_compare(&rows[0], &rows[1], kind);

		ck_assert_int_eq(order > 0, view_compare(&rows[1], &rows[0], kind) < 0);
		ck_assert_int_eq(order < 0, view_compare(&rows[1], &rows[0], kind) > 0);
	}
}
END_TEST

static void add_table(TCase *tcase)
{
	tcase_add_loop_test(tcase, each_says_what_it_is, 0, VIEWS);
	tcase_add_loop_test(tcase, each_column_has_help, 0, VIEWS);
	tcase_add_loop_test(tcase, sorted_by_a_column_of_its_own, 0, VIEWS);
	tcase_add_loop_test(tcase, enter_leads_somewhere, 0, VIEWS);
	tcase_add_loop_test(tcase, columns_fit_at_every_width, 0, VIEWS);
	tcase_add_loop_test(tcase, less_than_fits, 0, VIEWS);
	tcase_add_loop_test(tcase, wider_is_never_less, 0, VIEWS);
}

int main(void)
{
	Suite *suite = suite_create("view");
	TCase *tcase = tcase_create("view");

	add_table(tcase);
	tcase_add_test(tcase, numbers_from_the_largest);
	tcase_add_test(tcase, names_as_people_count);
	tcase_add_test(tcase, every_column_has_an_order);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
