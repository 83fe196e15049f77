/* SPDX-License-Identifier: Apache-2.0 */
/*
 * question.c: see question.h.  Nothing but a key of keys.def answers; whatever else happens denies.
 */
#include "tui/question.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "filters/grant.h"
#include "tracer/events/flat.h"
#include "tracer/events/wire.h"
#include "tui/act.h"
#include "tui/app.h"
#include "tui/rule_box.h"
#include "tui/screen.h"
#include "tui/words.h"

/* Keys that are thrown away in one go: somebody who sends more does not get heard. */
#define THROWN_MAX 1024

/* ---- which one ---- */

/* By its number: never the one that took its place. */
static const struct question *asked(const struct app *app)
{
	for (size_t i = 0; app->question && i < app->questions.count; i++)
		if (app->questions.items[i].number == app->question)
			return &app->questions.items[i];
	return NULL;
}

bool question_event(const struct app *app, struct flat_event *ret_event)
{
	const struct question *question = asked(app);

	return question && flat_unpack(question->bytes, question->size, ret_event) == 0;
}

/* ---- when a key counts ---- */

static void deafen(struct app *app, int64_t until_ms)
{
	app->question_listens = false;
	if (app->question_open_ms < until_ms)
		app->question_open_ms = until_ms;
}

/* As soon as the time is over and no key waits: all that come were typed later. */
static void listen(struct app *app)
{
	if (app->layout.is_tiny)
		deafen(app, app->now_ms + QUESTION_DEAF_MS);
	if (!app->question_is_drawn || app->question_listens ||
	    app->now_ms < app->question_open_ms)
		return;
	for (int i = 0; i < THROWN_MAX; i++) {
		if (screen_key(&app->was_resized) == KEY_NONE) {
			app->question_listens = app->now_ms >= app->question_open_ms;
			return;
		}
		deafen(app, app->now_ms + QUESTION_SILENCE_MS);
	}
}

void question_drawn(struct app *app, int64_t now_ms)
{
	if (app->mode != MODE_QUESTION || app->question_is_drawn || app->layout.is_tiny)
		return;
	app->question_is_drawn = true;
	deafen(app, now_ms + QUESTION_DEAF_MS);
}

/* ---- opening and closing ---- */

static void leave_box(struct app *app)
{
	app->question = 0;
	app->question_listens = false;
	app->mode = MODE_BROWSE;
}

static void open_box(struct app *app)
{
	struct flat_event event;

	app->question = app->questions.items[0].number;
	/* Nobody can judge what cannot be shown. */
	if (!question_event(app, &event)) {
		question_answer(app, false, "");
		return;
	}
	app->question_is_drawn = false;
	app->question_open_ms = 0;
	deafen(app, app->now_ms + QUESTION_DEAF_MS);
	app->mode = MODE_QUESTION;
	screen_flush_input();
	if (!app->config->has_no_bell)
		screen_bell();
}

void act_questions(struct app *app)
{
	bool is_open = app->mode == MODE_QUESTION || app->mode == MODE_RULE;
	uint64_t first = app->questions.count ? app->questions.items[0].number : 0;

	/* Another one than that on the screen: its keys wait anew. */
	if (is_open && app->question != first) {
		leave_box(app);
		is_open = false;
	}
	if (first == 0)
		app->hides_question = false;
	else if (!is_open && !app->hides_question && app->mode == MODE_BROWSE)
		open_box(app);
	if (app->mode == MODE_QUESTION)
		listen(app);
}

/* ---- answering ---- */

bool question_answer(struct app *app, bool allows, const char *rule)
{
	uint64_t number = app->question;
	int r;

	if (!asked(app))
		return false;
	r = wire_send(app->config->wire, WIRE_ANSWER, number, allows, rule, strlen(rule));
	if (r == -EPIPE) {
		questions_clear(&app->questions);
		leave_box(app);
		app_say(app, "the tracer is gone");
		return false;
	}
	if (r < 0) {
		app_say(app, "the tracer does not listen now: try again");
		return false;
	}
	questions_remove(&app->questions, number);
	leave_box(app);
	return true;
}

bool question_rule(const struct app *app, enum verdict_kind verdict, int folders, char *out,
		   size_t size)
{
	struct flat_event event;
	char path[FLAT_TEXT_MAX + 1];

	if (!question_event(app, &event))
		return false;
	if (!event.event.event.path)
		return grant_print(verdict, event.event.event.class, NULL, out, size) > 0;
	if (!words_is_whole(event.event.event.path))
		return false;
	snprintf(path, sizeof(path), "%s", event.event.event.path);
	for (; folders > 0; folders--) {
		char *slash = strrchr(path, '/');

		/* The root is no rule that one writes by the way. */
		if (!slash || slash == path)
			return false;
		*slash = '\0';
	}
	return grant_print(verdict, event.event.event.class, path, out, size) > 0;
}

static void answer_for_run(struct app *app, bool allows)
{
	char rule[WIRE_RULE_MAX];

	if (question_rule(app, allows ? VERDICT_ALLOW : VERDICT_DENY, 0, rule, sizeof(rule)))
		question_answer(app, allows, rule);
	else
		app_say(app, "no rule can say this: answer once");
}

/* When it is closed the question stands there again, and its keys wait anew. */
static void show_source(struct app *app)
{
	struct flat_event event;

	if (question_event(app, &event) && event.event.file)
		act_page_source(app, event.event.file, event.event.line);
}

void act_question_key(struct app *app, int key)
{
	if (!app->question_listens || app->layout.is_tiny) {
		deafen(app, app->now_ms + QUESTION_SILENCE_MS);
		return;
	}
	switch ((int)key_action(CONTEXT_QUESTION, key)) {
	case ACTION_DENY_ONCE:
		question_answer(app, false, "");
		break;
	case ACTION_ALLOW_ONCE:
		question_answer(app, true, "");
		break;
	case ACTION_DENY_RUN:
		answer_for_run(app, false);
		break;
	case ACTION_ALLOW_RUN:
		answer_for_run(app, true);
		break;
	case ACTION_RULE:
		rule_box_open(app);
		break;
	case ACTION_KILL:
		act_kill(app);
		break;
	case ACTION_HIDE:
		app->hides_question = true;
		app->mode = MODE_BROWSE;
		app_say(app, "the call goes on waiting; ! brings the question back");
		break;
	case ACTION_SOURCE:
		show_source(app);
		break;
	case ACTION_FREEZE:
		act_freeze(app);
		break;
	default:
		break;
	}
}
