/* SPDX-License-Identifier: Apache-2.0 */
/* test_export.c: what is written to files: new ones only, rules that say what they are about. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/text.h"
#include "filters/grant.h"
#include "tests/support/asking.h"
#include "tests/support/suite.h"
#include "tracer/events/sink.h"
#include "tui/act.h"

static char text[1 << 16];

static const char *read_file(const char *name)
{
	FILE *file = fopen(name, "r");
	size_t size;

	if (!file)
		return NULL;
	size = fread(text, 1, sizeof(text) - 1, file);
	text[size] = '\0';
	fclose(file);
	return text;
}

static void refuse(const char *path)
{
	static uint64_t n;
	struct event event = made_event(++n);

	event.path = path;
	event.outcome = OUTCOME_DENY;
	asking.sink->ops->put(asking.sink, &event);
	asking_wait(0);
}

static const char *const paths[] = {
	"/tmp/plain", "/tmp/a b", "/tmp/a*b\\c", "/tmp/line\nallow write /", "/tmp/\xe2\x80\xae",
	"/tmp/\x1b[31m", "/tmp/'\"#",
};

/* The file has the rule that an answer would have made: not one with other backslashes. */
START_TEST(a_draft_is_policy)
{
	char rule[RULE_TEXT_MAX], line[RULE_TEXT_MAX + 2];

	refuse(paths[_i]);
	act_page_draft(&asking.app);
	asking_keys("w\n");
	ck_assert_ptr_nonnull(read_file("draft.policy"));
	ck_assert_uint_gt(grant_print(VERDICT_ALLOW, CLASS_READ, paths[_i], rule, sizeof(rule)), 0);
	snprintf(line, sizeof(line), "%s\n", rule);
	ck_assert_msg(strstr(text, line) != NULL, "%s in %s", line, text);
	for (char *at = strtok(text, "\n"); at; at = strtok(NULL, "\n"))
		ck_assert(text_is_plain_string(at) && (at[0] == '#' || !strcmp(at, rule)));
}
END_TEST

/* Of a path that was cut there is no rule: it would be about another file. */
START_TEST(no_draft_for_a_path_that_is_cut)
{
	char path[3000];

	memset(path, 'p', sizeof(path));
	path[0] = '/';
	snprintf(path + 2000, sizeof(path) - 2000, "...rest");
	refuse(path);
	act_page_draft(&asking.app);
	asking_keys("w\n");
	ck_assert_ptr_null(strstr(read_file("draft.policy"), "\nallow"));
	ck_assert_ptr_nonnull(strstr(text, "# no rule"));
}
END_TEST

static const char *const names[] = { "events.txt", "events.jsonl" };

START_TEST(what_is_there_stays)
{
	FILE *file = fopen(names[_i], "w");

	fputs("mine", file);
	fclose(file);
	refuse("/tmp/x");
	act_export(&asking.app, names[_i]);
	ck_assert_str_eq(read_file(names[_i]), "mine");
	ck_assert_ptr_nonnull(strstr(asking.app.status, "not written"));
	ck_assert_int_eq(unlink(names[_i]), 0);
	ck_assert_int_eq(symlink("elsewhere", names[_i]), 0);
	act_export(&asking.app, names[_i]);
	ck_assert_int_eq(access("elsewhere", F_OK), -1);
	act_export(&asking.app, "");
	ck_assert_ptr_nonnull(strstr(asking.app.status, "not written"));
}
END_TEST

START_TEST(lines_are_plain)
{
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		refuse(paths[i]);
	act_export(&asking.app, names[_i]);
	ck_assert_ptr_nonnull(read_file(names[_i]));
	ck_assert_ptr_nonnull(strstr(text, "/tmp/plain"));
	for (char *at = strtok(text, "\n"); at; at = strtok(NULL, "\n"))
		ck_assert_msg(text_is_plain_string(at), "%s", at);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("export");
	TCase *tcase = tcase_create("export");

	tcase_add_checked_fixture(tcase, asking_set_up, asking_tear_down);
	tcase_add_loop_test(tcase, a_draft_is_policy, 0, ARRAY_SIZE(paths));
	tcase_add_test(tcase, no_draft_for_a_path_that_is_cut);
	tcase_add_loop_test(tcase, what_is_there_stays, 0, ARRAY_SIZE(names));
	tcase_add_loop_test(tcase, lines_are_plain, 0, ARRAY_SIZE(names));
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
