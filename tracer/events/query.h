/* SPDX-License-Identifier: Apache-2.0 */
/*
 * query.h: the filter language: which events are meant.
 *
 *     call=openat,unlinkat !verdict=allow path~.ssh demo.py
 *
 * Terms joined by blanks must all hold.  `key=value` is equality, `key~part` containment, a bare
 * word is contained in anything that the event says; commas mean or; `!` before a term negates it.
 *
 *     call     name of the call
 *     group    of the call, or the class of right:  file desc mem proc signal net ipc time sys,
 *              read write delete stat exec env process system
 *     verdict  allow deny kill error, and ask: whatever the answer was
 *     path     either path of the call; `~`: as the script wrote it, too
 *     host     where a socket leads: 203.0.113.9:443
 *     pid      number of the process
 *     line     FILE:LINE, LINE alone, or FILE alone; FILE may leave out its first folders
 *     func     function of that line; `f` means `K.f` too
 *     errno    name or number; 0: success
 *     rule     the line of policy that decided
 *
 * A backslash takes the next character as it is (\, \! \=, a blank), or is an escape as text.h
 * writes them (\n \x1b \u{202e}): what is shown of a path can be pasted.
 *
 * Pure: parsing and matching touch nothing but memory.
 */
#ifndef TRACER_EVENTS_QUERY_H
#define TRACER_EVENTS_QUERY_H

#include <stdbool.h>

#define QUERY_TEXT_MAX 4096
#define QUERY_TERMS_MAX 64      /* values, commas counted */

struct fault;
struct query;
struct read_event;

/* -EINVAL: the fault has text, quote, column and cure.  "" and blanks: every event. */
int query_parse(const char *text, struct query **ret_query, struct fault *ret_fault);
void query_free(struct query *query);

bool query_matches(const struct query *query, const struct read_event *event);

#endif
