/* SPDX-License-Identifier: Apache-2.0 */
/*
 * whom.h: whom a call about processes means, and signals that the tracer must send itself.
 */
#ifndef TRACER_WHOM_H
#define TRACER_WHOM_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/* Fills op->target and op->call.target for the kill family, prlimit, scheduling, F_SETOWN, ... */
void whom_find(const struct tracer *tracer, struct op *op);

/*
 * A signal to a group (or to all): each process of the tree that belongs to it gets the signal;
 * pyjail, which may share the group, does not.  0 or -ESRCH, as kill(2).
 */
long whom_signal_group(const struct tracer *tracer, const struct op *op);

/* pidfd_send_signal, by the process id that the descriptor named when it was judged. */
long whom_signal_pidfd(const struct op *op);

#endif
