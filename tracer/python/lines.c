/* SPDX-License-Identifier: Apache-2.0 */
/* lines.c: see lines.h. */
#include "tracer/python/lines.h"

#include <limits.h>

/* Lines are summed up from steps of 31 bits, at most one for each byte of a bounded table. */
static int clamp(int64_t line)
{
	return line < 1 ? 0 : line > INT_MAX ? INT_MAX : (int)line;
}

/* Pairs: unsigned step of the address, signed step of the line.  An empty table is normal. */
static int find_lnotab(const unsigned char *table, size_t size, int first_line, int64_t at)
{
	int64_t line = first_line, address = 0;

	for (size_t i = 0; i + 1 < size; i += 2) {
		address += table[i];
		if (address > at)
			break;
		line += (signed char)table[i + 1];
	}
	return clamp(line);
}

/* Pairs that describe ranges [address, address + step); a line step of -128: no line there. */
static int find_ranges(const unsigned char *table, size_t size, int first_line, int64_t at)
{
	int64_t line = first_line, address = 0;

	for (size_t i = 0; i + 1 < size; i += 2) {
		signed char step = (signed char)table[i + 1];

		if (step != -128)
			line += step;
		address += table[i];
		if (address > at)
			return step == -128 ? 0 : clamp(line);
	}
	return clamp(first_line);
}

struct cursor {
	const unsigned char *at, *end;
};

/* 6 bits a byte, least first; bit 6: more follow.  32 bits are all that CPython writes. */
static uint64_t read_varint(struct cursor *cursor)
{
	uint64_t value = 0;

	for (unsigned shift = 0; cursor->at < cursor->end && shift < 36; shift += 6) {
		unsigned char byte = *cursor->at++;

		value |= (uint64_t)(byte & 63) << shift;
		if (!(byte & 64))
			break;
	}
	return value;
}

static int64_t read_signed_varint(struct cursor *cursor)
{
	uint64_t value = read_varint(cursor);

	return value & 1 ? -(int64_t)(value >> 1) : (int64_t)(value >> 1);
}

/* Codes of an entry's first byte (enum _PyCodeLocationInfoKind). */
#define CODE_ONE_LINE_0 10
#define CODE_ONE_LINE_2 12
#define CODE_NO_COLUMNS 13
#define CODE_LONG 14
#define CODE_NONE 15

static int find_locations(const unsigned char *table, size_t size, int first_line, int64_t at)
{
	struct cursor cursor = { table, table + size };
	int64_t line = first_line, address = 0;

	while (cursor.at < cursor.end) {
		unsigned char head = *cursor.at++;
		unsigned code = head >> 3 & 15;

		/* Every entry begins with bit 7 set: anything else is the tail of the last one. */
		if (!(head & 128))
			continue;
		if (code == CODE_NO_COLUMNS || code == CODE_LONG)
			line += read_signed_varint(&cursor);
		else if (code >= CODE_ONE_LINE_0 && code <= CODE_ONE_LINE_2)
			line += code - CODE_ONE_LINE_0;
		address += 2 * (int64_t)((head & 7) + 1);
		if (address > at)
			return code == CODE_NONE ? 0 : clamp(line);
	}
	return clamp(first_line);
}

int lines_find(enum line_table kind, const unsigned char *table, size_t size, int first_line,
	       int64_t at)
{
	if (at < 0)
		return clamp(first_line);
	switch (kind) {
	case LINES_LNOTAB:
		return find_lnotab(table, size, first_line, at);
	case LINES_RANGES:
		return find_ranges(table, size, first_line, at);
	case LINES_LOCATIONS:
		break;
	}
	return find_locations(table, size, first_line, at);
}
