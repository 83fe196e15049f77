/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ring.h: from the tracer to the screen, through memory that both share: events and counters.
 *
 * One writer, which never waits: it overwrites the oldest events.  One reader, in another process,
 * which may be slow, stopped or gone.  An event is flat (flat.h).  What policy refused or asked is
 * kept a second time in a part that is never overwritten, until that is full (RING_KEPT_BYTES).
 *
 * Made before the fork, so that both sides map the same pages; freed by each for itself.  The
 * screen's side may be broken or the tracer's cut off in mid-write: no count and no byte of the
 * pages is trusted, and what makes no sense is not given.
 */
#ifndef TRACER_EVENTS_RING_H
#define TRACER_EVENTS_RING_H

#include "tracer/events/sink.h"

#define RING_BYTES (8u << 20)
#define RING_KEPT_BYTES (2u << 20)

struct ring;

/* As the tracer counts, complete whatever was overwritten. */
struct ring_counts {
	uint64_t events;        /* put so far */
	uint64_t denied;        /* without probes */
	uint64_t failed;        /* allowed or before policy, and yet with an errno */
	uint64_t asked;
	uint64_t waiting;       /* questions without an answer */
	uint64_t tasks;         /* live processes and threads */
	bool is_frozen;
};

/* Where a reader is.  Zeroed before the first ring_next. */
struct ring_reader {
	uint64_t at;            /* bytes of the ring read, or overwritten unread */
	uint64_t next;          /* number (in the ring, from 0) of the event to come */
	uint64_t dropped;       /* events that were overwritten before they were read */
	uint64_t kept_at;
};

int ring_new(struct ring **ret_ring);
void ring_free(struct ring *ring);

/* ---- the tracer ---- */

int ring_sink_new(struct ring *ring, struct sink **ret_sink);
void ring_set_waiting(struct ring *ring, uint64_t waiting);
void ring_set_tasks(struct ring *ring, uint64_t tasks);
void ring_set_frozen(struct ring *ring, bool is_frozen);

/* ---- the screen ---- */

/* From here on this process cannot write to the pages: none of its mistakes reaches the tracer. */
int ring_only_read(struct ring *ring);

/*
 * Copies the next event to `out` (FLAT_MAX bytes): 1, or 0 when there is none so far.  A copy that
 * was overwritten meanwhile is not given: the reader goes on with the oldest that is left.
 */
int ring_next(const struct ring *ring, struct ring_reader *reader, char *out, size_t *ret_size);

/* The same for what was refused or asked: each of them comes here as well as in ring_next. */
int ring_next_kept(const struct ring *ring, struct ring_reader *reader, char *out,
		   size_t *ret_size);

/* True when ring_next would give something: costs one load. */
bool ring_has_more(const struct ring *ring, const struct ring_reader *reader);

void ring_read_counts(const struct ring *ring, struct ring_counts *ret_counts);

#endif
