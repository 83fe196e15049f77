/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target.h: the files that --record and --result name.
 *
 * Both are examined before anything starts.  What stood there is kept until it is replaced by
 * something whole: the record is emptied only when the run begins, and removed again when nothing
 * started; the result gets its name only when it is complete.
 */
#ifndef TRACER_TARGET_H
#define TRACER_TARGET_H

#include <limits.h>
#include <stdbool.h>

#include "base/fail.h"

struct record_target {
	int fd;              /* -1: none */
	bool is_new;         /* we made the file */
	bool is_taken;
	const char *path;    /* borrowed */
};

/* `script` (may be NULL) must not be the target.  Never waits for a reader of a FIFO. */
int record_target_open(const char *path, const char *script, struct record_target *ret_target,
		       struct fault *ret_fault);

/* Empties a regular file.  A descriptor for the record, the caller's; or negative errno. */
int record_target_take(struct record_target *target);

/* Nothing started: leaves no file that was not there before, and no half of a record. */
void record_target_drop(struct record_target *target);
void record_target_close(struct record_target *target);

struct result_target {
	int fd;              /* written directly: --result-fd, a pipe, a device; -1 */
	int folder;          /* a regular file: its folder; -1 */
	char name[NAME_MAX + 1];
};

/* Exactly one of `path` and `fd` (-1) is given.  Takes the descriptor: no script inherits it. */
int result_target_open(const char *path, int fd, struct result_target *ret_target,
		       struct fault *ret_fault);

/* All of it or nothing, for a regular file.  Closes the target.  0 or negative errno. */
int result_target_write(struct result_target *target, const char *text, size_t length);

void result_target_drop(struct result_target *target);

#endif
