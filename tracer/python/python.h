/* SPDX-License-Identifier: Apache-2.0 */
/*
 * python.h: the Python frames of a stopped thread, in one call.
 *
 * Reads memory only; no code runs in the tracee, and the interpreter is a stock one.
 */
#ifndef TRACER_PYTHON_PYTHON_H
#define TRACER_PYTHON_PYTHON_H

#include "tracer/python/frames.h"

/* Who is asked about.  The thread may wait in a seccomp notification: no registers are needed. */
struct python_thread {
	pid_t pid, tid;
	uint64_t pointer;        /* its thread pointer; 0: not known */
	uint64_t stack;          /* its stack pointer; 0: to be asked of /proc when needed */
	uint64_t *state;         /* remembered between stops; 0: nothing is */
};

/*
 * Fills `frames` (emptied first), innermost first.  0 also when there are none: then *ret_reason
 * (static text) says why.  -ENOSPC, -ENOMEM: the set of code objects is full.
 * `runtimes` holds one at least.
 */
int python_frames(const struct frames_walk *walk, const struct runtimes *runtimes,
		  const struct python_thread *thread, struct frames *frames,
		  const char **ret_reason);

#endif
