/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.h: one script, run without the jail and then behind each wall that is asked for, and the
 * verdict on each run.
 */
#ifndef TRACER_CORPUS_REPLAY_H
#define TRACER_CORPUS_REPLAY_H

#include "tracer/corpus/attempt.h"
#include "tracer/corpus/cases.h"
#include "tracer/corpus/need.h"

enum replay_run { RUN_CONTROL, RUN_BOTH, RUN_WALL1, RUN_WALL2, RUN_COUNT };

enum replay_verdict {
	REPLAY_NOT_RUN,
	REPLAY_PROVED,        /* a control: the attack works */
	REPLAY_CONTAINED,     /* an ordinary program: it works, unrefused */
	REPLAY_ESCAPED,
	REPLAY_MISMATCH,
	REPLAY_SKIPPED,
	REPLAY_NOT_HELD,      /* wall 2 alone, as the header says */
	REPLAY_HELD_ANYWAY    /* wall 2 alone, though the header says that it would not */
};

struct replay_settings {
	const char *folder;         /* temporary, for all that is made */
	const char *python;         /* absolute */
	const char *jail;           /* this program */
	const char *wall2_jail;     /* the test build; NULL: not asked for */
	unsigned walls;             /* 1 << enum replay_run */
	struct corpus_machine machine;
};

struct replay_outcome {
	enum replay_verdict verdict;
	unsigned proofs;
	double wall_s;
	char why[ATTEMPT_WHY_MAX];
};

struct replay {
	struct replay_outcome runs[RUN_COUNT];
};

/*
 * Uses the caller's process up: see attempt.h.  A limit that the header gives to wall 1 is not
 * tried behind wall 2 alone, but counted as not held.
 */
void replay_case(const struct replay_settings *settings, const struct corpus_case *item,
		 struct replay *ret_replay);

const char *replay_run_name(enum replay_run run);
/* The wall of that name (RUN_BOTH and above); -1: none. */
int replay_find_run(const char *name, size_t length);
const char *replay_verdict_name(enum replay_verdict verdict);

/* Seconds after which a case has hung, whatever it runs. */
double replay_patience(const struct replay_settings *settings);

#endif
