/* SPDX-License-Identifier: Apache-2.0 */
/*
 * threads.h: which of Python's thread states belongs to a thread of the system.
 *
 * Matched by thread_id, which is pthread_self() and so the thread pointer (fs_base on x86-64): it
 * needs no translation of ids, is right after fork and in a vfork child.  Several states can carry
 * one: of a thread that is being started (its creator's id, no frame yet), and of the
 * subinterpreters that a thread entered.  The list belongs to running threads: the walk is bounded,
 * and what it finds is checked by what is read next.
 */
#ifndef TRACER_PYTHON_THREADS_H
#define TRACER_PYTHON_THREADS_H

#include "tracer/pages.h"
#include "tracer/python/runtime.h"

/* Before 3.12 many threads at once can be about to start. */
#define THREADS_MATCHES_MAX 64

struct threads {
	uint64_t state[THREADS_MATCHES_MAX];
	unsigned count;
	bool is_only;            /* there is one interpreter: a match can be remembered */
};

/* 0, with count 0 when no state matches; the errors of pages_read. */
int threads_find(struct pages *pages, const struct runtime *runtime, uint64_t thread_pointer,
		 struct threads *ret_threads);

/* Whether a remembered state still is this thread's. */
bool threads_is(struct pages *pages, const struct runtime *runtime, uint64_t state,
		uint64_t thread_pointer);

#endif
