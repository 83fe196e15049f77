/* SPDX-License-Identifier: Apache-2.0 */
/* modules.c: see modules.h. */
#include "tracer/native/modules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tracer/pages.h"

#define FAILURES_MAX 3           /* not at every step: what cannot be opened mostly stays so */

/* ---- their life ---- */

static void close_module(struct modules *modules, struct module *module)
{
	if (!module->is_open)
		return;
	elf_close(&module->elf);
	module->is_open = false;
	modules->open_count--;
}

static void retire(struct modules *modules, struct module *module)
{
	close_module(modules, module);
	module->next_retired = modules->retired;
	modules->retired = module;
}

void modules_begin(struct modules *modules)
{
	while (modules->retired) {
		struct module *module = modules->retired;

		modules->retired = module->next_retired;
		free(module->path);
		free(module);
	}
	modules->is_fresh = false;
}

void modules_free(struct modules *modules)
{
	for (unsigned i = 0; i < modules->count; i++)
		retire(modules, modules->items[i]);
	modules->count = 0;
	modules_begin(modules);
	maps_free(&modules->maps);
	free(modules->of_map);
	modules->of_map = NULL;
}

static bool is_same(const struct map *a, const struct map *b)
{
	return a->start == b->start && a->offset == b->offset && a->device == b->device &&
	       a->inode == b->inode && strcmp(a->path, b->path) == 0;
}

/* Is what the module was made of still there? */
static bool is_there(const struct module *module, const struct maps *maps)
{
	const struct map *map = maps_find(maps, module->first.start);

	return map && is_same(map, &module->first);
}

int modules_reload(struct modules *modules, pid_t tid, bool *ret_is_changed)
{
	struct module **of_map;
	struct maps maps;
	unsigned kept = 0;
	int e;

	if (modules->is_fresh)
		return -EALREADY;
	modules->is_fresh = true;
	e = maps_read(tid, &maps);
	if (e < 0)
		return e;
	of_map = calloc(maps.count + 1, sizeof(struct module *));
	if (!of_map) {
		maps_free(&maps);
		return -ENOMEM;
	}
	for (unsigned i = 0; i < modules->count; i++) {
		if (is_there(modules->items[i], &maps))
			modules->items[kept++] = modules->items[i];
		else
			retire(modules, modules->items[i]);
	}
	*ret_is_changed = kept != modules->count;
	modules->count = kept;
	maps_free(&modules->maps);
	free(modules->of_map);
	modules->maps = maps;
	modules->of_map = of_map;
	return 0;
}

/* ---- opening ---- */

static void close_least_used(struct modules *modules)
{
	struct module *least = NULL;

	for (unsigned i = 0; i < modules->count; i++) {
		struct module *module = modules->items[i];

		if (module->is_open && (!least || module->last_use < least->last_use))
			least = module;
	}
	if (least)
		close_module(modules, least);
}

/* What the others leave of the bound on sorted symbols. */
static unsigned symbols_left(const struct modules *modules)
{
	unsigned held = 0;

	for (unsigned i = 0; i < modules->count; i++) {
		if (modules->items[i]->is_open)
			held += elf_symbols_held(&modules->items[i]->elf);
	}
	held = held < MODULES_SYMBOLS_MAX ? MODULES_SYMBOLS_MAX - held : 0;
	return held < ELF_SYMBOLS_MAX ? held : ELF_SYMBOLS_MAX;
}

static bool open_module(struct modules *modules, struct pages *pages, pid_t tid,
			struct module *module)
{
	if (modules->open_count >= MODULES_OPEN_MAX)
		close_least_used(modules);
	if (elf_open(tid, &module->first, pages, &module->elf) < 0 &&
	    elf_open_memory(pages, module->first.start, &module->elf) < 0)
		return false;
	module->elf.symbols_max = symbols_left(modules);
	module->bias = elf_bias(&module->elf, &module->first);
	module->is_known = module->is_open = true;
	modules->open_count++;
	return true;
}

static struct module *new_module(struct modules *modules, const struct map *first)
{
	struct module *module;

	if (modules->count == MODULES_MAX)
		return NULL;
	module = calloc(1, sizeof(*module));
	if (!module)
		return NULL;
	module->path = strdup(first->path);
	if (!module->path) {
		free(module);
		return NULL;
	}
	module->first = *first;
	module->first.path = module->path;
	modules->items[modules->count++] = module;
	return module;
}

/* ---- finding ---- */

const struct map *modules_map_of(const struct modules *modules, uint64_t ip)
{
	const struct map *map = maps_find(&modules->maps, ip);

	return map && (map->prot & PROT_EXEC) ? map : NULL;
}

static struct module *find_or_make(struct modules *modules, const struct map *map)
{
	const struct map *first;

	/* "[vdso]" is an ELF image too; other names in brackets, and no name, are not. */
	if (map->path[0] != '/' && strcmp(map->path, "[vdso]") != 0)
		return NULL;
	first = maps_first_of(&modules->maps, map);
	if (!first)
		return NULL;
	for (unsigned i = 0; i < modules->count; i++) {
		if (is_same(&modules->items[i]->first, first))
			return modules->items[i];
	}
	return new_module(modules, first);
}

struct module *modules_of(struct modules *modules, struct pages *pages, pid_t tid,
			  const struct map *map)
{
	struct module **place = &modules->of_map[map - modules->maps.items];
	struct module *module = *place;

	if (!module)
		module = *place = find_or_make(modules, map);
	if (!module)
		return NULL;
	module->last_use = ++modules->uses;
	if (!module->is_open && module->failures < FAILURES_MAX &&
	    !open_module(modules, pages, tid, module))
		module->failures++;
	if (module->is_open)
		module->elf.tid = tid;
	return module;
}
