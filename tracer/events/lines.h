/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines.h: a descriptor as lines of bounded length, also while somebody still writes to it.
 *
 * The descriptor stays the caller's.  Memory is bounded by LINES_MAX whatever comes.
 */
#ifndef TRACER_EVENTS_LINES_H
#define TRACER_EVENTS_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINES_MAX (8u << 20)    /* bytes of a line; none that pyjail writes is longer */

struct lines;

struct line {
	const char *text;       /* without the newline; valid until the next call */
	size_t length;
	uint64_t number;        /* 1, 2, 3 ... */
	bool is_too_long;       /* text is its beginning, the rest is skipped */
	bool is_unended;        /* nothing follows, not even a newline */
};

int lines_new(int fd, struct lines **ret_lines);
void lines_free(struct lines *lines);

/*
 * 1: a line; 0: there is no more, so far; negative: reading failed.  After 0 it may be called
 * again, when more may have been written.  What stands behind the last newline becomes a line
 * only when `is_last` says that nothing will follow.
 */
int lines_next(struct lines *lines, bool is_last, struct line *ret_line);

/* Bytes read from the descriptor so far. */
uint64_t lines_offset(const struct lines *lines);

#endif
