/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flat.h: an event as one run of bytes without pointers: what the ring carries and the screen keeps.
 *
 * Whatever the event holds it has at most FLAT_MAX bytes: of a text that is too long the middle is
 * left out ("..." stands there), of a deep stack the frames in the middle (is_truncated says so;
 * the frame that is named first stays).
 * Unpacking trusts nothing: every length and place is checked against `size`.
 */
#ifndef TRACER_EVENTS_FLAT_H
#define TRACER_EVENTS_FLAT_H

#include "tracer/events/read.h"
#include "tracer/events/stack.h"

#define FLAT_MAX 16384
#define FLAT_TEXT_MAX 4352      /* of one text, with its NUL: a whole path and a little more */
#define FLAT_FRAMES_MAX 64      /* Python frames that are kept: the innermost and the outermost */
#define FLAT_NATIVE_MAX 48

/* An event of this run, with the names that a record would give.  Borrows all of it. */
void read_event_of(const struct event *event, struct read_event *ret_event);

/* Writes it to `out`, which has room for FLAT_MAX bytes; returns how many it took. */
size_t flat_pack(const struct read_event *event, char *out);

/* What flat_unpack gives: its texts lie in the bytes, its frames in here. */
struct flat_event {
	struct read_event event;        /* .event.stack is NULL, or &stack */
	struct stack stack;
	struct python_frame python[FLAT_FRAMES_MAX];
	struct c_frame native[FLAT_NATIVE_MAX];
};

/* 0, or -EBADMSG: these bytes are no event. */
int flat_unpack(const char *bytes, size_t size, struct flat_event *ret_event);

#endif
