/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layout.h: which rows of the screen are for what.  Arithmetic only.
 *
 *     title, counters, tabs       three rows; on a narrow screen the title alone
 *     head of the columns
 *     list
 *     rule, detail                on a narrow screen one row of detail without a rule
 *     (a free row, from 24 rows on)
 *     keys
 */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include <stdbool.h>

#define LAYOUT_LEAST_COLUMNS 40
#define LAYOUT_LEAST_ROWS 8
#define LAYOUT_WIDE 96          /* from here on the detail stands in two columns */

struct layout {
	int rows, columns;
	bool is_tiny;           /* nothing but a word about that */
	bool is_narrow;
	int body_y;             /* first row below title, counters, tabs */
	int body_rows;          /* down to the keys: for views without a list */
	int list_y, list_rows;
	int rule_y;             /* -1: none */
	int detail_y, detail_rows;
	int keys_y;
};

/* `detail`: rows that the person chose for it; 0: as many as suit the screen. */
void layout_fit(struct layout *layout, int rows, int columns, int detail);

#endif
