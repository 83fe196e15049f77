/* SPDX-License-Identifier: Apache-2.0 */
/* library.c: see library.h. */
#include "tracer/native/library.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"

#define TEXT(name) #name
#define NAME(name) TEXT(name)

/* The names as the header makes them: _Ux86_64_step and its like. */
static const struct {
	const char *name;
	size_t place;
} functions[] = {
	{ NAME(unw_create_addr_space), offsetof(struct unwind_library, create_addr_space) },
	{ NAME(unw_destroy_addr_space), offsetof(struct unwind_library, destroy_addr_space) },
	{ NAME(unw_set_caching_policy), offsetof(struct unwind_library, set_caching_policy) },
	{ NAME(unw_set_cache_size), offsetof(struct unwind_library, set_cache_size) },
	{ NAME(unw_flush_cache), offsetof(struct unwind_library, flush_cache) },
	{ NAME(unw_init_remote), offsetof(struct unwind_library, init_remote) },
	{ NAME(unw_step), offsetof(struct unwind_library, step) },
	{ NAME(unw_get_reg), offsetof(struct unwind_library, get_reg) },
	{ NAME(UNW_OBJ(dwarf_search_unwind_table)), offsetof(struct unwind_library, search_table) },
};

/* The number in the name is the ABI's, the same from 1.1 to 1.8. */
static bool load(struct unwind_library *library)
{
	void *handle = dlopen("libunwind-" NAME(UNW_TARGET) ".so.8", RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; handle && i < ARRAY_SIZE(functions); i++) {
		void *function = dlsym(handle, functions[i].name);

		if (!function) {
			dlclose(handle);
			return false;
		}
		*(void **)((char *)library + functions[i].place) = function;
	}
	return handle != NULL;
}

const struct unwind_library *unwind_library(void)
{
	static struct unwind_library library;
	static enum { UNTRIED, LOADED, MISSING } state;

	if (state == UNTRIED)
		state = load(&library) ? LOADED : MISSING;
	return state == LOADED ? &library : NULL;
}
