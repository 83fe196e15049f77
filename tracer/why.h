/* SPDX-License-Identifier: Apache-2.0 */
/*
 * why.h: what would happen to a call, and by which rule: `pyjail why`.
 *
 * Asks the same exported filter and the same decide() that a run uses, of a call that is made up
 * from the table's shape letters.  Pure: the files that are named were looked at before (struct
 * call_file says what was found).
 */
#ifndef TRACER_WHY_H
#define TRACER_WHY_H

#include "filters/seccomp.h"
#include "filters/syscalls.h"

struct fault;

struct why {
	const struct policy *policy;   /* borrowed, like the words and paths */
	struct call call;
	uint32_t action;               /* what the filter says */
	struct verdict verdict;
};

/*
 * How many files the call names (a path letter, or the descriptor of decide_change).  At most
 * CALL_FILES; the words of `pyjail why` begin with them.
 */
size_t why_file_count(const struct syscall_row *row);

/* Whether a final symbolic link of that file is the thing meant. */
bool why_is_name(const struct syscall_row *row, size_t file);

/*
 * `files`: why_file_count of them.  `words`: the arguments that can be said in words (flags, mode,
 * command, signal, "self" "tree" "other"), in the order of the call; what is left out is 0,
 * or "other" for signals.  -EINVAL: fault says which word.
 */
int why_ask(const struct policy *policy, const struct filter_program *program,
	    const struct syscall_row *row, const struct call_file *files,
	    const char *const *words, size_t word_count, struct why *ret_why,
	    struct fault *ret_fault);

bool why_is_allowed(const struct why *why);

/* The lines as text, escaped; malloc'd, NULL without memory. */
char *why_text(const struct why *why);

#endif
