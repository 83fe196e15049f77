/* SPDX-License-Identifier: Apache-2.0 */
/* pages.c: see pages.h. */
#include "tracer/pages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/mem.h"

#define BUCKETS (4 * PAGES_ROOM)
#define KEYS 64u
#define AGAIN_CALLS_MAX 4        /* each bad page among the remembered ones costs a call */

_Static_assert((BUCKETS & (BUCKETS - 1)) == 0, "a power of two");
_Static_assert(PAGES_AGAIN <= MEM_PLACES_MAX && PAGES_AGAIN <= PAGES_ROOM, "one call fetches them");

struct slot {
	uint64_t address;        /* of the page */
	uint16_t bucket;
	bool is_used;            /* read from since it was fetched */
	bool is_bad;             /* cannot be read: asked once, not again */
};

/* What the last traceback with this key used, in the order of first use. */
struct habit {
	uint64_t key;            /* 0: free */
	uint64_t last_stop;      /* the least recently used one gives way */
	uint16_t count;
	uint64_t addresses[PAGES_AGAIN];
};

struct pages {
	struct pages_source source;
	pid_t tid;
	uint64_t key;
	unsigned budget;
	bool is_begun;           /* nothing was read yet */
	bool is_exhausted;
	unsigned count;          /* slots taken; they are taken in order */
	struct pages_stats stats;
	uint16_t buckets[BUCKETS];       /* slot + 1; 0: free.  Open addressing. */
	struct slot slots[PAGES_ROOM];
	struct habit habits[KEYS];
	uint8_t bytes[PAGES_ROOM][PAGES_SIZE];
};

/* ---- the real process ---- */

static int fetch_process(void *data, pid_t tid, const uint64_t *addresses, unsigned count,
			 void *buffer)
{
	struct iovec places[PAGES_AGAIN];
	ssize_t n;

	(void)data;
	if (count > PAGES_AGAIN)
		count = PAGES_AGAIN;
	for (unsigned i = 0; i < count; i++)
		places[i] = (struct iovec){ (void *)(uintptr_t)addresses[i], PAGES_SIZE };
	n = mem_read_places(tid, places, count, buffer);
	return n < 0 ? (int)n : (int)((size_t)n / PAGES_SIZE);
}

void pages_set_source(struct pages *pages, const struct pages_source *source)
{
	static const struct pages_source process = { fetch_process, NULL };

	pages->source = source ? *source : process;
}

int pages_new(struct pages **ret_pages)
{
	/* Large enough that libc maps it: pages that are never used are never there. */
	struct pages *pages = calloc(1, sizeof(*pages));

	if (!pages)
		return -ENOMEM;
	pages_set_source(pages, NULL);
	*ret_pages = pages;
	return 0;
}

void pages_free(struct pages *pages)
{
	free(pages);
}

/* ---- finding ---- */

/* Fibonacci hashing: neighbours spread well, and there is no stride that meets itself. */
static unsigned bucket_of(uint64_t address)
{
	return (unsigned)(address / PAGES_SIZE * 0x9e3779b97f4a7c15u >> 32) % BUCKETS;
}

static struct slot *find(struct pages *pages, uint64_t address, unsigned *ret_bucket)
{
	unsigned bucket = bucket_of(address);

	/* A quarter of the buckets is taken at most: the search ends. */
	for (; pages->buckets[bucket]; bucket = (bucket + 1) % BUCKETS) {
		struct slot *slot = &pages->slots[pages->buckets[bucket] - 1];

		if (slot->address == address)
			return slot;
	}
	*ret_bucket = bucket;
	return NULL;
}

/* The next free slot, which the page's bytes are in already, or will be. */
static struct slot *take(struct pages *pages, uint64_t address, bool is_bad)
{
	unsigned bucket;
	struct slot *slot = find(pages, address, &bucket);

	if (slot)
		return slot;
	slot = &pages->slots[pages->count++];
	*slot = (struct slot){ .address = address, .bucket = (uint16_t)bucket, .is_bad = is_bad };
	pages->buckets[bucket] = (uint16_t)pages->count;
	return slot;
}

static void forget(struct pages *pages)
{
	for (unsigned i = 0; i < pages->count; i++)
		pages->buckets[pages->slots[i].bucket] = 0;
	pages->count = 0;
}

/* ---- what the last traceback used ---- */

static struct habit *habit_of(struct pages *pages, uint64_t key)
{
	struct habit *oldest = &pages->habits[0];

	for (unsigned i = 0; i < KEYS; i++) {
		struct habit *habit = &pages->habits[i];

		if (habit->key == key)
			return habit;
		if (habit->last_stop < oldest->last_stop)
			oldest = habit;
	}
	*oldest = (struct habit){ .key = key };
	return oldest;
}

static void remember(struct pages *pages)
{
	struct habit *habit;

	if (!pages->key || pages->is_begun || !pages->count)
		return;
	habit = habit_of(pages, pages->key);
	habit->last_stop = pages->stats.stops;
	habit->count = 0;
	for (unsigned i = 0; i < pages->count && habit->count < PAGES_AGAIN; i++) {
		const struct slot *slot = &pages->slots[i];

		if (slot->is_used && !slot->is_bad)
			habit->addresses[habit->count++] = slot->address;
	}
}

static int fetch(struct pages *pages, const uint64_t *addresses, unsigned count)
{
	int got = pages->source.fetch(pages->source.data, pages->tid, addresses, count,
				      pages->bytes[pages->count]);

	pages->stats.calls++;
	if (got == -EFAULT)
		got = 0;
	if (got > 0) {
		pages->stats.pages += (unsigned)got;
		pages->budget -= (unsigned)got;
	}
	return got;
}

/*
 * Into an empty cache, so that the pages lie one after the other.  The kernel stops at the first
 * page that is gone: go on behind it.
 */
static void fetch_again(struct pages *pages, const struct habit *habit)
{
	unsigned next = 0;

	for (int call = 0; call < AGAIN_CALLS_MAX && next < habit->count; call++) {
		unsigned count = habit->count - next;
		int got;

		if (count > pages->budget)
			count = pages->budget;
		if (count == 0)
			return;
		got = fetch(pages, habit->addresses + next, count);
		if (got < 0 || (unsigned)got > count)
			return;
		for (int i = 0; i < got; i++)
			take(pages, habit->addresses[next + (unsigned)i], false);
		pages->stats.again += (unsigned)got;
		next += (unsigned)got + 1;
	}
}

void pages_begin(struct pages *pages, pid_t tid, uint64_t key, unsigned budget)
{
	remember(pages);
	forget(pages);
	pages->tid = tid;
	pages->key = key;
	pages->budget = budget < PAGES_ROOM ? budget : PAGES_ROOM;
	pages->is_begun = true;
	pages->is_exhausted = false;
}

static void start(struct pages *pages)
{
	pages->is_begun = false;
	pages->stats.stops++;
	if (pages->key)
		fetch_again(pages, habit_of(pages, pages->key));
}

/* ---- reading ---- */

static int fetch_one(struct pages *pages, uint64_t address, const uint8_t **ret_bytes)
{
	struct slot *slot;
	int got;

	if (pages->budget == 0 || pages->count == PAGES_ROOM) {
		pages->is_exhausted = true;
		return -EDQUOT;
	}
	got = fetch(pages, &address, 1);
	if (got < 0)
		return got;
	if (got == 0)
		pages->budget--;
	slot = take(pages, address, got == 0);
	slot->is_used = true;
	*ret_bytes = pages->bytes[slot - pages->slots];
	return got == 0 ? -EFAULT : 0;
}

static int page_at(struct pages *pages, uint64_t address, const uint8_t **ret_bytes)
{
	struct slot *slot;
	unsigned bucket;

	if (pages->is_begun)
		start(pages);
	slot = find(pages, address, &bucket);
	if (!slot)
		return fetch_one(pages, address, ret_bytes);
	if (slot->is_bad)
		return -EFAULT;
	slot->is_used = true;
	*ret_bytes = pages->bytes[slot - pages->slots];
	return 0;
}

static bool is_user_range(uint64_t address, size_t size)
{
	return address < PAGES_USER_END && size <= PAGES_USER_END - address;
}

int pages_read(struct pages *pages, uint64_t address, void *buffer, size_t size)
{
	uint8_t *out = buffer;

	if (!is_user_range(address, size))
		return -EFAULT;
	while (size > 0) {
		size_t within = address % PAGES_SIZE, step = PAGES_SIZE - within;
		const uint8_t *bytes;
		int e = page_at(pages, address - within, &bytes);

		if (e < 0)
			return e;
		if (step > size)
			step = size;
		memcpy(out, bytes + within, step);
		out += step;
		address += step;
		size -= step;
	}
	return 0;
}

int pages_read_word(struct pages *pages, uint64_t address, uint64_t *ret_word)
{
	uint64_t word;
	int e = pages_read(pages, address, &word, sizeof(word));

	if (e == 0)
		*ret_word = word;
	return e;
}

const void *pages_peek(struct pages *pages, uint64_t address, size_t size)
{
	size_t within = address % PAGES_SIZE;
	const uint8_t *bytes;

	if (!is_user_range(address, size) || size > PAGES_SIZE - within)
		return NULL;
	return page_at(pages, address - within, &bytes) == 0 ? bytes + within : NULL;
}

bool pages_is_exhausted(const struct pages *pages)
{
	return pages->is_exhausted;
}

unsigned pages_left(const struct pages *pages)
{
	return pages->budget;
}

const struct pages_stats *pages_stats(const struct pages *pages)
{
	return &pages->stats;
}
