/* SPDX-License-Identifier: Apache-2.0 */
/* counted.h: a made-up memory that counts what is read of it, and a cache over it. */
#ifndef TESTS_COUNTED_H
#define TESTS_COUNTED_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tracer/pages.h"

/* The byte at an address is known; there are holes. */
static struct image {
	unsigned calls, pages, bytes, last_count;
	uint64_t holes[4];               /* pages; 0: none */
	uint8_t shift;                   /* added to each byte: the memory changes */
	int error;
} image;

static uint8_t byte_at(uint64_t address)
{
	return (uint8_t)(address ^ address >> 8 ^ address >> 12 ^ address >> 20);
}

static bool is_hole(uint64_t page)
{
	for (size_t i = 0; i < ARRAY_SIZE(image.holes); i++) {
		if (page == image.holes[i])
			return true;
	}
	return false;
}

static int fetch(void *data, pid_t tid, const struct pages_piece *pieces, unsigned count,
		 void *buffer)
{
	uint8_t *out = buffer;

	ck_assert_ptr_eq(data, &image);
	ck_assert_int_eq(tid, 7);
	ck_assert_uint_ge(count, 1);
	ck_assert_uint_le(count, PAGES_AGAIN);
	image.calls++;
	image.last_count = count;
	for (unsigned i = 0; i < count; i++) {
		uint64_t within = pieces[i].address % PAGES_SIZE;

		ck_assert_uint_ge(pieces[i].size, 1);
		ck_assert_uint_le(pieces[i].size, PAGES_SIZE - within);
		if (image.error || is_hole(pieces[i].address - within))
			return image.error ? image.error : (int)i;
		for (unsigned k = 0; k < pieces[i].size; k++)
			*out++ = (uint8_t)(byte_at(pieces[i].address + k) + image.shift);
		image.pages++;
		image.bytes += pieces[i].size;
	}
	return (int)count;
}

static struct pages *pages;

static void setup(void)
{
	static const struct pages_source source = { fetch, &image };

	memset(&image, 0, sizeof(image));
	ck_assert_int_eq(pages_new(&pages), 0);
	pages_set_source(pages, &source);
	pages_begin(pages, 7, 1, 100);
}

static void teardown(void)
{
	pages_free(pages);
}

static void check_read(uint64_t address, size_t size)
{
	uint8_t *buffer = malloc(size);

	ck_assert_int_eq(pages_read(pages, address, buffer, size), 0);
	for (size_t i = 0; i < size; i++)
		ck_assert_uint_eq(buffer[i], byte_at(address + i));
	free(buffer);
}

#endif
