/* SPDX-License-Identifier: Apache-2.0 */
/* start.h: the first object of a record: what was run, how, on what.  See docs/RECORD.md. */
#ifndef TRACER_START_H
#define TRACER_START_H

#include <jansson.h>

struct policy;
struct interpreter;

struct start {
	char *const *argv;         /* pyjail's own, from argv[0] to NULL */
	const struct policy *policy;
	const struct interpreter *interpreter;
	int landlock_abi;
};

/* NULL: no memory. */
json_t *start_json(const struct start *start);

#endif
