/* SPDX-License-Identifier: Apache-2.0 */
/*
 * theme.h: what colours mean; theme.def has the table.  No curses here: attributes are its numbers.
 */
#ifndef TUI_THEME_H
#define TUI_THEME_H

enum theme_scheme { THEME_DEFAULT, THEME_MONO, THEME_CONTRAST };

enum theme_meaning {
#define MEANING(name, color, attributes, mono, high_color, high) MEANING_##name,
#include "tui/theme.def"
#undef MEANING
	MEANINGS
};

/* After initscr; where the terminal has no colours, every scheme is mono. */
void theme_start(enum theme_scheme scheme);

/* Attributes for wattrset. */
int theme_attributes(enum theme_meaning meaning);

#endif
