/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detail.h: how much is looked up about where in the script a call was made.
 *
 * Said for a run (--stack) and for single rules (stack=native).  It changes what is told, never
 * what is decided.
 */
#ifndef FILTERS_DETAIL_H
#define FILTERS_DETAIL_H

#include <stddef.h>

/* Each holds what the one before it holds. */
enum stack_detail {
	STACK_UNSAID,    /* of a rule: as the run says */
	STACK_OFF,
	STACK_LINE,      /* the innermost Python frame that is the user's own */
	STACK_PYTHON,    /* all Python frames */
	STACK_NATIVE,    /* and the C frames */
	STACK_DETAILS
};

const char *stack_detail_name(enum stack_detail detail);   /* "off" "line" "python" "native" */

/* STACK_UNSAID: no such word. */
enum stack_detail stack_detail_parse(const char *word, size_t size);

#endif
