/* SPDX-License-Identifier: Apache-2.0 */
/*
 * match.h: patterns against paths and names.  Pure, allocates nothing.
 *
 * A pattern is a run of components.  `*` matches any bytes inside one component, `**` as a whole
 * component any number of components, none included.  `\*` and `\\` are the characters
 * themselves; every other byte stands for itself.  Time is bounded by (pattern length) x (path
 * length), whatever the script calls its files: only the last wildcard is ever tried again.
 */
#ifndef FILTERS_MATCH_H
#define FILTERS_MATCH_H

#include <stdbool.h>
#include <stddef.h>

/* What follows root + "/" in `path`; "" when they are the same; NULL when path is elsewhere. */
const char *match_below(const char *root, const char *path);

/* The first component with a wildcard; the final NUL when there is none. */
const char *match_wild_part(const char *pattern);

/* Is the component at `pattern` exactly `**`? */
bool match_is_deep(const char *pattern);

/* One name against one pattern without slashes. */
bool match_name(const char *pattern, size_t pattern_size, const char *name, size_t name_size);

/* A whole relative path.  `below`: also everything below what matches. */
bool match_path(const char *pattern, const char *path, bool below);

/* Could the pattern match `path` or anything below it?  May say yes too often, never no. */
bool match_reaches(const char *pattern, const char *path);

/* Absolute, no empty component, no `.` and no `..`: what the resolver hands over. */
bool match_is_canonical(const char *path);

#endif
