/* SPDX-License-Identifier: Apache-2.0 */
/* groups.c: see groups.h. */
#include "tui/groups.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Without memory an event is not counted; that must not end the screen. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#define SEED_BYTES 16

struct slot {
	struct group_row row;
	UT_hash_handle hh;
	char *seeded;           /* the seed, then the key: a script cannot aim for one bucket */
};

struct groups {
	struct slot *slots;
	size_t count;
	uint64_t others;
	char scratch[SEED_BYTES + GROUPS_KEY_MAX];
	const struct group_row **sorted;
	size_t sorted_size;
	/* What qsort's comparison needs. */
	group_compare_fn *compare;
	int column;
	bool is_reversed;
};

int groups_new(struct groups **ret_groups)
{
	struct groups *groups = calloc(1, sizeof(*groups));

	if (!groups)
		return -ENOMEM;
	if (getrandom(groups->scratch, SEED_BYTES, 0) != SEED_BYTES) {
		free(groups);
		return -EIO;
	}
	*ret_groups = groups;
	return 0;
}

static void free_slot(struct slot *slot)
{
	for (int i = 0; i < TOPS; i++)
		for (int k = 0; k < TOP_ITEMS; k++)
			free(slot->row.tops[i].items[k].text);
	free(slot->seeded);
	free(slot);
}

void groups_clear(struct groups *groups)
{
	struct slot *slot, *next;

	/* Clearing frees the table; the slots stay linked. */
	slot = groups->slots;
	HASH_CLEAR(hh, groups->slots);
	for (; slot; slot = next) {
		next = slot->hh.next;
		free_slot(slot);
	}
	groups->count = 0;
	groups->others = 0;
}

void groups_free(struct groups *groups)
{
	if (!groups)
		return;
	groups_clear(groups);
	free(groups->sorted);
	free(groups);
}

/* ---- the most frequent of a row ---- */

/* Keeps the order: one that grew moves up past those that have less now. */
static void move_up(const struct top *top, struct top_item *item)
{
	for (; item > top->items && item[-1].count < item->count; item--) {
		struct top_item grown = *item;

		*item = item[-1];
		item[-1] = grown;
	}
}

/* Its place, or a free one; with none of both that of the least frequent, which has to go. */
static int top_place(const struct top *top, const char *text)
{
	int at = 0;

	while (at < TOP_ITEMS - 1 && top->items[at].text && strcmp(top->items[at].text, text) != 0)
		at++;
	return at;
}

static void top_add(struct top *top, const char *text, bool is_bad)
{
	char cut[TOP_TEXT_MAX], *copy;
	struct top_item *item;

	snprintf(cut, sizeof(cut), "%s", text);
	item = &top->items[top_place(top, cut)];
	if (!item->text || strcmp(item->text, cut) != 0) {
		copy = strdup(cut);
		if (!copy)
			return;
		if (item->text) {
			top->is_rough = true;
			item->error = item->count;
		}
		free(item->text);
		item->text = copy;
	}
	item->count++;
	item->is_bad = is_bad;
	move_up(top, item);
}

/* ---- rows ---- */

static struct slot *new_slot(struct groups *groups, const char *seeded, size_t size)
{
	struct slot *slot = calloc(1, sizeof(*slot));

	if (!slot)
		return NULL;
	slot->seeded = malloc(size + 1);
	if (!slot->seeded) {
		free(slot);
		return NULL;
	}
	memcpy(slot->seeded, seeded, size);
	slot->seeded[size] = '\0';
	slot->row.key = slot->seeded + SEED_BYTES;
	slot->row.length = size - SEED_BYTES;
	HASH_ADD_KEYPTR(hh, groups->slots, slot->seeded, size, slot);
	if (!slot->hh.tbl) {
		free_slot(slot);
		return NULL;
	}
	slot->row.serial = ++groups->count;
	return slot;
}

static struct slot *slot_of(struct groups *groups, const char *key, size_t length)
{
	struct slot *slot = NULL;

	if (length > GROUPS_KEY_MAX)
		length = GROUPS_KEY_MAX;
	memcpy(groups->scratch + SEED_BYTES, key, length);
	HASH_FIND(hh, groups->slots, groups->scratch, SEED_BYTES + length, slot);
	if (slot)
		return slot;
	/* One more than the bound is the row of others, whose key is empty. */
	if (groups->count >= GROUPS_ROWS_MAX && length > 0)
		return slot_of(groups, "", 0);
	return new_slot(groups, groups->scratch, SEED_BYTES + length);
}

static unsigned bucket_of(uint64_t us)
{
	unsigned bucket = 0;

	while (bucket < DURATIONS - 1 && us >> bucket)
		bucket++;
	return bucket;
}

static void add_time(struct group_row *row, const struct group_note *note)
{
	row->timed++;
	row->total_us += note->us;
	row->durations[bucket_of(note->us)]++;
	if (note->us >= row->max_us) {
		row->max_us = note->us;
		row->slowest = note->n;
	}
}

/* What the ring had lost and kept comes late. */
static void add_place(struct group_row *row, const struct group_note *note)
{
	if (row->calls == 0 || note->n < row->first)
		row->first = note->n;
	if (row->calls == 0 || note->n >= row->last) {
		row->last = note->n;
		row->last_us = note->t_us;
	}
}

struct group_row *groups_add(struct groups *groups, const char *key, size_t length,
			     const struct group_note *note)
{
	struct slot *slot = slot_of(groups, key, length);
	struct group_row *row;

	if (!slot)
		return NULL;
	row = &slot->row;
	groups->others += length > 0 && row->length == 0;
	add_place(row, note);
	row->calls++;
	row->denied += note->is_denied;
	row->failed += note->is_failed;
	row->asked += note->is_asked;
	if (note->class < CLASS_COUNT)
		row->by_class[note->class]++;
	if (note->class < CLASS_COUNT && !note->is_denied && !note->is_failed)
		row->done[note->class]++;
	if (note->is_timed)
		add_time(row, note);
	for (int i = 0; i < TOPS; i++)
		if (note->tops[i])
			top_add(&row->tops[i], note->tops[i], note->is_denied || note->is_failed);
	return row;
}

struct group_row *groups_touch(struct groups *groups, const char *key, size_t length)
{
	struct slot *slot = slot_of(groups, key, length);

	return slot ? &slot->row : NULL;
}

size_t groups_count(const struct groups *groups)
{
	return groups->count;
}

uint64_t groups_others(const struct groups *groups)
{
	return groups->others;
}

/* ---- sorting ---- */

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_rows(const void *a, const void *b, void *data)
{
	const struct groups *groups = data;
	const struct group_row *left = *(const struct group_row *const *)a;
	const struct group_row *right = *(const struct group_row *const *)b;
	int order;

	/* What has no row of its own stands last, whichever way the others stand. */
	if (!left->length != !right->length)
		return left->length ? -1 : 1;
	order = groups->compare(left, right, groups->column);
	if (order != 0)
		return groups->is_reversed ? -order : order;
	/* Equal rows as they came: rules that nobody met have no first event. */
	order = compare_numbers(left->first, right->first);
	return order ? order : compare_numbers(left->serial, right->serial);
}

const struct group_row **groups_sorted(struct groups *groups, group_compare_fn *compare,
				       int column, bool is_reversed, size_t *ret_count)
{
	struct slot *slot, *next;
	size_t count = 0;

	if (groups->count > groups->sorted_size) {
		size_t size = 2 * groups->count;
		const struct group_row **sorted = realloc(groups->sorted, size * sizeof(*sorted));

		if (!sorted)
			return NULL;
		groups->sorted = sorted;
		groups->sorted_size = size;
	}
	HASH_ITER(hh, groups->slots, slot, next)
		groups->sorted[count++] = &slot->row;
	groups->compare = compare;
	groups->column = column;
	groups->is_reversed = is_reversed;
	if (count > 0)
		qsort_r(groups->sorted, count, sizeof(*groups->sorted), compare_rows, groups);
	*ret_count = count;
	return groups->sorted;
}

const char *group_second(const struct group_row *row)
{
	size_t first = strlen(row->key);

	return first < row->length ? row->key + first + 1 : "";
}

uint64_t group_median_us(const struct group_row *row)
{
	uint64_t seen = 0;

	for (unsigned i = 0; i < DURATIONS; i++) {
		seen += row->durations[i];
		if (2 * seen >= row->timed && row->timed)
			return 1ull << i;
	}
	return 0;
}
