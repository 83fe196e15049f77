/* SPDX-License-Identifier: Apache-2.0 */
/*
 * said.h: what the human sink says, caught in a pipe.  What fails fails the running test.
 */
#ifndef TESTS_SUPPORT_SAID_H
#define TESTS_SUPPORT_SAID_H

#include <stdbool.h>
#include <stddef.h>

#include "tracer/events/human.h"

/* A pipe whose ends a test holds, as a stderr that the sink borrows. */
struct said {
	int ends[2];
	struct sink *sink;
	char *text;             /* NULL: nothing */
	size_t length;
};

/* Ignores SIGPIPE too. */
void said_open(struct said *said, enum human_level level, bool has_color);

/* Reads what is in the pipe now. */
void said_drain(struct said *said);

/* Closes the sink, reads the rest, closes the pipe.  The text is the caller's to free. */
void said_close(struct said *said);

const char *said_text(const struct said *said);
size_t said_count(const char *text, const char *part);

/* Each line begins as ours do and is whole. */
void said_check_lines(const char *text);

double said_now_s(void);

#endif
