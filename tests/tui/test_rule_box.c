/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_rule_box.c: a rule for later runs: the narrowest first, never for the root, saved only when
 * its word was typed, into a file of the person's own and no other.
 */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/asking.h"
#include "tests/support/suite.h"
#include "tui/act.h"
#include "tui/question.h"

#define PATH "/home/ana/.ssh/config"
#define FILE_NAME "pyjail.policy"

static const char *read_file(const char *name)
{
	static char text[4096];
	FILE *file = fopen(name, "r");
	size_t size;

	if (!file)
		return NULL;
	size = fread(text, 1, sizeof(text) - 1, file);
	text[size] = '\0';
	fclose(file);
	return text;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	ck_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void open_box(void)
{
	asking_open(PATH);
	asking_key('p');
	ck_assert_int_eq(asking.app.mode, MODE_RULE);
}

static const char *rule_now(void)
{
	static char rule[WIRE_RULE_MAX];

	ck_assert(question_rule(&asking.app, VERDICT_ALLOW, asking.app.rule_width, rule,
				sizeof(rule)));
	return rule;
}

START_TEST(saves_and_answers)
{
	open_box();
	asking_keys("allow\n");
	asking_answered(1, true, "allow write " PATH);
	ck_assert_str_eq(read_file(FILE_NAME), "allow write " PATH "\n");
	ck_assert_ptr_nonnull(strstr(asking.app.status, FILE_NAME));
	ck_assert_int_eq(asking.app.mode, MODE_BROWSE);
}
END_TEST

/* The file, its folder, the one above; never the root; then the narrowest again. */
START_TEST(tab_widens)
{
	static const char *const rules[] = {
		"allow write " PATH, "allow write /home/ana/.ssh", "allow write /home/ana",
		"allow write /home", "allow write " PATH,
	};

	open_box();
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		ck_assert_str_eq(rule_now(), rules[i]);
		asking_key('\t');
	}
	asking_silent();
	asking_keys("allow\n");
	asking_answered(1, true, "allow write /home/ana/.ssh");
}
END_TEST

static const char *const wrong_words[] = { "", "allo", "Allow", "allow ", " allow", "y", "allowallow" };

START_TEST(only_with_its_word)
{
	open_box();
	asking_keys(wrong_words[_i]);
	asking_key('\n');
	asking_silent();
	ck_assert_int_eq(asking.app.mode, MODE_RULE);
	ck_assert_ptr_null(read_file(FILE_NAME));
}
END_TEST

START_TEST(escape_goes_back)
{
	open_box();
	asking_keys("all\x1b");
	ck_assert_int_eq(asking.app.mode, MODE_QUESTION);
	asking_silent();
	asking_key('p');
	ck_assert_str_eq(asking.app.edit.text, "");
	asking_keys("\t\t\x1b" "p");
	ck_assert_str_eq(rule_now(), "allow write " PATH);
	asking_keys("\x1b" "d");
	asking_answered(1, false, "");
	ck_assert_ptr_null(read_file(FILE_NAME));
}
END_TEST

/* The word begins with an answer: what is typed on must not answer the next one. */
START_TEST(withdrawn_while_the_word_is_typed)
{
	open_box();
	asking_ask(2, "/etc/passwd");
	asking_keys("a");
	asking_withdraw(1);
	asking_wait(0);
	ck_assert_uint_eq(asking.app.question, 2);
	asking_keys("allow\n");
	asking_silent();
	ck_assert_ptr_null(read_file(FILE_NAME));
}
END_TEST

START_TEST(too_small_to_be_seen)
{
	open_box();
	layout_fit(&asking.app.layout, 7, 39, 0);
	asking_keys("allow\n");
	asking_silent();
	ck_assert_ptr_null(read_file(FILE_NAME));
}
END_TEST

/* ---- where to ---- */

static const struct {
	const char *before, *after;
} files[] = {
	{ "", "allow write " PATH "\n" },
	{ "deny net\n", "deny net\nallow write " PATH "\n" },
	{ "deny net", "deny net\nallow write " PATH "\n" },
	{ "\n", "\nallow write " PATH "\n" },
};

START_TEST(behind_what_is_there)
{
	write_file(FILE_NAME, files[_i].before);
	open_box();
	asking_keys("allow\n");
	asking_answered(1, true, "allow write " PATH);
	ck_assert_str_eq(read_file(FILE_NAME), files[_i].after);
}
END_TEST

static void check_refused(void)
{
	open_box();
	asking_keys("allow\n");
	asking_silent();
	ck_assert_int_eq(asking.app.mode, MODE_RULE);
	ck_assert_ptr_nonnull(strstr(asking.app.status, "not saved"));
}

/* A script that may write here put a link there, and part of the line is its own words. */
START_TEST(never_through_a_link)
{
	write_file("bashrc", "mine\n");
	ck_assert_int_eq(_i ? link("bashrc", FILE_NAME) : symlink("bashrc", FILE_NAME), 0);
	check_refused();
	ck_assert_str_eq(read_file("bashrc"), "mine\n");
}
END_TEST

START_TEST(never_where_a_link_leads_to_nothing)
{
	ck_assert_int_eq(symlink("new", FILE_NAME), 0);
	check_refused();
	ck_assert_int_eq(access("new", F_OK), -1);
}
END_TEST

START_TEST(only_into_a_file)
{
	if (_i)
		ck_assert_int_eq(mkfifo(FILE_NAME, 0600), 0);
	else
		ck_assert_int_eq(mkdir(FILE_NAME, 0700), 0);
	check_refused();
}
END_TEST

START_TEST(a_file_that_was_named)
{
	asking.config.policy_file = "mine.policy";
	open_box();
	asking_keys("allow\n");
	asking_answered(1, true, "allow write " PATH);
	ck_assert_ptr_nonnull(read_file("mine.policy"));
	ck_assert_ptr_null(read_file(FILE_NAME));
}
END_TEST

/* Saved once, though the answer did not go out. */
START_TEST(the_tracer_does_not_listen)
{
	open_box();
	while (wire_send(asking.config.wire, WIRE_FREEZE, 0, true, NULL, 0) == 0)
		;
	asking_keys("allow\n");
	ck_assert_int_eq(asking.app.mode, MODE_QUESTION);
	while (asking_next())
		;
	asking_key('A');
	asking_answered(1, true, "allow write " PATH);
	ck_assert_str_eq(read_file(FILE_NAME), "allow write " PATH "\n");
}
END_TEST

/* ---- for what ---- */

static void ask_for(enum call_class class, const char *path)
{
	struct event event = made_event(1);

	event.class = class;
	event.path = path;
	asking_ask_event(1, &event);
	asking_wait(0);
	asking_wait(QUESTION_DEAF_MS);
}

static const struct {
	enum call_class class;
	const char *path, *rule;
} wants[] = {
	{ CLASS_READ, "/a", "allow read /a" },
	{ CLASS_DELETE, "/a/b", "allow delete /a/b" },
	{ CLASS_EXEC, "/bin/sh", "allow exec /bin/sh" },
	{ CLASS_NET, NULL, "allow net" },
	{ CLASS_PROCESS, NULL, NULL },
	{ CLASS_SIGNAL, NULL, NULL },
	{ CLASS_READ, NULL, NULL },
};

START_TEST(each_want)
{
	char rule[WIRE_RULE_MAX] = "";

	ask_for(wants[_i].class, wants[_i].path);
	ck_assert_int_eq(question_rule(&asking.app, VERDICT_ALLOW, 0, rule, sizeof(rule)),
			 wants[_i].rule != NULL);
	if (wants[_i].rule)
		ck_assert_str_eq(rule, wants[_i].rule);
	asking_key('A');
	if (wants[_i].rule)
		asking_answered(1, true, wants[_i].rule);
	else
		asking_silent();
	if (!wants[_i].rule)
		ck_assert_ptr_nonnull(strstr(asking.app.status, "no rule"));
}
END_TEST

/* Of a path that did not fit the middle is missing: a rule would be about another one. */
START_TEST(not_for_a_path_that_is_cut)
{
	char path[4096], rule[WIRE_RULE_MAX];

	memset(path, 'p', sizeof(path));
	path[0] = '/';
	snprintf(path + 3000, sizeof(path) - 3000, "...rest");
	ask_for(CLASS_WRITE, path);
	ck_assert(!question_rule(&asking.app, VERDICT_ALLOW, 0, rule, sizeof(rule)));
	asking_keys("Ap");
	asking_silent();
	ck_assert_int_eq(asking.app.mode, MODE_QUESTION);
	asking_key('a');
	asking_answered(1, true, "");
}
END_TEST

START_TEST(a_short_path_may_have_dots)
{
	ask_for(CLASS_WRITE, "/a/...b");
	asking_key('A');
	asking_answered(1, true, "allow write /a/...b");
}
END_TEST

/* The root itself is asked for: it can be said, but not widened to. */
START_TEST(root)
{
	char rule[WIRE_RULE_MAX];

	ask_for(CLASS_WRITE, "/");
	ck_assert(!question_rule(&asking.app, VERDICT_ALLOW, 1, rule, sizeof(rule)));
}
END_TEST

/* A name with a newline becomes one line of policy, or none. */
START_TEST(a_name_of_several_lines)
{
	const char *saved;

	ask_for(CLASS_WRITE, "/tmp/x\nallow write /\n# \xe2\x80\xae'\"\\ $(id)");
	asking_keys("pallow\n");
	saved = read_file(FILE_NAME);
	if (saved) {
		ck_assert_ptr_eq(strchr(saved, '\n'), saved + strlen(saved) - 1);
		ck_assert_int_eq(strncmp(saved, "allow write ", 12), 0);
	} else {
		asking_silent();
	}
}
END_TEST

static TCase *file_case(void)
{
	TCase *tcase = tcase_create("where to");

	tcase_add_checked_fixture(tcase, asking_set_up, asking_tear_down);
	tcase_add_loop_test(tcase, behind_what_is_there, 0, ARRAY_SIZE(files));
	tcase_add_loop_test(tcase, never_through_a_link, 0, 2);
	tcase_add_test(tcase, never_where_a_link_leads_to_nothing);
	tcase_add_loop_test(tcase, only_into_a_file, 0, 2);
	tcase_add_test(tcase, a_file_that_was_named);
	tcase_add_test(tcase, the_tracer_does_not_listen);
	return tcase;
}

static TCase *want_case(void)
{
	TCase *tcase = tcase_create("for what");

	tcase_add_checked_fixture(tcase, asking_set_up, asking_tear_down);
	tcase_add_loop_test(tcase, each_want, 0, ARRAY_SIZE(wants));
	tcase_add_test(tcase, not_for_a_path_that_is_cut);
	tcase_add_test(tcase, a_short_path_may_have_dots);
	tcase_add_test(tcase, root);
	tcase_add_test(tcase, a_name_of_several_lines);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("rule_box");
	TCase *tcase = tcase_create("rule_box");

	tcase_add_checked_fixture(tcase, asking_set_up, asking_tear_down);
	tcase_add_test(tcase, saves_and_answers);
	tcase_add_test(tcase, tab_widens);
	tcase_add_loop_test(tcase, only_with_its_word, 0, ARRAY_SIZE(wrong_words));
	tcase_add_test(tcase, escape_goes_back);
	tcase_add_test(tcase, withdrawn_while_the_word_is_typed);
	tcase_add_test(tcase, too_small_to_be_seen);
	suite_add_tcase(suite, tcase);
	suite_add_tcase(suite, file_case());
	suite_add_tcase(suite, want_case());
	return suite_run(suite);
}
