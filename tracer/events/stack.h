/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stack.h: where in the script a call was made: the Python frames, and the C frames below them.
 *
 * A label, not evidence: all of it is read from memory that the script can write.  No verdict
 * depends on it.  Names are bytes that the script chose; sinks escape them.
 *
 * A stack is made once, never changed, and lives until stack_free; its strings are borrowed from
 * `names`, which it holds a share of.
 */
#ifndef TRACER_EVENTS_STACK_H
#define TRACER_EVENTS_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "filters/detail.h"

struct codes;

#define STACK_FRAMES_MAX 2048
#define STACK_NATIVE_MAX 256

struct python_frame {
	const char *file;        /* as Python compiled it: may be relative, or "<string>" */
	const char *function;    /* qualified where Python keeps that (3.11 and later) */
	int line;                /* 0: the instruction belongs to no line */
	bool is_library;         /* lies in the installation or its packages */
};

struct c_frame {
	uint64_t ip;
	const char *module;      /* file, or "[heap]", or NULL: no mapping */
	uint64_t offset;         /* of ip in that file's addresses */
	const char *symbol;      /* NULL: none is near */
	uint64_t symbol_offset;
	unsigned first, count;   /* Python frames that run in this C call: python[first ...] */
};

/* Innermost first. */
struct stack {
	enum stack_detail detail;
	struct python_frame *python;
	unsigned python_count;
	unsigned user;           /* the innermost that is no library; python_count: none is */
	struct c_frame *native;
	unsigned native_count;
	const char *native_reason;  /* C frames were asked for and there are none: why; static */
	bool is_truncated;       /* there were more frames than a bound allows */
	const char *reason;      /* why there are no Python frames: static; NULL: there are */
	struct codes *names;
};

/* The frame to name first: the user's own, else the innermost; NULL: no Python frame. */
const struct python_frame *stack_first(const struct stack *stack);

/* "demo.py:3 in save()"; returns the length.  "" when there is no frame. */
size_t stack_where(const struct stack *stack, char *out, size_t size);

#endif
