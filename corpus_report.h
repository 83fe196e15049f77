/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus_report.h: `pyjail corpus`: runs the scripts and prints what became of them.
 */
#ifndef CORPUS_REPORT_H
#define CORPUS_REPORT_H

struct options;

/* Exit status: 0; 1 an escape or a mismatch; 2 a header that is not understood; 125; 128+signal. */
int corpus_report(const struct options *options);

#endif
