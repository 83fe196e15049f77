/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve.h: dirfd and path -> the file meant.
 *
 * Judge the object, not the text: a path becomes an O_PATH descriptor in one openat2(2), from the
 * tracee's own folder, without magic links; what is judged is that descriptor's canonical path, and
 * what is acted on is the descriptor.  Names below /proc mean the tracee's processes (walk.h).
 */
#ifndef TRACER_RESOLVE_H
#define TRACER_RESOLVE_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/*
 * Resolves every object of the op and fills op->call.file.  0, or the negative errno that the system
 * itself would give (-ENOENT, -ENOTDIR, ...): metadata is not judged, so it may be told.  What cannot
 * be judged is not an error here: call.file[i].error is set, and the decider refuses.
 */
int resolve(const struct tracer *tracer, struct op *op);

/* After a wait: is every object still what it was, where it was? */
bool resolve_holds(const struct tracer *tracer, const struct op *op);

#endif
