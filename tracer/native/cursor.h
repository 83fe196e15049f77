/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cursor.h: numbers out of hostile bytes, as DWARF writes them, never past the end.
 *
 * What cannot be read is 0 and sets `is_bad`, for the caller to look at when it is done.
 */
#ifndef TRACER_NATIVE_CURSOR_H
#define TRACER_NATIVE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
	const uint8_t *at, *end;
	bool is_bad;
};

/* A little-endian number of up to 8 bytes. */
uint64_t cursor_take(struct cursor *c, unsigned size);

void cursor_skip(struct cursor *c, uint64_t size);

/* LEB128 of up to nine bytes: 63 bits are more than any table needs. */
uint64_t cursor_uleb(struct cursor *c);
int64_t cursor_sleb(struct cursor *c);

#endif
