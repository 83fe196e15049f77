/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.h: lines of a Python file, to be shown beside a traceback.
 *
 * The name comes from memory that the script writes, so it may lead anywhere: only regular files
 * whose name ends in .py (or is the script itself) are read, at most SOURCE_BYTES_MAX of them,
 * without following what blocks.
 */
#ifndef TUI_SOURCE_H
#define TUI_SOURCE_H

#include <stddef.h>

#define SOURCE_BYTES_MAX (4u << 20)

struct facts;

/* The file's bytes with a NUL behind them, malloc'd.  Negative errno; -EPERM: not to be read. */
int source_read(const struct facts *facts, const char *file, char **ret_bytes, size_t *ret_size);

/* One line, without blanks before it; "" when it cannot be had.  1 is the first. */
void source_line(const struct facts *facts, const char *file, int line, char *out, size_t size);

#endif
