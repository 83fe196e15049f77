/* SPDX-License-Identifier: Apache-2.0 */
/*
 * summary.h: what a record tells, as a page for people and as an object for programs.
 *
 * Pure.  Everything that a record chose is shown through base/text.h, cut in the middle where it
 * does not fit the width; only what would allow a refused call is never cut: it is to be pasted.
 */
#ifndef TRACER_EVENTS_SUMMARY_H
#define TRACER_EVENTS_SUMMARY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct tally;

struct summary_style {
	const char *name;       /* of the record, as the user wrote it */
	size_t columns;         /* SUMMARY_COLUMNS to SUMMARY_COLUMNS_MAX */
	bool has_color;
};

#define SUMMARY_COLUMNS 80
#define SUMMARY_COLUMNS_MAX 200

/* Malloc'd; NULL: no memory. */
char *summary_text(const struct tally *tally, const struct summary_style *style);

/* docs/RECORD.md has its keys.  NULL: no memory. */
json_t *summary_json(const struct tally *tally);

#endif
