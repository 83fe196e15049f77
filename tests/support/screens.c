/* SPDX-License-Identifier: Apache-2.0 */
/* screens.c: see screens.h. */
#include "tests/support/screens.h"

#include <check.h>

#include "base/fail.h"

#define LATER_MS 1000           /* a question takes keys now */

enum {
	S120 = 1, S100 = 2, S80 = 4, S60 = 8, S39 = 16, S2 = 32,
	FULL = S100 | S80,
	SOME = FULL | S60,
	ALL = SOME | S120,
	EVERY = ALL | S39 | S2
};

static const struct {
	int bit, columns, rows;
} sizes[] = {
	{ S120, 120, 40 }, { S100, 100, 30 }, { S80, 80, 24 }, { S60, 60, 14 }, { S39, 39, 7 },
	{ S2, 2, 2 },
};

static const struct {
	struct screen_row row;
	int sizes;
} table[] = {
#define SCREEN(name, record, keys, sizes) { { #name, record, keys, false, false, 0, 0 }, sizes },
#define UNICODE(name, record, keys, sizes) { { #name, record, keys, false, true, 0, 0 }, sizes },
#define RUN(name, record, keys, sizes) { { #name, record, keys, true, false, 0, 0 }, sizes },
#include "tests/tui/screens.def"
#undef SCREEN
#undef UNICODE
#undef RUN
};

struct screen_row screens[SCREENS_MAX];

int screens_list(void)
{
	int count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		for (size_t k = 0; k < ARRAY_SIZE(sizes); k++) {
			if (!(table[i].sizes & sizes[k].bit) || count == SCREENS_MAX)
				continue;
			screens[count] = table[i].row;
			screens[count].rows = sizes[k].rows;
			screens[count++].columns = sizes[k].columns;
		}
	}
	return count;
}

void screens_show(const struct screen_row *row, struct drive *drive,
		  const struct drive_style *style)
{
	struct drive_style own = *style;

	own.rows = row->rows;
	own.columns = row->columns;
	own.is_unicode |= row->is_unicode;
	if (row->is_run) {
		drive_run(drive, row->record, &own);
		drive_wait(drive, LATER_MS);
	} else {
		drive_record(drive, row->record, &own);
	}
	drive_keys(drive, row->keys);
}
