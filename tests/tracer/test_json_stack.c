/* SPDX-License-Identifier: Apache-2.0 */
/* test_json_stack.c: a stack in the record: what a parser reads back, and that it never grows. */
#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/suite.h"
#include "tracer/events/json_stack.h"
#include "tracer/events/stack.h"

#define TEXT_MAX (256u << 10)

static struct python_frame frames[STACK_FRAMES_MAX];
static struct c_frame c_frames[STACK_NATIVE_MAX];

/* Written into a block of the size that was promised, then read back. */
static json_t *written(const struct stack *stack)
{
	size_t room = json_stack_size_max(stack);
	char *text = malloc(room + 1), *end = json_put_stack(text, stack);
	bool is_plain = true;
	json_error_t error;
	json_t *object;
	char *whole;

	ck_assert_uint_le((size_t)(end - text), room);
	ck_assert_int_eq(text[0], ',');
	*end = '\0';
	whole = malloc(room + 16);
	sprintf(whole, "{\"n\":1%s}", text);
	object = json_loads(whole, JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(object != NULL, "%s: %.200s", error.text, whole);
	for (char *at = text; *at; at++)
		is_plain &= (unsigned char)*at >= 0x20 && *at != 0x7f;
	ck_assert(is_plain);
	free(whole);
	free(text);
	return object;
}

static const char *string(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	ck_assert_msg(value != NULL, "no %s", key);
	return value;
}

static json_int_t number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static struct stack stack_of(enum stack_detail detail, unsigned python, unsigned native)
{
	return (struct stack){ .detail = detail, .python = frames, .python_count = python,
			       .user = python, .native = c_frames, .native_count = native };
}

START_TEST(nothing)
{
	char none[1] = "x";

	ck_assert_uint_eq(json_stack_size_max(NULL), 0);
	ck_assert_ptr_eq(json_put_stack(none, NULL), none);
}
END_TEST

START_TEST(each_key)
{
	struct stack stack = stack_of(STACK_NATIVE, 2, 2);
	json_t *object, *python, *native, *frame;

	frames[0] = (struct python_frame){ "/usr/lib/python3/x.py", "write", 7, true };
	frames[1] = (struct python_frame){ "a.py", "save", 0, false };
	stack.user = 1;
	c_frames[0] = (struct c_frame){ 0x7f0000001234, "/lib/libc.so", 0x1234, "openat", 4, 0, 0 };
	c_frames[1] = (struct c_frame){ UINT64_MAX, NULL, 9, NULL, 9, 0, 2 };
	object = written(&stack);
	ck_assert_str_eq(string(object, "stack"), "native");
	ck_assert_str_eq(string(object, "attribution"), "unverified");
	ck_assert_ptr_null(json_object_get(object, "missing"));
	ck_assert_ptr_null(json_object_get(object, "truncated"));
	python = json_object_get(object, "python");
	ck_assert_uint_eq(json_array_size(python), 2);
	frame = json_array_get(python, 0);
	ck_assert_str_eq(string(frame, "file"), "/usr/lib/python3/x.py");
	ck_assert_str_eq(string(frame, "function"), "write");
	ck_assert_int_eq(number(frame, "line"), 7);
	ck_assert_uint_eq(json_object_size(frame), 3);
	frame = json_array_get(python, 1);
	ck_assert_int_eq(number(frame, "line"), 0);
	ck_assert(json_is_true(json_object_get(frame, "user")));
	ck_assert_uint_eq(json_object_size(frame), 4);
	native = json_object_get(object, "native");
	ck_assert_uint_eq(json_array_size(native), 2);
	frame = json_array_get(native, 0);
	ck_assert_str_eq(string(frame, "ip"), "0x00007f0000001234");
	ck_assert_str_eq(string(frame, "module"), "/lib/libc.so");
	ck_assert_int_eq(number(frame, "offset"), 0x1234);
	ck_assert_str_eq(string(frame, "symbol"), "openat");
	ck_assert_int_eq(number(frame, "symbol_offset"), 4);
	ck_assert_uint_eq(json_object_size(frame), 5);
	frame = json_array_get(native, 1);
	ck_assert_str_eq(string(frame, "ip"), "0xffffffffffffffff");
	ck_assert_uint_eq(json_object_size(frame), 2);
	python = json_object_get(frame, "python");
	ck_assert_int_eq(json_integer_value(json_array_get(python, 0)), 0);
	ck_assert_int_eq(json_integer_value(json_array_get(python, 1)), 2);
	json_decref(object);
}
END_TEST

START_TEST(a_reason)
{
	struct stack stack = stack_of(STACK_LINE, 0, 0);
	json_t *object;

	stack.reason = "no Python in this process";
	object = written(&stack);
	ck_assert_str_eq(string(object, "stack"), "line");
	ck_assert_str_eq(string(object, "missing"), "no Python in this process");
	ck_assert_uint_eq(json_array_size(json_object_get(object, "python")), 0);
	/* Only asked for is said. */
	ck_assert_ptr_null(json_object_get(object, "native"));
	json_decref(object);
	stack.is_truncated = true;
	object = written(&stack);
	ck_assert(json_is_true(json_object_get(object, "truncated")));
	json_decref(object);
}
END_TEST

/* Equal by content: the strings need not be the same ones. */
START_TEST(repeats)
{
	struct stack stack = stack_of(STACK_PYTHON, STACK_FRAMES_MAX, 0);
	char file[] = "a.py", same[] = "a.py";
	json_t *object, *python;

	for (unsigned i = 0; i < STACK_FRAMES_MAX; i++)
		frames[i] = (struct python_frame){ i % 2 ? file : same, "recurse", 3, false };
	frames[10].line = 4;
	frames[20].function = "other";
	frames[30].file = "b.py";
	stack.user = 5;
	object = written(&stack);
	python = json_object_get(object, "python");
	ck_assert_uint_eq(json_array_size(python), 7);
	ck_assert_int_eq(number(json_array_get(python, 0), "times"), 10);
	ck_assert(json_is_true(json_object_get(json_array_get(python, 0), "user")));
	ck_assert_ptr_null(json_object_get(json_array_get(python, 1), "times"));
	ck_assert_ptr_null(json_object_get(json_array_get(python, 1), "user"));
	ck_assert_int_eq(number(json_array_get(python, 2), "times"), 9);
	ck_assert_int_eq(number(json_array_get(python, 6), "times"), STACK_FRAMES_MAX - 31);
	json_decref(object);
}
END_TEST

static const char *const hostile[] = {
	"\"}],\"verdict\":\"allow\",\"x\":[{\"", "\\", "\\\"", "\x1b[31m\x07", "line\nfeed\r\n",
	"\xff\xfe\x80", "\xe2\x80\xae", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3", "", "\x7f\x01",
	"\xf0\x9f\x90\x8d", "a\xff\"",
};

START_TEST(hostile_names)
{
	struct stack stack = stack_of(STACK_NATIVE, 1, 1);
	json_t *object, *frame;
	bool is_utf8 = true;

	frames[0] = (struct python_frame){ hostile[_i], hostile[_i], INT32_MAX, false };
	c_frames[0] = (struct c_frame){ 1, hostile[_i], UINT64_MAX, hostile[_i], UINT64_MAX, 0, 1 };
	object = written(&stack);
	ck_assert_ptr_null(json_object_get(object, "verdict"));
	ck_assert_uint_eq(json_array_size(json_object_get(object, "python")), 1);
	frame = json_array_get(json_object_get(object, "python"), 0);
	is_utf8 = json_object_get(frame, "file_hex") == NULL;
	ck_assert_int_eq(is_utf8, json_object_get(frame, "function_hex") == NULL);
	if (is_utf8)
		ck_assert_str_eq(string(frame, "file"), hostile[_i]);
	else
		ck_assert_uint_eq(strlen(string(frame, "file_hex")), 2 * strlen(hostile[_i]));
	json_decref(object);
}
END_TEST

/* All that a script can make of it: the bound holds, and the reader is told. */
START_TEST(huge_stacks)
{
	static char name[16385];
	struct stack stack = stack_of(STACK_NATIVE, STACK_FRAMES_MAX, STACK_NATIVE_MAX);
	json_t *object;
	size_t count;

	memset(name, "\xff\x1bx\""[_i], sizeof(name) - 1);
	for (unsigned i = 0; i < STACK_FRAMES_MAX; i++)
		frames[i] = (struct python_frame){ name, name + i % 2, INT32_MAX, false };
	for (unsigned i = 0; i < STACK_NATIVE_MAX; i++)
		c_frames[i] = (struct c_frame){ UINT64_MAX, name + 16000, UINT64_MAX, name + 16100,
						UINT64_MAX, UINT32_MAX, UINT32_MAX };
	ck_assert_uint_le(json_stack_size_max(&stack), TEXT_MAX + 256 +
			  STACK_NATIVE_MAX * (192 + 8 * 700));
	object = written(&stack);
	ck_assert(json_is_true(json_object_get(object, "truncated")));
	count = json_array_size(json_object_get(object, "python"));
	/* 262 KiB for one frame of such names at 8 bytes each: not even one. */
	ck_assert_uint_eq(count, 0);
	ck_assert_uint_eq(json_array_size(json_object_get(object, "native")), STACK_NATIVE_MAX);
	json_decref(object);
}
END_TEST

/* The bound is met in the middle: the innermost frames are kept. */
START_TEST(cut_in_the_middle)
{
	static char name[1001];
	struct stack stack = stack_of(STACK_PYTHON, STACK_FRAMES_MAX, 0);
	json_t *object, *python;

	memset(name, 'n', sizeof(name) - 1);
	for (unsigned i = 0; i < STACK_FRAMES_MAX; i++)
		frames[i] = (struct python_frame){ name, "f", (int)i + 1, false };
	object = written(&stack);
	python = json_object_get(object, "python");
	ck_assert(json_is_true(json_object_get(object, "truncated")));
	ck_assert_uint_eq(json_array_size(python), TEXT_MAX / (192 + 8 * 1001));
	ck_assert_int_eq(number(json_array_get(python, 0), "line"), 1);
	json_decref(object);
	/* As many in a row cost as much as one. */
	for (unsigned i = 0; i < STACK_FRAMES_MAX; i++)
		frames[i].line = 1;
	object = written(&stack);
	ck_assert_ptr_null(json_object_get(object, "truncated"));
	json_decref(object);
}
END_TEST

START_TEST(largest_numbers)
{
	struct stack stack = stack_of(STACK_NATIVE, STACK_FRAMES_MAX, STACK_NATIVE_MAX);
	json_t *object;

	for (unsigned i = 0; i < STACK_FRAMES_MAX; i++)
		frames[i] = (struct python_frame){ "\xff", "\xff", INT32_MIN + (int)(i / 2), false };
	stack.user = 0;
	for (unsigned i = 0; i < STACK_NATIVE_MAX; i++)
		c_frames[i] = (struct c_frame){ UINT64_MAX, "\xff", UINT64_MAX, "\xff", UINT64_MAX,
						UINT32_MAX, UINT32_MAX };
	object = written(&stack);
	ck_assert_uint_eq(json_array_size(json_object_get(object, "python")),
			  STACK_FRAMES_MAX / 2);
	json_decref(object);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("json_stack");
	TCase *tcase = tcase_create("keys");

	tcase_add_test(tcase, nothing);
	tcase_add_test(tcase, each_key);
	tcase_add_test(tcase, a_reason);
	tcase_add_test(tcase, repeats);
	tcase_add_loop_test(tcase, hostile_names, 0, ARRAY_SIZE(hostile));
	tcase_add_loop_test(tcase, huge_stacks, 0, 4);
	tcase_add_test(tcase, cut_in_the_middle);
	tcase_add_test(tcase, largest_numbers);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
