/* SPDX-License-Identifier: Apache-2.0 */
/* test_header.c: what a script of the corpus says about itself. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tracer/corpus/header.h"

#define FIRST "# SPDX-License-Identifier: Apache-2.0\n"
#define LEAST FIRST "# tries: a thing\n# proof: changed\n"

static struct corpus_header header;
static struct fault fault;

static int parse(const char *text)
{
	return header_parse("f.py", text, false, &header, &fault);
}

START_TEST(test_whole)
{
	ck_assert_int_eq(parse(FIRST
			       "# tries: a thing: (S1)\n"
			       "# proof: changed  printed\n"
			       "# options: --allow-read=/a --time=1\n"
			       "# options: --quiet\n"
			       "# expect: openat write deny EACCES /a b/*\n"
			       "# expect: * * *\n"
			       "# expect: rename delete deny @CANARY@/file\n"
			       "# expect: clone process deny EPERM\n"
			       "# status: limit time\n"
			       "# control: none: it would hurt\n"
			       "# wall2: no: not its matter\n"
			       "# needs: root python>=3.11\n"
			       "# for: audit, exec\n"
			       "# stdin: one\\ntwo\n"
			       "#\n"
			       "# else: prose.\n"
			       "import os\n"
			       "# status: 7\n"), 0);
	ck_assert_str_eq(header.tries, "a thing: (S1)");
	ck_assert_uint_eq(header.proofs, PROOF_CHANGED | PROOF_PRINTED);
	ck_assert_uint_eq(header.option_count, 3);
	ck_assert_str_eq(header.options[2], "--quiet");
	ck_assert_uint_eq(header.expect_count, 4);
	ck_assert_str_eq(header.expects[0].error, "EACCES");
	ck_assert_str_eq(header.expects[0].path, "/a b/*");
	ck_assert_str_eq(header.expects[1].path, "");
	ck_assert_str_eq(header.expects[2].error, "");
	ck_assert_str_eq(header.expects[2].path, "@CANARY@/file");
	ck_assert_str_eq(header.expects[3].error, "EPERM");
	ck_assert_int_eq(header.end, END_LIMIT);
	ck_assert_str_eq(header.limit, "time");
	ck_assert_int_eq(header.control, CONTROL_NONE);
	ck_assert_str_eq(header.control_reason, "it would hurt");
	ck_assert(header.wall2_lets_through);
	ck_assert_str_eq(header.wall2_reason, "not its matter");
	ck_assert(header.is_for[SANDBOX_AUDIT] && header.is_for[SANDBOX_EXEC]);
	ck_assert(!header.is_for[SANDBOX_AST]);
	ck_assert_str_eq(header.input, "one\ntwo\n");
}
END_TEST

START_TEST(test_least)
{
	ck_assert_int_eq(parse(LEAST), 0);
	ck_assert_int_eq(header.end, END_STATUS);
	ck_assert_int_eq(header.status, 0);
	ck_assert_int_eq(header.control, CONTROL_YES);
	ck_assert(!header.wall2_lets_through && !header.expects_no_refusal);
	ck_assert_uint_eq(header.expect_count, 0);
	ck_assert_str_eq(header.input, "");
}
END_TEST

START_TEST(test_ordinary)
{
	const char *text = FIRST "# tries: honest work\n";

	ck_assert_int_eq(header_parse("f.py", text, true, &header, &fault), 0);
	ck_assert(header.expects_no_refusal);
	/* What is expected by name is not excluded. */
	ck_assert_int_eq(header_parse("f.py", FIRST "# tries: x\n# expect: openat * deny\n", true,
				      &header, &fault), 0);
	ck_assert(!header.expects_no_refusal);
	ck_assert_int_lt(header_parse("f.py", LEAST, true, &header, &fault), 0);
}
END_TEST

static const struct {
	const char *text;
	unsigned line;
	const char *says;
} wrongs[] = {
	{ "import os\n", 1, "the first line is not" },
	{ "", 1, "the first line is not" },
	{ FIRST "# proof: changed\n", 1, "tries: is missing" },
	{ FIRST "# tries: x\n", 1, "proof: is missing" },
	{ FIRST "# tries: x\n# prof: changed\n", 3, "prof: no such key" },
	{ FIRST "# tries: x\n# proof: changd\n", 3, "changd: no such proof" },
	{ FIRST "# tries:\n# proof: changed\n", 2, "tries: says nothing" },
	{ LEAST "# proof: printed\n", 4, "proof: said twice" },
	{ LEAST "# options: allow-read\n", 4, "allow-read: an option begins with -" },
	{ LEAST "# expect: openat write\n", 4, "expect: CALL CLASS VERDICT" },
	{ LEAST "# expect: opnat write deny\n", 4, "opnat: no such call" },
	{ LEAST "# expect: openat wrote deny\n", 4, "wrote: no class of calls" },
	{ LEAST "# expect: openat write denied\n", 4, "denied: no verdict" },
	{ LEAST "# expect: openat write deny EACCESS_ /a\n", 4, "neither an errno nor a path" },
	{ LEAST "# expect: openat write deny file\n", 4, "file: neither an errno nor a path" },
	{ LEAST "# expect: none\n# expect: openat write deny\n", 1, "expect: none, and" },
	{ LEAST "# status: 256\n", 4, "status: a number" },
	{ LEAST "# status: -1\n", 4, "status: a number" },
	{ LEAST "# status: 0 1\n", 4, "status: a number" },
	{ LEAST "# status: signal SIGNOTHING\n", 4, "SIGNOTHING: no signal" },
	{ LEAST "# status: limit sky\n", 4, "sky: no limit" },
	{ LEAST "# control: none\n", 4, "control: yes, bounded, or none: REASON" },
	{ LEAST "# control: none:\n", 4, "control: yes, bounded, or none: REASON" },
	{ LEAST "# control: no\n", 4, "control: yes, bounded, or none: REASON" },
	{ LEAST "# wall2: no\n", 4, "wall2: holds, or no: REASON" },
	{ LEAST "# needs: rot\n", 4, "rot: no such need" },
	{ LEAST "# needs: python>3.11\n", 4, "python>3.11: no such need" },
	{ LEAST "# for: everybody\n", 4, "everybody: no sandbox" },
	{ LEAST "#\n# status: 1\n", 5, "status: stands below the header's end" },
};

START_TEST(test_wrong)
{
	ck_assert_int_lt(parse(wrongs[_i].text), 0);
	ck_assert_msg(strstr(fault.text, wrongs[_i].says) != NULL, "%s", fault.text);
	ck_assert_str_eq(fault.file, "f.py");
	ck_assert_uint_eq(fault.line, wrongs[_i].line);
}
END_TEST

START_TEST(test_too_much)
{
	char *text = malloc(100000);

	strcpy(text, LEAST "# options: --");
	memset(text + strlen(text), 'a', 5000);
	text[strlen(LEAST) + 5000] = '\0';
	strcat(text, "\n");
	ck_assert_int_lt(parse(text), 0);
	ck_assert_str_eq(fault.text, "a line that is too long");
	strcpy(text, LEAST);
	for (int i = 0; i <= HEADER_EXPECTS_MAX; i++)
		strcat(text, "# expect: openat write deny\n");
	ck_assert_int_lt(parse(text), 0);
	ck_assert_str_eq(fault.text, "too many expectations");
	strcpy(text, LEAST "# options:");
	for (int i = 0; i <= HEADER_OPTIONS_MAX; i++)
		strcat(text, " -u");
	strcat(text, "\n");
	ck_assert_int_lt(parse(text), 0);
	ck_assert_str_eq(fault.text, "too many options");
	free(text);
}
END_TEST

START_TEST(test_signals)
{
	ck_assert_int_eq(header_signal("SIGSEGV"), 11);
	ck_assert_int_eq(header_signal("KILL"), 9);
	ck_assert_int_eq(header_signal("SIG"), 0);
	ck_assert_int_eq(header_signal("segv"), 0);
}
END_TEST

/* Each proof has a name, and the name leads back. */
START_TEST(test_proof_names)
{
	for (unsigned proof = 1; proof < PROOF_END; proof <<= 1) {
		char text[256];

		ck_assert_str_ne(proof_name(proof), "");
		snprintf(text, sizeof(text), FIRST "# tries: x\n# proof: %s\n", proof_name(proof));
		ck_assert_int_eq(parse(text), 0);
		ck_assert_uint_eq(header.proofs, proof);
	}
	ck_assert_str_eq(proof_name(PROOF_CHANGED | PROOF_PRINTED), "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("corpus header");
	TCase *tcase = tcase_create("header");

	tcase_add_test(tcase, test_whole);
	tcase_add_test(tcase, test_least);
	tcase_add_test(tcase, test_ordinary);
	tcase_add_loop_test(tcase, test_wrong, 0, ARRAY_SIZE(wrongs));
	tcase_add_test(tcase, test_too_much);
	tcase_add_test(tcase, test_signals);
	tcase_add_test(tcase, test_proof_names);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
