/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limits.h: time, processor and memory of the whole tree.
 *
 * Wall time is a timer.  Processor time and memory are sampled; the next sample comes the sooner the
 * nearer the limit, so that a process that fills memory as fast as it can overshoots by little.
 * Descriptors and file size are rlimits (launch.c), tasks are counted where they are made (act.c),
 * output is counted where it is passed on (relay.h).
 */
#ifndef TRACER_LIMITS_H
#define TRACER_LIMITS_H

#include <sys/resource.h>

#include "tracer/tracer.h"

/* Wall clock starts now. */
int limits_start(struct tracer *tracer);

/* Samples; ends the run over a limit.  Microseconds until the next sample; 0: none is needed. */
int64_t limits_look(struct tracer *tracer);

/* False: a copy of this process would be over the limit on memory. */
bool limits_allow_fork(struct tracer *tracer, const struct process *process);

/*
 * Shared memory without a file is being mapped.  Its pages outlive their place in a page table, so
 * they are not found in resident sizes: its whole size counts until the run ends.
 */
void limits_add_shared(struct tracer *tracer, uint64_t bytes);

/* A process is gone; `usage` as wait4 gave it: its own and that of the children it waited for. */
void limits_gone(struct tracer *tracer, const struct process *process,
		 const struct rusage *usage);

#endif
