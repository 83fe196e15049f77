/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines.h: from an instruction to its line, by a copy of CPython's line table.  Pure.
 *
 * Three formats: co_lnotab (Objects/lnotab_notes.txt of 3.8), ranges (3.10, the same file), and
 * locations (Objects/locations.md, 3.11).  The table is hostile: every byte is checked against its
 * end, numbers are 64 bits wide, and what comes out is 0 (no line) or 1 to INT_MAX.
 */
#ifndef TRACER_PYTHON_LINES_H
#define TRACER_PYTHON_LINES_H

#include <stddef.h>
#include <stdint.h>

#include "tracer/python/layout.h"

/* `at`: offset of the instruction in bytes; negative: not started, which is the first line. */
int lines_find(enum line_table kind, const unsigned char *table, size_t size, int first_line,
	       int64_t at);

#endif
