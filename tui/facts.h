/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts.h: what is known of the run beside its events: its start and result objects.
 *
 * Strings are bytes that somebody else chose; never NULL, "" when the record does not say.
 */
#ifndef TUI_FACTS_H
#define TUI_FACTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct facts {
	char *script;           /* the command line from the script on */
	char *cwd, *interpreter, *record, *time;
	char *policy;           /* name of the policy: its files, or "default" */
	json_t *start, *result; /* NULL: not there (yet) */
	char ended[128];        /* "exit 1", "signal 9", "limit: time" */
	char changes[512];      /* of a scratch layer: "3 added, ..."; "": there was none */
	uint64_t lost;          /* events that a record says are missing */
	uint64_t bad;           /* lines of a record that cannot be read */
	double wall_s;          /* 0 to 1e9 */
	bool is_own;            /* of a run of ours: what it says of the script is true */
};

int facts_init(struct facts *facts);
void facts_free(struct facts *facts);

/* Borrowed; -ENOMEM. */
int facts_set_start(struct facts *facts, const json_t *start);
int facts_set_result(struct facts *facts, const json_t *result);

/* Never around to nothing, however much a record says. */
void facts_add_lost(struct facts *facts, uint64_t lost);

/* Events and lines that are missing. */
uint64_t facts_missing(const struct facts *facts);

/* A path as people write it: from the working folder, or from ~, when it lies below. */
void facts_path(const struct facts *facts, const char *path, char *out, size_t size);

/* Rules of the start object: malloc'd bytes, NULL behind the last. */
char *facts_rule(const struct facts *facts, size_t i);

#endif
