/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frequent.h: how often each of many keys came, in bounded memory.
 *
 * Exact as long as there are at most FREQUENT_KEYS_MAX keys and FREQUENT_BYTES_MAX bytes of them.
 * Beyond that the algorithm of frequent items by median (Misra and Gries 1982; Anderson et al.,
 * "A high-performance algorithm for identifying frequent items in data streams", 2017): when there
 * is no room, the median weight is taken from every key, and those that have nothing left are
 * dropped.  What then holds, of N counted:
 *
 *   - no count is too high: what is told of a key was counted while it was kept;
 *   - it is too low by at most frequent_error(), which is at most 2 N / FREQUENT_KEYS_MAX as long
 *     as the keys' bytes are no narrower bound, and is 0 when nothing was ever dropped;
 *   - so whatever came more often than that is kept;
 *   - frequent_others() is what is not told of any key: N = sum of counts + others.
 */
#ifndef TRACER_EVENTS_FREQUENT_H
#define TRACER_EVENTS_FREQUENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FREQUENT_KEYS_MAX 16384
#define FREQUENT_BYTES_MAX (4u << 20)
#define FREQUENT_KEY_MAX 8192   /* longer keys are told apart by this much of them */

struct frequent;

struct frequent_item {
	uint64_t count, refused, failed;   /* of count: so many were refused, failed */
	uint64_t weight;        /* what is left of count */
	uint64_t first;         /* place of its first one: 1, 2, 3 ... of what was counted */
	size_t length;
	const char *key;        /* bytes, with a NUL behind them */
};

enum frequent_how { FREQUENT_WELL, FREQUENT_REFUSED, FREQUENT_FAILED };

int frequent_new(struct frequent **ret_frequent);
void frequent_free(struct frequent *frequent);

/* One more.  What cannot be kept for want of memory is among the others. */
void frequent_add(struct frequent *frequent, const char *key, size_t length,
		  enum frequent_how how);

uint64_t frequent_total(const struct frequent *frequent);
uint64_t frequent_others(const struct frequent *frequent);
uint64_t frequent_error(const struct frequent *frequent);
size_t frequent_count(const struct frequent *frequent);    /* keys that are kept */

/*
 * The kept keys, most frequent first, equal ones as they came; malloc'd; NULL: no memory.  They
 * point into `frequent` and hold until the next frequent_add.
 */
const struct frequent_item **frequent_sorted(const struct frequent *frequent);

#endif
