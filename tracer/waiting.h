/* SPDX-License-Identifier: Apache-2.0 */
/*
 * waiting.h: calls that wait for a worker or for an answer, while everybody else runs.
 *
 * Their threads must still give way to signals: a received notification waits killably only
 * (WAIT_KILLABLE_RECV), so pending signals are looked for and the call is then given up.
 */
#ifndef TRACER_WAITING_H
#define TRACER_WAITING_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/* op->job runs: put on the list. */
void waiting_job(struct tracer *tracer, struct op *op);

/* Asks (ask.h) and puts it on the list. */
void waiting_ask(struct tracer *tracer, struct op *op);

/* op->socket connects: its thread stays in its stop until that is over. */
void waiting_connect(struct tracer *tracer, struct op *op);

/* Tried again (act_allowed) at each look: until then it stays in its stop. */
void waiting_room(struct tracer *tracer, struct op *op);

void waiting_remove(struct tracer *tracer, struct op *op);

/* Who waits with this question (0: with any); NULL: nobody. */
struct op *waiting_question(const struct tracer *tracer, uint64_t question);

/* It waits no longer and got no answer: its thread took a signal or is gone. */
void waiting_withdraw(struct tracer *tracer, struct op *op);

#endif
