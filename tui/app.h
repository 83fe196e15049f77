/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app.h: the state of the screen, shared by the files that draw it and those that change it.
 *
 * Painting (paint_*) changes nothing but the screen; acting (act_*) draws nothing.
 */
#ifndef TUI_APP_H
#define TUI_APP_H

#include "tui/edit.h"
#include "tui/feed.h"
#include "tui/keys.h"
#include "tui/layout.h"
#include "tui/list.h"
#include "tui/model.h"
#include "tui/questions.h"
#include "tui/theme.h"
#include "tui/tree.h"
#include "tui/tui.h"

struct flat_event;
struct output;

enum mode {
	MODE_BROWSE,
	MODE_FILTER, MODE_SEARCH, MODE_EXPORT,   /* a line is edited */
	MODE_SORT,
	MODE_HELP, MODE_EVENT, MODE_SOURCE, MODE_DRAFT,   /* a page, scrolled */
	MODE_QUESTION, MODE_RULE,
	MODE_FOCUS,                              /* keys go to the script */
	MODE_QUIT
};

struct pane {
	struct list list;
	enum column_kind sort;
	bool is_reversed;
	uint64_t selected;      /* number of the selected event: rows above may come and go */
};

#define CRUMBS_MAX 8

/* Where Enter came from: q goes back there. */
struct crumb {
	enum view_id view;
	char filter[MODEL_FILTER_MAX];
};

/* A page of lines, made when it is opened. */
#define PAGE_LINE_MAX 8192

struct page {
	char **lines;
	enum theme_meaning *looks;
	size_t count, capacity, top;
	bool is_policy;         /* lines that are plain already: written to a file as they are */
	char title[128];
};

/* The report's graph, as it was made last: every event that is shown counts for it. */
struct graph {
	struct model_slice slices[MODEL_SLICES];
	int count;
	uint64_t length_us;
	size_t events;          /* that it was made of */
	int64_t made_ms;
};

struct app {
	const struct tui_config *config;
	struct feed *feed;
	struct model model;
	struct questions questions;
	enum mode mode;
	enum view_id view;
	struct pane panes[VIEWS];
	struct crumb crumbs[CRUMBS_MAX];
	int crumb_count;
	struct layout layout;
	struct page page;
	struct edit edit;
	struct fault fault;     /* of what is edited; text "" while it is right */
	char search[EDIT_MAX];
	char status[256];       /* shown once in place of the keys */
	int detail_rows;        /* chosen; 0: by the size of the screen */
	bool is_paused, is_frozen, has_mouse, shows_native;
	bool is_flat;           /* processes in a row, not as a tree */
	unsigned char depths[TREE_ROWS_MAX];
	bool writes_page;       /* to a file, not the events */
	bool hides_question;    /* `h`: look around */
	int rule_width;         /* folders above the file, in the rule that is written */
	uint64_t question;      /* the one in the box; 0: none */
	int64_t question_open_ms;      /* from then on a key may count: tui/question.h */
	bool question_is_drawn, question_listens;
	bool was_resized;       /* while keys were thrown away */
	int64_t now_ms, started_ms, ended_ms;
	struct output *output;  /* the script's terminal (output.h); NULL: a record */
	struct graph graph;
	bool wants_redraw;      /* all of the screen */
	bool is_done;
	enum tui_end end;
};

/* ---- rows of the current view ---- */

const struct view *app_view(const struct app *app);
struct pane *app_pane(struct app *app);
size_t app_count(const struct app *app);

/* Rows of a view of groups, sorted as its pane says; NULL: another kind of view, or none. */
const struct group_row **app_rows(struct app *app, size_t *ret_count);

/* The selected event; false: none. */
bool app_selected_event(struct app *app, struct flat_event *ret_event);
const struct group_row *app_selected_row(struct app *app);

/* Keeps the selection where it is when events came or went, or follows the newest. */
void app_settle(struct app *app);

/* ---- its life: for the loop, and for tests ---- */

/* app_end is due in any case. */
int app_start(struct app *app, const struct tui_config *config, struct fault *ret_fault);
void app_end(struct app *app);

/* Takes what came.  True: there is something new to see. */
bool app_take(struct app *app);

/* Shown at the bottom until the next key. */
void app_say(struct app *app, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- the parts of the screen ---- */

void paint_frame(struct app *app);               /* title, counters, tabs */
void paint_keys(struct app *app);                /* the bar at the bottom, or what is edited */
void paint_table(struct app *app);               /* head and rows */
void paint_detail(struct app *app);
void paint_report(struct app *app);
void paint_page(struct app *app);
void paint_output(struct app *app);
void paint_question(struct app *app);
void paint_tiny(struct app *app);
void paint_app(struct app *app);                 /* all of it */

/* ---- pages ---- */

void page_clear(struct page *page);
void page_add(struct page *page, enum theme_meaning look, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
