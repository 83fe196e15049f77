/* SPDX-License-Identifier: Apache-2.0 */
/* view.c: see view.h. */
#include "tui/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tui/layout.h"

#define MARGIN 1                /* before the first column: the mark of the selected row */
#define GAP 1
#define LEAST_REST 8
#define LEAST_WORDS 12

const struct view views[VIEWS] = {
#define VIEW(id, key, name, short_name, words, rows, sort, filter) \
	[VIEW_##id] = { key, name, short_name, words, rows, COLUMN_##sort, filter, {
#define COLUMN(kind, title, cells, from, help) { COLUMN_##kind, title, cells, from, help },
#define END } },
#include "tui/views.def"
#undef VIEW
#undef COLUMN
#undef END
};

bool column_is_time(enum column_kind kind)
{
	return kind == COLUMN_TOTAL || kind == COLUMN_MEDIAN || kind == COLUMN_MAX;
}

bool column_is_number(enum column_kind kind)
{
	switch (kind) {
	case COLUMN_NUMBER: case COLUMN_TIME: case COLUMN_PID: case COLUMN_CALLS:
	case COLUMN_DENIED: case COLUMN_FAILED: case COLUMN_TOTAL: case COLUMN_MEDIAN:
	case COLUMN_MAX: case COLUMN_READS: case COLUMN_WRITES: case COLUMN_DELETES:
	case COLUMN_RUNS:
		return true;
	case COLUMN_NAME: case COLUMN_SECOND: case COLUMN_VERDICT: case COLUMN_CALL:
	case COLUMN_TARGET: case COLUMN_RESULT: case COLUMN_LINE: case COLUMN_GROUP:
	case COLUMN_SHARE: case COLUMN_BUSIEST: case COLUMN_BUSIEST_TARGET: case COLUMN_PROGRAM:
	default:
		return false;
	}
}

static uint64_t number_of(const struct group_row *row, int kind)
{
	switch (kind) {
	case COLUMN_DENIED:
		return row->denied;
	case COLUMN_FAILED:
		return row->failed;
	case COLUMN_TOTAL: case COLUMN_SHARE:
		return row->total_us;
	case COLUMN_MEDIAN:
		return group_median_us(row);
	case COLUMN_MAX:
		return row->max_us;
	case COLUMN_READS:
		return row->by_class[CLASS_READ];
	case COLUMN_WRITES:
		return row->by_class[CLASS_WRITE];
	case COLUMN_DELETES:
		return row->by_class[CLASS_DELETE];
	case COLUMN_RUNS:
		return row->by_class[CLASS_EXEC];
	default:
		return row->calls;
	}
}

static const char *top_text(const struct group_row *row, enum top_of which)
{
	return row->tops[which].items[0].text ? row->tops[which].items[0].text : "";
}

static const char *text_of(const struct group_row *row, int kind)
{
	if (kind == COLUMN_SECOND)
		return group_second(row);
	if (kind == COLUMN_BUSIEST)
		return top_text(row, TOP_LINES);
	if (kind == COLUMN_BUSIEST_TARGET || kind == COLUMN_PROGRAM)
		return top_text(row, TOP_TARGETS);
	return row->key;
}

/* Names as people count them: 9 before 10. */
static int compare_names(const char *a, const char *b)
{
	return strverscmp(a, b);
}

int view_compare(const struct group_row *a, const struct group_row *b, int kind)
{
	uint64_t left, right;

	if (!column_is_number((enum column_kind)kind) && kind != COLUMN_SHARE)
		return compare_names(text_of(a, kind), text_of(b, kind));
	left = number_of(a, kind);
	right = number_of(b, kind);
	return left > right ? -1 : left < right;
}

/* On a screen that is not wide a column has what its usual values need, and no more. */
static int column_cells(const struct column *column, int columns)
{
	static const int narrow[] = {
		[COLUMN_NAME] = 24, [COLUMN_SECOND] = 12, [COLUMN_TIME] = 8, [COLUMN_RESULT] = 8,
		[COLUMN_LINE] = 14, [COLUMN_CALLS] = 7, [COLUMN_DENIED] = 5, [COLUMN_FAILED] = 5,
		[COLUMN_READS] = 5, [COLUMN_WRITES] = 6, [COLUMN_DELETES] = 4,
		[COLUMN_BUSIEST] = 16, [COLUMN_PROGRAM] = 0,
	};
	int least = (size_t)column->kind < ARRAY_SIZE(narrow) ? narrow[column->kind] : 0;

	return columns < LAYOUT_WIDE && least > 0 && least < column->cells ? least
									   : column->cells;
}

/* The columns that this screen has, without the room that one of them fills. */
static void choose_columns(const struct view *view, int columns, bool has_times,
			   int ret_cells[VIEW_COLUMNS_MAX])
{
	for (int i = 0; i < VIEW_COLUMNS_MAX; i++) {
		const struct column *column = &view->columns[i];
		bool is_shown = column->title && columns >= column->from &&
				(!column_is_time(column->kind) || has_times);

		ret_cells[i] = !is_shown ? 0
			     : column->cells ? column_cells(column, columns) : LEAST_REST;
	}
}

static int used_cells(const int cells[VIEW_COLUMNS_MAX])
{
	int used = MARGIN;

	for (int i = 0; i < VIEW_COLUMNS_MAX; i++)
		used += cells[i] ? cells[i] + GAP : 0;
	return used;
}

/* Does `i` go before `than`?  What only large screens have first, and from the right. */
static bool goes_first(const struct view *view, int i, int than)
{
	return than < 0 || view->columns[i].from >= view->columns[than].from;
}

/* The widest column of words gives way, then columns go.  False: there is only what must stay. */
static bool shrink(const struct view *view, int cells[VIEW_COLUMNS_MAX])
{
	int widest = -1, last = -1;

	for (int i = 0; i < VIEW_COLUMNS_MAX; i++) {
		if (!cells[i])
			continue;
		if (!column_is_number(view->columns[i].kind) && cells[i] > LEAST_WORDS &&
		    (widest < 0 || cells[i] > cells[widest]))
			widest = i;
		if (view->columns[i].cells && goes_first(view, i, last))
			last = i;
	}
	if (widest >= 0)
		cells[widest]--;
	else if (last >= 0)
		cells[last] = 0;
	return widest >= 0 || last >= 0;
}

void view_layout(const struct view *view, int columns, bool has_times,
		 int ret_cells[VIEW_COLUMNS_MAX])
{
	choose_columns(view, columns, has_times, ret_cells);
	/* Behind the last one no gap is needed. */
	while (used_cells(ret_cells) > columns + GAP && shrink(view, ret_cells))
		;
	for (int i = 0; i < VIEW_COLUMNS_MAX; i++)
		if (ret_cells[i] && view->columns[i].cells == 0)
			ret_cells[i] += columns > used_cells(ret_cells)
						? columns - used_cells(ret_cells) : 0;
}
