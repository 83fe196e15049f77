/* SPDX-License-Identifier: Apache-2.0 */
/* test_rule.c: one line to rules and back; mistakes and where they are. */
#include <errno.h>

#include "tests/filters/rule_text.h"
#include "tests/support/suite.h"

/* A line, and what its rules print as, one a line of `printed`. */
static const struct {
	const char *line, *printed;
} good[] = {
	{ "allow read /usr", "allow read /usr\n" },
	{ "  allow\tread   /usr  \r", "allow read /usr\n" },
	{ "allow read /usr\n", "allow read /usr\n" },
	{ "deny write /etc", "deny write /etc\n" },
	{ "kill delete /", "kill delete /\n" },
	{ "ask write ~/x", "ask write /home/ann/x\n" },
	{ "ask read /a,/b/*", "ask read /a\nask read /b/*\n" },
	{ "ask net", "ask net\n" },
	{ "ask exec uname", "ask exec uname\n" },
	{ "ask stat", "ask stat /**\n" },
	{ "ask delete stack=native /srv", "ask delete stack=native /srv\n" },
	{ "hide ~/.ssh", "hide /home/ann/.ssh\n" },
	{ "hide /a,/b/** # both", "hide /a\nhide /b/**\n" },
	{ "hide stack=python /a", "hide stack=python /a\n" },
	{ "hide {prefix}", "hide /usr\nhide /opt/venv\n" },
	{ "fake write ~/out", "fake write /home/ann/out\n" },
	{ "fake delete /a/**,/b", "fake delete /a/**\nfake delete /b\n" },
	{ "fake exec git", "fake exec git\n" },
	{ "scratch write ~/p/**", "scratch write /home/ann/p/**\n" },
	{ "view /a=/b", "view /a=/b\n" },
	{ "view ~/a/../x=~/b=c, /d=/e # two", "view /home/ann/x=/home/ann/b=c\nview /d=/e\n" },
	{ "view /a\\x3db=/c\\,d", "view /a\\x3db=/c\\,d\n" },
	{ "view stack=off /a=/b\\*c", "view stack=off /a=/b\\*c\n" },
	{ "deny stat", "deny stat /**\n" },
	{ "allow stat", "allow stat /**\n" },
	{ "deny stat /home", "deny stat /home\n" },
	{ "allow exec /usr/bin/uname", "allow exec /usr/bin/uname\n" },
	{ "allow exec uname", "allow exec uname\n" },
	{ "allow net", "allow net\n" },
	{ "deny net # never", "deny net\n" },
	{ "allow env", "allow env\n" },
	{ "allow env LANG,LC_*", "allow env LANG\nallow env LC_*\n" },
	{ "allow env *", "allow env *\n" },
	{ "allow env ~,{x}", "allow env ~\nallow env \\{x}\n" },
	{ "allow read /a,/b , /c", "allow read /a\nallow read /b\nallow read /c\n" },
	{ "allow read /a # comment", "allow read /a\n" },
	{ "allow read /a#b", "allow read /a\\#b\n" },
	{ "allow read /a//b/./c/", "allow read /a/b/c\n" },
	{ "allow read /a/b/../c", "allow read /a/c\n" },
	{ "allow read /..", "allow read /\n" },
	{ "allow read /../../etc/..", "allow read /\n" },
	{ "allow read //", "allow read /\n" },
	{ "allow read /.", "allow read /\n" },
	{ "allow read /a/.../b", "allow read /a/.../b\n" },
	{ "allow read /..a/.b", "allow read /..a/.b\n" },
	{ "allow read /work/**", "allow read /work/**\n" },
	{ "allow read /work/**/", "allow read /work/**\n" },
	{ "allow read /work/*/../x", NULL },
	{ "allow read /a/b/../../c*/d", "allow read /c*/d\n" },
	{ "deny read /work/*/secret", "deny read /work/*/secret\n" },
	{ "allow read ~", "allow read /home/ann\n" },
	{ "allow read ~/data", "allow read /home/ann/data\n" },
	{ "allow read ~/../bob", "allow read /home/bob\n" },
	{ "allow read /a/~", "allow read /a/~\n" },
	{ "allow read {script}", "allow read /srv/app\n" },
	{ "allow read {script}/x", "allow read /srv/app/x\n" },
	{ "allow exec {python}", "allow exec /usr/bin/python3.11\n" },
	{ "allow read {prefix}", "allow read /usr\nallow read /opt/venv\n" },
	{ "allow read {prefix}/lib/*", "allow read /usr/lib/*\nallow read /opt/venv/lib/*\n" },
	{ "allow read {cwd}", "allow read /home/ann/pro\\*ject\n" },
	{ "allow read /run/user/{uid}/x", "allow read /run/user/1000/x\n" },
	{ "allow read /u{uid}*{uid}", "allow read /u1000*1000\n" },
	{ "allow read /a\\,b", "allow read /a\\,b\n" },
	{ "allow read /a\\ b", "allow read /a\\x20b\n" },
	{ "allow read /a\\x20b", "allow read /a\\x20b\n" },
	{ "allow read /a\\nb", "allow read /a\\nb\n" },
	{ "allow read /a\\*b", "allow read /a\\*b\n" },
	{ "allow read /a\\\\b", "allow read /a\\\\b\n" },
	{ "allow read /a\\\\*b", "allow read /a\\\\*b\n" },
	{ "allow read /a\\{uid}", "allow read /a\\{uid}\n" },
	{ "allow read /\\#x", "allow read /\\#x\n" },
	{ "allow read /a\\xff\\xFE", "allow read /a\\xff\\xfe\n" },
	{ "allow read /a\xff", "allow read /a\\xff\n" },
	{ "allow read /a\\x1b[0m", "allow read /a\\x1b[0m\n" },
	{ "allow read /a\x1b", "allow read /a\\x1b\n" },
	{ "allow read /\xc3\xa9t\xc3\xa9", "allow read /\xc3\xa9t\xc3\xa9\n" },
	{ "allow read /\xe2\x80\xae", "allow read /\\xe2\\x80\\xae\n" },
	{ "allow read \\x2fetc\\x2f\\x2e\\x2e\\x2fb", "allow read /b\n" },
	{ "allow read /a\\x2ab", "allow read /a\\*b\n" },
	{ "allow env A\\,B", "allow env A\\,B\n" },
	{ "deny write stack=native /srv", "deny write stack=native /srv\n" },
	{ "allow read  stack=off\t/a,/b # x", "allow read stack=off /a\nallow read stack=off /b\n" },
	{ "deny stat stack=line", "deny stat stack=line /**\n" },
	{ "allow net stack=python", "allow net stack=python\n" },
	{ "deny net stack=native # why", "deny net stack=native\n" },
	{ "allow env stack=line A,B", "allow env stack=line A\nallow env stack=line B\n" },
	{ "allow env stack", "allow env stack\n" },
	{ "allow env stack=off", "allow env stack=off\n" },
	{ "allow exec stack=off uname", "allow exec stack=off uname\n" },
	{ "kill delete stack=python /stack=off", "kill delete stack=python /stack=off\n" },
	{ "allow read /a/stack=line", "allow read /a/stack=line\n" },
};

START_TEST(test_round_trip)
{
	struct taken taken = { .count = 0 }, again = { .count = 0 };
	struct fault fault = { .line = 0 };
	char printed[RULE_TEXT_MAX];
	int error = rule_parse(good[_i].line, &vars, "p", 7, take, &taken, &fault);

	if (!good[_i].printed) {
		ck_assert_int_eq(error, -EINVAL);
		return;
	}
	ck_assert_msg(error == 0, "%s: %s", good[_i].line, fault.text);
	print_all(&taken, printed, sizeof(printed));
	ck_assert_str_eq(printed, good[_i].printed);
	for (size_t i = 0; i < taken.count; i++) {
		const struct rule *rule = taken.rules[i];

		rule_print(rule, printed, sizeof(printed));
		ck_assert_int_eq(rule_parse(printed, &vars, "p", 7, take, &again, &fault), 0);
		ck_assert_uint_eq(again.count, 1);
		ck_assert_int_eq(again.rules[0]->verdict, rule->verdict);
		ck_assert_int_eq(again.rules[0]->class, rule->class);
		ck_assert_int_eq(again.rules[0]->stack, rule->stack);
		ck_assert_pstr_eq(again.rules[0]->pattern, rule->pattern);
		ck_assert_pstr_eq(again.rules[0]->view, rule->view);
		ck_assert_str_eq(again.rules[0]->root, rule->root);
		ck_assert_str_eq(rule->source, "p:7");
		drop(&again);
	}
	drop(&taken);
}
END_TEST

/* Every byte that a name may have survives printing and parsing. */
START_TEST(test_every_byte)
{
	struct taken taken = { .count = 0 };
	struct fault fault = { .line = 0 };
	char name[8] = "/a?b", line[RULE_TEXT_MAX];
	struct rule *rule;

	if (_i == '/')
		return;
	name[2] = (char)_i;
	rule = rule_new(VERDICT_ALLOW, CLASS_READ, strdup("/"), "x");
	taken.rules[0] = rule_new_rooted(rule, name);
	rule_free(rule);
	rule = taken.rules[0];
	ck_assert_str_eq(rule->root, name);
	rule_print(rule, line, sizeof(line));
	ck_assert_int_eq(rule_parse(line, &vars, "p", 1, take, &taken, &fault), 0);
	ck_assert_uint_eq(taken.count, 1);
	ck_assert_str_eq(taken.rules[0]->root, name);
	ck_assert(rule_matches(taken.rules[0], name));
	ck_assert(rule_matches(taken.rules[0], name));
	ck_assert(!rule_matches(taken.rules[0], "/aXXb"));
	drop(&taken);
	rule_free(rule);
}
END_TEST

static const struct {
	const char *line;
	int error;
	unsigned column;
	const char *says;        /* a part of the text */
} bad[] = {
	{ "", -ENODATA, 0, NULL },
	{ "   \t\r", -ENODATA, 0, NULL },
	{ "# allow read /", -ENODATA, 0, NULL },
	{ "  # x", -ENODATA, 0, NULL },
	{ "\n", -ENODATA, 0, NULL },
	{ "permit read /", -EINVAL, 1, "allow, ask, deny, hide, view, fake, scratch and kill" },
	{ "  Allow read /", -EINVAL, 3, "unknown verdict \"Allow\"" },
	{ "allowread /", -EINVAL, 1, "unknown verdict" },
	{ "alow\x1b[2J x", -EINVAL, 1, "alow\\x1b[2J" },
	{ "ask env HOME", -EINVAL, 5, "env cannot be asked" },
	{ "ask  env", -EINVAL, 6, "env cannot be asked" },
	{ "ask read", -EINVAL, 9, "ask read needs a path" },
	{ "ask signal /", -EINVAL, 5, "unknown class" },
	{ "hide read /", -EINVAL, 6, "hide takes no class" },
	{ "hide", -EINVAL, 5, "hide needs a path" },
	{ "view", -EINVAL, 5, "view needs a path" },
	{ "view read /a=/b", -EINVAL, 6, "view takes no class" },
	{ "view /a", -EINVAL, 6, "there is no = in it" },
	{ "view =/a", -EINVAL, 6, "a path is missing" },
	{ "view /a=", -EINVAL, 9, "a path is missing" },
	{ "view /a=b", -EINVAL, 9, "not an absolute path" },
	{ "view /a*=/b", -EINVAL, 6, "of one file" },
	{ "view /a=/b/**", -EINVAL, 9, "of one file" },
	{ "view {prefix}=/b", -EINVAL, 6, "several files" },
	{ "hide x", -EINVAL, 6, "not an absolute path" },
	{ " fake read /", -EINVAL, 7, "read cannot be faked" },
	{ "fake net", -EINVAL, 6, "net cannot be faked" },
	{ "fake write", -EINVAL, 11, "fake write needs a path" },
	{ "scratch read /", -EINVAL, 9, "scratch is about writing" },
	{ "scratch write", -EINVAL, 14, "scratch write needs a path" },
	{ "asks read /", -EINVAL, 1, "unknown verdict" },
	{ "allow", -EINVAL, 6, "is missing" },
	{ "allow  ", -EINVAL, 8, "is missing" },
	{ "allow # read /", -EINVAL, 7, "is missing" },
	{ "allow reed /", -EINVAL, 7, "unknown class \"reed\"" },
	{ "allow reed /", -EINVAL, 7, "read, write, delete, stat, exec, net and env" },
	{ "allow signal /", -EINVAL, 7, "unknown class" },
	{ "allow READ /", -EINVAL, 7, "unknown class" },
	{ "allow read", -EINVAL, 11, "allow read needs a path" },
	{ "deny write", -EINVAL, 11, "deny write needs a path" },
	{ "allow exec # all", -EINVAL, 12, "allow exec needs a path" },
	{ "allow delete ", -EINVAL, 14, "needs a path" },
	{ "allow net localhost", -EINVAL, 11, "by host comes later" },
	{ "deny net *", -EINVAL, 10, "net takes no argument" },
	{ "allow read usr", -EINVAL, 12, "not an absolute path" },
	{ "allow read ./x", -EINVAL, 12, "not an absolute path" },
	{ "allow read /a,b", -EINVAL, 15, "\"b\" is not an absolute path" },
	{ "allow read *", -EINVAL, 12, "not an absolute path" },
	{ "allow read /a /b", -EINVAL, 15, "a blank in the middle" },
	{ "allow read /a\nallow write /", -EINVAL, 15, "a blank in the middle" },
	{ "allow read ,/a", -EINVAL, 12, "the comma" },
	{ "allow read /a,", -EINVAL, 15, "the comma" },
	{ "allow read /a,,/b", -EINVAL, 15, "the comma" },
	{ "allow read /a, # x", -EINVAL, 16, "the comma" },
	{ "allow read ~bob/x", -EINVAL, 12, "name after ~" },
	{ "allow read {script}x", -EINVAL, 12, "a slash must follow" },
	{ "allow read /a/{script}", -EINVAL, 15, "can only begin" },
	{ "allow read {nothing}", -EINVAL, 12, "unknown placeholder" },
	{ "allow read /a{", -EINVAL, 14, "unknown placeholder" },
	{ "allow read /a\\", -EINVAL, 14, "unknown escape" },
	{ "allow read /a\\q", -EINVAL, 14, "unknown escape" },
	{ "allow read /a\\x", -EINVAL, 14, "two hexadecimal" },
	{ "allow read /a\\x4", -EINVAL, 14, "two hexadecimal" },
	{ "allow read /a\\xg0", -EINVAL, 14, "two hexadecimal" },
	{ "allow read /a\\x00b", -EINVAL, 14, "NUL" },
	{ "allow read /a/*/..", -EINVAL, 12, "cannot follow a wildcard" },
	{ "allow env A=B", -EINVAL, 11, "no = in it" },
	{ "allow env A,B=C", -EINVAL, 13, "no = in it" },
	{ "allow exec py*", -EINVAL, 12, "no wildcard" },
	{ "deny write stack=native", -EINVAL, 24, "deny write needs a path" },
	{ "deny write stack= /a", -EINVAL, 12, "unknown detail \"\" of a stack" },
	{ "deny write stack=all /a", -EINVAL, 12, "unknown detail \"all\" of a stack" },
	{ "deny write stack=Native /a", -EINVAL, 12, "unknown detail \"Native\"" },
	{ "deny write stack=off,/a", -EINVAL, 12, "unknown detail \"off,/a\"" },
	{ "deny write stack=\x1b[2J /a", -EINVAL, 12, "unknown detail \"\\x1b[2J\"" },
	{ "deny write /a stack=off", -EINVAL, 15, "a blank in the middle" },
	{ "deny write stack=off stack=off /a", -EINVAL, 22, "not an absolute path" },
	{ "deny stack=off write /a", -EINVAL, 6, "unknown class" },
};

START_TEST(test_mistakes)
{
	struct taken taken = { .count = 0 };
	struct fault fault = { .line = 99 };
	int error = rule_parse(bad[_i].line, &vars, "my.policy", 12, take, &taken, &fault);

	ck_assert_msg(error == bad[_i].error, "\"%s\" gave %d", bad[_i].line, error);
	drop(&taken);
	if (error == -ENODATA) {
		ck_assert_uint_eq(fault.line, 99);
		return;
	}
	ck_assert_str_eq(fault.file, "my.policy");
	ck_assert_uint_eq(fault.line, 12);
	ck_assert_msg(fault.column == bad[_i].column, "\"%s\": column %u", bad[_i].line,
		      fault.column);
	ck_assert_msg(strstr(fault.text, bad[_i].says), "\"%s\" said \"%s\"", bad[_i].line,
		      fault.text);
	ck_assert_msg(fault.cure[0] != '\0', "no cure for \"%s\"", bad[_i].line);
	ck_assert_int_eq(strncmp(fault.quote, bad[_i].line, strcspn(bad[_i].line, "\n")), 0);
}
END_TEST

static const struct policy_vars no_vars = { .uid = 0 };

static const char *const valueless[] = {
	"allow read ~", "allow read ~/x", "allow read {script}", "allow read {prefix}/lib",
	"allow exec {python}", "allow read /a,{cwd}",
};

START_TEST(test_no_value)
{
	struct taken taken = { .count = 0 };
	struct fault fault = { .line = 0 };

	ck_assert_int_eq(rule_parse(valueless[_i], &no_vars, "p", 3, take, &taken, &fault), -ENXIO);
	ck_assert_uint_eq(fault.line, 3);
	ck_assert_uint_ge(fault.column, 12);
	ck_assert_ptr_nonnull(strstr(fault.text, "has no value"));
	drop(&taken);
}
END_TEST

START_TEST(test_line_too_long)
{
	struct taken taken = { .count = 0 };
	struct fault fault = { .line = 0 };
	char line[RULE_LINE_MAX + 2];

	memset(line, 'a', sizeof(line));
	memcpy(line, "allow read /", 12);
	line[RULE_LINE_MAX] = '\0';
	ck_assert_int_eq(rule_parse(line, &vars, "p", 1, take, &taken, &fault), 0);
	drop(&taken);
	line[RULE_LINE_MAX] = 'a';
	line[RULE_LINE_MAX + 1] = '\0';
	ck_assert_int_eq(rule_parse(line, &vars, "p", 1, take, &taken, &fault), -EINVAL);
	ck_assert_uint_eq(fault.column, RULE_LINE_MAX + 1);
	ck_assert_ptr_nonnull(strstr(fault.text, "longer than 1024 bytes"));
	ck_assert_uint_eq(taken.count, 0);
}
END_TEST

/* {cwd} may be as long as it likes, the pattern may not. */
START_TEST(test_path_too_long)
{
	struct taken taken = { .count = 0 };
	struct fault fault = { .line = 0 };
	static char cwd[RULE_PATTERN_MAX + 8];
	const struct policy_vars long_vars = { .cwd = cwd };

	memset(cwd, 'a', sizeof(cwd) - 1);
	cwd[0] = '/';
	ck_assert_int_eq(rule_parse("allow read {cwd}", &long_vars, "p", 1, take, &taken, &fault),
			 -EINVAL);
	ck_assert_ptr_nonnull(strstr(fault.text, "longer than 4095 bytes"));
	cwd[RULE_PATTERN_MAX - 1] = '\0';
	ck_assert_int_eq(rule_parse("allow read {cwd}", &long_vars, "p", 1, take, &taken, &fault),
			 0);
	ck_assert_str_eq(taken.rules[0]->root, cwd);
	drop(&taken);
	memset(cwd + 1, '*', RULE_PATTERN_MAX - 2);
	ck_assert_int_eq(rule_parse("allow read {cwd}", &long_vars, "p", 1, take, &taken, &fault),
			 -EINVAL);
}
END_TEST

static int refuse(void *data, struct rule *rule)
{
	rule_free(rule);
	return *(int *)data;
}

START_TEST(test_add_fails)
{
	struct fault fault = { .text = "words of the one who adds" };
	int error = -E2BIG;

	ck_assert_int_eq(rule_parse("allow read /a,/b", &vars, "p", 5, refuse, &error, &fault),
			 -E2BIG);
	ck_assert_str_eq(fault.text, "words of the one who adds");
	ck_assert_uint_eq(fault.line, 5);
	ck_assert_uint_eq(fault.column, 12);
	error = -ENOMEM;
	ck_assert_int_eq(rule_parse("allow net", &vars, "p", 5, refuse, &error, &fault), -ENOMEM);
	ck_assert_str_eq(fault.text, "out of memory");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rule");
	TCase *tcase = tcase_create("rule");

	tcase_add_loop_test(tcase, test_round_trip, 0, ARRAY_SIZE(good));
	tcase_add_loop_test(tcase, test_every_byte, 1, 256);
	tcase_add_loop_test(tcase, test_mistakes, 0, ARRAY_SIZE(bad));
	tcase_add_loop_test(tcase, test_no_value, 0, ARRAY_SIZE(valueless));
	tcase_add_test(tcase, test_line_too_long);
	tcase_add_test(tcase, test_path_too_long);
	tcase_add_test(tcase, test_add_fails);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
