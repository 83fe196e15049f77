/* SPDX-License-Identifier: Apache-2.0 */
/* test_jsonl_target.c: a record whose target is slow, full or gone. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/record.h"
#include "tests/support/suite.h"
#include "tracer/run.h"

START_TEST(file_is_written_in_blocks)
{
	int fd = record_new_file();
	struct sink *sink = record_new(dup(fd));
	off_t start = lseek(fd, 0, SEEK_END);
	struct record_text text;

	ck_assert_int_gt(start, 0);
	ck_assert_int_eq(sink->fd, -1);
	sink->ops->put(sink, &record_event);
	ck_assert(!sink->wants_write);
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), start);
	ck_assert_int_eq(sink->ops->flush(sink, false), 0);
	ck_assert_int_gt(lseek(fd, 0, SEEK_END), start);
	start = lseek(fd, 0, SEEK_END);
	for (int i = 0; i < 500; i++)
		sink->ops->put(sink, &record_event);
	ck_assert_int_ge(lseek(fd, 0, SEEK_END), start + 65536);
	sink->ops->close(sink);
	text = record_read_file(fd);
	ck_assert_int_eq(text.bytes[text.length - 1], '\n');
	free(text.bytes);
	close(fd);
}
END_TEST

START_TEST(takes_the_descriptor)
{
	json_t *start = json_object();
	struct sink *sink = NULL;
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	ck_assert_int_eq(jsonl_new(full, start, &sink), -ENOSPC);
	ck_assert_int_eq(fcntl(full, F_GETFD), -1);
	ck_assert_int_eq(jsonl_new(999, start, &sink), -EBADF);
	ck_assert_ptr_null(sink);
	json_decref(start);
}
END_TEST

START_TEST(pipe_closed_before_start)
{
	json_t *start = json_object();
	struct sink *sink = NULL;
	int ends[2];

	record_ignore_signals();
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	close(ends[0]);
	ck_assert_int_eq(jsonl_new(ends[1], start, &sink), -EPIPE);
	ck_assert_ptr_null(sink);
	json_decref(start);
}
END_TEST

START_TEST(close_takes_null)
{
	struct sink *sink = record_new(record_new_file());

	sink->ops->close(NULL);
	sink->ops->close(sink);
}
END_TEST

START_TEST(pipe_closed_in_mid_run)
{
	struct run_result result = { .status = 0 };
	struct sink *sink;
	int ends[2];

	record_ignore_signals();
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	sink = record_new(ends[1]);
	ck_assert_int_eq(sink->fd, ends[1]);
	ck_assert(!sink->wants_write);
	sink->ops->put(sink, &record_event);
	ck_assert(sink->wants_write);
	ck_assert_int_eq(sink->ops->flush(sink, false), 0);
	ck_assert(!sink->wants_write);
	for (int i = 0; i < 3; i++)
		sink->ops->put(sink, &record_event);
	close(ends[0]);
	ck_assert_int_eq(sink->ops->flush(sink, false), EPIPE);
	ck_assert_int_eq(sink->error, EPIPE);
	ck_assert_uint_eq(sink->lost, 3);
	ck_assert(!sink->wants_write);
	for (int i = 0; i < 1000; i++)
		sink->ops->put(sink, &record_event);
	ck_assert_uint_eq(sink->lost, 1003);
	jsonl_put_result(sink, &result);
	ck_assert_uint_eq(sink->lost, 1003);
	ck_assert_int_eq(sink->ops->flush(sink, true), EPIPE);
	sink->ops->close(sink);
}
END_TEST

START_TEST(full_disk_keeps_whole_lines)
{
	const struct rlimit limit = { 200000, 200000 };
	const unsigned total = 5000;
	int fd = record_new_file();
	struct sink *sink;
	struct record_text text;
	unsigned lines = 0;
	json_t *object;
	char *at;

	record_ignore_signals();
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	sink = record_new(dup(fd));
	for (unsigned i = 0; i < total; i++)
		sink->ops->put(sink, &record_event);
	ck_assert_int_eq(sink->ops->flush(sink, true), EFBIG);
	ck_assert_int_eq(sink->error, EFBIG);
	text = record_read_file(fd);
	ck_assert_uint_gt(text.length, 199000);
	ck_assert_uint_lt(text.length, 200000);
	at = text.bytes;
	while ((object = record_next_line(&at))) {
		lines++;
		json_decref(object);
	}
	ck_assert_uint_eq(lines - 1 + sink->lost, total);
	sink->ops->close(sink);
	free(text.bytes);
	close(fd);
}
END_TEST

/* Puts until the backlog overflows; returns how many were put. */
static uint64_t put_until_lost(struct sink *sink, struct event *event)
{
	uint64_t count = 0;

	while (sink->lost < 10) {
		event->n = ++count;
		sink->ops->put(sink, event);
		ck_assert_uint_lt(count, 1000000);
	}
	return count;
}

struct reader {
	int fd;
	struct record_text text;
	bool is_slow;
};

static void *read_slowly(void *data)
{
	struct reader *reader = data;

	if (reader->is_slow)
		usleep(300000);
	record_read_all(reader->fd, &reader->text);
	return NULL;
}

/* Reads all lines; events and counted losses must come in order and without a hole. */
static uint64_t check_order(char *at, uint64_t *ret_lost, bool *ret_has_result)
{
	uint64_t expected = 1, lost = 0;
	json_t *object = record_next_line(&at);

	ck_assert_str_eq(record_string(object, "type"), "start");
	json_decref(object);
	*ret_has_result = false;
	while ((object = record_next_line(&at))) {
		const char *type = record_string(object, "type");

		ck_assert(!*ret_has_result);
		if (strcmp(type, "lost") == 0) {
			lost += (uint64_t)record_int(object, "count");
			expected += (uint64_t)record_int(object, "count");
		} else if (strcmp(type, "result") == 0) {
			*ret_has_result = true;
		} else {
			ck_assert_int_eq(record_int(object, "n"), (json_int_t)expected);
			expected++;
		}
		json_decref(object);
	}
	*ret_lost = lost;
	return expected - 1;
}

START_TEST(slow_reader_costs_lines_not_time)
{
	struct run_result result = { .status = 0 };
	struct event event = record_event;
	char path[4001];
	struct reader reader = { .is_slow = true };
	uint64_t total, lost;
	struct sink *sink;
	double start;
	bool has_result;
	pthread_t thread;
	int ends[2];

	record_ignore_signals();
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	event.path = path;
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	sink = record_new(ends[1]);
	start = record_now_s();
	total = put_until_lost(sink, &event);
	ck_assert_double_lt(record_now_s() - start, 10);
	ck_assert_uint_gt(total, 15000);
	ck_assert_int_eq(sink->error, 0);
	ck_assert(sink->wants_write);
	ck_assert_int_eq(sink->ops->flush(sink, false), 0);

	reader.fd = ends[0];
	ck_assert_int_eq(pthread_create(&thread, NULL, read_slowly, &reader), 0);
	ck_assert_int_eq(sink->ops->flush(sink, true), 0);
	event.n = total + 1;
	sink->ops->put(sink, &event);
	jsonl_put_result(sink, &result);
	ck_assert_int_eq(sink->ops->flush(sink, true), 0);
	ck_assert_uint_eq(sink->lost, 10);
	sink->ops->close(sink);
	pthread_join(thread, NULL);
	ck_assert_uint_eq(check_order(reader.text.bytes, &lost, &has_result), total + 1);
	ck_assert_uint_eq(lost, 10);
	ck_assert(has_result);
	free(reader.text.bytes);
	close(ends[0]);
}
END_TEST

START_TEST(a_later_event_tells_the_gap)
{
	struct event event = record_event;
	struct reader reader = { .is_slow = false };
	char path[4001];
	uint64_t total, lost;
	struct sink *sink;
	bool has_result;
	pthread_t thread;
	int ends[2];

	record_ignore_signals();
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	event.path = path;
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	sink = record_new(ends[1]);
	total = put_until_lost(sink, &event);
	reader.fd = ends[0];
	ck_assert_int_eq(pthread_create(&thread, NULL, read_slowly, &reader), 0);
	/* as the loop does it: not to the end, just some room */
	for (int i = 0; i < 50; i++) {
		usleep(1000);
		ck_assert_int_eq(sink->ops->flush(sink, false), 0);
	}
	event.n = total + 1;
	sink->ops->put(sink, &event);
	ck_assert_int_eq(sink->ops->flush(sink, true), 0);
	sink->ops->close(sink);
	pthread_join(thread, NULL);
	ck_assert_uint_eq(check_order(reader.text.bytes, &lost, &has_result), total + 1);
	ck_assert_uint_eq(lost, 10);
	ck_assert(!has_result);
	free(reader.text.bytes);
	close(ends[0]);
}
END_TEST

START_TEST(gives_up_on_a_reader_that_sleeps)
{
	struct sink *sink;
	struct record_text text = { .bytes = NULL };
	double start;
	int ends[2];

	record_ignore_signals();
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	sink = record_new(ends[1]);
	for (int i = 0; i < 1000; i++)
		sink->ops->put(sink, &record_event);
	start = record_now_s();
	ck_assert_int_eq(sink->ops->flush(sink, true), ETIMEDOUT);
	ck_assert_double_ge(record_now_s() - start, 9);
	ck_assert_double_lt(record_now_s() - start, 15);
	/* a pipe holds 64 KiB: the rest is lost, and nothing more is tried */
	ck_assert_uint_gt(sink->lost, 600);
	ck_assert_uint_lt(sink->lost, 900);
	start = record_now_s();
	ck_assert_int_eq(sink->ops->flush(sink, true), ETIMEDOUT);
	ck_assert_double_lt(record_now_s() - start, 1);
	sink->ops->close(sink);
	record_read_all(ends[0], &text);
	free(text.bytes);
	close(ends[0]);
}
END_TEST

START_TEST(socket_gets_every_line)
{
	struct reader reader = { .is_slow = true };
	struct event event = record_event;
	struct sink *sink;
	uint64_t lost;
	bool has_result;
	pthread_t thread;
	int ends[2];

	record_ignore_signals();
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	sink = record_new(ends[1]);
	reader.fd = ends[0];
	ck_assert_int_eq(pthread_create(&thread, NULL, read_slowly, &reader), 0);
	for (event.n = 1; event.n <= 20000; event.n++)
		sink->ops->put(sink, &event);
	ck_assert_int_eq(sink->ops->flush(sink, true), 0);
	sink->ops->close(sink);
	pthread_join(thread, NULL);
	ck_assert_uint_eq(check_order(reader.text.bytes, &lost, &has_result), 20000);
	ck_assert_uint_eq(lost, 0);
	free(reader.text.bytes);
	close(ends[0]);
}
END_TEST

/* Generous: what is meant to catch is a change that costs ten times as much. */
START_TEST(an_event_costs_little)
{
	int fd = record_new_file();
	struct sink *sink = record_new(dup(fd));
	struct event event = record_event;
	const int count = 200000;
	double start = record_now_s(), each_us;

	event.raw = "../../some/where/FILE";
	event.rule = "allow read /usr/lib/python3.11";
	event.source = "default.policy:12";
	for (int i = 0; i < count; i++)
		sink->ops->put(sink, &event);
	each_us = (record_now_s() - start) * 1e6 / count;
	printf("one event: %.2f us\n", each_us);
	ck_assert_double_lt(each_us, 30);
	sink->ops->close(sink);
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("jsonl_target");
	TCase *tcase = tcase_create("targets");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, file_is_written_in_blocks);
	tcase_add_test(tcase, takes_the_descriptor);
	tcase_add_test(tcase, pipe_closed_before_start);
	tcase_add_test(tcase, close_takes_null);
	tcase_add_test(tcase, pipe_closed_in_mid_run);
	tcase_add_test(tcase, full_disk_keeps_whole_lines);
	tcase_add_test(tcase, slow_reader_costs_lines_not_time);
	tcase_add_test(tcase, a_later_event_tells_the_gap);
	tcase_add_test(tcase, gives_up_on_a_reader_that_sleeps);
	tcase_add_test(tcase, socket_gets_every_line);
	tcase_add_test(tcase, an_event_costs_little);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
