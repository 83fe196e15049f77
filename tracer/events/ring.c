/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ring.c: see ring.h.
 *
 * The shared pages hold `head` and `tail`, which count bytes since the start and only grow, and the
 * bytes between them, at their count modulo RING_BYTES.  The writer first moves `tail` past what it
 * is going to overwrite, then writes, then moves `head`; a reader copies first and looks at `tail`
 * again afterwards: as with a sequence lock, what was overwritten meanwhile is known to be.
 *
 * The writer takes its own counts from private memory, and reads the pages only to find where old
 * records end.  Neither side follows a count that makes no sense.
 */
#include "tracer/events/ring.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/fail.h"
#include "tracer/events/flat.h"

/* Of the ring that is given up at once: a reader that was overtaken starts so far ahead. */
#define SLACK (64u << 10)
#define TRIES_MAX 64
#define ALIGNMENT 8

struct record {
	uint64_t number;        /* in the ring, from 0; of the kept part: there */
	uint32_t size;          /* bytes that follow, without the filling */
	uint32_t check;         /* ~size: zeroes are no record */
};

struct counts {
	_Atomic uint64_t events, denied, failed, asked, waiting, tasks, is_frozen;
};

/* Each side's hot words on lines of their own. */
struct shared {
	_Alignas(64) _Atomic uint64_t head;
	_Atomic uint64_t tail;
	_Atomic uint64_t kept;
	_Alignas(64) struct counts counts;
	_Alignas(4096) char bytes[RING_BYTES];
	char kept_bytes[RING_KEPT_BYTES];
};

struct ring {
	struct shared *shared;
	/* The writer's. */
	uint64_t head, tail, kept, number, kept_number;
	bool is_kept_full;
	struct ring_counts counts;
};

_Static_assert((RING_BYTES & (RING_BYTES - 1)) == 0, "a power of two");

int ring_new(struct ring **ret_ring)
{
	const int flags = MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE;
	struct ring *ring = calloc(1, sizeof(*ring));
	void *pages;

	if (!ring)
		return -ENOMEM;
	/* cppcheck-suppress invalidFunctionArg ; anonymous pages have no descriptor */
	pages = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, flags, -1, 0);
	if (pages == MAP_FAILED) {
		int e = -errno;

		free(ring);
		return e;
	}
	ring->shared = pages;
	*ret_ring = ring;
	return 0;
}

void ring_free(struct ring *ring)
{
	if (!ring)
		return;
	munmap(ring->shared, sizeof(*ring->shared));
	free(ring);
}

int ring_only_read(struct ring *ring)
{
	return mprotect(ring->shared, sizeof(*ring->shared), PROT_READ) < 0 ? -errno : 0;
}

/* Bytes that a record takes. */
static uint64_t span_of(uint32_t size)
{
	return (sizeof(struct record) + size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static bool is_record(const struct record *record)
{
	return record->size > 0 && record->size <= FLAT_MAX && record->check == ~record->size;
}

static void copy_in(struct shared *shared, uint64_t at, const void *from, size_t size)
{
	size_t start = at % RING_BYTES, first = RING_BYTES - start;

	if (first > size)
		first = size;
	memcpy(shared->bytes + start, from, first);
	memcpy(shared->bytes, (const char *)from + first, size - first);
}

static void copy_out(const struct shared *shared, uint64_t at, void *to, size_t size)
{
	size_t start = at % RING_BYTES, first = RING_BYTES - start;

	if (first > size)
		first = size;
	memcpy(to, shared->bytes + start, first);
	memcpy((char *)to + first, shared->bytes, size - first);
}

/* ---- the tracer ---- */

/* Makes room for `span` bytes, and SLACK more when any has to be made. */
static void give_up_oldest(struct ring *ring, uint64_t span)
{
	struct record record;

	if (ring->head + span - ring->tail <= RING_BYTES)
		return;
	while (ring->tail < ring->head && ring->head + span + SLACK - ring->tail > RING_BYTES) {
		copy_out(ring->shared, ring->tail, &record, sizeof(record));
		/* Somebody wrote into the pages: all that is there is given up. */
		if (!is_record(&record) || span_of(record.size) > ring->head - ring->tail)
			ring->tail = ring->head;
		else
			ring->tail += span_of(record.size);
	}
	atomic_store_explicit(&ring->shared->tail, ring->tail, memory_order_relaxed);
	/* Seen before any byte that follows: x86 keeps stores in order, this keeps the compiler. */
	atomic_thread_fence(memory_order_release);
}

static void put_ring(struct ring *ring, const char *bytes, uint32_t size)
{
	struct record record = { .number = ring->number++, .size = size, .check = ~size };
	uint64_t span = span_of(size);

	give_up_oldest(ring, span);
	copy_in(ring->shared, ring->head, &record, sizeof(record));
	copy_in(ring->shared, ring->head + sizeof(record), bytes, size);
	ring->head += span;
	atomic_store_explicit(&ring->shared->head, ring->head, memory_order_release);
}

/* Once full it stays full: what is there has no gaps. */
static void put_kept(struct ring *ring, const char *bytes, uint32_t size)
{
	struct record record = { .number = ring->kept_number, .size = size, .check = ~size };
	char *at = ring->shared->kept_bytes + ring->kept;

	if (ring->is_kept_full || span_of(size) > RING_KEPT_BYTES - ring->kept) {
		ring->is_kept_full = true;
		return;
	}
	memcpy(at, &record, sizeof(record));
	memcpy(at + sizeof(record), bytes, size);
	ring->kept += span_of(size);
	ring->kept_number++;
	atomic_store_explicit(&ring->shared->kept, ring->kept, memory_order_release);
}

static void show(_Atomic uint64_t *shared, uint64_t value)
{
	atomic_store_explicit(shared, value, memory_order_relaxed);
}

static bool is_refused(const struct event *event)
{
	return event->kind == EVENT_CALL && !event->is_probe &&
	       (event->outcome == OUTCOME_DENY || event->outcome == OUTCOME_KILL);
}

static bool has_failed(const struct event *event)
{
	return event->kind == EVENT_CALL && event->error &&
	       (event->outcome == OUTCOME_ALLOW || event->outcome == OUTCOME_ERROR ||
		event->outcome == OUTCOME_SCRATCH);
}

static void count(struct ring *ring, const struct event *event)
{
	struct ring_counts *counts = &ring->counts;
	struct counts *shared = &ring->shared->counts;

	show(&shared->events, ++counts->events);
	if (is_refused(event))
		show(&shared->denied, ++counts->denied);
	if (has_failed(event))
		show(&shared->failed, ++counts->failed);
	if (event->was_asked)
		show(&shared->asked, ++counts->asked);
}

void ring_set_waiting(struct ring *ring, uint64_t waiting)
{
	show(&ring->shared->counts.waiting, waiting);
}

void ring_set_tasks(struct ring *ring, uint64_t tasks)
{
	show(&ring->shared->counts.tasks, tasks);
}

void ring_set_frozen(struct ring *ring, bool is_frozen)
{
	show(&ring->shared->counts.is_frozen, is_frozen);
}

struct ring_sink {
	struct sink sink;
	struct ring *ring;
	char bytes[FLAT_MAX];
};

static void ring_put(struct sink *sink, const struct event *event)
{
	struct ring_sink *own = (struct ring_sink *)sink;
	struct read_event read;
	uint32_t size;

	read_event_of(event, &read);
	size = (uint32_t)flat_pack(&read, own->bytes);
	/* Before the event: who has seen it finds it counted. */
	count(own->ring, event);
	put_ring(own->ring, own->bytes, size);
	if (is_refused(event) || event->was_asked)
		put_kept(own->ring, own->bytes, size);
}

static int ring_flush(struct sink *sink, bool wait)
{
	(void)sink;
	(void)wait;
	return 0;
}

static void ring_close(struct sink *sink)
{
	free(sink);
}

static const struct sink_ops ops = { ring_put, ring_flush, ring_close };

int ring_sink_new(struct ring *ring, struct sink **ret_sink)
{
	struct ring_sink *own = calloc(1, sizeof(*own));

	if (!own)
		return -ENOMEM;
	own->sink = (struct sink){ .ops = &ops, .fd = -1 };
	own->ring = ring;
	*ret_sink = &own->sink;
	return 0;
}

/* ---- the screen ---- */

static uint64_t load(const _Atomic uint64_t *shared)
{
	return atomic_load_explicit(shared, memory_order_acquire);
}

/*
 * False: it was overwritten meanwhile.  ret_sound: what was copied makes sense: otherwise it is
 * nobody's work but a crash's.
 */
static bool copy_record(const struct shared *shared, const struct ring_reader *reader,
			uint64_t head, struct record *ret, char *out, bool *ret_sound)
{
	copy_out(shared, reader->at, ret, sizeof(*ret));
	*ret_sound = is_record(ret) && span_of(ret->size) <= head - reader->at &&
		     ret->number >= reader->next && ret->number <= reader->at / span_of(1);
	if (*ret_sound)
		copy_out(shared, reader->at + sizeof(*ret), out, ret->size);
	/* The copy before the look: else an old tail could vouch for new bytes. */
	atomic_thread_fence(memory_order_acquire);
	return atomic_load_explicit(&shared->tail, memory_order_relaxed) <= reader->at;
}

int ring_next(const struct ring *ring, struct ring_reader *reader, char *out, size_t *ret_size)
{
	const struct shared *shared = ring->shared;
	struct record record;
	bool is_sound;

	for (int i = 0; i < TRIES_MAX; i++) {
		/* In this order: the head is never behind a tail that was seen before it. */
		uint64_t tail = load(&shared->tail), head = load(&shared->head);

		if (tail > head)
			return 0;
		if (reader->at < tail)
			reader->at = tail;
		if (reader->at >= head)
			return 0;
		if (!copy_record(shared, reader, head, &record, out, &is_sound))
			continue;
		if (!is_sound) {
			/* Broken pages.  What comes after it may be whole again. */
			reader->at = head;
			return 0;
		}
		reader->dropped += record.number - reader->next;
		reader->next = record.number + 1;
		reader->at += span_of(record.size);
		*ret_size = record.size;
		return 1;
	}
	return 0;
}

int ring_next_kept(const struct ring *ring, struct ring_reader *reader, char *out,
		   size_t *ret_size)
{
	const struct shared *shared = ring->shared;
	uint64_t end = load(&shared->kept);
	struct record record;

	if (end > RING_KEPT_BYTES || reader->kept_at > end ||
	    end - reader->kept_at < sizeof(record))
		return 0;
	memcpy(&record, shared->kept_bytes + reader->kept_at, sizeof(record));
	if (!is_record(&record) || span_of(record.size) > end - reader->kept_at) {
		reader->kept_at = end;
		return 0;
	}
	memcpy(out, shared->kept_bytes + reader->kept_at + sizeof(record), record.size);
	reader->kept_at += span_of(record.size);
	*ret_size = record.size;
	return 1;
}

bool ring_has_more(const struct ring *ring, const struct ring_reader *reader)
{
	return load(&ring->shared->head) > reader->at;
}

void ring_read_counts(const struct ring *ring, struct ring_counts *ret_counts)
{
	const struct counts *counts = &ring->shared->counts;

	*ret_counts = (struct ring_counts){
		.events = load(&counts->events), .denied = load(&counts->denied),
		.failed = load(&counts->failed), .asked = load(&counts->asked),
		.waiting = load(&counts->waiting), .tasks = load(&counts->tasks),
		.is_frozen = load(&counts->is_frozen) != 0,
	};
}
