/* SPDX-License-Identifier: Apache-2.0 */
/* test_ask.c: rules that ask, a bare --ask, and the answers that count for a run. */
#include <errno.h>
#include <linux/landlock.h>
#include <unistd.h>

#include "filters/decide.h"
#include "filters/grant.h"
#include "filters/landlock.h"
#include "filters/seccomp.h"
#include "tests/filters/policy_text.h"
#include "tests/support/suite.h"

static const struct {
	const char *text;
	enum call_class class;
	const char *path;
	enum verdict_kind kind;
} judged[] = {
	{ "ask write /zz", W, "/zz/a", ASKS }, { "ask write /zz", W, "/zz", ASKS },
	{ "ask write /zz", R, "/zz/a", NO }, { "ask write /zz", D, "/zz/a", ASKS },
	{ "ask write /zz", W, "/y", NO },
	/* deny, then ask, then allow */
	{ "ask read /zz\nallow read /zz", R, "/zz/a", ASKS },
	{ "allow read /zz\nask read /zz", R, "/zz/a", ASKS },
	{ "ask read /zz\ndeny read /zz", R, "/zz/a", NO },
	{ "ask read /zz\nkill read /zz", R, "/zz/a", KILL },
	{ "ask read /zz\nallow read /zz/a", R, "/zz/a", OK },
	{ "allow read /zz\nask read /zz/a", R, "/zz/a/b", ASKS },
	{ "deny read /zz\nask read /zz/a", R, "/zz/a/b", ASKS },
	{ "ask read /zz\ndeny read /zz/a", R, "/zz/a/b", NO },
	{ "ask write /zz\ndeny delete /zz", D, "/zz/a", NO },
	{ "allow write /zz\nask delete /zz", D, "/zz/a", ASKS },
	{ "allow write /zz\nask delete /zz", W, "/zz/a", OK },
	/* As a refusal does, an ask covers what is below its wildcards. */
	{ "allow read /zz\nask read /zz/k*", R, "/zz/key/deep", ASKS },
	{ "ask read /zz\n--deny-read", R, "/zz/a", NO },
	{ "ask net", N, NULL, ASKS }, { "ask net\nallow net", N, NULL, ASKS },
	{ "ask net\ndeny net", N, NULL, NO }, { "ask net\n--deny-net", N, NULL, NO },
	{ "ask exec /zz", X, "/zz/x", ASKS }, { "ask stat /zz", S, "/zz/x", ASKS },
	{ "ask stat /zz", S, "/y", OK },
	{ "ask read /zz", R, "zz", NO }, { "ask read /zz", R, NULL, NO },
	/* A bare --ask is for what no rule speaks of. */
	{ "--ask", R, "/zz", ASKS }, { "--ask", W, "/zz", ASKS }, { "--ask", D, "/zz", ASKS },
	{ "--ask", X, "/zz", ASKS }, { "--ask", N, NULL, ASKS }, { "--ask", S, "/zz", OK },
	{ "--ask", E, "LANG", NO }, { "--ask", CLASS_SIGNAL, NULL, NO },
	{ "--ask", CLASS_SYSTEM, NULL, NO }, { "--ask", R, "zz/../x", NO },
	{ "--ask\nallow read /**", R, "/zz", OK }, { "--ask\ndeny read /**", R, "/zz", NO },
	{ "--ask\ndeny read /zz", R, "/zz/a", NO }, { "--ask\n--deny-read", R, "/zz", NO },
	{ "--ask\n--deny-write", D, "/zz", NO }, { "--ask\n--allow-all", R, "/zz", OK },
	{ "--ask\nkill read /zz", R, "/zz/a", KILL },
	{ "--allow-all\nask read /zz", R, "/zz/a", ASKS },
};

START_TEST(test_judge)
{
	struct policy *policy = make(judged[_i].text);
	struct verdict verdict = policy_judge(policy, judged[_i].class, judged[_i].path);

	ck_assert_msg(verdict.kind == judged[_i].kind, "[%s] %s %s: %s", judged[_i].text,
		      class_name(judged[_i].class), judged[_i].path, verdict_name(verdict.kind));
	ck_assert_int_eq(verdict.class, judged[_i].class);
	ck_assert(policy_may_ask(policy, judged[_i].class) || verdict.kind != ASKS);
	if (verdict.kind == ASKS)
		ck_assert((verdict.rule != NULL) != (verdict.reason != NULL));
	policy_free(policy);
}
END_TEST

/* ---- answers ---- */

static void grant(struct policy *policy, const char *line)
{
	struct fault fault = { .line = 0 };

	ck_assert_msg(grant_add(policy, &vars, line, &fault) == 0, "%s: %s", line, fault.text);
}

static const struct {
	const char *text, *grants[3];
	enum call_class class;
	const char *path;
	enum verdict_kind kind;
} granted[] = {
	{ "ask write /zz", { "allow write /zz/a" }, W, "/zz/a", OK },
	{ "ask write /zz", { "allow write /zz/a" }, W, "/zz/b", ASKS },
	{ "ask write /zz", { "allow write /zz/a" }, D, "/zz/a", OK },
	{ "ask write /zz", { "deny write /zz/a" }, W, "/zz/a", NO },
	{ "ask write /zz", { "allow read /zz/a" }, W, "/zz/a", ASKS },
	{ "ask write /zz", { "allow write /" }, W, "/zz/a", OK },
	{ "ask write /zz", { "allow write /zz/*.txt" }, W, "/zz/a.txt", OK },
	{ "ask write /zz", { "allow write /zz", "deny write /zz/a" }, W, "/zz/a", NO },
	{ "ask write /zz", { "allow write /zz/a", "deny write /zz/a" }, W, "/zz/a", NO },
	{ "ask net", { "allow net" }, N, NULL, OK }, { "ask net", { "deny net" }, N, NULL, NO },
	{ "--ask", { "allow read /zz" }, R, "/zz/a", OK },
	{ "--ask", { "allow exec /zz/x" }, X, "/zz/x", OK },
	/* They answer questions and nothing else. */
	{ "deny write /zz", { "allow write /zz/a" }, W, "/zz/a", NO },
	{ "kill write /zz", { "allow write /zz/a" }, W, "/zz/a", KILL },
	{ "ask write /zz\n--deny-write", { "allow write /zz/a" }, W, "/zz/a", NO },
	{ "", { "allow write /zz/a" }, W, "/zz/a", NO },
	{ "ask write /zz\ndeny write /zz/a", { "allow write /zz" }, W, "/zz/a", NO },
	{ "allow write /zz\nask write /zz/a", { "deny write /zz" }, W, "/zz/b", OK },
	{ "--ask", { "allow write /zz" }, W, "zz", NO },
};

START_TEST(test_grants)
{
	struct policy *policy = make(granted[_i].text);
	struct verdict verdict;

	for (size_t i = 0; i < 3 && granted[_i].grants[i]; i++)
		grant(policy, granted[_i].grants[i]);
	verdict = policy_judge(policy, granted[_i].class, granted[_i].path);
	ck_assert_msg(verdict.kind == granted[_i].kind, "[%s] + %s: %s", granted[_i].text,
		      granted[_i].grants[0], verdict_name(verdict.kind));
	if (verdict.kind == OK && verdict.rule && granted[_i].text[0] != 'a')
		ck_assert_str_eq(verdict.rule->source, GRANT_SOURCE);
	policy_free(policy);
}
END_TEST

static const struct {
	const char *line;
	const char *says;
} bad_grants[] = {
	{ "", "no rule" }, { "# x", "no rule" }, { "alow write /x", "unknown verdict" },
	{ "ask write /x", "allows or denies" }, { "kill write /x", "allows or denies" },
	{ "allow env HOME", "env cannot be asked" }, { "allow write x", "not an absolute path" },
	{ "allow write", "needs a path" }, { "allow exec uname", "not an absolute path" },
	{ "allow write /zz/a,/zz/b,relative", "not an absolute path" },
	{ "allow write /a,/b,/c,/d,/e,/f,/g,/h,/i,/j,/k,/l,/m,/n,/o,/p,/q", "too many names" },
	{ "allow write link/x", "not an absolute path" },
};

START_TEST(test_bad_grants)
{
	struct policy *policy = make("--ask");
	struct fault fault = { .line = 0 };

	ck_assert_int_lt(grant_add(policy, &vars, bad_grants[_i].line, &fault), 0);
	ck_assert_msg(strstr(fault.text, bad_grants[_i].says), "%s: %s", bad_grants[_i].line,
		      fault.text);
	ck_assert_int_eq(policy_judge(policy, W, "/zz/a").kind, ASKS);
	policy_free(policy);
}
END_TEST

/* Else the script could choose, while somebody thinks, what the rule means. */
START_TEST(test_no_link_is_followed)
{
	struct policy *policy = make("--ask");
	struct fault fault = { .line = 0 };
	char line[128];

	ck_assert_int_eq(symlink("/etc", "link"), 0);
	snprintf(line, sizeof(line), "allow write %s/link", scratch);
	ck_assert_int_lt(grant_add(policy, &vars, line, &fault), 0);
	ck_assert_ptr_nonnull(strstr(fault.text, "symbolic link"));
	snprintf(line, sizeof(line), "allow write %s/link/new", scratch);
	ck_assert_int_lt(grant_add(policy, &vars, line, &fault), 0);
	ck_assert_int_eq(policy_judge(policy, W, "/etc/new").kind, ASKS);
	snprintf(line, sizeof(line), "allow write %s/new", scratch);
	grant(policy, line);
	policy_free(policy);
}
END_TEST

START_TEST(test_grants_are_bounded)
{
	struct policy *policy = make("--ask");
	struct fault fault = { .line = 0 };
	char line[64];

	for (int i = 0; i < GRANTS_MAX; i++) {
		snprintf(line, sizeof(line), "allow write /zz/%d", i);
		grant(policy, line);
	}
	ck_assert_int_eq(grant_add(policy, &vars, "allow write /zz/x", &fault), -E2BIG);
	ck_assert_int_eq(policy_judge(policy, W, "/zz/x").kind, ASKS);
	policy_free(policy);
}
END_TEST

/* A folder in which an answer divides is not moved as a whole. */
START_TEST(test_grants_divide)
{
	struct policy *policy = make("--ask");

	ck_assert(policy_is_uniform_below(policy, "/zz", "/zz"));
	grant(policy, "allow write /zz/a");
	ck_assert(!policy_is_uniform_below(policy, "/zz", "/zz"));
	ck_assert(policy_is_uniform_below(policy, "/zz/a", "/zz/a"));
	policy_free(policy);
}
END_TEST

static const struct {
	enum verdict_kind verdict;
	enum call_class class;
	const char *path, *text;
} printed[] = {
	{ OK, W, "/zz/a", "allow write /zz/a" }, { NO, R, "/zz/a b", "deny read /zz/a\\x20b" },
	{ OK, D, "/zz/a,b*{x}\\", "allow delete /zz/a\\,b\\*\\{x}\\\\" },
	{ OK, N, NULL, "allow net" }, { OK, N, "ignored", "allow net" },
	{ OK, X, "/zz/\x1b", "allow exec /zz/\\x1b" },
	{ OK, E, "HOME", "" }, { OK, W, NULL, "" }, { OK, CLASS_SYSTEM, NULL, "" },
};

START_TEST(test_print)
{
	struct policy *policy = make("--ask");
	char text[RULE_TEXT_MAX];
	size_t length = grant_print(printed[_i].verdict, printed[_i].class, printed[_i].path, text,
				    sizeof(text));

	ck_assert_str_eq(text, printed[_i].text);
	ck_assert_uint_eq(length, strlen(text));
	ck_assert_uint_eq(grant_print(OK, W, "/zz/a", text, 17), 0);
	ck_assert_uint_eq(grant_print(OK, W, "/zz/a", text, 18), 17);
	if (*printed[_i].text) {
		grant(policy, printed[_i].text);
		ck_assert_int_eq(policy_judge(policy, printed[_i].class, printed[_i].path).kind,
				 printed[_i].verdict);
	}
	policy_free(policy);
}
END_TEST

/* ---- what the kernel is told ---- */

START_TEST(test_reads_are_brokered)
{
	struct policy *plain = make("allow read /**\nallow net");
	struct policy *some = make("allow read /**\nask read /zz\nallow net\nask net");

	ck_assert(filter_mode_of(plain, false, false, false).passes_reads);
	ck_assert(filter_mode_of(plain, false, false, false).passes_net);
	ck_assert(!filter_mode_of(some, false, false, false).passes_reads);
	ck_assert(!filter_mode_of(some, false, false, false).passes_net);
	policy_free(plain);
	policy_free(some);
}
END_TEST

static void check_plan(const char *text, bool has_root, bool handles_net)
{
	struct policy *policy = make(text);
	struct landlock_plan plan;
	bool found = false;

	ck_assert_int_eq(landlock_plan_new(policy, LANDLOCK_ABI_MAX, true, NULL, NULL, &plan), 0);
	for (size_t i = 0; i < plan.root_count; i++)
		if (strcmp(plan.roots[i].path, "/") == 0)
			found = plan.roots[i].access & LANDLOCK_ACCESS_FS_EXECUTE;
	ck_assert_msg(found == has_root, "[%s]", text);
	ck_assert_msg((plan.handled_net != 0) == handles_net, "[%s]", text);
	landlock_plan_free(&plan);
	policy_free(policy);
}

START_TEST(test_landlock_leaves_room_for_answers)
{
	check_plan("", false, true);
	check_plan("--ask", true, false);
	check_plan("--ask\n--deny-exec", false, false);
	check_plan("--ask\n--deny-net", true, true);
	check_plan("ask net", false, false);
	check_plan("ask exec /zz", false, true);
	check_plan("ask exec /**", true, true);
	check_plan("ask read /**\nask write /**", false, true);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ask");
	TCase *tcase = tcase_create("rules");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, test_judge, 0, ARRAY_SIZE(judged));
	tcase_add_loop_test(tcase, test_grants, 0, ARRAY_SIZE(granted));
	tcase_add_loop_test(tcase, test_bad_grants, 0, ARRAY_SIZE(bad_grants));
	tcase_add_test(tcase, test_no_link_is_followed);
	tcase_add_test(tcase, test_grants_are_bounded);
	tcase_add_test(tcase, test_grants_divide);
	tcase_add_loop_test(tcase, test_print, 0, ARRAY_SIZE(printed));
	tcase_add_test(tcase, test_reads_are_brokered);
	tcase_add_test(tcase, test_landlock_leaves_room_for_answers);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
