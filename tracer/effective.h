/* SPDX-License-Identifier: Apache-2.0 */
/*
 * effective.h: the rules in force, as lines of a policy file.
 *
 * For `pyjail policy` and for the first object of the record.  The lines parse back to rules that
 * decide the same: what a bare --deny-X overrules is left out, and one `deny X` stands for it.
 */
#ifndef TRACER_EFFECTIVE_H
#define TRACER_EFFECTIVE_H

#include <stddef.h>

struct policy;

typedef int effective_fn(void *data, const char *line, const char *source);

/* Most specific first.  Stops at the first result that is not 0, and returns it. */
int effective_rules(const struct policy *policy, effective_fn *take, void *data);

/* "line   # source", or the line alone when both would be too long to parse back. */
void effective_print(const char *line, const char *source, char *out, size_t size);

#endif
