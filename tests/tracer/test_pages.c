/* SPDX-License-Identifier: Apache-2.0 */
/* test_pages.c: the cache over a made-up memory that counts, and over a process's own. */
#include "tests/support/suite.h"
#include "tests/tracer/counted.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- reading ---- */

START_TEST(bytes_are_right_within_and_across_pages)
{
	check_read(0x10000, 1);
	check_read(0x10fff, 2);
	check_read(0x10ff8, 8);
	check_read(0x10ffc, 8);
	check_read(0x20001, 3 * PAGES_SIZE);
	check_read(0x10000, 0);
	check_read(PAGES_USER_END - 8, 8);
	ck_assert_uint_eq(pages_stats(pages)->pages, image.pages);
}
END_TEST

START_TEST(a_page_is_fetched_once_and_does_not_change)
{
	check_read(0x10000, 100);
	image.shift = 1;
	check_read(0x10010, PAGES_SIZE - 16);
	ck_assert_uint_eq(image.calls, 1);
}
END_TEST

START_TEST(what_is_not_the_users_is_refused_without_a_call)
{
	static const struct { uint64_t address; size_t size; } places[] = {
		{ PAGES_USER_END, 1 }, { PAGES_USER_END - 7, 8 }, { UINT64_MAX, 1 },
		{ UINT64_MAX - 7, 8 }, { 0x800000000000, 8 }, { 0xffffffffff600000, 8 },
		{ 0x1000, SIZE_MAX }, { 1, SIZE_MAX }, { PAGES_USER_END, 0 },
	};
	uint8_t byte;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		ck_assert_int_eq(pages_read(pages, places[i].address, &byte, places[i].size),
				 -EFAULT);
		ck_assert_ptr_null(pages_peek(pages, places[i].address, places[i].size));
	}
	ck_assert_uint_eq(image.calls, 0);
	ck_assert(!pages_is_exhausted(pages));
}
END_TEST

START_TEST(a_hole_is_asked_for_once)
{
	uint64_t word = 5;

	image.holes[0] = 0x11000;
	ck_assert_int_eq(pages_read_word(pages, 0x11000, &word), -EFAULT);
	ck_assert_int_eq(pages_read_word(pages, 0x11ff8, &word), -EFAULT);
	ck_assert_int_eq(pages_read_word(pages, 0x10ffc, &word), -EFAULT);
	ck_assert_uint_eq(word, 5);
	ck_assert_ptr_null(pages_peek(pages, 0x11000, 1));
	ck_assert_uint_eq(image.calls, 2);
	image.holes[0] = 0;
	pages_begin(pages, 7, 1, 100);
	ck_assert_int_eq(pages_read_word(pages, 0x11000, &word), 0);
}
END_TEST

START_TEST(errors_of_the_source_pass)
{
	static const int errors[] = { -ESRCH, -EPERM };
	uint8_t byte;

	image.error = errors[_i];
	ck_assert_int_eq(pages_read(pages, 0x10000, &byte, 1), errors[_i]);
	image.error = -EFAULT;
	ck_assert_int_eq(pages_read(pages, 0x10000, &byte, 1), -EFAULT);
}
END_TEST

START_TEST(a_peek_lies_in_one_page)
{
	const uint8_t *at = pages_peek(pages, 0x10ff0, 16);

	ck_assert_ptr_nonnull(at);
	ck_assert_uint_eq(at[15], byte_at(0x10fff));
	ck_assert_ptr_null(pages_peek(pages, 0x10ff0, 17));
	for (uint64_t page = 0x20000; page < 0x50000; page += PAGES_SIZE)
		check_read(page, 1);
	ck_assert_uint_eq(at[0], byte_at(0x10ff0));
}
END_TEST

/* ---- bounds ---- */

START_TEST(the_budget_ends_it)
{
	uint8_t byte;

	pages_begin(pages, 7, 1, 3);
	image.holes[0] = 0x12000;
	check_read(0x10000, 2 * PAGES_SIZE);
	ck_assert_int_eq(pages_read(pages, 0x12000, &byte, 1), -EFAULT);
	ck_assert_uint_eq(pages_left(pages), 0);
	ck_assert(!pages_is_exhausted(pages));
	ck_assert_int_eq(pages_read(pages, 0x13000, &byte, 1), -EDQUOT);
	ck_assert(pages_is_exhausted(pages));
	check_read(0x10000, PAGES_SIZE);
	pages_begin(pages, 7, 1, 3);
	ck_assert(!pages_is_exhausted(pages));
	check_read(0x13000, 1);
}
END_TEST

/* Strides that would meet in a table mapped directly. */
START_TEST(every_page_has_room)
{
	static const uint64_t strides[] = { 0x1000, 0x200000, 0x10000000, 0x1001000, 0x80000 };
	uint64_t stride = strides[_i];
	uint8_t byte;

	pages_begin(pages, 7, 0, UINT32_MAX);
	for (uint64_t i = 0; i < PAGES_ROOM; i++)
		check_read(0x10000 + i * stride, 1);
	ck_assert_uint_eq(image.calls, PAGES_ROOM);
	ck_assert_int_eq(pages_read(pages, 0xfff, &byte, 1), -EDQUOT);
	for (uint64_t i = 0; i < PAGES_ROOM; i++)
		check_read(0x10010 + i * stride, 1);
	ck_assert_uint_eq(image.calls, PAGES_ROOM);
}
END_TEST

/* ---- a real process ---- */

START_TEST(ones_own_memory)
{
	uint8_t *three = mmap(NULL, 3 * PAGES_SIZE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t at = (uint64_t)(uintptr_t)three, word;

	ck_assert_ptr_ne(three, MAP_FAILED);
	memcpy(three + PAGES_SIZE - 4, "12345678", 8);
	pages_set_source(pages, NULL);
	for (int i = 0; i < 3; i++) {
		pages_begin(pages, getpid(), 9, 100);
		ck_assert_int_eq(pages_read_word(pages, at + PAGES_SIZE - 4, &word), 0);
		ck_assert_int_eq(memcmp(&word, "12345678", 8), 0);
		ck_assert_int_eq(pages_read_word(pages, at + 2 * PAGES_SIZE, &word), 0);
	}
	ck_assert_uint_eq(pages_stats(pages)->calls, 5);
	munmap(three + PAGES_SIZE, PAGES_SIZE);
	pages_begin(pages, getpid(), 9, 100);
	ck_assert_int_eq(pages_read_word(pages, at + PAGES_SIZE - 4, &word), -EFAULT);
	ck_assert_int_eq(pages_read_word(pages, at + 2 * PAGES_SIZE, &word), 0);
	ck_assert_int_eq(pages_read_word(pages, 8, &word), -EFAULT);
	munmap(three, 3 * PAGES_SIZE);
}
END_TEST

/* The kernel stops within a piece, at the page's edge, or between two. */
START_TEST(pieces_of_ones_own_memory)
{
	uint8_t *three = mmap(NULL, 3 * PAGES_SIZE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t at = (uint64_t)(uintptr_t)three, word;

	ck_assert_ptr_ne(three, MAP_FAILED);
	pages_set_source(pages, NULL);
	for (uint64_t i = 0; i < 6; i++) {
		for (uint64_t k = 0; k < 3; k++)
			memcpy(three + k * PAGES_SIZE + 8 * k, &(uint64_t){ i + k }, 8);
		pages_begin(pages, getpid(), 9, 100);
		for (uint64_t k = 0; k < 3; k++) {
			ck_assert_int_eq(pages_read_word(pages, at + k * PAGES_SIZE + 8 * k, &word),
					 0);
			ck_assert_uint_eq(word, i + k);
		}
	}
	munmap(three + PAGES_SIZE, PAGES_SIZE);
	pages_begin(pages, getpid(), 9, 100);
	ck_assert_int_eq(pages_read_word(pages, at, &word), 0);
	ck_assert_uint_eq(word, 5);
	ck_assert_int_eq(pages_read_word(pages, at + PAGES_SIZE + 8, &word), -EFAULT);
	ck_assert_int_eq(pages_read_word(pages, at + 2 * PAGES_SIZE + 16, &word), 0);
	ck_assert_uint_eq(word, 7);
	munmap(three, 3 * PAGES_SIZE);
}
END_TEST

START_TEST(nobodys_memory)
{
	uint8_t byte;

	pages_set_source(pages, NULL);
	pages_begin(pages, 0x7ffffff0, 9, 100);
	ck_assert_int_eq(pages_read(pages, 0x10000, &byte, 1), -ESRCH);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pages");
	TCase *tcase = tcase_create("pages");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, bytes_are_right_within_and_across_pages);
	tcase_add_test(tcase, a_page_is_fetched_once_and_does_not_change);
	tcase_add_test(tcase, what_is_not_the_users_is_refused_without_a_call);
	tcase_add_test(tcase, a_hole_is_asked_for_once);
	tcase_add_loop_test(tcase, errors_of_the_source_pass, 0, 2);
	tcase_add_test(tcase, a_peek_lies_in_one_page);
	tcase_add_test(tcase, the_budget_ends_it);
	tcase_add_loop_test(tcase, every_page_has_room, 0, 5);
	tcase_add_test(tcase, ones_own_memory);
	tcase_add_test(tcase, pieces_of_ones_own_memory);
	tcase_add_test(tcase, nobodys_memory);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
