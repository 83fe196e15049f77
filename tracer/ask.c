/* SPDX-License-Identifier: Apache-2.0 */
/* ask.c: see ask.h. */
#include "tracer/ask.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "filters/grant.h"
#include "tracer/calls.h"
#include "tracer/events/flat.h"
#include "tracer/events/jsonl.h"
#include "tracer/events/ring.h"
#include "tracer/events/wire.h"
#include "tracer/report.h"
#include "tracer/waiting.h"

/* Messages dealt with before the other sources get their turn. */
#define MESSAGES_IN_A_ROW 64
#define NOTE_MAX 1024
#define FINISH_WAIT_MS 5000

struct ask {
	struct run_screen *screen;
	int wire;                     /* -1: gone */
	uint64_t *withdrawn;          /* told, and to be taken back as soon as there is room */
	size_t withdrawn_count, withdrawn_room;
	bool is_full;                 /* the wire took no more */
	bool has_left;                /* the screen said that it goes */
	char note[NOTE_MAX];          /* not sent yet; "": none */
	char flat[FLAT_MAX];
	struct wire_message message;
};

/* ---- out ---- */

/* True when it went out; a wire that is gone is found so when it is read. */
static bool tell(struct ask *ask, enum wire_kind kind, uint64_t question, const void *body,
		 size_t size)
{
	int e;

	if (ask->wire < 0)
		return true;
	e = wire_send(ask->wire, kind, question, false, body, size);
	ask->is_full = e == -EAGAIN;
	return !ask->is_full;
}

static bool tell_question(struct tracer *tracer, struct op *op)
{
	struct ask *ask = tracer->ask;
	struct report_text text;
	struct event event = report_event(tracer, op, &text);
	struct read_event read;

	event.outcome = OUTCOME_COUNT;
	read_event_of(&event, &read);
	read.verdict = verdict_name(VERDICT_ASK);
	op->is_told = tell(ask, WIRE_ASK, op->question, ask->flat, flat_pack(&read, ask->flat));
	return op->is_told;
}

/* The list has the newest first; people hear of the oldest first. */
static struct op *first_untold(const struct tracer *tracer)
{
	struct op *first = NULL;

	for (struct op *op = tracer->waiting; op; op = op->next_waiting)
		if (op->wait == WAIT_ANSWER && !op->is_told &&
		    (!first || op->question < first->question))
			first = op;
	return first;
}

static bool tell_withdrawn(struct ask *ask)
{
	size_t sent = 0;

	while (sent < ask->withdrawn_count &&
	       tell(ask, WIRE_WITHDRAWN, ask->withdrawn[sent], NULL, 0))
		sent++;
	if (sent == 0)
		return ask->withdrawn_count == 0;
	ask->withdrawn_count -= sent;
	memmove(ask->withdrawn, ask->withdrawn + sent,
		ask->withdrawn_count * sizeof(ask->withdrawn[0]));
	return ask->withdrawn_count == 0;
}

static bool tell_note(struct ask *ask)
{
	if (ask->note[0] && !tell(ask, WIRE_NOTE, 0, ask->note, strlen(ask->note)))
		return false;
	ask->note[0] = '\0';
	return true;
}

static void tell_all(struct tracer *tracer)
{
	struct op *op;

	if (!tell_withdrawn(tracer->ask) || !tell_note(tracer->ask))
		return;
	while ((op = first_untold(tracer)) && tell_question(tracer, op))
		;
}

void ask_question(struct tracer *tracer, struct op *op)
{
	struct report_text text;
	struct event event;

	op->asked_us = tracer_now_us();
	if (tracer->ask) {
		tell_all(tracer);
		return;
	}
	event = report_event(tracer, op, &text);
	tracer->config->ask(tracer->config->ask_data, op->question, &event);
}

static bool grow(struct ask *ask)
{
	size_t room = ask->withdrawn_room ? 2 * ask->withdrawn_room : 64;
	uint64_t *more;

	if (ask->withdrawn_count < ask->withdrawn_room)
		return true;
	more = realloc(ask->withdrawn, room * sizeof(*more));
	if (!more)
		return false;
	ask->withdrawn = more;
	ask->withdrawn_room = room;
	return true;
}

/* Without memory the screen goes on asking for what nobody waits for: its answer is ignored. */
void ask_withdrawn(struct tracer *tracer, const struct op *op)
{
	struct ask *ask = tracer->ask;

	if (!ask || !op->is_told || !grow(ask))
		return;
	ask->withdrawn[ask->withdrawn_count++] = op->question;
	tell_all(tracer);
}

/* ---- the screen is gone ---- */

static void deny_all(struct tracer *tracer)
{
	struct op *op;

	while ((op = waiting_question(tracer, 0)))
		call_answered(tracer, op, false, ASKED_SCREEN_GONE);
}

static void leave(struct tracer *tracer)
{
	tracer->ask->has_left = true;
	tracer->is_frozen = false;
	deny_all(tracer);
}

static void lose(struct tracer *tracer)
{
	struct ask *ask = tracer->ask;
	bool was_left = ask->has_left;

	close(ask->wire);
	ask->wire = ask->screen->wire = -1;
	leave(tracer);
	if (ask->screen->kills_on_loss && !was_left)
		tracer_end(tracer, NULL);
}

/* ---- in ---- */

static void note_fault(struct ask *ask, const struct fault *fault)
{
	snprintf(ask->note, sizeof(ask->note),
		 "the rule was not taken, the answer counts once: %s%s%s", fault->text,
		 fault->cure[0] ? "; " : "", fault->cure);
}

/* True: the rule of the answer is in force. */
static bool take_rule(struct ask *ask)
{
	const struct wire_message *message = &ask->message;
	struct fault fault = { 0 };

	if (message->head.size == 0)
		return false;
	if (message->head.size >= WIRE_RULE_MAX || strlen(message->body) != message->head.size)
		fault_set(&fault, "it is no line of text");
	else if (grant_add(ask->screen->policy, ask->screen->vars, message->body, &fault) == 0)
		return true;
	note_fault(ask, &fault);
	return false;
}

static void take_answer(struct tracer *tracer)
{
	struct ask *ask = tracer->ask;
	struct op *op = NULL;
	bool is_rule;

	/* 0 is nobody's number. */
	if (ask->message.head.question)
		op = waiting_question(tracer, ask->message.head.question);
	/* Nobody was shown what is not told, so nobody can have answered it. */
	if (!op || !op->is_told)
		return;
	is_rule = take_rule(ask);
	call_answered(tracer, op, ask->message.head.flag, is_rule ? ASKED_RUN : ASKED_ONCE);
	if (is_rule)
		calls_granted(tracer);
}

static void take_message(struct tracer *tracer)
{
	struct ask *ask = tracer->ask;

	switch (ask->message.head.kind) {
	case WIRE_ANSWER:
		take_answer(tracer);
		return;
	case WIRE_FREEZE:
		tracer->is_frozen = ask->message.head.flag && !ask->has_left;
		return;
	case WIRE_END:
		tracer_end(tracer, NULL);
		return;
	case WIRE_LEAVE:
		leave(tracer);
		return;
	default:
		return;
	}
}

static void read_all(struct tracer *tracer)
{
	struct ask *ask = tracer->ask;

	for (int i = 0; i < MESSAGES_IN_A_ROW && ask->wire >= 0; i++) {
		int got = wire_receive(ask->wire, &ask->message);

		if (got == 0)
			return;
		if (got == 1)
			take_message(tracer);
		else if (got == -EPIPE)
			lose(tracer);
	}
}

void ask_serve(struct tracer *tracer, short revents)
{
	if (revents & (POLLIN | POLLHUP | POLLERR))
		read_all(tracer);
	tell_all(tracer);
}

int ask_fd(const struct tracer *tracer, short *ret_events)
{
	const struct ask *ask = tracer->ask;

	*ret_events = (short)(POLLIN | (ask && ask->is_full ? POLLOUT : 0));
	return ask ? ask->wire : -1;
}

bool ask_has_somebody(const struct tracer *tracer)
{
	return tracer->ask ? !ask_is_lost(tracer) : tracer->config->ask != NULL;
}

bool ask_is_lost(const struct tracer *tracer)
{
	return tracer->ask && (tracer->ask->wire < 0 || tracer->ask->has_left);
}

/* ---- the script's terminal ---- */

/* Who left goes on emptying it, until it is gone as well. */
int ask_terminal(const struct tracer *tracer)
{
	const struct ask *ask = tracer->ask;

	return ask && ask->wire < 0 ? ask->screen->master : -1;
}

void ask_drain(struct tracer *tracer)
{
	char bytes[4096];

	/* Nobody can see it any more; full, it would stop the script. */
	if (read(ask_terminal(tracer), bytes, sizeof(bytes)) < 0)
		return;
}

/* ---- beginning and end ---- */

void ask_update(struct tracer *tracer)
{
	struct ring *ring = tracer->ask ? tracer->ask->screen->ring : NULL;
	uint64_t waiting = 0;

	if (!ring)
		return;
	for (const struct op *op = tracer->waiting; op; op = op->next_waiting)
		waiting += op->wait == WAIT_ANSWER;
	ring_set_waiting(ring, waiting);
	ring_set_tasks(ring, HASH_COUNT(tracer->tracees.by_tid));
	ring_set_frozen(ring, tracer->is_frozen);
}

int ask_open(struct tracer *tracer)
{
	struct run_screen *screen = tracer->config->screen;
	struct ask *ask;

	if (!screen)
		return 0;
	ask = calloc(1, sizeof(*ask));
	if (!ask)
		return -ENOMEM;
	ask->screen = screen;
	ask->wire = screen->wire;
	tracer->ask = ask;
	return 0;
}

void ask_started(struct tracer *tracer)
{
	const char *start = tracer->ask ? tracer->ask->screen->start : "";

	if (tracer->ask)
		tell(tracer->ask, WIRE_START, 0, start, strlen(start));
}

void ask_finish(const struct run_screen *screen, const struct run_result *result)
{
	json_t *object = screen->wire < 0 ? NULL : result_json(result);
	cleanup_free char *text = object ? json_dumps(object, JSONL_DUMP_FLAGS) : NULL;
	struct pollfd poll_wire = { .fd = screen->wire, .events = POLLOUT };

	json_decref(object);
	/* The script is over: now there is time to wait for a slow screen. */
	while (text && wire_send(screen->wire, WIRE_RESULT, 0, false, text, strlen(text)) ==
			       -EAGAIN) {
		if (poll(&poll_wire, 1, FINISH_WAIT_MS) <= 0)
			return;
	}
}

/* The wire stays the caller's, unless it was lost. */
void ask_free(struct tracer *tracer)
{
	if (!tracer->ask)
		return;
	free(tracer->ask->withdrawn);
	free(tracer->ask);
	tracer->ask = NULL;
}
