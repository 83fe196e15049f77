/* SPDX-License-Identifier: Apache-2.0 */
/* embedded.c: see embedded.h.  filters_embedded.inc is written by generators/filters.c. */
#include "filters/embedded.h"

#include <string.h>

#include "base/fail.h"
#include "filters_embedded.inc"

/* GCC 11.  Without it a program may be built anew that was there, no more. */
#if __has_builtin(__builtin_clear_padding)
#define clear_padding(object) __builtin_clear_padding(object)
#else
#define clear_padding(object) ((void)(object))
#endif

/* Byte by byte, so that a member which is added to the mode is never overlooked. */
static bool is_same(const struct filter_mode *there, const struct filter_mode *asked)
{
	struct filter_mode mode = *asked;

	if (mode.watch == WATCH_UNSAID)
		mode.watch = WATCH_POLICY;
	clear_padding(&mode);
	/* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c) */
	return memcmp(there, &mode, sizeof(mode)) == 0;
}

const struct filter_embedded *filter_embedded_list(size_t *ret_count)
{
	*ret_count = ARRAY_SIZE(embedded);
	return embedded;
}

int filter_take(const struct filter_mode *mode, struct filter_program *ret_program)
{
	for (size_t i = 0; i < ARRAY_SIZE(embedded); i++) {
		if (!is_same(&embedded[i].mode, mode))
			continue;
		*ret_program = (struct filter_program){
			.code = (struct sock_filter *)embedded[i].code,
			.length = embedded[i].length,
			.is_lent = true,
		};
		return 0;
	}
	return filter_build(mode, ret_program);
}
