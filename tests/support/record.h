/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record.h: a record that a test writes and reads back.  What fails fails the running test.
 */
#ifndef TESTS_SUPPORT_RECORD_H
#define TESTS_SUPPORT_RECORD_H

#include <jansson.h>
#include <stddef.h>

#include "tracer/events/jsonl.h"

/* A refused open of /tmp/FILE for writing. */
extern const struct event record_event;

/* A growing text, NUL-terminated. */
struct record_text {
	char *bytes;
	size_t length, capacity;
};

double record_now_s(void);

/* SIGPIPE and SIGXFSZ, as the tracer does. */
void record_ignore_signals(void);

/* A sink with a small start object. */
struct sink *record_new(int fd);

/* A file without a name. */
int record_new_file(void);

void record_read_all(int fd, struct record_text *text);
struct record_text record_read_file(int fd);

/* The next line as an object; every line must be one.  NULL at the end. */
json_t *record_next_line(char **at);

const char *record_string(const json_t *object, const char *key);
json_int_t record_int(const json_t *object, const char *key);

#endif
