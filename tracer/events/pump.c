/* SPDX-License-Identifier: Apache-2.0 */
/* pump.c: see pump.h. */
#include "tracer/events/pump.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/fail.h"

/* Shared by the thread and the caller, under `lock`; whoever lets go last frees it. */
struct pump {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	unsigned holders;
	uint64_t passed;
	int error;               /* errno of `to`; 0 */
	int from, to;            /* the thread's own */
};

static void let_go(struct pump *pump)
{
	bool is_last;

	pthread_mutex_lock(&pump->lock);
	is_last = --pump->holders == 0;
	pthread_mutex_unlock(&pump->lock);
	if (!is_last)
		return;
	pthread_cond_destroy(&pump->moved);
	pthread_mutex_destroy(&pump->lock);
	free(pump);
}

static void note(struct pump *pump, size_t passed, int error)
{
	pthread_mutex_lock(&pump->lock);
	pump->passed += passed;
	pump->error = error;
	pthread_cond_signal(&pump->moved);
	pthread_mutex_unlock(&pump->lock);
}

/* 0 or errno.  The pipe may be set to O_NONBLOCK by who shares it. */
static int pass_on(int to, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write(to, bytes, size);

		if (n < 0 && errno == EAGAIN)
			poll(&(struct pollfd){ .fd = to, .events = POLLOUT }, 1, -1);
		else if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0) {
			bytes += n;
			size -= (size_t)n;
		}
	}
	return 0;
}

static void *work(void *data)
{
	struct pump *pump = data;
	char bytes[PIPE_BUF];
	int error = 0;

	while (error == 0) {
		ssize_t n = recv(pump->from, bytes, sizeof(bytes), 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		error = pass_on(pump->to, bytes, (size_t)n);
		note(pump, error ? 0 : (size_t)n, error);
	}
	close(pump->from);
	close(pump->to);
	let_go(pump);
	return NULL;
}

/* No signal is for it; SIGPIPE of its own writes stays pending and dies with it. */
static int start(struct pump *pump)
{
	sigset_t all, before;
	pthread_attr_t attr;
	pthread_t thread;
	int e;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, 64 << 10);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	e = pthread_create(&thread, &attr, work, pump);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return -e;
}

static int init(struct pump *pump, int from, int to)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&pump->moved, &attr);
	pthread_condattr_destroy(&attr);
	pthread_mutex_init(&pump->lock, NULL);
	pump->holders = 2;
	pump->from = from;
	pump->to = to;
	return start(pump);
}

int pump_new(int to, struct pump **ret_pump, int *ret_fd)
{
	struct pump *pump = calloc(1, sizeof(*pump));
	int ends[2], e;

	if (!pump)
		return -ENOMEM;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
		e = -errno;
		free(pump);
		return e;
	}
	e = init(pump, ends[0], to);
	if (e < 0) {
		close(ends[0]);
		close(ends[1]);
		free(pump);
		return e;
	}
	*ret_pump = pump;
	*ret_fd = ends[1];
	return 0;
}

int pump_wait(struct pump *pump, uint64_t bytes, int patience_ms)
{
	struct timespec until;
	int e = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += patience_ms / 1000;
	until.tv_nsec += patience_ms % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&pump->lock);
	while (e == 0 && pump->passed < bytes && !pump->error)
		e = pthread_cond_timedwait(&pump->moved, &pump->lock, &until);
	e = pump->error ? pump->error : pump->passed < bytes ? e : 0;
	pthread_mutex_unlock(&pump->lock);
	return -e;
}

void pump_free(struct pump *pump)
{
	if (pump)
		let_go(pump);
}
