/* SPDX-License-Identifier: Apache-2.0 */
/* relay.c: see relay.h. */
#include "tracer/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "tracer/samefile.h"

#define BUFFER 65536
#define PIECES 32
#define DRAIN_WAIT_MS 10000

struct stream {
	int from;             /* read end of the pipe; -1: over */
	int to;               /* 1 or 2, the caller's own: its flags are not ours to change */
	size_t start, end;    /* bytes that are read and not written */
	char bytes[BUFFER];
};

struct relay {
	uint64_t limit, passed;
	unsigned count;
	struct stream streams[2];
	pthread_t thread;
	bool runs;
	int stop;             /* eventfd: nobody writes any more */
	int wake;             /* the tracer's */
	atomic_bool is_over;
};

static bool is_same_file(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 && same_file(&x, &y);
}

static int open_stream(struct relay *relay, int to, int *ret_write)
{
	struct stream *stream = &relay->streams[relay->count];
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	if (fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0) {
		int e = -errno;

		close(ends[0]);
		close(ends[1]);
		return e;
	}
	stream->from = ends[0];
	stream->to = to;
	relay->count++;
	*ret_write = ends[1];
	return 0;
}

int relay_new(uint64_t limit, struct relay **ret_relay, int *ret_out, int *ret_err)
{
	struct relay *relay = calloc(1, sizeof(*relay));
	int out = -1, err = -1, e;

	if (!relay)
		return -ENOMEM;
	relay->limit = limit;
	relay->stop = -1;
	e = open_stream(relay, STDOUT_FILENO, &out);
	if (e < 0) {
		free(relay);
		return e;
	}
	if (is_same_file(STDOUT_FILENO, STDERR_FILENO)) {
		err = fcntl(out, F_DUPFD_CLOEXEC, 3);
		e = err < 0 ? -errno : 0;
	} else {
		e = open_stream(relay, STDERR_FILENO, &err);
	}
	if (e < 0) {
		close(out);
		relay_free(relay);
		return e;
	}
	*ret_relay = relay;
	*ret_out = out;
	*ret_err = err;
	return 0;
}

static unsigned fill_polls(const struct relay *relay, struct pollfd *polls)
{
	unsigned n = 0;

	for (unsigned i = 0; i < relay->count; i++) {
		const struct stream *stream = &relay->streams[i];

		if (stream->start < stream->end)
			polls[n++] = (struct pollfd){ .fd = stream->to, .events = POLLOUT };
		else if (stream->from >= 0)
			polls[n++] = (struct pollfd){ .fd = stream->from, .events = POLLIN };
	}
	return n;
}

static void end_stream(struct stream *stream)
{
	if (stream->from >= 0)
		close(stream->from);
	stream->from = -1;
	stream->start = stream->end = 0;
}

/* True: there is something to write.  Exactly the bytes up to the limit are passed on. */
static bool fill(struct relay *relay, struct stream *stream, bool *over)
{
	ssize_t n;

	if (stream->start < stream->end)
		return true;
	if (stream->from < 0)
		return false;
	n = read(stream->from, stream->bytes, sizeof(stream->bytes));
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		end_stream(stream);
	if (n <= 0)
		return false;
	if ((uint64_t)n > relay->limit - relay->passed) {
		n = (ssize_t)(relay->limit - relay->passed);
		*over = true;
	}
	relay->passed += (uint64_t)n;
	stream->start = 0;
	stream->end = (size_t)n;
	return n > 0;
}

/* At most PIPE_BUF at a time: a pipe that polls writable takes that much without blocking. */
static bool empty_some(struct stream *stream, int wait_ms)
{
	struct pollfd poll_to = { .fd = stream->to, .events = POLLOUT };
	size_t size = stream->end - stream->start;
	ssize_t n;

	if (poll(&poll_to, 1, wait_ms) <= 0)
		return false;
	n = write(stream->to, stream->bytes + stream->start, size < PIPE_BUF ? size : PIPE_BUF);
	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		end_stream(stream);
		return false;
	}
	if (n > 0)
		stream->start += (size_t)n;
	return true;
}

/* In turns, a bounded piece each: one stream without end must not starve the other. */
static bool move(struct relay *relay)
{
	bool over = false;

	for (unsigned i = 0; i < relay->count; i++)
		for (unsigned n = 0; n < PIECES && fill(relay, &relay->streams[i], &over) &&
				     empty_some(&relay->streams[i], 0); n++)
			;
	return over;
}

static bool drain(struct relay *relay)
{
	bool over = false;

	for (unsigned i = 0; i < relay->count; i++)
		while (fill(relay, &relay->streams[i], &over) &&
		       empty_some(&relay->streams[i], DRAIN_WAIT_MS))
			;
	return over;
}

static void count_up(int fd)
{
	uint64_t one = 1;

	/* The counter cannot fill up. */
	if (write(fd, &one, sizeof(one)) < 0)
		return;
}

static void *work(void *data)
{
	struct relay *relay = data;
	struct pollfd polls[3];

	for (;;) {
		unsigned n = fill_polls(relay, polls);

		polls[n] = (struct pollfd){ .fd = relay->stop, .events = POLLIN };
		if (poll(polls, n + 1, -1) < 0)
			continue;
		if (polls[n].revents)
			break;
		if (move(relay)) {
			atomic_store(&relay->is_over, true);
			count_up(relay->wake);
		}
	}
	if (drain(relay))
		atomic_store(&relay->is_over, true);
	return NULL;
}

int relay_start(struct relay *relay, int wake)
{
	sigset_t all, before;
	int e;

	if (!relay)
		return 0;
	relay->wake = wake;
	relay->stop = eventfd(0, EFD_CLOEXEC);
	if (relay->stop < 0)
		return -errno;
	/* Signals belong to the tracer thread alone. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	e = pthread_create(&relay->thread, NULL, work, relay);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	relay->runs = e == 0;
	return -e;
}

bool relay_is_over(struct relay *relay)
{
	return relay && atomic_load(&relay->is_over);
}

bool relay_drain(struct relay *relay)
{
	if (relay && relay->runs) {
		count_up(relay->stop);
		pthread_join(relay->thread, NULL);
		relay->runs = false;
	}
	return relay_is_over(relay);
}

void relay_free(struct relay *relay)
{
	if (!relay)
		return;
	relay_drain(relay);
	for (unsigned i = 0; i < relay->count; i++)
		if (relay->streams[i].from >= 0)
			close(relay->streams[i].from);
	if (relay->stop >= 0)
		close(relay->stop);
	free(relay);
}
