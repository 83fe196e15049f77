/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.h: the events that the screen can show, flat (tracer/events/flat.h), in the order of their
 * numbers, in bounded memory.
 *
 * When it is full the oldest are forgotten, but of those that policy refused or asked (`is_kept`)
 * as many stay as fit into a quarter of it.
 */
#ifndef TUI_STORE_H
#define TUI_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_BYTES_MAX (96u << 20)
#define STORE_EVENTS_MAX 400000

struct entry {
	uint64_t n;
	uint32_t size;
	bool is_kept;
	char bytes[];
};

struct store {
	const struct entry **entries;
	size_t count, capacity;
	size_t bytes, bytes_max;      /* 0: STORE_BYTES_MAX */
	uint64_t forgotten;
	uint64_t generation;          /* grows whenever entries went: pointers to them are void */
};

void store_free(struct store *store);

/*
 * Copies it in.  An event whose number is there already is passed over.  The entry, or NULL:
 * passed over, or no memory.
 */
const struct entry *store_add(struct store *store, uint64_t n, bool is_kept, const char *bytes,
			      size_t size);

/* Of entries in the order of their numbers: how many have a smaller one. */
size_t entry_place(const struct entry *const *entries, size_t count, uint64_t n);
size_t store_place(const struct store *store, uint64_t n);

/* NULL: forgotten, or never there. */
const struct entry *store_find(const struct store *store, uint64_t n);

#endif
