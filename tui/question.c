/* SPDX-License-Identifier: Apache-2.0 */
/*
 * question.c: the box that asks a person, and what the answer does.
 *
 * Nothing but a key of keys.def answers; whatever else happens denies.  Keys typed before the box
 * was there are thrown away, and for a while after, so that none meant for a list answers.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "filters/grant.h"
#include "tracer/events/flat.h"
#include "tracer/events/wire.h"
#include "tui/act.h"
#include "tui/app.h"
#include "tui/detail.h"
#include "tui/draw.h"
#include "tui/rule_box.h"
#include "tui/screen.h"
#include "tui/snippet.h"

#define LABEL_CELLS 11
#define MARGIN 2
#define ANSWER_ROWS 3
/* Edges, the head of the traceback, answers, and free rows between. */
#define FIXED_ROWS (2 + 1 + ANSWER_ROWS + 2)

/* ---- opening and closing ---- */

static void open_box(struct app *app)
{
	app->question = app->questions.items[0].number;
	app->question_since_ms = app->now_ms;
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
		app->mode = MODE_BROWSE;
		app->question = 0;
		is_open = false;
	}
	if (first == 0) {
		app->hides_question = false;
		return;
	}
	if (!is_open && !app->hides_question && app->mode == MODE_BROWSE)
		open_box(app);
}

/* ---- answering ---- */

static bool first_question(const struct app *app, struct flat_event *ret_event)
{
	const struct question *question = &app->questions.items[0];

	return app->questions.count > 0 &&
	       flat_unpack(question->bytes, question->size, ret_event) == 0;
}

/* `rule`: for this run, too; "": once. */
static void answer(struct app *app, bool allows, const char *rule)
{
	uint64_t number = app->question;

	if (wire_send(app->config->wire, WIRE_ANSWER, number, allows, rule, strlen(rule)) < 0) {
		app_say(app, "the tracer does not listen now: try again");
		return;
	}
	questions_remove(&app->questions, number);
	app->question = 0;
	app->mode = MODE_BROWSE;
}

static void answer_for_run(struct app *app, bool allows)
{
	char rule[WIRE_RULE_MAX];
	struct flat_event event;

	if (!first_question(app, &event) ||
	    !grant_print(allows ? VERDICT_ALLOW : VERDICT_DENY, event.event.event.class,
			 event.event.event.path, rule, sizeof(rule))) {
		app_say(app, "no rule can say this: answer once");
		return;
	}
	answer(app, allows, rule);
}

static void show_source(struct app *app)
{
	struct flat_event event;

	if (first_question(app, &event) && event.event.file) {
		app->hides_question = true;
		act_page_source(app, event.event.file, event.event.line);
	}
}

void act_question_key(struct app *app, int key)
{
	if (app->now_ms - app->question_since_ms < QUESTION_DEAF_MS)
		return;
	switch ((int)key_action(CONTEXT_QUESTION, key)) {
	case ACTION_DENY_ONCE:
		answer(app, false, "");
		break;
	case ACTION_ALLOW_ONCE:
		answer(app, true, "");
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

void question_answer_with_rule(struct app *app, const char *rule)
{
	answer(app, true, rule);
}

bool question_event(const struct app *app, struct flat_event *ret_event)
{
	return first_question(app, ret_event);
}

/* ---- painting ---- */

/* Of the facts that put_facts puts. */
static int fact_rows(const struct flat_event *event)
{
	const struct event *call = &event->event.event;

	return 4 + (call->path != NULL) + (call->path2 != NULL || event->event.host != NULL) +
	       (call->raw != NULL) + (call->raw && call->raw[0] != '/');
}

static const char *what_of(enum call_class class)
{
	switch (class) {
	case CLASS_READ:
		return "to read a file";
	case CLASS_WRITE:
		return "to change a file";
	case CLASS_DELETE:
		return "to remove a file";
	case CLASS_EXEC:
		return "to run a program";
	case CLASS_NET:
		return "to use the network";
	case CLASS_STAT:
		return "to look at a file";
	case CLASS_ENV: case CLASS_SIGNAL: case CLASS_PROCESS: case CLASS_SYSTEM:
	case CLASS_COUNT:
	default:
		return "for something";
	}
}

struct box {
	int y, x, rows, cells, used;
};

static void put(struct box *box, const char *label, const char *text)
{
	int x = box->x + MARGIN + 1;

	if (!text || !text[0] || box->used >= box->rows - 1)
		return;
	draw_format(box->y + box->used, x, LABEL_CELLS, MEANING_DIM, "%s", label);
	draw_middle(box->y + box->used++, x + LABEL_CELLS,
		    box->cells - LABEL_CELLS - 2 * MARGIN - 2, MEANING_PLAIN, text);
}

static void put_facts(const struct app *app, const struct flat_event *event, struct box *box)
{
	const struct event *call = &event->event.event;
	char text[WORDS_MAX];

	put(box, call->path2 ? "from" : "object", call->path);
	put(box, "to", call->path2 ? call->path2 : event->event.host);
	put(box, "asked as", call->raw);
	if (call->raw && call->raw[0] != '/')
		put(box, "in", app->model.facts.cwd);
	snprintf(text, sizeof(text), "%s%s%s", call->action ? call->action : "",
		 call->effects && call->effects[0] ? ", " : "", call->effects ? call->effects : "");
	put(box, "access", text);
	snprintf(text, sizeof(text), "%d  thread %d  %s", call->pid, call->tid,
		 app->model.facts.script);
	put(box, "process", text);
	snprintf(text, sizeof(text), "%s%s%s", call->source ? call->source : "",
		 call->source ? "  " : "", call->rule ? call->rule : "--ask: no rule allows it");
	put(box, "rule", text);
	snprintf(text, sizeof(text), "%s", call->call ? call->call : "");
	put(box, "call", text);
}

static void put_frames(const struct app *app, const struct flat_event *event, struct box *box,
		       int rows)
{
	int count = detail_frame_count(event, 0), x = box->x + MARGIN + 1;
	int first = count > rows - 1 ? count - (rows - 1) : 0;
	const char *missing = detail_no_frames(event, 0);
	struct detail_frame frame;
	char source[512];

	if (rows < 1)
		return;
	draw_format(box->y + box->used++, x, box->cells - 6, MEANING_DIM, "%s",
		    missing ? missing : "Traceback (most recent call last)");
	for (int i = first; i < count; i++, box->used++) {
		detail_frame(event, 0, i, &frame);
		draw_middle(box->y + box->used, x + 2, 18, MEANING_NAME, frame.place);
		draw_middle(box->y + box->used, x + 21, 14, MEANING_PLAIN, frame.function);
		snippet_line(&app->model.facts, frame.file, frame.line, source, sizeof(source));
		draw_text(box->y + box->used, x + 36, box->cells - 42, MEANING_DIM, source);
	}
}

static void put_answers(const struct app *app, const struct box *box)
{
	int x = box->x + MARGIN + 1, y = box->y + box->rows - 1 - ANSWER_ROWS;
	bool is_deaf = app->now_ms - app->question_since_ms < QUESTION_DEAF_MS;

	draw_format(y, x, box->cells - 6, MEANING_TITLE,
		    "d deny once (default)   D deny for this run    K kill the script");
	draw_format(y + 1, x, box->cells - 6, MEANING_TITLE,
		    "a allow once            A allow for this run   p write a rule...");
	draw_format(y + 2, x, box->cells - 6, MEANING_DIM, "%s",
		    is_deaf ? "Keys are off for half a second after this box opens."
			    : "Enter and Esc deny once. Others run on; z freezes them.");
}

void paint_question(struct app *app)
{
	struct box box = { .x = 1, .cells = app->layout.columns - 2, .used = 1 };
	struct flat_event event;
	struct shown left, right;
	int room = app->layout.keys_y - 1, frames;

	if (!first_question(app, &event))
		return;
	box.rows = FIXED_ROWS + fact_rows(&event) + detail_frame_count(&event, 0);
	box.rows = box.rows < room ? box.rows : room;
	box.y = app->layout.keys_y - box.rows;
	shown_format(&left, box.cells - 10, "The script asks %s", what_of(event.event.event.class));
	shown_format(&right, 30, "question 1 of %zu", app->questions.count);
	draw_box(box.y, box.x, box.rows, box.cells, &left, &right);
	put_facts(app, &event, &box);
	frames = box.rows - 1 - ANSWER_ROWS - box.used - 1;
	put_frames(app, &event, &box, frames);
	put_answers(app, &box);
	draw_cursor(box.y + 1, box.x + 1, true);
}
