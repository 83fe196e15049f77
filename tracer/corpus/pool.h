/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool.h: pieces of work in processes of their own, a few at a time.
 *
 * Each worker has a session of its own and sends its result, a flat block of bytes, when it is
 * done.  One that dies, or takes too long, is killed with all that it left.
 */
#ifndef TRACER_CORPUS_POOL_H
#define TRACER_CORPUS_POOL_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

struct pool {
	size_t count;                /* pieces of work, numbered from 0 */
	unsigned jobs;
	size_t result_size;
	double patience_s;           /* for one piece */
	void *data;
	/* In the worker. */
	void (*work)(void *data, size_t number, void *ret_result);
	/* In the caller, in the order in which they end; NULL: why says what went wrong. */
	void (*done)(void *data, size_t number, const void *result, const char *why);
	/* Such a piece runs only when no other such piece does; NULL: none are. */
	bool (*is_heavy)(const void *data, size_t number);
	/* Set by somebody's signal handler: everything is killed. */
	const volatile sig_atomic_t *stop;
};

/* 0 when all were done; -EINTR: `stop` was set. */
int pool_run(const struct pool *pool);

#endif
