/* SPDX-License-Identifier: Apache-2.0 */
/*
 * overview.c: the Report view: what the run came to, on one page.  Its list is what was refused or
 * asked, of what passes the filter.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/app.h"
#include "tui/draw.h"
#include "tui/words.h"

#define GRAPH_LABEL 7
#define GRAPH_MS 1000
#define TOUCHED_ROWS 5
#define TALL 28                 /* from so many rows on there are free ones, too */
#define LEAST_TARGET 8
#define MANY 20
#define SOME 4

/* ---- how it ended ---- */

/* What was refused last: as a rule, why a script that fails does. */
static void put_last_refusal(const struct app *app, char *out, size_t size)
{
	size_t count;
	const struct group_row **rows = groups_sorted(app->model.groups[VIEW_REPORT], view_compare,
						      COLUMN_CALLS, false, &count);
	const struct group_row *last = NULL;

	for (size_t i = 0; rows && i < count; i++)
		if (rows[i]->denied && (!last || rows[i]->last > last->last))
			last = rows[i];
	if (last)
		snprintf(out, size, " Refused last: %s at %s, event %" PRIu64 ".", last->key,
			 last->tops[TOP_LINES].items[0].text ? last->tops[TOP_LINES].items[0].text
							     : "-", last->last);
}

static void put_end(const struct app *app, char *out, size_t size)
{
	const struct facts *facts = &app->model.facts;
	char denied[32];

	words_count(app->model.counts.denied, denied, sizeof(denied));
	if (!facts->result && app->feed->is_live && !app->feed->is_over)
		snprintf(out, size, "The script runs.");
	else if (!facts->result && app->feed->is_live)
		snprintf(out, size, "The tracer is gone, and the script with it: how it ended is "
			 "not known.");
	else if (!facts->result)
		snprintf(out, size, "The record has no end: it was cut off, or the run goes on.");
	else if (facts_missing(facts) > 0)
		snprintf(out, size, "The script ended with %s; %" PRIu64
			 " events or lines of its record are missing.",
			 facts->ended, facts_missing(facts));
	else
		snprintf(out, size, "The script ended with %s after %.3f s; %s refused.",
			 facts->ended, facts->wall_s,
			 app->model.counts.denied ? denied : "nothing was");
	if (facts->result && strcmp(facts->ended, "exit 0") != 0)
		put_last_refusal(app, out + strlen(out), size - strlen(out));
}

/* What a scratch layer holds, if there is one: so many rows. */
static int paint_changes(const struct app *app, int y)
{
	char text[sizeof(app->model.facts.changes) + 16];

	if (!app->model.facts.changes[0])
		return 0;
	snprintf(text, sizeof(text), "Scratch: %s", app->model.facts.changes);
	draw_text(y, 2, app->layout.columns - 3, MEANING_PLAIN, text);
	return 1;
}

/* ---- over time ---- */

static const char *mark_of(uint32_t count)
{
	if (count == 0)
		return " ";
	return draw_glyph(count >= MANY ? GLYPH_MANY : count >= SOME ? GLYPH_SOME : GLYPH_FEW);
}

enum graph_row { GRAPH_FILES, GRAPH_NET, GRAPH_DENIED, GRAPH_ASKED, GRAPHS };

static uint32_t slice_count(const struct model_slice *slice, enum graph_row row)
{
	const uint32_t counts[GRAPHS] = { slice->files, slice->net, slice->denied, slice->asked };

	return counts[row];
}

static void paint_graph_row(int y, const struct model_slice *slices, int count, enum graph_row row)
{
	static const char *const labels[GRAPHS] = { "file", "net", "deny", "ask" };

	draw_format(y, 2, GRAPH_LABEL, MEANING_DIM, "%s", labels[row]);
	for (int i = 0; i < count; i++) {
		uint32_t n = slice_count(&slices[i], row);
		enum theme_meaning meaning = row == GRAPH_DENIED ? MEANING_DENIED : MEANING_PLAIN;

		/* Few of these matter so much that they are told by number. */
		if (row >= GRAPH_DENIED && n > 0 && n < 10)
			draw_format(y, 2 + GRAPH_LABEL + i, 1, meaning, "%u", n);
		else
			draw_format(y, 2 + GRAPH_LABEL + i, 1, meaning, "%s", mark_of(n));
	}
}

/* Made anew once a second while events come: with many it takes longer than all else. */
static const struct graph *fresh_graph(struct app *app, int count)
{
	struct graph *graph = &app->graph;
	size_t events = model_count(&app->model);

	if (graph->count == count && (graph->events == events ||
				      (app->feed->is_live && !app->feed->is_over &&
				       app->now_ms - graph->made_ms < GRAPH_MS)))
		return graph;
	graph->length_us = model_slices(&app->model, graph->slices, count);
	graph->count = count;
	graph->events = events;
	graph->made_ms = app->now_ms;
	return graph;
}

static int paint_graph(struct app *app, int y)
{
	int room = app->layout.columns - GRAPH_LABEL - 4;
	int count = room < MODEL_SLICES ? room : MODEL_SLICES;
	const struct graph *graph = fresh_graph(app, count);
	char text[32];

	words_time(graph->length_us, text, sizeof(text));
	draw_format(y, 2, room, MEANING_DIM, "time   one column is %s   %s many  %s some  %s few",
		    text, draw_glyph(GLYPH_MANY), draw_glyph(GLYPH_SOME), draw_glyph(GLYPH_FEW));
	for (int row = 0; row < GRAPHS; row++)
		paint_graph_row(y + 1 + row, graph->slices, count, (enum graph_row)row);
	return y + 1 + GRAPHS;
}

/* ---- what it touched ---- */

/* The most frequent files of a class, and how many there are in all. */
static void put_files(struct app *app, enum call_class class, char *out, size_t size,
		      size_t *ret_count)
{
	static const enum column_kind columns[CLASS_COUNT] = {
		[CLASS_READ] = COLUMN_READS, [CLASS_WRITE] = COLUMN_WRITES,
		[CLASS_DELETE] = COLUMN_DELETES, [CLASS_EXEC] = COLUMN_RUNS,
	};
	size_t count, used = 0;
	const struct group_row **rows = groups_sorted(app->model.groups[VIEW_FILES], view_compare,
						      columns[class], false, &count);

	*ret_count = 0;
	out[0] = '\0';
	for (size_t i = 0; rows && i < count; i++) {
		/* What was only tried was not touched. */
		if (!rows[i]->done[class])
			continue;
		++*ret_count;
		if (used + 3 >= size)
			continue;
		used += (size_t)snprintf(out + used, size - used, "%s", used ? "  " : "");
		facts_path(&app->model.facts, rows[i]->key, out + used, size - used);
		used += strlen(out + used);
	}
}

/* Addresses, those that were refused, too: what a script tries to reach says much of it. */
static void put_hosts(struct app *app, char *out, size_t size, size_t *ret_count)
{
	size_t used = 0;
	const struct group_row **rows = groups_sorted(app->model.groups[VIEW_NET], view_compare,
						      COLUMN_CALLS, false, ret_count);

	out[0] = '\0';
	for (size_t i = 0; rows && i < *ret_count && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s %s", used ? "   " : "",
					 rows[i]->length ? rows[i]->key : "(others)",
					 rows[i]->denied == 0 ? "allowed"
					 : rows[i]->denied < rows[i]->calls ? "denied in part"
									    : "denied");
}

static void paint_touched_row(const struct app *app, int y, const char *label, size_t count,
			      const char *names)
{
	draw_format(y, 2, 22, MEANING_PLAIN, "%-14s %5zu", label, count);
	draw_text(y, 25, app->layout.columns - 26, MEANING_DIM, names);
}

static int paint_touched(struct app *app, int y)
{
	static const struct {
		const char *label;
		enum call_class class;
	} rows[TOUCHED_ROWS - 1] = {
		{ "files written", CLASS_WRITE }, { "files read", CLASS_READ },
		{ "files removed", CLASS_DELETE }, { "programs run", CLASS_EXEC },
	};
	char names[2 * WORDS_MAX];
	size_t count;

	for (int i = 0; i < TOUCHED_ROWS - 1; i++) {
		put_files(app, rows[i].class, names, sizeof(names), &count);
		paint_touched_row(app, y + i, rows[i].label, count, names);
	}
	put_hosts(app, names, sizeof(names), &count);
	paint_touched_row(app, y + TOUCHED_ROWS - 1, "addresses", count, names);
	return y + TOUCHED_ROWS;
}

/* ---- the lines that asked most ---- */

static void paint_hot(struct app *app, int y, int rows_left)
{
	size_t count;
	const struct group_row **rows = groups_sorted(app->model.groups[VIEW_LINES], view_compare,
						      COLUMN_CALLS, false, &count);

	for (size_t i = 0; rows && i < count && (int)i < rows_left; i++) {
		char calls[32], name[WORDS_MAX];

		words_count(rows[i]->calls, calls, sizeof(calls));
		facts_path(&app->model.facts, rows[i]->key, name, sizeof(name));
		draw_middle(y + (int)i, 2, 26, MEANING_NAME, name);
		draw_format(y + (int)i, 29, 16, MEANING_PLAIN, "%9s call%s", calls,
			    rows[i]->calls == 1 ? "" : "s");
		draw_middle(y + (int)i, 46, app->layout.columns - 47, MEANING_DIM,
			    rows[i]->tops[TOP_TARGETS].items[0].text);
	}
}

static int paint_rule(const struct app *app, int y, const char *left, const char *right)
{
	struct shown words, hint;

	shown_format(&words, app->layout.columns - 8, "%s", left);
	shown_format(&hint, app->layout.columns - 8, "%s", right);
	draw_rule(y, 0, app->layout.columns, &words, right[0] ? &hint : NULL);
	return y + 1;
}

/* ---- what was refused ---- */

static void paint_refused_row(struct app *app, int y, const struct group_row *row)
{
	bool is_wide = app->layout.columns >= LAYOUT_WIDE;
	int columns = app->layout.columns, answer = is_wide ? columns / 4 : columns / 5;
	int line = is_wide ? 18 : 14, target = columns - 28 - line - answer;

	/* On a narrow screen what it was about is all that has room. */
	if (target < LEAST_TARGET)
		target = columns - 26;
	draw_format(y, 2, 4, row->asked ? MEANING_ASKED : MEANING_DENIED, "%s",
		    row->asked ? "ASK" : "DENY");
	draw_format(y, 7, 5, MEANING_PLAIN, "%5" PRIu64, row->calls);
	draw_middle(y, 14, 10, MEANING_PLAIN, row->length ? row->key : "(others)");
	draw_middle(y, 25, target, MEANING_PLAIN, group_second(row));
	draw_middle(y, 26 + target, line, MEANING_NAME, row->tops[TOP_LINES].items[0].text);
	draw_middle(y, 27 + target + line, answer, MEANING_DIM,
		    row->tops[TOP_OUTCOMES].items[0].text);
}

static int paint_refused(struct app *app, int y, int rows_left)
{
	struct list *list = &app->panes[VIEW_REPORT].list;
	size_t count;
	const struct group_row **rows = groups_sorted(app->model.groups[VIEW_REPORT], view_compare,
						      COLUMN_CALLS, false, &count);

	if (!rows || count == 0)
		draw_format(y, 2, app->layout.columns - 4, MEANING_DIM, "nothing");
	list_fit(list, count, (size_t)rows_left);
	for (int i = 0; rows && i < rows_left && list->top + (size_t)i < count; i++) {
		paint_refused_row(app, y + i, rows[list->top + (size_t)i]);
		if (list->top + (size_t)i != list->selected)
			continue;
		draw_format(y + i, 0, 1, MEANING_PLAIN, ">");
		draw_look(y + i, 0, app->layout.columns, MEANING_SELECTED);
		draw_cursor(y + i, 0, true);
	}
	return y + rows_left;
}

void paint_report(struct app *app)
{
	int y = app->layout.body_y, room = app->layout.body_rows;
	bool is_tall = app->layout.rows >= TALL;
	int hot = is_tall ? 3 : 1;
	char text[512];

	put_end(app, text, sizeof(text));
	draw_text(y + is_tall, 2, app->layout.columns - 3, MEANING_TITLE, text);
	y += is_tall + 1;
	y += paint_changes(app, y);
	y += !app->layout.is_narrow;
	if (room > 16)
		y = paint_graph(app, y);
	y = paint_rule(app, y, "Denied and asked", "Enter: these events");
	room = app->layout.keys_y - y - (app->layout.is_narrow ? 0 : TOUCHED_ROWS + 2 + hot);
	y = paint_refused(app, y, room > 1 ? room : 1);
	if (app->layout.is_narrow)
		return;
	y = paint_touched(app, paint_rule(app, y, "What it touched", ""));
	y = paint_rule(app, y, "Busiest Python lines", "by system calls");
	paint_hot(app, y, app->layout.keys_y - y - is_tall);
}
