/* SPDX-License-Identifier: Apache-2.0 */
/* feed_run.c: a run that goes on: see feed.h.  Events from the ring, all else from the wire. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "tracer/events/ring.h"
#include "tracer/events/wire.h"
#include "tui/feed.h"
#include "tui/model.h"
#include "tui/questions.h"

#define EVENTS_IN_A_ROW 20000
#define MESSAGES_IN_A_ROW 64

struct run_feed {
	struct feed feed;
	struct ring *ring;
	struct ring_reader reader;
	int wire;
	bool is_wire_over;
	struct wire_message message;
	char flat[FLAT_MAX];
};

static int take_json(const struct wire_message *message, struct model *model)
{
	json_t *object = json_loadb(message->body, message->head.size, 0, NULL);
	int r = -EBADMSG;

	model->facts.is_own = true;
	if (json_is_object(object))
		r = message->head.kind == WIRE_START ? model_set_start(model, object)
						     : facts_set_result(&model->facts, object);
	json_decref(object);
	return r;
}

/* One that cannot be kept is never shown: denied, so that its thread does not wait for ever. */
static int take_question(struct run_feed *self, struct questions *questions)
{
	const struct wire_message *message = &self->message;
	int r = questions_add(questions, message->head.question, message->body,
			      message->head.size);

	if (r < 0)
		wire_send(self->wire, WIRE_ANSWER, message->head.question, false, NULL, 0);
	return r;
}

static int take_message(struct run_feed *self, struct model *model, struct questions *questions)
{
	const struct wire_message *message = &self->message;

	switch (message->head.kind) {
	case WIRE_START:
	case WIRE_RESULT:
		return take_json(message, model);
	case WIRE_ASK:
		return take_question(self, questions);
	case WIRE_WITHDRAWN:
		questions_remove(questions, message->head.question);
		return 0;
	case WIRE_FAULT:
	case WIRE_NOTE:
		snprintf(self->feed.note, sizeof(self->feed.note), "%.*s",
			 (int)sizeof(self->feed.note) - 1, message->body);
		return 0;
	default:
		return -EBADMSG;
	}
}

static int take_messages(struct run_feed *self, struct model *model, struct questions *questions)
{
	for (int i = 0; i < MESSAGES_IN_A_ROW && questions->count < QUESTIONS_MAX; i++) {
		int r = wire_receive(self->wire, &self->message);

		if (r == -EPIPE) {
			self->is_wire_over = self->feed.has_news = true;
			questions_clear(questions);
		}
		if (r == 0 || r == -EPIPE)
			return 0;
		self->feed.has_news = true;
		if (r > 0)
			r = take_message(self, model, questions);
		if (r < 0 && r != -EBADMSG)
			return r;
	}
	return 1;
}

static int add_event(struct run_feed *self, struct model *model, size_t size)
{
	int r = model_add(model, self->flat, size);

	self->feed.has_news = true;
	return r == -EBADMSG ? 0 : r;
}

/* What was overwritten before it was read, but was refused or asked. */
static int take_kept(struct run_feed *self, struct model *model)
{
	size_t size;
	int r = 0;

	while (r == 0 && ring_next_kept(self->ring, &self->reader, self->flat, &size) > 0)
		r = add_event(self, model, size);
	return r;
}

/* 1: there is more. */
static int take_events(struct run_feed *self, struct model *model)
{
	size_t size;

	for (int i = 0; i < EVENTS_IN_A_ROW; i++) {
		int r = ring_next(self->ring, &self->reader, self->flat, &size);

		if (r > 0)
			r = add_event(self, model, size);
		else
			return 0;
		if (r < 0)
			return r;
	}
	return 1;
}

/*
 * Events are numbered from 1 as they are put.  Of those that the reader is past, what never came:
 * some that the ring had lost came by way of the kept ones.
 */
static uint64_t count_dropped(const struct run_feed *self, const struct model *model)
{
	uint64_t came = model->store.forgotten + store_place(&model->store, self->reader.next + 1);

	return self->reader.next > came ? self->reader.next - came : 0;
}

static int take_ring(struct run_feed *self, struct model *model)
{
	int events = take_events(self, model);
	int kept = events < 0 ? events : take_kept(self, model);

	model->dropped = count_dropped(self, model);
	return kept < 0 ? kept : events;
}

static int take(struct feed *feed, struct model *model, struct questions *questions)
{
	struct run_feed *self = (struct run_feed *)feed;
	bool was_over = self->is_wire_over;
	int messages = was_over ? 0 : take_messages(self, model, questions), events;

	if (messages < 0)
		return messages;
	events = feed->holds_events && !self->is_wire_over ? 0 : take_ring(self, model);
	/* Afterwards: never fewer than are shown. */
	ring_read_counts(self->ring, &model->counts);
	/* What was put before the wire was closed is in the ring now. */
	if (was_over && events == 0 && !feed->is_over)
		feed->is_over = feed->has_news = true;
	return events < 0 ? events : messages > 0 || events > 0;
}

static bool has_more(const struct feed *feed)
{
	const struct run_feed *self = (const struct run_feed *)feed;

	return !feed->is_over &&
	       (self->is_wire_over || ring_has_more(self->ring, &self->reader));
}

static void free_feed(struct feed *feed)
{
	free(feed);
}

static const struct feed_ops ops = { .take = take, .has_more = has_more, .free = free_feed };

int feed_run(struct ring *ring, int wire, struct feed **ret_feed)
{
	struct run_feed *self = calloc(1, sizeof(*self));

	if (!self)
		return -ENOMEM;
	self->feed = (struct feed){ .ops = &ops, .is_live = true };
	self->ring = ring;
	self->wire = wire;
	*ret_feed = &self->feed;
	return 0;
}
