/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_race_control.c: the races of test_race.c against a jail that checks and then lets the kernel
 * read again.  Each must be won, or test_race.c proves nothing.
 */
#include <check.h>
#include <limits.h>
#include <stdlib.h>

#include "base/fail.h"
#include "tests/support/race.h"
#include "tests/support/suite.h"

/* A win takes some hundred rounds; the bounds are far beyond. */
#define ROUNDS_MAX 2000000
#define SECONDS_MAX 60

static const struct {
	const char *kind;
	enum race_by by;
	bool is_held;
} races[] = {
	{ "path_read", RACE_BY_THREAD, false },
	{ "path_write", RACE_BY_THREAD, false },
	{ "path_create", RACE_BY_THREAD, false },
	{ "how_flags", RACE_BY_THREAD, false },
	{ "how_path", RACE_BY_THREAD, false },
	{ "link", RACE_BY_THREAD, false },
	{ "link", RACE_BY_OUTSIDER, false },
	{ "folder", RACE_BY_THREAD, false },
	{ "folder", RACE_BY_OUTSIDER, false },
	{ "kind", RACE_BY_OUTSIDER, false },
	{ "dirfd", RACE_BY_THREAD, false },
	{ "cwd", RACE_BY_THREAD, false },
	{ "held", RACE_BY_THREAD, true },
};

static const char *naive_program(void)
{
	static char path[PATH_MAX];
	const char *named = getenv("PYJAIL_NAIVE");

	ck_assert_ptr_nonnull(realpath(named ? named : "build/release/pyjail-naive", path));
	return path;
}

START_TEST(the_control_is_won)
{
	struct race race = {
		.program = naive_program(),
		.kind = races[_i].kind,
		.by = races[_i].by,
		.is_held = races[_i].is_held,
		.rounds = ROUNDS_MAX,
		.seconds = SECONDS_MAX,
	};
	struct race_outcome outcome = race_run(&race);

	ck_assert_msg(outcome.won, "%s was not won in %lu rounds", race.kind, outcome.rounds);
	/* What the racer says can be seen from outside. */
	ck_assert(outcome.was_touched || outcome.was_told);
}
END_TEST

/* It does judge: what it loses, it loses to the race. */
START_TEST(the_control_refuses_what_stays)
{
	const char *words[] = { "--python=/usr/bin/python3", "--no-landlock", "go/open.py", NULL };
	struct jail *jail = calloc(1, sizeof(*jail));

	ck_assert_ptr_nonnull(jail);
	jail_write_file("go/open.py", "import os\n"
				      "for flags in (os.O_RDONLY, os.O_WRONLY):\n"
				      "    try:\n"
				      "        os.open('no/file', flags)\n"
				      "    except PermissionError:\n"
				      "        print('refused')\n");
	jail_run_program(jail, naive_program(), NULL, SECONDS_MAX, words);
	ck_assert_str_eq(jail->out, "refused\nrefused\n");
	jail_free(jail);
	free(jail);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("race control");
	TCase *tcase = tcase_create("control");

	tcase_add_checked_fixture(tcase, race_setup, jail_teardown);
	tcase_set_timeout(tcase, 150);
	tcase_add_test(tcase, the_control_refuses_what_stays);
	tcase_add_loop_test(tcase, the_control_is_won, 0, ARRAY_SIZE(races));
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
