/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attempt.h: one run of one script in fresh surroundings, and what it did to them.
 *
 * Success is judged from outside only: the script is never asked.  The caller's process is used
 * up: it becomes a subreaper, and everything below it is killed at the end.
 */
#ifndef TRACER_CORPUS_ATTEMPT_H
#define TRACER_CORPUS_ATTEMPT_H

#include <limits.h>
#include <stdbool.h>

#include "tracer/corpus/header.h"

#define ATTEMPT_WORDS_MAX 4
#define ATTEMPT_WHY_MAX 512

/* How the script is run. */
struct attempt_plan {
	const char *folder;         /* fresh ones are made below */
	const char *name;           /* of the script: "openat_write_outside.py" */
	const char *text;           /* with placeholders */
	bool is_ordinary;
	const char *python;         /* absolute */
	const char *jail;           /* pyjail; NULL: without it, below a stand-in */
	bool has_landlock;
	const char *before[ATTEMPT_WORDS_MAX];  /* without a jail: words between python and script */
	bool is_bounded;            /* address space and file size have an end */
	bool is_host;               /* the interpreter itself is the process above the attack */
	double patience_s;          /* killed after that */
};

/* What became of it. */
struct attempt {
	struct corpus_header header;   /* with this run's values */
	unsigned proofs;               /* those of the header that succeeded, and survivors */
	char why[ATTEMPT_WHY_MAX];     /* the first of them, in words */
	bool timed_out;
	int status;                    /* exit status; -1: a signal */
	int signal;
	double wall_s;
	char limit[16];                /* of the result; "": none */
	char mismatch[ATTEMPT_WHY_MAX];/* what the record and status should not be; "": nothing */
	char out[4096], err[4096];     /* cut */
};

/* Negative errno with words in `why`: the surroundings could not be made. */
int attempt_run(const struct attempt_plan *plan, struct attempt *ret_attempt);

/* "skip: REASON" of a script that ended with 77; false: it did not. */
bool attempt_is_skipped(const struct attempt *attempt, char *out, size_t size);

#endif
