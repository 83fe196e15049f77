/* SPDX-License-Identifier: Apache-2.0 */
/*
 * act.h: verdict -> action on the tracee.  Each function takes the op, answers it and reports it.
 */
#ifndef TRACER_ACT_H
#define TRACER_ACT_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/* Performs it, lets it run, or sends it over the bridge. */
void act_allowed(struct tracer *tracer, struct tracee *tracee, struct op *op);

void act_refused(struct tracer *tracer, struct op *op);

/* The file is not there. */
void act_hidden(struct tracer *tracer, struct op *op);

/* A kill rule: the script ends. */
void act_killed(struct tracer *tracer, struct op *op);

/* A worker's open is over: `fd` or a negative errno. */
void act_opened(struct tracer *tracer, struct op *op, int fd);

/* A connect that the tracer performs is over. */
void act_connected(struct tracer *tracer, struct op *op, long result);

/* True when the tracer performs the call, so that it can wait at the listener. */
bool act_is_brokered(const struct tracer *tracer, const struct op *op);

/* Answers that need no policy: a negative errno, or 0 to go on. */
int act_without_policy(const struct tracer *tracer, const struct op *op);

#endif
