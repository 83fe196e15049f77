/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report.h: a dealt-with call -> struct event -> every sink.
 */
#ifndef TRACER_REPORT_H
#define TRACER_REPORT_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/* `result` is what the tracee gets: a value, or a negative errno.  Uses op->verdict. */
void report_call(struct tracer *tracer, const struct op *op, long result);

/* The system's own answer, given before policy was asked. */
void report_error(struct tracer *tracer, const struct op *op, int error);

/* The same event as data, for a question.  Strings live as long as `text`. */
struct report_text {
	char action[128];
	char host[64];
	char flags[256];
	char effects[128];
	char rule[512];
	char call[32];
	char where[4096];
	char command[4096];
};
struct event report_event(const struct tracer *tracer, const struct op *op,
			  struct report_text *text);

void report_limit(struct tracer *tracer, const char *limit);
void report_note(struct tracer *tracer, const char *text);

#endif
