/* SPDX-License-Identifier: Apache-2.0 */
/*
 * option_table.h: the options, one row each.  The parser, --help and "did you mean" read it.
 */
#ifndef TRACER_OPTION_TABLE_H
#define TRACER_OPTION_TABLE_H

#include "tracer/options.h"

enum option_form {
	FORM_BARE,      /* --quiet */
	FORM_VALUE,     /* --time=5, or --time 5 */
	FORM_MAYBE      /* --allow-read, or --allow-read=PATH: never the next word */
};

enum option_section {
	SECTION_RULES, SECTION_RUN, SECTION_LIMITS, SECTION_OUTPUT, SECTION_OTHER, SECTION_COUNT
};

struct option_row;

/* 0, -EINVAL with a fault, or OPTION_STOP. */
typedef int option_fn(struct options *options, const struct option_row *row, const char *value,
		      struct fault *ret_fault);

#define OPTION_STOP 1    /* --help: what follows is not looked at */

struct option_row {
	const char *name;
	const char *argument;   /* as --help shows it; NULL: takes none */
	const char *help;       /* NULL: only in the man page */
	option_fn *handle;
	size_t offset;          /* of the field that the handler sets */
	enum option_form form;
	enum option_section section;
	unsigned uses;          /* enum options_use */
	int number;             /* the handler's own: a level, a class */
	enum verdict_kind verdict;
};

extern const struct option_row option_rows[];
extern const size_t option_row_count;

/* By exact name, which need not end with a NUL; NULL: none. */
const struct option_row *option_find(const char *name, size_t length);

/* What a mistyped name was probably meant to be; NULL: nothing is near. */
const struct option_row *option_nearest(const char *name, size_t length, unsigned uses);

#endif
