/* SPDX-License-Identifier: Apache-2.0 */
/* test_cure.c: what a message offers as a cure, and that it cures that path and no other. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "filters/policy.h"
#include "tests/support/suite.h"
#include "tracer/events/human.h"

#define REFUSED .kind = EVENT_CALL, .call = "openat", .class = CLASS_WRITE, \
		.outcome = OUTCOME_DENY, .error = EACCES, .action = "write"

struct cure_row {
	enum call_class class;
	const char *path;
	const char *cure;
};

static const struct cure_row cures[] = {
	{ CLASS_READ, "/a", "--allow-read=/a" },
	{ CLASS_WRITE, "/a", "--allow-write=/a" },
	{ CLASS_DELETE, "/a", "--allow-delete=/a" },
	{ CLASS_EXEC, "/bin/ls", "--allow-exec=/bin/ls" },
	{ CLASS_NET, NULL, "--allow-net" },
	{ CLASS_NET, "/run/socket", "--allow-net" },
	{ CLASS_ENV, "HOME", "--allow-env=HOME" },
	{ CLASS_STAT, "/a", "a policy line: allow stat /a" },
	{ CLASS_SIGNAL, NULL, "" },
	{ CLASS_PROCESS, "/a", "" },
	{ CLASS_SYSTEM, NULL, "" },
	{ CLASS_WRITE, NULL, "" },
	{ CLASS_READ, "/Az09_@%+:./-", "--allow-read=/Az09_@%+:./-" },
	{ CLASS_READ, "/a b", "--allow-read='/a b'" },
	{ CLASS_READ, "/a ", "--allow-read='/a '" },
	{ CLASS_READ, "/it's", "--allow-read='/it'\\''s'" },
	{ CLASS_READ, "/$(id)`id`;id|id&", "--allow-read='/$(id)`id`;id|id&'" },
	{ CLASS_READ, "/a\\b", "--allow-read='/a\\b'" },
	{ CLASS_READ, "/a?[b]}", "--allow-read='/a?[b]}'" },
	{ CLASS_READ, "/~", "--allow-read='/~'" },
	{ CLASS_READ, "/#", "--allow-read='/#'" },
	{ CLASS_READ, "/\xc3\xa9", "--allow-read=/\xc3\xa9" },
	{ CLASS_READ, "/\xc3\xa9 x", "--allow-read='/\xc3\xa9 x'" },
	{ CLASS_WRITE, "/tmp/a,b", "a policy line: allow write /tmp/a\\,b" },
	{ CLASS_WRITE, "/tmp/*", "a policy line: allow write /tmp/\\*" },
	{ CLASS_WRITE, "/tmp/**/x", "a policy line: allow write /tmp/\\*\\*/x" },
	{ CLASS_WRITE, "/{home}", "a policy line: allow write /\\{home}" },
	{ CLASS_WRITE, "/a,b #\\c", "a policy line: allow write /a\\,b\\x20\\#\\\\c" },
	{ CLASS_WRITE, "/a\nb", "a policy line: allow write /a\\nb" },
	{ CLASS_WRITE, "/a\nallow write /",
	  "a policy line: allow write /a\\nallow\\x20write\\x20/" },
	{ CLASS_WRITE, "/\xff\x1b", "a policy line: allow write /\\xff\\x1b" },
	{ CLASS_WRITE, "/\xe2\x80\xae", "a policy line: allow write /\\xe2\\x80\\xae" },
};

START_TEST(cure)
{
	const struct cure_row *row = &cures[_i];
	struct event event = { REFUSED };
	char out[256];

	event.class = row->class;
	event.path = row->path;
	ck_assert_uint_eq(human_cure(&event, out, sizeof(out)), strlen(row->cure));
	ck_assert_str_eq(out, row->cure);
}
END_TEST

static int keep_rule(void *data, struct rule *rule)
{
	*(struct rule **)data = rule;
	return 0;
}

static int parse_cure(const char *text, enum call_class class, struct rule **ret_rule)
{
	const char line_words[] = "a policy line: ";
	const struct policy_vars vars = { .home = "/h", .cwd = "/c", .interpreter = "/p" };
	char flag[32], value[256];
	struct fault fault = { 0 };

	if (strncmp(text, line_words, strlen(line_words)) == 0)
		return rule_parse(text + strlen(line_words), &vars, "p", 1, keep_rule, ret_rule,
				  &fault);
	snprintf(flag, sizeof(flag), "--allow-%s=", class_name(class));
	ck_assert(strncmp(text, flag, strlen(flag)) == 0);
	snprintf(value, sizeof(value), "%s", text + strlen(flag));
	return rule_parse_option(VERDICT_ALLOW, class, value, &vars, keep_rule, ret_rule, &fault);
}

/* The shell's part, done by the shell. */
static void unquote(const char *word, char *out, size_t size)
{
	char command[512];
	FILE *shell;
	size_t used;

	snprintf(command, sizeof(command), "printf %%s %s", word);
	/* NOLINTNEXTLINE(cert-env33-c): the shell is what is tested */
	shell = popen(command, "r");
	ck_assert_ptr_nonnull(shell);
	used = fread(out, 1, size - 1, shell);
	out[used] = '\0';
	ck_assert_int_eq(pclose(shell), 0);
}

START_TEST(cure_allows_that_path_and_no_other)
{
	const struct cure_row *row = &cures[_i];
	struct event event = { REFUSED };
	struct rule *rule = NULL;
	char out[256], word[256], other[256];

	if (!row->cure[0] || row->class == CLASS_NET)
		return;
	event.class = row->class;
	event.path = row->path;
	human_cure(&event, out, sizeof(out));
	if (out[0] == '-')
		unquote(out, word, sizeof(word));
	else
		snprintf(word, sizeof(word), "%s", out);
	ck_assert_int_eq(parse_cure(word, row->class, &rule), 0);
	ck_assert_int_eq(rule->verdict, VERDICT_ALLOW);
	ck_assert_int_eq(rule->class, row->class);
	ck_assert(rule_matches(rule, row->path));
	/* each byte counts: no wildcard slipped in */
	for (size_t i = 1; row->path[i]; i++) {
		snprintf(other, sizeof(other), "%s", row->path);
		other[i] = other[i] == 'Z' ? 'Y' : 'Z';
		ck_assert_msg(!rule_matches(rule, other), "%s", other);
	}
	rule_free(rule);
}
END_TEST

START_TEST(no_cure)
{
	struct event event = { REFUSED, .path = "/a" };
	char out[256] = "x";

	event.rule = "deny write /a";
	event.rule_is_users = true;
	ck_assert_uint_eq(human_cure(&event, out, sizeof(out)), 0);
	ck_assert_str_eq(out, "");
	event.rule = NULL;
	event.rule_is_users = false;
	event.reason = "the path is not known";
	ck_assert_uint_eq(human_cure(&event, out, sizeof(out)), 0);
	event.reason = NULL;
	event.kind = EVENT_LIMIT;
	ck_assert_uint_eq(human_cure(&event, out, sizeof(out)), 0);
	event.kind = EVENT_CALL;
	ck_assert_uint_eq(human_cure(&event, out, sizeof(out)), 16);
}
END_TEST

START_TEST(cure_is_never_cut)
{
	struct event event = { REFUSED, .path = "/a" };
	char out[32], path[2000];

	for (size_t size = 0; size <= 16; size++) {
		memset(out, '#', sizeof(out));
		ck_assert_uint_eq(human_cure(&event, out, size), 0);
		if (size > 0)
			ck_assert_str_eq(out, "");
		ck_assert_int_eq(out[size], '#');
	}
	ck_assert_uint_eq(human_cure(&event, out, 17), 16);

	/* longer than a policy file takes */
	memset(path, 'x', sizeof(path));
	memcpy(path, "/*", 2);
	path[1000] = '\0';
	event.path = path;
	{
		char long_out[4096];

		ck_assert_uint_gt(human_cure(&event, long_out, sizeof(long_out)), 1000);
		path[1000] = 'x';
		path[1100] = '\0';
		ck_assert_uint_eq(human_cure(&event, long_out, sizeof(long_out)), 0);
	}
}
END_TEST

/* The words by which cure.c knows that a flag helps are those that the policy says. */
START_TEST(policy_reasons_are_known)
{
	struct policy *policy = policy_new();
	struct verdict write = policy_judge(policy, CLASS_WRITE, "/x");
	struct verdict signal = policy_judge(policy, CLASS_SIGNAL, NULL);

	ck_assert_int_eq(write.kind, VERDICT_DENY);
	ck_assert(human_reason_is_default(write.reason));
	ck_assert_int_eq(signal.kind, VERDICT_DENY);
	ck_assert(human_reason_is_default(signal.reason));
	policy->refuses[CLASS_WRITE] = true;
	ck_assert(!human_reason_is_default(policy_judge(policy, CLASS_WRITE, "/x").reason));
	policy_free(policy);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cure");
	TCase *tcase = tcase_create("cure");

	tcase_add_loop_test(tcase, cure, 0, ARRAY_SIZE(cures));
	tcase_add_loop_test(tcase, cure_allows_that_path_and_no_other, 0, ARRAY_SIZE(cures));
	tcase_add_test(tcase, no_cure);
	tcase_add_test(tcase, cure_is_never_cut);
	tcase_add_test(tcase, policy_reasons_are_known);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
