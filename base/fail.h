/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fail.h: how failures travel, and how locals clean up after themselves.
 *
 * A function that can fail returns 0 or a negative errno; results go to `ret_`
 * parameters, untouched on failure.  Nothing below pyjail.c prints.
 *
 * struct fault is a *user's* mistake (an option, a policy line): where it is and
 * what is wrong, in words, so that the caller can quote the line and point at it.
 */
#ifndef BASE_FAIL_H
#define BASE_FAIL_H

#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#define FAULT_TEXT_MAX 256
#define FAULT_LINE_MAX 256

struct fault {
	char file[256];              /* policy file or option, as the user wrote it; may be "" */
	unsigned line;               /* 1-based; 0: not a line of a file */
	unsigned column;             /* 1-based, bytes; 0: no place to point at */
	char quote[FAULT_LINE_MAX];  /* the line itself, cut, raw bytes: show it escaped */
	char text[FAULT_TEXT_MAX];   /* what is wrong */
	char cure[FAULT_TEXT_MAX];   /* what to do about it; may be "" */
};

/* Fills text; always returns -EINVAL, so that `return fault_set(...)` reads well. */
int fault_set(struct fault *fault, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "EACCES" for 13; "E?" for what has no name.  Static storage. */
const char *errno_name(int error);

static inline void cleanup_free_at(void *p)
{
	free(*(void **)p);
}

static inline void cleanup_close_at(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

#define cleanup_free __attribute__((cleanup(cleanup_free_at)))
#define cleanup_close __attribute__((cleanup(cleanup_close_at)))

/* Hands ownership out of a cleanup_close local. */
static inline int steal_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
