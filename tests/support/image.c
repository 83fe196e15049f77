/* SPDX-License-Identifier: Apache-2.0 */
/* image.c: see image.h. */
#include "tests/support/image.h"

#include <stdlib.h>
#include <string.h>

void image_free(struct image *image)
{
	for (unsigned i = 0; i < image->count; i++)
		free(image->pages[i]);
	free(image->pages);
	*image = (struct image){ 0 };
}

static struct image_page *find(struct image *image, uint64_t address)
{
	uint64_t page = address - address % PAGES_SIZE;

	if (image->last < image->count && image->pages[image->last]->address == page)
		return image->pages[image->last];
	for (unsigned i = 0; i < image->count; i++) {
		if (image->pages[i]->address != page)
			continue;
		image->last = i;
		return image->pages[i];
	}
	return NULL;
}

static struct image_page *make(struct image *image, uint64_t address)
{
	struct image_page *page = find(image, address);

	if (page)
		return page;
	if (image->count == image->room) {
		image->room = image->room ? 2 * image->room : 16;
		image->pages = realloc(image->pages, image->room * sizeof(*image->pages));
		if (!image->pages)
			abort();
	}
	page = calloc(1, sizeof(*page));
	if (!page)
		abort();
	page->address = address - address % PAGES_SIZE;
	image->pages[image->count++] = page;
	return page;
}

uint8_t *image_at(struct image *image, uint64_t address)
{
	struct image_page *page = find(image, address);

	return page ? page->bytes + address % PAGES_SIZE : NULL;
}

void image_put(struct image *image, uint64_t address, const void *bytes, size_t size)
{
	const uint8_t *from = bytes;

	while (size > 0) {
		size_t within = address % PAGES_SIZE, step = PAGES_SIZE - within;

		if (step > size)
			step = size;
		memcpy(make(image, address)->bytes + within, from, step);
		from += step;
		address += step;
		size -= step;
	}
}

void image_word(struct image *image, uint64_t address, uint64_t word)
{
	image_put(image, address, &word, sizeof(word));
}

void image_int(struct image *image, uint64_t address, uint32_t value)
{
	image_put(image, address, &value, sizeof(value));
}

void image_byte(struct image *image, uint64_t address, uint8_t value)
{
	image_put(image, address, &value, sizeof(value));
}

void image_drop(struct image *image, uint64_t address)
{
	struct image_page *page = find(image, address);

	/* An address that nobody asks for: the user's half ends before it. */
	if (page)
		page->address = UINT64_MAX - UINT64_MAX % PAGES_SIZE;
}

static int fetch(void *data, pid_t tid, const struct pages_piece *pieces, unsigned count,
		 void *buffer)
{
	struct image *image = data;
	uint8_t *out = buffer;

	(void)tid;
	for (unsigned i = 0; i < count; i++) {
		struct image_page *page = find(image, pieces[i].address);

		if (!page)
			return (int)i;
		memcpy(out, page->bytes + pieces[i].address % PAGES_SIZE, pieces[i].size);
		out += pieces[i].size;
		image->fetched++;
	}
	return (int)count;
}

struct pages_source image_source(struct image *image)
{
	return (struct pages_source){ fetch, image };
}
