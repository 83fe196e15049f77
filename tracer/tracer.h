/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tracer.h: the state of one run, shared by the parts of the tracer.
 *
 * One thread owns it.  Other threads (worker.h, run_answer) only post to `wake`.
 */
#ifndef TRACER_TRACER_H
#define TRACER_TRACER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "filters/seccomp.h"
#include "tracer/run.h"
#include "tracer/tracee.h"
#include "tracer/turns.h"
#include "tracer/zombies.h"

struct ask;
struct relay;
struct stacks;
struct fakes;
struct views;

struct tracer {
	const struct run_config *config;
	struct run_result *result;
	struct tracees tracees;
	struct leases leases;
	struct turns turns;
	struct zombies zombies;  /* kept with a limit on tasks only */
	pid_t self;              /* pyjail itself */
	pid_t root;              /* the script's first process */
	bool has_landlock;
	struct filter_mode mode; /* what the filter does */
	bool was_launched;       /* the interpreter is running: its first exec is over */
	bool is_ending;          /* everything that is left gets SIGKILL */
	bool root_is_over;
	bool is_frozen;          /* stops and notifications are left where they are */
	bool has_stops;          /* a SIGCHLD was read: wait4 is asked until it has no more */
	int listener;            /* seccomp notifications */
	int signals;             /* signalfd */
	int wake;                /* eventfd: a job is finished */
	int answers;             /* pipe: struct answer, from run_answer */
	int own_fds;             /* /proc/self/fd of the tracer, O_PATH */
	int wall_timer;          /* timerfd; -1: no limit on time */
	int tick_timer;          /* timerfd: limits and waiting ops are looked at */
	int tty;                 /* tty_nr of the tracer's own controlling terminal; 0: none */
	mode_t umask;            /* what the tracer's own umask is set to now */
	int64_t start_us;
	int64_t kill_at_us;      /* a SIGTERM was passed on: after this, SIGKILL; 0: never */
	int64_t tick_us;         /* when tick_timer ends; 0: it is not set */
	int64_t memory_look_us;  /* when memory is looked at next; 0: at once */
	int64_t tmp_look_us;     /* the same of a private /tmp */
	uint64_t dead_cpu_ns;    /* of processes that are gone */
	uint64_t shared_bytes;   /* of shared memory without a file, ever mapped; with a limit only */
	uint64_t questions;
	struct op *waiting;      /* received, not answered: jobs and questions */
	struct fakes *fakes;     /* what was only said to be done; NULL: nothing yet */
	struct views *views;     /* files shown in place of others; NULL: there are none */
	struct stacks *stacks;   /* where calls come from */
	struct ask *ask;         /* the screen; NULL: there is none */
	struct relay *relay;     /* --output; NULL otherwise */
	/*
	 * Signals that came to pyjail: when to pass each on, unless the script is seen to get it by
	 * itself before this (0: not), and when the script's first process last took each.
	 */
	int64_t pass_on_us[65];
	int64_t seen_us[65];
};

int64_t tracer_now_us(void);

/* The run is over: `limit` (static, may be NULL) ended it.  Kills what is left. */
void tracer_end(struct tracer *tracer, const char *limit);

/* pyjail itself cannot go on (first cause counts); ends the run. */
void tracer_fail(struct tracer *tracer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
