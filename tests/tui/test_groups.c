/* SPDX-License-Identifier: Apache-2.0 */
/* test_groups.c: rows of counts: exact below their bounds, never too low above them. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tui/groups.h"

static struct groups *groups;
static uint64_t number;

static void set_up(void)
{
	ck_assert_int_eq(groups_new(&groups), 0);
}

static void tear_down(void)
{
	groups_free(groups);
}

static struct group_row *add(const char *key, struct group_note note)
{
	note.n = ++number;
	return groups_add(groups, key, strlen(key), &note);
}

static int by_calls(const struct group_row *a, const struct group_row *b, int column)
{
	(void)column;
	return a->calls > b->calls ? -1 : a->calls < b->calls;
}

static const struct group_row **sorted(bool is_reversed, size_t *ret_count)
{
	return groups_sorted(groups, by_calls, 0, is_reversed, ret_count);
}

START_TEST(counts)
{
	struct group_row *row;

	add("a", (struct group_note){ .class = CLASS_READ, .is_denied = true });
	add("b", (struct group_note){ .class = CLASS_READ, .is_failed = true });
	row = add("a", (struct group_note){ .class = CLASS_WRITE, .is_asked = true, .t_us = 9 });
	ck_assert_uint_eq(row->calls, 2);
	ck_assert_uint_eq(row->denied, 1);
	ck_assert_uint_eq(row->failed, 0);
	ck_assert_uint_eq(row->asked, 1);
	ck_assert_uint_eq(row->by_class[CLASS_READ], 1);
	ck_assert_uint_eq(row->by_class[CLASS_WRITE], 1);
	ck_assert_uint_eq(row->last - row->first, 2);
	ck_assert_uint_eq(row->last_us, 9);
	ck_assert_uint_eq(groups_count(groups), 2);
	ck_assert_uint_eq(groups_others(groups), 0);
	groups_clear(groups);
	ck_assert_uint_eq(groups_count(groups), 0);
	add("a", (struct group_note){ .class = CLASS_COUNT });
}
END_TEST

/* What comes late was earlier all the same. */
START_TEST(first_and_last_by_number)
{
	static const uint64_t numbers[] = { 7, 9, 3, 5 };
	struct group_row *row = NULL;

	for (size_t i = 0; i < 4; i++) {
		struct group_note note = { .n = numbers[i], .t_us = numbers[i] };

		row = groups_add(groups, "a", 1, &note);
	}
	ck_assert_uint_eq(row->first, 3);
	ck_assert_uint_eq(row->last, 9);
	ck_assert_uint_eq(row->last_us, 9);
}
END_TEST

START_TEST(keys_are_bytes)
{
	char longest[GROUPS_KEY_MAX + 100];
	struct group_note note = { .n = 1 };
	struct group_row *row = groups_add(groups, "a\0b", 3, &note);

	ck_assert_str_eq(row->key, "a");
	ck_assert_str_eq(group_second(row), "b");
	ck_assert_ptr_ne(groups_add(groups, "a\0c", 3, &note), row);
	ck_assert_str_eq(group_second(groups_add(groups, "a", 1, &note)), "");
	ck_assert_str_eq(group_second(groups_add(groups, "a\0", 2, &note)), "");
	memset(longest, 'k', sizeof(longest));
	row = groups_add(groups, longest, sizeof(longest), &note);
	ck_assert_uint_eq(row->length, GROUPS_KEY_MAX);
	ck_assert_uint_eq(strlen(row->key), GROUPS_KEY_MAX);
	ck_assert_str_eq(group_second(row), "");
}
END_TEST

/* As many rows as there may be; the rest is in one, whose key is empty. */
START_TEST(others)
{
	const struct group_row **rows;
	size_t count;
	char key[32];

	for (unsigned i = 0; i < GROUPS_ROWS_MAX + 500; i++) {
		snprintf(key, sizeof(key), "key %u", i);
		add(key, (struct group_note){ .is_denied = true });
	}
	add("key 17", (struct group_note){ .is_denied = false });
	ck_assert_uint_eq(groups_count(groups), GROUPS_ROWS_MAX + 1);
	ck_assert_uint_eq(groups_others(groups), 500);
	for (int is_reversed = 0; is_reversed < 2; is_reversed++) {
		rows = sorted(is_reversed, &count);
		ck_assert_uint_eq(count, GROUPS_ROWS_MAX + 1);
		ck_assert_str_eq(rows[is_reversed ? count - 2 : 0]->key, "key 17");
		ck_assert_uint_eq(rows[count - 1]->length, 0);
		ck_assert_uint_eq(rows[count - 1]->calls, 500);
		ck_assert_str_eq(group_second(rows[count - 1]), "");
	}
}
END_TEST

START_TEST(touched_rows_stand_as_they_came)
{
	static const char *const keys[] = { "z", "y", "x", "w", "v", "u", "t", "s", "r", "q" };
	const struct group_row **rows;
	size_t count;

	for (size_t i = 0; i < 10; i++)
		ck_assert_uint_eq(groups_touch(groups, keys[i], 1)->calls, 0);
	groups_touch(groups, "z", 1);
	for (int is_reversed = 0; is_reversed < 2; is_reversed++) {
		rows = sorted(is_reversed, &count);
		ck_assert_uint_eq(count, 10);
		for (size_t i = 0; i < count; i++)
			ck_assert_str_eq(rows[i]->key, keys[i]);
	}
}
END_TEST

START_TEST(equal_rows_stand_as_they_came)
{
	const struct group_row **rows;
	size_t count;
	char key[2] = "";

	srandom(7);
	for (int i = 0; i < 2000; i++) {
		key[0] = (char)(' ' + random() % 90);
		add(key, (struct group_note){ .is_denied = false });
	}
	for (int is_reversed = 0; is_reversed < 2; is_reversed++) {
		rows = sorted(is_reversed, &count);
		for (size_t i = 1; i < count; i++) {
			const struct group_row *a = rows[i - 1], *b = rows[i];

			ck_assert(is_reversed ? a->calls <= b->calls : a->calls >= b->calls);
			if (a->calls == b->calls)
				ck_assert_uint_lt(a->first, b->first);
		}
	}
}
END_TEST

START_TEST(nothing_sorted)
{
	size_t count = 99;

	sorted(false, &count);
	ck_assert_uint_eq(count, 0);
}
END_TEST

/* ---- the most frequent ---- */

static const struct top *add_target(const char *target, bool is_bad)
{
	struct group_note note = { .is_denied = is_bad, .tops[TOP_TARGETS] = target };

	return &add("a", note)->tops[TOP_TARGETS];
}

START_TEST(few_are_exact)
{
	const struct top *top = NULL;
	char text[2] = "";

	for (int i = 1; i <= TOP_ITEMS; i++)
		for (int k = 0; k < i; k++) {
			text[0] = (char)('a' + i);
			top = add_target(text, i == 3);
		}
	ck_assert(!top->is_rough);
	for (int i = 0; i < TOP_ITEMS; i++) {
		ck_assert_uint_eq(top->items[i].count, (uint64_t)(TOP_ITEMS - i));
		ck_assert_int_eq(top->items[i].text[0], 'a' + TOP_ITEMS - i);
		ck_assert_int_eq(top->items[i].is_bad, TOP_ITEMS - i == 3);
	}
	ck_assert_ptr_null(groups_touch(groups, "a", 1)->tops[TOP_LINES].items[0].text);
}
END_TEST

/*
 * Space-Saving: counts add up to all that came, none is too low, none too high by more than the
 * smallest, and what came more often than one in TOP_ITEMS is there.
 */
static void check_top(const struct top *top, const unsigned *really, unsigned total)
{
	uint64_t sum = 0;

	for (int i = 0; i < TOP_ITEMS; i++) {
		uint64_t count = top->items[i].count;
		unsigned real = really[atoi(top->items[i].text)];

		sum += count;
		ck_assert_uint_ge(count, real);
		ck_assert_uint_le(count - top->items[i].error, real);
		ck_assert_uint_le(top->items[i].error, top->items[TOP_ITEMS - 1].count);
		ck_assert(i == 0 || count <= top->items[i - 1].count);
	}
	ck_assert_uint_eq(sum, total);
}

static bool has_item(const struct top *top, unsigned key)
{
	for (int i = 0; i < TOP_ITEMS; i++)
		if (atoi(top->items[i].text) == (int)key)
			return true;
	return false;
}

START_TEST(many_are_rough)
{
	const struct top *top = NULL;
	unsigned really[64] = { 0 };
	char text[16];

	srandom((unsigned)_i);
	for (unsigned i = 1; i <= 5000; i++) {
		unsigned key = random() % 3 ? (unsigned)random() % 4 : (unsigned)random() % 64;

		really[key]++;
		snprintf(text, sizeof(text), "%u", key);
		top = add_target(text, false);
	}
	ck_assert(top->is_rough);
	check_top(top, really, 5000);
	for (unsigned key = 0; key < 64; key++)
		if (really[key] > 5000 / TOP_ITEMS)
			ck_assert(has_item(top, key));
}
END_TEST

START_TEST(long_texts_are_cut)
{
	char text[4096];
	const struct top *top;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	add_target(text, false);
	top = add_target(text, false);
	ck_assert_uint_eq(top->items[0].count, 2);
	ck_assert_uint_eq(strlen(top->items[0].text), TOP_TEXT_MAX - 1);
}
END_TEST

/* ---- times ---- */

static const struct {
	uint64_t us[5];
	int count;
	uint64_t median_us;
} medians[] = {
	{ { 0 }, 0, 0 },
	{ { 0 }, 1, 1 },
	{ { 1 }, 1, 2 },
	{ { 2 }, 1, 4 },
	{ { 1023 }, 1, 1024 },
	{ { 1024 }, 1, 2048 },
	{ { 1, 1, 1000 }, 3, 2 },
	{ { 1, 1000, 1000 }, 3, 1024 },
	{ { 1, 1, 1000, 1000 }, 4, 2 },
	{ { UINT64_MAX }, 1, 1ull << (DURATIONS - 1) },
};

START_TEST(median)
{
	struct group_row *row = groups_touch(groups, "a", 1);
	uint64_t most = 0;

	for (int i = 0; i < medians[_i].count; i++) {
		add("a", (struct group_note){ .us = medians[_i].us[i], .is_timed = true });
		most = medians[_i].us[i] > most ? medians[_i].us[i] : most;
	}
	add("a", (struct group_note){ .us = 77 });
	ck_assert_uint_eq(group_median_us(row), medians[_i].median_us);
	ck_assert_uint_eq(row->timed, (uint64_t)medians[_i].count);
	ck_assert_uint_eq(row->max_us, most);
}
END_TEST

static TCase *top_case(void)
{
	TCase *tcase = tcase_create("tops");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, few_are_exact);
	tcase_add_loop_test(tcase, many_are_rough, 0, 6);
	tcase_add_test(tcase, long_texts_are_cut);
	tcase_add_loop_test(tcase, median, 0, sizeof(medians) / sizeof(medians[0]));
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("groups");
	TCase *tcase = tcase_create("groups");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, counts);
	tcase_add_test(tcase, first_and_last_by_number);
	tcase_add_test(tcase, keys_are_bytes);
	tcase_add_test(tcase, others);
	tcase_add_test(tcase, touched_rows_stand_as_they_came);
	tcase_add_test(tcase, equal_rows_stand_as_they_came);
	tcase_add_test(tcase, nothing_sorted);
	suite_add_tcase(suite, tcase);
	suite_add_tcase(suite, top_case());
	return suite_run(suite);
}
