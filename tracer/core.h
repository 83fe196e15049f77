/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core.h: the script's limit on core dumps stays where it was put.
 *
 * The kernel writes a core without asking anybody.  Where a program takes it through a pipe, only the
 * limit 1 turns that off (core(5)): a script that lowers it to 0 would have its memory written to
 * disk, by a program that runs as root.  Changes are answered as if they were made.
 */
#ifndef TRACER_CORE_H
#define TRACER_CORE_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/* Whether the op (setrlimit, prlimit64) would change a limit of 1. */
bool core_is_at_stake(const struct tracer *tracer, const struct op *op);

/* The result for the tracee. */
long core_answer(const struct op *op);

#endif
