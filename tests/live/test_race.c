/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_race.c: what a call means is exchanged while it is under way; nothing is won by it.
 *
 * test_race_control.c shows that the same races are won where the broker does not stand.
 */
#include <check.h>
#include <stdlib.h>

#include "base/fail.h"
#include "tests/support/race.h"
#include "tests/support/suite.h"

#define ROUNDS 20000
#define EXEC_ROUNDS 1500

static const struct {
	const char *kind;
	enum race_by by;
	bool is_held;
	unsigned long rounds;   /* 0: ROUNDS; an exec costs as much as many opens */
} races[] = {
	{ "path_read", RACE_BY_THREAD, false, 0 },
	{ "path_write", RACE_BY_THREAD, false, 0 },
	{ "path_create", RACE_BY_THREAD, false, 0 },
	{ "path_unlink", RACE_BY_THREAD, false, 0 },
	{ "path_rename", RACE_BY_THREAD, false, 0 },
	{ "path_rename_to", RACE_BY_THREAD, false, 0 },
	{ "path_mkdir", RACE_BY_THREAD, false, 0 },
	{ "path_rmdir", RACE_BY_THREAD, false, 0 },
	{ "path_symlink", RACE_BY_THREAD, false, 0 },
	{ "path_link", RACE_BY_THREAD, false, 0 },
	{ "path_chmod", RACE_BY_THREAD, false, 0 },
	{ "path_truncate", RACE_BY_THREAD, false, 0 },
	{ "how_flags", RACE_BY_THREAD, false, 0 },
	{ "how_path", RACE_BY_THREAD, false, 0 },
	{ "link", RACE_BY_THREAD, false, 0 },
	{ "link", RACE_BY_OUTSIDER, false, 0 },
	{ "folder", RACE_BY_THREAD, false, 0 },
	{ "folder", RACE_BY_OUTSIDER, false, 0 },
	{ "kind", RACE_BY_THREAD, false, 0 },
	{ "kind", RACE_BY_OUTSIDER, false, 0 },
	{ "dirfd", RACE_BY_THREAD, false, 0 },
	{ "cwd", RACE_BY_THREAD, false, 0 },
	{ "held", RACE_BY_THREAD, true, 0 },
	{ "exec_path", RACE_BY_THREAD, false, EXEC_ROUNDS },
	{ "exec_script", RACE_BY_THREAD, false, EXEC_ROUNDS },
	{ "exec_same_script", RACE_BY_THREAD, false, EXEC_ROUNDS },
	{ "exec_link", RACE_BY_THREAD, false, EXEC_ROUNDS },
};

/* Both sides of the exchange were really met, else nothing was tried. */
static void check_nothing_won(const struct race *race)
{
	struct race_outcome outcome = race_run(race);

	ck_assert_msg(!outcome.won, "%s: won after %lu rounds", race->kind, outcome.rounds);
	ck_assert_msg(!outcome.was_touched, "%s: something forbidden has changed", race->kind);
	ck_assert_msg(!outcome.was_told, "%s: something forbidden was read", race->kind);
	ck_assert_uint_ge(outcome.rounds, race->rounds);
	ck_assert_msg(outcome.got >= race->rounds / 100 &&
		      outcome.refused + outcome.other + outcome.killed >= race->rounds / 100,
		      "%s: one-sided: %lu done, %lu refused, %lu other", race->kind, outcome.got,
		      outcome.refused, outcome.other);
}

/* Wall 1 alone is met at the door that most runs have, Landlock at the other one. */
static void run_one(int i, bool has_landlock)
{
	struct race race = {
		.program = jail_program,
		.kind = races[i].kind,
		.by = races[i].by,
		.is_held = races[i].is_held,
		.has_landlock = has_landlock,
		.by_stop = has_landlock,
		.rounds = race_rounds(races[i].rounds ? races[i].rounds : ROUNDS),
		.seconds = 100,
	};

	check_nothing_won(&race);
}

START_TEST(nothing_is_won_with_landlock)
{
	run_one(_i, true);
}
END_TEST

START_TEST(nothing_is_won_by_the_broker_alone)
{
	run_one(_i, false);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("race");
	TCase *tcase = tcase_create("race");

	tcase_add_checked_fixture(tcase, race_setup, jail_teardown);
	tcase_set_timeout(tcase, 150);
	tcase_add_loop_test(tcase, nothing_is_won_with_landlock, 0, ARRAY_SIZE(races));
	tcase_add_loop_test(tcase, nothing_is_won_by_the_broker_alone, 0, ARRAY_SIZE(races));
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
