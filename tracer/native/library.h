/* SPDX-License-Identifier: Apache-2.0 */
/*
 * library.h: libunwind, loaded when the first native stack is asked for.
 *
 * Not linked: its static archive is not position-independent, and the shared one (with liblzma)
 * would be loaded by every run, though few want native stacks.  Where it is missing there are no
 * native stacks, and nothing else is.
 */
#ifndef TRACER_NATIVE_LIBRARY_H
#define TRACER_NATIVE_LIBRARY_H

#include <libunwind.h>

/* Exported for debuggers, declared by none of the headers (perf declares it by itself too). */
int UNW_OBJ(dwarf_search_unwind_table)(unw_addr_space_t space, unw_word_t ip,
				       unw_dyn_info_t *table, unw_proc_info_t *ret_info,
				       int needs_info, void *data);

struct unwind_library {
	typeof(unw_create_addr_space) *create_addr_space;
	typeof(unw_destroy_addr_space) *destroy_addr_space;
	typeof(unw_set_caching_policy) *set_caching_policy;
	typeof(unw_set_cache_size) *set_cache_size;
	typeof(unw_flush_cache) *flush_cache;
	typeof(unw_init_remote) *init_remote;
	typeof(unw_step) *step;
	typeof(unw_get_reg) *get_reg;
	typeof(UNW_OBJ(dwarf_search_unwind_table)) *search_table;
};

/* NULL: it cannot be had on this machine.  Static storage, loaded once, never unloaded. */
const struct unwind_library *unwind_library(void);

#endif
