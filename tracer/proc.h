/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proc.h: whose entry below /proc a resolved file is.
 */
#ifndef TRACER_PROC_H
#define TRACER_PROC_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/* "/proc" or something below it. */
bool proc_is_below(const char *path);

/* Own processes are judged as /proc/self, whatever their number; others are nobody's business. */
void proc_judge(const struct tracer *tracer, struct object *object, struct call_file *file);

#endif
