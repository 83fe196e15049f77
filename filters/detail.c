/* SPDX-License-Identifier: Apache-2.0 */
/* detail.c: see detail.h. */
#include "filters/detail.h"

#include <string.h>

static const char *const names[STACK_DETAILS] = {
	[STACK_UNSAID] = "", [STACK_OFF] = "off", [STACK_LINE] = "line",
	[STACK_PYTHON] = "python", [STACK_NATIVE] = "native",
};

const char *stack_detail_name(enum stack_detail detail)
{
	return detail < STACK_DETAILS ? names[detail] : "?";
}

enum stack_detail stack_detail_parse(const char *word, size_t size)
{
	for (unsigned i = STACK_OFF; i < STACK_DETAILS; i++)
		if (strlen(names[i]) == size && memcmp(names[i], word, size) == 0)
			return (enum stack_detail)i;
	return STACK_UNSAID;
}
