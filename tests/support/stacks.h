/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stacks.h: what programs/stacks.py said of its stacks, against what the record says of them.
 * What differs fails the running test.
 */
#ifndef TESTS_SUPPORT_STACKS_H
#define TESTS_SUPPORT_STACKS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct stacks_count {
	size_t compared;         /* stacks */
	size_t frames, native;   /* in them */
};

/* The events of a record about /pyjail-stack/..., with their stacks. */
json_t *stacks_load_record(const char *path);

/* Every stack that was said is recorded, and is the same, frame by frame. */
struct stacks_count stacks_compare(const char *said_path, const json_t *record,
				   const char *version);

/*
 * With native frames: every Python frame lies in exactly one of them, in order.  `may_be_cut`: not
 * when the native part was cut.
 */
void stacks_check_placed(const json_t *record, bool may_be_cut, const char *version);

/* The frames of one event as "file:line function", one a line, innermost first. */
const char *stacks_text(const json_t *event);

#endif
