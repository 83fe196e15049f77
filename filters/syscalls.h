/* SPDX-License-Identifier: Apache-2.0 */
/*
 * syscalls.h: the table of calls, one row each, made from syscalls.def.
 *
 * The filter, the decoder, the dispatch, `pyjail why` and the docs read this table and nothing
 * else.  "Where is openat decided?": grep openat filters/syscalls.def names the function.
 */
#ifndef FILTERS_SYSCALLS_H
#define FILTERS_SYSCALLS_H

#include <stddef.h>

#include "filters/verdict.h"

struct policy;

/* What the kernel does by itself; argument rules (args.def) may pass some forms of a STOP row. */
enum filter_action {
	FILTER_PASS,    /* runs, no stop */
	FILTER_STOP,    /* RET_TRACE: the tracer decides */
	FILTER_BROKER,      /* RET_USER_NOTIF: the tracer decides and performs */
	FILTER_BROKER_ARGS, /* the forms that args.def names do, the rest of the row stops */
	FILTER_BROKER_STAT, /* does when a stat rule exists, otherwise passes */
	FILTER_STOP_HIDE,   /* stops when something is hidden, otherwise passes */
	FILTER_STOP_ENTER,  /* stops when something is hidden or there is a layer */
	FILTER_STOP_LAYER,   /* stops when there is a layer, otherwise passes */
	FILTER_STOP_MEMFD,  /* stops when memory is limited, otherwise passes */
	FILTER_ENOSYS   /* answered in the kernel: asked by libc as a matter of course */
};

enum call_group {
	GROUP_FILE, GROUP_DESC, GROUP_MEM, GROUP_PROC, GROUP_SIGNAL, GROUP_NET, GROUP_IPC,
	GROUP_TIME, GROUP_SYS,
	GROUP_COUNT
};

typedef struct verdict decide_fn(const struct policy *policy, const struct call *call);

struct syscall_row {
	int nr;
	unsigned line;             /* in syscalls.def */
	const char *name;
	enum call_group group;
	const char *shape;         /* one letter per argument, see syscalls.def */
	enum filter_action action;
	decide_fn *decide;         /* NULL: never stops */
	const char *decider;       /* its name, for `why`; "" when it never stops */
	const char *words;         /* "open a file" */
};

extern const struct syscall_row syscall_rows[];
extern const size_t syscall_row_count;

const struct syscall_row *syscall_by_nr(long nr);      /* O(1); NULL: no row */
const struct syscall_row *syscall_by_name(const char *name);

#endif
