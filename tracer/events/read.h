/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read.h: a record, read back.  docs/RECORD.md says what is in one.
 *
 * A record is what somebody handed us: lines and what is made of them are bounded, every key may be
 * missing or of another type (then it is as good as missing), unknown types and keys are skipped,
 * a line that cannot be read is given as such and the rest is read on.  What the `_hex` keys say
 * replaces what the plain keys say.  Strings are bytes without NUL, in no way safe to show.
 *
 * One line at a time; what a line points to is valid until the next call.
 */
#ifndef TRACER_EVENTS_READ_H
#define TRACER_EVENTS_READ_H

#include <jansson.h>

#include "tracer/events/event.h"

struct reader;

enum read_kind {
	READ_START,     /* object */
	READ_EVENT,     /* event */
	READ_LOST,      /* lost: so many events are missing here */
	READ_RESULT,    /* object */
	READ_OTHER,     /* of a type that is not known: not ours to judge */
	READ_BAD,       /* problem */
	READ_CUT        /* the last line, of which the end is missing */
};

/* An event as a record has it.  Names are as written: a newer pyjail may know more of them. */
struct read_event {
	struct event event;     /* a stack's texts are "" where a record has none */
	const char *class_name, *verdict, *error_name;   /* NULL: the line has none */
	const char *host;       /* NULL: none */
	const char *file;       /* the Python line that `where` names; NULL: unknown */
	int line;
	const char *function;   /* NULL: unknown */
};

struct read_line {
	enum read_kind kind;
	uint64_t number;
	const char *text;       /* as it stands there, without the newline */
	size_t length;
	const char *problem;    /* static words */
	struct read_event event;
	const json_t *object;   /* take a reference to keep it */
	uint64_t lost;
};

/* The descriptor stays the caller's. */
int reader_new(int fd, struct reader **ret_reader);
void reader_free(struct reader *reader);

/*
 * 1: a line; 0: no more so far (lines.h says what `is_last` does); negative: reading failed.
 * -EBADMSG: not a record, or of a version that is not known: reader_problem() says it.
 */
int reader_next(struct reader *reader, bool is_last, struct read_line *ret_line);

/* Words for -EBADMSG. */
const char *reader_problem(const struct reader *reader);

/* Bytes read so far. */
uint64_t reader_offset(const struct reader *reader);

/* Of a start or result object: the bytes of a string, malloc'd; NULL: it has no such string. */
char *read_bytes(const json_t *object, const char *key);

/* The same of item `i` of a list. */
char *read_list_bytes(const json_t *object, const char *key, size_t i);

/*
 * What a result object says of a scratch layer, as bytes that somebody else chose: "3 added, 1 changed,
 * 2 deleted: pyjail diff DIR"; "": nothing.
 */
void read_changes(const json_t *result, char *out, size_t size);

#endif
