/* SPDX-License-Identifier: Apache-2.0 */
/* test_policy_files.c: rules that hide files, or show others in their place, as loaded. */
#include <errno.h>
#include <sys/stat.h>

#include "tests/filters/policy_text.h"
#include "tests/support/suite.h"

static enum verdict_kind judge(const struct policy *policy, enum call_class class,
			       const char *name, int *ret_error)
{
	static char path[256];
	struct verdict verdict;

	snprintf(path, sizeof(path), "%s/%s", scratch, name);
	verdict = policy_judge(policy, class, path);
	*ret_error = verdict.error;
	return verdict.kind;
}

/* What a hidden path leads to, and its own name; but not the links on the way. */
START_TEST(test_hidden_link)
{
	struct policy *policy;
	int error;

	ck_assert_int_eq(mkdir("real", 0700) | mkdir("real/sub", 0700), 0);
	ck_assert_int_eq(symlink("sub", "real/link") | symlink("real", "way"), 0);
	policy = make("hide @/way/link");
	ck_assert_int_eq(judge(policy, S, "real/sub/x", &error), HIDES);
	ck_assert_int_eq(judge(policy, S, "real/link", &error), HIDES);
	ck_assert_int_eq(judge(policy, S, "way", &error), OK);
	ck_assert_int_eq(judge(policy, S, "real", &error), OK);
	policy_free(policy);
}
END_TEST

START_TEST(test_view)
{
	static const struct {
		const char *rules, *path;
		enum call_class class;
		enum verdict_kind kind;
		int error;
	} rows[] = {
		{ "", "p", R, VERDICT_VIEW, 0 }, { "", "p", S, VERDICT_VIEW, 0 },
		{ "", "p", W, NO, EROFS }, { "", "p", D, NO, EROFS }, { "", "p", X, NO, EACCES },
		{ "", "p/x", R, NO, EACCES }, { "", "link", R, NO, EACCES },
		{ "allow write @", "p", W, NO, EROFS }, { "allow write @", "f", W, NO, EACCES },
		{ "allow write @", "q", W, OK, 0 }, { "allow read @", "p", R, VERDICT_VIEW, 0 },
		{ "deny read @", "p", R, VERDICT_VIEW, 0 }, { "deny read @/p", "p", R, NO, EACCES },
		{ "hide @", "p", R, VERDICT_VIEW, 0 }, { "hide @/p", "p", R, HIDES, ENOENT },
		{ "allow write @/p", "p", W, NO, EROFS }, { "--deny-read", "p", R, NO, EACCES },
		{ "--allow-all", "p", R, VERDICT_VIEW, 0 }, { "--allow-all", "p", W, NO, EROFS },
	};
	char all[256];
	int error;

	put_file("f", "x", 1);
	put_file("p", "x", 1);
	ck_assert_int_eq(symlink("p", "link") | symlink("f", "fixture"), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct policy *policy;

		snprintf(all, sizeof(all), "view @/link=@/fixture\n%s", rows[i].rules);
		policy = make(all);
		ck_assert(policy->has_views);
		ck_assert_msg(judge(policy, rows[i].class, rows[i].path, &error) == rows[i].kind &&
			      error == rows[i].error, "[%s] %s %s: %d", rows[i].rules,
			      class_name(rows[i].class), rows[i].path, error);
		policy_free(policy);
	}
}
END_TEST

START_TEST(test_view_of_nothing)
{
	struct policy *policy = policy_new();
	struct fault fault = { 0 };

	ck_assert_int_eq(mkdir("folder", 0700), 0);
	ck_assert_int_eq(policy_add_option(policy, &vars, VERDICT_VIEW, S, "/a=/zz/none", &fault),
			 -EINVAL);
	ck_assert_ptr_nonnull(strstr(fault.text, "not there"));
	ck_assert_int_eq(policy_add_option(policy, &(struct policy_vars){ .cwd = scratch },
					   VERDICT_VIEW, S, "a=folder", &fault), -EINVAL);
	policy_free(policy);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy_files");
	TCase *tcase = tcase_create("policy_files");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, test_hidden_link);
	tcase_add_test(tcase, test_view);
	tcase_add_test(tcase, test_view_of_nothing);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
