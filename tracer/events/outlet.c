/* SPDX-License-Identifier: Apache-2.0 */
/* outlet.c: see outlet.h. */
#include "tracer/events/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fail.h"
#include "tracer/events/pump.h"
#include "tracer/fdname.h"

#define CAPACITY_LEAST 4096
#define CAPACITY_KEPT (1u << 20)

/*
 * A second description of the same pipe or terminal, ours alone.  Not of a regular file: that one
 * would have an offset of its own and overwrite what others wrote.
 */
static int open_again(int fd, mode_t type)
{
	int again;

	if (!S_ISFIFO(type) && !isatty(fd))
		return -ENOTTY;
	again = open(fd_path(fd).text, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (again < 0)
		return -errno;
	return again;
}

static int set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/* A duplicate will do for the thread, where the pipe cannot be opened again. */
static bool prepare_pump(struct outlet *outlet, int again)
{
	int to = again >= 0 ? again : fcntl(outlet->fd, F_DUPFD_CLOEXEC, 3);

	if (to < 0)
		return false;
	if (pump_new(to, &outlet->pump, &outlet->fd) < 0) {
		close(to);
		return false;
	}
	outlet->is_socket = outlet->is_own = true;
	return true;
}

static void prepare_shared(struct outlet *outlet, mode_t type)
{
	int again = open_again(outlet->fd, type);

	outlet->chunk = PIPE_BUF;
	if (S_ISFIFO(type) && prepare_pump(outlet, again))
		return;
	if (again >= 0 && !S_ISFIFO(type)) {
		outlet->fd = again;
		outlet->is_own = true;
	} else {
		outlet->must_poll = !outlet->is_regular && !outlet->is_socket;
	}
}

int outlet_open(struct outlet *outlet, int fd, bool is_own)
{
	cleanup_close int owned = is_own ? fd : -1;
	struct stat st;

	*outlet = (struct outlet){ .fd = fd, .chunk = SIZE_MAX };
	if (fstat(fd, &st) < 0)
		return -errno;
	outlet->is_regular = S_ISREG(st.st_mode);
	outlet->is_socket = S_ISSOCK(st.st_mode);
	if (!is_own) {
		prepare_shared(outlet, st.st_mode);
		return 0;
	}
	if (!outlet->is_regular && set_nonblocking(fd) < 0)
		return -errno;
	outlet->is_own = true;
	steal_fd(&owned);
	return 0;
}

void outlet_close(struct outlet *outlet)
{
	if (outlet->is_own)
		close(outlet->fd);
	pump_free(outlet->pump);
	free(outlet->bytes);
	*outlet = (struct outlet){ .fd = -1 };
}

char *outlet_reserve(struct outlet *outlet, size_t size)
{
	size_t pending = outlet_pending(outlet);
	size_t capacity = outlet->capacity ? outlet->capacity : CAPACITY_LEAST;
	char *bytes;

	if (outlet->capacity - outlet->tail >= size)
		return outlet->bytes + outlet->tail;
	if (pending > 0 && outlet->head > 0)
		memmove(outlet->bytes, outlet->bytes + outlet->head, pending);
	outlet->head = 0;
	outlet->tail = pending;
	/* Half as much again: else a full backlog is moved for each line that leaves it. */
	while (capacity < (pending + size) / 2 * 3)
		capacity *= 2;
	if (capacity > outlet->capacity) {
		bytes = realloc(outlet->bytes, capacity);
		if (!bytes && outlet->capacity - pending < size)
			return NULL;
		if (bytes) {
			outlet->bytes = bytes;
			outlet->capacity = capacity;
		}
	}
	return outlet->bytes + outlet->tail;
}

void outlet_commit(struct outlet *outlet, size_t size)
{
	outlet->tail += size;
}

void outlet_discard(struct outlet *outlet)
{
	outlet->head = outlet->tail = 0;
	if (outlet->capacity > CAPACITY_KEPT) {
		free(outlet->bytes);
		outlet->bytes = NULL;
		outlet->capacity = 0;
	}
}

static size_t next_chunk(const struct outlet *outlet)
{
	size_t size = outlet_pending(outlet);
	const char *start = outlet->bytes + outlet->head;
	const char *line_end;

	if (size <= outlet->chunk)
		return size;
	line_end = memrchr(start, '\n', outlet->chunk);
	return line_end ? (size_t)(line_end - start) + 1 : outlet->chunk;
}

static int poll_now(int fd, int timeout_ms)
{
	struct pollfd target = { .fd = fd, .events = POLLOUT };
	int ready = poll(&target, 1, timeout_ms);

	if (ready < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	return ready == 0 ? -EAGAIN : 0;
}

/* One write; the bytes taken or a negative errno. */
static ssize_t write_chunk(const struct outlet *outlet)
{
	const char *start = outlet->bytes + outlet->head;
	size_t size = next_chunk(outlet);
	ssize_t written;

	if (outlet->must_poll && poll_now(outlet->fd, 0) < 0)
		return -EAGAIN;
	do {
		written = outlet->is_socket ?
			send(outlet->fd, start, size, MSG_DONTWAIT | MSG_NOSIGNAL) :
			write(outlet->fd, start, size);
	} while (written < 0 && errno == EINTR);
	if (written == 0)
		return -EIO;
	return written < 0 ? -errno : written;
}

/*
 * A full disk takes half a line.  Nobody could read that, so it goes again: unless the file is
 * longer than what we wrote, because then the end is not ours to cut.
 */
static void take_back_half_line(const struct outlet *outlet)
{
	const char *head = outlet->bytes + outlet->head;
	const char *line_end = memrchr(outlet->bytes, '\n', outlet->head);
	off_t half = line_end ? head - line_end - 1 : (off_t)outlet->head;
	off_t at = lseek(outlet->fd, 0, SEEK_CUR);
	struct stat st;

	if (half == 0 || at < half || fstat(outlet->fd, &st) < 0 || st.st_size != at)
		return;
	if (ftruncate(outlet->fd, at - half) == 0)
		lseek(outlet->fd, at - half, SEEK_SET);
}

int outlet_write(struct outlet *outlet)
{
	while (outlet_pending(outlet) > 0) {
		ssize_t written = write_chunk(outlet);

		if (written == -EAGAIN)
			return -EAGAIN;
		if (written < 0) {
			if (outlet->is_regular)
				take_back_half_line(outlet);
			return (int)written;
		}
		outlet->head += (size_t)written;
		outlet->pumped += (uint64_t)written;
	}
	outlet_discard(outlet);
	return 0;
}

int outlet_offer(struct outlet *outlet)
{
	if (outlet->pump && outlet_pending(outlet) < outlet->chunk)
		return -EAGAIN;
	return outlet_write(outlet);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int outlet_drain(struct outlet *outlet, int patience_ms)
{
	int64_t deadline = now_ms() + patience_ms;

	for (;;) {
		size_t before = outlet_pending(outlet);
		int r = outlet_write(outlet);
		int64_t left;

		if (r == 0 && outlet->pump)
			return pump_wait(outlet->pump, outlet->pumped, patience_ms);
		if (r != -EAGAIN)
			return r;
		if (outlet_pending(outlet) < before)
			deadline = now_ms() + patience_ms;
		left = deadline - now_ms();
		if (left <= 0)
			return -ETIMEDOUT;
		r = poll_now(outlet->fd, (int)left);
		if (r < 0 && r != -EAGAIN)
			return r;
	}
}
