/* SPDX-License-Identifier: Apache-2.0 */
/* tree.c: see tree.h. */
#include "tui/tree.h"

#include <stdbool.h>
#include <string.h>

#define DEPTH_MAX 40

struct walk {
	const struct group_row *rows[TREE_ROWS_MAX];
	bool is_placed[TREE_ROWS_MAX];
	size_t count, placed;
	const struct group_row **out;
	unsigned char *depths;
};

static const char *maker_of(const struct group_row *row)
{
	return group_second(row);
}

static void place(struct walk *walk, size_t at, unsigned depth)
{
	const struct group_row *row = walk->rows[at];

	walk->is_placed[at] = true;
	walk->out[walk->placed] = row;
	walk->depths[walk->placed++] = (unsigned char)depth;
	/* A record may claim anything, circles too: what is placed is not placed again. */
	for (size_t i = 0; i < walk->count; i++)
		if (!walk->is_placed[i] && depth < DEPTH_MAX &&
		    !strcmp(maker_of(walk->rows[i]), row->key))
			place(walk, i, depth + 1);
}

static bool has_maker(const struct walk *walk, size_t at)
{
	const char *maker = maker_of(walk->rows[at]);

	for (size_t i = 0; i < walk->count; i++)
		if (i != at && !strcmp(walk->rows[i]->key, maker))
			return true;
	return false;
}

void tree_order(const struct group_row **rows, size_t count, unsigned char depths[TREE_ROWS_MAX])
{
	struct walk walk = { .count = count, .out = rows, .depths = depths };

	memset(depths, 0, TREE_ROWS_MAX);
	if (count > TREE_ROWS_MAX)
		return;
	memcpy(walk.rows, rows, count * sizeof(*rows));
	for (size_t i = 0; i < count; i++)
		if (!walk.is_placed[i] && !has_maker(&walk, i))
			place(&walk, i, 0);
	for (size_t i = 0; i < count; i++)
		if (!walk.is_placed[i])
			place(&walk, i, 0);
}
