/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list.h: where one is in a list of rows: which is selected, which is the first to be seen.
 *
 * Arithmetic only.  Any count and height are fine; the selected row is always seen, and with
 * `follows` it is the last one.
 */
#ifndef TUI_LIST_H
#define TUI_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
	size_t selected, top;
	bool follows;
};

/* Rows came or went, or the pane has another height. */
void list_fit(struct list *list, size_t count, size_t height);

/* By so many rows, up or down; moving ends the following. */
void list_move(struct list *list, long by, size_t count, size_t height);
void list_select(struct list *list, size_t row, size_t count, size_t height);
void list_first(struct list *list, size_t count, size_t height);
void list_last(struct list *list, size_t count, size_t height);

#endif
