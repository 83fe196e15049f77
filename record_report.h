/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record_report.h: `pyjail report`: reads a record and prints what it tells.
 */
#ifndef RECORD_REPORT_H
#define RECORD_REPORT_H

#include <stdbool.h>

struct options;

/* Whether it opens the screen (screen.h) in place of printing. */
bool record_report_wants_screen(const struct options *options);

/*
 * Exit status: 0; 1 something is missing from the record (said on stderr); 2 usage, or not a
 * record; 125 it cannot be read, or the report not be written.
 */
int record_report(const struct options *options);

#endif
