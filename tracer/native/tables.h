/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tables.h: the unwind tables of modules: found by .eh_frame_hdr (or, where it is missing, by going
 * through .eh_frame), checked (cfi.h), and kept.
 *
 * libunwind reads the same bytes again later (an expression each time it is evaluated), and a file
 * may be written meanwhile.  So what was checked is copied, word by word, and libunwind reads
 * nothing but the copies where there are any.  When a checked byte is found to differ from its
 * copy, or there is no more room, all are forgotten, together with what libunwind made of them.
 *
 * Format: LSB "Exception Frames"; only the encodings that linkers write.
 */
#ifndef TRACER_NATIVE_TABLES_H
#define TRACER_NATIVE_TABLES_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/native/cfi.h"
#include "tracer/native/modules.h"

#define TABLES_WORDS 16384u      /* 400 KiB for each address space */

struct tables;

int tables_new(struct tables **ret_tables);
void tables_free(struct tables *tables);

/* Forgets all; libunwind's own cache must be flushed too. */
void tables_clear(struct tables *tables);

/* A table of one entry, for libunwind to search as if it lay in the tracee. */
struct table_place {
	uint64_t base;                   /* what the entry is relative to */
	uint64_t entry;
};

/*
 * For the code at `ip`: 0; -ENOENT: no table speaks of it, or none that can be trusted; -EAGAIN:
 * clear, flush and ask again.  *ret_place is
 * undefined on failure.  The module must be open.
 */
int tables_find(struct tables *tables, struct module *module, uint64_t ip,
		struct table_place *ret_place);

/* How the frame of the code at `ip` is left; nothing is kept.  -ENOENT as above. */
int tables_row(struct tables *tables, struct module *module, uint64_t ip, struct cfi_row *ret_row);

/* The aligned word of a checked table at `address`, unchecked bytes in it 0; false: none is. */
bool tables_word(const struct tables *tables, uint64_t address, uint64_t *ret_word);

/* A frame at this address (as asked of tables_find) is a signal handler's return. */
bool tables_is_signal(const struct tables *tables, uint64_t ip);

#endif
