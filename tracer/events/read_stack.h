/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read_stack.h: the frames of a recorded event, as json_stack.c wrote them.
 *
 * Bounded like a live stack (STACK_FRAMES_MAX, STACK_NATIVE_MAX), whatever the record claims:
 * what is beyond is left out, and is_truncated says so.  Texts are never NULL in Python frames.
 */
#ifndef TRACER_EVENTS_READ_STACK_H
#define TRACER_EVENTS_READ_STACK_H

#include "tracer/events/read_values.h"

struct stack;

/* Room for one stack. */
struct read_stack;

int read_stack_new(struct read_stack **ret_room);
void read_stack_free(struct read_stack *room);      /* takes NULL */

/* Valid until the next one, and as long as object and scratch; NULL: the event has none. */
const struct stack *read_stack(struct read_stack *room, const json_t *object,
			       struct read_scratch *scratch);

#endif
