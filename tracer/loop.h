/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop.h: the tracer's one loop.  Sleeps in the kernel; classifies each stop, then acts.
 */
#ifndef TRACER_LOOP_H
#define TRACER_LOOP_H

#include "tracer/tracer.h"

/* Until no tracee is left. */
void loop(struct tracer *tracer);

#endif
