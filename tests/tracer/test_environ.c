/* SPDX-License-Identifier: Apache-2.0 */
/* test_environ.c: which variables reach the script. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "filters/policy.h"
#include "tests/support/suite.h"
#include "tracer/environ.h"

static const char *const given[] = {
	"PATH=/bin", "HOME=/home/u", "LC_ALL=C", "LANG=", "SECRET=42", "PYTHONPATH=/evil",
	"LD_PRELOAD=/evil.so", "VIRTUAL_ENV=/v", "PWD=/=x", NULL
};

static struct policy *policy;
static struct fault fault;
static char **reduced;

static void setup(void)
{
	const struct policy_vars vars = { .cwd = "/", .interpreter = "/usr/bin/python3" };

	policy = policy_new();
	ck_assert_int_eq(policy_add_default(policy, &vars, &fault), 0);
}

static void teardown(void)
{
	free(reduced);
	reduced = NULL;
	policy_free(policy);
}

static void allow_env(const char *names)
{
	const struct policy_vars vars = { .cwd = "/" };

	ck_assert_int_eq(policy_add_option(policy, &vars, VERDICT_ALLOW, CLASS_ENV, names, &fault),
			 0);
}

static void reduce(const char *const *environment)
{
	ck_assert_int_eq(environ_reduce(policy, (char *const *)environment, &reduced), 0);
}

static bool has(const char *variable)
{
	for (size_t i = 0; reduced[i]; i++) {
		if (!strcmp(reduced[i], variable))
			return true;
	}
	return false;
}

static size_t count(void)
{
	size_t n = 0;

	while (reduced[n])
		n++;
	return n;
}

START_TEST(test_short_list_passes)
{
	reduce(given);
	ck_assert(has("PATH=/bin") && has("HOME=/home/u") && has("LC_ALL=C") && has("LANG="));
	ck_assert(has("VIRTUAL_ENV=/v") && has("PWD=/=x"));
	ck_assert(!has("SECRET=42") && !has("PYTHONPATH=/evil") && !has("LD_PRELOAD=/evil.so"));
	ck_assert(has("PYTHONDONTWRITEBYTECODE=1"));
	ck_assert_uint_eq(count(), 7);
}
END_TEST

START_TEST(test_named)
{
	allow_env("SECRET,PYTHONPATH");
	reduce(given);
	ck_assert(has("SECRET=42") && has("PYTHONPATH=/evil") && !has("LD_PRELOAD=/evil.so"));
}
END_TEST

/* A bare --allow-env is no leave for what changes the interpreter. */
START_TEST(test_bare)
{
	allow_env(NULL);
	reduce(given);
	ck_assert(has("SECRET=42") && !has("PYTHONPATH=/evil") && !has("LD_PRELOAD=/evil.so"));
	ck_assert(has("PYTHONDONTWRITEBYTECODE=1"));
}
END_TEST

START_TEST(test_users_own_bytecode_setting)
{
	static const char *const own[] = { "PYTHONDONTWRITEBYTECODE=", NULL };

	reduce(own);
	ck_assert_uint_eq(count(), 1);
	ck_assert(has("PYTHONDONTWRITEBYTECODE=1"));
	free(reduced);
	allow_env("PYTHONDONTWRITEBYTECODE");
	reduce(own);
	ck_assert_uint_eq(count(), 1);
	ck_assert(has("PYTHONDONTWRITEBYTECODE="));
}
END_TEST

START_TEST(test_allow_all_is_unchanged)
{
	static const char *const odd[] = { "SECRET=42", "nonsense", "=x", "LD_PRELOAD=y", NULL };

	policy->allows_all = true;
	reduce(odd);
	ck_assert_uint_eq(count(), 4);
	for (size_t i = 0; i < 4; i++)
		ck_assert_ptr_eq(reduced[i], odd[i]);
}
END_TEST

/* What has no name, or no =, or a name that no rule could be about, does not pass. */
START_TEST(test_malformed)
{
	char *long_name = malloc(100001);
	const char *odd[] = { "", "=", "=PATH=/x", "PATH", long_name, "PATHX=1", "PAT=1", NULL };

	memset(long_name, 'A', 100000);
	strcpy(long_name + 99990, "=1");
	allow_env("*");
	reduce(odd);
	ck_assert_uint_eq(count(), 3);
	ck_assert(has("PATHX=1") && has("PAT=1") && has("PYTHONDONTWRITEBYTECODE=1"));
	free(long_name);
}
END_TEST

START_TEST(test_empty)
{
	static const char *const none[] = { NULL };

	reduce(none);
	ck_assert_uint_eq(count(), 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("environ");
	TCase *t = tcase_create("environ");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_short_list_passes);
	tcase_add_test(t, test_named);
	tcase_add_test(t, test_bare);
	tcase_add_test(t, test_users_own_bytecode_setting);
	tcase_add_test(t, test_allow_all_is_unchanged);
	tcase_add_test(t, test_malformed);
	tcase_add_test(t, test_empty);
	suite_add_tcase(s, t);
	return suite_run(s);
}
