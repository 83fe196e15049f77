/* SPDX-License-Identifier: Apache-2.0 */
/* test_read_stack.c: the frames of a record, as they were written; and whatever else is there. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/reading.h"
#include "tests/support/record.h"
#include "tests/support/same.h"
#include "tests/support/suite.h"
#include "tracer/events/stack.h"

static struct python_frame python[STACK_FRAMES_MAX];
static struct c_frame native[STACK_NATIVE_MAX];

static struct stack stack_of(unsigned python_count, unsigned native_count)
{
	return (struct stack){ .detail = native_count ? STACK_NATIVE : STACK_PYTHON,
			       .python = python, .python_count = python_count,
			       .user = python_count, .native = native,
			       .native_count = native_count };
}

/* What the sink writes of it, read back. */
static const struct stack *written(const struct stack *stack)
{
	static struct record_text text;
	int fd = record_new_file();
	struct sink *sink = record_new(dup(fd));
	struct event event = record_event;

	event.stack = stack;
	free(text.bytes);
	sink->ops->put(sink, &event);
	ck_assert_int_eq(sink->ops->flush(sink, true), 0);
	sink->ops->close(sink);
	text = record_read_file(fd);
	close(fd);
	return reading_last(text.bytes, text.length)->event.event.stack;
}

START_TEST(what_is_written_is_read)
{
	struct stack stack = stack_of(4, 3);

	python[0] = (struct python_frame){ "/usr/lib/python3/x.py", "write", 7, true };
	python[1] = (struct python_frame){ "/usr/lib/python3/\xff.py", "K.f\xe9", 8, true };
	python[2] = (struct python_frame){ "a.py", "save", 3, false };
	python[3] = (struct python_frame){ "a.py", "<module>", 0, false };
	stack.user = 2;
	native[0] = (struct c_frame){ 0x7f0000001234, "/lib/libc.so", 0x1234, "openat", 4, 0, 0 };
	native[1] = (struct c_frame){ UINT64_MAX, NULL, 0, NULL, 0, 1, 3 };
	native[2] = (struct c_frame){ 1, "/b\xe9", INT64_MAX, NULL, 0, 0, 1 };
	same_stack(&stack, written(&stack));
	stack.is_truncated = true;
	stack.python_count = stack.user = 0;
	stack.native_count = 1;
	stack.reason = "no Python in this process";
	same_stack(&stack, written(&stack));
	stack.native_count = 0;
	stack.native_reason = "libunwind is not installed";
	same_stack(&stack, written(&stack));
}
END_TEST

START_TEST(recursion_is_counted_out)
{
	struct stack stack = stack_of(STACK_FRAMES_MAX, 0);

	for (unsigned i = 0; i < STACK_FRAMES_MAX; i++)
		python[i] = (struct python_frame){ "/a.py", "f", 5, false };
	python[0].line = 6;
	python[STACK_FRAMES_MAX - 1].line = 9;
	stack.user = 0;
	same_stack(&stack, written(&stack));
}
END_TEST

START_TEST(nobody_asked)
{
	ck_assert_ptr_null(written(NULL));
	ck_assert_ptr_null(reading_event("{\"type\":\"call\"}")->event.stack);
}
END_TEST

/* What a record claims beyond the bounds, or of the wrong type. */
static const struct {
	const char *line;
	unsigned python, native, user;
	bool is_truncated;
} odd[] = {
	{ "\"stack\":\"python\"", 0, 0, 0, false },
	{ "\"stack\":\"newer\",\"python\":[{}]", 1, 0, 1, false },
	{ "\"python\":[{\"user\":true}]", 1, 0, 0, false },
	{ "\"stack\":\"native\",\"python\":{},\"native\":7", 0, 0, 0, false },
	{ "\"stack\":\"python\",\"python\":[1,null,[],{\"file\":5,\"line\":\"x\",\"function\":{}}]",
	  4, 0, 4, false },
	{ "\"stack\":\"python\",\"python\":[{\"times\":3},{\"times\":0},{\"times\":-1},"
	  "{\"times\":\"x\",\"user\":true},{\"user\":true}]", 7, 0, 5, false },
	{ "\"stack\":\"python\",\"python\":[{\"times\":9223372036854775807},{\"user\":true}]",
	  STACK_FRAMES_MAX, 0, STACK_FRAMES_MAX, true },
	{ "\"stack\":\"python\",\"python\":[{\"times\":2047},{\"times\":2,\"user\":true}]",
	  STACK_FRAMES_MAX, 0, STACK_FRAMES_MAX - 1, true },
	{ "\"stack\":\"native\",\"python\":[{}],\"native\":[{\"python\":[0,1]},{\"python\":[0,2]},"
	  "{\"python\":[-1,1]},{\"python\":[2,9223372036854775807]},{\"python\":5},{\"ip\":7},5,"
	  "{\"offset\":-1,\"ip\":\"0xffffffffffffffffff\"}]", 1, 8, 1, false },
};

START_TEST(odd_frames_are_bounded)
{
	char line[1024];
	const struct stack *stack;

	snprintf(line, sizeof(line), "{\"type\":\"call\",%s}", odd[_i].line);
	stack = reading_event(line)->event.stack;
	ck_assert_ptr_nonnull(stack);
	ck_assert_uint_eq(stack->python_count, odd[_i].python);
	ck_assert_uint_eq(stack->native_count, odd[_i].native);
	ck_assert_uint_eq(stack->user, odd[_i].user);
	ck_assert_int_eq(stack->is_truncated, odd[_i].is_truncated);
	for (unsigned i = 0; i < stack->python_count; i++)
		ck_assert(stack->python[i].file && stack->python[i].function);
	for (unsigned i = 0; i < stack->native_count; i++)
		ck_assert_uint_eq(stack->native[i].count, i == 0);
}
END_TEST

/* More frames than any stack has, one by one. */
START_TEST(too_many_are_left_out)
{
	static char line[1 << 20];
	size_t used = (size_t)sprintf(line, "{\"type\":\"call\",\"stack\":\"native\",\"python\":[{}");
	const struct stack *stack;

	for (int i = 0; i < 5000; i++)
		used += (size_t)sprintf(line + used, ",{\"file\":\"?\",\"file_hex\":\"ff\"}");
	used += (size_t)sprintf(line + used, "],\"native\":[{}");
	for (int i = 0; i < 5000; i++)
		used += (size_t)sprintf(line + used, ",{\"ip\":\"0x%x\"}", (unsigned)i);
	sprintf(line + used, "]}");
	stack = reading_event(line)->event.stack;
	ck_assert_uint_eq(stack->python_count, STACK_FRAMES_MAX);
	ck_assert_str_eq(stack->python[STACK_FRAMES_MAX - 1].file, "\xff");
	ck_assert_uint_eq(stack->native_count, STACK_NATIVE_MAX);
	ck_assert(stack->is_truncated);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("read_stack");
	TCase *tcase = tcase_create("read_stack");

	tcase_add_test(tcase, what_is_written_is_read);
	tcase_add_test(tcase, recursion_is_counted_out);
	tcase_add_test(tcase, nobody_asked);
	tcase_add_loop_test(tcase, odd_frames_are_bounded, 0, ARRAY_SIZE(odd));
	tcase_add_test(tcase, too_many_are_left_out);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
