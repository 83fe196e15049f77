/* SPDX-License-Identifier: Apache-2.0 */
/* test_frames.c: from a thread state to frames, in every layout; broken and endless chains. */
#include <errno.h>
#include <stdio.h>

#include "tests/support/suite.h"
#include "tests/tracer/python/walked.h"

#define FIRST LAYOUT_MINOR_FIRST
#define END (LAYOUT_MINOR_LAST + 1)

static const struct layout *layout(void)
{
	return &python.runtime.layout;
}

/* The walk from a new state with that frame. */
static int walked(uint64_t frame)
{
	uint64_t state = image_thread(&python, 1, frame);

	walked_stop();
	return frames_append(&walk, state, &frames);
}

START_TEST(a_chain)
{
	uint64_t frame;

	walked_begin((unsigned)_i);
	frame = walked_frame("inner", walked_frame("middle", walked_frame("outer", 0, 0), 5), 63);
	ck_assert_int_eq(walked(frame), 0);
	ck_assert_str_eq(walked_text(), "inner:73 middle:15 outer:10");
	ck_assert(!frames.is_truncated);
	ck_assert_int_eq(frames.is_anchored, _i >= 11);
	ck_assert_int_eq(walked(0), 0);
	ck_assert_uint_eq(frames.count, 0);
	ck_assert(!frames.is_truncated);
	walked_end();
}
END_TEST

START_TEST(appended)
{
	uint64_t one, two;

	walked_begin((unsigned)_i);
	one = image_thread(&python, 1, walked_frame("one", 0, 1));
	two = image_thread(&python, 1, walked_frame("two", walked_frame("three", 0, 3), 2));
	walked_stop();
	ck_assert_int_eq(frames_append(&walk, one, &frames), 0);
	ck_assert_int_eq(frames_append(&walk, two, &frames), 0);
	ck_assert_str_eq(walked_text(), "one:11 two:12 three:13");
	walked_end();
}
END_TEST

/* Two evaluation calls: the inner one runs two frames. */
START_TEST(anchors)
{
	uint64_t inner, outer, a[2], b;

	walked_begin((unsigned)_i);
	outer = _i >= 12 ? image_shim(&python, 0) : 0;
	b = walked_frame("b", outer, 1);
	inner = _i >= 12 ? image_shim(&python, b) : b;
	a[1] = walked_frame("a1", inner, 1);
	a[0] = walked_frame("a0", a[1], 1);
	if (_i == 11) {
		uint64_t state = image_thread(&python, 1, 0);

		image_set_entry(&python, a[1]);
		image_set_entry(&python, b);
		outer = image_cframe(&python, b, 0);
		inner = image_cframe(&python, a[0], outer);
		image_word(&python.image, state + layout()->thread.cframe, inner);
		walked_stop();
		ck_assert_int_eq(frames_append(&walk, state, &frames), 0);
	} else {
		ck_assert_int_eq(walked(a[0]), 0);
	}
	ck_assert_str_eq(walked_text(), "a0:11 a1:11 b:11");
	ck_assert(!frames.is_truncated);
	ck_assert_uint_eq(frames.items[0].anchor, _i < 11 ? a[0] : inner);
	ck_assert_uint_eq(frames.items[1].anchor, _i < 11 ? a[1] : inner);
	ck_assert_uint_eq(frames.items[2].anchor, _i < 11 ? b : outer);
	walked_end();
}
END_TEST

START_TEST(first_anchor)
{
	uint64_t state, shim, frame;

	walked_begin((unsigned)_i);
	walked_stop();
	state = image_thread(&python, 1, 0);
	ck_assert_uint_eq(frames_first_anchor(&walk, state), 0);
	ck_assert_uint_eq(frames_first_anchor(&walk, 0xdead0000), 0);
	shim = _i >= 12 ? image_shim(&python, 0) : 0;
	frame = walked_frame("f", shim, 1);
	state = image_thread(&python, 1, frame);
	walked_stop();
	if (_i < 11)
		ck_assert_uint_eq(frames_first_anchor(&walk, state), frame);
	else if (_i == 11)
		ck_assert_uint_ge(frames_first_anchor(&walk, state), IMAGE_STACK);
	else
		ck_assert_uint_eq(frames_first_anchor(&walk, state), shim);
	/* No shim ever comes: the search ends. */
	image_word(&python.image, frame + layout()->frame.previous, frame);
	walked_stop();
	if (_i >= 12)
		ck_assert_uint_eq(frames_first_anchor(&walk, state), UINT64_MAX);
	walked_end();
}
END_TEST

START_TEST(up_to_the_user)
{
	uint64_t frame;

	walked_begin((unsigned)_i);
	frame = walked_frame("outer", 0, 1);
	frame = walked_frame("users", frame, 1);
	for (int i = 0; i < 3; i++)
		frame = image_frame(&python, image_code(&python, "/usr/lib/python3.9/x.py", "lib", 1),
				    frame, 0);
	walk.to_user = true;
	ck_assert_int_eq(walked(frame), 0);
	ck_assert_str_eq(walked_text(), "lib:1 lib:1 lib:1 users:11");
	ck_assert(!frames.is_truncated);
	walked_end();
}
END_TEST

START_TEST(endless)
{
	uint64_t frame, other, shim;

	walked_begin((unsigned)_i);
	frame = walked_frame("f", 0, 1);
	image_word(&python.image, frame + layout()->frame.previous, frame);
	ck_assert_int_eq(walked(frame), 0);
	ck_assert_uint_eq(frames.count, STACK_FRAMES_MAX);
	ck_assert(frames.is_truncated);
	other = walked_frame("g", frame, 1);
	image_word(&python.image, frame + layout()->frame.previous, other);
	ck_assert_int_eq(walked(frame), 0);
	ck_assert_uint_eq(frames.count, STACK_FRAMES_MAX);
	ck_assert_int_eq(strncmp(walked_text(), "f:11 g:11 f:11 g:11 ", 20), 0);
	if (_i >= 12) {
		shim = image_shim(&python, 0);
		image_word(&python.image, shim + layout()->frame.previous, shim);
		ck_assert_int_eq(walked(shim), 0);
		ck_assert_uint_eq(frames.count, 0);
		ck_assert(frames.is_truncated);
	}
	walked_end();
}
END_TEST

/* As many as are allowed are no endless chain; one more is cut. */
START_TEST(exactly_the_bound)
{
	uint64_t code, frame = 0;

	walked_begin((unsigned)_i);
	code = image_code(&python, "a.py", "f", 10);
	for (int i = 0; i < STACK_FRAMES_MAX; i++)
		frame = image_frame(&python, code, frame, 1);
	ck_assert_int_eq(walked(frame), 0);
	ck_assert_uint_eq(frames.count, STACK_FRAMES_MAX);
	ck_assert(!frames.is_truncated);
	ck_assert_int_eq(walked(image_frame(&python, code, frame, 1)), 0);
	ck_assert_uint_eq(frames.count, STACK_FRAMES_MAX);
	ck_assert(frames.is_truncated);
	walked_end();
}
END_TEST

static const uint64_t nowhere[] = { 1, 0xdead00000000, PAGES_USER_END - 8, PAGES_USER_END,
				    0x8000000000000000, UINT64_MAX };

START_TEST(broken)
{
	uint64_t frame, inner;

	walked_begin((unsigned)_i);
	for (size_t i = 0; i < ARRAY_SIZE(nowhere); i++) {
		frame = walked_frame("f", nowhere[i], 1);
		ck_assert_int_eq(walked(walked_frame("g", frame, 2)), 0);
		ck_assert_str_eq(walked_text(), "g:12 f:11");
		ck_assert(frames.is_truncated);
		ck_assert_int_eq(walked(nowhere[i]), 0);
		ck_assert_uint_eq(frames.count, 0);
		ck_assert(frames.is_truncated);
		walked_stop();
		ck_assert_int_eq(frames_append(&walk, nowhere[i], &frames), 0);
		ck_assert(frames.is_truncated);
		/* A code object that is none. */
		inner = image_frame(&python, nowhere[i], frame, 1);
		ck_assert_int_eq(walked(walked_frame("g", inner, 2)), 0);
		ck_assert_str_eq(walked_text(), "g:12");
		ck_assert(frames.is_truncated);
	}
	walked_end();
}
END_TEST

START_TEST(over_the_budget)
{
	uint64_t frame = 0, state;

	walked_begin((unsigned)_i);
	for (int i = 0; i < 100; i++) {
		frame = walked_frame("f", frame, 1);
		python.heap += PAGES_SIZE;
	}
	state = image_thread(&python, 1, frame);
	walked_stop();
	pages_begin(pages, 1, 0, 20);
	ck_assert_int_eq(frames_append(&walk, state, &frames), 0);
	ck_assert(frames.is_truncated);
	ck_assert_uint_gt(frames.count, 2);
	ck_assert_uint_lt(frames.count, 20);
	ck_assert(pages_is_exhausted(pages));
	walked_end();
}
END_TEST

/* What is known is still found; what is new is not taken. */
START_TEST(no_room_for_code_objects)
{
	uint64_t known;

	walked_begin((unsigned)_i);
	known = walked_frame("known", 0, 1);
	ck_assert_int_eq(walked(known), 0);
	walked_fill();
	ck_assert_int_eq(walked(walked_frame("new", known, 1)), -ENOSPC);
	ck_assert_int_eq(walked(known), 0);
	ck_assert_str_eq(walked_text(), "known:11");
	walked_end();
}
END_TEST

/* Before 3.11: while somebody traces, the frame says its line itself. */
START_TEST(traced)
{
	uint64_t frame;

	walked_begin((unsigned)_i);
	frame = walked_frame("f", 0, 1);
	image_int(&python.image, frame + layout()->frame.line, 99);
	ck_assert_int_eq(walked(frame), 0);
	ck_assert_str_eq(walked_text(), "f:11");
	image_word(&python.image, frame + layout()->frame.trace, 0x1234);
	ck_assert_int_eq(walked(frame), 0);
	ck_assert_str_eq(walked_text(), "f:99");
	image_int(&python.image, frame + layout()->frame.line, 0);
	ck_assert_int_eq(walked(frame), 0);
	ck_assert_str_eq(walked_text(), "f:11");
	image_int(&python.image, frame + layout()->frame.line, 0x80000000);
	ck_assert_int_eq(walked(frame), 0);
	ck_assert_str_eq(walked_text(), "f:11");
	walked_end();
}
END_TEST

START_TEST(not_started)
{
	uint64_t code, frame;

	walked_begin((unsigned)_i);
	code = image_code(&python, "a.py", "f", 10);
	frame = image_frame(&python, code, 0, 0);
	if (_i < 11)
		image_int(&python.image, frame + layout()->frame.instruction, UINT32_MAX);
	else
		image_word(&python.image, frame + layout()->frame.instruction,
			   code + layout()->code.bytecode - 2);
	ck_assert_int_eq(walked(frame), 0);
	ck_assert_str_eq(walked_text(), "f:10");
	/* Far off on either side: some line, or none. */
	for (size_t i = 0; i < ARRAY_SIZE(nowhere); i++) {
		image_int(&python.image, frame + layout()->frame.instruction,
			  (uint32_t)(nowhere[i] >> 8));
		ck_assert_int_eq(walked(frame), 0);
		ck_assert_uint_eq(frames.count, 1);
		ck_assert_int_ge(frames.items[0].line, 0);
	}
	walked_end();
}
END_TEST

/* 3.12 on: owners from 3 on have no code; the low bits of a code's address are no part of it. */
START_TEST(owners_and_tags)
{
	uint64_t code, frame;

	walked_begin((unsigned)_i);
	code = image_code(&python, "a.py", "f", 10);
	frame = image_frame(&python, code, 0, 1);
	for (unsigned owner = 0; owner < 6; owner++) {
		image_byte(&python.image, frame + layout()->frame.owner, (uint8_t)owner);
		ck_assert_int_eq(walked(frame), 0);
		ck_assert_str_eq(walked_text(), owner < 3 ? "f:11" : "");
		ck_assert(!frames.is_truncated);
	}
	image_byte(&python.image, frame + layout()->frame.owner, 1);
	for (uint64_t tag = 1; tag < 8; tag++) {
		image_word(&python.image, frame + layout()->frame.code, code | tag);
		ck_assert_int_eq(walked(frame), 0);
		ck_assert_str_eq(walked_text(), "f:11");
	}
	walked_end();
}
END_TEST

/* Free-threaded 3.14: the thread's own copy of the bytecode. */
START_TEST(copies_of_the_bytecode)
{
	uint64_t code, frame, copies[3] = { 3, 0x7f0100000000, 0x7f0100001000 }, table;

	walked_begin(14);
	python.runtime.layout.is_free_threaded = true;
	python.runtime.layout.str.ascii = 40;
	python.runtime.layout.frame.tlbc = 76;
	python.runtime.layout.code.tlbc = 184;
	code = image_code(&python, "a.py", "f", 10);
	frame = image_frame(&python, code, 0, 1);
	table = python.heap;
	python.heap += 64;
	image_put(&python.image, table, copies, sizeof(copies));
	image_word(&python.image, code + 184, table);
	/* Index 0: the code object's own. */
	ck_assert_int_eq(walked(frame), 0);
	ck_assert_str_eq(walked_text(), "f:11");
	image_int(&python.image, frame + 76, 1);
	image_word(&python.image, frame + layout()->frame.instruction, copies[2] + 2 * 7);
	ck_assert_int_eq(walked(frame), 0);
	ck_assert_str_eq(walked_text(), "f:17");
	image_int(&python.image, frame + 76, UINT32_MAX);
	ck_assert_int_eq(walked(frame), 0);
	ck_assert_uint_eq(frames.count, 1);
	walked_end();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("frames");
	TCase *tcase = tcase_create("chains");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, a_chain, FIRST, END);
	tcase_add_loop_test(tcase, appended, FIRST, END);
	tcase_add_loop_test(tcase, anchors, FIRST, END);
	tcase_add_loop_test(tcase, first_anchor, FIRST, END);
	tcase_add_loop_test(tcase, up_to_the_user, FIRST, END);
	tcase_add_loop_test(tcase, endless, FIRST, END);
	tcase_add_loop_test(tcase, exactly_the_bound, FIRST, END);
	tcase_add_loop_test(tcase, broken, FIRST, END);
	tcase_add_loop_test(tcase, over_the_budget, FIRST, END);
	tcase_add_loop_test(tcase, no_room_for_code_objects, FIRST, END);
	tcase_add_loop_test(tcase, traced, 8, 11);
	tcase_add_loop_test(tcase, not_started, FIRST, END);
	tcase_add_loop_test(tcase, owners_and_tags, 12, END);
	tcase_add_test(tcase, copies_of_the_bytecode);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
