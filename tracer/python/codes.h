/* SPDX-License-Identifier: Apache-2.0 */
/*
 * codes.h: code objects that were met: their names and line tables, read once.
 *
 * Code objects die and their addresses return, so an entry is believed only when it still is the
 * same object: from 3.12 on by its co_version, which is unique (0: not cached); before, by its
 * whole line table, its pointers and the beginnings of its names, compared again at each stop.
 *
 * Bounded: when CODES_BYTES_MAX are used, no entry is added any more (codes_is_full) and the owner
 * starts anew.  Strings of stacks that are still in use keep their set alive: hence the count.
 */
#ifndef TRACER_PYTHON_CODES_H
#define TRACER_PYTHON_CODES_H

#include "tracer/pages.h"
#include "tracer/python/layout.h"

#define CODES_BYTES_MAX (8u << 20)
#define CODES_TABLE_MAX (1u << 20)    /* bytes of one line table */

struct codes;

struct code {
	const char *file;        /* owned by the set, as are all strings of it */
	const char *function;
	int first_line;
	bool is_library;
	uint64_t bytecode;       /* where its instructions begin; 0: before 3.11 */
};

/* What belongs to Python's installation: files that begin with one of these. */
struct codes_folders {
	const char *const *prefixes;
	size_t count;
};

int codes_new(const struct codes_folders *libraries, struct codes **ret_codes);
struct codes *codes_share(struct codes *codes);
void codes_drop(struct codes *codes);          /* takes NULL */
bool codes_is_full(const struct codes *codes);

/*
 * The code object at `address`; valid as long as the set.  `type`: where PyCode_Type is, which it
 * must be an instance of.  `stop`: a number that is new at each stop; `space`: of the address space.
 * -EINVAL: it is no code object; -ENOSPC: the set is full; -ENOMEM; the errors of pages_read.
 */
struct codes_place {
	struct pages *pages;
	const struct layout *layout;
	uint64_t type;
	uint64_t space;
	uint64_t stop;
};
int codes_find(struct codes *codes, const struct codes_place *place, uint64_t address,
	       const struct code **ret_code);

/*
 * The line of its instruction at byte `at`; 0: none.  Takes what is looked through from `budget`
 * (bytes of line tables); -EDQUOT: that is used up, since a stack may name one huge table often.
 */
int codes_line(const struct layout *layout, const struct code *code, int64_t at, size_t *budget);

#endif
