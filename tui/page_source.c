/* SPDX-License-Identifier: Apache-2.0 */
/* page_source.c: pages of lines that a program reads: source, and rules. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "filters/grant.h"
#include "tracer/events/flat.h"
#include "tui/act.h"
#include "tui/app.h"
#include "tui/snippet.h"
#include "tui/words.h"

#define TAB_CELLS 4

/* ---- source ---- */

/* Tabs become blanks: a tab of a file must not become a word. */
static void expand(const char *line, size_t length, char *out, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < length && used + TAB_CELLS + 1 < size; i++) {
		if (line[i] != '\t') {
			out[used++] = line[i];
			continue;
		}
		do
			out[used++] = ' ';
		while (used % TAB_CELLS);
	}
	out[used] = '\0';
}

static void add_source(struct page *page, const char *bytes, int line)
{
	int number = 1;

	for (const char *at = bytes; *at; number++) {
		size_t length = strcspn(at, "\n");
		char text[PAGE_LINE_MAX / 2];

		expand(at, length, text, sizeof(text));
		page_add(page, number == line ? MEANING_SELECTED : MEANING_PLAIN, "%c %5d  %s",
			 number == line ? '>' : ' ', number, text);
		at += length + (at[length] == '\n');
	}
}

void act_page_source(struct app *app, const char *file, int line)
{
	cleanup_free char *bytes = NULL;
	int height = app->layout.keys_y - app->layout.body_y - 1;
	size_t size;
	int r = snippet_read(&app->model.facts, file, &bytes, &size);

	if (r < 0) {
		app_say(app, r == -EPERM ? "not a Python file: %s" : "cannot be read: %s", file);
		return;
	}
	page_clear(&app->page);
	snprintf(app->page.title, sizeof(app->page.title), "%s", file);
	add_source(&app->page, bytes, line);
	/* The line is a label: there may be no such one. */
	if ((size_t)line >= app->page.count)
		line = (int)app->page.count;
	if (height > 0 && line > height / 2)
		app->page.top = (size_t)(line - height / 2);
	app->mode = MODE_SOURCE;
}

/* ---- rules that would have allowed it ---- */

static void add_rule(struct app *app, const struct group_row *row)
{
	const struct entry *entry = store_find(&app->model.store, row->last);
	struct flat_event event;
	char rule[RULE_TEXT_MAX];

	if (!entry || model_event(entry, &event) < 0)
		return;
	if ((!event.event.event.path || words_is_whole(event.event.event.path)) &&
	    grant_print(VERDICT_ALLOW, event.event.event.class, event.event.event.path, rule,
			sizeof(rule)) > 0)
		page_add(&app->page, MEANING_PLAIN, "%s", rule);
	else
		page_add(&app->page, MEANING_DIM, "# no rule allows this: %s", row->key);
}

void act_page_draft(struct app *app)
{
	size_t count;
	const struct group_row **rows = groups_sorted(app->model.groups[VIEW_REPORT], view_compare,
						      COLUMN_CALLS, false, &count);

	page_clear(&app->page);
	snprintf(app->page.title, sizeof(app->page.title),
		 "Rules that would allow what was refused: w writes them, --policy=FILE uses them");
	app->page.is_policy = true;
	page_add(&app->page, MEANING_DIM,
		 "# Read each line before you use it: what a script wants is not what it may.");
	for (size_t i = 0; rows && i < count; i++)
		add_rule(app, rows[i]);
	app->mode = MODE_DRAFT;
}
