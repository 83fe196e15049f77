/* SPDX-License-Identifier: Apache-2.0 */
/* stack.c: see stack.h. */
#include "tracer/events/stack.h"

#include <stdio.h>
#include <string.h>

const struct python_frame *stack_first(const struct stack *stack)
{
	if (!stack || !stack->python_count)
		return NULL;
	return &stack->python[stack->user < stack->python_count ? stack->user : 0];
}

size_t stack_where(const struct stack *stack, char *out, size_t size)
{
	const struct python_frame *frame = stack_first(stack);
	char line[16] = "";
	int n;

	out[0] = '\0';
	if (!frame)
		return 0;
	if (frame->line > 0)
		snprintf(line, sizeof(line), ":%d", frame->line);
	/* The body of a script or of `-c` has a name only in Python's own words. */
	if (strcmp(frame->function, "<module>") == 0)
		n = snprintf(out, size, "%s%s", frame->file, line);
	else
		n = snprintf(out, size, "%s%s in %s%s", frame->file, line, frame->function,
			     strchr(frame->function, '<') ? "" : "()");
	return n < 0 ? 0 : (size_t)n < size ? (size_t)n : size - 1;
}
