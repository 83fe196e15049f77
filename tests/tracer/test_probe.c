/* SPDX-License-Identifier: Apache-2.0 */
/* test_probe.c: a child that speaks, sleeps for ever, dies, or stops. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/suite.h"
#include "tracer/probe.h"

static int say_body(int socket, void *data)
{
	int *value = data, fd = open("/dev/null", O_RDONLY);

	probe_send(socket, *value + 1, fd);
	return *value + 2;
}

static int sleep_body(int socket, void *data)
{
	(void)socket;
	(void)data;
	while (pause() < 0)
		;
	return 0;
}

static int die_body(int socket, void *data)
{
	(void)socket;
	(void)data;
	raise(SIGKILL);
	return 0;
}

START_TEST(a_probe_speaks_and_hands_over)
{
	int64_t deadline = probe_now_ms() + 2000;
	int value = 40, got = 0, fd = -1;
	struct probe probe;

	ck_assert_int_eq(probe_start(&probe, say_body, &value), 0);
	ck_assert_int_eq(probe_receive(probe.socket, deadline, &got, &fd), 0);
	ck_assert_int_eq(got, 41);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(probe_receive(probe.socket, deadline, &got, &fd), 0);
	ck_assert_int_eq(got, 42);
	ck_assert_int_eq(fd, -1);
	ck_assert_int_eq(probe_receive(probe.socket, deadline, &got, &fd), -ECHILD);
	probe_end(&probe, deadline);
	ck_assert_int_eq(probe.pid, -1);
}
END_TEST

START_TEST(a_probe_never_waits_beyond_its_deadline)
{
	int64_t start = probe_now_ms();

	ck_assert_int_eq(probe_try(sleep_body, NULL, start + 50), -ETIMEDOUT);
	ck_assert_int_eq(probe_try(sleep_body, NULL, start - 50), -ETIMEDOUT);
	ck_assert_int_eq(probe_try(die_body, NULL, start + 2000), -ECHILD);
	ck_assert_int_lt(probe_now_ms() - start, 1500);
	ck_assert_int_eq(probe_left_ms(start - 1), 0);
	ck_assert_int_lt(waitpid(-1, NULL, WNOHANG), 0);
}
END_TEST

/* Death comes after a stop that nobody has waited for. */
START_TEST(a_stopped_tracee_is_reaped)
{
	int64_t deadline = probe_now_ms() + 2000;
	struct probe probe;

	ck_assert_int_eq(probe_start(&probe, sleep_body, NULL), 0);
	ck_assert_int_eq(ptrace(PTRACE_SEIZE, probe.pid, 0, PTRACE_O_EXITKILL), 0);
	ck_assert_int_eq(ptrace(PTRACE_INTERRUPT, probe.pid, 0, 0), 0);
	usleep(20000);
	probe_end(&probe, deadline);
	ck_assert_int_lt(waitpid(-1, NULL, WNOHANG | __WALL), 0);
	ck_assert_int_eq(errno, ECHILD);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("probe");
	TCase *tcase = tcase_create("probe");

	tcase_add_test(tcase, a_probe_speaks_and_hands_over);
	tcase_add_test(tcase, a_probe_never_waits_beyond_its_deadline);
	tcase_add_test(tcase, a_stopped_tracee_is_reaped);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
