/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime.h: where CPython's state is in an address space, and which version it is.
 *
 * Found by the exported symbols _PyRuntime, PyCode_Type and Py_Version (3.11): in the executable
 * (static libpython: Debian), in a mapped libpython3*, or in whatever else is mapped (a program
 * that embeds Python).  The maps are gone by, not /proc/PID/exe, which is the loader when a
 * program is started through it.
 *
 * What is found holds until exec: addresses stay the same over fork, and are shared by threads.
 */
#ifndef TRACER_PYTHON_RUNTIME_H
#define TRACER_PYTHON_RUNTIME_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/pages.h"
#include "tracer/python/layout.h"

/* A program links Python and loads a libpython as well: Debian's python3 with ctypes, tried. */
#define RUNTIMES_MAX 4

struct runtime {
	uint64_t address;        /* of _PyRuntime */
	uint64_t code_type;      /* of PyCode_Type */
	struct layout layout;
};

struct runtimes {
	struct runtime items[RUNTIMES_MAX];
	unsigned count;
	const char *reason;      /* count is 0: why; static */
};

/*
 * Looks through the mappings of `pid`; `pages` must have begun.  0 also when nothing was found:
 * then the reason says why.  Negative errno when it could not be looked for.
 */
int runtimes_find(pid_t pid, struct pages *pages, struct runtimes *ret_runtimes);

/* 11 for "/usr/lib/libpython3.11.so.1.0" and "/usr/bin/python3.11"; 0: the name does not say.  Pure. */
unsigned runtime_minor_of_name(const char *path);

#endif
