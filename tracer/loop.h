/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop.h: the tracer's one loop.  Sleeps in the kernel; classifies each stop, then acts.
 *
 * Frozen, it takes neither stops nor notifications: who stops stays so, who computes goes on.  The
 * screen, signals and limits are served as ever, and whatever ends the run ends the freezing.
 */
#ifndef TRACER_LOOP_H
#define TRACER_LOOP_H

#include "tracer/tracer.h"

/* Until no tracee is left. */
void loop(struct tracer *tracer);

#endif
