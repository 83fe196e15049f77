/* SPDX-License-Identifier: Apache-2.0 */
/* keycodes.c: see keycodes.h. */
#include "tui/keycodes.h"

#include <ncurses.h>

#include "base/fail.h"

static const struct {
	int code;
	enum terminal_key key;
	unsigned modifiers;
} keys[] = {
	{ KEY_ENTER, TERMINAL_KEY_ENTER, 0 },
	{ KEY_BACKSPACE, TERMINAL_KEY_BACKSPACE, 0 },
	{ KEY_BTAB, TERMINAL_KEY_TAB, TERMINAL_SHIFT },
	{ KEY_UP, TERMINAL_KEY_UP, 0 },
	{ KEY_DOWN, TERMINAL_KEY_DOWN, 0 },
	{ KEY_LEFT, TERMINAL_KEY_LEFT, 0 },
	{ KEY_RIGHT, TERMINAL_KEY_RIGHT, 0 },
	{ KEY_IC, TERMINAL_KEY_INSERT, 0 },
	{ KEY_DC, TERMINAL_KEY_DELETE, 0 },
	{ KEY_HOME, TERMINAL_KEY_HOME, 0 },
	{ KEY_END, TERMINAL_KEY_END, 0 },
	{ KEY_PPAGE, TERMINAL_KEY_PAGE_UP, 0 },
	{ KEY_NPAGE, TERMINAL_KEY_PAGE_DOWN, 0 },
	{ KEY_SR, TERMINAL_KEY_UP, TERMINAL_SHIFT },
	{ KEY_SF, TERMINAL_KEY_DOWN, TERMINAL_SHIFT },
	{ KEY_SLEFT, TERMINAL_KEY_LEFT, TERMINAL_SHIFT },
	{ KEY_SRIGHT, TERMINAL_KEY_RIGHT, TERMINAL_SHIFT },
	{ KEY_SDC, TERMINAL_KEY_DELETE, TERMINAL_SHIFT },
	{ KEY_SHOME, TERMINAL_KEY_HOME, TERMINAL_SHIFT },
	{ KEY_SEND, TERMINAL_KEY_END, TERMINAL_SHIFT },
	/* The keypad without its numbers: its corners. */
	{ KEY_A1, TERMINAL_KEY_HOME, 0 },
	{ KEY_A3, TERMINAL_KEY_PAGE_UP, 0 },
	{ KEY_C1, TERMINAL_KEY_END, 0 },
	{ KEY_C3, TERMINAL_KEY_PAGE_DOWN, 0 },
};

/* terminfo counts on behind F12: with Shift, with Ctrl, with both. */
static bool find_function(int number, enum terminal_key *ret_key, unsigned *ret_modifiers)
{
	static const unsigned modifiers[] = {
		0, TERMINAL_SHIFT, TERMINAL_CONTROL, TERMINAL_SHIFT | TERMINAL_CONTROL,
	};

	if (number < 1 || number > 48)
		return false;
	*ret_key = (enum terminal_key)((int)TERMINAL_KEY_F0 + (number - 1) % 12 + 1);
	*ret_modifiers = modifiers[(number - 1) / 12];
	return true;
}

bool keycodes_find(int code, enum terminal_key *ret_key, unsigned *ret_modifiers)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (keys[i].code == code) {
			*ret_key = keys[i].key;
			*ret_modifiers = keys[i].modifiers;
			return true;
		}
	}
	return find_function(code - KEY_F0, ret_key, ret_modifiers);
}
