/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker.h: opens that may block, off the main loop.
 *
 * A FIFO waits for its other end, a file under somebody's lease for its holder.  Each such open
 * gets a thread of its own, at most JOBS_MAX at once; the loop goes on and is told by `wake`.
 * Workers only open: they never create, so the process-wide umask does not matter to them.
 */
#ifndef TRACER_WORKER_H
#define TRACER_WORKER_H

#include <stdbool.h>

#define JOBS_MAX 64

struct job;

/* Opens /proc/self/fd/`object` with `flags`; takes neither descriptor.  -EAGAIN: too many jobs. */
int job_start(int object, int flags, int wake, struct job **ret_job);

/* True when it is over: ret_fd is a descriptor (the caller's now) or a negative errno. */
bool job_is_over(struct job *job, int *ret_fd);

/* Makes a blocked open give up with EINTR; it may have succeeded meanwhile. */
void job_interrupt(struct job *job);

/* The caller wants the result no more.  NULL is fine. */
void job_abandon(struct job *job);

/* Once, before any job: the signal that interrupts a blocked open gets a handler that does nothing. */
int jobs_init(void);

#endif
