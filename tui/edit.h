/* SPDX-License-Identifier: Apache-2.0 */
/*
 * edit.h: a line that a person types.  Bytes of UTF-8; the cursor stands between characters.
 */
#ifndef TUI_EDIT_H
#define TUI_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#define EDIT_MAX 1024

struct edit {
	char text[EDIT_MAX];
	size_t length, cursor;
};

void edit_set(struct edit *edit, const char *text);

/* False: no room, or a byte that no text has (controls). */
bool edit_insert(struct edit *edit, const char *character, size_t length);
void edit_backspace(struct edit *edit);
void edit_delete(struct edit *edit);
void edit_left(struct edit *edit);
void edit_right(struct edit *edit);
void edit_home(struct edit *edit);
void edit_end(struct edit *edit);
void edit_clear_before(struct edit *edit);   /* Ctrl-U */
void edit_word_before(struct edit *edit);    /* Ctrl-W */

#endif
