/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lease.h: a task whose calls are frequent runs on the tracer's CPU for a while.
 *
 * A stop costs 3 to 4 us when tracer and tracee take turns on one CPU, and 13 to 90 us when each
 * wakes the other on another one.  So a hot task is *lent* the tracer's CPU: its affinity is set to
 * that CPU alone, and so is the tracer's as long as any lease is out.
 *
 * Pinned, the tracer is SCHED_BATCH as long as only leased tasks call: it does not take the CPU from
 * a task that wakes it.  That task is about to sleep in its call, or, when it wakes the tracer by
 * having taken a descriptor (ADDFD waits for that), to go on with its work: taking turns there would
 * cost every open two switches more, and the script the caches and page translations that go with
 * them.  Whoever calls from another CPU would wait for the one that computes here.
 *
 * Invariants.  Nobody notices: before a task's affinity is asked for or set, and before it makes
 * another task (which would inherit it), the lease is over.  A task whose affinity was ever set, or
 * looked at by another task, gets none again; nor does anybody who is there when /proc/N/status is
 * opened, which tells it at each read.  Where reads are not judged there are no leases: such an open
 * would not be seen.  What somebody outside has set in the meantime stays.
 * A lease ends after LEASE_CALLS calls, when the task makes few calls in LEASE_LOOK_US (it computes
 * or sleeps), or with the task.  Tasks that do nothing but call get one, several at a time; one that
 * works between its calls gets one while nobody else calls.
 */
#ifndef TRACER_LEASE_H
#define TRACER_LEASE_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

struct op;
struct tracee;
struct tracer;

/* Of one task. */
struct lease {
	bool is_out;
	bool is_never;           /* its affinity is somebody's business */
	unsigned calls;          /* since `since_us`, or since it began */
	unsigned looked;         /* `calls` at the last look */
	unsigned all_calls;      /* of leases, at `since_us` */
	int64_t since_us;
	uint64_t cpu_ns;         /* of its process, at `since_us` */
	cpu_set_t own;           /* is_out: what it goes back to */
};

/* Of the tracer. */
struct leases {
	bool is_on;              /* there is more than one CPU to choose from */
	bool is_normal;          /* the tracer came as SCHED_OTHER: it may be made SCHED_BATCH */
	bool is_pinned;          /* the tracer itself is on `cpu` alone */
	bool is_batch;           /* and SCHED_BATCH */
	bool is_called;          /* since the last look, from another CPU */
	unsigned calls;          /* of all tasks */
	pid_t lone;              /* who has its lease while nobody else calls; 0: none */
	int cpu;
	int64_t look_us;         /* when to look next */
	cpu_set_t own;           /* the tracer's */
};

void lease_start(struct tracer *tracer);
void lease_end(struct tracer *tracer);

/* The task has made a call, and waits for its answer. */
void lease_call(struct tracer *tracer, struct tracee *tracee);

/* It has begun a new program, which will open many files; it is in its stop. */
void lease_program(struct tracer *tracer, struct tracee *tracee);

/* Before the task makes another one. */
void lease_over(struct tracer *tracer, struct tracee *tracee);

/* Before the kernel performs sched_getaffinity or sched_setaffinity. */
void lease_asked(struct tracer *tracer, struct tracee *tracee, const struct op *op);

/* A file below /proc/self is opened for the script, by this path. */
void lease_shown(struct tracer *tracer, const char *path);

/* Ends what is cold.  When to look again, in microseconds; 0: never. */
int64_t lease_look(struct tracer *tracer);

#endif
