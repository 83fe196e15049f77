/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.h: a str object of the tracee as UTF-8 bytes.
 *
 * Only compact strings, which file and function names always are (Include/cpython/unicodeobject.h).
 * Lone surrogates U+DC80 to U+DCFF stand for the byte that could not be decoded ("surrogateescape")
 * and become that byte; others become U+FFFD.  A NUL becomes U+FFFD too.
 */
#ifndef TRACER_PYTHON_NAMES_H
#define TRACER_PYTHON_NAMES_H

#include "tracer/pages.h"
#include "tracer/python/layout.h"

#define NAMES_CHARACTERS_MAX 4096
#define NAMES_BYTES_MAX (4 * NAMES_CHARACTERS_MAX + 1)

/*
 * What tells a string from another one at the same address without reading it whole: its length,
 * kind, and first bytes.
 */
struct name_mark {
	uint64_t length;
	uint32_t state;
	unsigned char first[24];
};

/* 0; -EINVAL: not a compact string; the errors of pages_read. */
int names_mark(struct pages *pages, const struct layout *layout, uint64_t address,
	       struct name_mark *ret_mark);

/* The text that `mark` was taken of; cut at NAMES_CHARACTERS_MAX characters. */
int names_read(struct pages *pages, const struct layout *layout, uint64_t address,
	       const struct name_mark *mark, char out[NAMES_BYTES_MAX]);

#endif
