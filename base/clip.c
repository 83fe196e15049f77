/* SPDX-License-Identifier: Apache-2.0 */
/* clip.c: see clip.h. */
#include "base/clip.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define GROWS 9            /* "\u{e0001}" for a character of 4 bytes; "\xff" for one */
#define MARK ".."
#define MARK_COLUMNS 2

static bool continues(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

size_t clip_columns(const char *shown)
{
	size_t count = 0;

	for (; *shown; shown++)
		count += !continues(*shown);
	return count;
}

/* Bytes of the escape or the character that stands at `shown`. */
static size_t unit_length(const char *shown)
{
	size_t length = 1;

	if (shown[0] == '\\' && shown[1] == 'x')
		return 4;
	if (shown[0] == '\\' && shown[1] == 'u')
		return strcspn(shown, "}") + 1;
	if (shown[0] == '\\')
		return 2;
	while (continues(shown[length]))
		length++;
	return length;
}

/* Columns of the first `length` bytes. */
static size_t columns_of(const char *shown, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += !continues(shown[i]);
	return count;
}

/* Bytes of the longest beginning, in whole units, of at most `columns`. */
static size_t head_length(const char *shown, size_t columns)
{
	size_t at = 0;

	while (shown[at] && columns_of(shown, at + unit_length(shown + at)) <= columns)
		at += unit_length(shown + at);
	return at;
}

/* Where the longest end, in whole units, of at most `columns` begins. */
static const char *tail_start(const char *shown, size_t columns)
{
	size_t left = clip_columns(shown);

	while (left > columns) {
		size_t length = unit_length(shown);

		left -= columns_of(shown, length);
		shown += length;
	}
	return shown;
}

static void copy(char *out, size_t size, const char *bytes, size_t length, size_t *used)
{
	if (*used + length < size) {
		memcpy(out + *used, bytes, length);
		*used += length;
	}
	out[*used] = '\0';
}

/* Of what is too long: a third for the beginning, since the name at the end matters more. */
static void copy_ends(char *out, size_t size, const char *shown, size_t columns)
{
	size_t used = 0, head = head_length(shown, (columns - MARK_COLUMNS) / 3);
	const char *tail = tail_start(shown, columns - MARK_COLUMNS - columns_of(shown, head));

	copy(out, size, shown, head, &used);
	copy(out, size, MARK, MARK_COLUMNS, &used);
	copy(out, size, tail, strlen(tail), &used);
}

size_t clip_middle(char *out, size_t size, const char *string, size_t columns)
{
	size_t length = string ? strlen(string) : 0, used = 0;
	char *shown;

	if (size == 0)
		return 0;
	out[0] = '\0';
	shown = columns > MARK_COLUMNS ? malloc(GROWS * length + 1) : NULL;
	if (!shown)
		return 0;
	text_show(shown, GROWS * length + 1, string ? string : "", length);
	if (clip_columns(shown) <= columns)
		copy(out, size, shown, strlen(shown), &used);
	else
		copy_ends(out, size, shown, columns);
	free(shown);
	return clip_columns(out);
}
