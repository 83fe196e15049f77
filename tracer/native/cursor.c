/* SPDX-License-Identifier: Apache-2.0 */
/* cursor.c: see cursor.h. */
#include "tracer/native/cursor.h"

#include <string.h>

uint64_t cursor_take(struct cursor *c, unsigned size)
{
	uint64_t value = 0;

	if ((size_t)(c->end - c->at) < size) {
		c->is_bad = true;
		c->at = c->end;
		return 0;
	}
	memcpy(&value, c->at, size);
	c->at += size;
	return value;
}

void cursor_skip(struct cursor *c, uint64_t size)
{
	if ((uint64_t)(c->end - c->at) < size) {
		c->is_bad = true;
		c->at = c->end;
	} else {
		c->at += size;
	}
}

uint64_t cursor_uleb(struct cursor *c)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 63; shift += 7) {
		uint64_t byte = cursor_take(c, 1);

		value |= (byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return value;
	}
	c->is_bad = true;
	return 0;
}

int64_t cursor_sleb(struct cursor *c)
{
	int64_t value = 0;

	for (unsigned shift = 0; shift < 63; shift += 7) {
		uint64_t byte = cursor_take(c, 1);

		value |= (int64_t)((byte & 0x7f) << shift);
		if (byte & 0x80)
			continue;
		return byte & 0x40 ? value | (int64_t)(~0ull << (shift + 7)) : value;
	}
	c->is_bad = true;
	return 0;
}
