/* SPDX-License-Identifier: Apache-2.0 */
/*
 * turns.h: whose stop is dealt with next.
 *
 * wait4(-1) always takes the first of its list that has stopped: a busy task at the head of the list
 * would be served again and again, and the others starve.  So those that stopped lately are asked for
 * one after the other, each by its own number; every now and then a few of all the others; and when
 * none of them has stopped, everybody at once.  With one task nothing more is asked than before.
 */
#ifndef TRACER_TURNS_H
#define TRACER_TURNS_H

#include <sys/types.h>

struct rusage;
struct tracees;

#define TURNS_MAX 8

struct turns {
	pid_t tids[TURNS_MAX];
	unsigned misses[TURNS_MAX];   /* asked in vain, in a row */
	unsigned count;
	unsigned next;                /* whose turn it is */
	unsigned asked;               /* since others were */
	pid_t cursor;                 /* of all tasks, the last that was asked as one of the others */
};

/* wait4(-1, ret_status, __WALL | WNOHANG, ret_usage), in turns. */
pid_t turns_wait(struct turns *turns, const struct tracees *all, int *ret_status,
		 struct rusage *ret_usage);

#endif
