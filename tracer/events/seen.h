/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seen.h: what was said already.  A bounded set of byte strings, whose parts a script chooses:
 * hashed with a secret seed, so that it cannot aim for one bucket, and full at a fixed size.
 */
#ifndef TRACER_EVENTS_SEEN_H
#define TRACER_EVENTS_SEEN_H

#include <stddef.h>

#define SEEN_KEYS_MAX 10000
#define SEEN_BYTES_MAX (8u << 20)
#define SEEN_KEY_MAX 8192       /* longer keys are told apart by this much of them */

struct seen;

enum seen_answer {
	SEEN_NEW,        /* and remembered now */
	SEEN_BEFORE,
	SEEN_FULL        /* unknown, and no room to remember it */
};

int seen_new(struct seen **ret_seen);
void seen_free(struct seen *seen);

enum seen_answer seen_check(struct seen *seen, const char *key, size_t length);

#endif
