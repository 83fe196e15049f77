/* SPDX-License-Identifier: Apache-2.0 */
/* page.c: pages of lines over the list: help, all of one event, source. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "tracer/events/flat.h"
#include "tui/act.h"
#include "tui/app.h"
#include "tui/detail.h"
#include "tui/draw.h"
#include "tui/snippet.h"

#define PAGE_LINES_MAX 200000
#define FACT_LABEL 11

void page_clear(struct page *page)
{
	for (size_t i = 0; i < page->count; i++)
		free(page->lines[i]);
	free(page->lines);
	free(page->looks);
	*page = (struct page){ 0 };
}

static bool reserve(struct page *page)
{
	size_t capacity = page->capacity ? 2 * page->capacity : 64;
	char **lines;
	enum theme_meaning *looks;

	if (page->count < page->capacity)
		return true;
	lines = realloc(page->lines, capacity * sizeof(*lines));
	if (lines)
		page->lines = lines;
	looks = realloc(page->looks, capacity * sizeof(*looks));
	if (looks)
		page->looks = looks;
	if (!lines || !looks)
		return false;
	page->capacity = capacity;
	return true;
}

void page_add(struct page *page, enum theme_meaning look, const char *format, ...)
{
	char text[PAGE_LINE_MAX];
	va_list args;

	if (page->count >= PAGE_LINES_MAX || !reserve(page))
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	page->lines[page->count] = strdup(text);
	page->looks[page->count] = look;
	if (page->lines[page->count])
		page->count++;
}

void paint_page(struct app *app)
{
	const struct page *page = &app->page;
	int y = app->layout.body_y;
	struct shown title;

	draw_blank(y, 0, app->layout.keys_y - y, app->layout.columns);
	shown_text(&title, page->title, app->layout.columns - 8);
	draw_rule(y, 0, app->layout.columns, &title, NULL);
	for (int i = 1; y + i < app->layout.keys_y && page->top + (size_t)i <= page->count; i++) {
		size_t line = page->top + (size_t)i - 1;

		draw_text(y + i, 2, app->layout.columns - 3, page->looks[line], page->lines[line]);
	}
	draw_cursor(y + 1, 0, true);
}

/* ---- help ---- */

/* Keys that do the same stand in one line. */
static bool is_first_key(size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (keys[k].context == keys[i].context && keys[k].action == keys[i].action)
			return false;
	return true;
}

/* Enter of the keypad is Enter, too. */
static size_t add_key_name(int key, char *out, size_t used, size_t size)
{
	char name[16];

	key_text(key, name, sizeof(name));
	if (used + sizeof(name) + 1 >= size || (used && !strcmp(out, name)))
		return used;
	return used + (size_t)snprintf(out + used, size - used, "%s%s", used ? " " : "", name);
}

static void add_keys(struct page *page, enum key_context context)
{
	for (size_t i = 0; i < key_count; i++) {
		char name[64] = "";
		size_t used = 0;

		if (keys[i].context != context || !is_first_key(i))
			continue;
		for (size_t k = i; k < key_count; k++)
			if (keys[k].context == context && keys[k].action == keys[i].action)
				used = add_key_name(keys[k].key, name, used, sizeof(name));
		page_add(page, MEANING_PLAIN, "  %-18s %s", name, keys[i].help);
	}
}

static void add_columns(struct page *page, const struct view *view)
{
	page_add(page, MEANING_TITLE, "%s: %s", view->name, view->words);
	for (int i = 0; i < VIEW_COLUMNS_MAX && view->columns[i].title; i++)
		page_add(page, MEANING_PLAIN, "  %-18s %s", view->columns[i].title,
			 view->columns[i].help);
	page_add(page, MEANING_PLAIN, "%s", "");
}

static void add_filter_help(struct page *page)
{
	static const char *const lines[] = {
		"  verdict=deny       also allow, kill, error, hide, view, fake, ask",
		"  call=openat,unlink any of them",
		"  path~.ssh          part of the path; = the whole of it",
		"  line=etl.py:33     func=save   pid=4242   errno=EACCES   group=net",
		"  !call=openat       not so",
		"  words              anywhere; a blank between two terms: both",
	};

	page_add(page, MEANING_TITLE, "Filter");
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		page_add(page, MEANING_PLAIN, "%s", lines[i]);
	page_add(page, MEANING_PLAIN, "%s", "");
}

void act_page_help(struct app *app)
{
	struct page *page = &app->page;

	page_clear(page);
	snprintf(page->title, sizeof(page->title), "Help");
	add_columns(page, app_view(app));
	page_add(page, MEANING_TITLE, "Keys of a list");
	add_keys(page, CONTEXT_LIST);
	page_add(page, MEANING_TITLE, "Keys anywhere");
	add_keys(page, CONTEXT_ANYWHERE);
	page_add(page, MEANING_TITLE, "Answers to a question");
	add_keys(page, CONTEXT_QUESTION);
	page_add(page, MEANING_TITLE, "The script's terminal");
	add_keys(page, CONTEXT_OUTPUT);
	add_keys(page, CONTEXT_FOCUS);
	add_filter_help(page);
	page_add(page, MEANING_DIM, "Calls that the filter lets pass in the kernel do not stop, "
		 "and are not counted here: --watch=all.");
	app->mode = MODE_HELP;
}

/* ---- an event ---- */

static void add_frames(struct app *app, const struct flat_event *event, int is_native)
{
	int count = detail_frame_count(event, is_native);
	struct detail_frame frame;
	char source[512];

	for (int i = 0; i < count; i++) {
		detail_frame(event, is_native, i, &frame);
		page_add(&app->page, frame.is_library ? MEANING_DIM : MEANING_NAME,
			 frame.file ? "  %s:%d  in %s" : "  %s%.0d  %s",
			 frame.file ? frame.file : frame.place, frame.line, frame.function);
		if (!frame.file)
			continue;
		snippet_line(&app->model.facts, frame.file, frame.line, source, sizeof(source));
		if (source[0])
			page_add(&app->page, MEANING_PLAIN, "      %s", source);
	}
}

static void add_stack(struct app *app, const struct flat_event *event, int is_native)
{
	const char *missing = detail_no_frames(event, is_native);

	page_add(&app->page, MEANING_TITLE, "%s", is_native ? "C frames (most recent call last)"
							  : "Traceback (most recent call last)");
	if (missing)
		page_add(&app->page, MEANING_DIM, "  %s", missing);
	else
		add_frames(app, event, is_native);
	page_add(&app->page, MEANING_PLAIN, "%s", "");
}

/* Bytes of the longest beginning that takes at most so many cells once it is shown. */
static size_t fitting(const char *text, int cells)
{
	size_t at = 0;
	int used = 0;

	while (text[at]) {
		unsigned point;
		size_t step = text_character(text + at, strlen(text + at), &point);
		char piece[8];
		struct shown shown;

		step = step ? step : 1;
		snprintf(piece, sizeof(piece), "%.*s", (int)step, text + at);
		shown_text(&shown, piece, SHOWN_CELLS_MAX);
		used += shown.cells;
		if (used > cells && at > 0)
			break;
		at += step;
	}
	return at;
}

/* The whole of it, in as many lines as it takes: nowhere else is a long path seen in full. */
static void add_fact(struct app *app, const struct detail_fact *fact)
{
	const char *text = fact->text, *label = fact->label;
	int cells = app->layout.columns - 3 - FACT_LABEL;

	do {
		size_t length = fitting(text, cells);

		page_add(&app->page, MEANING_PLAIN, "%-*s%.*s", FACT_LABEL, label, (int)length,
			 text);
		text += length;
		label = "";
	} while (*text);
}

void act_page_event(struct app *app)
{
	struct detail_fact facts[DETAIL_FACTS_MAX];
	struct flat_event event;
	int count;

	if (!app_selected_event(app, &event))
		return;
	page_clear(&app->page);
	snprintf(app->page.title, sizeof(app->page.title), "%" PRIu64 " %s",
		 event.event.event.n, event.event.event.call ? event.event.event.call : "");
	count = detail_facts(&app->model.facts, &event, facts);
	for (int i = 0; i < count; i++)
		add_fact(app, &facts[i]);
	page_add(&app->page, MEANING_PLAIN, "%s", "");
	add_stack(app, &event, 0);
	add_stack(app, &event, 1);
	page_add(&app->page, MEANING_DIM, "Frames are read from memory that the script can write: "
		 "a label, not evidence.");
	app->mode = MODE_EVENT;
}
