/* SPDX-License-Identifier: Apache-2.0 */
/* json_stack.c: see json_stack.h. */
#include "tracer/events/json_stack.h"

#include <string.h>

#include "tracer/events/json_text.h"
#include "tracer/events/stack.h"

/* Keys and numbers of one frame; and most of all frames, which else a script could make huge. */
#define FRAME_FIXED 192
#define STACK_FIXED 256
#define STACK_TEXT_MAX (256u << 10)

/* Equal texts are one text as a rule: codes.h. */
static bool is_same_text(const char *a, const char *b)
{
	return a == b || strcmp(a, b) == 0;
}

static bool is_same_frame(const struct python_frame *a, const struct python_frame *b)
{
	return a->line == b->line && is_same_text(a->file, b->file) &&
	       is_same_text(a->function, b->function);
}

/* How often the frame at `i` stands there in a row: recursion is told once. */
static unsigned count_repeats(const struct stack *stack, unsigned i)
{
	unsigned n = 1;

	while (i + n < stack->python_count &&
	       is_same_frame(&stack->python[i], &stack->python[i + n]))
		n++;
	return n;
}

static size_t frame_size_max(const char *a, const char *b)
{
	return FRAME_FIXED + JSON_BYTE_GROWS * ((a ? strlen(a) : 0) + (b ? strlen(b) : 0));
}

/* One object, without its comma.  Each key has one before it: the first one's becomes the brace. */
static char *put_python_frame(char *at, const struct stack *stack, unsigned i, unsigned repeats)
{
	const struct python_frame *frame = &stack->python[i];

	char *brace = at;

	at = json_put_bytes(at, "file", frame->file);
	*brace = '{';
	at = json_put_text(at, ",\"line\":");
	at = json_put_signed(at, frame->line);
	at = json_put_bytes(at, "function", frame->function);
	if (repeats > 1) {
		at = json_put_text(at, ",\"times\":");
		at = json_put_unsigned(at, repeats, 1);
	}
	if (stack->user >= i && stack->user < i + repeats)
		at = json_put_text(at, ",\"user\":true");
	return json_put_text(at, "}");
}

static char *put_python(char *at, const struct stack *stack, bool *ret_is_cut)
{
	size_t left = STACK_TEXT_MAX;
	unsigned repeats;

	*ret_is_cut = stack->is_truncated;
	at = json_put_text(at, ",\"python\":[");
	for (unsigned i = 0; i < stack->python_count; i += repeats) {
		size_t size = frame_size_max(stack->python[i].file, stack->python[i].function);

		if (size > left) {
			*ret_is_cut = true;
			break;
		}
		left -= size;
		repeats = count_repeats(stack, i);
		if (i > 0)
			*at++ = ',';
		at = put_python_frame(at, stack, i, repeats);
	}
	return json_put_text(at, "]");
}

/* What a script's own ELF file claims may be larger than readers of JSON take. */
static char *put_offset(char *at, uint64_t offset)
{
	return json_put_unsigned(at, offset <= INT64_MAX ? offset : INT64_MAX, 1);
}

static char *put_c_frame(char *at, const struct c_frame *frame)
{
	at = json_put_text(at, "{\"ip\":\"0x");
	at = json_put_hex(at, (unsigned)(frame->ip >> 32), 8);
	at = json_put_hex(at, (unsigned)frame->ip, 8);
	at = json_put_text(at, "\"");
	if (frame->module) {
		at = json_put_bytes(at, "module", frame->module);
		at = json_put_text(at, ",\"offset\":");
		at = put_offset(at, frame->offset);
	}
	if (frame->symbol) {
		at = json_put_bytes(at, "symbol", frame->symbol);
		at = json_put_text(at, ",\"symbol_offset\":");
		at = put_offset(at, frame->symbol_offset);
	}
	if (frame->count) {
		at = json_put_text(at, ",\"python\":[");
		at = json_put_unsigned(at, frame->first, 1);
		*at++ = ',';
		at = json_put_unsigned(at, frame->count, 1);
		*at++ = ']';
	}
	return json_put_text(at, "}");
}

static char *put_native(char *at, const struct stack *stack)
{
	at = json_put_text(at, ",\"native\":[");
	for (unsigned i = 0; i < stack->native_count; i++) {
		if (i > 0)
			*at++ = ',';
		at = put_c_frame(at, &stack->native[i]);
	}
	return json_put_text(at, "]");
}

/* Where it comes from, with the warning that belongs to it. */
char *json_put_stack(char *at, const struct stack *stack)
{
	bool is_cut = false;

	if (!stack)
		return at;
	at = json_put_bytes(at, "stack", stack_detail_name(stack->detail));
	at = put_python(at, stack, &is_cut);
	if (stack->detail == STACK_NATIVE)
		at = put_native(at, stack);
	at = json_put_optional(at, "missing", stack->reason);
	at = json_put_optional(at, "native_missing", stack->native_reason);
	if (is_cut)
		at = json_put_text(at, ",\"truncated\":true");
	return json_put_text(at, ",\"attribution\":\"unverified\"");
}

size_t json_stack_size_max(const struct stack *stack)
{
	size_t size = 0;

	if (!stack)
		return 0;
	for (unsigned i = 0; i < stack->python_count && size < STACK_TEXT_MAX; i++)
		size += frame_size_max(stack->python[i].file, stack->python[i].function);
	if (size > STACK_TEXT_MAX)
		size = STACK_TEXT_MAX;
	for (unsigned i = 0; i < stack->native_count; i++)
		size += frame_size_max(stack->native[i].module, stack->native[i].symbol);
	return STACK_FIXED + size;
}
