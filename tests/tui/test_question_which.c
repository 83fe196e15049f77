/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_question_which.c: the question that is answered is the one in the box, whatever comes and
 * goes meanwhile, and whatever becomes of the tracer.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/asking.h"
#include "tests/support/suite.h"
#include "tui/act.h"
#include "tui/question.h"

#define PATH "/home/ana/.ssh/config"

/* The first one is withdrawn, and the key for it is already there. */
START_TEST(another_one_takes_its_place)
{
	asking_open(PATH);
	asking_ask(2, "/etc/passwd");
	asking_wait(1000);
	ck_assert_uint_eq(asking.app.question, 1);
	asking_withdraw(1);
	while (app_take(&asking.app))
		;
	/* Even before anything closed the box. */
	act(&asking.app, 'a');
	asking_silent();
	act_questions(&asking.app);
	ck_assert_uint_eq(asking.app.question, 2);
	asking_wait(0);
	asking_keys("aA\n");
	asking_silent();
	asking_wait(QUESTION_DEAF_MS + QUESTION_SILENCE_MS);
	asking_key('d');
	asking_answered(2, false, "");
}
END_TEST

START_TEST(one_after_the_other)
{
	asking_ask(1, PATH);
	asking_ask(2, "/a");
	asking_ask(3, "/b");
	asking_wait(0);
	for (uint64_t n = 1; n <= 3; n++) {
		asking_wait(QUESTION_DEAF_MS);
		asking_key('a');
		/* A second press, meant for the one that is gone. */
		asking_key('a');
		asking_answered(n, true, "");
	}
	ck_assert_int_eq(asking.app.mode, MODE_BROWSE);
}
END_TEST

START_TEST(withdrawn_while_it_is_shown)
{
	asking_open(PATH);
	asking_withdraw(1);
	asking_wait(10);
	ck_assert_int_eq(asking.app.mode, MODE_BROWSE);
	asking_keys("adAD\n");
	asking_silent();
}
END_TEST

/* Nobody can judge what cannot be shown. */
START_TEST(no_event_in_it)
{
	ck_assert_int_eq(wire_send(asking.tracer, WIRE_ASK, 1, false, "no event", 8), 0);
	asking_wait(0);
	asking_answered(1, false, "");
	ck_assert_uint_eq(asking.app.questions.count, 0);
	ck_assert_int_ne(asking.app.mode, MODE_QUESTION);
}
END_TEST

/* ---- around it ---- */

START_TEST(hidden_and_back)
{
	asking_open(PATH);
	asking_key('h');
	ck_assert_int_eq(asking.app.mode, MODE_BROWSE);
	asking_keys("adADjk");
	asking_wait(5000);
	ck_assert_int_eq(asking.app.mode, MODE_BROWSE);
	asking_key('!');
	ck_assert_int_eq(asking.app.mode, MODE_QUESTION);
	asking_key('a');
	asking_silent();
	asking_wait(QUESTION_DEAF_MS + QUESTION_SILENCE_MS);
	asking_key('a');
	asking_answered(1, true, "");
}
END_TEST

START_TEST(source_and_back)
{
	struct event event = made_event(1);
	FILE *file = fopen("etl.py", "w");

	fputs("one\ntwo\n", file);
	fclose(file);
	event.stack = made_stack("etl.py", 2, "f", 1);
	asking_ask_event(1, &event);
	asking_wait(0);
	asking_wait(QUESTION_DEAF_MS);
	asking_key('t');
	ck_assert_int_eq(asking.app.mode, MODE_SOURCE);
	asking_key('q');
	ck_assert_int_eq(asking.app.mode, MODE_QUESTION);
	asking_key('a');
	asking_silent();
}
END_TEST

/* There is no such file: the question stays, and so does the next one. */
START_TEST(source_that_is_not_there)
{
	struct event event = made_event(1);

	event.stack = made_stack("nosuch.py", 2, "f", 1);
	asking_ask_event(1, &event);
	asking_ask(2, PATH);
	asking_wait(0);
	asking_wait(QUESTION_DEAF_MS);
	asking_key('t');
	ck_assert_int_eq(asking.app.mode, MODE_QUESTION);
	asking_key('d');
	asking_answered(1, false, "");
	ck_assert_uint_eq(asking.app.question, 2);
	ck_assert_int_eq(asking.app.mode, MODE_QUESTION);
}
END_TEST

/* The view stands still, the script waits: it is asked all the same. */
START_TEST(while_the_view_is_paused)
{
	asking_key(' ');
	ck_assert(asking.app.is_paused);
	asking_ask(1, PATH);
	asking_wait(0);
	ck_assert_int_eq(asking.app.mode, MODE_QUESTION);
	asking_wait(QUESTION_DEAF_MS);
	asking_key('d');
	asking_answered(1, false, "");
	ck_assert(asking.app.is_paused);
}
END_TEST

/* Somebody types something else: no box comes over it. */
START_TEST(not_over_a_line_that_is_typed)
{
	asking_key('f');
	asking_ask(1, PATH);
	asking_wait(0);
	ck_assert_int_eq(asking.app.mode, MODE_FILTER);
	asking_keys("path~a");
	ck_assert_str_eq(asking.app.edit.text, "path~a");
	asking_key('\n');
	ck_assert_int_eq(asking.app.mode, MODE_QUESTION);
	asking_keys("a\n");
	asking_silent();
}
END_TEST

/* ---- the tracer ---- */

START_TEST(the_tracer_is_gone)
{
	asking_open(PATH);
	close(asking.tracer);
	asking.tracer = -1;
	asking_key('a');
	ck_assert_uint_eq(asking.app.questions.count, 0);
	ck_assert_int_eq(asking.app.mode, MODE_BROWSE);
	asking_wait(10);
	asking_wait(10);
	ck_assert(asking.app.feed->is_over);
}
END_TEST

/* It does not read: the question stays where it is until it does. */
START_TEST(the_tracer_does_not_listen)
{
	int sent = 0;

	asking_open(PATH);
	while (wire_send(asking.config.wire, WIRE_FREEZE, 0, true, NULL, 0) == 0)
		sent++;
	asking_key('a');
	ck_assert_int_eq(asking.app.mode, MODE_QUESTION);
	ck_assert_uint_eq(asking.app.questions.count, 1);
	while (sent-- > 0)
		ck_assert_ptr_nonnull(asking_next());
	asking_silent();
	asking_key('d');
	asking_answered(1, false, "");
}
END_TEST

/* More than the screen takes: the rest waits its turn, none is lost. */
START_TEST(more_than_there_is_room_for)
{
	for (uint64_t n = 1; n <= QUESTIONS_MAX; n++)
		asking_ask(n, PATH);
	asking_wait(0);
	ck_assert_uint_eq(asking.app.questions.count, QUESTIONS_MAX);
	asking_ask(QUESTIONS_MAX + 1, PATH);
	asking_wait(QUESTION_DEAF_MS);
	ck_assert_uint_eq(asking.app.questions.count, QUESTIONS_MAX);
	asking_key('d');
	asking_answered(1, false, "");
	asking_wait(0);
	ck_assert_uint_eq(asking.app.questions.count, QUESTIONS_MAX);
	ck_assert_uint_eq(asking.app.questions.items[QUESTIONS_MAX - 1].number, QUESTIONS_MAX + 1);
}
END_TEST

/* ---- anything ---- */

/* Keys, times, questions and withdrawals at random: who allows typed `a` or `A` at that moment. */
static unsigned allowed;

static void random_step(uint64_t *number)
{
	static const char typed[] = "adADKphtz!jkqfx \n\x1b\t1238?";
	int key = typed[random() % (long)(sizeof(typed) - 1)];
	const struct wire_message *message;
	uint64_t shown;
	bool listens;

	if (random() % 4 == 0)
		asking_ask(++*number, PATH);
	if (random() % 6 == 0)
		asking_withdraw(1 + (uint64_t)random() % (*number + 1));
	if (random() % 3 == 0)
		asking_wait(random() % 1500);
	listens = asking.app.mode == MODE_QUESTION && asking.app.question_listens;
	shown = asking.app.question;
	act(&asking.app, key);
	while ((message = asking_next()) != NULL) {
		if (message->head.kind != WIRE_ANSWER || !message->head.flag)
			continue;
		ck_assert(listens && (key == 'a' || key == 'A'));
		ck_assert_uint_eq(message->head.question, shown);
		allowed++;
	}
	act_questions(&asking.app);
}

START_TEST(random_keys)
{
	uint64_t number = 0;

	srandom((unsigned)_i);
	for (int i = 0; i < 4000; i++) {
		random_step(&number);
		asking.app.is_done = false;
	}
	ck_assert_uint_gt(number, 100);
	ck_assert_uint_gt(allowed, 10);
}
END_TEST

static void add_which(TCase *tcase)
{
	tcase_add_test(tcase, another_one_takes_its_place);
	tcase_add_test(tcase, one_after_the_other);
	tcase_add_test(tcase, withdrawn_while_it_is_shown);
	tcase_add_test(tcase, no_event_in_it);
	tcase_add_test(tcase, hidden_and_back);
	tcase_add_test(tcase, source_and_back);
	tcase_add_test(tcase, source_that_is_not_there);
	tcase_add_test(tcase, while_the_view_is_paused);
	tcase_add_test(tcase, not_over_a_line_that_is_typed);
	tcase_add_test(tcase, the_tracer_is_gone);
	tcase_add_test(tcase, the_tracer_does_not_listen);
	tcase_add_test(tcase, more_than_there_is_room_for);
	tcase_add_loop_test(tcase, random_keys, 0, 6);
}

int main(void)
{
	Suite *suite = suite_create("question_which");
	TCase *tcase = tcase_create("question_which");

	tcase_add_checked_fixture(tcase, asking_set_up, asking_tear_down);
	tcase_set_timeout(tcase, 30);
	add_which(tcase);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
