/* SPDX-License-Identifier: Apache-2.0 */
/*
 * marks.h: code points that have no cell of their own but stand on the one before.
 *
 * Not wcwidth: what is counted as a mark must not depend on the locale, because the bound on how
 * many of them reach the terminal library (tui/sieve.h) rests on it.
 */
#ifndef TUI_MARKS_H
#define TUI_MARKS_H

#include <stdbool.h>

/* Marks that stay on one cell; more are left out. */
#define MARKS_MAX 2

bool mark_is(unsigned point);

#endif
