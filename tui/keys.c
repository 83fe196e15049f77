/* SPDX-License-Identifier: Apache-2.0 */
/* keys.c: see keys.h. */
#include "tui/keys.h"

#include <ncurses.h>
#include <stdio.h>

#include "base/fail.h"

/* In the table, where KEY_UP and the like are curses' codes. */
#define CTRL(letter) ((letter) & 0x1f)
#define KEY_ESCAPE 0x1b
#define CODE_OR_CHARACTER(key) ((key) >= KEY_MIN ? (key) | KEY_IS_CODE : (key))

const struct key keys[] = {
#define KEY(context, key, action, word, help) \
	{ CONTEXT_##context, CODE_OR_CHARACTER(key), ACTION_##action, word, help },
#include "tui/keys.def"
#undef KEY
};

const size_t key_count = ARRAY_SIZE(keys);

int key_of(bool is_code, unsigned value)
{
	/* Terminals send either for Enter. */
	if (!is_code && value == '\r')
		return '\n';
	return is_code ? (int)value | KEY_IS_CODE : (int)value;
}

enum action key_action(enum key_context context, int key)
{
	if (key == (KEY_ENTER | KEY_IS_CODE))
		key = '\n';
	for (size_t i = 0; i < key_count; i++)
		if (keys[i].context == context && keys[i].key == key)
			return keys[i].action;
	return ACTION_NONE;
}

static const struct {
	int key;
	const char *name;
} names[] = {
	{ '\n', "Enter" }, { '\t', "Tab" }, { ' ', "Space" }, { KEY_ESCAPE, "Esc" },
	{ KEY_UP | KEY_IS_CODE, "Up" }, { KEY_DOWN | KEY_IS_CODE, "Down" },
	{ KEY_LEFT | KEY_IS_CODE, "Left" }, { KEY_RIGHT | KEY_IS_CODE, "Right" },
	{ KEY_NPAGE | KEY_IS_CODE, "PgDn" }, { KEY_PPAGE | KEY_IS_CODE, "PgUp" },
	{ KEY_HOME | KEY_IS_CODE, "Home" }, { KEY_END | KEY_IS_CODE, "End" },
	{ KEY_BTAB | KEY_IS_CODE, "Shift-Tab" }, { KEY_ENTER | KEY_IS_CODE, "Enter" },
	{ KEY_F(1) | KEY_IS_CODE, "F1" }, { '\\', "Backslash" },
};

size_t key_text(int key, char *out, size_t size)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].key == key)
			return (size_t)snprintf(out, size, "%s", names[i].name);
	if (key > 0 && key < 0x20)
		return (size_t)snprintf(out, size, "Ctrl-%c", key + '@');
	if (key >= 0x20 && key < 0x7f)
		return (size_t)snprintf(out, size, "%c", key);
	return (size_t)snprintf(out, size, "?");
}
