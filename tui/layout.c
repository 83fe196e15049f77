/* SPDX-License-Identifier: Apache-2.0 */
/* layout.c: see layout.h. */
#include "tui/layout.h"

#define NARROW_COLUMNS 70
#define NARROW_ROWS 18
#define FREE_ROW_FROM 24
#define LARGE_DETAIL_FROM 28
#define LEAST_LIST 3

static void fit_narrow(struct layout *layout)
{
	layout->body_y = 1;
	layout->body_rows = layout->keys_y - 1;
	layout->list_y = 2;
	layout->list_rows = layout->keys_y - 3;
	layout->rule_y = -1;
	layout->detail_y = layout->keys_y - 1;
	layout->detail_rows = 1;
}

static int detail_rows(const struct layout *layout, int wanted, int room)
{
	int rows = wanted ? wanted : layout->rows >= LARGE_DETAIL_FROM ? 8 : 6;

	/* The list keeps a few rows, whatever was chosen on a larger screen. */
	if (rows > room - LEAST_LIST)
		rows = room - LEAST_LIST;
	return rows > 1 ? rows : 1;
}

static void fit_full(struct layout *layout, int detail)
{
	int bottom = layout->keys_y - (layout->rows >= FREE_ROW_FROM);

	layout->body_y = 3;
	layout->body_rows = layout->keys_y - layout->body_y;
	layout->list_y = 4;
	layout->detail_rows = detail_rows(layout, detail, bottom - layout->list_y - 1);
	layout->detail_y = bottom - layout->detail_rows;
	layout->rule_y = layout->detail_y - 1;
	layout->list_rows = layout->rule_y - layout->list_y;
}

void layout_fit(struct layout *layout, int rows, int columns, int detail)
{
	*layout = (struct layout){ .rows = rows, .columns = columns, .keys_y = rows - 1 };
	layout->is_tiny = rows < LAYOUT_LEAST_ROWS || columns < LAYOUT_LEAST_COLUMNS;
	layout->is_narrow = rows < NARROW_ROWS || columns < NARROW_COLUMNS;
	if (layout->is_tiny)
		return;
	if (layout->is_narrow)
		fit_narrow(layout);
	else
		fit_full(layout, detail);
}
