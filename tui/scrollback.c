/* SPDX-License-Identifier: Apache-2.0 */
/* scrollback.c: see scrollback.h. */
#include "tui/scrollback.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void scrollback_init(struct scrollback *scrollback)
{
	memset(scrollback, 0, sizeof(*scrollback));
}

static void drop_oldest(struct scrollback *scrollback)
{
	struct scrollback_line *line = &scrollback->lines[scrollback->first];

	scrollback->size_bytes -= line->count * sizeof(*line->cells);
	free(line->cells);
	line->cells = NULL;
	scrollback->first = (scrollback->first + 1) % SCROLLBACK_LINES_MAX;
	scrollback->count--;
}

void scrollback_free(struct scrollback *scrollback)
{
	while (scrollback->count)
		drop_oldest(scrollback);
}

static bool is_blank(const struct cell *cell)
{
	return cell->points[0] == ' ' && cell->points[1] == 0 && cell->width == 1 &&
	       cell->bg < 0 && !(cell->looks & (CELL_REVERSED | CELL_UNDERLINED));
}

void scrollback_push(struct scrollback *scrollback, const struct cell *cells, size_t count)
{
	struct scrollback_line line = { NULL, 0 };
	size_t size;

	while (count && is_blank(&cells[count - 1]))
		count--;
	size = count * sizeof(*cells);
	while (scrollback->count && (scrollback->count == SCROLLBACK_LINES_MAX ||
				     scrollback->size_bytes + size > SCROLLBACK_BYTES_MAX)) {
		drop_oldest(scrollback);
		scrollback->dropped++;
	}
	if (count)
		line.cells = malloc(size);
	if (line.cells) {
		memcpy(line.cells, cells, size);
		line.count = (unsigned)count;
	}
	scrollback->size_bytes += line.count * sizeof(*cells);
	scrollback->lines[(scrollback->first + scrollback->count++) % SCROLLBACK_LINES_MAX] = line;
}

const struct scrollback_line *scrollback_line(const struct scrollback *scrollback, size_t back)
{
	if (back == 0 || back > scrollback->count)
		return NULL;
	return &scrollback->lines[(scrollback->first + scrollback->count - back) %
				  SCROLLBACK_LINES_MAX];
}
