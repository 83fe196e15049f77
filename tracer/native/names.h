/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.h: what an address in code means, remembered: the function and file it belongs to, and how
 * the frame there is left.
 *
 * Strings handed out stay until the next names_begin(), whatever is forgotten meanwhile.
 */
#ifndef TRACER_NATIVE_NAMES_H
#define TRACER_NATIVE_NAMES_H

#include <stdint.h>

#include "tracer/native/cfi.h"

struct module;

#define NAMES_MAX 4096u          /* addresses; then all are forgotten */

struct name {
	uint64_t ip;                     /* 0: free */
	const char *module;              /* the module's own path; NULL: code without a file */
	uint64_t bias;
	const char *symbol;              /* NULL: unknown */
	uint64_t symbol_start;           /* in the tracee */
	struct cfi_row row;              /* the caller's to fill; at first not plain */
};

struct names {
	struct name *items;              /* open addressing, twice NAMES_MAX */
	unsigned count;
	struct text *texts, *retired;
};

/* `names` is zero or was freed before. */
int names_new(struct names *names);
void names_free(struct names *names);

void names_begin(struct names *names);
void names_clear(struct names *names);

const struct name *names_find(const struct names *names, uint64_t ip);

/* `module` may be NULL or not open.  NULL: no memory. */
struct name *names_add(struct names *names, uint64_t ip, struct module *module);

#endif
