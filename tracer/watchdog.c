/* SPDX-License-Identifier: Apache-2.0 */
/* watchdog.c: see watchdog.h. */
#include "tracer/watchdog.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/eventfd.h>
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
static pthread_t thread;
static int stop_fd = -1;         /* eventfd: readable when the watchdog shall end */

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
	struct pollfd stop = { .fd = stop_fd, .events = POLLIN };
	unsigned seen = 0, looks = 0;

	(void)unused;
	while (poll(&stop, 1, LOOK_MS) == 0) {
		unsigned now;

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

	stop_fd = eventfd(0, EFD_CLOEXEC);
	if (stop_fd < 0)
		return -errno;
	/* Signals belong to the tracer thread alone. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&thread, NULL, watch, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r != 0) {
		close(stop_fd);
		stop_fd = -1;
	}
	return -r;
}

void watchdog_stop(void)
{
	uint64_t one = 1;

	if (stop_fd < 0)
		return;
	if (write(stop_fd, &one, sizeof(one)) == sizeof(one))
		pthread_join(thread, NULL);
	close(stop_fd);
	stop_fd = -1;
}
