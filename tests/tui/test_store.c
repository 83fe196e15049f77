/* SPDX-License-Identifier: Apache-2.0 */
/* test_store.c: events in the order of their numbers, once each, in bounded memory. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tui/store.h"

#define SMALL (1u << 20)

static struct store store;

static void set_up(void)
{
	store = (struct store){ 0 };
}

static void tear_down(void)
{
	store_free(&store);
}

static const struct entry *add(uint64_t n, bool is_kept, size_t size)
{
	char bytes[4096];

	memset(bytes, (int)('a' + n % 26), sizeof(bytes));
	return store_add(&store, n, is_kept, bytes, size);
}

static bool is_right(const struct entry *entry)
{
	for (size_t i = 0; i < entry->size; i++)
		if (entry->bytes[i] != (char)('a' + entry->n % 26))
			return false;
	return true;
}

/* In order, whole, and summed up as it says. */
static bool is_sound(void)
{
	size_t bytes = 0;

	for (size_t i = 0; i < store.count; i++) {
		bytes += sizeof(struct entry) + store.entries[i]->size;
		if (i > 0 && store.entries[i]->n <= store.entries[i - 1]->n)
			return false;
		if (!is_right(store.entries[i]))
			return false;
	}
	return bytes == store.bytes && store.count <= store.capacity;
}

START_TEST(keeps_them_in_order)
{
	static const uint64_t numbers[] = { 5, 1, 9, 7, 0, UINT64_MAX, 8, 2 };
	static const uint64_t sorted[] = { 0, 1, 2, 5, 7, 8, 9, UINT64_MAX };

	for (size_t i = 0; i < 8; i++)
		ck_assert_ptr_nonnull(add(numbers[i], false, 10));
	ck_assert_uint_eq(store.count, 8);
	for (size_t i = 0; i < 8; i++)
		ck_assert_uint_eq(store.entries[i]->n, sorted[i]);
	ck_assert(is_sound());
	ck_assert_uint_eq(store_place(&store, 0), 0);
	ck_assert_uint_eq(store_place(&store, 6), 4);
	ck_assert_uint_eq(store_place(&store, UINT64_MAX), 7);
}
END_TEST

START_TEST(each_once)
{
	const struct entry *entry = add(3, false, 10);

	ck_assert_ptr_null(add(3, true, 20));
	ck_assert_ptr_eq(store_find(&store, 3), entry);
	ck_assert_uint_eq(store_find(&store, 3)->size, 10);
	ck_assert_ptr_null(store_find(&store, 2));
	ck_assert_ptr_null(store_find(&store, 4));
	ck_assert_uint_eq(store.count, 1);
	ck_assert_ptr_nonnull(add(4, false, 0));
}
END_TEST

START_TEST(nothing_in_it)
{
	ck_assert_ptr_null(store_find(&store, 0));
	ck_assert_uint_eq(store_place(&store, 7), 0);
	store_free(&store);
	ck_assert_uint_eq(store.count, 0);
}
END_TEST

/* The oldest go; the generation says so; what is left is whole. */
START_TEST(forgets_the_oldest)
{
	uint64_t generation = 0;

	store.bytes_max = SMALL;
	for (uint64_t n = 1; n <= 20000; n++) {
		uint64_t first = store.count ? store.entries[0]->n : 0;

		ck_assert_ptr_nonnull(add(n, false, 100 + n % 50));
		if (store.generation == generation && first)
			ck_assert_uint_eq(store.entries[0]->n, first);
		generation = store.generation;
		if (store.bytes > SMALL)
			ck_abort_msg("%zu bytes at %lu", store.bytes, (unsigned long)n);
	}
	ck_assert(is_sound());
	ck_assert_uint_gt(store.generation, 3);
	ck_assert_uint_eq(store.forgotten + store.count, 20000);
	ck_assert_uint_eq(store.entries[0]->n, store.forgotten + 1);
	/* Most of the room is used. */
	ck_assert_uint_gt(store.bytes, SMALL / 2);
}
END_TEST

static size_t count_kept(void)
{
	size_t kept = 0;

	for (size_t i = 0; i < store.count; i++)
		kept += store.entries[i]->is_kept;
	return kept;
}

/* As many as fit into a quarter: here all of them do. */
START_TEST(keeps_what_is_kept)
{
	store.bytes_max = SMALL;
	for (uint64_t n = 1; n <= 50000; n++)
		ck_assert_ptr_nonnull(add(n, n % 100 == 0, 150));
	ck_assert_uint_eq(count_kept(), 500);
	for (uint64_t n = 100; n <= 50000; n += 100)
		ck_assert_ptr_nonnull(store_find(&store, n));
	ck_assert(is_sound());
	ck_assert_uint_le(store.bytes, SMALL);
}
END_TEST

/* A script that is refused without end does not push out all else. */
START_TEST(too_many_are_kept)
{
	size_t kept;

	store.bytes_max = SMALL;
	for (uint64_t n = 1; n <= 50000; n++)
		ck_assert_ptr_nonnull(add(n, n % 10 != 0, 150));
	kept = count_kept();
	ck_assert(is_sound());
	ck_assert_uint_le(store.bytes, SMALL);
	ck_assert_uint_gt(kept * 170, SMALL / 4);
	ck_assert_uint_lt(kept, store.count);
	ck_assert_ptr_nonnull(store_find(&store, 50000));
}
END_TEST

START_TEST(so_many_at_most)
{
	for (uint64_t n = 1; n <= STORE_EVENTS_MAX + 5; n++)
		if (!store_add(&store, n, false, "x", 1))
			ck_abort_msg("at %lu", (unsigned long)n);
	ck_assert_uint_le(store.count, STORE_EVENTS_MAX);
	ck_assert_uint_eq(store.count + store.forgotten, STORE_EVENTS_MAX + 5);
	ck_assert_uint_eq(store.generation, 1);
}
END_TEST

/* One that is larger than all of the room is there all the same. */
START_TEST(one_that_is_too_large)
{
	store.bytes_max = 1000;
	for (uint64_t n = 1; n < 20; n++)
		ck_assert_ptr_nonnull(add(n, n % 3 == 0, 4000));
	ck_assert(is_sound());
	ck_assert_ptr_nonnull(store_find(&store, 19));
	ck_assert_uint_lt(store.count, 4);
}
END_TEST

START_TEST(any_order)
{
	srandom((unsigned)_i);
	store.bytes_max = SMALL / 4;
	for (int i = 0; i < 20000; i++) {
		uint64_t n = (uint64_t)random() % 30000;
		bool was_there = store_find(&store, n) != NULL;

		if (!add(n, random() % 4 == 0, (size_t)random() % 300) != was_there)
			ck_abort_msg("at step %d", i);
		if (i % 500 == 0)
			ck_assert(is_sound());
	}
	ck_assert(is_sound());
	ck_assert_uint_le(store.bytes, SMALL / 4);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("store");
	TCase *tcase = tcase_create("store");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, keeps_them_in_order);
	tcase_add_test(tcase, each_once);
	tcase_add_test(tcase, nothing_in_it);
	tcase_add_test(tcase, forgets_the_oldest);
	tcase_add_test(tcase, keeps_what_is_kept);
	tcase_add_test(tcase, too_many_are_kept);
	tcase_add_test(tcase, so_many_at_most);
	tcase_add_test(tcase, one_that_is_too_large);
	tcase_add_loop_test(tcase, any_order, 0, 4);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
