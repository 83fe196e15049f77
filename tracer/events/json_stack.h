/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_stack.h: a stack as keys of an event's line; docs/RECORD.md says what they mean.
 *
 * Equal frames in a row are one object with a count, so that recursion is short; what is still
 * longer than a bound is cut, and says so: a script must not fill the disk with one call.
 */
#ifndef TRACER_EVENTS_JSON_STACK_H
#define TRACER_EVENTS_JSON_STACK_H

#include <stddef.h>

struct stack;

/* Most bytes that json_put_stack writes.  0 for NULL. */
size_t json_stack_size_max(const struct stack *stack);

/* Every key with its comma before it; nothing for NULL. */
char *json_put_stack(char *at, const struct stack *stack);

#endif
