/* SPDX-License-Identifier: Apache-2.0 */
/*
 * embedded.h: filter programs that were built when pyjail was.
 *
 * By the same code and the same libseccomp (generators/filters.c), for the modes that most runs
 * have; any other mode is built when it is asked for.  Which of the two it was makes no difference:
 * tests/filters/test_embedded.c builds each again and compares.
 */
#ifndef FILTERS_EMBEDDED_H
#define FILTERS_EMBEDDED_H

#include "filters/seccomp.h"

struct filter_embedded {
	struct filter_mode mode;
	const struct sock_filter *code;
	size_t length;
};

/* All of them, for the tests. */
const struct filter_embedded *filter_embedded_list(size_t *ret_count);

/* 0 or negative errno.  The caller frees with filter_free; the code must not be changed. */
int filter_take(const struct filter_mode *mode, struct filter_program *ret_program);

#endif
