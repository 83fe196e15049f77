/* SPDX-License-Identifier: Apache-2.0 */
/* test_tally.c: counts are right, and bounded when somebody wants them not to be. */
#include <check.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/reading.h"
#include "tests/support/suite.h"

#define MANY 400000

static struct frequent *new_frequent(void)
{
	struct frequent *frequent = NULL;

	ck_assert_int_eq(frequent_new(&frequent), 0);
	return frequent;
}

static void add_number(struct frequent *frequent, unsigned number)
{
	char key[16];

	frequent_add(frequent, key, (size_t)snprintf(key, sizeof(key), "%u", number),
		     FREQUENT_WELL);
}

/* N = sum of counts + others, whatever was dropped. */
static void check_sum(const struct frequent *frequent, uint64_t total)
{
	const struct frequent_item **items = frequent_sorted(frequent);
	uint64_t sum = frequent_others(frequent);

	for (size_t i = 0; items[i]; i++) {
		sum += items[i]->count;
		if (i > 0)
			ck_assert_uint_ge(items[i - 1]->count, items[i]->count);
	}
	ck_assert_uint_eq(sum, total);
	ck_assert_uint_eq(frequent_total(frequent), total);
	free(items);
}

START_TEST(exact_while_there_is_room)
{
	struct frequent *frequent = new_frequent();
	const struct frequent_item **items;

	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < FREQUENT_KEYS_MAX; i++)
			add_number(frequent, i);
	}
	frequent_add(frequent, "77", 2, FREQUENT_REFUSED);
	frequent_add(frequent, "77", 2, FREQUENT_FAILED);
	frequent_add(frequent, "5", 1, FREQUENT_WELL);
	ck_assert_uint_eq(frequent_count(frequent), FREQUENT_KEYS_MAX);
	ck_assert_uint_eq(frequent_others(frequent), 0);
	ck_assert_uint_eq(frequent_error(frequent), 0);
	items = frequent_sorted(frequent);
	ck_assert_str_eq(items[0]->key, "77");
	ck_assert_uint_eq(items[0]->count, 5);
	ck_assert_uint_eq(items[0]->refused, 1);
	ck_assert_uint_eq(items[0]->failed, 1);
	ck_assert_str_eq(items[1]->key, "5");
	ck_assert_uint_eq(items[1]->count, 4);
	/* Equal ones as they came. */
	ck_assert_str_eq(items[2]->key, "0");
	ck_assert_str_eq(items[3]->key, "1");
	free(items);
	check_sum(frequent, 3 * FREQUENT_KEYS_MAX + 3);
	frequent_free(frequent);
}
END_TEST

/* A thousand frequent keys hidden among many that come once: the bound of frequent.h holds. */
START_TEST(frequent_ones_survive_a_flood)
{
	struct frequent *frequent = new_frequent();
	const struct frequent_item **items;
	unsigned found = 0;

	for (unsigned i = 0; i < MANY; i++) {
		add_number(frequent, 1000000 + i);
		if (i % 2)
			add_number(frequent, i / 2 % 1000);
	}
	ck_assert_uint_le(frequent_count(frequent), FREQUENT_KEYS_MAX);
	ck_assert_uint_gt(frequent_error(frequent), 0);
	ck_assert_uint_le(frequent_error(frequent), 2 * (MANY + MANY / 2) / FREQUENT_KEYS_MAX);
	items = frequent_sorted(frequent);
	for (size_t i = 0; items[i]; i++) {
		if (strlen(items[i]->key) > 3)
			continue;
		found++;
		ck_assert_uint_le(items[i]->count, MANY / 2000);
		ck_assert_uint_ge(items[i]->count + frequent_error(frequent), MANY / 2000);
	}
	ck_assert_uint_eq(found, 1000);
	free(items);
	check_sum(frequent, MANY + MANY / 2);
	frequent_free(frequent);
}
END_TEST

/* What was frequent once and came no more gives way. */
START_TEST(old_ones_go)
{
	struct frequent *frequent = new_frequent();
	const struct frequent_item **items;

	for (unsigned i = 0; i < 25000; i++)
		add_number(frequent, i % 5000);
	for (unsigned i = 0; i < 10 * FREQUENT_KEYS_MAX; i++)
		add_number(frequent, 1000000 + i);
	items = frequent_sorted(frequent);
	for (size_t i = 0; items[i]; i++)
		ck_assert_msg(strlen(items[i]->key) == 7, "%s", items[i]->key);
	free(items);
	check_sum(frequent, 25000 + 10 * FREQUENT_KEYS_MAX);
	frequent_free(frequent);
}
END_TEST

START_TEST(bytes_are_bounded)
{
	static char key[2 * FREQUENT_KEY_MAX];
	struct frequent *frequent = new_frequent();
	size_t before = mallinfo2().uordblks;

	memset(key, 'k', sizeof(key));
	for (unsigned i = 0; i < 5000; i++) {
		memcpy(key, &i, sizeof(i));
		frequent_add(frequent, key, sizeof(key), FREQUENT_WELL);
	}
	ck_assert_uint_lt(mallinfo2().uordblks - before, 2 * FREQUENT_BYTES_MAX);
	ck_assert_uint_le(frequent_count(frequent), FREQUENT_BYTES_MAX / FREQUENT_KEY_MAX);
	check_sum(frequent, 5000);
	frequent_free(frequent);
}
END_TEST

/* ---- what is counted ---- */

static void check_item(const struct tally *tally, enum tally_table table, size_t i,
		       const char *key, uint64_t count, uint64_t refused, uint64_t failed)
{
	const struct frequent_item **items = frequent_sorted(tally->tables[table]);

	ck_assert_uint_lt(i, frequent_count(tally->tables[table]));
	ck_assert_str_eq(items[i]->key, key);
	ck_assert_uint_eq(items[i]->count, count);
	ck_assert_uint_eq(items[i]->refused, refused);
	ck_assert_uint_eq(items[i]->failed, failed);
	free(items);
}

START_TEST(a_record_is_counted)
{
	struct tally tally;
	size_t length;
	char *text = reading_data("etl.jsonl", &length);

	reading_tally(&tally, text, length);
	ck_assert_uint_eq(tally.events, 32);
	ck_assert_uint_eq(tally.refused, 11);
	ck_assert_uint_eq(tally.probes, 1);
	ck_assert_uint_eq(tally.failed, 3);
	ck_assert_uint_eq(tally.lines, 34);
	ck_assert_uint_eq(tally.last_us, 40000000);
	ck_assert(tally_is_complete(&tally));
	check_item(&tally, TALLY_WRITTEN, 0, "/home/ana/work/out/march.parquet", 6, 0, 0);
	check_item(&tally, TALLY_WRITTEN, 1, "/home/ana/work/out/march.log", 1, 0, 0);
	check_item(&tally, TALLY_DELETED, 0, "/home/ana/work/out/march.tmp", 1, 0, 0);
	check_item(&tally, TALLY_RUN, 0, "/usr/bin/gzip", 2, 0, 0);
	check_item(&tally, TALLY_CALLS, 0, "openat", 19, 4, 3);
	check_item(&tally, TALLY_PROCESSES, 0, "4242", 28, 11, 3);
	check_item(&tally, TALLY_PROCESSES, 1, "4251", 3, 0, 0);
	/* Keys of several fields show their first. */
	check_item(&tally, TALLY_LINES, 0, "/home/ana/work/etl.py", 7, 1, 0);
	check_item(&tally, TALLY_OUTCOMES, 1, "deny", 7, 7, 0);
	ck_assert_uint_eq(frequent_count(tally.tables[TALLY_READ]), 6);
	ck_assert_uint_eq(frequent_count(tally.tables[TALLY_REFUSED]), 5);
	tally_free(&tally);
	free(text);
}
END_TEST

START_TEST(fields_of_a_key)
{
	const struct frequent_item item = { .key = "a\0\0c", .length = 4 };

	ck_assert_str_eq(tally_field(&item, 0), "a");
	ck_assert_str_eq(tally_field(&item, 1), "");
	ck_assert_str_eq(tally_field(&item, 2), "c");
	ck_assert_str_eq(tally_field(&item, 3), "");
	ck_assert_str_eq(tally_field(&item, 99), "");
}
END_TEST

static const struct {
	const char *text;
	bool is_complete;
} ends[] = {
	{ READING_START READING_RESULT, true },
	{ READING_START "{\"type\":\"new\"}\n" READING_RESULT, true },
	{ READING_START, false },
	{ READING_START "{\"type\":\"ca", false },
	{ READING_START "x\n" READING_RESULT, false },
	{ READING_START READING_RESULT "{\"type\":\"call\"}\n", false },
	{ READING_START "{\"type\":\"lost\",\"count\":1}\n" READING_RESULT, false },
	{ READING_START "{\"type\":\"result\",\"lost\":2}\n", false },
};

START_TEST(what_is_missing_is_known)
{
	struct tally tally;

	reading_tally(&tally, ends[_i].text, strlen(ends[_i].text));
	ck_assert_int_eq(tally_is_complete(&tally), ends[_i].is_complete);
	tally_free(&tally);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tally");
	TCase *tcase = tcase_create("tally");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, exact_while_there_is_room);
	tcase_add_test(tcase, frequent_ones_survive_a_flood);
	tcase_add_test(tcase, old_ones_go);
	tcase_add_test(tcase, bytes_are_bounded);
	tcase_add_test(tcase, a_record_is_counted);
	tcase_add_test(tcase, fields_of_a_key);
	tcase_add_loop_test(tcase, what_is_missing_is_known, 0, ARRAY_SIZE(ends));
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
