/* SPDX-License-Identifier: Apache-2.0 */
/* tally.h: the part of racer.c that counts how its calls went.  Included once, by racer.c. */
#ifndef TESTS_LIVE_PROGRAMS_TALLY_H
#define TESTS_LIVE_PROGRAMS_TALLY_H

struct tally {
	unsigned long rounds, got, refused, killed, other, won;
	double seconds;
};

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* On a busy machine the other thread may hardly run: then nothing was exchanged yet. */
static bool is_one_sided(const struct tally *tally)
{
	unsigned long few = tally->rounds / 100;

	return tally->got < few || tally->rounds - tally->got < few;
}

/* As tests/support/race.c reads it. */
static void tally_print(const struct tally *tally, unsigned long flips)
{
	printf("rounds %lu got %lu refused %lu killed %lu other %lu won %lu flips %lu seconds %g\n",
	       tally->rounds, tally->got, tally->refused, tally->killed, tally->other, tally->won,
	       flips, tally->seconds);
}

#endif
