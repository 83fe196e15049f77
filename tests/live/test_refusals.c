/* SPDX-License-Identifier: Apache-2.0 */
/* test_refusals.c: what the default policy refuses, and that nothing on disk changes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/jail.h"
#include "tests/support/suite.h"

START_TEST(a_write_is_refused_and_named)
{
	struct jail jail;
	char code[512];

	snprintf(code, sizeof(code), "open('%s', 'w')", jail_path("FILE"));
	jail_code(&jail, NULL, code);
	ck_assert_int_eq(jail.status, 1);
	ck_assert_ptr_nonnull(strstr(jail.err, "pyjail: denied  write "));
	ck_assert_ptr_nonnull(strstr(jail.err, "allow with  --allow-write="));
	ck_assert_ptr_nonnull(strstr(jail.err, "PermissionError"));
	ck_assert_ptr_null(jail_read_file("FILE"));
	ck_assert_int_eq(jail_denied(&jail), 1);
	ck_assert_uint_eq(jail_count(&jail, "openat", "deny", jail_path("FILE")), 1);
	jail_free(&jail);
}
END_TEST

/* An ordinary user's reads would run in the kernel where Landlock is there to hold them. */
START_TEST(reading_everything_is_not_reading_other_processes)
{
	static const char *const options[] = { "--allow-read", "--no-landlock", NULL };
	struct jail jail;
	char code[512];

	snprintf(code, sizeof(code),
		 "for name in ('environ', 'mem', 'maps', 'cmdline'):\n"
		 "    try: open('/proc/%d/' + name); print('read', name)\n"
		 "    except PermissionError: pass\n", getpid());
	jail_code(&jail, options, code);
	ck_assert_int_eq(jail.status, 0);
	ck_assert_str_eq(jail.out, "");
	ck_assert_int_eq(jail_denied(&jail), 4);
	jail_free(&jail);
}
END_TEST

START_TEST(words_that_a_subcommand_does_not_take)
{
	struct jail jail;

	jail_run_program(&jail, jail_program, NULL, 10,
			 (const char *const[]){ "policy", "word", NULL });
	ck_assert_int_eq(jail.status, 2);
	ck_assert_str_eq(jail.out, "");
	ck_assert_ptr_nonnull(strstr(jail.err, "policy word: it takes options only"));
	jail_free(&jail);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("refusals");
	TCase *tcase = tcase_create("default policy");

	tcase_add_checked_fixture(tcase, jail_setup, jail_teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, a_write_is_refused_and_named);
	tcase_add_test(tcase, reading_everything_is_not_reading_other_processes);
	tcase_add_test(tcase, words_that_a_subcommand_does_not_take);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
