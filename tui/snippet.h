/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snippet.h: lines of a Python file, to be shown beside a traceback.
 *
 * The name comes from memory that the script writes, so it may lead anywhere.  Read are regular
 * files only, at most SNIPPET_BYTES_MAX of one, whose name ends in .py also once every link is
 * followed (what a script may link to is not what it may read), and of a run of our own the script
 * itself.  Nothing else is so much as opened: no device, no FIFO.
 */
#ifndef TUI_SNIPPET_H
#define TUI_SNIPPET_H

#include <stddef.h>

#define SNIPPET_BYTES_MAX (1u << 20)     /* read anew for each frame of each traceback drawn */

struct facts;

/* The file's bytes with a NUL behind them, malloc'd.  Negative errno; -EPERM: not to be read. */
int snippet_read(const struct facts *facts, const char *file, char **ret_bytes, size_t *ret_size);

/* One line, without blanks before it; "" when it cannot be had.  1 is the first. */
void snippet_line(const struct facts *facts, const char *file, int line, char *out, size_t size);

#endif
