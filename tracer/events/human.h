/* SPDX-License-Identifier: Apache-2.0 */
/*
 * human.h: refusals as three lines for people, on stderr.
 *
 *     pyjail: denied  write /tmp/FILE (create, truncate)          EACCES
 *             at demo.py:3 in save()
 *             allow with  --allow-write=/tmp/FILE
 *
 * Said once per distinct (Python line, call, class, path).  The second line appears when event.where
 * is known, with the source line beside it when that can be had.
 * Never blocks: a stderr that takes no bytes costs messages (counted, said at the end), not time.
 * The descriptor stays the caller's.
 */
#ifndef TRACER_EVENTS_HUMAN_H
#define TRACER_EVENTS_HUMAN_H

#include <stddef.h>

#include "tracer/events/sink.h"

/* Verbose: allowed events, probes and the system's own refusals too, one line each. */
enum human_level { HUMAN_QUIET, HUMAN_NORMAL, HUMAN_VERBOSE };

int human_new(int fd, enum human_level level, bool color, struct sink **ret_sink);

#define HUMAN_SOURCE_MAX 120    /* bytes of a source line that are shown */

/* Where the text of a line comes from: 0 and the line without blanks around it, or negative. */
struct human_source {
	int (*line)(void *data, const char *file, int line, char *out, size_t size);
	void *data;
	const char *cwd;         /* files below it are named from there; "": none */
};

/* Borrowed; without one only places are said. */
void human_show_source(struct sink *sink, const struct human_source *source);

/*
 * What would allow it, ready to paste: "--allow-write=/tmp/FILE", quoted for a shell where that is
 * needed, or "a policy line: allow write /tmp/a\,b" where a flag cannot say it.  Never cut.
 * 0 (and "") when nothing would: the user's own rule, a reason that is no rule, a class without
 * rules, or a path too long for a rule.  Pure.
 */
size_t human_cure(const struct event *event, char *out, size_t size);

/* No reason at all, or only that no rule speaks of it: then a flag or nothing helps. */
bool human_reason_is_default(const char *reason);

#endif
