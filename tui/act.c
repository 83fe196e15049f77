/* SPDX-License-Identifier: Apache-2.0 */
/* act.c: what keys do in lists, and everywhere. */
#include <signal.h>
#include <stdio.h>

#include "tracer/events/flat.h"
#include "tracer/events/wire.h"
#include "tui/act.h"
#include "tui/app.h"
#include "tui/output.h"
#include "tui/screen.h"

#define LARGEST_DETAIL 40

/* ---- views ---- */

static void set_view(struct app *app, enum view_id view)
{
	app->view = view;
	app_settle(app);
}

static void view_by_key(struct app *app, char key)
{
	for (int i = 0; i < VIEWS; i++)
		if (views[i].key == key)
			set_view(app, (enum view_id)i);
}

static void view_by_step(struct app *app, int step)
{
	set_view(app, (enum view_id)(((int)app->view + step + VIEWS) % VIEWS));
}

/* ---- sorting ---- */

static void sort_by(struct app *app, int step)
{
	const struct view *view = app_view(app);
	struct pane *pane = app_pane(app);
	int count = 0, at = 0, cells[VIEW_COLUMNS_MAX];

	view_layout(view, app->layout.columns, app->model.has_times, cells);
	while (count < VIEW_COLUMNS_MAX && view->columns[count].title) {
		if (view->columns[count].kind == pane->sort)
			at = count;
		count++;
	}
	/* What is not on the screen cannot be chosen on it. */
	for (int i = 0; i < count; i++) {
		at = (at + count + step) % count;
		if (cells[at] > 0)
			break;
	}
	if (count > 0)
		pane->sort = view->columns[at].kind;
}

static void start_sort(struct app *app)
{
	if (app_view(app)->rows <= ROW_EVENT)
		app_say(app, "events stand in the order in which they came");
	else if (!app_view(app)->columns[0].title)
		app_say(app, "what came most often stands first");
	else
		app->mode = MODE_SORT;
}

/* ---- the run ---- */

void act_freeze(struct app *app)
{
	if (!app->feed->is_live || app->feed->is_over) {
		app_say(app, "no script runs");
		return;
	}
	if (wire_send(app->config->wire, WIRE_FREEZE, 0, !app->is_frozen, NULL, 0) == 0)
		app->is_frozen = !app->is_frozen;
	else
		app_say(app, "the tracer does not listen now: try again");
}

void act_kill(struct app *app)
{
	if (wire_send(app->config->wire, WIRE_END, 0, true, NULL, 0) < 0)
		app_say(app, "the tracer does not listen now: try again");
	app->end = TUI_KILLED;
}

static void open_source(struct app *app)
{
	struct flat_event event;

	if (app_view(app)->rows != ROW_EVENT || !app_selected_event(app, &event))
		app_say(app, "source belongs to an event: Enter leads to them");
	else if (!event.event.file)
		app_say(app, "no line of Python is known of this event");
	else
		act_page_source(app, event.event.file, event.event.line);
}

/* ---- keys of lists, and of everywhere ---- */

static void start_edit(struct app *app, enum mode mode, const char *text)
{
	edit_set(&app->edit, text);
	app->fault = (struct fault){ 0 };
	app->mode = mode;
}

static void change_detail(struct app *app, int by)
{
	int rows = app->layout.detail_rows + by;

	if (rows > 0 && rows <= LARGEST_DETAIL)
		app->detail_rows = rows;
}

static void act_list(struct app *app, enum action action)
{
	switch ((int)action) {
	case ACTION_OPEN:
		act_open(app);
		break;
	case ACTION_SEARCH:
		start_edit(app, MODE_SEARCH, "");
		break;
	case ACTION_NEXT_HIT:
		act_search(app, true);
		break;
	case ACTION_HIT_BEFORE:
		act_search(app, false);
		break;
	case ACTION_FILTER:
		start_edit(app, MODE_FILTER, app->model.filter);
		break;
	case ACTION_CLEAR:
		app->crumb_count = 0;
		act_set_filter(app, "");
		break;
	case ACTION_NEXT_BAD:
		act_next_bad(app, 1);
		break;
	case ACTION_BAD_BEFORE:
		act_next_bad(app, -1);
		break;
	case ACTION_SORT:
		start_sort(app);
		break;
	case ACTION_REVERSE:
		app_pane(app)->is_reversed = !app_pane(app)->is_reversed;
		break;
	case ACTION_SOURCE:
		open_source(app);
		break;
	case ACTION_NATIVE:
		app->shows_native = !app->shows_native;
		break;
	case ACTION_TREE:
		app->is_flat = !app->is_flat;
		break;
	case ACTION_DRAFT:
		act_page_draft(app);
		break;
	case ACTION_SMALLER:
		change_detail(app, -1);
		break;
	case ACTION_LARGER:
		change_detail(app, 1);
		break;
	default:
		act_move(app, action);
		break;
	}
}

static void follow(struct app *app)
{
	set_view(app, VIEW_EVENTS);
	act_move(app, ACTION_LAST);
}

static void act_anywhere(struct app *app, enum action action)
{
	if (action >= ACTION_VIEW_0 && action <= ACTION_VIEW_8) {
		view_by_key(app, (char)('0' + (action - ACTION_VIEW_0)));
		return;
	}
	switch ((int)action) {
	case ACTION_VIEW_NEXT:
		view_by_step(app, 1);
		break;
	case ACTION_VIEW_BEFORE:
		view_by_step(app, -1);
		break;
	case ACTION_PAUSE:
		app->is_paused = !app->is_paused;
		break;
	case ACTION_FREEZE:
		act_freeze(app);
		break;
	case ACTION_FOLLOW:
		follow(app);
		break;
	case ACTION_QUESTION:
		app->hides_question = false;
		if (!app->questions.count)
			app_say(app, "no question waits");
		break;
	case ACTION_PLAIN:
		act_plain(app);
		break;
	case ACTION_EXPORT:
		app->writes_page = false;
		start_edit(app, MODE_EXPORT,
			   app->view == VIEW_OUTPUT ? "output.txt" : "events.jsonl");
		break;
	case ACTION_MOUSE:
		app->has_mouse = !app->has_mouse;
		screen_set_mouse(app->has_mouse);
		app_say(app, app->has_mouse ? "mouse on: the terminal copies with Shift"
					    : "mouse off");
		break;
	case ACTION_SUSPEND:
		screen_suspend();
		raise(SIGSTOP);
		screen_resume();
		app->wants_redraw = true;
		break;
	case ACTION_REDRAW:
		app->wants_redraw = true;
		break;
	case ACTION_HELP:
		act_page_help(app);
		break;
	case ACTION_BACK:
		act_back(app);
		break;
	case ACTION_QUIT:
		app->crumb_count = 0;
		act_back(app);
		break;
	default:
		break;
	}
}

static void act_click(struct app *app)
{
	int row = screen_clicked_row() - app->layout.list_y;
	size_t at = app_pane(app)->list.top + (size_t)(row > 0 ? row : 0);

	if (row >= 0 && row < app->layout.list_rows && at < app_count(app))
		act_go_to(app, at);
}

static void act_browse(struct app *app, int key)
{
	enum action action = ACTION_NONE;

	if (key == KEY_CLICK) {
		act_click(app);
		return;
	}

	if (app->view == VIEW_OUTPUT)
		action = key_action(CONTEXT_OUTPUT, key);
	if (action != ACTION_NONE) {
		output_act(app, action);
		return;
	}
	if (app->view != VIEW_OUTPUT)
		action = key_action(CONTEXT_LIST, key);
	if (action != ACTION_NONE)
		act_list(app, action);
	else
		act_anywhere(app, key_action(CONTEXT_ANYWHERE, key));
}

static void act_sort(struct app *app, int key)
{
	switch ((int)key_action(CONTEXT_SORT, key)) {
	case ACTION_LEFT:
		sort_by(app, -1);
		break;
	case ACTION_RIGHT:
		sort_by(app, 1);
		break;
	case ACTION_REVERSE:
		app_pane(app)->is_reversed = !app_pane(app)->is_reversed;
		break;
	case ACTION_OPEN:
		app->mode = MODE_BROWSE;
		break;
	default:
		break;
	}
}

static void act_quit(struct app *app, int key)
{
	switch ((int)key_action(CONTEXT_QUIT, key)) {
	case ACTION_QUIT_KILL:
		act_kill(app);
		app->is_done = true;
		break;
	case ACTION_QUIT_LEAVE:
		app->end = TUI_LEFT;
		app->is_done = true;
		break;
	case ACTION_BACK:
		app->mode = MODE_BROWSE;
		break;
	default:
		break;
	}
}

static void act_page(struct app *app, int key)
{
	struct page *page = &app->page;
	int rows = app->layout.keys_y - app->layout.body_y - 1;
	size_t height = rows > 1 ? (size_t)rows : 1;
	size_t last = page->count > height ? page->count - height : 0;

	switch ((int)key_action(CONTEXT_PAGE, key)) {
	case ACTION_DOWN:
		page->top += page->top < last;
		break;
	case ACTION_UP:
		page->top -= page->top > 0;
		break;
	case ACTION_PAGE_DOWN:
		page->top = page->top + height < last ? page->top + height : last;
		break;
	case ACTION_PAGE_UP:
		page->top = page->top > height ? page->top - height : 0;
		break;
	case ACTION_FIRST:
		page->top = 0;
		break;
	case ACTION_LAST:
		page->top = last;
		break;
	case ACTION_SOURCE:
		if (app->mode == MODE_EVENT)
			open_source(app);
		break;
	case ACTION_EXPORT:
		app->writes_page = true;
		start_edit(app, MODE_EXPORT, app->mode == MODE_DRAFT ? "draft.policy" : "page.txt");
		break;
	case ACTION_BACK:
		app->mode = MODE_BROWSE;
		break;
	case ACTION_QUIT:
		app->mode = MODE_BROWSE;
		act_back(app);
		break;
	default:
		break;
	}
}

void act(struct app *app, int key)
{
	app->status[0] = '\0';
	switch (app->mode) {
	case MODE_FILTER: case MODE_SEARCH: case MODE_EXPORT:
		act_edit_key(app, key);
		break;
	case MODE_SORT:
		act_sort(app, key);
		break;
	case MODE_HELP: case MODE_EVENT: case MODE_SOURCE: case MODE_DRAFT:
		act_page(app, key);
		break;
	case MODE_QUESTION:
		act_question_key(app, key);
		break;
	case MODE_RULE:
		act_rule_key(app, key);
		break;
	case MODE_FOCUS:
		act_focus_key(app, key);
		break;
	case MODE_QUIT:
		act_quit(app, key);
		break;
	case MODE_BROWSE:
	default:
		act_browse(app, key);
		break;
	}
}
