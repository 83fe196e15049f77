/* SPDX-License-Identifier: Apache-2.0 */
/* lower.c: the pane below the list: of the selected event, or of the selected row. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "filters/syscalls.h"
#include "tracer/events/flat.h"
#include "tui/app.h"
#include "tui/detail.h"
#include "tui/draw.h"
#include "tui/snippet.h"

#define LABEL_CELLS 9
#define PLACE_CELLS 20
#define FUNCTION_CELLS 14

struct box {
	int y, x, rows, cells;
};

/* ---- an event ---- */

static void paint_facts(const struct app *app, const struct flat_event *event, struct box box)
{
	struct detail_fact facts[DETAIL_FACTS_MAX];
	int count = detail_facts(&app->model.facts, event, facts);

	for (int i = 0; i < count && i < box.rows; i++) {
		draw_format(box.y + i, box.x, LABEL_CELLS, MEANING_DIM, "%s", facts[i].label);
		draw_middle(box.y + i, box.x + LABEL_CELLS, box.cells - LABEL_CELLS,
			    MEANING_PLAIN, facts[i].text);
	}
}

static void paint_source(const struct app *app, const struct detail_frame *frame, int y, int x,
			 int cells)
{
	char line[512];

	if (!frame->file || cells < 4)
		return;
	snippet_line(&app->model.facts, frame->file, frame->line, line, sizeof(line));
	draw_text(y, x, cells, MEANING_DIM, line);
}

static void paint_frame_row(const struct app *app, const struct detail_frame *frame, int y,
			    struct box box)
{
	int place = box.cells < 50 ? 14 : PLACE_CELLS;
	enum theme_meaning meaning = frame->is_library ? MEANING_DIM : MEANING_NAME;

	draw_middle(y, box.x, place, meaning, frame->place);
	draw_middle(y, box.x + place + 1, FUNCTION_CELLS, MEANING_PLAIN, frame->function);
	paint_source(app, frame, y, box.x + place + FUNCTION_CELLS + 2,
		     box.cells - place - FUNCTION_CELLS - 2);
}

/* The innermost frames when there is no room for all: those say what was done. */
static void paint_traceback(const struct app *app, const struct flat_event *event, struct box box)
{
	int is_native = app->shows_native, count = detail_frame_count(event, is_native);
	const char *missing = detail_no_frames(event, is_native);
	int first = count > box.rows - 1 ? count - (box.rows - 1) : 0;
	struct detail_frame frame;

	if (box.rows < 1)
		return;
	if (missing) {
		draw_text(box.y, box.x, box.cells, MEANING_DIM, missing);
		return;
	}
	draw_format(box.y, box.x, box.cells, MEANING_DIM, "%s%s (most recent call last)",
		    is_native ? "C frames" : "Traceback", first > 0 ? ", its end" : "");
	for (int i = first; i < count; i++) {
		detail_frame(event, is_native, i, &frame);
		paint_frame_row(app, &frame, box.y + 1 + i - first,
				(struct box){ 0, box.x + 2, 1, box.cells - 2 });
	}
}

static void put_title(const struct flat_event *event, struct shown *title, int cells)
{
	const struct event *call = &event->event.event;
	const struct syscall_row *row = call->call ? syscall_by_name(call->call) : NULL;

	shown_format(title, cells, "%" PRIu64 " ", call->n);
	shown_add(title, call->call && call->call[0] ? call->call : "note", cells);
	if (row)
		shown_add_format(title, cells, ": %s", row->words);
}

static void paint_event(struct app *app, const struct flat_event *event)
{
	const struct layout *layout = &app->layout;
	int half = layout->columns * 43 / 100, facts = layout->detail_rows / 2;
	struct shown title, hint;

	put_title(event, &title, layout->columns - 8);
	shown_format(&hint, 40, "Enter full   t source   w save");
	draw_rule(layout->rule_y, 0, layout->columns, &title, &hint);
	if (layout->columns >= LAYOUT_WIDE) {
		paint_facts(app, event, (struct box){ layout->detail_y, 2, layout->detail_rows,
						      half - 4 });
		paint_traceback(app, event, (struct box){ layout->detail_y, half,
							  layout->detail_rows,
							  layout->columns - half - 1 });
		return;
	}
	paint_facts(app, event, (struct box){ layout->detail_y, 2, facts, layout->columns - 3 });
	paint_traceback(app, event, (struct box){ layout->detail_y + facts, 2,
						  layout->detail_rows - facts,
						  layout->columns - 3 });
}

/* One row: where, and the line of source itself. */
static void paint_event_row(struct app *app, const struct flat_event *event)
{
	char line[LINE_WORDS_MAX], source[512] = "";
	struct shown shown;
	int cells = app->layout.columns - 2;

	words_line(&event->event, line, sizeof(line));
	if (event->event.file)
		snippet_line(&app->model.facts, event->event.file, event->event.line, source,
			    sizeof(source));
	shown_format(&shown, cells, "%" PRIu64 " ", event->event.event.n);
	shown_add(&shown, line, cells);
	shown_add(&shown, event->event.function ? " " : "", cells);
	shown_add(&shown, event->event.function, cells);
	shown_add(&shown, "  ", cells);
	shown_add(&shown, source, cells);
	draw_shown(app->layout.detail_y, 1, MEANING_DIM, &shown);
}

/* ---- a row of counts ---- */

static void paint_top(const struct top *top, const char *title, struct box box)
{
	if (box.rows < 1)
		return;
	draw_format(box.y, box.x, box.cells, MEANING_DIM, "%s%s", title,
		    top->is_rough ? " (at least)" : "");
	for (int i = 0; i < TOP_ITEMS && i + 1 < box.rows && top->items[i].text; i++) {
		char count[32];

		words_count(top->items[i].count - top->items[i].error, count, sizeof(count));
		draw_middle(box.y + 1 + i, box.x + 2, box.cells - 12, MEANING_PLAIN,
			    top->items[i].text);
		draw_format(box.y + 1 + i, box.x + box.cells - 9, 8,
			    top->items[i].is_bad ? MEANING_DENIED : MEANING_PLAIN, "%8s", count);
	}
}

static void put_row_title(const struct app *app, const struct group_row *row, struct shown *title,
			  int cells)
{
	const struct syscall_row *call = app_view(app)->rows == ROW_CALL
						 ? syscall_by_name(row->key) : NULL;
	char name[WORDS_MAX];

	facts_path(&app->model.facts, row->key, name, sizeof(name));
	shown_middle(title, name, cells - 20);
	if (call)
		shown_add_format(title, cells, ": %s", call->words);
}

static void put_hint(const struct group_row *row, struct shown *hint)
{
	char calls[32];

	words_count(row->calls, calls, sizeof(calls));
	if (row->calls == 0)
		shown_format(hint, 40, "no event");
	else
		shown_format(hint, 40, row->calls == 1 ? "Enter = this event"
						       : "Enter = these %s events", calls);
}

static void paint_row(struct app *app, const struct group_row *row)
{
	const struct layout *layout = &app->layout;
	int half = layout->columns / 2, rows = layout->detail_rows;
	bool is_wide = layout->columns >= LAYOUT_WIDE;
	bool is_call = app_view(app)->rows == ROW_CALL || app_view(app)->rows == ROW_LINE;
	struct shown title, hint;

	put_row_title(app, row, &title, layout->columns - 40);
	put_hint(row, &hint);
	draw_rule(layout->rule_y, 0, layout->columns, &title, &hint);
	if (!is_wide) {
		paint_top(&row->tops[is_call ? TOP_TARGETS : TOP_LINES],
			  is_call ? "by target" : "by Python line",
			  (struct box){ layout->detail_y, 2, rows, layout->columns - 3 });
		return;
	}
	paint_top(&row->tops[TOP_TARGETS], "by target",
		  (struct box){ layout->detail_y, 2, is_call ? rows - 3 : rows, half - 4 });
	paint_top(&row->tops[TOP_LINES], "by Python line",
		  (struct box){ layout->detail_y, half, rows - 3, layout->columns - half - 1 });
	if (rows < 3)
		return;
	paint_top(&row->tops[TOP_OUTCOMES], "by outcome",
		  (struct box){ layout->detail_y + rows - 3, half, 3, layout->columns - half - 1 });
}

static void paint_nothing(struct app *app)
{
	if (app->layout.rule_y >= 0)
		draw_rule(app->layout.rule_y, 0, app->layout.columns, NULL, NULL);
}

void paint_detail(struct app *app)
{
	struct flat_event event;
	const struct group_row *row;

	if (app_view(app)->rows != ROW_EVENT) {
		row = app->layout.is_narrow ? NULL : app_selected_row(app);
		if (row)
			paint_row(app, row);
		else
			paint_nothing(app);
	} else if (!app_selected_event(app, &event)) {
		paint_nothing(app);
	} else if (app->layout.is_narrow) {
		paint_event_row(app, &event);
	} else {
		paint_event(app, &event);
	}
}
