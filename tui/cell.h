/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cell.h: one cell of the script's terminal, as it may be drawn.
 *
 * Every point is plain (base/text.h); a mark never stands first.  Whether this locale's wcwidth
 * agrees with the width is for the one who draws to see.
 */
#ifndef TUI_CELL_H
#define TUI_CELL_H

#include <stddef.h>
#include <stdint.h>

#define CELL_POINTS_MAX 3

#define CELL_BOLD 1
#define CELL_UNDERLINED 2
#define CELL_REVERSED 4

struct cell {
	uint32_t points[CELL_POINTS_MAX];   /* a character and its marks; 0: no more */
	uint8_t width;                      /* 0: the right half of the cell before */
	uint8_t looks;
	int8_t fg, bg;                      /* one of 16 colours; -1: the terminal's own */
};

extern const struct cell cell_blank;

/* Bytes of the longest text of a cell; there is no NUL. */
#define CELL_TEXT_MAX 12u   /* 4 * CELL_POINTS_MAX */

/* Its text as UTF-8; returns the bytes: 0 for a right half. */
size_t cell_text(const struct cell *cell, char out[CELL_TEXT_MAX]);

/* One code point as UTF-8: 1 to 4 bytes. */
size_t cell_put_point(char out[4], uint32_t point);

#endif
