/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_model.c: what passes the filter, and the counts of it: the same whether events came one by
 * one or were counted anew; no entry that was forgotten is looked at (AddressSanitizer sees it).
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/made.h"
#include "tests/support/suite.h"
#include "tracer/events/query.h"
#include "tui/act.h"
#include "tui/app.h"
#include "tui/model.h"

#define EVENTS 3000

static struct model model;
static struct flat_event flat;

static void set_up(void)
{
	ck_assert_int_eq(model_init(&model), 0);
}

static void tear_down(void)
{
	model_free(&model);
}

static void add(struct model *to, uint64_t n)
{
	static struct made made;

	/* The same event for the same number, in whatever order. */
	srandom((unsigned)n);
	made_random(&made, n);
	ck_assert_int_eq(model_add(to, made.bytes, made.size), 0);
}

static void filter(struct model *of, const char *text)
{
	struct fault fault = { 0 };

	ck_assert_msg(model_set_filter(of, text, &fault) == 0, "%s: %s", text, fault.text);
}

/* ---- one row, told as text, so that two models can be compared ---- */

static void tell_row(FILE *out, const struct group_row *row)
{
	fprintf(out, "%zu %s %s: %lu %lu %lu %lu, %lu to %lu at %lu, %lu %lu %lu\n", row->length,
		row->key, group_second(row), row->calls, row->denied, row->failed, row->asked,
		row->first, row->last, row->last_us, row->timed, row->total_us, row->max_us);
	for (int i = 0; i < CLASS_COUNT; i++)
		fprintf(out, "%lu ", row->by_class[i]);
	for (int i = 0; i < TOPS; i++)
		for (int k = 0; k < TOP_ITEMS && !row->tops[i].is_rough; k++)
			fprintf(out, " %lu", row->tops[i].items[k].count);
	fprintf(out, "\n");
}

static char *tell(struct model *of)
{
	char *text = NULL;
	size_t size, count;
	FILE *out = open_memstream(&text, &size);

	for (int view = 0; view < VIEWS; view++) {
		const struct group_row **rows;

		if (!of->groups[view])
			continue;
		rows = groups_sorted(of->groups[view], view_compare, COLUMN_CALLS, false, &count);
		fprintf(out, "-- %s, %zu rows\n", views[view].name, count);
		for (size_t i = 0; i < count; i++)
			tell_row(out, rows[i]);
	}
	fprintf(out, "%lu calls, %lu us, shown:", of->total_calls, of->total_us);
	for (size_t i = 0; i < model_count(of); i++)
		fprintf(out, " %lu", model_entry(of, i)->n);
	fclose(out);
	return text;
}

static void same(struct model *a, struct model *b)
{
	char *left = tell(a), *right = tell(b);

	if (strcmp(left, right) != 0) {
		size_t at = 0;

		while (left[at] == right[at])
			at++;
		at = at > 200 ? at - 200 : 0;
		ck_abort_msg("%.400s\n---- and\n%.400s", left + at, right + at);
	}
	free(left);
	free(right);
}

static const char *const filters[] = {
	"", "verdict=deny", "call=openat,unlink !verdict=allow", "group=net", "pid=101",
	"line=a.py", "errno=EACCES", "path~1", "nothing-has-this", "rule~write", "verdict=ask",
};

/* Filter first and events then, or events first. */
START_TEST(filtered_before_or_after)
{
	struct model other;

	ck_assert_int_eq(model_init(&other), 0);
	filter(&model, filters[_i]);
	for (uint64_t n = 1; n <= EVENTS; n++) {
		add(&model, n);
		add(&other, n);
	}
	filter(&other, "verdict=allow");
	filter(&other, filters[_i]);
	same(&model, &other);
	model_free(&other);
}
END_TEST

/* What the ring had lost and kept comes late: counted and shown as if it had not. */
START_TEST(in_any_order)
{
	struct model other;
	uint64_t numbers[EVENTS];

	ck_assert_int_eq(model_init(&other), 0);
	filter(&model, filters[_i]);
	filter(&other, filters[_i]);
	for (uint64_t n = 0; n < EVENTS; n++) {
		numbers[n] = n + 1;
		add(&model, n + 1);
	}
	srandom((unsigned)_i);
	for (size_t n = EVENTS - 1; n > 0; n--) {
		size_t with = (size_t)random() % (n + 1);
		uint64_t number = numbers[n];

		numbers[n] = numbers[with];
		numbers[with] = number;
	}
	for (size_t n = 0; n < EVENTS; n++)
		add(&other, numbers[n]);
	/* The most frequent and their order may differ where they are rough, and among equals. */
	ck_assert_uint_eq(model_count(&other), model_count(&model));
	for (size_t i = 0; i < model_count(&model); i++)
		ck_assert_uint_eq(model_entry(&other, i)->n, model_entry(&model, i)->n);
	filter(&other, filters[_i]);
	same(&model, &other);
	model_free(&other);
}
END_TEST

START_TEST(each_once)
{
	model.counts_itself = true;
	add(&model, 1);
	add(&model, 1);
	ck_assert_uint_eq(model_count(&model), 1);
	ck_assert_uint_eq(model.counts.events, 1);
	ck_assert_uint_eq(model.total_calls, 1);
}
END_TEST

START_TEST(no_event_at_all)
{
	ck_assert_int_eq(model_add(&model, "nothing", 7), -EBADMSG);
	ck_assert_int_eq(model_add(&model, "", 0), -EBADMSG);
	ck_assert_uint_eq(model_count(&model), 0);
	ck_assert_uint_eq(model_place(&model, 5), 0);
}
END_TEST

static void check_shown(void)
{
	uint64_t last = 0;

	for (size_t i = 0; i < model_count(&model); i++) {
		const struct entry *entry = model_entry(&model, i);

		ck_assert_int_eq(model_event(entry, &flat), 0);
		if (entry->n <= last || flat.event.event.n != entry->n ||
		    store_find(&model.store, entry->n) != entry)
			ck_abort_msg("entry %zu, %lu after %lu", i, entry->n, last);
		if (model.query && !query_matches(model.query, &flat.event))
			ck_abort_msg("entry %zu does not pass", i);
		last = entry->n;
	}
}

/* The store forgets, over and over; now and then something comes late. */
START_TEST(forgetting)
{
	model.store.bytes_max = 200000;
	filter(&model, filters[_i]);
	for (uint64_t n = 1; n <= 8000; n++) {
		if (n % 50)
			add(&model, n);
		if (n > 600 && n % 7 == 0)
			add(&model, n - n % 600);
		if (n % 400 == 0)
			check_shown();
	}
	check_shown();
	ck_assert_uint_gt(model.store.generation, 2);
	ck_assert_uint_gt(model.store.forgotten, 1000);
}
END_TEST

/* Counts are of what came, also of what is forgotten. */
START_TEST(counts_outlive_the_store)
{
	uint64_t calls;

	model.store.bytes_max = 200000;
	for (uint64_t n = 1; n <= 5000; n++)
		add(&model, n);
	ck_assert_uint_eq(model.total_calls, 5000);
	filter(&model, "");
	calls = model.total_calls;
	ck_assert_uint_eq(calls, model.store.count);
}
END_TEST

START_TEST(a_wrong_filter_changes_nothing)
{
	struct fault fault = { 0 };
	size_t before;

	for (uint64_t n = 1; n <= 100; n++)
		add(&model, n);
	filter(&model, "pid=100");
	before = model_count(&model);
	ck_assert_int_eq(model_set_filter(&model, "colour=red", &fault), -EINVAL);
	ck_assert(fault.text[0]);
	ck_assert_str_eq(model.filter, "pid=100");
	ck_assert_uint_eq(model_count(&model), before);
	filter(&model, "");
	ck_assert_uint_eq(model_count(&model), 100);
}
END_TEST

START_TEST(places)
{
	for (uint64_t n = 10; n <= 100; n += 10)
		add(&model, n);
	ck_assert_uint_eq(model_place(&model, 0), 0);
	ck_assert_uint_eq(model_place(&model, 10), 0);
	ck_assert_uint_eq(model_place(&model, 11), 1);
	ck_assert_uint_eq(model_place(&model, 100), 9);
	ck_assert_uint_eq(model_place(&model, UINT64_MAX), 10);
}
END_TEST

/* Rules that nobody met are rows from the start on, whatever filter there is. */
START_TEST(rules_that_nobody_met)
{
	json_t *start = json_pack("{s:[s,s]}", "policy", "allow read /usr", "deny net");

	filter(&model, "pid=101");
	ck_assert_int_eq(model_set_start(&model, start), 0);
	ck_assert_uint_eq(groups_count(model.groups[VIEW_POLICY]), 2);
	add(&model, 1);
	filter(&model, "");
	ck_assert_uint_ge(groups_count(model.groups[VIEW_POLICY]), 2);
	json_decref(start);
}
END_TEST

START_TEST(over_time)
{
	struct model_slice slices[MODEL_SLICES];
	uint64_t files = 0, denied = 0, length;

	for (uint64_t n = 1; n <= 1000; n++)
		add(&model, n);
	for (int count = 1; count <= MODEL_SLICES; count++) {
		length = model_slices(&model, slices, count);
		ck_assert_uint_gt(length * (uint64_t)count, model.last_us);
	}
	for (int i = 0; i < MODEL_SLICES; i++) {
		files += slices[i].files;
		denied += slices[i].denied;
	}
	ck_assert_uint_gt(files, 500);
	ck_assert_uint_gt(denied, 100);
	filter(&model, "nothing-has-this");
	model_slices(&model, slices, MODEL_SLICES);
	ck_assert_uint_eq(slices[0].files, 0);
}
END_TEST

/* A time of a record that would be beyond all: no step outside. */
START_TEST(far_in_the_future)
{
	static struct made made;
	struct model_slice slices[MODEL_SLICES];
	struct event event = made_event(1);

	event.t_us = UINT64_MAX;
	made_pack(&made, &event);
	ck_assert_int_eq(model_add(&model, made.bytes, made.size), 0);
	model_slices(&model, slices, MODEL_SLICES);
	ck_assert_uint_eq(slices[MODEL_SLICES - 1].files, 1);
	model_slices(&model, slices, 1);
	ck_assert_uint_eq(slices[0].files, 1);
}
END_TEST

/* More files and refusals than there are rows: the rest is in one. */
START_TEST(more_than_there_are_rows)
{
	static struct made made;
	struct event event = made_event(0);
	char path[64];

	event.path = path;
	event.outcome = OUTCOME_DENY;
	for (uint64_t n = 1; n <= GROUPS_ROWS_MAX + 100; n++) {
		snprintf(path, sizeof(path), "/tmp/%lu", n);
		event.n = n;
		made_pack(&made, &event);
		ck_assert_int_eq(model_add(&model, made.bytes, made.size), 0);
	}
	ck_assert_uint_eq(groups_count(model.groups[VIEW_FILES]), GROUPS_ROWS_MAX + 1);
	ck_assert_uint_eq(groups_others(model.groups[VIEW_REPORT]), 100);
}
END_TEST

/* ---- from a row down to its events ---- */

static struct app app;

static void start_app(void)
{
	static struct feed feed;

	app.feed = &feed;
	ck_assert_int_eq(model_init(&app.model), 0);
	app.layout.list_rows = 10;
	for (uint64_t n = 1; n <= EVENTS; n++)
		add(&app.model, n);
}

/* Enter on each row shows as many events as the row counts; q leads back. */
START_TEST(enter_shows_what_is_counted)
{
	size_t count;

	start_app();
	app.view = (enum view_id)_i;
	app.panes[_i].sort = views[_i].sort;
	count = app_count(&app);
	for (size_t i = 0; views[_i].rows > ROW_EVENT && i < count; i++) {
		const struct group_row *row;
		uint64_t calls;

		act_go_to(&app, i);
		row = app_selected_row(&app);
		calls = row->calls;
		act_open(&app);
		ck_assert_msg(app.view == VIEW_EVENTS, "row %zu: %s", i, app.status);
		/* The report's are asked by path: what was written and what read are two rows. */
		ck_assert_msg(_i == VIEW_REPORT ? model_count(&app.model) >= calls
						: model_count(&app.model) == calls,
			      "row %zu: %zu events, not %lu: %s", i, model_count(&app.model),
			      calls, app.model.filter);
		act_back(&app);
		ck_assert_int_eq(app.view, _i);
		ck_assert_str_eq(app.model.filter, "");
	}
	model_free(&app.model);
}
END_TEST

/* Half a name would be another one: said, and nothing changes. */
START_TEST(a_name_too_long_for_a_filter)
{
	static struct made made;
	struct event event = made_event(1);
	char path[2000];

	start_app();
	memset(path, 'p', sizeof(path) - 1);
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	event.path = path;
	event.n = EVENTS + 1;
	made_pack(&made, &event);
	ck_assert_int_eq(model_add(&app.model, made.bytes, made.size), 0);
	app.view = VIEW_FILES;
	app.panes[VIEW_FILES].sort = COLUMN_NAME;
	act_move(&app, ACTION_FIRST);
	ck_assert_str_eq(app_selected_row(&app)->key, path);
	act_open(&app);
	ck_assert_int_eq(app.view, VIEW_FILES);
	ck_assert_ptr_nonnull(strstr(app.status, "too long"));
	ck_assert_int_eq(app.crumb_count, 0);
	model_free(&app.model);
}
END_TEST

static void add_filters(TCase *tcase)
{
	tcase_add_loop_test(tcase, filtered_before_or_after, 0, ARRAY_SIZE(filters));
	tcase_add_loop_test(tcase, in_any_order, 0, ARRAY_SIZE(filters));
	tcase_add_loop_test(tcase, forgetting, 0, ARRAY_SIZE(filters));
	tcase_add_test(tcase, counts_outlive_the_store);
	tcase_add_test(tcase, a_wrong_filter_changes_nothing);
	tcase_add_loop_test(tcase, enter_shows_what_is_counted, 0, VIEWS);
	tcase_add_test(tcase, a_name_too_long_for_a_filter);
}

int main(void)
{
	Suite *suite = suite_create("model");
	TCase *tcase = tcase_create("model");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	add_filters(tcase);
	tcase_add_test(tcase, each_once);
	tcase_add_test(tcase, no_event_at_all);
	tcase_add_test(tcase, places);
	tcase_add_test(tcase, rules_that_nobody_met);
	tcase_add_test(tcase, over_time);
	tcase_add_test(tcase, far_in_the_future);
	tcase_add_test(tcase, more_than_there_are_rows);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
