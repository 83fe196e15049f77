/* SPDX-License-Identifier: Apache-2.0 */
/* act_edit.c: the line that is edited, and what it is for. */
#include <limits.h>
#include <ncurses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "tracer/events/flat.h"
#include "tracer/events/listing.h"
#include "tracer/events/query.h"
#include "tui/act.h"
#include "tui/app.h"

#define CTRL(letter) ((letter) & 0x1f)
#define KEY_ESCAPE 0x1b
#define CODE(key) ((key) | KEY_IS_CODE)

static const struct {
	int key;
	void (*edit)(struct edit *edit);
} edits[] = {
	{ CODE(KEY_BACKSPACE), edit_backspace }, { 0x7f, edit_backspace },
	{ CTRL('h'), edit_backspace }, { CODE(KEY_DC), edit_delete }, { CTRL('d'), edit_delete },
	{ CODE(KEY_LEFT), edit_left }, { CTRL('b'), edit_left }, { CODE(KEY_RIGHT), edit_right },
	{ CTRL('f'), edit_right }, { CODE(KEY_HOME), edit_home }, { CTRL('a'), edit_home },
	{ CODE(KEY_END), edit_end }, { CTRL('e'), edit_end }, { CTRL('u'), edit_clear_before },
	{ CTRL('w'), edit_word_before },
};

bool act_type(struct app *app, int key)
{
	char bytes[MB_LEN_MAX];
	mbstate_t state = { 0 };
	size_t length;

	for (size_t i = 0; i < ARRAY_SIZE(edits); i++)
		if (edits[i].key == key) {
			edits[i].edit(&app->edit);
			return true;
		}
	if (key < 0x20 || key >= KEY_IS_CODE)
		return false;
	length = wcrtomb(bytes, (wchar_t)key, &state);
	return length != (size_t)-1 && edit_insert(&app->edit, bytes, length);
}

/* Said while it is typed, before anything changes. */
static void check_filter(struct app *app)
{
	struct query *query = NULL;

	app->fault = (struct fault){ 0 };
	if (app->edit.length > 0 && query_parse(app->edit.text, &query, &app->fault) < 0)
		return;
	app->fault = (struct fault){ 0 };
	query_free(query);
}

/* ---- search: in what a row of the list says ---- */

static bool row_has(struct app *app, struct listing *listing, size_t i,
		    const struct group_row **rows)
{
	struct flat_event event;
	const char *line;

	if (rows)
		return strcasestr(rows[i]->key, app->search) != NULL;
	if (model_event(model_entry(&app->model, i), &event) < 0)
		return false;
	line = listing_line(listing, &event.event);
	return line && strcasestr(line, app->search);
}

void act_search(struct app *app, bool is_forward)
{
	struct listing *listing;
	size_t count, at = app_pane(app)->list.selected;
	const struct group_row **rows = app_rows(app, &count);

	if (!rows)
		count = app_count(app);
	if (!app->search[0] || listing_new(false, &listing) < 0)
		return;
	for (size_t left = count; left > 0; left--) {
		at = is_forward ? (at + 1) % count : (at + count - 1) % count;
		if (row_has(app, listing, at, rows)) {
			act_go_to(app, at);
			break;
		}
		if (left == 1)
			app_say(app, "not found: %s", app->search);
	}
	listing_free(listing);
}

/* ---- Enter, Esc, all else ---- */

static void accept(struct app *app)
{
	enum mode mode = app->mode;

	if (app->fault.text[0])
		return;
	app->mode = MODE_BROWSE;
	if (mode == MODE_FILTER) {
		act_set_filter(app, app->edit.text);
	} else if (mode == MODE_SEARCH) {
		snprintf(app->search, sizeof(app->search), "%s", app->edit.text);
		act_search(app, true);
	} else {
		act_export(app, app->edit.text);
	}
}

void act_edit_key(struct app *app, int key)
{
	if (key == '\n') {
		accept(app);
	} else if (key == KEY_ESCAPE || key == CTRL('c')) {
		app->fault = (struct fault){ 0 };
		app->mode = MODE_BROWSE;
	} else {
		act_type(app, key);
		if (app->mode == MODE_FILTER)
			check_filter(app);
	}
}
