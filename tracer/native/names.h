/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.h: which function of which file an address belongs to, remembered.
 *
 * Strings handed out stay until the next names_begin(), whatever is forgotten meanwhile.
 */
#ifndef TRACER_NATIVE_NAMES_H
#define TRACER_NATIVE_NAMES_H

#include <stdint.h>

struct module;

#define NAMES_MAX 4096u          /* addresses; then all are forgotten */

struct name {
	uint64_t ip;                     /* 0: free */
	const char *module;              /* the module's own path; NULL: code without a file */
	uint64_t bias;
	const char *symbol;              /* NULL: unknown */
	uint64_t symbol_start;           /* in the tracee */
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
const struct name *names_add(struct names *names, uint64_t ip, struct module *module);

#endif
