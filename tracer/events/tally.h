/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tally.h: what a record says, counted: a summary of ten million events in bounded memory.
 *
 * Each table keeps the most frequent keys and counts the rest as others; frequent.h says how, and
 * how far a count may be off.  A key is a row of fields with a NUL between them: tally_field().
 */
#ifndef TRACER_EVENTS_TALLY_H
#define TRACER_EVENTS_TALLY_H

#include <jansson.h>

#include "tracer/events/frequent.h"

struct read_event;
struct read_line;

/* Fields of the keys of each table; a field that an event does not have is "". */
enum tally_table {
	TALLY_REFUSED,     /* enum refused_field: one for each (action, path, Python line) */
	TALLY_WRITTEN,     /* path: what was allowed and succeeded */
	TALLY_DELETED,     /* path */
	TALLY_RUN,         /* path */
	TALLY_READ,        /* path */
	TALLY_LINES,       /* FILE, LINE, function */
	TALLY_CALLS,       /* name */
	TALLY_OUTCOMES,    /* verdict, name of the errno */
	TALLY_PROCESSES,   /* pid */
	TALLY_FACTS,       /* "limit" or "note", reason */
	TALLY_TABLES
};

enum refused_field {
	REFUSED_VERDICT, REFUSED_CLASS, REFUSED_CALL, REFUSED_ERROR, REFUSED_PATH, REFUSED_PATH2,
	REFUSED_FILE, REFUSED_LINE, REFUSED_FUNCTION, REFUSED_RULE, REFUSED_SOURCE, REFUSED_REASON,
	REFUSED_FIELDS
};

#define TALLY_BAD_MAX 5         /* unreadable lines that are named */

struct tally_bad {
	uint64_t number;
	const char *problem;
};

struct tally {
	struct frequent *tables[TALLY_TABLES];
	json_t *start, *result;    /* NULL: not seen (yet) */
	uint64_t events;           /* calls, limits, notes */
	uint64_t refused, probes, failed;  /* refused: without the probes that were */
	uint64_t lost;             /* where the record says that lines are missing */
	uint64_t last_us;          /* time of the latest event */
	uint64_t lines;            /* number of the last line */
	uint64_t bad_count;
	struct tally_bad bad[TALLY_BAD_MAX];
	bool is_cut;               /* the last line is not whole */
	char *scratch;
	size_t scratch_size;
};

/* Zeroed before; tally_free also after a failure. */
int tally_init(struct tally *tally);
void tally_free(struct tally *tally);

/* One line of a record.  -ENOMEM. */
int tally_add(struct tally *tally, const struct read_line *line);

/* Refused, and more than a question: what `denied` of a result counts. */
bool tally_is_refusal(const struct read_event *event);

/* Allowed, or before policy was asked, and yet it failed. */
bool tally_is_failure(const struct read_event *event);

/* Field `i` of a key; "" when there are fewer (a key that was too long is cut). */
const char *tally_field(const struct frequent_item *item, unsigned i);

/* Nothing is missing that the record was to hold. */
bool tally_is_complete(const struct tally *tally);

#endif
