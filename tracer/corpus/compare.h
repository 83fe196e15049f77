/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compare.h: an attack of language/ in each of the sandboxes that people build inside of Python, and
 * in pyjail.
 *
 * A sandbox is a program of corpus/sandboxes: harness.py says what its exit status means.  It is
 * shown only when its own harmless program works in it.
 */
#ifndef TRACER_CORPUS_COMPARE_H
#define TRACER_CORPUS_COMPARE_H

#include "tracer/corpus/replay.h"

enum compare_cell {
	CELL_NONE,          /* the attack is skipped, or the sandbox is not there */
	CELL_ESCAPED,
	CELL_CONTAINED,
	CELL_CANNOT         /* cannot express: refused for a reason that is not the attack */
};

struct compare_settings {
	const struct replay_settings *replay;
	const char *folder;              /* with the sandboxes */
	const char *restricted;          /* folder of RestrictedPython; NULL: Python's own */
	bool works[SANDBOX_COUNT];
};

/* Whether a sandbox lets its own harmless program work; `said`: its last words. */
struct compare_honest {
	bool works;
	char said[256];
};

struct compare {
	enum compare_cell cells[SANDBOX_COUNT];
	struct replay_outcome jail;
	char why[SANDBOX_COUNT][128];
};

/* Both use the caller's process up: see attempt.h. */
void compare_honest(const struct compare_settings *settings, enum corpus_sandbox sandbox,
		    struct compare_honest *ret_honest);
void compare_case(const struct compare_settings *settings, const struct corpus_case *item,
		  struct compare *ret_compare);

const char *compare_cell_name(enum compare_cell cell);

/* Head of the column. */
const char *compare_title(enum corpus_sandbox sandbox);

/* Seconds after which a case has hung. */
double compare_patience(void);

#endif
