/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_question.c: what is answered, and that nothing answers but a key that was typed for the
 * question in the box.  The tracer is the test: it reads what the screen sends.
 */
#include <check.h>
#include <ncurses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/asking.h"
#include "tests/support/suite.h"
#include "tui/act.h"
#include "tui/question.h"

#define PATH "/home/ana/.ssh/config"
#define ESCAPE 0x1b

static const struct {
	int key;
	bool allows;
	const char *rule;
} answers[] = {
	{ 'd', false, "" },
	{ '\n', false, "" },
	{ ESCAPE, false, "" },
	{ 3, false, "" },
	{ 'D', false, "deny write " PATH },
	{ 'a', true, "" },
	{ 'A', true, "allow write " PATH },
};

START_TEST(one_key_one_answer)
{
	asking_open(PATH);
	asking_key(answers[_i].key);
	asking_answered(1, answers[_i].allows, answers[_i].rule);
	ck_assert_int_eq(asking.app.mode, MODE_BROWSE);
	ck_assert_uint_eq(asking.app.questions.count, 0);
	/* Once. */
	asking_key(answers[_i].key);
	asking_silent();
}
END_TEST

static const struct {
	int key;
	enum wire_kind kind;
} others[] = { { 'K', WIRE_END }, { 'z', WIRE_FREEZE } };

START_TEST(kill_and_freeze)
{
	const struct wire_message *message;

	asking_open(PATH);
	asking_key(others[_i].key);
	message = asking_next();
	ck_assert(message && message->head.kind == others[_i].kind && message->head.flag);
	asking_silent();
	ck_assert_int_eq(asking.app.mode, MODE_QUESTION);
}
END_TEST

START_TEST(all_other_keys_answer_nothing)
{
	asking_open(PATH);
	for (int key = 0; key < 0x100; key++)
		if (!key || !strchr("daDApKhtz\n\x1b\x03", key))
			asking_key(key);
	asking_keys("yYnN \t");
	asking_silent();
	ck_assert_int_eq(asking.app.mode, MODE_QUESTION);
}
END_TEST

/* Keys that answer here mean nothing in a list, in other boxes, on pages. */
START_TEST(answers_mean_nothing_elsewhere)
{
	static const enum mode modes[] = { MODE_BROWSE, MODE_SORT, MODE_HELP, MODE_QUIT };

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		for (const char *key = "adADKp"; *key; key++) {
			asking.app.mode = modes[i];
			act(&asking.app, *key);
			ck_assert_int_eq(asking.app.mode, modes[i]);
			ck_assert(!asking.app.is_done);
		}
	asking_silent();
}
END_TEST

/* ---- when ---- */

START_TEST(deaf_at_first)
{
	asking_ask(1, PATH);
	asking_wait(0);
	for (int i = 0; i < 4; i++) {
		asking_key('a');
		asking_key('\n');
		asking_wait(QUESTION_DEAF_MS / 5);
	}
	asking_silent();
	asking_wait(QUESTION_DEAF_MS);
	asking_key('a');
	asking_answered(1, true, "");
}
END_TEST

/* Who goes on typing is not heard until there was silence. */
START_TEST(deaf_until_there_is_silence)
{
	asking_ask(1, PATH);
	asking_wait(0);
	for (int i = 0; i < 40; i++) {
		asking_wait(QUESTION_SILENCE_MS / 2);
		asking_key("adAD\n"[i % 5]);
	}
	asking_silent();
	asking_wait(QUESTION_SILENCE_MS);
	asking_key('d');
	asking_answered(1, false, "");
}
END_TEST

/* A terminal that stood still: the time is counted from when the box was drawn. */
START_TEST(deaf_from_the_drawing_on)
{
	struct app *app = &asking.app;

	asking_ask(1, PATH);
	while (app_take(app))
		;
	act_questions(app);
	app->now_ms += 60000;
	act_questions(app);
	asking_silent();
	act(app, 'a');
	asking_silent();
	question_drawn(app, app->now_ms);
	act_questions(app);
	asking_key('a');
	asking_silent();
	asking_wait(QUESTION_DEAF_MS - 1);
	asking_key('a');
	asking_silent();
}
END_TEST

/* Typed while it was deaf, read when it no longer is: thrown away. */
START_TEST(keys_from_before)
{
	asking_ask(1, PATH);
	asking_wait(0);
	ck_assert_int_eq(write(asking.typed, "aAd\n", 4), 4);
	asking_wait(3 * QUESTION_DEAF_MS);
	ck_assert(!asking.app.question_listens);
	asking_silent();
	asking_wait(QUESTION_SILENCE_MS);
	ck_assert(asking.app.question_listens);
	asking_silent();
}
END_TEST

/* Another size of the terminal comes as a key, too: no other one waits unseen behind it. */
START_TEST(keys_behind_another_size)
{
	asking_ask(1, PATH);
	asking_wait(0);
	ck_assert_int_eq(write(asking.typed, "a", 1), 1);
	ungetch(KEY_RESIZE);
	asking_wait(QUESTION_DEAF_MS);
	ck_assert(!asking.app.question_listens);
	ck_assert(asking.app.was_resized);
	asking_silent();
}
END_TEST

/* The rest of a cursor key, whose first byte was thrown away, is A for one of them. */
START_TEST(half_a_cursor_key)
{
	asking_ask(1, PATH);
	asking_wait(0);
	ck_assert_int_eq(write(asking.typed, "\x1b", 1), 1);
	asking_wait(QUESTION_DEAF_MS);
	ck_assert_int_eq(write(asking.typed, "OA", 2), 2);
	asking_wait(QUESTION_SILENCE_MS);
	ck_assert(!asking.app.question_listens);
	asking_wait(QUESTION_SILENCE_MS);
	ck_assert(asking.app.question_listens);
	asking_silent();
}
END_TEST

/* Nobody answers what cannot be seen; and it is deaf anew when it can. */
START_TEST(too_small_to_be_seen)
{
	asking_open(PATH);
	layout_fit(&asking.app.layout, 5, 30, 0);
	asking_key('a');
	asking_key('\n');
	asking_wait(5 * QUESTION_DEAF_MS);
	asking_keys("adAD");
	asking_silent();
	layout_fit(&asking.app.layout, 30, 100, 0);
	asking_wait(0);
	asking_key('a');
	asking_silent();
	asking_wait(QUESTION_DEAF_MS);
	asking_key('a');
	asking_answered(1, true, "");
}
END_TEST

static TCase *screen_case(void)
{
	TCase *tcase = tcase_create("typed");

	tcase_add_checked_fixture(tcase, asking_set_up_with_screen, asking_tear_down);
	tcase_add_test(tcase, keys_from_before);
	tcase_add_test(tcase, keys_behind_another_size);
	tcase_add_test(tcase, half_a_cursor_key);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("question");
	TCase *tcase = tcase_create("question");

	tcase_add_checked_fixture(tcase, asking_set_up, asking_tear_down);
	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, one_key_one_answer, 0, ARRAY_SIZE(answers));
	tcase_add_loop_test(tcase, kill_and_freeze, 0, ARRAY_SIZE(others));
	tcase_add_test(tcase, all_other_keys_answer_nothing);
	tcase_add_test(tcase, answers_mean_nothing_elsewhere);
	tcase_add_test(tcase, deaf_at_first);
	tcase_add_test(tcase, deaf_until_there_is_silence);
	tcase_add_test(tcase, deaf_from_the_drawing_on);
	tcase_add_test(tcase, too_small_to_be_seen);
	suite_add_tcase(suite, tcase);
	suite_add_tcase(suite, screen_case());
	return suite_run(suite);
}
