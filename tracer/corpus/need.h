/* SPDX-License-Identifier: Apache-2.0 */
/*
 * need.h: what a script of the corpus needs of the machine; without it the script is skipped.
 *
 *     root unprivileged landlock userns terminal tiocsti io_uring ipv6 ptrace i386
 *     python>=3.11 python<3.13 kernel>=6.2
 */
#ifndef TRACER_CORPUS_NEED_H
#define TRACER_CORPUS_NEED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"

/* Major and minor number, comparable: 3.11 is 3011. */
struct corpus_machine {
	bool is_root;
	int landlock_abi;
	bool has_userns;
	bool has_tiocsti;      /* dev.tty.legacy_tiocsti, or root */
	bool has_io_uring;
	bool has_ipv6;         /* ::1 can be listened on */
	bool has_ptrace;       /* of a process that is no child: Yama's ptrace_scope, or root */
	bool has_i386;         /* the kernel has a 32-bit entry, int 0x80 */
	unsigned python;
	unsigned kernel;
};

/* -EINVAL with a fault: a word that is no need. */
int need_check(const char *needs, struct fault *ret_fault);

/* The first need that is not met, as words in `out`; false: all are. */
bool need_missing(const char *needs, const struct corpus_machine *machine, char *out,
		  size_t size);

/* Looks; python is left at 0. */
void need_look(struct corpus_machine *ret_machine);

/*
 * Is int 0x80 a fault, with or without a jail?  So it is where the kernel was built or started
 * without that entry, and in some virtual machines.
 */
bool need_i386_faults(void);

/* "3.11.7" -> 3011; 0: no version. */
unsigned need_version(const char *text);

#endif
