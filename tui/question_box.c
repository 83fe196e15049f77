/* SPDX-License-Identifier: Apache-2.0 */
/* question_box.c: the box that asks a person. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tracer/events/flat.h"
#include "tui/app.h"
#include "tui/detail.h"
#include "tui/draw.h"
#include "tui/question.h"
#include "tui/snippet.h"

#define LABEL_CELLS 11
#define MARGIN 2
#define CUT_CELLS 18            /* " CUT: 4096 bytes" and a blank */
#define ANSWER_ROWS 3
#define LEAST_FRAMES 2
/* Edges, the head of the traceback, answers, and free rows between. */
#define FIXED_ROWS (2 + 1 + ANSWER_ROWS + 2)
#define WIDE_ANSWERS 72
#define LOW_BOX 12              /* rows: below, the last hint makes room for facts */

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
	int answers_at;         /* first row of what the keys do: nothing else goes there */
};

/* What is too long to be seen whole says so: a name must not hide what is asked for. */
static void put(struct box *box, const char *label, const char *text)
{
	int x = box->x + MARGIN + 1, cells = box->cells - LABEL_CELLS - 2 * MARGIN - 2;
	struct shown whole;

	if (!text || !text[0] || box->used >= box->answers_at)
		return;
	draw_format(box->y + box->used, x, LABEL_CELLS, MEANING_DIM, "%s", label);
	shown_text(&whole, text, SHOWN_CELLS_MAX);
	if (whole.cells > cells) {
		draw_format(box->y + box->used, x + LABEL_CELLS + cells - CUT_CELLS, CUT_CELLS,
			    MEANING_ASKED, " CUT: %zu bytes", strlen(text));
		cells -= CUT_CELLS;
	}
	draw_middle(box->y + box->used++, x + LABEL_CELLS, cells, MEANING_PLAIN, text);
}

static void put_access(const struct event *call, struct box *box)
{
	char text[WORDS_MAX];

	snprintf(text, sizeof(text), "%s%s%s", call->action ? call->action : "",
		 call->effects && call->effects[0] ? ", " : "", call->effects ? call->effects : "");
	put(box, "access", text);
}

static void put_facts(const struct app *app, const struct flat_event *event, struct box *box)
{
	const struct event *call = &event->event.event;
	char text[WORDS_MAX];

	put(box, call->path2 ? "from" : "object", call->path);
	put(box, "to", call->path2 ? call->path2 : event->event.host);
	if (box->rows < LOW_BOX)
		put_access(call, box);
	put(box, "asked as", call->raw);
	if (call->raw && call->raw[0] != '/')
		put(box, "in", app->model.facts.cwd);
	if (box->rows >= LOW_BOX)
		put_access(call, box);
	snprintf(text, sizeof(text), "%s%s%s", call->source ? call->source : "",
		 call->source ? "  " : "", call->rule ? call->rule : "--ask: no rule allows it");
	put(box, "rule", text);
	/* Where there is no room for all, the line that asked says more than these. */
	if (box->used + LEAST_FRAMES + 2 > box->answers_at)
		return;
	snprintf(text, sizeof(text), "%d  thread %d  %s", call->pid, call->tid,
		 app->model.facts.script);
	put(box, "process", text);
	put(box, "call", call->call);
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
	/* One row: the innermost frame, without a head. */
	if (missing || rows > 1)
		draw_text(box->y + box->used++, x, box->cells - 6, MEANING_DIM,
			  missing ? missing : "Traceback (most recent call last)");
	else
		first = count - 1;
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
	int x = box->x + MARGIN + 1, y = box->y + box->answers_at, cells = box->cells - 6;
	bool is_wide = cells >= WIDE_ANSWERS - 6;

	draw_format(y, x, cells, MEANING_TITLE, "%s",
		    is_wide ? "d deny once (default)   D deny for this run    K kill the script"
			    : "d deny   D for this run  K kill");
	draw_format(y + 1, x, cells, MEANING_TITLE, "%s",
		    is_wide ? "a allow once            A allow for this run   p write a rule..."
			    : "a allow  A for this run  p rule");
	if (box->rows >= LOW_BOX)
		draw_format(y + 2, x, cells, MEANING_DIM, "%s",
			    app->question_listens
				    ? "Enter and Esc deny once. Others run on; z freezes them."
				    : "Keys are off for half a second after this box opens.");
}

static void size_box(const struct app *app, const struct flat_event *event, struct box *box)
{
	int room = app->layout.keys_y - 1;

	*box = (struct box){ .cells = app->layout.columns, .used = 1 };
	box->rows = FIXED_ROWS + fact_rows(event) + detail_frame_count(event, 0);
	box->rows = box->rows < room ? box->rows : room;
	box->y = app->layout.keys_y - box->rows;
	box->answers_at = box->rows - 1 - (box->rows < LOW_BOX ? 2 : ANSWER_ROWS);
}

void paint_question(struct app *app)
{
	struct flat_event event;
	struct shown left, right;
	struct box box;

	if (!question_event(app, &event))
		return;
	size_box(app, &event, &box);
	shown_format(&left, box.cells - 10, "The script asks %s", what_of(event.event.event.class));
	shown_format(&right, 30, "question 1 of %zu", app->questions.count);
	draw_box(box.y, box.x, box.rows, box.cells, &left, &right);
	put_facts(app, &event, &box);
	put_frames(app, &event, &box,
		   box.answers_at - box.used - (box.rows >= LOW_BOX));
	put_answers(app, &box);
	draw_cursor(box.y + 1, box.x + 1, true);
}
