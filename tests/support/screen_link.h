/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen_link.h: the test in the screen's place: a run in a child, its ring, wire and terminal here.
 */
#ifndef TESTS_SUPPORT_SCREEN_LINK_H
#define TESTS_SUPPORT_SCREEN_LINK_H

#include <stdbool.h>
#include <sys/types.h>

#include "tests/support/live.h"
#include "tracer/events/flat.h"
#include "tracer/events/ring.h"
#include "tracer/events/wire.h"
#include "tracer/run.h"

struct screen_link {
	/* The plan. */
	const char *rules;       /* lines of policy; "@" stands for jail_folder */
	bool asks;               /* bare --ask */
	bool kills_on_loss, has_terminal;
	struct run_limits limits;

	/* What came of it. */
	pid_t tracer;
	struct ring *ring;
	int wire, master;
	struct wire_message message;
	struct flat_event event; /* of the question that was read last */
	char out[65536];         /* of the script's terminal */
	size_t out_length;
};

/* Starts it, with a record in jail_folder/record.  WIRE_START is read. */
struct screen_link *link_new(const char *rules);
void link_start(struct screen_link *link, const char *code);

/* The next message, which must be of this kind. */
void link_expect(struct screen_link *link, enum wire_kind kind);

/* Nothing comes for so long. */
void link_expect_nothing(struct screen_link *link, double for_s);

/* The next question: its number, the event in link->event. */
uint64_t link_question(struct screen_link *link);

void link_answer(struct screen_link *link, uint64_t question, bool allow, const char *rule);
void link_send(struct screen_link *link, enum wire_kind kind, bool flag);

/* Reads the terminal until `text` is there; fails the test after `patience_s`. */
void link_wait_for(struct screen_link *link, const char *text, double patience_s);

/* Types it. */
void link_type(struct screen_link *link, const char *keys);

/* Reads to the result and waits: the exit status, or 128 and the signal. */
int link_end(struct screen_link *link);

/* Only waits. */
int link_wait(struct screen_link *link);

/* Closes what is left. */
void link_free(struct screen_link *link);

/* Events of the record with this "asked" (NULL: any) and verdict. */
unsigned link_recorded(const char *asked, const char *verdict);

#endif
