/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_honest.c: honest programs run unchanged: nothing is refused, and they say what they say
 * without pyjail.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fail.h"
#include "tests/live/honest.h"
#include "tests/support/jail.h"
#include "tests/support/suite.h"

#define PYTHON "/usr/bin/python3"
#define TIMEOUT_S 60

static void make_folder(const char *name)
{
	ck_assert_int_eq(mkdir(jail_path(name), 0700), 0);
}

static bool has_module(const char *name)
{
	char code[64];
	struct jail jail;

	snprintf(code, sizeof(code), "import %s", name);
	jail_run_program(&jail, PYTHON, NULL, TIMEOUT_S,
			 (const char *const[]){ "-c", code, NULL });
	return jail.status == 0;
}

/* Runs `words` in an empty folder `out`. */
static void run(struct jail *jail, const char *program, const char *const words[])
{
	make_folder("out");
	if (program)
		jail_run_program(jail, program, NULL, TIMEOUT_S, words);
	else
		jail_run(jail, NULL, TIMEOUT_S, words);
	ck_assert(!jail->timed_out);
	ck_assert_int_eq(rename(jail_path("out"), jail_path(program ? "out.bare" : "out.jail")), 0);
}

static void is_honest(const struct jail *jail, const char *name)
{
	long denied = jail_denied(jail);

	ck_assert_msg(jail->status == 0 && denied == 0, "%s: status %d, %ld denied\n%s%s", name,
		      jail->status, denied, jail->out, jail->err);
	ck_assert_ptr_null(strstr(jail->err, "pyjail: "));
}

/* The flags, the script and the output folder. */
static void fill_words(const char *words[], char *flags, const char *extra)
{
	size_t n = 0;

	for (char *flag = strtok(flags, " "); flag; flag = strtok(NULL, " "))
		words[n++] = flag;
	if (extra)
		words[n++] = extra;
	words[n++] = "app/script.py";
	words[n++] = jail_path("out");
	words[n] = NULL;
}

static void try_program(int i, const char *extra)
{
	const struct honest_program *program = &honest_programs[i];
	struct jail bare, jailed;
	const char *words[16];
	char flags[256];

	if (program->module && !has_module(program->module))
		jail_skip("%s: no module %s", program->name, program->module);
	make_folder("app");
	jail_write_file("app/script.py", program->code);
	jail_write_file("app/data.csv", "kind,amount\na,1\nb,2\na,3\n");
	run(&bare, PYTHON, (const char *const[]){ "app/script.py", jail_path("out"), NULL });
	ck_assert_msg(bare.status == 0, "%s, without pyjail: %s", program->name, bare.err);
	snprintf(flags, sizeof(flags), "%s", program->flags);
	fill_words(words, flags, extra);
	run(&jailed, NULL, words);
	is_honest(&jailed, program->name);
	ck_assert_str_eq(jailed.out, bare.out);
	jail_free(&jailed);
}

START_TEST(runs_unchanged)
{
	try_program(_i, NULL);
}
END_TEST

START_TEST(runs_unchanged_without_landlock)
{
	try_program(_i, "--no-landlock");
}
END_TEST

/* The test can fail: without its flags a program is refused. */
START_TEST(flags_are_needed)
{
	struct jail jail;

	make_folder("app");
	jail_write_file("app/script.py", "open('out/x', 'w')\n");
	run(&jail, NULL, (const char *const[]){ "app/script.py", NULL });
	ck_assert_int_eq(jail.status, 1);
	ck_assert_int_eq(jail_denied(&jail), 1);
	jail_free(&jail);
}
END_TEST

static void make_venv(void)
{
	static const char code[] =
		"import pathlib, sysconfig\n"
		"site = pathlib.Path(sysconfig.get_path('purelib'))\n"
		"(site / 'installed.py').write_text('name = 42')\n";
	const char *make[] = { "-m", "venv", "--without-pip", jail_path("venv"), NULL };
	struct jail jail;

	jail_run_program(&jail, PYTHON, NULL, 120, make);
	ck_assert_msg(jail.status == 0, "venv: %s", jail.err);
	jail_run_program(&jail, jail_path("venv/bin/python"), NULL, TIMEOUT_S,
			 (const char *const[]){ "-c", code, NULL });
	ck_assert_msg(jail.status == 0, "venv: %s", jail.err);
}

START_TEST(a_virtual_environment_works)
{
	char python[4096];
	struct jail jail;

	make_venv();
	make_folder("app");
	jail_write_file("app/script.py", "import sys, installed\n"
					 "print(installed.name, sys.prefix != sys.base_prefix)\n");
	snprintf(python, sizeof(python), "--python=%s", jail_path("venv/bin/python"));
	jail_run_program(&jail, jail_program, NULL, TIMEOUT_S,
			 (const char *const[]){ python, "--result-fd=9", "app/script.py", NULL });
	is_honest(&jail, "venv");
	ck_assert_str_eq(jail.out, "42 True\n");
	jail_free(&jail);
}
END_TEST

START_TEST(unittest_discovers)
{
	static const char *const ways[][4] = {
		{ "-m", "unittest", NULL },
		{ "-m", "unittest", "discover", NULL },
		{ "-m", "unittest", "test_it", NULL },
	};

	jail_write_file("test_it.py", "import unittest\n"
				      "class It(unittest.TestCase):\n"
				      "    def test_one(self): self.assertEqual(1, 1)\n");
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct jail jail;

		jail_run(&jail, NULL, TIMEOUT_S, ways[i]);
		ck_assert_msg(strstr(jail.err, "Ran 1 test") && strstr(jail.err, "\nOK\n"), "%s",
			      jail.err);
		is_honest(&jail, "unittest");
		jail_free(&jail);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("honest");
	TCase *tcase = tcase_create("programs");

	tcase_add_checked_fixture(tcase, jail_setup, jail_teardown);
	tcase_set_timeout(tcase, 240);
	tcase_add_loop_test(tcase, runs_unchanged, 0, ARRAY_SIZE(honest_programs));
	tcase_add_loop_test(tcase, runs_unchanged_without_landlock, 0, ARRAY_SIZE(honest_programs));
	tcase_add_test(tcase, flags_are_needed);
	tcase_add_test(tcase, a_virtual_environment_works);
	tcase_add_test(tcase, unittest_discovers);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
