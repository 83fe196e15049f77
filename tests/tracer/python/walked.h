/* SPDX-License-Identifier: Apache-2.0 */
/* walked.h: an interpreter made up in memory, with all that a walk through it needs. */
#ifndef TESTS_WALKED_H
#define TESTS_WALKED_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/image_python.h"
#include "tracer/python/python.h"

static const char *const prefixes[] = { "/usr/lib/python3" };
static const struct codes_folders folders = { prefixes, 1 };

static struct image_python python;
static struct pages *pages;
static struct frames frames;
static struct frames_walk walk;

static void walked_begin(unsigned minor)
{
	struct codes *codes;
	struct pages_source source;

	image_python_new(&python, minor);
	ck_assert_int_eq(pages_new(&pages), 0);
	ck_assert_int_eq(codes_new(&folders, &codes), 0);
	source = image_source(&python.image);
	pages_set_source(pages, &source);
	walk = (struct frames_walk){ pages, &python.runtime, codes, 1, 0, false };
}

static void walked_end(void)
{
	codes_drop(walk.codes);
	pages_free(pages);
	image_python_free(&python);
}

/* A new stop, with no frames. */
static void walked_stop(void)
{
	walk.stop++;
	pages_begin(pages, 1, 0, PAGES_ROOM);
	frames_clear(&frames);
}

/* A frame of a code object of its own, on line 10 + at. */
static inline uint64_t walked_frame(const char *function, uint64_t previous, unsigned at)
{
	return image_frame(&python, image_code(&python, "a.py", function, 10), previous, at);
}

/* "f:12 g:10", innermost first. */
static inline const char *walked_text(void)
{
	static char text[65536];
	size_t used = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < frames.count && used < sizeof(text) - 100; i++)
		used += (size_t)sprintf(text + used, "%s%.60s:%d", i ? " " : "",
					frames.items[i].code->function, frames.items[i].line);
	return text;
}

/* Code objects with large tables, then smaller ones, until there is no room for any. */
static inline void walked_fill(void)
{
	void *zeros = calloc(1, CODES_TABLE_MAX);
	const struct code *code;
	struct codes_place place = { pages, &python.runtime.layout, IMAGE_CODE_TYPE, 1, 0 };
	struct image_code parts = { .file = image_ascii(&python, "x"), .first_line = 1 };

	parts.function = parts.file;
	parts.table = image_bytes(&python, zeros, CODES_TABLE_MAX);
	for (size_t size = CODES_TABLE_MAX; size > 0;) {
		walked_stop();
		place.stop = walk.stop;
		image_word(&python.image, parts.table + python.runtime.layout.bytes.size, size);
		image_code_put(&python, python.heap, &parts);
		if (codes_find(walk.codes, &place, python.heap, &code) < 0)
			size /= 2;
		python.heap += 512;
	}
	ck_assert(codes_is_full(walk.codes));
	free(zeros);
}

#endif
