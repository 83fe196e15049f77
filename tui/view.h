/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view.h: the views as data; views.def has the table.
 */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include <stdbool.h>

#include "tui/groups.h"

enum view_id {
#define VIEW(id, ...) VIEW_##id,
#define COLUMN(...)
#define END
#include "tui/views.def"
#undef VIEW
#undef COLUMN
#undef END
	VIEWS
};

enum column_kind {
	COLUMN_NAME,            /* of a group: the key's first field */
	COLUMN_SECOND,          /* its second field */
	COLUMN_NUMBER, COLUMN_TIME, COLUMN_PID, COLUMN_VERDICT, COLUMN_CALL, COLUMN_TARGET,
	COLUMN_RESULT, COLUMN_LINE,
	COLUMN_GROUP, COLUMN_CALLS, COLUMN_DENIED, COLUMN_FAILED, COLUMN_TOTAL, COLUMN_MEDIAN,
	COLUMN_MAX, COLUMN_SHARE, COLUMN_BUSIEST, COLUMN_BUSIEST_TARGET, COLUMN_READS,
	COLUMN_WRITES, COLUMN_DELETES, COLUMN_RUNS, COLUMN_PROGRAM
};

/* What a row of a view stands for. */
enum row_kind { ROW_NONE, ROW_EVENT, ROW_CALL, ROW_FILE, ROW_LINE, ROW_HOST, ROW_PROCESS, ROW_RULE,
		ROW_REFUSED /* of the report: call, target */ };

#define VIEW_COLUMNS_MAX 12

struct column {
	enum column_kind kind;
	const char *title;      /* NULL: behind the last one */
	int cells;              /* 0: what the others leave */
	int from;               /* shown from so many columns of screen on */
	const char *help;
};

struct view {
	char key;
	const char *name, *short_name, *words;
	enum row_kind rows;
	enum column_kind sort;  /* at first */
	const char *filter;     /* key of the term that Enter adds; "": Enter opens the event */
	struct column columns[VIEW_COLUMNS_MAX];
};

extern const struct view views[VIEWS];

/* Columns of numbers stand right and are sorted from the largest on. */
bool column_is_number(enum column_kind kind);

/* Only where times are known. */
bool column_is_time(enum column_kind kind);

/* Order of two rows by a column: negative when `a` comes first. */
int view_compare(const struct group_row *a, const struct group_row *b, int kind);

/* How many cells each column gets on a screen of `columns`; 0: not shown. */
void view_layout(const struct view *view, int columns, bool has_times,
		 int ret_cells[VIEW_COLUMNS_MAX]);

#endif
