/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cases.h: the scripts of the corpus: found, read, and their headers understood.
 */
#ifndef TRACER_CORPUS_CASES_H
#define TRACER_CORPUS_CASES_H

#include <stddef.h>

#include "tracer/corpus/header.h"

struct corpus_case {
	char *path;                  /* as found: shown to people */
	const char *name;            /* last component of it */
	char kind[32];               /* name of its folder: "files", "ordinary" */
	char *text;
	struct corpus_header header;
};

struct corpus_cases {
	struct corpus_case *items;
	size_t count;
};

/*
 * Files as named, folders with all *.py below them in the order of their names; folders called
 * sandboxes are left out.  -EINVAL with a fault: a header that is not understood, nothing found.
 */
int cases_find(const char *const *paths, size_t count, struct corpus_cases *ret_cases,
	       struct fault *ret_fault);
void cases_free(struct corpus_cases *cases);

#endif
