/* SPDX-License-Identifier: Apache-2.0 */
/* test_fill.c: placeholders, and what a machine has. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tracer/corpus/fill.h"
#include "tracer/corpus/need.h"
#include "tracer/corpus/outcome.h"
#include "tracer/corpus/usage.h"

static struct fill fill;
static struct fault fault;

static void set_up(void)
{
	memset(&fill, 0, sizeof(fill));
	memset(&fault, 0, sizeof(fault));
	strcpy(fill.value[FILL_CANARY], "/b/canary");
	strcpy(fill.value[FILL_TCP], "4711");
	strcpy(fill.value[FILL_WORK], "@CANARY@");
}

static const struct {
	const char *text, *filled;
} texts[] = {
	{ "", "" },
	{ "x", "x" },
	{ "@CANARY@", "/b/canary" },
	{ "a@CANARY@/file b@TCP@@TCP@c", "a/b/canary/file b47114711c" },
	/* What a value brings is not looked at again. */
	{ "@WORK@", "@CANARY@" },
	/* A decorator, an address, an operator. */
	{ "@lock\nx @ y, a@b, @Canary@, @CANARY", "@lock\nx @ y, a@b, @Canary@, @CANARY" },
	{ "@@CANARY@@", "@/b/canary@" },
};

START_TEST(test_fill)
{
	char *filled = NULL;

	ck_assert_int_eq(fill_text(&fill, texts[_i].text, &filled, &fault), 0);
	ck_assert_str_eq(filled, texts[_i].filled);
	free(filled);
}
END_TEST

START_TEST(test_unknown)
{
	char *filled = NULL;

	ck_assert_int_lt(fill_text(&fill, "one\n  two @CANRY@ x\n", &filled, &fault), 0);
	ck_assert_str_eq(fault.text, "@CANRY@: no such placeholder");
	ck_assert_uint_eq(fault.line, 2);
	ck_assert_uint_eq(fault.column, 7);
	ck_assert_str_eq(fault.quote, "  two @CANRY@ x");
	ck_assert_ptr_null(filled);
}
END_TEST

static const struct {
	const char *needs, *missing;
} needs[] = {
	{ "", NULL },
	{ "root", NULL },
	{ "root, landlock", NULL },
	{ "unprivileged", "needs unprivileged" },
	{ "root i386", "needs i386" },
	{ "root userns io_uring", "needs userns" },
	{ "python>=3.11", NULL },
	{ "python>=3.12", "needs python>=3.12" },
	{ "python<3.11", "needs python<3.11" },
	{ "python<3.12 kernel>=6.2", NULL },
	{ "kernel>=6.10", NULL },
	{ "kernel<6.9", "needs kernel<6.9" },
	/* Nothing that is unknown is there. */
	{ "rot", "needs rot" },
};

START_TEST(test_needs)
{
	const struct corpus_machine machine = {
		.is_root = true, .landlock_abi = 4, .python = need_version("3.11.7"),
		.kernel = need_version("6.18.0-1-amd64"),
	};
	char words[128] = "";
	bool is_missing = need_missing(needs[_i].needs, &machine, words, sizeof(words));

	ck_assert_int_eq(is_missing, needs[_i].missing != NULL);
	if (is_missing)
		ck_assert_str_eq(words, needs[_i].missing);
}
END_TEST

START_TEST(test_version)
{
	ck_assert_uint_eq(need_version("3.11.7"), 3011);
	ck_assert_uint_eq(need_version("6.8"), 6008);
	ck_assert_uint_lt(need_version("6.8"), need_version("6.18"));
	ck_assert_uint_eq(need_version("three"), 0);
	ck_assert_uint_eq(need_version("3"), 0);
}
END_TEST

static const struct {
	const char *bytes;
	bool is_raw;
} shown[] = {
	{ "", false }, { "pyjail: denied\n        write\n", false }, { "caf\xc3\xa9\n", false },
	{ "a\x1b[31m", true }, { "a\tb", true }, { "a\rb", true }, { "a\x7f", true },
	{ "a\x9b", true }, { "a\xc2\x9b", true }, { "a\xe2\x80\xae", true }, { "a\xff", true },
};

START_TEST(test_raw)
{
	char what[64];

	ck_assert_int_eq(outcome_find_raw(shown[_i].bytes, strlen(shown[_i].bytes), what,
					  sizeof(what)), shown[_i].is_raw);
}
END_TEST

START_TEST(test_limit_of_options)
{
	static struct corpus_header header;

	strcpy(header.limit, "memory");
	ck_assert_uint_eq(usage_limit(&header), 0);
	strcpy(header.options[0], "--memory-x=1M");
	strcpy(header.options[1], "--memory=64M");
	header.option_count = 2;
	ck_assert_uint_eq(usage_limit(&header), 64u << 20);
	strcpy(header.limit, "procs");
	ck_assert_uint_eq(usage_limit(&header), 256);
	strcpy(header.limit, "time");
	strcpy(header.options[0], "--time=250ms");
	ck_assert_uint_eq(usage_limit(&header), 250);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("corpus texts");
	TCase *tcase = tcase_create("texts");

	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_loop_test(tcase, test_fill, 0, ARRAY_SIZE(texts));
	tcase_add_test(tcase, test_unknown);
	tcase_add_loop_test(tcase, test_needs, 0, ARRAY_SIZE(needs));
	tcase_add_test(tcase, test_version);
	tcase_add_loop_test(tcase, test_raw, 0, ARRAY_SIZE(shown));
	tcase_add_test(tcase, test_limit_of_options);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
