/* SPDX-License-Identifier: Apache-2.0 */
/* test_threads.c: which state is a thread's, and which frames it has: one state, several, none. */
#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "tests/support/suite.h"
#include "tests/tracer/python/walked.h"
#include "tracer/python/threads.h"

#define FIRST LAYOUT_MINOR_FIRST
#define END (LAYOUT_MINOR_LAST + 1)
#define ME 0x7f7f7f7f0740u
#define OTHER 0x7f7f7f6f0740u

static const struct layout *layout(void)
{
	return &python.runtime.layout;
}

static struct threads found;

static int look(uint64_t pointer)
{
	memset(&found, 0x55, sizeof(found));
	walked_stop();
	return threads_find(pages, &python.runtime, pointer, &found);
}

START_TEST(found_by_its_pointer)
{
	uint64_t mine;

	walked_begin((unsigned)_i);
	ck_assert_int_eq(look(ME), 0);
	ck_assert_uint_eq(found.count, 0);
	image_thread(&python, OTHER, 0);
	mine = image_thread(&python, ME, 0);
	image_thread(&python, OTHER + 8, 0);
	ck_assert_int_eq(look(ME), 0);
	ck_assert_uint_eq(found.count, 1);
	ck_assert_uint_eq(found.state[0], mine);
	ck_assert(found.is_only);
	ck_assert_int_eq(look(ME + 1), 0);
	ck_assert_uint_eq(found.count, 0);
	walked_end();
}
END_TEST

START_TEST(several_in_order)
{
	uint64_t first, second, third;

	walked_begin((unsigned)_i);
	second = image_thread(&python, ME, 0);
	image_thread(&python, OTHER, 0);
	first = image_thread(&python, ME, 0);
	image_interpreter(&python);
	third = image_thread(&python, ME, 0);
	ck_assert_int_eq(look(ME), 0);
	ck_assert_uint_eq(found.count, 3);
	ck_assert_uint_eq(found.state[0], first);
	ck_assert_uint_eq(found.state[1], second);
	ck_assert_uint_eq(found.state[2], third);
	ck_assert(!found.is_only);
	for (int i = 0; i < 2 * THREADS_MATCHES_MAX; i++)
		image_thread(&python, ME, 0);
	ck_assert_int_eq(look(ME), 0);
	ck_assert_uint_eq(found.count, THREADS_MATCHES_MAX);
	walked_end();
}
END_TEST

START_TEST(still_the_same)
{
	uint64_t state;

	walked_begin((unsigned)_i);
	state = image_thread(&python, ME, 0);
	walked_stop();
	ck_assert(threads_is(pages, &python.runtime, state, ME));
	ck_assert(!threads_is(pages, &python.runtime, state, OTHER));
	ck_assert(!threads_is(pages, &python.runtime, state + 8, ME));
	ck_assert(!threads_is(pages, &python.runtime, 0, ME));
	ck_assert(!threads_is(pages, &python.runtime, UINT64_MAX, ME));
	image_interpreter(&python);
	walked_stop();
	ck_assert(!threads_is(pages, &python.runtime, state, ME));
	image_word(&python.image, IMAGE_RUNTIME + layout()->runtime.interpreters, 0);
	walked_stop();
	ck_assert(!threads_is(pages, &python.runtime, state, ME));
	walked_end();
}
END_TEST

/* Rings of states in a ring of interpreters: all bounds are met, soon. */
START_TEST(endless_lists)
{
	uint64_t state, head;
	clock_t start = clock();

	walked_begin((unsigned)_i);
	head = python.interpreter;
	state = image_thread(&python, OTHER, 0);
	image_word(&python.image, state + layout()->thread.next, state);
	image_word(&python.image, head + layout()->interpreter.next, head);
	ck_assert_int_eq(look(ME), 0);
	ck_assert_uint_eq(found.count, 0);
	ck_assert(!found.is_only);
	/* In processor time: other tests run. */
	ck_assert_msg(clock() - start < CLOCKS_PER_SEC, "%ld", (long)(clock() - start));
	image_word(&python.image, state + layout()->thread.id, ME);
	ck_assert_int_eq(look(ME), 0);
	ck_assert_uint_eq(found.count, THREADS_MATCHES_MAX);
	walked_end();
}
END_TEST

START_TEST(torn_lists)
{
	static const uint64_t nowhere[] = { 1, 0xdead00000000, PAGES_USER_END, UINT64_MAX };
	uint64_t last, mine;

	walked_begin((unsigned)_i);
	last = image_thread(&python, OTHER, 0);
	for (size_t i = 0; i < ARRAY_SIZE(nowhere); i++) {
		image_word(&python.image, last + layout()->thread.next, nowhere[i]);
		ck_assert_int_eq(look(ME), -EFAULT);
		ck_assert_uint_eq(found.count, 0x55555555);
	}
	/* What was found before is good. */
	mine = image_thread(&python, ME, 0);
	ck_assert_int_eq(look(ME), 0);
	ck_assert_uint_eq(found.count, 1);
	ck_assert_uint_eq(found.state[0], mine);
	image_word(&python.image, IMAGE_RUNTIME + layout()->runtime.interpreters, 8);
	ck_assert_int_eq(look(ME), -EFAULT);
	image_drop(&python.image, IMAGE_RUNTIME + layout()->runtime.interpreters);
	ck_assert_int_eq(look(ME), -EFAULT);
	walked_end();
}
END_TEST

/* ---- python_frames ---- */

static uint64_t remembered;
static const char *reason;

static int asked_of(const struct runtimes *runtimes, uint64_t pointer, uint64_t stack)
{
	const struct python_thread thread = { 1, 1, pointer, stack, &remembered };

	walked_stop();
	reason = "unset";
	return python_frames(&walk, runtimes, &thread, &frames, &reason);
}

static int asked(uint64_t pointer, uint64_t stack)
{
	struct runtimes runtimes = { .items = { python.runtime }, .count = 1 };

	return asked_of(&runtimes, pointer, stack);
}

START_TEST(reasons)
{
	walked_begin((unsigned)_i);
	frames.count = 5;
	ck_assert_int_eq(asked(0, 0), 0);
	ck_assert_uint_eq(frames.count, 0);
	ck_assert_str_eq(reason, "this thread's pointer is not known");
	ck_assert_int_eq(asked(ME, 0), 0);
	ck_assert_str_eq(reason, "a thread that Python did not start");
	image_thread(&python, ME, 0);
	ck_assert_int_eq(asked(ME, 0), 0);
	ck_assert_str_eq(reason, "no Python code runs in this thread");
	image_thread(&python, OTHER, walked_frame("f", 0, 1));
	ck_assert_int_eq(asked(OTHER, 0), 0);
	ck_assert_ptr_null(reason);
	ck_assert_str_eq(walked_text(), "f:11");
	image_thread(&python, OTHER + 8, image_frame(&python, 0xdead0000, 0, 1));
	ck_assert_int_eq(asked(OTHER + 8, 0), 0);
	ck_assert_uint_eq(frames.count, 0);
	ck_assert_str_eq(reason, "its memory does not hold what Python keeps there");
	image_drop(&python.image, IMAGE_RUNTIME + layout()->runtime.interpreters);
	ck_assert_int_eq(asked(ME, 0), 0);
	ck_assert_str_eq(reason, "its memory does not hold what Python keeps there");
	walked_end();
}
END_TEST

START_TEST(remembers_its_state)
{
	uint64_t state, frame;

	walked_begin((unsigned)_i);
	remembered = 0;
	frame = walked_frame("f", 0, 1);
	state = image_thread(&python, ME, frame);
	ck_assert_int_eq(asked(ME, 0), 0);
	ck_assert_uint_eq(remembered, state);
	/* The list is not asked any more. */
	image_word(&python.image, python.interpreter + layout()->interpreter.threads, 0);
	ck_assert_int_eq(asked(ME, 0), 0);
	ck_assert_str_eq(walked_text(), "f:11");
	/* Another thread's now: looked for anew. */
	image_word(&python.image, state + layout()->thread.id, OTHER);
	ck_assert_int_eq(asked(ME, 0), 0);
	ck_assert_uint_eq(frames.count, 0);
	ck_assert_uint_eq(remembered, 0);
	/* Junk is no state. */
	remembered = 0xdead0000;
	state = image_thread(&python, ME, frame);
	ck_assert_int_eq(asked(ME, 0), 0);
	ck_assert_str_eq(walked_text(), "f:11");
	ck_assert_uint_eq(remembered, state);
	/* With more than one interpreter another state may be entered any time. */
	image_interpreter(&python);
	ck_assert_int_eq(asked(ME, 0), 0);
	ck_assert_str_eq(walked_text(), "f:11");
	ck_assert_uint_eq(remembered, 0);
	walked_end();
}
END_TEST

/* Threads about to start carry their maker's id, stand first in the list, and have no frame. */
START_TEST(threads_about_to_start)
{
	walked_begin((unsigned)_i);
	remembered = 0;
	image_thread(&python, ME, walked_frame("maker", 0, 1));
	for (int i = 0; i < 40; i++)
		image_thread(&python, ME, 0);
	ck_assert_int_eq(asked(ME, 0), 0);
	ck_assert_str_eq(walked_text(), "maker:11");
	walked_end();
}
END_TEST

/* A state in a new interpreter; its shim, or cframe, is made just now: the highest so far. */
static void enter(const char *function)
{
	uint64_t shim = layout()->minor >= 12 ? image_shim(&python, 0) : 0;

	image_interpreter(&python);
	image_thread(&python, ME, walked_frame(function, shim, 1));
}

/* The stack grows down: the interpreter with the lowest anchor was entered last. */
START_TEST(subinterpreters)
{
	uint64_t middle;

	walked_begin((unsigned)_i);
	enter("left behind");
	middle = python.stack;
	enter("innermost");
	enter("middle");
	enter("outermost");
	ck_assert_int_eq(asked(ME, middle), 0);
	ck_assert_str_eq(walked_text(), "innermost:11 middle:11 outermost:11");
	/* Several interpreters: nothing is remembered. */
	ck_assert_uint_eq(remembered, 0);
	ck_assert_int_eq(asked(ME, python.stack), 0);
	ck_assert_uint_eq(frames.count, 0);
	walked_end();
}
END_TEST

START_TEST(subinterpreters_before_3_11)
{
	walked_begin((unsigned)_i);
	enter("one");
	enter("two");
	ck_assert_int_eq(asked(ME, IMAGE_STACK + 0x1000000), 0);
	ck_assert_str_eq(walked_text(), "one:11 two:11");
	walked_end();
}
END_TEST

/* A libpython that is loaded but not used comes first. */
START_TEST(two_runtimes)
{
	struct runtimes runtimes = { .count = 2 };

	walked_begin((unsigned)_i);
	runtimes.items[0] = runtimes.items[1] = python.runtime;
	runtimes.items[0].address += 0x4000;
	image_word(&python.image, runtimes.items[0].address + layout()->runtime.interpreters, 0);
	image_thread(&python, ME, walked_frame("f", 0, 1));
	ck_assert_int_eq(asked_of(&runtimes, ME, 0), 0);
	ck_assert_str_eq(walked_text(), "f:11");
	ck_assert_ptr_null(reason);
	runtimes.items[0].address = 0xdead0000;
	ck_assert_int_eq(asked_of(&runtimes, ME, 0), 0);
	ck_assert_str_eq(walked_text(), "f:11");
	runtimes.count = 1;
	ck_assert_int_eq(asked_of(&runtimes, ME, 0), 0);
	ck_assert_uint_eq(frames.count, 0);
	walked_end();
}
END_TEST

START_TEST(no_room)
{
	walked_begin((unsigned)_i);
	walked_fill();
	image_thread(&python, ME, walked_frame("f", 0, 1));
	ck_assert_int_eq(asked(ME, 0), -ENOSPC);
	walked_end();
}
END_TEST

static TCase *lists(void)
{
	TCase *tcase = tcase_create("lists");

	tcase_add_loop_test(tcase, found_by_its_pointer, FIRST, END);
	tcase_add_loop_test(tcase, several_in_order, FIRST, END);
	tcase_add_loop_test(tcase, still_the_same, FIRST, END);
	tcase_add_loop_test(tcase, endless_lists, FIRST, END);
	tcase_add_loop_test(tcase, torn_lists, FIRST, END);
	return tcase;
}

static TCase *whole(void)
{
	TCase *tcase = tcase_create("python_frames");

	tcase_add_loop_test(tcase, reasons, FIRST, END);
	tcase_add_loop_test(tcase, remembers_its_state, FIRST, END);
	tcase_add_loop_test(tcase, threads_about_to_start, FIRST, END);
	tcase_add_loop_test(tcase, subinterpreters, 11, END);
	tcase_add_loop_test(tcase, subinterpreters_before_3_11, FIRST, 11);
	tcase_add_loop_test(tcase, two_runtimes, FIRST, END);
	tcase_add_loop_test(tcase, no_room, FIRST, END);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("threads");

	suite_add_tcase(suite, lists());
	suite_add_tcase(suite, whole());
	return suite_run(suite);
}
