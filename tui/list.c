/* SPDX-License-Identifier: Apache-2.0 */
/* list.c: see list.h. */
#include "tui/list.h"

#include <stdint.h>

void list_fit(struct list *list, size_t count, size_t height)
{
	size_t last = count ? count - 1 : 0;

	if (list->follows || list->selected > last)
		list->selected = last;
	if (height == 0)
		height = 1;
	if (list->selected < list->top)
		list->top = list->selected;
	if (list->selected - list->top >= height)
		list->top = list->selected - height + 1;
	/* No empty rows below while there are some above. */
	if (list->top > count || height > count - list->top)
		list->top = count > height ? count - height : 0;
}

void list_select(struct list *list, size_t row, size_t count, size_t height)
{
	list->follows = false;
	list->selected = row;
	list_fit(list, count, height);
}

void list_move(struct list *list, long by, size_t count, size_t height)
{
	size_t back = by < 0 ? -(size_t)by : 0, row = list->selected;

	if (by < 0)
		row = back > row ? 0 : row - back;
	else
		row = (size_t)by > SIZE_MAX - row ? SIZE_MAX : row + (size_t)by;
	list_select(list, row, count, height);
}

void list_first(struct list *list, size_t count, size_t height)
{
	list_select(list, 0, count, height);
}

void list_last(struct list *list, size_t count, size_t height)
{
	list->follows = true;
	list_fit(list, count, height);
}
