/* SPDX-License-Identifier: Apache-2.0 */
/*
 * made.h: events that a test makes up for the screen, flat.
 */
#ifndef TESTS_SUPPORT_MADE_H
#define TESTS_SUPPORT_MADE_H

#include "tracer/events/flat.h"

struct made {
	size_t size;
	char bytes[FLAT_MAX];
};

/* What such an event says where a test does not say otherwise: an allowed read of /tmp/FILE. */
struct event made_event(uint64_t n);

/* An event of those: one of a few calls, files, lines, processes and ends, by `random`. */
void made_random(struct made *made, uint64_t n);

void made_pack(struct made *made, const struct event *event);

/* A stack of so many frames, the innermost FILE:LINE in function().  Static. */
const struct stack *made_stack(const char *file, int line, const char *function, unsigned frames);

#endif
