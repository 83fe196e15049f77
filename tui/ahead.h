/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ahead.h: lines that are going to scroll the screen, found before they do.
 *
 * libvterm moves the whole screen for each line at its bottom: a loop that prints would pay for
 * 60 x 200 cells with every line.  Where a run of plain lines is seen to come, the screen is scrolled
 * once for all of them (tui/terminal.c); what is seen afterwards, and kept, is the same.
 */
#ifndef TUI_AHEAD_H
#define TUI_AHEAD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Bytes at the beginning, of what the sieve wrote, that do nothing but write text, from top to
 * bottom; `ret_feeds`: line feeds among them.  With `takes_looks` they may change colours, but not
 * those that empty cells have.
 */
size_t ahead_run(const char *bytes, size_t length, bool takes_looks, size_t *ret_feeds);

/* Bytes up to and with the `feeds`th line feed; `length` when there are fewer. */
size_t ahead_feeds(const char *bytes, size_t length, size_t feeds);

#endif
