/* SPDX-License-Identifier: Apache-2.0 */
/*
 * groups.h: events counted by a key, a call, a file or a line of Python: the rows of most views.
 *
 * Bounded: GROUPS_ROWS_MAX rows, what comes later is counted in one row of others.  Each row
 * remembers the lines, targets and outcomes that came most often: exactly as long as there are at
 * most TOP_ITEMS of them, else as "Space-Saving" does (Metwally, Agrawal, El Abbadi 2005), where a
 * count may be too high and `is_rough` says so.
 */
#ifndef TUI_GROUPS_H
#define TUI_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "filters/call.h"

#define GROUPS_ROWS_MAX 8192
#define GROUPS_KEY_MAX 4352
#define TOP_ITEMS 16
#define TOP_TEXT_MAX 512
#define DURATIONS 32            /* bucket i: less than 2^i microseconds */

struct top_item {
	char *text;
	uint64_t count;         /* what it is ordered by: at least as often as it came */
	uint64_t error;         /* at most so much too high: count - error came for certain */
	bool is_bad;            /* the last one of these was refused or failed */
};

struct top {
	struct top_item items[TOP_ITEMS];   /* most frequent first; text NULL: none */
	bool is_rough;
};

enum top_of { TOP_LINES, TOP_TARGETS, TOP_OUTCOMES, TOPS };

struct group_row {
	char *key;              /* bytes with a NUL behind; "" is the row of others */
	size_t length;
	uint64_t calls, denied, failed, asked;
	uint64_t by_class[CLASS_COUNT];
	uint64_t done[CLASS_COUNT];   /* of these, those that were not refused and did not fail */
	uint64_t serial;        /* the how manieth row it was */
	uint64_t first, last;   /* numbers of events, whichever came first */
	uint64_t last_us;
	uint64_t timed, total_us, max_us, slowest;   /* of calls whose time is known */
	uint64_t durations[DURATIONS];
	struct top tops[TOPS];
};

/* What one event adds to its row. */
struct group_note {
	uint64_t n, t_us;
	enum call_class class;
	bool is_denied, is_failed, is_asked;
	uint64_t us;            /* time in the kernel */
	bool is_timed;
	const char *tops[TOPS]; /* NULL: none */
};

struct groups;

int groups_new(struct groups **ret_groups);
void groups_free(struct groups *groups);
void groups_clear(struct groups *groups);

/* NULL: no memory, and nothing was counted. */
struct group_row *groups_add(struct groups *groups, const char *key, size_t length,
			     const struct group_note *note);

/* A row with nothing counted yet: a rule that no event met. */
struct group_row *groups_touch(struct groups *groups, const char *key, size_t length);

size_t groups_count(const struct groups *groups);
uint64_t groups_others(const struct groups *groups);    /* calls without a row of their own */

typedef int group_compare_fn(const struct group_row *a, const struct group_row *b, int column);

/* Rows, sorted; valid until the next change.  NULL: none or no memory. */
const struct group_row **groups_sorted(struct groups *groups, group_compare_fn *compare,
				       int column, bool is_reversed, size_t *ret_count);

/* What stands behind the first NUL of the key; "" when there is none. */
const char *group_second(const struct group_row *row);

/* Upper bound of the bucket that half of the known times lie below. */
uint64_t group_median_us(const struct group_row *row);

#endif
