/* SPDX-License-Identifier: Apache-2.0 */
/* edit.c: see edit.h. */
#include "tui/edit.h"

#include <stdio.h>
#include <string.h>

static bool continues(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

void edit_set(struct edit *edit, const char *text)
{
	snprintf(edit->text, sizeof(edit->text), "%s", text);
	edit->length = strlen(edit->text);
	/* No half of a character where it was cut. */
	if (text[edit->length])
		while (edit->length > 0 && continues(text[edit->length]))
			edit->length--;
	edit->text[edit->length] = '\0';
	edit->cursor = edit->length;
}

static void cut(struct edit *edit, size_t from, size_t to)
{
	memmove(edit->text + from, edit->text + to, edit->length - to + 1);
	edit->length -= to - from;
	edit->cursor = from;
}

bool edit_insert(struct edit *edit, const char *character, size_t length)
{
	if (edit->length + length >= EDIT_MAX || (unsigned char)character[0] < 0x20 ||
	    character[0] == 0x7f)
		return false;
	memmove(edit->text + edit->cursor + length, edit->text + edit->cursor,
		edit->length - edit->cursor + 1);
	memcpy(edit->text + edit->cursor, character, length);
	edit->length += length;
	edit->cursor += length;
	return true;
}

static size_t before(const struct edit *edit)
{
	size_t at = edit->cursor;

	if (at > 0)
		at--;
	while (at > 0 && continues(edit->text[at]))
		at--;
	return at;
}

static size_t behind(const struct edit *edit)
{
	size_t at = edit->cursor;

	if (at < edit->length)
		at++;
	while (at < edit->length && continues(edit->text[at]))
		at++;
	return at;
}

void edit_backspace(struct edit *edit)
{
	cut(edit, before(edit), edit->cursor);
}

void edit_delete(struct edit *edit)
{
	cut(edit, edit->cursor, behind(edit));
}

void edit_left(struct edit *edit)
{
	edit->cursor = before(edit);
}

void edit_right(struct edit *edit)
{
	edit->cursor = behind(edit);
}

void edit_home(struct edit *edit)
{
	edit->cursor = 0;
}

void edit_end(struct edit *edit)
{
	edit->cursor = edit->length;
}

void edit_clear_before(struct edit *edit)
{
	cut(edit, 0, edit->cursor);
}

void edit_word_before(struct edit *edit)
{
	size_t at = edit->cursor;

	while (at > 0 && edit->text[at - 1] == ' ')
		at--;
	while (at > 0 && edit->text[at - 1] != ' ')
		at--;
	cut(edit, at, edit->cursor);
}
