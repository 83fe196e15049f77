/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_ring.c: what is put is read, in order and whole, by a reader that keeps up, that is slow,
 * and that runs beside the writer; what was overwritten is counted; broken pages are survived.
 */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/record.h"
#include "tests/support/suite.h"
#include "tracer/events/flat.h"
#include "tracer/events/ring.h"

#define RACE_EVENTS 400000u
#define BENCH_EVENTS 300000

static struct ring *ring;
static struct sink *sink;
static struct ring_reader reader;
static struct flat_event flat;

static void set_up(void)
{
	ck_assert_int_eq(ring_new(&ring), 0);
	ck_assert_int_eq(ring_sink_new(ring, &sink), 0);
	memset(&reader, 0, sizeof(reader));
}

static void tear_down(void)
{
	sink->ops->close(sink);
	ring_free(ring);
}

/* Event `n`, whose path has a length and a letter of its own. */
static void put(uint64_t n, enum event_outcome outcome)
{
	static char path[4096];
	struct event event = record_event;
	size_t length = 1 + n * 37 % 3000;

	memset(path, 'a' + (int)(n % 26), length);
	path[length] = '\0';
	event.n = n;
	event.outcome = outcome;
	event.path = path;
	sink->ops->put(sink, &event);
}

/* Each assertion of Check is a write to a pipe: one for all. */
static bool is_whole(const char *bytes, size_t size)
{
	const char *path;
	char letter[2] = "";
	uint64_t n;

	if (flat_unpack(bytes, size, &flat) < 0)
		return false;
	n = flat.event.event.n;
	path = flat.event.event.path;
	letter[0] = (char)('a' + n % 26);
	return strlen(path) == 1 + n * 37 % 3000 && strspn(path, letter) == strlen(path);
}

/* The number of the next event; 0: none. */
static uint64_t next(void)
{
	static char bytes[FLAT_MAX];
	size_t size;

	if (!ring_next(ring, &reader, bytes, &size))
		return 0;
	if (!is_whole(bytes, size))
		ck_abort_msg("a torn event");
	return flat.event.event.n;
}

static uint64_t next_kept(void)
{
	static char bytes[FLAT_MAX];
	size_t size;

	if (!ring_next_kept(ring, &reader, bytes, &size))
		return 0;
	if (!is_whole(bytes, size))
		ck_abort_msg("a torn event");
	return flat.event.event.n;
}

START_TEST(a_reader_that_keeps_up)
{
	ck_assert(!ring_has_more(ring, &reader));
	ck_assert_uint_eq(next(), 0);
	for (uint64_t n = 1; n <= 30000; n++) {
		bool had_more;

		put(n, OUTCOME_ALLOW);
		had_more = ring_has_more(ring, &reader);
		if (!had_more || next() != n || next() != 0 || ring_has_more(ring, &reader))
			ck_abort_msg("at %lu", (unsigned long)n);
	}
	ck_assert_uint_eq(reader.dropped, 0);
	ck_assert_uint_eq(reader.next, 30000);
}
END_TEST

START_TEST(a_reader_that_is_overtaken)
{
	uint64_t n, seen = 0;

	for (n = 1; n <= 20000; n++)
		put(n, OUTCOME_ALLOW);
	n = next();
	ck_assert_uint_gt(n, 10000);
	ck_assert_uint_eq(reader.dropped, n - 1);
	for (; n; seen++)
		n = next();
	ck_assert_uint_eq(seen + reader.dropped, 20000);
	/* Most of the ring is still there. */
	ck_assert_uint_gt(seen, (RING_BYTES - (128 << 10)) / (1700 + 200));
	put(20001, OUTCOME_ALLOW);
	ck_assert_uint_eq(next(), 20001);
}
END_TEST

START_TEST(refusals_are_kept)
{
	uint64_t n, kept = 0, last = 0;

	for (n = 1; n <= 40000; n++)
		put(n, n % 8 ? OUTCOME_ALLOW : n % 16 ? OUTCOME_DENY : OUTCOME_KILL);
	while ((n = next_kept()) != 0) {
		ck_assert_uint_eq(n, last + 8);
		last = n;
		kept++;
	}
	ck_assert_uint_gt(kept * 1900, RING_KEPT_BYTES * 4 / 5);
	ck_assert_uint_lt(kept, 5000);
	/* Full: smaller ones do not slip in behind a gap. */
	put(81 * 8 * 3000, OUTCOME_DENY);
	ck_assert_uint_eq(next_kept(), 0);
}
END_TEST

START_TEST(what_is_asked_is_kept_and_probes_are_not)
{
	struct event event = record_event;
	char bytes[FLAT_MAX];
	size_t size;

	event.is_probe = true;
	sink->ops->put(sink, &event);
	ck_assert_int_eq(ring_next_kept(ring, &reader, bytes, &size), 0);
	event.is_probe = false;
	event.was_asked = true;
	event.outcome = OUTCOME_ALLOW;
	sink->ops->put(sink, &event);
	ck_assert_int_eq(ring_next_kept(ring, &reader, bytes, &size), 1);
	ck_assert_int_eq(flat_unpack(bytes, size, &flat), 0);
	ck_assert(flat.event.event.was_asked);
}
END_TEST

START_TEST(counters)
{
	static const struct {
		enum event_kind kind;
		enum event_outcome outcome;
		int error;
		bool is_probe, was_asked;
	} events[] = {
		{ EVENT_CALL, OUTCOME_ALLOW, 0, false, false },
		{ EVENT_CALL, OUTCOME_ALLOW, ENOENT, false, false },
		{ EVENT_CALL, OUTCOME_ERROR, ENOENT, false, false },
		{ EVENT_CALL, OUTCOME_DENY, EACCES, false, false },
		{ EVENT_CALL, OUTCOME_KILL, EPERM, false, false },
		{ EVENT_CALL, OUTCOME_DENY, EACCES, true, false },
		{ EVENT_CALL, OUTCOME_DENY, EACCES, false, true },
		{ EVENT_CALL, OUTCOME_ALLOW, 0, false, true },
		{ EVENT_LIMIT, OUTCOME_KILL, 0, false, false },
		{ EVENT_NOTE, OUTCOME_ALLOW, 0, false, false },
	};
	struct ring_counts counts;

	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		struct event event = record_event;

		event.kind = events[i].kind;
		event.outcome = events[i].outcome;
		event.error = events[i].error;
		event.is_probe = events[i].is_probe;
		event.was_asked = events[i].was_asked;
		sink->ops->put(sink, &event);
	}
	ring_set_waiting(ring, 3);
	ring_set_tasks(ring, 4);
	ring_set_frozen(ring, true);
	ring_read_counts(ring, &counts);
	ck_assert_uint_eq(counts.events, ARRAY_SIZE(events));
	ck_assert_uint_eq(counts.failed, 2);
	ck_assert_uint_eq(counts.denied, 3);
	ck_assert_uint_eq(counts.asked, 2);
	ck_assert_uint_eq(counts.waiting, 3);
	ck_assert_uint_eq(counts.tasks, 4);
	ck_assert(counts.is_frozen);
	ring_set_frozen(ring, false);
	ring_read_counts(ring, &counts);
	ck_assert(!counts.is_frozen);
}
END_TEST

/* Reads until it has seen the last event; what it did not see was counted. */
static void read_beside(unsigned pause_us)
{
	uint64_t n, last = 0, seen = 0, kept = 0;
	time_t start = time(NULL);

	ck_assert_int_eq(ring_only_read(ring), 0);
	while (last != RACE_EVENTS) {
		while (next_kept())
			kept++;
		n = next();
		if (n)
			seen++;
		if ((n && (n <= last || seen + reader.dropped != n)) || time(NULL) - start > 40)
			ck_abort_msg("%lu after %lu, %lu seen", (unsigned long)n,
				     (unsigned long)last, (unsigned long)seen);
		if (n)
			last = n;
		if (pause_us && seen % 512 == 0)
			usleep(pause_us);
	}
	printf("beside the writer, pausing %u us: %lu of %u events read\n", pause_us,
	       (unsigned long)seen, RACE_EVENTS);
	fflush(stdout);
	ck_assert_uint_gt(kept, 100);
}

/* Forked, as in a run; a slow one is overtaken again and again. */
static const unsigned pauses_us[] = { 0, 300, 20000 };

START_TEST(a_reader_beside_the_writer)
{
	pid_t pid = fork();
	int status;

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		for (unsigned n = 1; n <= RACE_EVENTS; n++)
			put(n, n % 1000 ? OUTCOME_ALLOW : OUTCOME_DENY);
		_exit(0);
	}
	read_beside(pauses_us[_i]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

/* As after a crash, or a step of somebody's: random words anywhere in the pages. */
static void scribble(int times)
{
	/* The first member of struct ring is where the pages are. */
	char *pages = *(char **)(void *)ring;

	for (int i = 0; i < times; i++) {
		size_t at = random() % 2 ? (size_t)random() % 256 / 8 * 8 :
					   (size_t)random() % (RING_BYTES + RING_KEPT_BYTES);
		uint64_t word = random() % 3 ? (uint64_t)random() << (random() % 33) :
					       (uint64_t)-(random() % 3);

		memcpy(pages + at, &word, sizeof(word));
	}
}

/* Whatever comes out has a size that fits; it all ends; the writer goes on. */
START_TEST(broken_pages_are_survived)
{
	static char bytes[FLAT_MAX];
	struct ring_counts counts;
	size_t size;

	srandom((unsigned)_i);
	for (int round = 0; round < 200; round++) {
		for (int n = 0; n < 50; n++)
			put((uint64_t)(round * 50 + n + 1), n % 5 ? OUTCOME_ALLOW : OUTCOME_DENY);
		scribble(random() % 20);
		for (int n = 0; n < 1000; n++) {
			if (!ring_next(ring, &reader, bytes, &size))
				break;
			ck_assert_uint_le(size, FLAT_MAX);
			flat_unpack(bytes, size, &flat);
		}
		while (ring_next_kept(ring, &reader, bytes, &size))
			ck_assert_uint_le(size, FLAT_MAX);
		ring_has_more(ring, &reader);
		ring_read_counts(ring, &counts);
	}
}
END_TEST

/* Bytes of records spoiled, but not the counts: what is put afterwards is read again. */
START_TEST(whole_again_after_a_spoiled_record)
{
	char *pages = *(char **)(void *)ring;
	static char bytes[FLAT_MAX];
	size_t size;

	for (uint64_t n = 1; n <= 500; n++)
		put(n, OUTCOME_ALLOW);
	ck_assert_uint_eq(next(), 1);
	memset(pages + 8192, 0x5a, 300000);
	while (ring_next(ring, &reader, bytes, &size))
		;
	put(501, OUTCOME_ALLOW);
	ck_assert_uint_eq(next(), 501);
	ck_assert_uint_eq(reader.next, 501);
}
END_TEST

/* Not asserted: another machine is slower, and a busy one much. */
START_TEST(putting_takes)
{
	static struct python_frame python[20];
	struct stack stack = { .detail = STACK_PYTHON, .python = python, .user = 3 };
	static const unsigned depths[] = { 0, 1, 20 };

	for (unsigned i = 0; i < 20; i++)
		python[i] = (struct python_frame){ i % 3 ? "/usr/lib/python3.11/subprocess.py" :
						   "/home/ann/work/etl.py", "Popen._execute_child",
						   (int)(100 + i), i < 3 };
	for (size_t i = 0; i < ARRAY_SIZE(depths); i++) {
		struct event event = record_event;
		double start;

		stack.python_count = depths[i];
		event.stack = depths[i] ? &stack : NULL;
		event.outcome = OUTCOME_ALLOW;
		/* Once around: from then on no page is new. */
		for (int n = 0; n < BENCH_EVENTS / 4; n++)
			sink->ops->put(sink, &event);
		start = record_now_s();
		for (int n = 0; n < BENCH_EVENTS; n++)
			sink->ops->put(sink, &event);
		printf("one put of an event with %u frames: %.0f ns\n", depths[i],
		       (record_now_s() - start) * 1e9 / BENCH_EVENTS);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ring");
	TCase *tcase = tcase_create("ring");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, a_reader_that_keeps_up);
	tcase_add_test(tcase, a_reader_that_is_overtaken);
	tcase_add_test(tcase, refusals_are_kept);
	tcase_add_test(tcase, what_is_asked_is_kept_and_probes_are_not);
	tcase_add_test(tcase, counters);
	tcase_add_loop_test(tcase, a_reader_beside_the_writer, 0, ARRAY_SIZE(pauses_us));
	tcase_add_loop_test(tcase, broken_pages_are_survived, 0, 8);
	tcase_add_test(tcase, whole_again_after_a_spoiled_record);
	tcase_add_test(tcase, putting_takes);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
