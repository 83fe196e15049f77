/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vars.h: from what a person writes to a pattern: escapes, ~, {placeholders}, dots.
 *
 * Pure.  The result is a pattern as match.h knows it (`\*` and `\\` quoted, all else plain bytes);
 * a path comes out absolute, without `.`, `..`, empty components and trailing slash.  `..` is taken
 * textually, before any symlink is looked at.
 */
#ifndef FILTERS_VARS_H
#define FILTERS_VARS_H

#include <stdbool.h>
#include <stddef.h>

struct fault;
struct policy_vars;

enum vars_kind {
	VARS_PATH,
	VARS_PROGRAM,            /* a path, or a bare name that is left alone */
	VARS_NAME                /* an environment variable */
};

struct vars_item {
	const char *text;        /* a slice of a line */
	size_t size;
	enum vars_kind kind;
	bool is_option;          /* of a command line: no escapes, relative to vars->cwd */
};

/*
 * How many values the item has: {prefix} may have several.  -ENXIO when what it begins with has
 * none in this run (no script folder, no home).  `ret_fault` gets the words, `ret_at` the place.
 */
int vars_count(const struct vars_item *item, const struct policy_vars *vars, size_t *ret_count,
	       const char **ret_at, struct fault *ret_fault);

/* The `choice`-th value, malloc'd. */
int vars_expand(const struct vars_item *item, const struct policy_vars *vars, size_t choice,
		char **ret_pattern, const char **ret_at, struct fault *ret_fault);

/* `bytes` as a pattern that matches exactly them, malloc'd; NULL without memory. */
char *vars_quote(const char *bytes);

/* The reverse for a pattern without wildcards; `size` bytes of it, in place. */
void vars_unquote(char *pattern, size_t size);

#endif
