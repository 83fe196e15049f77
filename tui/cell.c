/* SPDX-License-Identifier: Apache-2.0 */
/* cell.c: see cell.h. */
#include "tui/cell.h"

const struct cell cell_blank = { .points = { ' ' }, .width = 1, .fg = -1, .bg = -1 };

size_t cell_put_point(char out[4], uint32_t point)
{
	static const unsigned char lead[] = { 0, 0xc0, 0xe0, 0xf0 };
	size_t more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;

	out[0] = (char)(lead[more] | point >> (6 * more));
	for (size_t i = 1; i <= more; i++)
		out[i] = (char)(0x80 | (point >> (6 * (more - i)) & 0x3f));
	return more + 1;
}

size_t cell_text(const struct cell *cell, char out[CELL_TEXT_MAX])
{
	size_t used = 0;

	for (size_t i = 0; i < CELL_POINTS_MAX && cell->points[i] && cell->width; i++)
		used += cell_put_point(out + used, cell->points[i]);
	return used;
}
