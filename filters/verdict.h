/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verdict.h: what the policy says of a call.
 */
#ifndef FILTERS_VERDICT_H
#define FILTERS_VERDICT_H

#include "filters/call.h"

struct rule;

enum verdict_kind {
	VERDICT_ALLOW,
	VERDICT_DENY,
	VERDICT_KILL,   /* ends the script */
	VERDICT_ASK,    /* somebody outside answers; the thread waits */
	VERDICT_HIDE,   /* to the script there is no such file */
	VERDICT_VIEW,   /* allowed, on the file that is shown in its place */
	VERDICT_FAKE,   /* success is reported, and nothing done */
	VERDICT_SCRATCH /* done in a private layer: tracer/layer/layer.h */
};

/*
 * The class and path are those of the want that decided: for a refused rename, the end that was
 * refused.  `rule` and `path` point into the policy and the call.
 */
struct verdict {
	enum verdict_kind kind;
	int error;              /* positive errno for DENY and HIDE; 0 otherwise */
	enum call_class class;
	const char *path;       /* NULL when the class is not about a path */
	const struct rule *rule;/* NULL: built in, or no rule matches */
	const char *reason;     /* static text when it was not a rule; may be NULL */
};

/* Is something done for the script, one way or another? */
static inline bool verdict_permits(enum verdict_kind kind)
{
	return kind == VERDICT_ALLOW || kind == VERDICT_VIEW || kind == VERDICT_FAKE ||
	       kind == VERDICT_SCRATCH;
}

const char *verdict_name(enum verdict_kind kind);

#endif
