/* SPDX-License-Identifier: Apache-2.0 */
/*
 * modules.h: the files whose code one address space runs, found by address.
 *
 * Built as addresses are asked for.  A file that cannot be opened as the mapped one is read from
 * memory (exported names only); code without a file (a JIT's) has no module.  Only a few files are
 * held open at a time.
 *
 * The list of mappings is read when an address is not in it, at most once per begin.  A file that
 * was unmapped, and another mapped in its place, is noticed only then: what these tables say is a
 * label for people.
 */
#ifndef TRACER_NATIVE_MODULES_H
#define TRACER_NATIVE_MODULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/elf.h"
#include "tracer/maps.h"

struct pages;

#define MODULES_MAX 1024u
#define MODULES_OPEN_MAX 32u             /* files, and so descriptors */
#define MODULES_SYMBOLS_MAX (1u << 19)   /* sorted symbols, of all open files: 8 MiB */

struct module {
	char *path;                      /* as in maps.h; "" never */
	struct map first;                /* the mapping of offset 0; its path is this one */
	uint64_t bias;
	bool is_known;                   /* it is an ELF file: bias is right */
	bool is_open;
	unsigned char failures;          /* to open it */
	uint64_t last_use;
	struct elf elf;                  /* while open */
	struct module *next_retired;
};

struct modules {
	struct maps maps;
	struct module **of_map;          /* per mapping; NULL: not looked at yet */
	struct module *items[MODULES_MAX];       /* in no order */
	unsigned count, open_count;
	bool is_fresh;                   /* maps were read since the last begin */
	uint64_t uses;
	struct module *retired;
};

/* A walk begins: what was retired during the last one is freed. */
void modules_begin(struct modules *modules);

/*
 * Reads the mappings again and retires the modules that are no longer there: their paths stay
 * until the next begin.  Once per begin: -EALREADY after that.  *ret_is_changed: some were.
 */
int modules_reload(struct modules *modules, pid_t tid, bool *ret_is_changed);

/* An executable mapping holds it; else NULL. */
const struct map *modules_map_of(const struct modules *modules, uint64_t ip);

/*
 * The module of that mapping, or NULL; opened unless that failed (is_open).  `pages`: in a stop of `tid`, which is of this
 * address space.
 */
struct module *modules_of(struct modules *modules, struct pages *pages, pid_t tid,
			  const struct map *map);

void modules_free(struct modules *modules);

#endif
