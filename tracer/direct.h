/* SPDX-License-Identifier: Apache-2.0 */
/*
 * direct.h: a file or folder that is opened for reading, and for real, in one lookup.
 *
 * What may be opened is opened twice elsewhere: once to see what it is (O_PATH), once for the
 * script.  Most opens read a file or list a folder by an absolute path without links.  Such a path,
 * judged as text, is opened by the same text under RESOLVE_NO_SYMLINKS: it is the canonical path of
 * what the kernel found (straight.h).  Nothing that matters is decided by the look beforehand: that
 * only keeps pipes and devices from being opened, and must be of the same file, or the long way is
 * taken.
 */
#ifndef TRACER_DIRECT_H
#define TRACER_DIRECT_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/*
 * The descriptor, owned by the caller, with op->verdict and the file filled in.  -EAGAIN: not for
 * here, whatever the reason; the op is as it was decoded.
 */
int direct_open(const struct tracer *tracer, const struct tracee *tracee, struct op *op);

#endif
