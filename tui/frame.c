/* SPDX-License-Identifier: Apache-2.0 */
/* frame.c: title, counters, tabs above; keys, or the line that is edited, below. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/app.h"
#include "tui/draw.h"
#include "tui/words.h"

#define WIDE 96
#define DATE_CHARACTERS 16      /* of "2025-11-23T08:40:00Z" */
#define DATE_DAY 10

static const char *state_word(const struct app *app)
{
	if (!app->feed->is_live)
		return "RECORDED";
	if (app->feed->is_over)
		return "ENDED";
	if (app->questions.count > 0)
		return "WAITING";
	return app->is_frozen ? "FROZEN" : app->is_paused ? "PAUSED" : "RUNNING";
}

/* Of a record: "2025-11-23 08:40  ran ". */
static void put_date(const struct facts *facts, struct shown *shown, int cells)
{
	char date[DATE_CHARACTERS + 1];

	if (strlen(facts->time) < DATE_CHARACTERS)
		return;
	snprintf(date, sizeof(date), "%s", facts->time);
	date[DATE_DAY] = ' ';
	shown_add(shown, date, cells);
	shown_add_format(shown, cells, "  ran ");
}

/* "RUNNING 00:12.4": tenths, and one change a second at most while nothing happens. */
static void put_state(const struct app *app, struct shown *shown, int cells)
{
	uint64_t ms = app->model.last_us / 1000;

	if (app->feed->is_live)
		ms = (uint64_t)((app->feed->is_over ? app->ended_ms : app->now_ms) -
				app->started_ms);
	else if (app->model.facts.wall_s > 0)
		ms = (uint64_t)(app->model.facts.wall_s * 1e3);
	shown_format(shown, cells, "%s ", state_word(app));
	if (!app->feed->is_live && app->layout.columns >= WIDE)
		put_date(&app->model.facts, shown, cells);
	shown_add_format(shown, cells, "%02" PRIu64 ":%02" PRIu64 ".%" PRIu64, ms / 60000,
			 ms / 1000 % 60, ms / 100 % 10);
	if (app->model.facts.ended[0]) {
		shown_add(shown, "  ", cells);
		shown_add(shown, app->model.facts.ended, cells);
	}
}

static void put_where(const struct app *app, struct shown *shown, int cells)
{
	bool is_wide = app->layout.columns >= WIDE;

	shown_format(shown, cells, "%s", "");
	if (is_wide && app->feed->is_live)
		shown_format(shown, cells, "%" PRIu64 " %s   ", app->model.counts.tasks,
			     app->model.counts.tasks == 1 ? "task" : "tasks");
	shown_add(shown, "policy ", cells);
	shown_add(shown, app->model.facts.policy, cells);
	if (app->config->record_name) {
		shown_add_format(shown, cells, is_wide ? "   rec " : "  REC");
		if (is_wide)
			shown_add(shown, app->config->record_name, cells);
	}
}

static void put_name(const struct app *app, struct shown *shown, int cells)
{
	if (app->feed->is_live) {
		shown_format(shown, cells, "pyjail  ");
		shown_add(shown, app->model.facts.script, cells);
	} else {
		shown_format(shown, cells, "pyjail report  ");
		shown_add(shown, app->config->name ? app->config->name : "", cells);
	}
}

static void paint_title(struct app *app)
{
	struct shown state, where, name;
	int columns = app->layout.columns, right = columns;

	put_state(app, &state, 60);
	put_where(app, &where, columns / 2);
	if (where.cells + state.cells + 28 < columns) {
		draw_shown(0, columns - 1 - where.cells, MEANING_PLAIN, &where);
		right -= where.cells + 3;
	}
	draw_shown(0, right - 1 - state.cells, MEANING_TITLE, &state);
	put_name(app, &name, right - state.cells - 4);
	draw_shown(0, 1, MEANING_TITLE, &name);
}

static void add_count(struct shown *shown, const char *word, uint64_t count, int cells)
{
	char number[32];

	words_count(count, number, sizeof(number));
	shown_add_format(shown, cells, "%s%s %s", shown->cells ? "  " : "", word, number);
}

static void put_counts(const struct app *app, struct shown *shown, int cells)
{
	const struct ring_counts *counts = &app->model.counts;

	shown_format(shown, cells, "%s", "");
	add_count(shown, "calls", counts->events, cells);
	if (app->layout.columns >= WIDE)
		add_count(shown, "shown", app_count(app), cells);
	add_count(shown, "denied", counts->denied, cells);
	if (app->feed->is_live)
		add_count(shown, "waiting", app->questions.count, cells);
	else
		add_count(shown, "asked", counts->asked, cells);
	add_count(shown, "failed", counts->failed, cells);
	if (app->model.dropped + app->model.store.forgotten > 0)
		add_count(shown, "not in view",
			  app->model.dropped + app->model.store.forgotten, cells);
	if (facts_missing(&app->model.facts) > 0)
		add_count(shown, "LOST", facts_missing(&app->model.facts), cells);
}

static const char *sort_title(struct app *app)
{
	const struct view *view = app_view(app);

	for (int i = 0; i < VIEW_COLUMNS_MAX && view->columns[i].title; i++)
		if (view->columns[i].kind == app_pane(app)->sort)
			return view->columns[i].title;
	return "";
}

static void put_focus(struct app *app, struct shown *shown, int cells)
{
	const char *filter = app->model.filter;

	/* Where q leads back to. */
	shown_format(shown, cells, "%s", "");
	for (int i = 0; i < app->crumb_count; i++)
		shown_add_format(shown, cells, "%s > ", views[app->crumbs[i].view].name);
	if (app->crumb_count)
		shown_add_format(shown, cells, "%s   ", app_view(app)->name);
	if (filter[0]) {
		shown_add_format(shown, cells, "filter: ");
		shown_add(shown, filter, cells);
	} else if (app->layout.columns >= WIDE) {
		shown_add_format(shown, cells, "filter: none");
	}
	if (app_view(app)->rows == ROW_EVENT && app_pane(app)->list.follows)
		shown_add_format(shown, cells, "   FOLLOW");
	else if (app_view(app)->rows > ROW_EVENT && app->view != VIEW_REPORT)
		shown_add_format(shown, cells, "   sort: %s%s", sort_title(app),
				 app_pane(app)->is_reversed ? " reversed" : "");
}

static void paint_counts(struct app *app)
{
	struct shown counts, focus;
	int columns = app->layout.columns;

	put_counts(app, &counts, columns - 2);
	put_focus(app, &focus, columns - 4 - counts.cells > 0 ? columns - 4 - counts.cells : 0);
	draw_shown(1, 1, app->model.counts.denied ? MEANING_DENIED : MEANING_PLAIN, &counts);
	draw_shown(1, columns - 1 - focus.cells,
		   app->model.filter[0] ? MEANING_NAME : MEANING_PLAIN, &focus);
}

/* ---- tabs ---- */

static int tabs_cells(bool is_short, const char *gap)
{
	int cells = 1;

	for (int i = 0; i < VIEWS; i++)
		cells += (int)(strlen(is_short ? views[i].short_name : views[i].name) + 4 +
			       strlen(gap));
	return cells;
}

static void paint_tabs(struct app *app)
{
	bool is_short = tabs_cells(false, "") > app->layout.columns;
	const char *gap = tabs_cells(is_short, " ") > app->layout.columns ? "" : " ";
	int x = 1;

	for (int i = 0; i < VIEWS; i++) {
		bool is_here = app->view == (enum view_id)i;
		const char *name = is_short ? views[i].short_name : views[i].name;
		struct shown tab;

		shown_format(&tab, app->layout.columns - x, is_here ? "[%c %s]" : " %c %s ",
			     views[i].key, name);
		draw_shown(2, x, is_here ? MEANING_TAB : MEANING_PLAIN, &tab);
		x += tab.cells + (int)strlen(gap);
	}
}

/* Narrow: the name, the state, and what must not be overlooked. */
static void paint_narrow(struct app *app)
{
	struct shown left, right;
	int columns = app->layout.columns;

	shown_format(&right, columns / 2, "denied %" PRIu64 "%s", app->model.counts.denied,
		     app_pane(app)->list.follows && app_view(app)->rows == ROW_EVENT ? "  FOLLOW"
										     : "");
	put_state(app, &left, columns / 2);
	draw_shown(0, columns - 1 - right.cells, MEANING_TITLE, &right);
	draw_shown(0, columns - 3 - right.cells - left.cells, MEANING_TITLE, &left);
	draw_text(0, 1, columns - 5 - right.cells - left.cells, MEANING_TITLE,
		  app->feed->is_live ? app->model.facts.script : app->config->name);
}

void paint_frame(struct app *app)
{
	if (app->layout.is_narrow) {
		paint_narrow(app);
		return;
	}
	paint_title(app);
	paint_counts(app);
	paint_tabs(app);
}

/* ---- the bottom ---- */

static enum key_context bar_context(const struct app *app)
{
	switch (app->mode) {
	case MODE_HELP: case MODE_EVENT: case MODE_SOURCE: case MODE_DRAFT:
		return CONTEXT_PAGE;
	case MODE_SORT:
		return CONTEXT_SORT;
	case MODE_QUIT:
		return CONTEXT_QUIT;
	case MODE_QUESTION:
		return CONTEXT_QUESTION;
	case MODE_FOCUS:
		return CONTEXT_FOCUS;
	case MODE_RULE:
		return CONTEXT_RULE;
	case MODE_BROWSE: case MODE_FILTER: case MODE_SEARCH: case MODE_EXPORT:
	default:
		return app->view == VIEW_OUTPUT ? CONTEXT_OUTPUT : CONTEXT_LIST;
	}
}

/* "j/k" and "1-8" say more than one of them. */
static void put_key(const struct key *key, char *out, size_t size)
{
	if (key->action == ACTION_VIEW_1)
		snprintf(out, size, "0-8");
	else if (key->action == ACTION_DOWN)
		snprintf(out, size, "j/k");
	else if (key->action == ACTION_LEFT)
		snprintf(out, size, "Left/Right");
	else
		key_text(key->key, out, size);
}

/* These are always there, at the end. */
static bool is_last_key(const struct key *key)
{
	return key->context == CONTEXT_ANYWHERE &&
	       (key->action == ACTION_HELP || key->action == ACTION_BACK);
}

/* Of the pages, only that of an event leads to source. */
static bool has_use(const struct app *app, const struct key *key)
{
	return key->context != CONTEXT_PAGE || key->action != ACTION_SOURCE ||
	       app->mode == MODE_EVENT;
}

static void add_keys(const struct app *app, enum key_context context, bool are_last,
		     struct shown *bar, int cells)
{
	for (size_t i = 0; i < key_count; i++) {
		char name[16];
		size_t length;

		if (keys[i].context != context || !keys[i].word[0] ||
		    is_last_key(&keys[i]) != are_last || !has_use(app, &keys[i]))
			continue;
		put_key(&keys[i], name, sizeof(name));
		length = strlen(name) + strlen(keys[i].word) + 1;
		if (bar->cells + (int)length + 2 > cells)
			continue;
		shown_add_format(bar, cells, "%s%s %s", bar->cells ? "  " : "", name, keys[i].word);
	}
}

static void paint_bar(struct app *app)
{
	enum key_context context = bar_context(app);
	bool is_browsing = context == CONTEXT_LIST || context == CONTEXT_OUTPUT;
	int cells = app->layout.columns - 1, last = 0;
	struct shown bar;

	shown_format(&bar, cells, "%s", "");
	if (is_browsing) {
		add_keys(app, CONTEXT_ANYWHERE, true, &bar, cells);
		last = bar.cells + 2;
		shown_format(&bar, cells, "%s", "");
	}
	if (context == CONTEXT_QUIT)
		shown_format(&bar, cells, "The script runs:");
	add_keys(app, context, false, &bar, cells - last);
	if (is_browsing) {
		add_keys(app, CONTEXT_ANYWHERE, false, &bar, cells - last);
		add_keys(app, CONTEXT_ANYWHERE, true, &bar, cells);
	}
	draw_shown(app->layout.keys_y, 1, MEANING_DIM, &bar);
}

/* Where the cursor stands is seen: a long line loses its beginning. */
static void paint_line(const struct edit *edit, int y, int x, int cells, enum theme_meaning meaning)
{
	char before[EDIT_MAX];
	const char *from = edit->text;
	struct shown shown;

	for (;;) {
		snprintf(before, sizeof(before), "%.*s", (int)(edit->text + edit->cursor - from),
			 from);
		shown_text(&shown, before, SHOWN_CELLS_MAX);
		if (shown.cells < cells || !*from)
			break;
		from++;
	}
	draw_text(y, x, cells, meaning, from);
	draw_cursor(y, x + shown.cells, true);
}

static void paint_edit(struct app *app)
{
	static const char *const labels[] = { [MODE_FILTER] = "filter: ", [MODE_SEARCH] = "find: ",
					      [MODE_EXPORT] = "write to file: " };
	const char *label = labels[app->mode];
	int y = app->layout.keys_y, x = 1 + (int)strlen(label);

	draw_format(y, 1, x, MEANING_TITLE, "%s", label);
	if (app->fault.text[0]) {
		draw_blank(y - 1, 0, 1, app->layout.columns);
		struct shown words;

		shown_text(&words, app->fault.text, app->layout.columns - 2);
		if (app->fault.cure[0]) {
			shown_add_format(&words, app->layout.columns - 2, ": ");
			shown_add(&words, app->fault.cure, app->layout.columns - 2);
		}
		draw_shown(y - 1, 1, MEANING_WRONG, &words);
	}
	paint_line(&app->edit, y, x, app->layout.columns - x - 1,
		   app->fault.text[0] ? MEANING_WRONG : MEANING_PLAIN);
}

void paint_keys(struct app *app)
{
	draw_blank(app->layout.keys_y, 0, 1, app->layout.columns);
	if (app->mode == MODE_FILTER || app->mode == MODE_SEARCH || app->mode == MODE_EXPORT)
		paint_edit(app);
	else if (app->status[0])
		draw_text(app->layout.keys_y, 1, app->layout.columns - 2, MEANING_TITLE,
			  app->status);
	else
		paint_bar(app);
}

void paint_tiny(struct app *app)
{
	int columns = app->layout.columns;

	draw_format(0, 0, columns, MEANING_TITLE, "terminal is %dx%d at least",
		    LAYOUT_LEAST_COLUMNS, LAYOUT_LEAST_ROWS);
	draw_format(1, 0, columns, MEANING_PLAIN, "calls %" PRIu64, app->model.counts.events);
	draw_format(2, 0, columns, MEANING_PLAIN, "denied %" PRIu64, app->model.counts.denied);
	draw_format(3, 0, columns, MEANING_PLAIN, "waiting %zu", app->questions.count);
	draw_format(4, 0, columns, MEANING_PLAIN, "%s", state_word(app));
}
