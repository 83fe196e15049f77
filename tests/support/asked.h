/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asked.h: a run in the test's own process whose policy asks, answered late from another thread.
 *
 * No option makes such a policy yet, so that its rules are made by hand: writing anywhere in
 * jail_folder, reading jail_folder/secret and running /usr/bin/true are asked for.
 * One run in a process: as nobody it cannot look at its own /proc afterwards.
 */
#ifndef TESTS_SUPPORT_ASKED_H
#define TESTS_SUPPORT_ASKED_H

#include <pthread.h>
#include <stdatomic.h>

#include "tests/support/live.h"
#include "tracer/run.h"

/* What the script writes here is `out`; each byte written to the other is a tick. */
#define ASKED_OUT_FD 30
#define ASKED_TICK_FD 31

#define ASKED_MAX 1024

struct question {
	uint64_t number;
	char call[32];
	char path[512];
	bool is_answered;
	double asked_s;
	unsigned ticks;          /* between question and answer */
};

struct asked {
	/* The plan.  Answers come last question first. */
	double late_s;           /* after the question */
	unsigned gather;         /* none before so many are open, once */
	bool is_silent;          /* nobody ever answers */
	bool (*allows)(const struct question *question);   /* NULL: all */
	struct run_limits limits;

	/* What came of it. */
	struct run_result result;
	char out[65536];
	size_t out_length;
	unsigned count;
	struct question questions[ASKED_MAX];

	atomic_uint ticks;
	atomic_bool is_over;
	pthread_mutex_t lock;
};

/* Runs it to its end.  Fails the test when it could not be started. */
void asked_run(struct asked *asked, const char *code);

/* Questions about this call (NULL: any). */
unsigned asked_count(const struct asked *asked, const char *call);

#endif
