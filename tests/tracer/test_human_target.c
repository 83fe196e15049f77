/* SPDX-License-Identifier: Apache-2.0 */
/* test_human_target.c: a stderr that is slow, full, shared or gone. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/said.h"
#include "tests/support/suite.h"

#define REFUSED .kind = EVENT_CALL, .call = "openat", .class = CLASS_WRITE, \
		.outcome = OUTCOME_DENY, .error = EACCES, .action = "write"

/* Fills whatever the sink writes to, and shows that it cost no time. */
static uint64_t put_many(struct sink *sink, int count)
{
	struct event event = { REFUSED };
	double start = said_now_s();
	char path[256];

	event.path = path;
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "/tmp/%0200d", i);
		sink->ops->put(sink, &event);
	}
	ck_assert_double_lt(said_now_s() - start, 2);
	return sink->lost;
}

START_TEST(slow_reader_costs_messages_not_time)
{
	struct said said;
	uint64_t lost;
	char words[64];

	said_open(&said, HUMAN_NORMAL, false);
	lost = put_many(said.sink, 5000);
	ck_assert_uint_gt(lost, 3000);
	ck_assert_int_eq(said.sink->error, 0);
	ck_assert(said.sink->wants_write);
	/* the script's own descriptor blocks as before */
	ck_assert_int_eq(fcntl(said.ends[1], F_GETFL) & O_NONBLOCK, 0);
	said_drain(&said);
	for (int i = 0; i < 1000 && said.sink->wants_write; i++) {
		ck_assert_int_eq(said.sink->ops->flush(said.sink, false), 0);
		said_drain(&said);
		usleep(1000);
	}
	ck_assert(!said.sink->wants_write);
	said_close(&said);
	said_check_lines(said.text);
	ck_assert_uint_eq(said_count(said.text, "pyjail: denied") + lost, 5000);
	snprintf(words, sizeof(words), "\npyjail: %ju messages lost", (uintmax_t)lost);
	ck_assert_ptr_nonnull(strstr(said.text, words));
	ck_assert_uint_eq(said_count(said.text, "messages lost"), 1);
	free(said.text);
}
END_TEST

START_TEST(reader_that_never_reads)
{
	struct said said;
	double start;

	said_open(&said, HUMAN_NORMAL, false);
	put_many(said.sink, 5000);
	start = said_now_s();
	ck_assert_int_eq(said.sink->ops->flush(said.sink, true), ETIMEDOUT);
	ck_assert_double_ge(said_now_s() - start, 1.5);
	ck_assert_double_lt(said_now_s() - start, 4);
	start = said_now_s();
	said_close(&said);
	ck_assert_double_lt(said_now_s() - start, 1);
	free(said.text);
}
END_TEST

START_TEST(reader_gone)
{
	struct event event = { REFUSED, .path = "/x" };
	struct said said;

	said_open(&said, HUMAN_NORMAL, false);
	close(said.ends[0]);
	said.sink->ops->put(said.sink, &event);
	ck_assert_int_eq(said.sink->ops->flush(said.sink, true), EPIPE);
	ck_assert_int_eq(said.sink->error, EPIPE);
	ck_assert(!said.sink->wants_write);
	event.path = "/y";
	said.sink->ops->put(said.sink, &event);
	ck_assert_uint_ge(said.sink->lost, 1);
	ck_assert_int_eq(said.sink->ops->flush(said.sink, true), EPIPE);
	said.sink->ops->close(said.sink);
	close(said.ends[1]);
}
END_TEST

START_TEST(no_stderr)
{
	struct event event = { REFUSED, .path = "/x" };
	struct sink *sink;

	ck_assert_int_eq(human_new(999, HUMAN_NORMAL, false, &sink), 0);
	ck_assert_int_eq(sink->error, EBADF);
	sink->ops->put(sink, &event);
	ck_assert_int_eq(sink->ops->flush(sink, true), EBADF);
	sink->ops->close(sink);
	sink = NULL;
}
END_TEST

START_TEST(close_takes_null)
{
	struct said said;

	said_open(&said, HUMAN_QUIET, false);
	said.sink->ops->close(NULL);
	said_close(&said);
	ck_assert_ptr_null(said.text);
}
END_TEST

START_TEST(full_device)
{
	struct event event = { REFUSED, .path = "/x" };
	struct sink *sink;
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	ck_assert_int_eq(human_new(fd, HUMAN_NORMAL, false, &sink), 0);
	sink->ops->put(sink, &event);
	ck_assert_int_eq(sink->error, ENOSPC);
	sink->ops->close(sink);
	/* borrowed: still open */
	ck_assert_int_ge(fcntl(fd, F_GETFD), 0);
	close(fd);
}
END_TEST

/* Two writers of one file: a second offset would overwrite what the script wrote. */
START_TEST(shares_the_offset_of_a_file)
{
	char name[] = "/tmp/test_human_XXXXXX", text[512] = "";
	struct event event = { REFUSED, .path = "/x" };
	int fd = mkostemp(name, O_CLOEXEC);
	struct sink *sink;

	unlink(name);
	ck_assert_int_eq(human_new(fd, HUMAN_NORMAL, false, &sink), 0);
	ck_assert_int_eq(write(fd, "script 1\n", 9), 9);
	sink->ops->put(sink, &event);
	ck_assert_int_eq(write(fd, "script 2\n", 9), 9);
	sink->ops->close(sink);
	ck_assert_int_gt(pread(fd, text, sizeof(text) - 1, 0), 0);
	ck_assert_str_eq(text,
		"script 1\n"
		"pyjail: denied  write /x                                    EACCES\n"
		"        allow with  --allow-write=/x\n"
		"script 2\n");
	close(fd);
}
END_TEST

START_TEST(socket_does_not_block)
{
	struct sink *sink;
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	ck_assert_int_eq(human_new(ends[1], HUMAN_NORMAL, false, &sink), 0);
	ck_assert_uint_gt(put_many(sink, 8000), 0);
	ck_assert_int_eq(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);
	close(ends[0]);
	sink->ops->close(sink);
	close(ends[1]);
}
END_TEST

START_TEST(terminal_that_is_not_read_does_not_block)
{
	struct sink *sink;
	int master, slave;

	ck_assert_int_eq(openpty(&master, &slave, NULL, NULL, NULL), 0);
	ck_assert_int_eq(human_new(slave, HUMAN_NORMAL, true, &sink), 0);
	ck_assert_uint_gt(put_many(sink, 5000), 0);
	ck_assert(sink->wants_write);
	ck_assert_int_eq(fcntl(slave, F_GETFL) & O_NONBLOCK, 0);
	close(master);
	sink->ops->close(sink);
	close(slave);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("human_target");
	TCase *tcase = tcase_create("targets");

	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, slow_reader_costs_messages_not_time);
	tcase_add_test(tcase, reader_that_never_reads);
	tcase_add_test(tcase, reader_gone);
	tcase_add_test(tcase, no_stderr);
	tcase_add_test(tcase, close_takes_null);
	tcase_add_test(tcase, full_device);
	tcase_add_test(tcase, shares_the_offset_of_a_file);
	tcase_add_test(tcase, socket_does_not_block);
	tcase_add_test(tcase, terminal_that_is_not_read_does_not_block);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
