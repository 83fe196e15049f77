/* SPDX-License-Identifier: Apache-2.0 */
/*
 * merge.h: which Python frames run in which C call.
 *
 * By address, not by function name: names are stripped, split off (".cold") or absent (JIT).  The
 * anchor of a Python frame (frames.h) lies in the stack of the C call that evaluates it, between
 * that call's stack pointer and its caller's.  Before 3.11 the anchor is the frame object, and
 * its address stands somewhere in that range.
 */
#ifndef TRACER_MERGE_H
#define TRACER_MERGE_H

#include "tracer/events/stack.h"
#include "tracer/native/unwind.h"
#include "tracer/pages.h"
#include "tracer/python/frames.h"

/* Sets `first` and `count` of stack->native, which was made of `native`. */
void merge_frames(const struct frames *frames, const struct native_frame *native,
		  struct stack *stack, struct pages *pages);

#endif
