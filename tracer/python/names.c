/* SPDX-License-Identifier: Apache-2.0 */
/* names.c: see names.h. */
#include "tracer/python/names.h"

#include <errno.h>
#include <string.h>

#define HEAD_SIZE 96u     /* of a str: all that is marked, in known versions */

/* What differs between builds in the state word. */
struct state_bits {
	unsigned kind_shift;
	uint32_t is_compact, is_ascii;
};

/* Free-threaded builds from 3.14 on give a whole byte to the interned state. */
static struct state_bits bits_of(const struct layout *layout)
{
	if (layout->is_free_threaded && layout->minor >= 14)
		return (struct state_bits){ 8, 1u << 11, 1u << 12 };
	return (struct state_bits){ 2, 1u << 5, 1u << 6 };
}

static unsigned kind_of(const struct layout *layout, uint32_t state)
{
	return state >> bits_of(layout).kind_shift & 7;
}

static uint64_t data_of(const struct layout *layout, uint64_t address, uint32_t state)
{
	return address + (state & bits_of(layout).is_ascii ? layout->str.ascii
							   : layout->str.other);
}

static bool is_readable(const struct layout *layout, uint32_t state)
{
	unsigned kind = kind_of(layout, state);

	return state & bits_of(layout).is_compact && (kind == 1 || kind == 2 || kind == 4);
}

/* All of it lies in one page, as a rule: looked at in place. */
static int read_part(struct pages *pages, const unsigned char *head, uint64_t address,
		     uint64_t offset, void *out, size_t size)
{
	if (head && offset + size <= HEAD_SIZE) {
		memcpy(out, head + offset, size);
		return 0;
	}
	return pages_read(pages, address + offset, out, size);
}

int names_mark(struct pages *pages, const struct layout *layout, uint64_t address,
	       struct name_mark *ret_mark)
{
	const unsigned char *head = pages_peek(pages, address, HEAD_SIZE);
	struct name_mark mark = { 0 };
	uint64_t bytes;
	int e = read_part(pages, head, address, layout->str.length, &mark.length, 8);

	if (e == 0)
		e = read_part(pages, head, address, layout->str.state, &mark.state, 4);
	if (e < 0)
		return e;
	if (!is_readable(layout, mark.state))
		return -EINVAL;
	bytes = mark.length < sizeof(mark.first) ? mark.length : sizeof(mark.first);
	bytes *= kind_of(layout, mark.state);
	if (bytes > sizeof(mark.first))
		bytes = sizeof(mark.first);
	e = read_part(pages, head, address, data_of(layout, 0, mark.state), mark.first, bytes);
	if (e == 0)
		*ret_mark = mark;
	return e;
}

static char *put_utf8(char *at, uint32_t c)
{
	if (c >= 0xdc80 && c <= 0xdcff) {
		*at++ = (char)(c - 0xdc00);
		return at;
	}
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		c = 0xfffd;
	if (c < 0x80) {
		*at++ = (char)c;
	} else if (c < 0x800) {
		*at++ = (char)(0xc0 | c >> 6);
		*at++ = (char)(0x80 | (c & 63));
	} else if (c < 0x10000) {
		*at++ = (char)(0xe0 | c >> 12);
		*at++ = (char)(0x80 | (c >> 6 & 63));
		*at++ = (char)(0x80 | (c & 63));
	} else {
		*at++ = (char)(0xf0 | c >> 18);
		*at++ = (char)(0x80 | (c >> 12 & 63));
		*at++ = (char)(0x80 | (c >> 6 & 63));
		*at++ = (char)(0x80 | (c & 63));
	}
	return at;
}

static uint32_t character(const unsigned char *data, size_t index, unsigned kind)
{
	uint16_t two;
	uint32_t four;

	if (kind == 1)
		return data[index];
	if (kind == 2) {
		memcpy(&two, data + 2 * index, 2);
		return two;
	}
	memcpy(&four, data + 4 * index, 4);
	return four;
}

int names_read(struct pages *pages, const struct layout *layout, uint64_t address,
	       const struct name_mark *mark, char out[NAMES_BYTES_MAX])
{
	unsigned char data[4 * NAMES_CHARACTERS_MAX];
	unsigned kind = kind_of(layout, mark->state);
	size_t count = mark->length < NAMES_CHARACTERS_MAX ? mark->length : NAMES_CHARACTERS_MAX;
	char *at = out;
	int e = pages_read(pages, data_of(layout, address, mark->state), data, count * kind);

	if (e < 0)
		return e;
	for (size_t i = 0; i < count; i++)
		at = put_utf8(at, character(data, i, kind));
	*at = '\0';
	return 0;
}
