/* SPDX-License-Identifier: Apache-2.0 */
/* test_questions.c: who waits, oldest first; bounded. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tui/questions.h"

static struct questions questions;

static void tear_down(void)
{
	questions_clear(&questions);
	ck_assert_uint_eq(questions.count, 0);
}

static void add(uint64_t number)
{
	char bytes[32];
	int length = snprintf(bytes, sizeof(bytes), "question %lu", (unsigned long)number);

	ck_assert_int_eq(questions_add(&questions, number, bytes, (size_t)length), 0);
}

static void check_order(const uint64_t *numbers, size_t count)
{
	char bytes[32];

	ck_assert_uint_eq(questions.count, count);
	for (size_t i = 0; i < count; i++) {
		const struct question *question = &questions.items[i];
		int length = snprintf(bytes, sizeof(bytes), "question %lu",
				      (unsigned long)numbers[i]);

		ck_assert_uint_eq(question->number, numbers[i]);
		ck_assert_uint_eq(question->size, (size_t)length);
		ck_assert_int_eq(memcmp(question->bytes, bytes, (size_t)length), 0);
	}
}

START_TEST(oldest_first)
{
	static const uint64_t all[] = { 1, 2, 3, 4, 5 };

	for (uint64_t n = 1; n <= 5; n++)
		add(n);
	check_order(all, 5);
}
END_TEST

static const struct {
	uint64_t gone, left[5];
	size_t count;
} removals[] = {
	{ 1, { 2, 3, 4, 5 }, 4 }, { 3, { 1, 2, 4, 5 }, 4 }, { 5, { 1, 2, 3, 4 }, 4 },
	{ 6, { 1, 2, 3, 4, 5 }, 5 }, { 0, { 1, 2, 3, 4, 5 }, 5 },
};

START_TEST(one_goes)
{
	for (uint64_t n = 1; n <= 5; n++)
		add(n);
	questions_remove(&questions, removals[_i].gone);
	check_order(removals[_i].left, removals[_i].count);
}
END_TEST

START_TEST(of_none)
{
	questions_remove(&questions, 1);
	questions_clear(&questions);
	ck_assert_uint_eq(questions.count, 0);
	ck_assert_int_eq(questions_add(&questions, 1, NULL, 0), 0);
	ck_assert_uint_eq(questions.items[0].size, 0);
}
END_TEST

START_TEST(so_many_at_most)
{
	for (uint64_t n = 1; n <= QUESTIONS_MAX; n++)
		add(n);
	ck_assert_int_eq(questions_add(&questions, 9999, "x", 1), -ENOSPC);
	ck_assert_uint_eq(questions.count, QUESTIONS_MAX);
	questions_remove(&questions, QUESTIONS_MAX);
	add(9999);
	ck_assert_uint_eq(questions.items[QUESTIONS_MAX - 1].number, 9999);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("questions");
	TCase *tcase = tcase_create("questions");

	tcase_add_checked_fixture(tcase, NULL, tear_down);
	tcase_add_test(tcase, oldest_first);
	tcase_add_loop_test(tcase, one_goes, 0, (int)(sizeof(removals) / sizeof(removals[0])));
	tcase_add_test(tcase, of_none);
	tcase_add_test(tcase, so_many_at_most);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
