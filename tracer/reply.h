/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reply.h: the answer, back through the door by which the call came.
 *
 * A tracee or notification that is gone meanwhile is normal: nothing is left to answer.
 */
#ifndef TRACER_REPLY_H
#define TRACER_REPLY_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/* The call gives `result` (a value or a negative errno); it does not run. */
void reply_result(const struct tracer *tracer, struct op *op, long result);

/* The kernel performs the call as it stands: only where its arguments are all in registers. */
void reply_run(const struct tracer *tracer, const struct op *op);

/*
 * Hands over `fd` (taken, whatever happens) and finishes the call in one atomic step.  The number it
 * has in the tracee, or a negative errno that the tracee got instead; -ESRCH: nobody is there, or the
 * call was taken back (given.h).
 */
int reply_descriptor(const struct tracer *tracer, struct op *op, int fd, bool close_on_exec);

/*
 * Turns a stopped call into one that waits at the listener, and takes the op.  -ESRCH: gone, and the op
 * is the caller's.
 */
int reply_bridge(struct tracee *tracee, struct op *op);

/* Resumes a tracee from a ptrace stop, delivering `signal` (0: none). */
void reply_resume(pid_t tid, int signal);

/* Resumes it from a call stop: the call runs as it stands, and its return is a stop again. */
void reply_resume_until_return(pid_t tid);

#endif
