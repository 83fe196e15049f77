/* SPDX-License-Identifier: Apache-2.0 */
/*
 * confine.h: what the child does to itself between fork and exec, step by step.
 *
 * Every step returns 0 or a negative errno, allocates nothing and takes no lock (the process it was
 * forked from may have had threads).  None can be undone.  The order that works:
 * confine_descriptors, confine_no_new_privs, confine_landlock (root still reaches every folder),
 * confine_capabilities, then the seccomp filter.
 */
#ifndef TRACER_CONFINE_H
#define TRACER_CONFINE_H

struct landlock_plan;

/* The Landlock ABI of this kernel, at most LANDLOCK_ABI_MAX; 0: none, off, or not let in. */
int landlock_abi(void);

/* prctl(PR_SET_NO_NEW_PRIVS): no later exec gains anything; Landlock and seccomp demand it. */
int confine_no_new_privs(void);

/*
 * Enters the domain.  A root that is not there, or that this user cannot reach, is left out; rights
 * that only folders have are dropped for other files.  ABI 0 does nothing.
 */
int confine_landlock(const struct landlock_plan *plan);

/*
 * No capability now, and none by any later exec; root becomes an ordinary owner of its files.
 * What a user without CAP_SETPCAP may not lock is kept shut by no_new_privs.  As an ordinary user
 * there is nothing to drop: 0.
 */
int confine_capabilities(void);

/* Closes what is open from 3 up save those listed; -1 ends the list, NULL: none, any order. */
int confine_descriptors(const int *keep);

#endif
