/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys.h: keys and what they mean where; keys.def has the table.
 *
 * A key is a code point, or one of curses' key codes plus KEY_IS_CODE.
 */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#define KEY_IS_CODE 0x1000000
#define KEY_NONE (-1)
#define KEY_CLICK (-2)           /* screen_clicked_row says where */

enum key_context {
	CONTEXT_ANYWHERE, CONTEXT_LIST, CONTEXT_OUTPUT, CONTEXT_FOCUS, CONTEXT_PAGE, CONTEXT_SORT,
	CONTEXT_QUIT, CONTEXT_QUESTION, CONTEXT_RULE,
	CONTEXTS
};

enum action {
	ACTION_NONE,
	ACTION_DOWN, ACTION_UP, ACTION_OPEN, ACTION_PAGE_DOWN, ACTION_PAGE_UP, ACTION_HALF_DOWN,
	ACTION_HALF_UP, ACTION_FIRST, ACTION_LAST, ACTION_LEFT, ACTION_RIGHT,
	ACTION_SEARCH, ACTION_NEXT_HIT, ACTION_HIT_BEFORE, ACTION_FILTER, ACTION_CLEAR,
	ACTION_NEXT_BAD, ACTION_BAD_BEFORE, ACTION_SORT, ACTION_REVERSE, ACTION_SOURCE,
	ACTION_NATIVE, ACTION_SMALLER, ACTION_LARGER, ACTION_TREE, ACTION_DRAFT,
	/* In the order of their keys. */
	ACTION_VIEW_0, ACTION_VIEW_1, ACTION_VIEW_2, ACTION_VIEW_3, ACTION_VIEW_4, ACTION_VIEW_5,
	ACTION_VIEW_6, ACTION_VIEW_7, ACTION_VIEW_8, ACTION_VIEW_NEXT, ACTION_VIEW_BEFORE,
	ACTION_PAUSE, ACTION_FREEZE, ACTION_FOLLOW, ACTION_QUESTION, ACTION_PLAIN, ACTION_EXPORT,
	ACTION_MOUSE, ACTION_REDRAW, ACTION_HELP, ACTION_BACK, ACTION_QUIT, ACTION_FOCUS,
	ACTION_UNFOCUS, ACTION_QUIT_KILL, ACTION_QUIT_LEAVE,
	ACTION_DENY_ONCE, ACTION_ALLOW_ONCE, ACTION_DENY_RUN, ACTION_ALLOW_RUN, ACTION_RULE,
	ACTION_KILL, ACTION_HIDE, ACTION_WIDEN, ACTION_SUSPEND
};

struct key {
	enum key_context context;
	int key;
	enum action action;
	const char *word, *help;
};

extern const struct key keys[];
extern const size_t key_count;

enum action key_action(enum key_context context, int key);

/* "Enter", "Ctrl-U", "PgDn", "j"; returns its length. */
size_t key_text(int key, char *out, size_t size);

/* What curses gave: a character, or the code of a key. */
int key_of(bool is_code, unsigned value);

#endif
