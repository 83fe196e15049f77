/* SPDX-License-Identifier: Apache-2.0 */
/* names.c: see names.h. */
#include "tracer/native/names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/native/modules.h"

#define SLOTS ((size_t)2 * NAMES_MAX)
#define ONE_WALK 512u            /* frames of one walk, twice over: never cleared within it */

struct text {
	struct text *next;
	char string[];
};

static void free_texts(struct text **texts)
{
	while (*texts) {
		struct text *text = *texts;

		*texts = text->next;
		free(text);
	}
}

int names_new(struct names *names)
{
	names->items = calloc(SLOTS, sizeof(*names->items));
	return names->items ? 0 : -ENOMEM;
}

void names_free(struct names *names)
{
	free_texts(&names->texts);
	free_texts(&names->retired);
	free(names->items);
	*names = (struct names){ .count = 0 };
}

void names_clear(struct names *names)
{
	struct text **last = &names->texts;

	memset(names->items, 0, SLOTS * sizeof(*names->items));
	names->count = 0;
	while (*last)
		last = &(*last)->next;
	*last = names->retired;
	names->retired = names->texts;
	names->texts = NULL;
}

void names_begin(struct names *names)
{
	free_texts(&names->retired);
	if (names->count <= NAMES_MAX - ONE_WALK)
		return;
	names_clear(names);
	free_texts(&names->retired);
}

/* The name, or the free slot where it would be. */
static struct name *find_slot(const struct names *names, uint64_t ip)
{
	size_t slot = (ip * 0x9e3779b97f4a7c15u >> 32) % SLOTS;

	while (names->items[slot].ip && names->items[slot].ip != ip)
		slot = (slot + 1) % SLOTS;
	return &names->items[slot];
}

const struct name *names_find(const struct names *names, uint64_t ip)
{
	const struct name *name = find_slot(names, ip);

	return name->ip ? name : NULL;
}

static const char *keep(struct names *names, const char *string)
{
	size_t size = strlen(string) + 1;
	struct text *text = malloc(sizeof(*text) + size);

	if (!text)
		return NULL;
	memcpy(text->string, string, size);
	text->next = names->texts;
	names->texts = text;
	return text->string;
}

static void find_symbol(struct names *names, struct name *name, struct module *module)
{
	char symbol[ELF_NAME_MAX];
	uint64_t start;

	if (!module->is_open ||
	    elf_symbol_at(&module->elf, name->ip - module->bias, symbol, &start) < 0)
		return;
	name->symbol = keep(names, symbol);
	name->symbol_start = start + module->bias;
}

struct name *names_add(struct names *names, uint64_t ip, struct module *module)
{
	struct name *slot = find_slot(names, ip);

	if (ip == 0 || names->count >= NAMES_MAX)
		return NULL;
	*slot = (struct name){ .ip = ip };
	names->count++;
	if (module) {
		slot->module = module->path;
		slot->bias = module->bias;
		find_symbol(names, slot, module);
	}
	return slot;
}
