/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decode.h: registers and memory -> struct call, by the row's shape letters.
 *
 * Each pointer argument is read once, here; what is read stays in the op.
 */
#ifndef TRACER_DECODE_H
#define TRACER_DECODE_H

#include "tracer/op.h"

/*
 * Fills op->call (row, args, flags, mode, family) and names of op->object, not yet resolved.
 * 0, or the negative errno that the tracee gets: -EFAULT, -ENAMETOOLONG, -E2BIG, -EINVAL, -ENOMEM.
 */
int decode(struct op *op, long nr, const uint64_t args[6]);

/* For a call that nobody judges: the files that it names, as far as they can be read. */
void decode_names(struct op *op, long nr, const uint64_t args[6]);

#endif
