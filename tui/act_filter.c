/* SPDX-License-Identifier: Apache-2.0 */
/* act_filter.c: from rows of counts down to their events, and back. */
#include <stdio.h>
#include <string.h>

#include "tracer/events/flat.h"
#include "tui/act.h"
#include "tui/app.h"

bool act_set_filter(struct app *app, const char *text)
{
	struct fault fault = { 0 };

	if (model_set_filter(&app->model, text, &fault) < 0) {
		app_say(app, "%s", fault.text);
		return false;
	}
	/* Other events, though they may be as many. */
	app->graph.count = 0;
	app_settle(app);
	return true;
}

/* A value of the filter language: what ends a value there is escaped.  False: no room. */
static bool quote(const char *value, char *out, size_t size)
{
	size_t used = 0;

	for (; *value && used + 8 < size; value++) {
		if ((unsigned char)*value < 0x20 || *value == 0x7f) {
			used += (size_t)snprintf(out + used, size - used, "\\x%02x",
						 (unsigned char)*value);
			continue;
		}
		if (strchr(" ,\\!=~", *value))
			out[used++] = '\\';
		out[used++] = *value;
	}
	out[used] = '\0';
	return !*value;
}

static bool push_crumb(struct app *app)
{
	struct crumb *crumb;

	if (app->crumb_count == CRUMBS_MAX)
		return false;
	crumb = &app->crumbs[app->crumb_count++];
	crumb->view = app->view;
	snprintf(crumb->filter, sizeof(crumb->filter), "%s", app->model.filter);
	return true;
}

/* `value` as it stands.  False: no room, and half a name would be another one. */
static bool add_quoted(char *text, size_t size, const char *key, const char *value)
{
	size_t used = strlen(text);

	return snprintf(text + used, size - used, "%s%s=%s", used ? " " : "", key, value) <
	       (int)(size - used);
}

static bool add_term(char *text, size_t size, const char *key, const char *value)
{
	char quoted[MODEL_FILTER_MAX];

	return quote(value, quoted, sizeof(quoted)) && add_quoted(text, size, key, quoted);
}

/* Of the report: the verdict, and what the latest of them was about. */
static bool add_refused_terms(struct app *app, char *text, size_t size,
			      const struct group_row *row)
{
	const struct entry *entry = store_find(&app->model.store, row->last);
	struct flat_event event;

	if (!add_quoted(text, size, "verdict", row->asked ? "ask,deny,kill" : "deny,kill"))
		return false;
	if (!entry || model_event(entry, &event) < 0)
		return true;
	if (event.event.event.path)
		return add_term(text, size, "path", event.event.event.path);
	return !event.event.host || add_term(text, size, "host", event.event.host);
}

/* The filter in force, and what this row is about. */
static bool make_filter(struct app *app, const struct group_row *row, char *text, size_t size)
{
	const struct view *view = app_view(app);

	snprintf(text, size, "%s", app->model.filter);
	return add_term(text, size, view->filter, row->key) &&
	       (view->rows != ROW_REFUSED || add_refused_terms(app, text, size, row));
}

/* From a row of counts to the events behind it. */
static void drill(struct app *app, const struct group_row *row)
{
	char text[MODEL_FILTER_MAX];

	if (row->calls == 0 || row->length == 0) {
		app_say(app, row->length ? "no event met this rule" : "these are many rows in one");
		return;
	}
	if (!make_filter(app, row, text, sizeof(text))) {
		app_say(app, "this name is too long for a filter");
		return;
	}
	if (!push_crumb(app)) {
		app_say(app, "q goes back first: this is %d steps deep", CRUMBS_MAX);
		return;
	}
	app->view = VIEW_EVENTS;
	app->panes[VIEW_EVENTS].list = (struct list){ 0 };
	app->panes[VIEW_EVENTS].selected = 0;
	if (!act_set_filter(app, text))
		act_back(app);
}

void act_open(struct app *app)
{
	const struct group_row *row;

	if (app_view(app)->rows == ROW_EVENT) {
		act_page_event(app);
		return;
	}
	row = app_selected_row(app);
	if (row)
		drill(app, row);
}

void act_back(struct app *app)
{
	const struct crumb *crumb;

	if (app->crumb_count == 0) {
		if (app->feed->is_live && !app->feed->is_over)
			app->mode = MODE_QUIT;
		else
			app->is_done = true;
		return;
	}
	crumb = &app->crumbs[--app->crumb_count];
	app->view = crumb->view;
	act_set_filter(app, crumb->filter);
}
