/* SPDX-License-Identifier: Apache-2.0 */
/* app.c: see app.h. */
#include "tui/app.h"

#include <stdarg.h>
#include <stdio.h>

#include "tracer/events/flat.h"

const struct view *app_view(const struct app *app)
{
	return &views[app->view];
}

struct pane *app_pane(struct app *app)
{
	return &app->panes[app->view];
}

size_t app_count(const struct app *app)
{
	enum row_kind rows = app_view(app)->rows;

	if (rows == ROW_EVENT)
		return model_count(&app->model);
	return rows == ROW_NONE ? 0 : groups_count(app->model.groups[app->view]);
}

const struct group_row **app_rows(struct app *app, size_t *ret_count)
{
	const struct pane *pane = app_pane(app);
	const struct group_row **rows;

	*ret_count = 0;
	if (app_view(app)->rows <= ROW_EVENT)
		return NULL;
	rows = groups_sorted(app->model.groups[app->view], view_compare, pane->sort,
			     pane->is_reversed, ret_count);
	if (rows && app->view == VIEW_PROCS && !app->is_flat)
		tree_order(rows, *ret_count, app->depths);
	return rows;
}

bool app_selected_event(struct app *app, struct flat_event *ret_event)
{
	size_t row = app->panes[VIEW_EVENTS].list.selected;

	if (row >= model_count(&app->model))
		return false;
	return model_event(model_entry(&app->model, row), ret_event) == 0;
}

const struct group_row *app_selected_row(struct app *app)
{
	size_t count;
	const struct group_row **rows = app_rows(app, &count);
	size_t row = app_pane(app)->list.selected;

	return rows && row < count ? rows[row] : NULL;
}

void app_settle(struct app *app)
{
	struct pane *pane = app_pane(app);
	size_t count = app_count(app), height = (size_t)app->layout.list_rows;

	if (app_view(app)->rows == ROW_EVENT && !pane->list.follows && pane->selected)
		pane->list.selected = model_place(&app->model, pane->selected);
	list_fit(&pane->list, count, height);
	if (app_view(app)->rows == ROW_EVENT)
		pane->selected = count ? model_entry(&app->model, pane->list.selected)->n : 0;
}

void app_say(struct app *app, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(app->status, sizeof(app->status), format, args);
	va_end(args);
}
