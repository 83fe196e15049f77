/* SPDX-License-Identifier: Apache-2.0 */
/* seen.c: see seen.h. */
#include "tracer/events/seen.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Without memory a key is not remembered; that must not end the run. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#define SEED_BYTES 16

struct seen_key {
	UT_hash_handle hh;
	char bytes[];
};

struct seen {
	struct seen_key *keys;
	size_t bytes;
	char scratch[SEED_BYTES + SEEN_KEY_MAX];   /* seed, then the key in question */
};

int seen_new(struct seen **ret_seen)
{
	struct seen *seen = calloc(1, sizeof(*seen));

	if (!seen)
		return -ENOMEM;
	if (getrandom(seen->scratch, SEED_BYTES, 0) != SEED_BYTES) {
		free(seen);
		return -EIO;
	}
	*ret_seen = seen;
	return 0;
}

void seen_free(struct seen *seen)
{
	struct seen_key *key, *next;

	if (!seen)
		return;
	/* Clearing frees the table; the keys stay linked. */
	key = seen->keys;
	HASH_CLEAR(hh, seen->keys);
	for (; key; key = next) {
		next = key->hh.next;
		free(key);
	}
	free(seen);
}

static bool remember(struct seen *seen, size_t length)
{
	struct seen_key *key;

	if (HASH_COUNT(seen->keys) >= SEEN_KEYS_MAX || seen->bytes + length > SEEN_BYTES_MAX)
		return false;
	key = calloc(1, sizeof(*key) + length);
	if (!key)
		return false;
	memcpy(key->bytes, seen->scratch, length);
	HASH_ADD_KEYPTR(hh, seen->keys, key->bytes, length, key);
	if (!key->hh.tbl) {
		free(key);
		return false;
	}
	seen->bytes += length;
	return true;
}

enum seen_answer seen_check(struct seen *seen, const char *key, size_t length)
{
	struct seen_key *known;

	if (length > SEEN_KEY_MAX)
		length = SEEN_KEY_MAX;
	memcpy(seen->scratch + SEED_BYTES, key, length);
	length += SEED_BYTES;
	HASH_FIND(hh, seen->keys, seen->scratch, length, known);
	if (known)
		return SEEN_BEFORE;
	return remember(seen, length) ? SEEN_NEW : SEEN_FULL;
}
