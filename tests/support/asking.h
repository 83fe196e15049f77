/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asking.h: the screen of a made-up run, whose tracer is the test: a ring, the wire, and a terminal
 * that is a pipe.  Checked fixture; no clock runs but asking_wait's.
 */
#ifndef TESTS_SUPPORT_ASKING_H
#define TESTS_SUPPORT_ASKING_H

#include "tests/support/made.h"
#include "tracer/events/wire.h"
#include "tui/app.h"

struct asking {
	struct app app;
	struct tui_config config;
	struct ring *ring;
	struct sink *sink;
	int tracer;             /* its end of the wire */
	int typed;              /* what is written here was typed */
	int pty, script;
	bool has_screen;
	struct wire_message message;
};

extern struct asking asking;

/* In a folder of its own; with or without a screen of 100x30. */
void asking_set_up(void);
void asking_set_up_with_screen(void);
void asking_tear_down(void);

/* The tracer asks for `event`, or for a write of `path`. */
void asking_ask_event(uint64_t question, const struct event *event);
void asking_ask(uint64_t question, const char *path);
void asking_withdraw(uint64_t question);

/* So much later, with all that came; the box, if there is one, has been drawn. */
void asking_wait(int64_t ms);

/* A question is there and its time is over. */
void asking_open(const char *path);

/* A key, and what the loop does after one. */
void asking_key(int key);
void asking_keys(const char *text);

/* The next message to the tracer; NULL: there is none. */
const struct wire_message *asking_next(void);

/* That message is this answer, and there is no other one. */
void asking_answered(uint64_t question, bool allows, const char *rule);
void asking_silent(void);

#endif
