/* SPDX-License-Identifier: Apache-2.0 */
/*
 * act_fake.h: calls that are said to be done, and are not.
 *
 * What is handed over is a file in memory, what is remembered is in fakes.h; nothing on disk is
 * touched.  A faked exec ends the process with --fake-status: the stopped call becomes exit_group,
 * with its one argument in a register, so that whoever waits for it (vfork, posix_spawn, wait) sees
 * a program that ran and ended.  What has no actor here is refused, never done for real.
 */
#ifndef TRACER_ACT_FAKE_H
#define TRACER_ACT_FAKE_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/* Answers and reports.  Takes the op. */
void act_faked(struct tracer *tracer, struct tracee *tracee, struct op *op);

#endif
