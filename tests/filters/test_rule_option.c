/* SPDX-License-Identifier: Apache-2.0 */
/* test_rule_option.c: rules from options; the parts of a rule and what it matches. */
#include <errno.h>

#include "tests/filters/rule_text.h"
#include "tests/support/suite.h"

/* Options: only commas split; neither escapes nor comments nor blanks mean anything. */
static const struct {
	enum verdict_kind verdict;
	enum call_class class;
	const char *value, *printed;
} options[] = {
	{ VERDICT_ALLOW, CLASS_READ, NULL, "allow read /**\n" },
	{ VERDICT_ALLOW, CLASS_EXEC, NULL, "allow exec /**\n" },
	{ VERDICT_ALLOW, CLASS_NET, NULL, "allow net\n" },
	{ VERDICT_ALLOW, CLASS_ENV, NULL, "allow env\n" },
	{ VERDICT_ALLOW, CLASS_READ, "/a,/b", "allow read /a\nallow read /b\n" },
	{ VERDICT_DENY, CLASS_WRITE, "/a b#c", "deny write /a\\x20b\\#c\n" },
	{ VERDICT_ALLOW, CLASS_READ, "/a # b", "allow read /a\\x20\\#\\x20b\n" },
	{ VERDICT_ALLOW, CLASS_READ, "/a\\,/b", "allow read /a\\\\\nallow read /b\n" },
	{ VERDICT_ALLOW, CLASS_READ, "/a\\x20", "allow read /a\\\\x20\n" },
	{ VERDICT_ALLOW, CLASS_READ, "/a/*.txt", "allow read /a/*.txt\n" },
	{ VERDICT_ALLOW, CLASS_READ, "x", "allow read /home/ann/pro\\*ject/x\n" },
	{ VERDICT_ALLOW, CLASS_READ, ".", "allow read /home/ann/pro\\*ject\n" },
	{ VERDICT_ALLOW, CLASS_READ, "..", "allow read /home/ann\n" },
	{ VERDICT_ALLOW, CLASS_READ, "../x/*", "allow read /home/ann/x/*\n" },
	{ VERDICT_ALLOW, CLASS_READ, "*", "allow read /home/ann/pro\\*ject/*\n" },
	{ VERDICT_ALLOW, CLASS_READ, "~/x", "allow read /home/ann/x\n" },
	{ VERDICT_ALLOW, CLASS_READ, "./~x", "allow read /home/ann/pro\\*ject/~x\n" },
	{ VERDICT_ALLOW, CLASS_READ, "{script}/x", "allow read /srv/app/x\n" },
	{ VERDICT_ALLOW, CLASS_READ, "-", "allow read /home/ann/pro\\*ject/-\n" },
	{ VERDICT_ALLOW, CLASS_READ, " /a", "allow read /home/ann/pro\\*ject/\\x20/a\n" },
	{ VERDICT_ALLOW, CLASS_EXEC, "uname,bin/x", "allow exec uname\n"
	  "allow exec /home/ann/pro\\*ject/bin/x\n" },
	{ VERDICT_DENY, CLASS_ENV, "A,B*", "deny env A\ndeny env B*\n" },
	{ VERDICT_ASK, CLASS_WRITE, "/a,/b", "ask write /a\nask write /b\n" },
	{ VERDICT_ASK, CLASS_READ, NULL, "ask read /**\n" },
	{ VERDICT_ASK, CLASS_NET, NULL, "ask net\n" },
	{ VERDICT_FAKE, CLASS_EXEC, NULL, "fake exec /**\n" },
	{ VERDICT_FAKE, CLASS_WRITE, "/a,/b", "fake write /a\nfake write /b\n" },
	{ VERDICT_VIEW, CLASS_STAT, "/a=x,b=/c", "view /a=/home/ann/pro\\*ject/x\n"
	  "view /home/ann/pro\\*ject/b=/c\n" },
	{ VERDICT_HIDE, CLASS_STAT, "/a,x", "hide /a\nhide /home/ann/pro\\*ject/x\n" },
};

START_TEST(test_options)
{
	struct taken taken = { .count = 0 };
	struct fault fault = { .line = 0 };
	char printed[RULE_TEXT_MAX];

	ck_assert_int_eq(rule_parse_option(options[_i].verdict, options[_i].class,
					   options[_i].value, &vars, take, &taken, &fault), 0);
	print_all(&taken, printed, sizeof(printed));
	ck_assert_str_eq(printed, options[_i].printed);
	drop(&taken);
}
END_TEST

static const struct {
	enum call_class class;
	const char *value, *quote;
	unsigned column;
	const char *says;
} bad_options[] = {
	{ CLASS_READ, "", "--allow-read=", 14, "nothing follows" },
	{ CLASS_READ, "/a,", "--allow-read=/a,", 17, "comma" },
	{ CLASS_READ, ",", "--allow-read=,", 14, "comma" },
	{ CLASS_READ, "/a,{x}", "--allow-read=/a,{x}", 17, "unknown placeholder" },
	{ CLASS_READ, "~x", "--allow-read=~x", 14, "name after ~" },
	{ CLASS_NET, "localhost", "--allow-net=localhost", 13, "by host comes later" },
	{ CLASS_NET, "", "--allow-net=", 13, "no argument" },
	{ CLASS_ENV, "A=B", "--allow-env=A=B", 13, "no = in it" },
	{ CLASS_EXEC, "p*", "--allow-exec=p*", 14, "no wildcard" },
};

START_TEST(test_option_mistakes)
{
	struct taken taken = { .count = 0 };
	struct fault fault = { .line = 9 };

	ck_assert_int_eq(rule_parse_option(VERDICT_ALLOW, bad_options[_i].class,
					   bad_options[_i].value, &vars, take, &taken, &fault),
			 -EINVAL);
	drop(&taken);
	ck_assert_str_eq(fault.quote, bad_options[_i].quote);
	ck_assert_uint_eq(fault.line, 0);
	ck_assert_uint_eq(fault.column, bad_options[_i].column);
	ck_assert_int_eq(strncmp(fault.quote, fault.file, strlen(fault.file)), 0);
	ck_assert_msg(strstr(fault.text, bad_options[_i].says), "said \"%s\"", fault.text);
	ck_assert(fault.cure[0] != '\0');
}
END_TEST

START_TEST(test_env_cannot_be_asked)
{
	struct taken taken = { .count = 0 };
	struct fault fault = { .line = 9 };

	ck_assert_int_eq(rule_parse_option(VERDICT_ASK, CLASS_ENV, _i ? "HOME" : NULL, &vars, take,
					   &taken, &fault), -EINVAL);
	ck_assert_uint_eq(taken.count, 0);
	ck_assert_ptr_nonnull(strstr(fault.text, "env cannot be asked"));
}
END_TEST

START_TEST(test_option_source)
{
	struct taken taken = { .count = 0 };
	struct fault fault = { .line = 0 };

	rule_parse_option(VERDICT_ALLOW, CLASS_WRITE, "/a,b", &vars, take, &taken, &fault);
	rule_parse_option(VERDICT_ALLOW, CLASS_NET, NULL, &vars, take, &taken, &fault);
	ck_assert_uint_eq(taken.count, 3);
	ck_assert_str_eq(taken.rules[0]->source, "--allow-write=/a");
	ck_assert_str_eq(taken.rules[1]->source, "--allow-write=b");
	ck_assert_str_eq(taken.rules[2]->source, "--allow-net");
	drop(&taken);
}
END_TEST

static const struct {
	const char *line, *root, *wild;
	unsigned literal, rank;
} parts[] = {
	{ "allow read /", "/", "", 0, 2 },
	{ "allow read /**", "/", "**", 0, 0 },
	{ "allow read /*", "/", "*", 0, 1 },
	{ "allow read /usr", "/usr", "", 1, 2 },
	{ "allow read /usr/lib", "/usr/lib", "", 2, 2 },
	{ "allow read /usr/lib/**", "/usr/lib", "**", 2, 0 },
	{ "allow read /usr/*/**", "/usr", "*/**", 1, 1 },
	{ "allow read /usr/**/x", "/usr", "**/x", 1, 0 },
	{ "allow read /usr/li*/x", "/usr", "li*/x", 1, 1 },
	{ "allow read /a\\*/b\\\\/c*", "/a*/b\\", "c*", 2, 1 },
	{ "allow net", "", "", 0, 0 },
	{ "allow env", "", "", 0, 0 },
	{ "allow env *", "", "*", 0, 1 },
	{ "allow env LC_*", "LC_", "*", 3, 1 },
	{ "allow env LANG", "LANG", "", 4, 2 },
	{ "allow env A\\**", "A*", "*", 2, 1 },
};

START_TEST(test_parts)
{
	struct taken taken = { .count = 0 };
	struct fault fault = { .line = 0 };

	ck_assert_int_eq(rule_parse(parts[_i].line, &vars, "p", 1, take, &taken, &fault), 0);
	ck_assert_str_eq(taken.rules[0]->root, parts[_i].root);
	ck_assert_str_eq(taken.rules[0]->wild, parts[_i].wild);
	ck_assert_uint_eq(taken.rules[0]->literal, parts[_i].literal);
	ck_assert_uint_eq(taken.rules[0]->rank, parts[_i].rank);
	drop(&taken);
}
END_TEST

static const struct {
	const char *line, *path;
	int rank;                /* -1: does not match */
} matching[] = {
	{ "allow read /usr", "/usr", 2 },
	{ "allow read /usr", "/usr/lib/x", 0 },
	{ "allow read /usr", "/usr2", -1 },
	{ "allow read /usr", "/", -1 },
	{ "allow read /", "/", 2 },
	{ "allow read /", "/x", 0 },
	{ "allow read /**", "/", 0 },
	{ "allow read /a/*", "/a", -1 },
	{ "allow read /a/*", "/a/b", 1 },
	{ "allow read /a/*", "/a/b/c", -1 },
	{ "deny read /a/*", "/a/b/c", 1 },
	{ "kill read /a/*.key", "/a/x.key/y", 1 },
	{ "deny read /a/*.key", "/a/x.pem", -1 },
	{ "allow read /a/**", "/a", 0 },
	{ "allow read /a/**", "/a/b/c", 0 },
	{ "allow read /a/*/**", "/a/b/c", 1 },
	{ "allow read /a/**/k", "/a/b/k", 0 },
	{ "allow read /a\\*", "/a*", 2 },
	{ "allow read /a\\*", "/ab", -1 },
	{ "allow read /a", NULL, -1 },
	{ "allow read /a", "", -1 },
	{ "allow read /a", "a", -1 },
	{ "allow net", NULL, 0 },
	{ "allow env", "X", 0 },
	{ "allow env X*", "XY", 1 },
	{ "allow env X*", "Y", -1 },
	{ "allow env XY", "XY", 2 },
	{ "allow env XY", "XYZ", -1 },
};

START_TEST(test_matches)
{
	struct taken taken = { .count = 0 };
	struct fault fault = { .line = 0 };
	unsigned rank = 9;
	bool matches;

	ck_assert_int_eq(rule_parse(matching[_i].line, &vars, "p", 1, take, &taken, &fault), 0);
	matches = rule_matches_at(taken.rules[0], matching[_i].path, &rank);
	ck_assert_msg((matches ? (int)rank : -1) == matching[_i].rank, "%s on %s: %d, %u",
		      matching[_i].line, matching[_i].path, matches, rank);
	ck_assert_int_eq(rule_matches(taken.rules[0], matching[_i].path), matches);
	drop(&taken);
}
END_TEST

START_TEST(test_print_cut)
{
	struct rule *rule = rule_new(VERDICT_ALLOW, CLASS_READ, strdup("/abc"), "x");
	char out[32];

	for (size_t size = 0; size < sizeof(out); size++) {
		size_t used;

		memset(out, 'Z', sizeof(out));
		used = rule_print(rule, out, size);
		ck_assert_uint_eq(used, size > 15 ? 15 : size ? size - 1 : 0);
		if (size)
			ck_assert_int_eq(out[used], '\0');
		ck_assert_int_eq(out[size], 'Z');
	}
	rule_free(rule);
	rule_free(NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rule_option");
	TCase *tcase = tcase_create("rule_option");

	tcase_add_loop_test(tcase, test_options, 0, ARRAY_SIZE(options));
	tcase_add_loop_test(tcase, test_env_cannot_be_asked, 0, 2);
	tcase_add_loop_test(tcase, test_option_mistakes, 0, ARRAY_SIZE(bad_options));
	tcase_add_test(tcase, test_option_source);
	tcase_add_loop_test(tcase, test_parts, 0, ARRAY_SIZE(parts));
	tcase_add_loop_test(tcase, test_matches, 0, ARRAY_SIZE(matching));
	tcase_add_test(tcase, test_print_cut);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
