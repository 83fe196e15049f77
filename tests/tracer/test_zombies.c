/* SPDX-License-Identifier: Apache-2.0 */
/* test_zombies.c: who ended and was not waited for is counted, nobody else. */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/suite.h"
#include "tracer/zombies.h"

#define MANY 200

/* A child that has ended: waitid leaves it as it is. */
static pid_t new_zombie(void)
{
	siginfo_t info;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		_exit(0);
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	return pid;
}

START_TEST(until_their_parent_waits)
{
	struct zombies zombies = { 0 };
	struct tracees alive = { 0 };
	pid_t pids[MANY];

	for (int i = 0; i < MANY; i++) {
		pids[i] = new_zombie();
		ck_assert_int_eq(zombies_add(&zombies, &alive, pids[i]), 0);
	}
	ck_assert_uint_eq(zombies_count(&zombies, &alive), MANY);
	for (int i = 0; i < MANY; i += 2)
		ck_assert_int_eq(waitpid(pids[i], NULL, 0), pids[i]);
	ck_assert_uint_eq(zombies_count(&zombies, &alive), MANY / 2);
	for (int i = 1; i < MANY; i += 2)
		ck_assert_int_eq(waitpid(pids[i], NULL, 0), pids[i]);
	ck_assert_uint_eq(zombies_count(&zombies, &alive), 0);
	zombies_free(&zombies);
}
END_TEST

/* Of those who were waited for, nothing is kept, however many there are. */
START_TEST(the_list_does_not_grow_with_those_who_are_gone)
{
	struct zombies zombies = { 0 };
	struct tracees alive = { 0 };

	for (int i = 0; i < 2000; i++) {
		pid_t pid = new_zombie();

		ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
		ck_assert_int_eq(zombies_add(&zombies, &alive, pid), 0);
	}
	ck_assert_uint_le(zombies.room, 64);
	ck_assert_uint_eq(zombies_count(&zombies, &alive), 0);
	zombies_free(&zombies);
}
END_TEST

START_TEST(an_id_in_use_again_is_alive)
{
	struct zombies zombies = { 0 };
	struct tracees alive = { 0 };
	pid_t reused = new_zombie(), other;

	ck_assert_ptr_nonnull(tracee_add(&alive, reused, reused, 022));
	ck_assert_int_eq(zombies_add(&zombies, &alive, reused), 0);
	ck_assert_int_eq(zombies_add(&zombies, &alive, getpid()), 0);
	ck_assert_uint_eq(zombies_count(&zombies, &alive), 0);
	other = new_zombie();
	ck_assert_int_eq(zombies_add(&zombies, &alive, other), 0);
	ck_assert_uint_eq(zombies_count(&zombies, &alive), 1);
	tracees_free(&alive);
	zombies_free(&zombies);
}
END_TEST

START_TEST(states)
{
	pid_t pid = new_zombie();

	ck_assert_int_eq(process_state(pid), 'Z');
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_int_eq(process_state(pid), '\0');
	ck_assert_int_eq(process_state(getpid()), 'R');
	ck_assert_int_eq(process_state(-1), '\0');
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("zombies");
	TCase *tcase = tcase_create("zombies");

	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, until_their_parent_waits);
	tcase_add_test(tcase, the_list_does_not_grow_with_those_who_are_gone);
	tcase_add_test(tcase, an_id_in_use_again_is_alive);
	tcase_add_test(tcase, states);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
