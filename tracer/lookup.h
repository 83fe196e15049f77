/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lookup.h: one path -> one O_PATH descriptor and its canonical path.  The part of resolve.c that
 * asks the kernel, or walks (walk.h) where the kernel would answer for the tracer.
 */
#ifndef TRACER_LOOKUP_H
#define TRACER_LOOKUP_H

#include "tracer/op.h"
#include "tracer/tracer.h"
#include "tracer/walk.h"

/* The tracee's own folder, or the descriptor that the call names; or -errno.  The caller closes it. */
int lookup_folder(const struct op *op, const struct object *object);

/* The folder or descriptor where the object's path starts, to be given to lookup_close; or -errno. */
int lookup_base(const struct op *op, const struct object *object);
void lookup_close(int base);

/*
 * What `path` means from `base`: a descriptor, and its path in object->path; or a negative errno.
 * `ret_walk` says whether somebody else's process, or something hidden, stood in the way.
 */
int lookup(const struct tracer *tracer, const struct op *op, struct object *object, int base,
	   const char *path, bool follows, struct walk *ret_walk);

/* What /proc calls the descriptor of ours. */
int lookup_canonical(const struct tracer *tracer, int fd, char *path, size_t size);

/* Texts that surely lead to what means the looker: no use asking the kernel first. */
bool lookup_means_looker(const char *raw);

bool lookup_is_below_proc(const char *path);

/* Its path means something else here. */
bool lookup_is_elsewhere(const struct tracer *tracer, int fd, const char *path);

#endif
