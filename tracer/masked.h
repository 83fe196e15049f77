/* SPDX-License-Identifier: Apache-2.0 */
/*
 * masked.h: chdir(2) and exec while something is hidden.
 *
 * Only the kernel can perform them, and it reads the path again: a second thread may have put a
 * hidden name there.  So the script hears no error that could say whether that name exists, and when
 * the kernel went into a hidden folder after all, the run ends: nobody is left who could use it.
 * (A program is compared with the approved one before its first instruction: program.h.)
 */
#ifndef TRACER_MASKED_H
#define TRACER_MASKED_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/* True: the call is one of these, and it runs; takes the op. */
bool masked_run(struct tracer *tracer, struct tracee *tracee, struct op *op);

/* Its return.  Takes the op. */
void masked_returned(struct tracer *tracer, struct tracee *tracee, struct op *op);

/* What should not have happened has: says so, and ends the run. */
void masked_end(struct tracer *tracer, const char *what);

#endif
