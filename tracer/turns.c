/* SPDX-License-Identifier: Apache-2.0 */
/* turns.c: see turns.h. */
#include "tracer/turns.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* Who was asked this often in vain is no longer busy. */
#define MISSES_MAX 4
/* After so many rounds everybody is asked: somebody new may be busy.  Its first gains one turn. */
#define ROUNDS 16

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

pid_t turns_wait(struct turns *turns, int *ret_status, struct rusage *ret_usage)
{
	pid_t tid = 0;

	if (turns->count > 1 && turns->asked++ < ROUNDS * turns->count)
		tid = ask_each(turns, ret_status, ret_usage);
	if (tid <= 0) {
		turns->asked = 0;
		tid = wait4(-1, ret_status, __WALL | WNOHANG, ret_usage);
	}
	if (tid > 0)
		note(turns, tid);
	return tid;
}
