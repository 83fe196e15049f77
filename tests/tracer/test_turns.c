/* SPDX-License-Identifier: Apache-2.0 */
/* test_turns.c: tasks that stop again and again are taken one after the other; nobody is lost. */
#include "tests/support/suite.h"
#include "tracer/turns.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/tracee.h"

#define CHILDREN 4
#define STOPS 400

static pid_t start(void)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	for (;;)
		raise(SIGTRAP);
}

/* The next stop, whoever it is of; asked again until there is one. */
static pid_t next_stop(struct turns *turns, const struct tracees *all, int *status)
{
	struct rusage usage;
	pid_t pid;

	do
		pid = turns_wait(turns, all, status, &usage);
	while (pid == 0);
	return pid;
}

static void end(struct turns *turns, const struct tracees *all, const pid_t *children)
{
	struct rusage usage;
	int status, left = CHILDREN;
	pid_t pid;

	for (int i = 0; i < CHILDREN; i++)
		kill(children[i], SIGKILL);
	while (left > 0) {
		pid = turns_wait(turns, all, &status, &usage);
		ck_assert_int_ge(pid, 0);
		left -= pid > 0 && WIFSIGNALED(status);
	}
	ck_assert_int_lt(turns_wait(turns, all, &status, &usage), 0);
}

START_TEST(everybody_has_a_turn)
{
	struct turns turns = { .count = 0 };
	struct tracees all = { .by_tid = NULL };
	unsigned taken[CHILDREN] = { 0 };
	pid_t children[CHILDREN];
	int status;

	for (int i = 0; i < CHILDREN; i++) {
		children[i] = start();
		ck_assert_ptr_nonnull(tracee_add(&all, children[i], children[i], 0));
	}
	for (int n = 0; n < STOPS; n++) {
		pid_t pid = next_stop(&turns, &all, &status);

		ck_assert(pid > 0 && WIFSTOPPED(status));
		for (int i = 0; i < CHILDREN; i++)
			taken[i] += children[i] == pid;
		/* Let it come to its next stop, as a busy task does while the tracer works. */
		ptrace(PTRACE_CONT, pid, NULL, NULL);
		usleep(200);
	}
	for (int i = 0; i < CHILDREN; i++)
		ck_assert_uint_gt(taken[i], STOPS / CHILDREN / 2);
	end(&turns, &all, children);
	tracees_free(&all);
}
END_TEST

START_TEST(nobody_to_wait_for)
{
	struct turns turns = { .count = 0 };
	struct tracees all = { .by_tid = NULL };
	struct rusage usage;
	int status;

	ck_assert_int_eq(turns_wait(&turns, &all, &status, &usage), -1);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("turns");
	Suite *suite = suite_create("turns");

	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, everybody_has_a_turn);
	tcase_add_test(tcase, nobody_to_wait_for);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
