/* SPDX-License-Identifier: Apache-2.0 */
/* act_move.c: up and down in a list. */
#include "tracer/events/flat.h"
#include "tracer/events/tally.h"
#include "tui/act.h"
#include "tui/app.h"

/* ---- moving ---- */

static size_t height(const struct app *app)
{
	return (size_t)app->layout.list_rows;
}

/* Which event it is now: rows above it may come and go. */
static void moved(struct app *app)
{
	struct pane *pane = app_pane(app);

	if (app_view(app)->rows == ROW_EVENT && app_count(app))
		pane->selected = model_entry(&app->model, pane->list.selected)->n;
}

static void move_by(struct app *app, long by)
{
	list_move(&app_pane(app)->list, by, app_count(app), height(app));
	moved(app);
}

void act_go_to(struct app *app, size_t row)
{
	list_select(&app_pane(app)->list, row, app_count(app), height(app));
	moved(app);
}

void act_move(struct app *app, enum action action)
{
	long page = app->layout.list_rows > 1 ? app->layout.list_rows - 1 : 1;

	switch ((int)action) {
	case ACTION_DOWN:
		move_by(app, 1);
		break;
	case ACTION_UP:
		move_by(app, -1);
		break;
	case ACTION_PAGE_DOWN:
		move_by(app, page);
		break;
	case ACTION_PAGE_UP:
		move_by(app, -page);
		break;
	case ACTION_HALF_DOWN:
		move_by(app, (page + 1) / 2);
		break;
	case ACTION_HALF_UP:
		move_by(app, -(page + 1) / 2);
		break;
	case ACTION_FIRST:
		list_first(&app_pane(app)->list, app_count(app), height(app));
		moved(app);
		break;
	default:
		list_last(&app_pane(app)->list, app_count(app), height(app));
		moved(app);
		break;
	}
}

/* ---- the next one that policy spoke against ---- */

static bool is_bad(struct app *app, size_t i, const struct group_row **rows)
{
	struct flat_event event;

	if (rows)
		return rows[i]->denied + rows[i]->asked > 0;
	/* Not what merely failed: a start alone has dozens of files that are not there. */
	return model_event(model_entry(&app->model, i), &event) == 0 &&
	       (tally_is_refusal(&event.event) || event.event.event.was_asked);
}

void act_next_bad(struct app *app, int step)
{
	size_t count, at = app_pane(app)->list.selected;
	const struct group_row **rows = app_rows(app, &count);

	if (!rows)
		count = app_count(app);
	for (size_t left = count; left > 1; left--) {
		at = (at + count + (size_t)(step + (int)count)) % count;
		if (is_bad(app, at, rows)) {
			act_go_to(app, at);
			return;
		}
	}
	app_say(app, "no other one was refused or asked; what failed:  f !errno=0");
}
