/* SPDX-License-Identifier: Apache-2.0 */
/* store.c: see store.h. */
#include "tui/store.h"

#include <stdlib.h>
#include <string.h>

/* Forgotten at once, so that the rest is moved rarely. */
#define FORGET_PART 8
#define KEPT_PART 4

void store_free(struct store *store)
{
	for (size_t i = 0; i < store->count; i++)
		free((void *)store->entries[i]);
	free(store->entries);
	*store = (struct store){ 0 };
}

static size_t size_of(const struct entry *entry)
{
	return sizeof(*entry) + entry->size;
}

static size_t most_bytes(const struct store *store)
{
	return store->bytes_max ? store->bytes_max : STORE_BYTES_MAX;
}

static size_t kept_bytes(const struct store *store)
{
	size_t bytes = 0;

	for (size_t i = 0; i < store->count; i++)
		bytes += store->entries[i]->is_kept ? size_of(store->entries[i]) : 0;
	return bytes;
}

/* The oldest eighth goes, save for what is kept, as long as that is not too much itself. */
static void forget(struct store *store)
{
	size_t most = most_bytes(store), aim = most / FORGET_PART, gone = 0, left = 0;
	size_t count_aim = STORE_EVENTS_MAX / FORGET_PART;
	bool spares = kept_bytes(store) < most / KEPT_PART;

	for (size_t i = 0; i < store->count; i++) {
		const struct entry *entry = store->entries[i];
		bool is_enough = gone >= aim || i - left >= count_aim;

		if (is_enough || (spares && entry->is_kept)) {
			store->entries[left++] = entry;
			continue;
		}
		gone += size_of(entry);
		free((void *)entry);
		store->forgotten++;
	}
	store->count = left;
	store->bytes -= gone;
	store->generation++;
}

static bool reserve(struct store *store)
{
	size_t capacity = store->capacity ? 2 * store->capacity : 1024;
	const struct entry **entries;

	if (store->count < store->capacity)
		return true;
	entries = realloc(store->entries, capacity * sizeof(*entries));
	if (!entries)
		return false;
	store->entries = entries;
	store->capacity = capacity;
	return true;
}

/* Most are sought at the end. */
size_t entry_place(const struct entry *const *entries, size_t count, uint64_t n)
{
	size_t low = 0, high = count;

	if (high == 0 || entries[high - 1]->n < n)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (entries[middle]->n < n)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t store_place(const struct store *store, uint64_t n)
{
	return entry_place(store->entries, store->count, n);
}

const struct entry *store_find(const struct store *store, uint64_t n)
{
	size_t at = store_place(store, n);

	return at < store->count && store->entries[at]->n == n ? store->entries[at] : NULL;
}

const struct entry *store_add(struct store *store, uint64_t n, bool is_kept, const char *bytes,
			      size_t size)
{
	struct entry *entry;
	size_t at;

	if (store_find(store, n))
		return NULL;
	if (store->bytes + size + sizeof(*entry) > most_bytes(store) ||
	    store->count >= STORE_EVENTS_MAX)
		forget(store);
	entry = reserve(store) ? malloc(sizeof(*entry) + size) : NULL;
	if (!entry)
		return NULL;
	*entry = (struct entry){ .n = n, .size = (uint32_t)size, .is_kept = is_kept };
	memcpy(entry->bytes, bytes, size);
	at = store_place(store, n);
	memmove(store->entries + at + 1, store->entries + at,
		(store->count - at) * sizeof(*store->entries));
	store->entries[at] = entry;
	store->count++;
	store->bytes += size_of(entry);
	return entry;
}
