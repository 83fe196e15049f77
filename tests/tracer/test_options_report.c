/* SPDX-License-Identifier: Apache-2.0 */
/* test_options_report.c: the command line of pyjail report. */
#include <check.h>
#include <stdlib.h>

#include "tests/support/suite.h"
#include "tracer/options.h"

static struct options options;
static struct fault fault;

static int parse(enum options_use use, const char *const *words)
{
	int argc = 0;

	while (words[argc])
		argc++;
	return options_parse(argc, (char *const *)words, use, &options, &fault);
}

#define PARSE(use, ...) parse((use), (const char *const[]){ __VA_ARGS__, NULL })

START_TEST(test_report)
{
	ck_assert_int_eq(PARSE(USE_REPORT, "r.jsonl"), 0);
	ck_assert_str_eq(options.words[0], "r.jsonl");
	ck_assert_ptr_null(options.filter);
	ck_assert(!options.wants_json && !options.follows);
	options_free(&options);
	ck_assert_int_eq(PARSE(USE_REPORT, "--filter=call=a b", "-", "--format=json", "--follow",
			       "--color=never"), 0);
	ck_assert_str_eq(options.filter, "call=a b");
	ck_assert_str_eq(options.words[0], "-");
	ck_assert(options.wants_json && options.follows);
	ck_assert_int_eq(options.color, COLOR_NEVER);
	options_free(&options);
	/* Never the next word. */
	ck_assert_int_eq(PARSE(USE_REPORT, "--filter", "r.jsonl", "--format=text"), 0);
	ck_assert_str_eq(options.filter, "");
	ck_assert_str_eq(options.words[0], "r.jsonl");
	ck_assert(!options.wants_json);
	options_free(&options);
	ck_assert_int_lt(PARSE(USE_REPORT, "r", "--format=xml"), 0);
	ck_assert_str_eq(fault.cure, "write text or json");
	ck_assert_int_lt(PARSE(USE_REPORT, "r", "--record=x"), 0);
	ck_assert_str_eq(fault.cure, "it belongs to a run:  pyjail [OPTIONS] SCRIPT");
	ck_assert_int_lt(PARSE(USE_REPORT, "r", "-u"), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("options of report");
	TCase *tcase = tcase_create("options");

	tcase_add_test(tcase, test_report);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
