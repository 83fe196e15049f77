/* SPDX-License-Identifier: Apache-2.0 */
/* read_stack.c: see read_stack.h. */
#include "tracer/events/read_stack.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/events/stack.h"

struct read_stack {
	struct stack stack;
	struct python_frame python[STACK_FRAMES_MAX];
	struct c_frame native[STACK_NATIVE_MAX];
};

int read_stack_new(struct read_stack **ret_room)
{
	struct read_stack *room = calloc(1, sizeof(*room));

	if (!room)
		return -ENOMEM;
	*ret_room = room;
	return 0;
}

void read_stack_free(struct read_stack *room)
{
	free(room);
}

static const char *text_of(struct read_scratch *scratch, const json_t *frame, const char *key)
{
	const char *text = read_value(scratch, frame, key);

	return text ? text : "";
}

/* Equal frames that were told once: as many as there is room for. */
static void add_python(struct read_stack *room, const json_t *frame, struct read_scratch *scratch)
{
	struct stack *stack = &room->stack;
	unsigned left = STACK_FRAMES_MAX - stack->python_count;
	int64_t times = read_integer(frame, "times", 1, INT64_MAX);
	struct python_frame python = {
		.file = text_of(scratch, frame, "file"),
		.function = text_of(scratch, frame, "function"),
		.line = (int)read_integer(frame, "line", 0, INT32_MAX),
	};

	if (times < 1)
		times = 1;
	if (times > left) {
		times = left;
		stack->is_truncated = true;
	}
	if (times > 0 && stack->user == STACK_FRAMES_MAX && read_truth(frame, "user"))
		stack->user = stack->python_count;
	for (; times > 0; times--)
		room->python[stack->python_count++] = python;
}

static void fill_python(struct read_stack *room, const json_t *object,
			struct read_scratch *scratch)
{
	const json_t *frames = json_object_get(object, "python"), *frame;
	struct stack *stack = &room->stack;
	size_t i;

	/* No frame has this number: the first that says it is the user's takes its place. */
	stack->user = STACK_FRAMES_MAX;
	json_array_foreach(frames, i, frame) {
		add_python(room, frame, scratch);
	}
	if (stack->user > stack->python_count)
		stack->user = stack->python_count;
	/* The user's is the innermost that is no library; those outside of it are not known. */
	for (unsigned k = 0; k < stack->user; k++)
		room->python[k].is_library = true;
}

static uint64_t hex_of(const char *text)
{
	return text && strncmp(text, "0x", 2) == 0 ? strtoull(text, NULL, 16) : 0;
}

/* [first, count], of Python frames that are there. */
static void place(struct c_frame *native, const json_t *pair, unsigned python_count)
{
	json_int_t first = json_integer_value(json_array_get(pair, 0));
	json_int_t count = json_integer_value(json_array_get(pair, 1));

	if (first < 0 || count <= 0 || first > python_count || count > python_count - first)
		return;
	native->first = (unsigned)first;
	native->count = (unsigned)count;
}

static void fill_native(struct read_stack *room, const json_t *object,
			struct read_scratch *scratch)
{
	const json_t *frames = json_object_get(object, "native"), *frame;
	struct stack *stack = &room->stack;
	size_t i;

	json_array_foreach(frames, i, frame) {
		struct c_frame *native = &room->native[stack->native_count];

		if (stack->native_count == STACK_NATIVE_MAX) {
			stack->is_truncated = true;
			return;
		}
		*native = (struct c_frame){
			.ip = hex_of(read_value(scratch, frame, "ip")),
			.module = read_value(scratch, frame, "module"),
			.offset = (uint64_t)read_integer(frame, "offset", 0, INT64_MAX),
			.symbol = read_value(scratch, frame, "symbol"),
			.symbol_offset = (uint64_t)read_integer(frame, "symbol_offset", 0,
								INT64_MAX),
		};
		place(native, json_object_get(frame, "python"), stack->python_count);
		stack->native_count++;
	}
}

/* What a newer pyjail calls otherwise, or not at all, has Python frames all the same. */
static enum stack_detail detail_of(const char *name)
{
	enum stack_detail detail = stack_detail_parse(name, strlen(name));

	return detail == STACK_UNSAID ? STACK_PYTHON : detail;
}

const struct stack *read_stack(struct read_stack *room, const json_t *object,
			       struct read_scratch *scratch)
{
	const char *detail = json_string_value(json_object_get(object, "stack"));

	if (!detail && !json_is_array(json_object_get(object, "python")))
		return NULL;
	room->stack = (struct stack){
		.detail = detail_of(detail ? detail : ""),
		.python = room->python,
		.native = room->native,
		.is_truncated = read_truth(object, "truncated"),
		.reason = read_value(scratch, object, "missing"),
		.native_reason = read_value(scratch, object, "native_missing"),
	};
	fill_python(room, object, scratch);
	fill_native(room, object, scratch);
	return &room->stack;
}
