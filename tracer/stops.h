/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stops.h: what is done at each kind of stop, and who is born and dies there.
 */
#ifndef TRACER_STOPS_H
#define TRACER_STOPS_H

#include <sys/resource.h>

#include "tracer/tracer.h"

/* One status from wait4. */
void stop_taken(struct tracer *tracer, pid_t tid, int status, const struct rusage *usage);

/* The kernel says that no child, and so no tracee, exists: whoever is still listed is gone. */
void stops_none_left(struct tracer *tracer);

#endif
