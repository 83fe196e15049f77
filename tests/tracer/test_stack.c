/* SPDX-License-Identifier: Apache-2.0 */
/* test_stack.c: a stack in one line of words, and how much of one is asked for. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "filters/rule.h"
#include "tests/support/suite.h"
#include "tracer/events/stack.h"
#include "tracer/op.h"
#include "tracer/stacks.h"
#include "tracer/tracer.h"

static struct python_frame frames[3];

static struct stack stack_of(unsigned count, unsigned user)
{
	return (struct stack){ .python = frames, .python_count = count, .user = user };
}

struct where_row {
	struct python_frame frame;
	const char *text;
};

static const struct where_row where_rows[] = {
	{ { "demo.py", "save", 3, false }, "demo.py:3 in save()" },
	{ { "demo.py", "Thing.save", 3, false }, "demo.py:3 in Thing.save()" },
	{ { "demo.py", "<module>", 3, false }, "demo.py:3" },
	{ { "<string>", "<module>", 1, false }, "<string>:1" },
	{ { "demo.py", "f.<locals>.<lambda>", 9, false }, "demo.py:9 in f.<locals>.<lambda>" },
	{ { "demo.py", "<listcomp>", 9, false }, "demo.py:9 in <listcomp>" },
	{ { "demo.py", "save", 0, false }, "demo.py in save()" },
	{ { "demo.py", "<module>", 0, false }, "demo.py" },
	{ { "", "", 1, false }, ":1 in ()" },
	{ { "a.py", "f", INT32_MAX, false }, "a.py:2147483647 in f()" },
};

START_TEST(where)
{
	const struct where_row *row = &where_rows[_i];
	struct stack stack = stack_of(1, 0);
	char out[100];

	frames[0] = row->frame;
	ck_assert_uint_eq(stack_where(&stack, out, sizeof(out)), strlen(row->text));
	ck_assert_str_eq(out, row->text);
}
END_TEST

START_TEST(the_users_own_frame_comes_first)
{
	struct stack stack = stack_of(3, 1);
	char out[100];

	frames[0] = (struct python_frame){ "/usr/lib/python3/x.py", "write", 1, true };
	frames[1] = (struct python_frame){ "a.py", "save", 2, false };
	frames[2] = (struct python_frame){ "a.py", "<module>", 3, false };
	stack_where(&stack, out, sizeof(out));
	ck_assert_str_eq(out, "a.py:2 in save()");
	ck_assert_ptr_eq(stack_first(&stack), &frames[1]);
	/* None is the user's: the innermost. */
	stack.user = 3;
	stack_where(&stack, out, sizeof(out));
	ck_assert_str_eq(out, "/usr/lib/python3/x.py:1 in write()");
	stack.python_count = stack.user = 0;
	ck_assert_uint_eq(stack_where(&stack, out, sizeof(out)), 0);
	ck_assert_str_eq(out, "");
	ck_assert_ptr_null(stack_first(&stack));
	ck_assert_ptr_null(stack_first(NULL));
	ck_assert_uint_eq(stack_where(NULL, out, sizeof(out)), 0);
	ck_assert_str_eq(out, "");
}
END_TEST

START_TEST(long_names_are_cut)
{
	static char name[5000];
	struct stack stack = stack_of(1, 0);
	char *out = malloc(64);

	memset(name, 'n', sizeof(name) - 1);
	frames[0] = (struct python_frame){ name, name, 3, false };
	for (size_t size = 1; size <= 64; size++) {
		ck_assert_uint_eq(stack_where(&stack, out, size), size - 1);
		ck_assert_uint_eq(strlen(out), size - 1);
	}
	free(out);
}
END_TEST

/* ---- how much is wanted ---- */

struct wanted_row {
	const char *name;
	enum verdict_kind verdict;
	bool is_probe, hears_refusals, hears_all;
	enum stack_detail of_rule, refused, recorded, wanted;
};

static const struct wanted_row wanted_rows[] = {
	{ "a refusal on stderr", VERDICT_DENY, false, true, false, STACK_UNSAID,
	  STACK_PYTHON, STACK_LINE, STACK_PYTHON },
	{ "a refusal nobody hears", VERDICT_DENY, false, false, false, STACK_UNSAID,
	  STACK_PYTHON, STACK_LINE, STACK_OFF },
	{ "a kill", VERDICT_KILL, false, true, false, STACK_UNSAID,
	  STACK_PYTHON, STACK_LINE, STACK_PYTHON },
	{ "an allowed call that is recorded", VERDICT_ALLOW, false, true, true, STACK_UNSAID,
	  STACK_PYTHON, STACK_LINE, STACK_LINE },
	{ "an allowed call that is not", VERDICT_ALLOW, false, true, false, STACK_NATIVE,
	  STACK_PYTHON, STACK_LINE, STACK_OFF },
	{ "a refused probe is no refusal", VERDICT_DENY, true, true, true, STACK_UNSAID,
	  STACK_PYTHON, STACK_LINE, STACK_LINE },
	{ "a probe without a record", VERDICT_DENY, true, true, false, STACK_UNSAID,
	  STACK_PYTHON, STACK_LINE, STACK_OFF },
	{ "the rule says more", VERDICT_DENY, false, true, false, STACK_NATIVE,
	  STACK_PYTHON, STACK_LINE, STACK_NATIVE },
	{ "the rule says less", VERDICT_ALLOW, false, true, true, STACK_OFF,
	  STACK_PYTHON, STACK_NATIVE, STACK_OFF },
	{ "the run says off", VERDICT_DENY, false, true, true, STACK_UNSAID,
	  STACK_OFF, STACK_OFF, STACK_OFF },
	{ "the rule says it although the run says off", VERDICT_DENY, false, true, true,
	  STACK_LINE, STACK_OFF, STACK_OFF, STACK_LINE },
};

START_TEST(wanted)
{
	const struct wanted_row *row = &wanted_rows[_i];
	struct run_config config = {
		.hears_refusals = row->hears_refusals, .hears_all = row->hears_all,
		.stack_refused = row->refused, .stack_recorded = row->recorded,
	};
	struct rule rule = { .stack = row->of_rule };
	struct tracer tracer = { .config = &config };
	struct op op = { .verdict = { .kind = row->verdict, .rule = &rule } };

	op.call.is_probe = row->is_probe;
	ck_assert_msg(stacks_wanted(&tracer, &op) == row->wanted, "%s: %s", row->name,
		      stack_detail_name(stacks_wanted(&tracer, &op)));
	op.verdict.rule = NULL;
	if (row->of_rule == STACK_UNSAID)
		ck_assert_int_eq(stacks_wanted(&tracer, &op), row->wanted);
}
END_TEST

START_TEST(details_have_names)
{
	static const char *const names[] = { "", "off", "line", "python", "native" };
	static const char *const wrong[] = { "", "o", "offx", "Off", "none", "pythoN", "lin" };

	for (unsigned i = STACK_OFF; i < STACK_DETAILS; i++) {
		ck_assert_str_eq(stack_detail_name((enum stack_detail)i), names[i]);
		ck_assert_uint_eq(stack_detail_parse(names[i], strlen(names[i])), i);
	}
	ck_assert_uint_eq(stack_detail_parse("line,", 4), STACK_LINE);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		ck_assert_uint_eq(stack_detail_parse(wrong[i], strlen(wrong[i])), STACK_UNSAID);
	ck_assert_str_eq(stack_detail_name(STACK_DETAILS), "?");
	ck_assert_int_lt(STACK_OFF, STACK_LINE);
	ck_assert_int_lt(STACK_LINE, STACK_PYTHON);
	ck_assert_int_lt(STACK_PYTHON, STACK_NATIVE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("stack");
	TCase *tcase = tcase_create("words");

	tcase_add_loop_test(tcase, where, 0, ARRAY_SIZE(where_rows));
	tcase_add_test(tcase, the_users_own_frame_comes_first);
	tcase_add_test(tcase, long_names_are_cut);
	tcase_add_loop_test(tcase, wanted, 0, ARRAY_SIZE(wanted_rows));
	tcase_add_test(tcase, details_have_names);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
