/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask.h: the tracer's side of the screen: questions out, answers, freezing and ending in.
 *
 * Nothing here waits: what the wire does not take is sent when it does.  Who asks is an op on the
 * list of waiting.h; its question is made into bytes when it is sent, so that nothing of it is kept
 * twice.  A screen that is gone (or says that it leaves) is answered for: every question is denied.
 */
#ifndef TRACER_ASK_H
#define TRACER_ASK_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/* With config->screen: the link.  0 or -ENOMEM. */
int ask_open(struct tracer *tracer);

/* The interpreter runs: WIRE_START.  Until then there can be a WIRE_FAULT. */
void ask_started(struct tracer *tracer);
void ask_free(struct tracer *tracer);

/* Is there anybody to ask: a screen that is not gone, or config->ask? */
bool ask_has_somebody(const struct tracer *tracer);

/* There was a screen, and it is gone or has left. */
bool ask_is_lost(const struct tracer *tracer);

/* The op has a number and is on the list: somebody hears of it. */
void ask_question(struct tracer *tracer, struct op *op);

/* Its question is over without an answer. */
void ask_withdrawn(struct tracer *tracer, const struct op *op);

/* For poll: the wire, or -1; and what to wait for. */
int ask_fd(const struct tracer *tracer, short *ret_events);

/* The wire can be read or written. */
void ask_serve(struct tracer *tracer, short revents);

/* For poll: the script's terminal, when there is nobody else to empty it; else -1. */
int ask_terminal(const struct tracer *tracer);
void ask_drain(struct tracer *tracer);

/* After the run: WIRE_RESULT, the last message. */
void ask_finish(const struct run_screen *screen, const struct run_result *result);

/* What the ring says beside events. */
void ask_update(struct tracer *tracer);

#endif
