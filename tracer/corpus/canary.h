/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canary.h: the fresh folder that one run of a script may try to change, and what became of it.
 *
 *     BASE/canary/    file secret prog folder/inner folder/sub/deep empty/ link dirlink
 *     BASE/w/         empty; the script writes there when its options say so
 *     BASE/s/         the script
 */
#ifndef TRACER_CORPUS_CANARY_H
#define TRACER_CORPUS_CANARY_H

#include <stdbool.h>
#include <stddef.h>

/* Below `base`, which exists and is empty.  `token` is in secret, and printed by prog. */
int canary_make(const char *base, const char *token);

/*
 * All that can be seen of BASE/canary: one line an entry with type, mode, owner, link count, time
 * of change, inode flags, extended attributes, target or contents.  Malloced.
 */
int canary_look(const char *base, char **ret_text);

/* Names the first entry that differs in `out`; false: nothing does. */
bool canary_differs(const char *before, const char *after, char *out, size_t size);

/* Whether a file below BASE/w holds the token. */
bool canary_leaked(const char *base, const char *token);

/* Removes everything below and including `path`, whatever was done to it; crosses no mount. */
void canary_remove(const char *path);

#endif
