/* SPDX-License-Identifier: Apache-2.0 */
/* theme.c: see theme.h. */
#include "tui/theme.h"

#include <ncurses.h>
#include <stdbool.h>

#define COLOR_NONE (-1)

struct look {
	short color;
	int attributes;
};

static const struct look looks[][MEANINGS] = {
#define MEANING(name, color, attributes, mono, high_color, high) \
	[MEANING_##name] = { COLOR_##color, (int)(attributes) },
	[THEME_DEFAULT] = {
#include "tui/theme.def"
	},
#undef MEANING
#define MEANING(name, color, attributes, mono, high_color, high) \
	[MEANING_##name] = { COLOR_NONE, (int)(mono) },
	[THEME_MONO] = {
#include "tui/theme.def"
	},
#undef MEANING
#define MEANING(name, color, attributes, mono, high_color, high) \
	[MEANING_##name] = { COLOR_##high_color, (int)(high) },
	[THEME_CONTRAST] = {
#include "tui/theme.def"
	},
#undef MEANING
};

static enum theme_scheme current = THEME_MONO;

void theme_start(enum theme_scheme scheme)
{
	current = has_colors() ? scheme : THEME_MONO;
	if (current == THEME_MONO)
		return;
	start_color();
	use_default_colors();
	for (short color = COLOR_BLACK; color <= COLOR_WHITE; color++)
		init_pair((short)(color + 1), color, -1);
}

int theme_attributes(enum theme_meaning meaning)
{
	const struct look *look = &looks[current][meaning];

	if (look->color == COLOR_NONE)
		return look->attributes;
	return look->attributes | COLOR_PAIR(look->color + 1);
}
