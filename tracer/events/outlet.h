/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outlet.h: a descriptor that may be slow, gone or full, and what still has to be written to it.
 *
 * outlet_write never blocks.  A descriptor of our own is made non-blocking; a shared one (stderr)
 * is not touched, since O_NONBLOCK belongs to the open file that the script and the shell write to
 * as well: a terminal is opened a second time, a pipe gets a pump, a socket is asked with
 * MSG_DONTWAIT, and what refuses that is polled first and given at most PIPE_BUF bytes.
 *
 * Needs SIGPIPE and SIGXFSZ ignored.
 */
#ifndef TRACER_EVENTS_OUTLET_H
#define TRACER_EVENTS_OUTLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pump;

struct outlet {
	int fd;             /* what is written and polled: of a shared pipe its pump's */
	bool is_own;        /* closed at the end */
	bool is_regular;    /* a file: always writable, nothing to poll for */
	bool is_socket;
	bool must_poll;     /* a shared description that could not be opened again */
	size_t chunk;       /* most bytes of one write, cut back to the end of a line */
	char *bytes;        /* pending: bytes[head .. tail) */
	size_t head, tail, capacity;
	struct pump *pump;
	uint64_t pumped;    /* bytes given to it */
};

/* An own descriptor is taken, also on failure; a shared one stays the caller's. */
int outlet_open(struct outlet *outlet, int fd, bool is_own);
void outlet_close(struct outlet *outlet);

/* Room for `size` bytes at the end; NULL when there is no memory.  Counts once committed. */
char *outlet_reserve(struct outlet *outlet, size_t size);
void outlet_commit(struct outlet *outlet, size_t size);

static inline size_t outlet_pending(const struct outlet *outlet)
{
	return outlet->tail - outlet->head;
}

/*
 * Writes what can be written now: 0 when nothing is left, -EAGAIN when some is, else what broke.
 * Of a regular file that broke, half a line is taken back.
 */
int outlet_write(struct outlet *outlet);

/* The same, but a pump gets whole pieces: until there is one, -EAGAIN. */
int outlet_offer(struct outlet *outlet);

/* Waits for it; -ETIMEDOUT after `patience_ms` without a byte taken. */
int outlet_drain(struct outlet *outlet, int patience_ms);

/* Forgets what is pending, when nobody will read it. */
void outlet_discard(struct outlet *outlet);

#endif
