/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reading.h: a record as text, read as `pyjail report` reads it.
 */
#ifndef TESTS_SUPPORT_READING_H
#define TESTS_SUPPORT_READING_H

#include "tracer/events/read.h"
#include "tracer/events/tally.h"

#define READING_START "{\"type\":\"start\",\"version\":1,\"cwd\":\"/home/ann\"}\n"
#define READING_RESULT "{\"type\":\"result\",\"status\":0,\"lost\":0}\n"

/* A file without a name that holds these bytes, at its beginning. */
int reading_file(const char *bytes, size_t length);

/* One event of a record, with a start before it.  Valid until the next reading_event. */
const struct read_event *reading_event(const char *line);

/* The last line of a text, whatever it became; valid until the next one. */
const struct read_line *reading_last(const char *bytes, size_t length);

/* All of it, counted. */
void reading_tally(struct tally *tally, const char *bytes, size_t length);

/* A file of tests/data/records, malloc'd, with a NUL behind it. */
char *reading_data(const char *name, size_t *ret_length);

#endif
