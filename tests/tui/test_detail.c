/* SPDX-License-Identifier: Apache-2.0 */
/* test_detail.c: what is told of one event: all of it, in bounds, the outermost frame first. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/made.h"
#include "tests/support/suite.h"
#include "tui/detail.h"
#include "tui/facts.h"

static struct facts facts;
static struct detail_fact told[DETAIL_FACTS_MAX];
static struct flat_event flat;
static int count;

static void set_up(void)
{
	json_t *start = json_pack("{s:s}", "cwd", "/home/ana/work");

	ck_assert_int_eq(facts_init(&facts), 0);
	ck_assert_int_eq(facts_set_start(&facts, start), 0);
	json_decref(start);
}

static void tear_down(void)
{
	facts_free(&facts);
}

static void tell(const struct event *event)
{
	static struct made made;

	made_pack(&made, event);
	ck_assert_int_eq(flat_unpack(made.bytes, made.size, &flat), 0);
	count = detail_facts(&facts, &flat, told);
}

static const char *fact(const char *label)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(told[i].label, label))
			return told[i].text;
	return NULL;
}

START_TEST(an_ordinary_one)
{
	struct event event = made_event(7);

	tell(&event);
	ck_assert_str_eq(told[0].label, "verdict");
	ck_assert_str_eq(fact("verdict"), "allowed, went well");
	ck_assert_str_eq(fact("file"), "/tmp/FILE");
	ck_assert_str_eq(fact("process"), "100");
	ck_assert_str_eq(fact("time"), "0.007000 s");
	ck_assert_str_eq(fact("class"), "read");
	ck_assert_ptr_null(fact("rule"));
	ck_assert_ptr_null(fact("asked as"));
}
END_TEST

START_TEST(one_that_has_all)
{
	struct event event = made_event(7);

	event.path2 = "/tmp/other";
	event.raw = "../x";
	event.effects = "create";
	event.rule = "deny write /tmp";
	event.source = "a.policy:3";
	event.reason = "why";
	event.tid = 101;
	event.outcome = OUTCOME_DENY;
	event.error = EACCES;
	event.is_probe = true;
	tell(&event);
	ck_assert_int_le(count, DETAIL_FACTS_MAX);
	ck_assert_str_eq(fact("verdict"), "DENY, script saw EACCES (only asked)");
	ck_assert_str_eq(fact("rule"), "a.policy:3  deny write /tmp");
	ck_assert_str_eq(fact("from"), "/tmp/FILE");
	ck_assert_str_eq(fact("to"), "/tmp/other");
	ck_assert_str_eq(fact("asked as"), "../x");
	ck_assert_str_eq(fact("in"), "/home/ana/work");
	ck_assert_str_eq(fact("thread"), "101 of process 100");
	ck_assert_str_eq(fact("why"), "why");
	ck_assert_str_eq(fact("class"), "read");
}
END_TEST

START_TEST(failures)
{
	struct event event = made_event(7);

	event.error = ENOENT;
	tell(&event);
	ck_assert_str_eq(fact("verdict"), "allowed, failed with ENOENT");
	event.outcome = OUTCOME_ERROR;
	tell(&event);
	ck_assert_ptr_nonnull(strstr(fact("verdict"), "failed with ENOENT"));
	event = (struct event){ .kind = EVENT_NOTE, .reason = "a note" };
	tell(&event);
	ck_assert_ptr_null(fact("verdict"));
	ck_assert_str_eq(fact("why"), "a note");
}
END_TEST

START_TEST(frames_from_the_outermost)
{
	struct event event = made_event(7);
	struct detail_frame frame;

	event.stack = made_stack("/a/etl.py", 40, "f", 5);
	tell(&event);
	ck_assert_int_eq(detail_frame_count(&flat, 0), 5);
	for (int i = 0; i < 5; i++) {
		detail_frame(&flat, 0, i, &frame);
		ck_assert_int_eq(frame.line, 36 + i);
		ck_assert_str_eq(frame.function, "f");
		ck_assert_str_eq(frame.file, "/a/etl.py");
	}
	ck_assert_str_eq(frame.place, "etl.py:40");
	ck_assert_ptr_null(detail_no_frames(&flat, 0));
	ck_assert_int_eq(detail_frame_count(&flat, 1), 0);
	ck_assert_ptr_nonnull(detail_no_frames(&flat, 1));
}
END_TEST

START_TEST(c_frames)
{
	static struct c_frame native[2] = { { .module = "/lib/libc.so.6", .offset = 0x1234,
					      .symbol = "open64", .count = 1 }, { .offset = 7 } };
	static struct stack stack = { .native = native, .native_count = 2, .reason = "no Python" };
	struct event event = made_event(7);
	struct detail_frame frame;

	event.stack = &stack;
	tell(&event);
	detail_frame(&flat, 1, 1, &frame);
	ck_assert_str_eq(frame.place, "libc.so.6+0x1234");
	ck_assert_str_eq(frame.function, "open64");
	ck_assert_ptr_null(frame.file);
	detail_frame(&flat, 1, 0, &frame);
	ck_assert_str_eq(frame.place, "?+0x7");
	ck_assert_str_eq(frame.function, "");
	ck_assert_str_eq(detail_no_frames(&flat, 0), "no Python");
}
END_TEST

START_TEST(without_a_stack)
{
	struct event event = made_event(7);

	tell(&event);
	ck_assert_int_eq(detail_frame_count(&flat, 0), 0);
	ck_assert_ptr_nonnull(strstr(detail_no_frames(&flat, 0), "--stack"));
	ck_assert_ptr_nonnull(strstr(detail_no_frames(&flat, 1), "--stack"));
}
END_TEST

/* Bytes of a ring that somebody wrote into: whatever is taken can be told. */
START_TEST(spoiled_events)
{
	static struct made made;
	struct detail_frame frame;

	srandom((unsigned)_i);
	for (int round = 0; round < 3000; round++) {
		made_random(&made, (uint64_t)round);
		for (int i = 0; i < 4; i++)
			made.bytes[(size_t)random() % made.size] = (char)random();
		if (flat_unpack(made.bytes, made.size, &flat) < 0)
			continue;
		count = detail_facts(&facts, &flat, told);
		ck_assert_int_le(count, DETAIL_FACTS_MAX);
		for (int kind = 0; kind < 2; kind++)
			for (int i = 0; i < detail_frame_count(&flat, kind); i++)
				detail_frame(&flat, kind, i, &frame);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("detail");
	TCase *tcase = tcase_create("detail");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, an_ordinary_one);
	tcase_add_test(tcase, one_that_has_all);
	tcase_add_test(tcase, failures);
	tcase_add_test(tcase, frames_from_the_outermost);
	tcase_add_test(tcase, c_frames);
	tcase_add_test(tcase, without_a_stack);
	tcase_add_loop_test(tcase, spoiled_events, 0, 4);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
