/* SPDX-License-Identifier: Apache-2.0 */
/* table.c: head and rows of a view, whatever its rows are. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tracer/events/flat.h"
#include "tui/app.h"
#include "tui/draw.h"
#include "tui/words.h"

#include "filters/syscalls.h"

#define SHARE_CELLS 10
#define TAIL_GAP 2
#define LONG_S 1000             /* from here on a time has fewer decimals */

/* What one cell says, and how it is to look. */
struct cell {
	char text[WORDS_MAX];
	enum theme_meaning meaning;
	bool is_path;           /* cut in the middle */
	char tail[160];         /* behind it, not cut as long as there is room for both */
};

/* ---- events ---- */

static enum theme_meaning meaning_of(const char *verdict)
{
	if (!strcmp(verdict, "DENY") || !strcmp(verdict, "KILL") || !strcmp(verdict, "LIM"))
		return MEANING_DENIED;
	if (!strcmp(verdict, "ASK"))
		return MEANING_ASKED;
	return verdict[0] ? MEANING_FAILED : MEANING_PLAIN;
}

static void put_time(uint64_t us, struct cell *cell)
{
	uint64_t s = us / 1000000, rest = us % 1000000;

	if (s < LONG_S)
		snprintf(cell->text, sizeof(cell->text), "%" PRIu64 ".%04" PRIu64, s, rest / 100);
	else
		snprintf(cell->text, sizeof(cell->text), "%" PRIu64 ".%02" PRIu64, s, rest / 10000);
}

static void event_cell(const struct app *app, const struct read_event *event,
		       enum column_kind kind, struct cell *cell)
{
	const struct event *call = &event->event;

	*cell = (struct cell){ .meaning = MEANING_PLAIN };
	switch ((int)kind) {
	case COLUMN_NUMBER:
		snprintf(cell->text, sizeof(cell->text), "%" PRIu64, call->n);
		break;
	case COLUMN_TIME:
		put_time(call->t_us, cell);
		break;
	case COLUMN_PID:
		snprintf(cell->text, sizeof(cell->text), "%d", call->pid);
		break;
	case COLUMN_VERDICT:
		snprintf(cell->text, sizeof(cell->text), "%s", words_verdict(event));
		cell->meaning = meaning_of(cell->text);
		break;
	case COLUMN_CALL:
		snprintf(cell->text, sizeof(cell->text), "%s", call->call ? call->call : "");
		break;
	case COLUMN_TARGET:
		words_target(&app->model.facts, event, cell->text, sizeof(cell->text));
		words_access(event, cell->tail, sizeof(cell->tail));
		cell->is_path = true;
		break;
	case COLUMN_RESULT:
		snprintf(cell->text, sizeof(cell->text), "%s", words_result(event));
		break;
	case COLUMN_LINE:
		words_line(event, cell->text, sizeof(cell->text));
		cell->is_path = true;
		break;
	default:
		break;
	}
}

/* ---- groups ---- */

static void number_cell(uint64_t number, bool is_bad, struct cell *cell)
{
	if (number > 0)
		words_count(number, cell->text, sizeof(cell->text));
	cell->meaning = is_bad && number ? MEANING_DENIED : MEANING_PLAIN;
}

static void time_cell(const struct group_row *row, uint64_t us, struct cell *cell)
{
	if (row->timed)
		words_time(us, cell->text, sizeof(cell->text));
}

static void share_cell(const struct app *app, const struct group_row *row, struct cell *cell)
{
	uint64_t part = app->model.has_times ? row->total_us : row->calls;
	uint64_t all = app->model.has_times ? app->model.total_us : app->model.total_calls;
	uint64_t marks = all ? (part * SHARE_CELLS + all / 2) / all : 0;
	size_t used = 0;

	if (marks == 0 && part > 0)
		snprintf(cell->text, sizeof(cell->text), "%s", draw_glyph(GLYPH_FEW));
	for (uint64_t i = 0; i < marks; i++)
		used += (size_t)snprintf(cell->text + used, sizeof(cell->text) - used, "%s",
					 draw_glyph(GLYPH_BAR));
}

static const char *group_name(const char *call)
{
	static const char *const names[GROUP_COUNT] = {
		[GROUP_FILE] = "file", [GROUP_DESC] = "desc", [GROUP_MEM] = "mem",
		[GROUP_PROC] = "proc", [GROUP_SIGNAL] = "signal", [GROUP_NET] = "net",
		[GROUP_IPC] = "ipc", [GROUP_TIME] = "time", [GROUP_SYS] = "sys",
	};
	const struct syscall_row *row = syscall_by_name(call);

	return row ? names[row->group] : "";
}

static void text_cell(const char *text, struct cell *cell)
{
	snprintf(cell->text, sizeof(cell->text), "%s", text ? text : "");
	cell->is_path = true;
}

static void name_cell(const struct app *app, const struct group_row *row, struct cell *cell)
{
	enum row_kind rows = app_view(app)->rows;

	cell->is_path = true;
	if (!row->length)
		snprintf(cell->text, sizeof(cell->text), "(others)");
	else if (rows == ROW_FILE || rows == ROW_LINE)
		facts_path(&app->model.facts, row->key, cell->text, sizeof(cell->text));
	else
		snprintf(cell->text, sizeof(cell->text), "%s", row->key);
}

static void words_cell(const struct app *app, const struct group_row *row, enum column_kind kind,
		       struct cell *cell)
{
	switch ((int)kind) {
	case COLUMN_SECOND:
		text_cell(group_second(row), cell);
		break;
	case COLUMN_GROUP:
		text_cell(group_name(row->key), cell);
		break;
	case COLUMN_BUSIEST:
		text_cell(row->tops[TOP_LINES].items[0].text, cell);
		break;
	case COLUMN_BUSIEST_TARGET:
	case COLUMN_PROGRAM:
		text_cell(row->tops[TOP_TARGETS].items[0].text, cell);
		break;
	case COLUMN_SHARE:
		share_cell(app, row, cell);
		break;
	default:
		name_cell(app, row, cell);
		break;
	}
}

static void group_cell(const struct app *app, const struct group_row *row, enum column_kind kind,
		       struct cell *cell)
{
	*cell = (struct cell){ .meaning = MEANING_PLAIN };
	switch ((int)kind) {
	case COLUMN_CALLS:
		number_cell(row->calls, false, cell);
		break;
	case COLUMN_DENIED:
		number_cell(row->denied, true, cell);
		break;
	case COLUMN_FAILED:
		number_cell(row->failed, false, cell);
		break;
	case COLUMN_READS:
		number_cell(row->by_class[CLASS_READ], false, cell);
		break;
	case COLUMN_WRITES:
		number_cell(row->by_class[CLASS_WRITE], false, cell);
		break;
	case COLUMN_DELETES:
		number_cell(row->by_class[CLASS_DELETE], false, cell);
		break;
	case COLUMN_RUNS:
		number_cell(row->by_class[CLASS_EXEC], false, cell);
		break;
	case COLUMN_TOTAL:
		time_cell(row, row->total_us, cell);
		break;
	case COLUMN_MEDIAN:
		time_cell(row, group_median_us(row), cell);
		break;
	case COLUMN_MAX:
		time_cell(row, row->max_us, cell);
		break;
	default:
		words_cell(app, row, kind, cell);
		break;
	}
}

/* ---- rows ---- */

/* The words behind a path, as far as they do not push it out: all, the first one, or none. */
static int fit_tail(struct cell *cell, int cells)
{
	size_t first = strcspn(cell->tail, ",");
	int left;
	struct shown whole;

	if (!cell->tail[0])
		return 0;
	shown_text(&whole, cell->text, SHOWN_CELLS_MAX);
	left = cells - whole.cells - TAIL_GAP;
	if (left < (int)strlen(cell->tail))
		cell->tail[first] = '\0';
	return (int)first <= left || (int)first + TAIL_GAP <= cells / 2
		       ? (int)strlen(cell->tail) + TAIL_GAP : 0;
}

/* A number is never cut: it would be another one. */
static void squeeze_number(struct cell *cell, int cells)
{
	size_t used = 0;

	if ((int)strlen(cell->text) <= cells)
		return;
	for (size_t i = 0; cell->text[i]; i++)
		if (cell->text[i] != ',')
			cell->text[used++] = cell->text[i];
	cell->text[used] = '\0';
}

static void paint_cell(int y, int x, int cells, enum column_kind kind, struct cell *cell)
{
	int tail = fit_tail(cell, cells);
	struct shown shown;

	if (column_is_number(kind))
		squeeze_number(cell, cells);
	if (cell->is_path)
		shown_middle(&shown, cell->text, cells - tail);
	else
		shown_text(&shown, cell->text, cells);
	if (tail > 0) {
		shown_add(&shown, "  ", cells);
		shown_add(&shown, cell->tail, cells);
	}
	if (column_is_number(kind))
		x += cells - shown.cells;
	draw_shown(y, x, cell->meaning, &shown);
}

static void paint_head(struct app *app, const int cells[VIEW_COLUMNS_MAX])
{
	const struct view *view = app_view(app);
	const struct pane *pane = app_pane(app);
	int x = 1, y = app->layout.list_y - 1;

	for (int i = 0; i < VIEW_COLUMNS_MAX && view->columns[i].title; i++) {
		bool is_sorted = view->rows > ROW_EVENT && view->columns[i].kind == pane->sort;
		struct shown title;

		if (!cells[i])
			continue;
		shown_format(&title, cells[i] + 1, "%s%s", view->columns[i].title,
			     is_sorted ? pane->is_reversed ? " ^" : " v" : "");
		draw_shown(y, column_is_number(view->columns[i].kind)
				      ? x + cells[i] - title.cells : x,
			   app->mode == MODE_SORT && is_sorted ? MEANING_SELECTED : MEANING_HEAD,
			   &title);
		x += cells[i] + 1;
	}
}

/* A process stands below the one that made it. */
static void indent(const struct app *app, size_t at, struct cell *cell)
{
	unsigned depth = at < TREE_ROWS_MAX && !app->is_flat ? app->depths[at] : 0;
	char name[32];

	if (depth == 0)
		return;
	snprintf(name, sizeof(name), "%.20s", cell->text);
	snprintf(cell->text, sizeof(cell->text), "%*s%s%s", 2 * (int)depth - 1, "",
		 draw_glyph(GLYPH_TREE), name);
}

struct row {
	size_t at;
	struct flat_event event;
	const struct group_row *group;  /* NULL: the event */
};

static void paint_row(struct app *app, int y, const struct row *row,
		      const int cells[VIEW_COLUMNS_MAX])
{
	const struct view *view = app_view(app);
	struct cell cell;
	int x = 1;

	for (int i = 0; i < VIEW_COLUMNS_MAX && view->columns[i].title; i++) {
		if (!cells[i])
			continue;
		if (row->group)
			group_cell(app, row->group, view->columns[i].kind, &cell);
		else
			event_cell(app, &row->event.event, view->columns[i].kind, &cell);
		if (i == 0 && app->view == VIEW_PROCS)
			indent(app, row->at, &cell);
		paint_cell(y, x, cells[i], view->columns[i].kind, &cell);
		x += cells[i] + 1;
	}
}

static bool fill_row(struct app *app, const struct group_row **rows, size_t i, struct row *row)
{
	row->at = i;
	row->group = rows ? rows[i] : NULL;
	row->event.event = (struct read_event){ 0 };
	return rows || model_event(model_entry(&app->model, i), &row->event) == 0;
}

static void paint_empty(struct app *app)
{
	const char *words = app->model.filter[0] ? "nothing passes the filter; x shows all again"
						 : "nothing, so far";

	draw_format(app->layout.list_y + 1, 2, app->layout.columns - 4, MEANING_DIM, "%s", words);
}

/* Calls that nobody saw are no zeros.  Below the last row, where there is room. */
static void paint_not_stopped(struct app *app, size_t count)
{
	const struct list *list = &app_pane(app)->list;
	size_t row = count - list->top;

	if (app->view != VIEW_CALLS || app->model.has_times || count == 0 ||
	    row >= (size_t)app->layout.list_rows)
		return;
	draw_format(app->layout.list_y + (int)row, 1, app->layout.columns - 2, MEANING_DIM,
		    "all others are not stopped: the filter lets them pass (--watch=all)");
}

void paint_table(struct app *app)
{
	int cells[VIEW_COLUMNS_MAX];
	struct list *list = &app_pane(app)->list;
	size_t count, grouped;
	const struct group_row **rows = app_rows(app, &grouped);
	struct row row;

	view_layout(app_view(app), app->layout.columns, app->model.has_times, cells);
	paint_head(app, cells);
	count = app_view(app)->rows == ROW_EVENT ? model_count(&app->model) : grouped;
	if (count == 0)
		paint_empty(app);
	for (int i = 0; i < app->layout.list_rows && list->top + (size_t)i < count; i++) {
		int y = app->layout.list_y + i;

		if (!fill_row(app, rows, list->top + (size_t)i, &row))
			continue;
		paint_row(app, y, &row, cells);
		if (list->top + (size_t)i == list->selected) {
			draw_format(y, 0, 1, MEANING_PLAIN, ">");
			draw_look(y, 0, app->layout.columns, MEANING_SELECTED);
			draw_cursor(y, 0, true);
		}
	}
	paint_not_stopped(app, count);
}
