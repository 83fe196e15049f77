/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calls.h: one call from its stop to its answer: decode, resolve, decide, act, report.
 *
 * Two doors.  Through the notify door come the calls that the tracer performs: the number, or the
 * descriptor, is handed over with the answer.  Through the stop door come those that the kernel
 * performs, and all others when their registers are wanted for the C stack.  There calls that give a
 * number are performed in the stop, and those that give a descriptor are bridged: the number is
 * rewritten to a dead one whose filter rule is a notification.
 * The broker acts only in a stop, or after the notification was *received*: before that, a signal
 * makes the kernel restart the call, and whatever was done would be done twice.
 */
#ifndef TRACER_CALLS_H
#define TRACER_CALLS_H

#include <stdbool.h>

#include "tracer/op.h"
#include "tracer/tracer.h"

/* Opens for reading run in the kernel, for the script itself: Landlock must let them. */
bool calls_pass_reads(const struct tracer *tracer);

/* A call stop of `tracee`: it is resumed here, unless the call waits. */
void call_stopped(struct tracer *tracer, struct tracee *tracee);

/* The listener has a notification. */
void call_notified(struct tracer *tracer);

/* A signal stop: if a call was interrupted on its way through the bridge, make it start again. */
void call_interrupted(struct tracer *tracer, struct tracee *tracee);

/* Any other stop: a call that was held in its own stop and gave way gets its number back. */
void call_put_back(struct tracee *tracee);

/* Forgets the tracee's call in flight: it died, or its program was replaced. */
void call_forget(struct tracer *tracer, struct tracee *tracee);

/* Finished jobs, and waiting calls whose thread has a signal to take. */
void calls_look(struct tracer *tracer);

/* The answer to the question that the op waits with. */
void call_answered(struct tracer *tracer, struct op *op, bool allow, enum asked_how how);

/* A rule has come: whatever it covers waits no longer. */
void calls_granted(struct tracer *tracer);

#endif
