/* SPDX-License-Identifier: Apache-2.0 */
/*
 * query_text.h: the letters of the filter language; query.h says what they mean.
 */
#ifndef TRACER_EVENTS_QUERY_TEXT_H
#define TRACER_EVENTS_QUERY_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Letters before a `=` or `~`; 0: a bare word begins here. */
size_t query_key_length(const char *text);

/* `key!=value`, as other languages have it. */
bool query_is_unequal(const char *text);

/*
 * One value, up to a blank, a comma or the end, without its escapes and with a NUL; both pointers
 * are moved behind it.  -EINVAL: `at` stands on what is no escape.
 */
int query_take_value(const char **at, char **out);

/* "FILE:NUMBER" contains `part`. */
bool query_contains_place(const char *file, const char *number, const char *part);

#endif
