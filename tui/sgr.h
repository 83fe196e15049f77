/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sgr.h: colours and looks that a script asks for (SGR, `CSI ... m`), in a form that is always safe.
 *
 * Kept: bold, underlined, reversed, and colours, all of them brought down to the 16 that every
 * terminal has.  Left out: blinking, hidden, and whatever is incomplete or unknown.
 */
#ifndef TUI_SGR_H
#define TUI_SGR_H

#include <stdbool.h>
#include <stddef.h>

/*
 * `params` as they stood (-1: left out), `is_part[i]`: a colon stood in front of params[i].
 * Writes single codes (0-107) to `out`, which has room for `count` of them; returns how many.
 */
size_t sgr_simplify(const int *params, const bool *is_part, size_t count, int *out);

/* The nearest of the 16 colours, as xterm has them. */
int sgr_nearest(int red, int green, int blue);

#endif
