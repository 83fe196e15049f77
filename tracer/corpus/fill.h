/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fill.h: the placeholders of a script (@CANARY@, @TCP@, ...) and what stands for them in one run.
 * Pure.
 */
#ifndef TRACER_CORPUS_FILL_H
#define TRACER_CORPUS_FILL_H

#include <limits.h>

#include "base/fail.h"

enum fill_name {
	FILL_BASE, FILL_CANARY, FILL_WORK, FILL_TOKEN, FILL_TCP, FILL_UDP, FILL_UNIX, FILL_ABSTRACT,
	FILL_PORT, FILL_VICTIM, FILL_PYTHON, FILL_COUNT
};

struct fill {
	char value[FILL_COUNT][PATH_MAX];
};

/*
 * A copy of the text with every placeholder replaced, once: what a value brings is not looked at
 * again.  -EINVAL with line and column: @WORD@ in capitals that is no placeholder.
 */
int fill_text(const struct fill *fill, const char *text, char **ret_text,
	      struct fault *ret_fault);

#endif
