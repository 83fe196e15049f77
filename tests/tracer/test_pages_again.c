/* SPDX-License-Identifier: Apache-2.0 */
/* test_pages_again.c: what a traceback fetches that the last one used, with one call. */
#include "tests/support/suite.h"
#include "tests/tracer/counted.h"

#include <errno.h>

static void use(unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		check_read(0x10000 + 0x3000ull * i, 8);
}

START_TEST(the_next_stop_fetches_with_one_call)
{
	use(20);
	ck_assert_uint_eq(image.calls, 20);
	pages_begin(pages, 7, 1, 100);
	ck_assert_uint_eq(image.calls, 20);
	use(20);
	ck_assert_uint_eq(image.calls, 21);
	ck_assert_uint_eq(pages_stats(pages)->again, 20);
	ck_assert_uint_eq(pages_left(pages), 80);
}
END_TEST

/* Twice the same: from then on no more is fetched than that. */
static void settle(unsigned count)
{
	for (int i = 0; i < 3; i++) {
		pages_begin(pages, 7, 1, 100);
		use(count);
	}
}

START_TEST(what_is_enough_is_all_that_is_fetched)
{
	unsigned calls;

	settle(20);
	image.bytes = 0;
	calls = image.calls;
	pages_begin(pages, 7, 1, 100);
	use(20);
	ck_assert_uint_eq(image.calls, calls + 1);
	ck_assert_uint_le(image.bytes, 20 * 64);
	ck_assert_uint_eq(pages_left(pages), 80);
}
END_TEST

/* Before, behind, and across; what was read once stays, though the memory changed since. */
START_TEST(what_a_piece_has_not_comes_with_the_page)
{
	static const uint64_t places[] = { 0x10000, 0x10bc0, 0x10ff8, 0x107fc };
	const uint8_t *before;
	uint8_t after[8];

	for (int i = 0; i < 3; i++) {
		pages_begin(pages, 7, 1, 100);
		check_read(0x10800, 0x100);
	}
	pages_begin(pages, 7, 1, 100);
	image.bytes = 0;
	before = pages_peek(pages, 0x10800, 0x100);
	ck_assert_uint_eq(image.bytes, 0x100);
	image.shift = 1;
	ck_assert_int_eq(pages_read(pages, places[_i], after, 8), 0);
	ck_assert_uint_eq(image.bytes, 0x100 + PAGES_SIZE);
	for (unsigned k = 0; k < 8; k++) {
		uint64_t at = places[_i] + k;
		bool is_old = at >= 0x10800 && at < 0x10900;

		ck_assert_uint_eq(after[k], (uint8_t)(byte_at(at) + !is_old));
	}
	ck_assert_ptr_nonnull(before);
	for (unsigned k = 0; k < 0x100; k++)
		ck_assert_uint_eq(before[k], byte_at(0x10800 + k));
	check_read(0x10800, 0x100);
	ck_assert_uint_eq(pages_left(pages), 99);
}
END_TEST

/* It comes whole once more, then as the wider piece, and stays so. */
START_TEST(a_piece_grows)
{
	static const unsigned sizes[] = { PAGES_SIZE, 0x400, 0x400, 0x400 };

	for (int i = 0; i < 3; i++) {
		pages_begin(pages, 7, 1, 100);
		check_read(0x10800, 0x40);
	}
	pages_begin(pages, 7, 1, 100);
	check_read(0x10800, 0x40);
	check_read(0x10bc0, 0x40);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		pages_begin(pages, 7, 1, 100);
		image.bytes = image.calls = 0;
		check_read(0x10800, 0x40);
		if (i % 2 == 0)
			check_read(0x10bc0, 0x40);
		ck_assert_uint_eq(image.bytes, sizes[i]);
		ck_assert_uint_eq(image.calls, 1);
	}
}
END_TEST

START_TEST(a_page_that_goes_after_its_piece_came_is_gone)
{
	uint8_t byte;
	unsigned calls;

	settle(1);
	pages_begin(pages, 7, 1, 100);
	use(1);
	image.holes[0] = 0x10000;
	ck_assert_int_eq(pages_read(pages, 0x10800, &byte, 1), -EFAULT);
	calls = image.calls;
	ck_assert_int_eq(pages_read(pages, 0x10800, &byte, 1), -EFAULT);
	ck_assert_int_eq(pages_read(pages, 0x10000, &byte, 1), -EFAULT);
	ck_assert_ptr_null(pages_peek(pages, 0x10000, 1));
	ck_assert_uint_eq(image.calls, calls);
	settle(0);
	image.error = -ESRCH;
	pages_begin(pages, 7, 1, 100);
	ck_assert_int_eq(pages_read(pages, 0x10000, &byte, 1), -ESRCH);
}
END_TEST

START_TEST(what_was_not_used_is_not_fetched_a_third_time)
{
	use(20);
	pages_begin(pages, 7, 1, 100);
	use(5);
	pages_begin(pages, 7, 1, 100);
	use(5);
	ck_assert_uint_eq(image.calls, 22);
	ck_assert_uint_eq(image.last_count, 5);
}
END_TEST

START_TEST(keys_do_not_meet)
{
	use(20);
	pages_begin(pages, 7, 2, 100);
	use(1);
	ck_assert_uint_eq(image.last_count, 1);
	pages_begin(pages, 7, 0, 100);
	use(2);
	ck_assert_uint_eq(image.last_count, 1);
	pages_begin(pages, 7, 1, 100);
	use(1);
	ck_assert_uint_eq(image.last_count, 20);
	for (uint64_t key = 100; key < 200; key++) {
		pages_begin(pages, 7, key, 100);
		use(1);
	}
	pages_begin(pages, 7, 1, 100);
	use(1);
	ck_assert_uint_eq(image.last_count, 1);
}
END_TEST

START_TEST(a_stop_without_reads_changes_nothing)
{
	use(20);
	for (int i = 0; i < 3; i++)
		pages_begin(pages, 7, 1, 100);
	ck_assert_uint_eq(image.calls, 20);
	use(1);
	ck_assert_uint_eq(image.last_count, 20);
}
END_TEST

START_TEST(pages_that_are_gone_are_left_out)
{
	use(20);
	image.holes[0] = 0x10000;
	image.holes[1] = 0x10000 + 0x3000 * 10;
	image.holes[2] = 0x10000 + 0x3000 * 19;
	pages_begin(pages, 7, 1, 100);
	for (unsigned i = 1; i < 19; i++) {
		if (i != 10)
			check_read(0x10000 + 0x3000ull * i, 8);
	}
	ck_assert_uint_eq(image.calls, 23);
	ck_assert_uint_eq(pages_left(pages), 100 - 17);
}
END_TEST

START_TEST(fetching_again_keeps_to_the_budget)
{
	uint8_t byte;

	use(20);
	pages_begin(pages, 7, 1, 4);
	use(4);
	ck_assert_uint_eq(image.last_count, 4);
	ck_assert_int_eq(pages_read(pages, 0x10000 + 0x3000 * 5, &byte, 1), -EDQUOT);
	pages_begin(pages, 7, 3, 200);
	use(100);
	pages_begin(pages, 7, 3, 200);
	use(1);
	ck_assert_uint_eq(image.last_count, PAGES_AGAIN);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pages again");
	TCase *tcase = tcase_create("again");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, the_next_stop_fetches_with_one_call);
	tcase_add_test(tcase, what_is_enough_is_all_that_is_fetched);
	tcase_add_loop_test(tcase, what_a_piece_has_not_comes_with_the_page, 0, 4);
	tcase_add_test(tcase, a_piece_grows);
	tcase_add_test(tcase, a_page_that_goes_after_its_piece_came_is_gone);
	tcase_add_test(tcase, what_was_not_used_is_not_fetched_a_third_time);
	tcase_add_test(tcase, keys_do_not_meet);
	tcase_add_test(tcase, a_stop_without_reads_changes_nothing);
	tcase_add_test(tcase, pages_that_are_gone_are_left_out);
	tcase_add_test(tcase, fetching_again_keeps_to_the_budget);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
