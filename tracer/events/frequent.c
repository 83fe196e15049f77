/* SPDX-License-Identifier: Apache-2.0 */
/* frequent.c: see frequent.h. */
#include "tracer/events/frequent.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Without memory a key is not kept; that must not end the report. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#define SEED_BYTES 16

struct item {
	struct frequent_item item;
	UT_hash_handle hh;
	char bytes[];
};

struct frequent {
	struct item *items;
	size_t count, bytes;    /* of the items, of their keys */
	uint64_t total, kept, error;
	/* A seed before the key: who made the record cannot aim for one bucket. */
	char scratch[SEED_BYTES + FREQUENT_KEY_MAX];
};

int frequent_new(struct frequent **ret_frequent)
{
	struct frequent *frequent = calloc(1, sizeof(*frequent));

	if (!frequent)
		return -ENOMEM;
	if (getrandom(frequent->scratch, SEED_BYTES, 0) != SEED_BYTES) {
		free(frequent);
		return -EIO;
	}
	*ret_frequent = frequent;
	return 0;
}

void frequent_free(struct frequent *frequent)
{
	struct item *item, *next;

	if (!frequent)
		return;
	/* Clearing frees the table; the items stay linked. */
	item = frequent->items;
	HASH_CLEAR(hh, frequent->items);
	for (; item; item = next) {
		next = item->hh.next;
		free(item);
	}
	free(frequent);
}

static int compare_weights(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

/* 1 without memory: then only what came once goes. */
static uint64_t median_weight(const struct frequent *frequent)
{
	size_t count = frequent->count, i = 0;
	uint64_t *weights = malloc((count + 1) * sizeof(*weights));
	uint64_t median = 1;

	if (weights) {
		for (const struct item *item = frequent->items; item; item = item->hh.next)
			weights[i++] = item->item.weight;
		qsort(weights, i, sizeof(*weights), compare_weights);
		median = weights[i / 2];
		free(weights);
	}
	return median;
}

/* False, and freed, without memory. */
static bool put_in(struct frequent *frequent, struct item *item, unsigned hash)
{
	HASH_ADD_KEYPTR_BYHASHVALUE(hh, frequent->items, item->bytes, item->item.length, hash,
				    item);
	if (!item->hh.tbl) {
		free(item);
		return false;
	}
	frequent->count++;
	frequent->bytes += item->item.length;
	frequent->kept += item->item.count;
	return true;
}

/* Half of the keys go, or more. */
static void make_room(struct frequent *frequent)
{
	uint64_t median = median_weight(frequent);
	struct item *item = frequent->items, *next;

	frequent->error += median;
	HASH_CLEAR(hh, frequent->items);
	frequent->count = 0;
	frequent->bytes = 0;
	frequent->kept = 0;
	for (; item; item = next) {
		next = item->hh.next;
		if (item->item.weight <= median) {
			free(item);
		} else {
			item->item.weight -= median;
			put_in(frequent, item, item->hh.hashv);
		}
	}
}

static struct item *keep(struct frequent *frequent, const char *key, size_t length, unsigned hash)
{
	struct item *item;

	while (frequent->count >= FREQUENT_KEYS_MAX ||
	       frequent->bytes + length > FREQUENT_BYTES_MAX)
		make_room(frequent);
	item = calloc(1, sizeof(*item) + length + 1);
	if (!item)
		return NULL;
	memcpy(item->bytes, key, length);
	item->item.key = item->bytes;
	item->item.length = length;
	item->item.first = frequent->total;
	return put_in(frequent, item, hash) ? item : NULL;
}

void frequent_add(struct frequent *frequent, const char *key, size_t length,
		  enum frequent_how how)
{
	struct item *item;
	unsigned hash;

	if (length > FREQUENT_KEY_MAX)
		length = FREQUENT_KEY_MAX;
	frequent->total++;
	memcpy(frequent->scratch + SEED_BYTES, key, length);
	HASH_VALUE(frequent->scratch, SEED_BYTES + length, hash);
	HASH_FIND_BYHASHVALUE(hh, frequent->items, key, length, hash, item);
	if (!item)
		item = keep(frequent, key, length, hash);
	if (!item)
		return;
	item->item.count++;
	item->item.weight++;
	item->item.refused += how == FREQUENT_REFUSED;
	item->item.failed += how == FREQUENT_FAILED;
	frequent->kept++;
}

uint64_t frequent_total(const struct frequent *frequent)
{
	return frequent->total;
}

uint64_t frequent_others(const struct frequent *frequent)
{
	return frequent->total - frequent->kept;
}

uint64_t frequent_error(const struct frequent *frequent)
{
	return frequent->error;
}

size_t frequent_count(const struct frequent *frequent)
{
	return frequent->count;
}

static int compare_items(const void *a, const void *b)
{
	const struct frequent_item *left = *(const struct frequent_item *const *)a;
	const struct frequent_item *right = *(const struct frequent_item *const *)b;

	if (left->count != right->count)
		return left->count < right->count ? 1 : -1;
	return left->first < right->first ? -1 : left->first > right->first;
}

const struct frequent_item **frequent_sorted(const struct frequent *frequent)
{
	size_t count = frequent->count, i = 0;
	const struct frequent_item **items = calloc(count + 1, sizeof(*items));

	if (!items)
		return NULL;
	for (const struct item *item = frequent->items; item; item = item->hh.next)
		items[i++] = &item->item;
	qsort(items, i, sizeof(*items), compare_items);
	return items;
}
