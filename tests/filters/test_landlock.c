/* SPDX-License-Identifier: Apache-2.0 */
/* test_landlock.c: policy and ABI -> what the domain handles and grants.  No process, no file. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "filters/landlock.h"
#include "filters/landlock_abi.h"
#include "filters/policy.h"
#include "tests/support/suite.h"

#define X LANDLOCK_ACCESS_FS_EXECUTE
#define R LANDLOCK_ACCESS_FS_READ_FILE
#define D LANDLOCK_ACCESS_FS_READ_DIR
#define ROWS_MAX 8

/* Written out bit by bit, so that the plan's own arithmetic is not its own judge. */
static const struct {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
} handled[LANDLOCK_ABI_MAX + 1] = {
	{ 0, 0, 0 },
	{ 0x1fff, 0, 0 },
	{ 0x3fff, 0, 0 },
	{ 0x7fff, 0, 0 },
	{ 0x7fff, 0x3, 0 },
	{ 0xffff, 0x3, 0 },
	{ 0xffff, 0x3, 0x3 },
	{ 0xffff, 0x3, 0x3 },
};

struct rule_row {
	enum verdict_kind verdict;
	enum call_class class;
	const char *pattern;        /* NULL with is_bare */
	bool is_bare;
};

struct case_row {
	const char *name;
	struct rule_row rules[ROWS_MAX];
	const char *programs[4];
	const char *layer;
	bool is_default;            /* the rules are the default policy's */
	bool refuses_read;
	bool refuses_exec;
	bool allows_all;
	bool allows_net;
	bool reads_all;             /* reads are not handled */
	struct landlock_root roots[ROWS_MAX];   /* sorted by path; NULL ends */
};

static const struct case_row cases[] = {
	{ .name = "an empty policy grants nothing" },
	{ .name = "a folder and a file",
	  .rules = { { VERDICT_ALLOW, CLASS_READ, "/usr/lib", false },
		     { VERDICT_ALLOW, CLASS_READ, "/etc/hosts", false } },
	  .roots = { { (char *)"/etc/hosts", R | D }, { (char *)"/usr/lib", R | D } } },
	{ .name = "everything",
	  .rules = { { VERDICT_ALLOW, CLASS_READ, "/**", false } }, .reads_all = true },
	{ .name = "a rule without a pattern",
	  .rules = { { VERDICT_ALLOW, CLASS_READ, NULL, true } }, .reads_all = true },
	{ .name = "everything, and a program", .reads_all = true,
	  .rules = { { VERDICT_ALLOW, CLASS_READ, NULL, true },
		     { VERDICT_ALLOW, CLASS_READ, "/usr", false },
		     { VERDICT_ALLOW, CLASS_EXEC, "/bin/cat", false } },
	  .roots = { { (char *)"/bin/cat", X } } },
	{ .name = "every program, but not everything",
	  .rules = { { VERDICT_ALLOW, CLASS_READ, "/usr", false },
		     { VERDICT_ALLOW, CLASS_EXEC, NULL, true } },
	  .roots = { { (char *)"/", X | R }, { (char *)"/usr", R | D } } },
	{ .name = "wildcards end a root at the folder before them",
	  .rules = { { VERDICT_ALLOW, CLASS_READ, "/data/**", false },
		     { VERDICT_ALLOW, CLASS_READ, "/home/u/x*y/z", false },
		     { VERDICT_ALLOW, CLASS_READ, "/opt/*.csv", false },
		     { VERDICT_ALLOW, CLASS_READ, "/*", false } },
	  .roots = { { (char *)"/", R | D }, { (char *)"/data", R | D },
		     { (char *)"/home/u", R | D }, { (char *)"/opt", R | D } } },
	{ .name = "quoted characters are plain ones in a root",
	  .rules = { { VERDICT_ALLOW, CLASS_READ, "/odd/a\\*b\\\\c", false } },
	  .roots = { { (char *)"/odd/a*b\\c", R | D } } },
	{ .name = "write, delete, stat, net and env grant nothing",
	  .rules = { { VERDICT_ALLOW, CLASS_WRITE, "/w", false },
		     { VERDICT_ALLOW, CLASS_DELETE, "/d", false },
		     { VERDICT_ALLOW, CLASS_STAT, "/s", false },
		     { VERDICT_ALLOW, CLASS_ENV, "HOME", false },
		     { VERDICT_ALLOW, CLASS_WRITE, "/**", false } } },
	{ .name = "refusals grant nothing and cannot be carved out",
	  .rules = { { VERDICT_ALLOW, CLASS_READ, "/a", false },
		     { VERDICT_DENY, CLASS_READ, "/a/secret", false },
		     { VERDICT_KILL, CLASS_READ, "/b", false },
		     { VERDICT_DENY, CLASS_EXEC, "/c", false } },
	  .roots = { { (char *)"/a", R | D } } },
	{ .name = "ask grants exec beforehand, but no reading",
	  .rules = { { VERDICT_ASK, CLASS_READ, "/r", false },
		     { VERDICT_ASK, CLASS_EXEC, "/x", false } },
	  .roots = { { (char *)"/x", X | R } } },
	{ .name = "the same root twice is one",
	  .rules = { { VERDICT_ALLOW, CLASS_EXEC, "/usr/bin", false },
		     { VERDICT_ALLOW, CLASS_READ, "/usr/bin/*", false },
		     { VERDICT_ALLOW, CLASS_READ, "/usr/bin/**", false } },
	  .programs = { "/usr/bin", "/usr/bin" },
	  .roots = { { (char *)"/usr/bin", X | R | D } } },
	{ .name = "a root below another stays",
	  .rules = { { VERDICT_ALLOW, CLASS_READ, "/u", false },
		     { VERDICT_ALLOW, CLASS_READ, "/u/link", false } },
	  .roots = { { (char *)"/u", R | D }, { (char *)"/u/link", R | D } } },
	{ .name = "programs are executable without a rule",
	  .programs = { "/usr/bin/python3.11", "/lib64/ld-linux-x86-64.so.2" },
	  .roots = { { (char *)"/lib64/ld-linux-x86-64.so.2", X | R },
		     { (char *)"/usr/bin/python3.11", X | R } } },
	{ .name = "own /proc entries",
	  .rules = { { VERDICT_ALLOW, CLASS_READ, "/proc/self/maps", false },
		     { VERDICT_ALLOW, CLASS_READ, "/proc/thread-self/*", false },
		     { VERDICT_ALLOW, CLASS_READ, "/proc/selfish", false },
		     { VERDICT_ALLOW, CLASS_READ, "/dev/fd", false },
		     { VERDICT_ALLOW, CLASS_READ, "/proc/cpuinfo", false } },
	  .roots = { { (char *)"/proc", R | D }, { (char *)"/proc/cpuinfo", R | D },
		     { (char *)"/proc/selfish", R | D } } },
	{ .name = "a bare --deny-read",
	  .rules = { { VERDICT_ALLOW, CLASS_READ, "/**", false },
		     { VERDICT_ALLOW, CLASS_EXEC, "/bin/cat", false } },
	  .programs = { "/p" }, .refuses_read = true,
	  .roots = { { (char *)"/bin/cat", X | R }, { (char *)"/p", X | R } } },
	{ .name = "a bare --deny-exec",
	  .rules = { { VERDICT_ALLOW, CLASS_READ, "/r", false },
		     { VERDICT_ALLOW, CLASS_EXEC, "/**", false } },
	  .programs = { "/p" }, .refuses_exec = true,
	  .roots = { { (char *)"/p", X | R }, { (char *)"/r", R | D } } },
	{ .name = "net is allowed",
	  .rules = { { VERDICT_ALLOW, CLASS_NET, NULL, true } }, .allows_net = true },
	{ .name = "a layer where a program could be made that may be run", .layer = "/l",
	  .rules = { { VERDICT_SCRATCH, CLASS_WRITE, "/", false },
		     { VERDICT_ALLOW, CLASS_EXEC, "/home/u/x", false } },
	  .roots = { { (char *)"/home/u/x", X | R }, { (char *)"/l", X | R } } },
	{ .name = "a layer below what may be run", .layer = "/l",
	  .rules = { { VERDICT_SCRATCH, CLASS_WRITE, "/home/u/tmp", false },
		     { VERDICT_ASK, CLASS_EXEC, "/home", false } },
	  .roots = { { (char *)"/home", X | R }, { (char *)"/l", X | R } } },
	{ .name = "a layer with a wildcard above what may be run", .layer = "/l",
	  .rules = { { VERDICT_SCRATCH, CLASS_WRITE, "/home/*/tmp", false },
		     { VERDICT_ALLOW, CLASS_EXEC, "/home/u", false } },
	  .roots = { { (char *)"/home/u", X | R }, { (char *)"/l", X | R } } },
	{ .name = "a layer, and every program", .layer = "/l",
	  .rules = { { VERDICT_SCRATCH, CLASS_WRITE, "/tmp", false },
		     { VERDICT_ALLOW, CLASS_EXEC, NULL, true } },
	  .roots = { { (char *)"/", X | R }, { (char *)"/l", X | R } } },
	{ .name = "a layer elsewhere than what may be run", .layer = "/l",
	  .rules = { { VERDICT_SCRATCH, CLASS_WRITE, "/tmp", false },
		     { VERDICT_ALLOW, CLASS_EXEC, "/usr/bin", false } },
	  .roots = { { (char *)"/usr/bin", X | R } } },
	{ .name = "what may be run is really written, or not at all", .layer = "/l",
	  .rules = { { VERDICT_SCRATCH, CLASS_WRITE, "/", false },
		     { VERDICT_ALLOW, CLASS_WRITE, "/out", false },
		     { VERDICT_DENY, CLASS_WRITE, "/usr", false },
		     { VERDICT_ALLOW, CLASS_EXEC, "/out/x", false },
		     { VERDICT_ALLOW, CLASS_EXEC, "/usr/bin", false } },
	  .roots = { { (char *)"/out/x", X | R }, { (char *)"/usr/bin", X | R } } },
	{ .name = "a layer, and programs that are not run", .layer = "/l",
	  .rules = { { VERDICT_SCRATCH, CLASS_WRITE, "/", false },
		     { VERDICT_DENY, CLASS_EXEC, "/tmp", false },
		     { VERDICT_FAKE, CLASS_EXEC, "/srv", false } } },
	{ .name = "a layer under the default policy", .layer = "/l", .is_default = true,
	  .rules = { { VERDICT_SCRATCH, CLASS_WRITE, "/", false },
		     { VERDICT_ALLOW, CLASS_EXEC, "/usr/bin/uname", false } },
	  .roots = { { (char *)"/usr/bin/uname", X | R } } },
	{ .name = "a layer and a bare --deny-exec", .layer = "/l", .refuses_exec = true,
	  .rules = { { VERDICT_SCRATCH, CLASS_WRITE, "/", false },
		     { VERDICT_ALLOW, CLASS_EXEC, "/tmp", false } } },
	{ .name = "--allow-all plans nothing",
	  .rules = { { VERDICT_ALLOW, CLASS_READ, "/usr", false } },
	  .programs = { "/p" }, .allows_all = true },
};

static struct policy *make_policy(const struct case_row *row)
{
	struct policy *policy = policy_new();

	ck_assert_ptr_nonnull(policy);
	for (size_t i = 0; i < ROWS_MAX && (row->rules[i].pattern || row->rules[i].is_bare); i++) {
		const struct rule_row *r = &row->rules[i];
		struct rule *rule = rule_new(r->verdict, r->class,
					     r->pattern ? strdup(r->pattern) : NULL, "test");

		ck_assert_ptr_nonnull(rule);
		rule->is_by_user = !row->is_default;
		ck_assert_int_eq(policy_add_rule(policy, rule), 0);
	}
	policy->refuses[CLASS_READ] = row->refuses_read;
	policy->refuses[CLASS_EXEC] = row->refuses_exec;
	policy->allows_all = row->allows_all;
	return policy;
}

static void check_roots(const struct case_row *row, const struct landlock_plan *plan)
{
	size_t count = 0;

	while (count < ROWS_MAX && row->roots[count].path)
		count++;
	ck_assert_msg(plan->root_count == count, "%s: %zu roots, not %zu", row->name,
		      plan->root_count, count);
	for (size_t i = 0; i < count; i++) {
		ck_assert_msg(strcmp(plan->roots[i].path, row->roots[i].path) == 0,
			      "%s: root %zu is %s", row->name, i, plan->roots[i].path);
		ck_assert_msg(plan->roots[i].access == row->roots[i].access,
			      "%s: %s has access 0x%jx", row->name, plan->roots[i].path,
			      (uintmax_t)plan->roots[i].access);
	}
}

static void check_plan(const struct case_row *row, const struct policy *policy, int abi)
{
	struct landlock_plan plan = { 0 };

	ck_assert_int_eq(landlock_plan_new(policy, abi, true, row->programs, row->layer, &plan), 0);
	if (row->allows_all || abi == 0) {
		ck_assert_int_eq(plan.abi, 0);
		ck_assert_uint_eq(plan.handled_fs | plan.handled_net | plan.scoped, 0);
		ck_assert_uint_eq(plan.root_count, 0);
	} else {
		ck_assert_int_eq(plan.abi, abi);
		ck_assert_uint_eq(plan.handled_fs, handled[abi].fs & ~(row->reads_all ? R | D : 0));
		ck_assert_uint_eq(plan.handled_net, row->allows_net ? 0 : handled[abi].net);
		ck_assert_uint_eq(plan.scoped, handled[abi].scoped);
		check_roots(row, &plan);
	}
	landlock_plan_free(&plan);
	ck_assert_ptr_null(plan.roots);
	landlock_plan_free(&plan);      /* twice is harmless */
}

START_TEST(plan_follows_policy_and_abi)
{
	const struct case_row *row = &cases[_i];
	struct policy *policy = make_policy(row);

	for (int abi = 0; abi <= LANDLOCK_ABI_MAX; abi++)
		check_plan(row, policy, abi);
	policy_free(policy);
}
END_TEST

/* The promise of wall 2, whatever the rules say. */
START_TEST(nothing_but_reading_and_executing_is_granted)
{
	const struct case_row row = {
		.rules = { { VERDICT_ALLOW, CLASS_READ, "/**", false },
			   { VERDICT_ALLOW, CLASS_WRITE, "/**", false },
			   { VERDICT_ALLOW, CLASS_DELETE, "/**", false },
			   { VERDICT_ALLOW, CLASS_EXEC, "/**", false },
			   { VERDICT_ASK, CLASS_WRITE, "/tmp", false },
			   { VERDICT_ALLOW, CLASS_READ, "/dev/tty", false } },
	};
	struct policy *policy = make_policy(&row);

	for (int abi = 1; abi <= LANDLOCK_ABI_MAX; abi++) {
		struct landlock_plan plan;

		ck_assert_int_eq(landlock_plan_new(policy, abi, true, NULL, NULL, &plan), 0);
		ck_assert_uint_eq(plan.root_count, 1);
		for (size_t i = 0; i < plan.root_count; i++) {
			ck_assert_uint_ne(plan.roots[i].access, 0);
			ck_assert_uint_eq(plan.roots[i].access & ~(X | R | D), 0);
			ck_assert_uint_eq(plan.roots[i].access & ~plan.handled_fs, 0);
		}
		landlock_plan_free(&plan);
	}
	policy_free(policy);
}
END_TEST

START_TEST(what_the_tracer_opens_needs_no_right)
{
	const struct case_row row = {
		.name = "opened by the tracer",
		.rules = { { VERDICT_ALLOW, CLASS_READ, "/usr/lib", false },
			   { VERDICT_ALLOW, CLASS_READ, NULL, true },
			   { VERDICT_ALLOW, CLASS_READ, "/usr/bin/x", false },
			   { VERDICT_ALLOW, CLASS_EXEC, "/usr/bin/x", false } },
		.programs = { "/p" },
		.roots = { { (char *)"/p", X | R }, { (char *)"/usr/bin/x", X | R } },
	};
	struct policy *policy = make_policy(&row);
	struct landlock_plan plan;

	ck_assert_int_eq(landlock_plan_new(policy, 1, false, row.programs, NULL, &plan), 0);
	ck_assert_uint_eq(plan.handled_fs, handled[1].fs);
	check_roots(&row, &plan);
	landlock_plan_free(&plan);
	policy_free(policy);
}
END_TEST

START_TEST(an_abi_out_of_range)
{
	const struct case_row row = { .name = "none" };
	struct policy *policy = make_policy(&row);
	struct landlock_plan plan = { .abi = 42 };

	ck_assert_int_eq(landlock_plan_new(policy, -1, true, NULL, NULL, &plan), -EINVAL);
	ck_assert_int_eq(plan.abi, 42);
	ck_assert_int_eq(landlock_plan_new(policy, LANDLOCK_ABI_MAX + 9, true, NULL, NULL, &plan),
			 0);
	ck_assert_int_eq(plan.abi, LANDLOCK_ABI_MAX);
	ck_assert_uint_eq(plan.handled_fs, handled[LANDLOCK_ABI_MAX].fs);
	landlock_plan_free(&plan);
	policy_free(policy);
}
END_TEST

static void add_numbered(struct policy *policy, unsigned number)
{
	char pattern[32];

	snprintf(pattern, sizeof(pattern), "/r/%u", number);
	ck_assert_int_eq(policy_add_rule(policy, rule_new(VERDICT_ALLOW, CLASS_READ,
							  strdup(pattern), "test")), 0);
}

START_TEST(too_many_roots_are_an_error_not_a_cut)
{
	struct policy *policy = policy_new();
	struct landlock_plan plan = { .abi = 42 };

	for (unsigned i = 0; i < LANDLOCK_ROOTS_MAX; i++)
		add_numbered(policy, i);
	ck_assert_int_eq(landlock_plan_new(policy, 1, true, NULL, NULL, &plan), 0);
	ck_assert_uint_eq(plan.root_count, LANDLOCK_ROOTS_MAX);
	landlock_plan_free(&plan);

	plan.abi = 42;
	add_numbered(policy, LANDLOCK_ROOTS_MAX);
	ck_assert_int_eq(landlock_plan_new(policy, 1, true, NULL, NULL, &plan), -E2BIG);
	ck_assert_int_eq(plan.abi, 42);
	ck_assert_int_eq(landlock_plan_new(policy, 0, true, NULL, NULL, &plan), 0);
	ck_assert_int_eq(plan.abi, 0);
	policy_free(policy);
}
END_TEST

/* Many rules that share their roots fit. */
START_TEST(roots_are_counted_after_merging)
{
	struct policy *policy = policy_new();
	struct landlock_plan plan;

	for (unsigned i = 0; i < LANDLOCK_ROOTS_MAX + 10; i++) {
		char pattern[32];

		snprintf(pattern, sizeof(pattern), "/r/*.%u", i);
		ck_assert_int_eq(policy_add_rule(policy, rule_new(VERDICT_ALLOW, CLASS_READ,
								  strdup(pattern), "test")), 0);
	}
	ck_assert_int_eq(landlock_plan_new(policy, 7, true, NULL, NULL, &plan), 0);
	ck_assert_uint_eq(plan.root_count, 1);
	ck_assert_str_eq(plan.roots[0].path, "/r");
	landlock_plan_free(&plan);
	policy_free(policy);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("landlock");
	TCase *tcase = tcase_create("plan");

	tcase_add_loop_test(tcase, plan_follows_policy_and_abi, 0, (int)ARRAY_SIZE(cases));
	tcase_add_test(tcase, nothing_but_reading_and_executing_is_granted);
	tcase_add_test(tcase, what_the_tracer_opens_needs_no_right);
	tcase_add_test(tcase, an_abi_out_of_range);
	tcase_add_test(tcase, too_many_roots_are_an_error_not_a_cut);
	tcase_add_test(tcase, roots_are_counted_after_merging);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
