/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layout.h: where the fields of CPython's structures are, per version.  Data, no code of theirs.
 *
 * 3.8 to 3.12: fixed tables, from the debug information of real builds (LP64, release builds).
 * 3.13 and later: the process describes itself by a table at the start of _PyRuntime
 * (Include/internal/pycore_debug_offsets.h, struct _Py_DebugOffsets).  That table's own layout
 * changes with every minor version, so each has a map of word numbers here; a version without one
 * is refused.
 *
 * A table read from a process is hostile: layout_from_words accepts only offsets inside the sizes
 * that it states, and sizes below fixed caps.
 */
#ifndef TRACER_PYTHON_LAYOUT_H
#define TRACER_PYTHON_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAYOUT_NONE UINT32_MAX
#define LAYOUT_FRAME_MAX 512     /* bytes of a frame, and of a thread state, that are read */
#define LAYOUT_WORDS_MAX 128
#define LAYOUT_COOKIE "xdebugpy"

/* How an instruction becomes a line. */
enum line_table {
	LINES_LNOTAB,            /* 3.8, 3.9 */
	LINES_RANGES,            /* 3.10 */
	LINES_LOCATIONS          /* 3.11 and later */
};

/* Offsets in bytes; LAYOUT_NONE: there is no such field. */
struct layout {
	unsigned minor;          /* 11 for 3.11 */
	enum line_table lines;
	bool is_free_threaded;
	struct {
		uint32_t interpreters;
	} runtime;
	struct {
		uint32_t next, threads;
	} interpreter;
	struct {
		uint32_t next, frame, cframe, id, native_id;
	} thread;
	struct {
		uint32_t frame, previous;
	} cframe;                /* 3.11, 3.12 */
	struct {
		uint32_t size;   /* bytes to read */
		uint32_t code, previous, instruction, owner, is_entry, line, trace, tlbc;
	} frame;
	struct {
		uint32_t file, name, qualname, table, first_line, bytecode, version, tlbc;
	} code;
	uint32_t type;           /* of an object */
	struct {
		uint32_t size, data;
	} bytes;
	struct {
		uint32_t length, state, ascii, other;
	} str;
};

/* 3.8 to 3.12 by minor version; NULL: there is no fixed table. */
const struct layout *layout_fixed(unsigned minor);

/*
 * From the words at the start of _PyRuntime.  -ENOTSUP: a version without a map; -EINVAL: not a
 * table, or one that contradicts itself.  `version`: Py_Version, which the table must agree with.
 */
int layout_from_words(const uint64_t *words, size_t count, uint64_t version,
		      struct layout *ret_layout);

/* Words that layout_from_words wants for that minor version; 0: none is known. */
size_t layout_words(unsigned minor);

#define LAYOUT_MINOR_FIRST 8
#define LAYOUT_MINOR_LAST 15

#endif
