/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scrollback.h: the lines that left a terminal at its top.
 *
 * Bounded in lines and bytes: the oldest go, and are counted.  Owns its lines.
 */
#ifndef TUI_SCROLLBACK_H
#define TUI_SCROLLBACK_H

#include <stddef.h>
#include <stdint.h>

#include "tui/cell.h"

#define SCROLLBACK_LINES_MAX 5000
#define SCROLLBACK_BYTES_MAX (8u << 20)

struct scrollback_line {
	struct cell *cells;   /* NULL: an empty line */
	unsigned count;
};

struct scrollback {
	struct scrollback_line lines[SCROLLBACK_LINES_MAX];   /* a ring */
	size_t first, count;
	size_t size_bytes;
	uint64_t dropped;
};

void scrollback_init(struct scrollback *scrollback);
void scrollback_free(struct scrollback *scrollback);

/* Copies a line; blank cells at its end need not be kept. */
void scrollback_push(struct scrollback *scrollback, const struct cell *cells, size_t count);

/* The line `back` lines ago: 1 is the newest.  NULL: there is none. */
const struct scrollback_line *scrollback_line(const struct scrollback *scrollback, size_t back);

#endif
