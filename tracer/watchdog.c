/* SPDX-License-Identifier: Apache-2.0 */
/* watchdog.c: see watchdog.h. */
#include "tracer/watchdog.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS 500
#define KILL_AFTER 4    /* looks at one and the same access: 2 s */
#define GIVE_UP_AFTER 8

/*
 * Mutable, and static because the access functions take no context: written by the tracer thread,
 * read by the watchdog.  `turn` tells one access from the next; it is even between accesses.
 */
static atomic_uint turn;
static atomic_int whose;
static atomic_bool is_over;
static pthread_t thread;
static bool is_running;

void watchdog_enter(pid_t tid)
{
	atomic_store_explicit(&whose, tid, memory_order_relaxed);
	atomic_fetch_add_explicit(&turn, 1, memory_order_release);
}

void watchdog_leave(void)
{
	atomic_fetch_add_explicit(&turn, 1, memory_order_release);
}

static void *watch(void *unused)
{
	unsigned seen = 0, looks = 0;

	(void)unused;
	while (!atomic_load(&is_over)) {
		struct timespec pause = { .tv_nsec = LOOK_MS * 1000000L };
		unsigned now;

		nanosleep(&pause, NULL);
		now = atomic_load(&turn);
		looks = now == seen && now % 2 ? looks + 1 : 0;
		seen = now;
		if (looks == KILL_AFTER)
			kill(atomic_load(&whose), SIGKILL);
		if (looks >= GIVE_UP_AFTER)
			_exit(125);
	}
	return NULL;
}

int watchdog_start(void)
{
	sigset_t all, before;
	int r;

	/* Signals belong to the tracer thread alone. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	atomic_store(&is_over, false);
	r = pthread_create(&thread, NULL, watch, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	is_running = r == 0;
	return -r;
}

void watchdog_stop(void)
{
	if (!is_running)
		return;
	atomic_store(&is_over, true);
	pthread_cancel(thread);
	pthread_join(thread, NULL);
	is_running = false;
}
