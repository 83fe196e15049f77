/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read_values.h: values of a recorded object.  What is missing, of another type or out of bounds is
 * as good as missing.
 */
#ifndef TRACER_EVENTS_READ_VALUES_H
#define TRACER_EVENTS_READ_VALUES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Bytes that `_hex` keys give are written here, one after the other; without room they are not. */
struct read_scratch {
	char *bytes;
	size_t size, used;
};

/* The bytes of `key`, which are NUL-terminated; NULL: none. */
const char *read_value(struct read_scratch *scratch, const json_t *object, const char *key);

/* A list of words as one line (command.h); NULL: none. */
const char *read_command(struct read_scratch *scratch, const json_t *object, const char *key);

/* 0 when it is not between the two. */
int64_t read_integer(const json_t *object, const char *key, int64_t least, int64_t most);

bool read_truth(const json_t *object, const char *key);

#endif
