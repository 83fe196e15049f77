/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race.h: runs tests/live/programs/racer.c in the jail and looks from outside what it changed.
 *
 * race_setup makes, below jail_folder: go (the policy lets it be written), see (read), no (nothing).
 */
#ifndef TESTS_SUPPORT_RACE_H
#define TESTS_SUPPORT_RACE_H

#include <stdbool.h>

#include "tests/support/jail.h"

/* Who exchanges what the call means. */
enum race_by { RACE_BY_THREAD, RACE_BY_OUTSIDER };

struct race {
	const char *program;    /* pyjail, or the naive build */
	const char *kind;       /* of racer.c */
	enum race_by by;
	bool has_landlock;
	bool by_stop;           /* jail_stop_door */
	bool is_held;           /* no/file is inherited: 0 reads it, 2 appends to it */
	unsigned long rounds;
	double seconds;
};

struct race_outcome {
	unsigned long rounds, got, refused, killed, other, won, flips;
	double seconds;
	bool was_touched;       /* seen from outside: something below see or no has changed */
	bool was_told;          /* the program printed what it must not know, or a forbidden one ran */
};

/* jail_setup and the folders.  For a checked fixture; goes with jail_teardown. */
void race_setup(void);

/* Fails the test when the race could not be run to its end. */
struct race_outcome race_run(const struct race *race);

/*
 * As many of them as are wanted: .ci/run takes a part ($PYJAIL_RACE_PART) of a race or of a storm of
 * signals, for the naive build loses within some hundred (test_race_control).
 */
unsigned long race_rounds(unsigned long rounds);

/* A program of tests/live/programs: $PYJAIL_PROGRAMS, else where `make` leaves it. */
const char *race_program(const char *name);

#endif
