/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_feed_run.c: a run through a real ring and wire: what a flood overwrites is counted to the
 * last event, what was refused is there all the same; messages that are none do no harm.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/made.h"
#include "tests/support/suite.h"
#include "tracer/events/ring.h"
#include "tracer/events/wire.h"
#include "tui/feed.h"
#include "tui/model.h"
#include "tui/questions.h"

#define FLOOD 1000000u
#define KEPT_EVERY 1000u

static struct ring *ring;
static struct sink *sink;
static struct feed *feed;
static struct model model;
static struct questions questions;
static int wire, tracer;

static void set_up(void)
{
	int ends[2];

	ck_assert_int_eq(ring_new(&ring), 0);
	ck_assert_int_eq(ring_sink_new(ring, &sink), 0);
	ck_assert_int_eq(wire_pair(ends), 0);
	wire = ends[0];
	tracer = ends[1];
	ck_assert_int_eq(feed_run(ring, wire, &feed), 0);
	ck_assert_int_eq(model_init(&model), 0);
}

static void tear_down(void)
{
	feed->ops->free(feed);
	questions_clear(&questions);
	model_free(&model);
	sink->ops->close(sink);
	ring_free(ring);
	close(wire);
	if (tracer >= 0)
		close(tracer);
}

static void put(uint64_t n)
{
	struct event event = made_event(n);

	if (n % KEPT_EVERY == 0) {
		event.outcome = OUTCOME_DENY;
		event.error = 13;
	}
	sink->ops->put(sink, &event);
}

static int take(void)
{
	return feed->ops->take(feed, &model, &questions);
}

static void take_all(void)
{
	while (take() > 0)
		;
}

/* ---- floods ---- */

/* Events between two looks: a reader that keeps up, one that is slow, one that looks at the end. */
static const uint64_t rhythms[] = { 5000, 70000, 250000, FLOOD };

static uint64_t came(void)
{
	return model.store.count + model.store.forgotten;
}

START_TEST(nothing_is_lost_without_a_word)
{
	for (uint64_t n = 1; n <= FLOOD; n++) {
		put(n);
		if (n % rhythms[_i])
			continue;
		/* Part of what is there, as when keys are pressed meanwhile. */
		ck_assert_int_ge(take(), 0);
		if (n % 3 == 0)
			take_all();
	}
	take_all();
	ck_assert_uint_eq(model.counts.events, FLOOD);
	ck_assert_uint_eq(model.counts.denied, FLOOD / KEPT_EVERY);
	ck_assert_uint_eq(came() + model.dropped, FLOOD);
	ck_assert_int_eq(rhythms[_i] > 50000, model.dropped > 0);
	for (uint64_t n = KEPT_EVERY; n <= FLOOD; n += KEPT_EVERY)
		if (!store_find(&model.store, n))
			ck_abort_msg("a refusal is gone: %lu", (unsigned long)n);
	/* In every view that counts refusals, too. */
	ck_assert_uint_eq(groups_touch(model.groups[VIEW_CALLS], "openat", 6)->denied,
			  FLOOD / KEPT_EVERY);
}
END_TEST

/* With a filter on the list holds what passes, and in order. */
START_TEST(flood_through_a_filter)
{
	struct fault fault = { 0 };
	uint64_t last = 0;

	ck_assert_int_eq(model_set_filter(&model, "verdict=deny", &fault), 0);
	for (uint64_t n = 1; n <= 300000; n++) {
		put(n);
		if (n % 60000 == 0)
			take_all();
	}
	ck_assert_uint_eq(model_count(&model), 300000 / KEPT_EVERY);
	for (size_t i = 0; i < model_count(&model); i++) {
		ck_assert_uint_gt(model_entry(&model, i)->n, last);
		last = model_entry(&model, i)->n;
	}
}
END_TEST

/* So much at once, that keys are not kept waiting. */
START_TEST(takes_a_bounded_part)
{
	for (uint64_t n = 1; n <= 25000; n++)
		put(n);
	ck_assert_int_eq(take(), 1);
	ck_assert_uint_eq(model.store.count, 20000 + 25000 / KEPT_EVERY - 20000 / KEPT_EVERY);
	ck_assert(feed->ops->has_more(feed));
	ck_assert_int_eq(take(), 0);
	ck_assert_uint_eq(model.store.count, 25000);
	ck_assert_uint_eq(model.dropped, 0);
	ck_assert(!feed->ops->has_more(feed));
}
END_TEST

START_TEST(says_when_there_is_news)
{
	take();
	ck_assert(!feed->has_news);
	put(1);
	ck_assert_int_eq(take(), 0);
	ck_assert(feed->has_news);
	feed->has_news = false;
	take();
	ck_assert(!feed->has_news);
	ck_assert_int_eq(wire_send(tracer, WIRE_WITHDRAWN, 1, false, NULL, 0), 0);
	take();
	ck_assert(feed->has_news);
}
END_TEST

/* ---- messages ---- */

static void tell(enum wire_kind kind, uint64_t question, const char *text)
{
	ck_assert_int_eq(wire_send(tracer, kind, question, false, text, strlen(text)), 0);
}

START_TEST(start_and_result)
{
	tell(WIRE_START, 0, "{\"argv\":[\"pyjail\",\"a.py\"],\"policy\":[\"deny net\"]}");
	tell(WIRE_RESULT, 0, "{\"status\":3}");
	take_all();
	ck_assert_str_eq(model.facts.script, "a.py");
	ck_assert(model.facts.is_own);
	ck_assert_str_eq(model.facts.ended, "exit 3");
	ck_assert_uint_eq(groups_count(model.groups[VIEW_POLICY]), 1);
	ck_assert(!feed->is_over);
	close(tracer);
	tracer = -1;
	put(1);
	take_all();
	take_all();
	ck_assert(feed->is_over);
	ck_assert_uint_eq(model_count(&model), 1);
	ck_assert(!feed->ops->has_more(feed));
}
END_TEST

static const char *const no_objects[] = { "", "x", "[1]", "3", "{", "null", "{\"a\":1}}" };

START_TEST(no_object)
{
	tell(WIRE_START, 0, no_objects[_i]);
	tell(WIRE_RESULT, 0, no_objects[_i]);
	ck_assert_int_ge(take(), 0);
	ck_assert_str_eq(model.facts.script, "");
	ck_assert_ptr_null(model.facts.result);
}
END_TEST

START_TEST(questions_come_and_go)
{
	for (uint64_t n = 1; n <= 4; n++)
		tell(WIRE_ASK, n, "bytes");
	tell(WIRE_WITHDRAWN, 2, "");
	tell(WIRE_WITHDRAWN, 77, "");
	take_all();
	ck_assert_uint_eq(questions.count, 3);
	ck_assert_uint_eq(questions.items[0].number, 1);
	ck_assert_uint_eq(questions.items[1].number, 3);
	/* The tracer is gone, and so is who would hear an answer. */
	close(tracer);
	tracer = -1;
	take_all();
	ck_assert_uint_eq(questions.count, 0);
}
END_TEST

START_TEST(words_of_the_tracer)
{
	char text[1000];

	tell(WIRE_NOTE, 0, "a rule was not taken");
	take_all();
	ck_assert_str_eq(feed->note, "a rule was not taken");
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	tell(WIRE_FAULT, 0, text);
	take_all();
	ck_assert_uint_eq(strlen(feed->note), sizeof(feed->note) - 1);
}
END_TEST

/* Packets that are no messages, and messages that only the screen sends. */
START_TEST(what_is_no_message)
{
	char noise[64];

	srandom(3);
	for (int i = 0; i < 500; i++) {
		for (size_t k = 0; k < sizeof(noise); k++)
			noise[k] = (char)random();
		if (i % 3 == 0)
			memcpy(noise, "\1\0\0\0", 4);
		ck_assert_int_gt(write(tracer, noise, 1 + (size_t)random() % sizeof(noise)), 0);
		if (i % 7 == 0)
			wire_send(tracer, (enum wire_kind)(random() % WIRE_KINDS), 1, false, noise,
				  30);
		ck_assert_int_ge(take(), 0);
	}
	put(1);
	take_all();
	ck_assert_uint_eq(model.store.count, 1);
}
END_TEST

/* ---- holding ---- */

START_TEST(events_are_held)
{
	for (uint64_t n = 1; n <= 10; n++)
		put(n);
	tell(WIRE_ASK, 1, "bytes");
	feed->holds_events = true;
	take_all();
	ck_assert_uint_eq(model.store.count, 0);
	ck_assert_uint_eq(questions.count, 1);
	feed->holds_events = false;
	take_all();
	ck_assert_uint_eq(model.store.count, 10);
}
END_TEST

/* The end ends the pause: all that was put is taken. */
START_TEST(held_until_the_end)
{
	feed->holds_events = true;
	put(1);
	take_all();
	close(tracer);
	tracer = -1;
	put(2);
	take_all();
	take_all();
	ck_assert(feed->is_over);
	ck_assert_uint_eq(model.store.count, 2);
}
END_TEST

static TCase *flood_case(void)
{
	TCase *tcase = tcase_create("flood");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, nothing_is_lost_without_a_word, 0,
			    (int)(sizeof(rhythms) / sizeof(rhythms[0])));
	tcase_add_test(tcase, flood_through_a_filter);
	tcase_add_test(tcase, takes_a_bounded_part);
	tcase_add_test(tcase, says_when_there_is_news);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("feed_run");
	TCase *tcase = tcase_create("messages");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, start_and_result);
	tcase_add_loop_test(tcase, no_object, 0, (int)(sizeof(no_objects) / sizeof(no_objects[0])));
	tcase_add_test(tcase, questions_come_and_go);
	tcase_add_test(tcase, words_of_the_tracer);
	tcase_add_test(tcase, what_is_no_message);
	tcase_add_test(tcase, events_are_held);
	tcase_add_test(tcase, held_until_the_end);
	suite_add_tcase(suite, tcase);
	suite_add_tcase(suite, flood_case());
	return suite_run(suite);
}
