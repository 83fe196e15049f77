/* SPDX-License-Identifier: Apache-2.0 */
/*
 * given.h: a file that was made for a call, and could not be handed over.
 *
 * Before Linux 5.19 (WAIT_KILLABLE_RECV) a signal takes back a call that was received already, and the
 * kernel starts it again.  Opening once more does no harm, but an exclusive create would find its
 * own file: so the descriptor is kept for the thread's next call with the same arguments that finds
 * that file.  One a thread; what a handler that never returns left is dropped with the next one, or
 * with the thread.
 */
#ifndef TRACER_GIVEN_H
#define TRACER_GIVEN_H

#include <stdint.h>

struct op;
struct tracer;

struct given {
	int fd;                  /* -1: nothing */
	long nr;
	uint64_t args[6];
};

/* Nobody took it: kept when it was made for this call and will be asked for again, else closed. */
void given_back(const struct tracer *tracer, const struct op *op, int fd);

/* The caller's from here on; -1: nothing was made for this call. */
int given_take(struct given *given, const struct op *op);

void given_drop(struct given *given);

#endif
