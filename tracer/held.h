/* SPDX-License-Identifier: Apache-2.0 */
/*
 * held.h: what the tracee could do anyway, with a descriptor that it already has.
 *
 * Opening /dev/stdout, or /proc/self/fd/5, gives nothing new when descriptor 1 or 5 already has the
 * access asked for.  That is a fact about one open file: flags and identity are read in one
 * /proc/N/fdinfo reading and compared with the object that was resolved, so that a thread that
 * exchanges the descriptor meanwhile lends nothing to another file.
 */
#ifndef TRACER_HELD_H
#define TRACER_HELD_H

#include "tracer/op.h"

/* Open flags of descriptor `fd` of task `pid` if it is on the object `object_fd`; -1 otherwise. */
int held_flags(pid_t pid, int fd, int object_fd);

/* Its flags and offset, whatever it is on.  -EBADF. */
int held_position(pid_t pid, int fd, int *ret_flags, int64_t *ret_position);

/* Whether those flags already allow what the call asks of the object. */
bool held_suffices(const struct op *op, const struct object *object, bool is_nameless);

#endif
