/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screens.h: the table of golden screens (tests/tui/screens.def), a row for each size.
 */
#ifndef TESTS_SUPPORT_SCREENS_H
#define TESTS_SUPPORT_SCREENS_H

#include "tests/support/drive.h"

struct screen_row {
	const char *name, *record, *keys;
	bool is_run, is_unicode;
	int rows, columns;
};

#define SCREENS_MAX 1024

/* Rows of the table; filled by screens_list, which may be called again. */
extern struct screen_row screens[SCREENS_MAX];
int screens_list(void);

/* Starts it, and presses the keys. */
void screens_show(const struct screen_row *row, struct drive *drive,
		  const struct drive_style *style);

#endif
