/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image.h: a made-up address space, for what reads a tracee's memory: pages that a test filled, and
 * nothing else.  Aborts without memory; fuzzers use it too.
 */
#ifndef TESTS_SUPPORT_IMAGE_H
#define TESTS_SUPPORT_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "tracer/pages.h"

struct image_page {
	uint64_t address;
	uint8_t bytes[PAGES_SIZE];
};

struct image {
	struct image_page **pages;       /* in the order of their making */
	unsigned count, room;
	uint64_t fetched;                /* pages handed out */
	unsigned last;                   /* the page found last */
};

void image_free(struct image *image);

/* The byte at `address`; NULL: there is no page. */
uint8_t *image_at(struct image *image, uint64_t address);

/* Makes the pages that are missing. */
void image_put(struct image *image, uint64_t address, const void *bytes, size_t size);
void image_word(struct image *image, uint64_t address, uint64_t word);
void image_int(struct image *image, uint64_t address, uint32_t value);
void image_byte(struct image *image, uint64_t address, uint8_t value);

/* The page can no longer be read. */
void image_drop(struct image *image, uint64_t address);

/* For pages_set_source(). */
struct pages_source image_source(struct image *image);

#endif
