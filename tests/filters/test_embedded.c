/* SPDX-License-Identifier: Apache-2.0 */
/* test_embedded.c: each embedded program is what would be built now; other modes are built. */
#include "filters/embedded.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "filters/policy.h"
#include "tests/support/suite.h"

static void check_same(const struct sock_filter *code, size_t length,
		       const struct filter_mode *mode)
{
	struct filter_program built;

	ck_assert_int_eq(filter_build(mode, &built), 0);
	ck_assert(!built.is_lent);
	ck_assert_uint_eq(length, built.length);
	ck_assert_int_eq(memcmp(code, built.code, length * sizeof(*code)), 0);
	filter_free(&built);
}

START_TEST(embedded_is_built)
{
	const struct filter_embedded *list;
	size_t count;

	list = filter_embedded_list(&count);
	ck_assert_uint_ge(count, 16);
	for (size_t i = 0; i < count; i++)
		check_same(list[i].code, list[i].length, &list[i].mode);
}
END_TEST

/* Every mode that there is, embedded or not, gets the program that is built for it. */
START_TEST(taken_is_built)
{
	for (int bits = 0; bits < 1024; bits++) {
		struct filter_mode mode = {
			.passes_reads = bits & 1, .passes_net = bits & 2,
			.stops_stat = bits & 4, .stops_memfd = bits & 8,
			.is_allow_all = bits & 16, .stops_brokered = bits & 32,
			.stops_hidden = bits & 64, .stops_layer = bits & 128,
			.watch = (enum watch)(bits >> 8),
		};
		struct filter_program program;

		ck_assert_int_eq(filter_take(&mode, &program), 0);
		if (program.is_lent)
			check_same(program.code, program.length, &mode);
		filter_free(&program);
		ck_assert_ptr_null(program.code);
	}
}
END_TEST

/* What it is for: no everyday run waits for libseccomp.  Padding must not tell modes apart. */
START_TEST(everyday_modes_are_embedded)
{
	struct policy *policy = policy_new();
	struct filter_program program;

	ck_assert_ptr_nonnull(policy);
	for (int bits = 0; bits < 32; bits++) {
		struct filter_mode mode;

		memset(&mode, 0xff, sizeof(mode));
		policy->allows_all = (bits & 17) == 1;
		policy->scratches = bits & 16;
		mode = filter_mode_of(policy, bits & 2, bits & 4, false);
		mode.watch = bits & 8 ? WATCH_POLICY : WATCH_UNSAID;
		ck_assert_int_eq(filter_take(&mode, &program), 0);
		ck_assert(program.is_lent);
		filter_free(&program);
	}
	policy_free(policy);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("embedded");
	Suite *suite = suite_create("embedded");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, embedded_is_built);
	tcase_add_test(tcase, taken_is_built);
	tcase_add_test(tcase, everyday_modes_are_embedded);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
