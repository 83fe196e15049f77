/* SPDX-License-Identifier: Apache-2.0 */
/* dots.h: the two names that are in every folder, and are nobody's. */
#ifndef TRACER_DOTS_H
#define TRACER_DOTS_H

#include <stdbool.h>

/* "." or ".." */
static inline bool is_dots(const char *name)
{
	return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

#endif
