/* SPDX-License-Identifier: Apache-2.0 */
/*
 * landlock.h: wall 2 as data.  A pure function of policy and ABI; the tracee applies it to itself
 * before exec (tracer/confine.c).
 *
 * No write right is granted anywhere, and execute only where the policy executes.  What the tracer
 * opens for the tracee needs no right here: reads have one only where the tracee opens by itself, and
 * are not restricted at all where it may read everything.
 * Programs and the network, where the policy asks, need theirs beforehand, since a domain cannot be
 * widened: with a bare --ask every program.
 * A program in a layer of scratch writes lies elsewhere than its path says: where a rule of the
 * user's could let one run, the layer's files may be run, and so read.
 * Rights and ABI numbers: https://docs.kernel.org/userspace-api/landlock.html
 */
#ifndef FILTERS_LANDLOCK_H
#define FILTERS_LANDLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct policy;

#define LANDLOCK_ABI_MAX 7
#define LANDLOCK_ROOTS_MAX 1024

struct landlock_root {
	char *path;               /* deepest folder without wildcards, or a file */
	uint64_t access;          /* LANDLOCK_ACCESS_FS_*; folder-only rights too, even of a file */
};

struct landlock_plan {
	int abi;                  /* 0: no Landlock, everything else is empty */
	uint64_t handled_fs;
	uint64_t handled_net;     /* ABI 4: TCP bind and connect, unless net is allowed */
	uint64_t scoped;          /* ABI 6: abstract sockets, signals */
	struct landlock_root *roots;
	size_t root_count;
};

/*
 * `opens_itself`: opens for reading are performed by the kernel for the tracee, not by the tracer.
 * `programs`: extra files that must be executable though no rule says so (the interpreter, ELF
 * loaders), NULL-terminated; may be NULL.  `layer`: the folder with a layer's files; NULL: none.
 * --allow-all plans nothing (abi 0).
 */
int landlock_plan_new(const struct policy *policy, int abi, bool opens_itself,
		      const char *const *programs, const char *layer,
		      struct landlock_plan *ret_plan);
void landlock_plan_free(struct landlock_plan *plan);

#endif
