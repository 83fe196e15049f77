/* SPDX-License-Identifier: Apache-2.0 */
/*
 * args.h: the argument rules, made from args.def.
 *
 * A rule speaks of one form of a call that does not stop.  The filter is built from these rules,
 * and deciders ask them, so that both agree on what is harmless.
 */
#ifndef FILTERS_ARGS_H
#define FILTERS_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARG_TESTS_MAX 2

/* (args[index] & mask) == value.  A mask of 0 is no test: the list ends before it. */
struct arg_test {
	unsigned index;
	uint64_t mask;
	uint64_t value;
};

enum arg_result {
	ARG_PASS,
	ARG_NOTIFY
};

enum arg_when {
	WHEN_ALWAYS,
	WHEN_STAT_FREE,     /* no rule judges metadata */
	WHEN_READS_FREE,    /* read-only opens run in the kernel */
	WHEN_OPENS_JUDGED,  /* all opens go to the listener */
	WHEN_WRITES_JUDGED, /* those for writing do, the others run */
	WHEN_BROKERED,      /* what the tracer performs goes to the listener */
	WHEN_STAT_JUDGED,   /* so does what asks for metadata */
	WHEN_NET_FREE,      /* IP sockets are allowed */
	WHEN_MEMORY_FREE    /* memory is not limited */
};

struct arg_rule {
	int nr;
	enum arg_result result;
	enum arg_when when;
	struct arg_test tests[ARG_TESTS_MAX];
};

extern const struct arg_rule arg_rules[];
extern const size_t arg_rule_count;

/* Whether the arguments of a call of that number have the form. */
bool arg_rule_matches(const struct arg_rule *rule, const uint64_t args[6]);

#endif
