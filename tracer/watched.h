/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watched.h: calls that stop only to be seen (--watch, filters/watch.h), and how the kernel's own
 * calls turned out.
 *
 * Nothing is decided here: the filter itself has said that policy would let the call pass, about the
 * registers that still stand there.  Whatever cannot be found out about it costs words in the
 * record, never the call.  It runs in the kernel, as it would have; its thread stops once more when
 * it returns, and only then is there an event, with the result and the time it took.  A call that
 * does not return (its thread ends in it) is an event all the same.
 */
#ifndef TRACER_WATCHED_H
#define TRACER_WATCHED_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/* At a call stop: it is owed to the watch alone. */
bool watched_is(const struct tracer *tracer, pid_t tid);

/* Sees the call and lets it run.  Takes the op. */
void watched_stopped(struct tracer *tracer, struct tracee *tracee, struct op *op, long nr,
		     const uint64_t args[6]);

/*
 * A call that was decided, and that the kernel performs: true when the watch wants to see how it
 * turns out; then it runs, and the op is taken.
 */
bool watched_run(struct tracer *tracer, struct tracee *tracee, struct op *op);

/* The stop at a call's return: its event, and on. */
void watched_returned(struct tracer *tracer, struct tracee *tracee);

/* The op is given up before its call returned: its event, when it is a watched one. */
void watched_lost(struct tracer *tracer, struct op *op);

#endif
