/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frames.h: from a thread state to its Python frames, innermost first.
 *
 * The chain belongs to a thread that is stopped, so it does not move, though others run.  Bounded by
 * STACK_FRAMES_MAX and by the budget of `pages`: cycles of any length end there.
 *
 * Each entry into the evaluation loop leaves an object on the C stack whose address the chain
 * reveals: 3.12 and later, a frame without Python code; 3.11, the cframe.  That address is the
 * anchor by which Python frames are placed among the C frames; before 3.11 it is the frame object,
 * whose address stands in the C frame of its evaluation call.
 */
#ifndef TRACER_PYTHON_FRAMES_H
#define TRACER_PYTHON_FRAMES_H

#include "tracer/events/stack.h"
#include "tracer/python/codes.h"
#include "tracer/python/runtime.h"

/* Bytes of line tables looked through for one stack: some milliseconds at the worst. */
#define FRAMES_TABLES_MAX (4u << 20)

struct frame {
	const struct code *code;
	int line;
	uint64_t anchor;         /* 0: none was found */
};

struct frames {
	struct frame items[STACK_FRAMES_MAX];
	unsigned count;
	bool is_anchored;        /* anchors are places on the C stack: 3.11 and later */
	size_t budget;           /* bytes of line tables that may still be looked through */
	bool is_truncated;       /* a bound or an unreadable link ended the walk */
};

struct frames_walk {
	struct pages *pages;
	const struct runtime *runtime;
	struct codes *codes;
	uint64_t space;          /* number of the address space, and of the stop: codes.h */
	uint64_t stop;
	bool to_user;            /* stop at the first frame that is no library's */
};

/* Makes it empty, as it must be before the first frames_append. */
void frames_clear(struct frames *frames);

/* Appends the frames of one thread state.  0, also when there are none; -ENOSPC, -ENOMEM of codes. */
int frames_append(const struct frames_walk *walk, uint64_t state, struct frames *frames);

/*
 * Where the innermost evaluation call of a state is on the C stack, to order several states of one
 * thread (before 3.11 the first frame's address stands for it).  0: no frame; UINT64_MAX: there is
 * one, but no anchor near it: deep recursion, or a chain that cannot be read.
 */
uint64_t frames_first_anchor(const struct frames_walk *walk, uint64_t state);

#endif
