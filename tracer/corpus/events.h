/* SPDX-License-Identifier: Apache-2.0 */
/*
 * events.h: a record read back, and held against what a script expects.
 *
 * The script chose many of its bytes.  What is not an object a line, in order and to the end, is
 * said, never passed over: a broken record proves nothing.
 */
#ifndef TRACER_CORPUS_EVENTS_H
#define TRACER_CORPUS_EVENTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "tracer/corpus/header.h"

/* An array of objects.  -EINVAL, -errno with words in `why`. */
int events_read(const char *path, json_t **ret_events, char *why, size_t size);

/* Whether an event of the record is what is expected. */
bool events_meet(const json_t *events, const struct corpus_expect *expect);

/* The first refusal (probes are none), in words; false: there is none. */
bool events_refusal(const json_t *events, char *out, size_t size);

/* '*' in the pattern stands for any bytes, also none. */
bool events_path_matches(const char *pattern, const char *path, size_t length);

/* An expectation as it was written. */
void events_print_expect(const struct corpus_expect *expect, char *out, size_t size);

#endif
