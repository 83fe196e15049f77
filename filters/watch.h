/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch.h: which calls stop only so that somebody sees them (--watch).
 *
 * No policy speaks of them: without the watch the kernel would let them pass.  The filter says so
 * itself, in the data of its action, so that nobody has to find out again at the stop.
 */
#ifndef FILTERS_WATCH_H
#define FILTERS_WATCH_H

#include <stdbool.h>
#include <stddef.h>

struct syscall_row;

enum watch {
	WATCH_UNSAID,    /* like policy, unless somebody chooses for the user */
	WATCH_POLICY,    /* nothing more than policy needs */
	WATCH_FILES,     /* what names a file: stat, access, readlink, chdir, listing, opens that pass */
	WATCH_ALL,       /* every call that can stop */
	WATCHES
};

/* SECCOMP_RET_DATA of such a stop; of all others it is 0. */
#define WATCH_DATA 1

/* WATCH_UNSAID: no such word. */
enum watch watch_parse(const char *word);

/* Whether the forms of the call that would pass stop. */
bool watch_wants(enum watch watch, const struct syscall_row *row);

#endif
