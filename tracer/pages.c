/* SPDX-License-Identifier: Apache-2.0 */
/* pages.c: see pages.h. */
#include "tracer/pages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/mem.h"

#define BUCKETS (4 * PAGES_ROOM)
#define KEYS 64u
#define LINE 64u                 /* of the processor's cache */
#define AGAIN_CALLS_MAX 4        /* each bad page among the remembered ones costs a call */

_Static_assert((BUCKETS & (BUCKETS - 1)) == 0, "a power of two");
_Static_assert(PAGES_AGAIN <= MEM_PLACES_MAX && PAGES_AGAIN <= PAGES_ROOM, "one call fetches them");

/*
 * A page, or a piece of it.  What was asked for of it, in this stop and the last ones, lies from
 * `low` to `high`; while the page is not whole that is all there is of it.
 */
struct slot {
	uint64_t address;        /* of the page */
	const uint8_t *bytes;    /* of the page, from its offset `first` on */
	uint16_t first, low, high;
	uint16_t bucket;
	bool is_whole;
	bool is_used;            /* read from since it was fetched */
	bool is_wider;           /* something was asked for that the last stops had not */
	bool is_bad;             /* cannot be read: asked once, not again */
};

/* What is fetched again of a page: all of it, until it is known what is enough. */
struct use {
	uint64_t address;        /* of the page */
	uint16_t low, high;
	bool is_whole;
};

/* What the last traceback with this key used, in the order of first use. */
struct habit {
	uint64_t key;            /* 0: free */
	uint64_t last_stop;      /* the least recently used one gives way */
	uint16_t count;
	struct use uses[PAGES_AGAIN];
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
	uint8_t again[PAGES_AGAIN * PAGES_SIZE];         /* pieces, close together */
	uint8_t bytes[PAGES_ROOM][PAGES_SIZE];
};

/* ---- the real process ---- */

static int fetch_process(void *data, pid_t tid, const struct pages_piece *pieces, unsigned count,
			 void *buffer)
{
	struct iovec places[PAGES_AGAIN];
	unsigned whole = 0, given = 0;
	ssize_t left;

	(void)data;
	if (count > PAGES_AGAIN)
		count = PAGES_AGAIN;
	do {
		places[given].iov_base = (void *)(uintptr_t)pieces[given].address;
		places[given].iov_len = pieces[given].size;
	} while (++given < count);
	left = mem_read_places(tid, places, count, buffer);
	if (left < 0)
		return (int)left;
	while (whole < count && left >= (ssize_t)pieces[whole].size)
		left -= pieces[whole++].size;
	return (int)whole;
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

static struct slot *find(struct pages *pages, uint64_t address)
{
	unsigned bucket = bucket_of(address), taken;

	/* A quarter of the buckets is taken at most: the search ends. */
	while ((taken = pages->buckets[bucket]) != 0) {
		if (pages->slots[taken - 1].address == address)
			return &pages->slots[taken - 1];
		bucket = (bucket + 1) % BUCKETS;
	}
	return NULL;
}

/* The next free slot; the page has none yet. */
static struct slot *take(struct pages *pages, uint64_t address)
{
	unsigned bucket = bucket_of(address);
	struct slot *slot = &pages->slots[pages->count++];

	while (pages->buckets[bucket])
		bucket = (bucket + 1) % BUCKETS;
	*slot = (struct slot){ .address = address, .bucket = (uint16_t)bucket };
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

/* Up to whole lines: the rest of one comes for nothing. */
static struct use use_of(const struct slot *slot)
{
	return (struct use){
		.address = slot->address,
		.low = slot->low / LINE * LINE,
		.high = (uint16_t)((slot->high + LINE - 1) / LINE * LINE),
		.is_whole = slot->is_wider,
	};
}

static struct pages_piece piece_of(const struct use *use)
{
	if (use->is_whole)
		return (struct pages_piece){ use->address, PAGES_SIZE };
	return (struct pages_piece){ use->address + use->low, (uint32_t)(use->high - use->low) };
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
			habit->uses[habit->count++] = use_of(slot);
	}
}

static int fetch(struct pages *pages, const struct pages_piece *pieces, unsigned count,
		 void *buffer)
{
	int got = pages->source.fetch(pages->source.data, pages->tid, pieces, count, buffer);

	pages->stats.calls++;
	if (got == -EFAULT)
		got = 0;
	if (got > 0)
		pages->stats.pages += (unsigned)got;
	return got;
}

static void take_again(struct pages *pages, const struct use *use, const uint8_t *bytes)
{
	struct slot *slot = take(pages, use->address);

	slot->bytes = bytes;
	slot->first = use->is_whole ? 0 : use->low;
	slot->low = use->low;
	slot->high = use->high;
	slot->is_whole = use->is_whole;
}

/* Into an empty cache.  The kernel stops at the first page that is gone: go on behind it. */
static void fetch_again(struct pages *pages, const struct habit *habit)
{
	struct pages_piece pieces[PAGES_AGAIN];
	uint8_t *bytes = pages->again;
	unsigned next = 0;

	for (unsigned i = 0; i < habit->count; i++)
		pieces[i] = piece_of(&habit->uses[i]);
	for (int call = 0; call < AGAIN_CALLS_MAX && next < habit->count; call++) {
		unsigned count = habit->count - next;
		int got;

		if (count > pages->budget)
			count = pages->budget;
		if (count == 0)
			return;
		got = fetch(pages, pieces + next, count, bytes);
		if (got < 0 || (unsigned)got > count)
			return;
		for (int i = 0; i < got; i++, next++) {
			take_again(pages, &habit->uses[next], bytes);
			bytes += pieces[next].size;
		}
		pages->budget -= (unsigned)got;
		pages->stats.again += (unsigned)got;
		next++;
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

/* There, and in what was asked for before: nothing to do.  NULL: it is not. */
static const uint8_t *ready(struct pages *pages, uint64_t address, size_t size)
{
	uint64_t within = address % PAGES_SIZE;
	struct slot *slot = find(pages, address - within);

	if (!slot || within < slot->low || within + size > slot->high)
		return NULL;
	slot->is_used = true;
	return slot->bytes + (within - slot->first);
}

static int fetch_page(struct pages *pages, uint64_t address, struct slot **ret_slot)
{
	const struct pages_piece page = { address, PAGES_SIZE };
	struct slot *slot;
	int got;

	if (pages->budget == 0 || pages->count == PAGES_ROOM) {
		pages->is_exhausted = true;
		return -EDQUOT;
	}
	got = fetch(pages, &page, 1, pages->bytes[pages->count]);
	if (got < 0)
		return got;
	pages->budget--;
	slot = take(pages, address);
	slot->bytes = pages->bytes[slot - pages->slots];
	slot->low = PAGES_SIZE;
	slot->is_whole = true;
	slot->is_bad = got == 0;
	*ret_slot = slot;
	return 0;
}

/* The page around a piece: what was read of it before stays as it was. */
static int fetch_rest(struct pages *pages, struct slot *slot)
{
	const struct pages_piece page = { slot->address, PAGES_SIZE };
	uint8_t *bytes = pages->bytes[slot - pages->slots];
	int got = fetch(pages, &page, 1, bytes);

	if (got < 0)
		return got;
	memcpy(bytes + slot->low, slot->bytes, slot->high - slot->low);
	slot->bytes = bytes;
	slot->first = 0;
	slot->is_whole = true;
	slot->is_bad = got == 0;
	return 0;
}

/* Something is asked for that was not before, in this stop and the last. */
static int fetch_new(struct pages *pages, uint64_t address, size_t size, struct slot **ret_slot)
{
	uint16_t low = address % PAGES_SIZE, high = (uint16_t)(low + size);
	struct slot *slot = find(pages, address - low);
	int e = 0;

	if (!slot)
		e = fetch_page(pages, address - low, &slot);
	else if (!slot->is_whole)
		e = fetch_rest(pages, slot);
	if (e < 0)
		return e;
	/* Never ready() again. */
	if (slot->is_bad) {
		slot->low = PAGES_SIZE;
		slot->high = 0;
		return -EFAULT;
	}
	slot->low = low < slot->low ? low : slot->low;
	slot->high = high > slot->high ? high : slot->high;
	slot->is_wider = true;
	*ret_slot = slot;
	return 0;
}

/* `size` bytes, all of one page. */
static int bytes_at(struct pages *pages, uint64_t address, size_t size, const uint8_t **ret_bytes)
{
	struct slot *slot;
	int e;

	if (pages->is_begun)
		start(pages);
	*ret_bytes = ready(pages, address, size);
	if (*ret_bytes)
		return 0;
	e = fetch_new(pages, address, size, &slot);
	if (e < 0)
		return e;
	slot->is_used = true;
	*ret_bytes = slot->bytes + address % PAGES_SIZE;
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
		size_t step = PAGES_SIZE - address % PAGES_SIZE;
		const uint8_t *bytes;
		int e;

		if (step > size)
			step = size;
		e = bytes_at(pages, address, step, &bytes);
		if (e < 0)
			return e;
		memcpy(out, bytes, step);
		out += step;
		address += step;
		size -= step;
	}
	return 0;
}

int pages_read_word(struct pages *pages, uint64_t address, uint64_t *ret_word)
{
	const void *there = pages_peek(pages, address, sizeof(*ret_word));
	uint64_t word;
	int e = 0;

	if (there)
		memcpy(&word, there, sizeof(word));
	else
		e = pages_read(pages, address, &word, sizeof(word));
	if (e == 0)
		*ret_word = word;
	return e;
}

const void *pages_peek(struct pages *pages, uint64_t address, size_t size)
{
	const uint8_t *bytes;

	if (!size || size > PAGES_SIZE - address % PAGES_SIZE || !is_user_range(address, size))
		return NULL;
	bytes = ready(pages, address, size);
	if (bytes)
		return bytes;
	return bytes_at(pages, address, size, &bytes) == 0 ? bytes : NULL;
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
