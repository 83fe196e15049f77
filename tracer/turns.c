/* SPDX-License-Identifier: Apache-2.0 */
/* turns.c: see turns.h. */
#include "tracer/turns.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "tracer/tracee.h"

/* Who was asked this often in vain is no longer busy. */
#define MISSES_MAX 4
/* After so many turns some of the others are asked: somebody new may be busy. */
#define OTHERS_AFTER 16
#define OTHERS 8

static void drop(struct turns *turns, unsigned at)
{
	turns->count--;
	memmove(&turns->tids[at], &turns->tids[at + 1],
		(turns->count - at) * sizeof(turns->tids[0]));
	memmove(&turns->misses[at], &turns->misses[at + 1],
		(turns->count - at) * sizeof(turns->misses[0]));
	if (turns->next > at)
		turns->next--;
}

/* The next turn is the one after it. */
static void note(struct turns *turns, pid_t tid)
{
	unsigned at = 0;

	while (at < turns->count && turns->tids[at] != tid)
		at++;
	if (at == TURNS_MAX)
		drop(turns, at = 0);
	if (at == turns->count || turns->tids[at] != tid) {
		at = turns->count++;
		turns->tids[at] = tid;
	}
	turns->misses[at] = 0;
	turns->next = at + 1;
}

/* 0: none of those whose turn it is has stopped. */
static pid_t ask_each(struct turns *turns, int *status, struct rusage *usage)
{
	for (unsigned left = turns->count - 1; left > 0; left--) {
		unsigned at = turns->next < turns->count ? turns->next : 0;
		pid_t tid = wait4(turns->tids[at], status, __WALL | WNOHANG, usage);

		if (tid > 0)
			return tid;
		turns->next = at + 1;
		if (tid < 0 || ++turns->misses[at] > MISSES_MAX)
			drop(turns, at);
	}
	return 0;
}

static pid_t ask_others(struct turns *turns, const struct tracees *all, int *status,
			struct rusage *usage)
{
	const struct tracee *tracee = tracee_find(all, turns->cursor);

	for (unsigned left = OTHERS; left > 0; left--) {
		pid_t tid;

		tracee = tracee && tracee->hh.next ? tracee->hh.next : all->by_tid;
		turns->cursor = tracee->tid;
		tid = wait4(tracee->tid, status, __WALL | WNOHANG, usage);
		if (tid > 0)
			return tid;
	}
	return 0;
}

pid_t turns_wait(struct turns *turns, const struct tracees *all, int *ret_status,
		 struct rusage *ret_usage)
{
	unsigned tasks = HASH_COUNT(all->by_tid);
	pid_t tid = 0;

	if (tasks > turns->count && tasks > 1 && ++turns->asked > OTHERS_AFTER) {
		turns->asked = 0;
		tid = ask_others(turns, all, ret_status, ret_usage);
	}
	if (tid <= 0 && turns->count > 1)
		tid = ask_each(turns, ret_status, ret_usage);
	if (tid <= 0)
		tid = wait4(-1, ret_status, __WALL | WNOHANG, ret_usage);
	if (tid > 0)
		note(turns, tid);
	return tid;
}
