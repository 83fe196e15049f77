/* SPDX-License-Identifier: Apache-2.0 */
/* shown.c: see shown.h. */
#include "tui/shown.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/text.h"

#define MARK ".."
#define MARK_CELLS 2
#define MARKS_ON_A_CELL 2
/* "\u{10ffff}" for 4 bytes, "\xff" for one, "\u{85}" for two. */
#define GROWS 5
/* More bytes than this are never looked at: of a middle cut both ends are. */
#define LOOKED_AT_MAX 16384

static bool utf8;

void shown_set_utf8(bool is_utf8)
{
	utf8 = is_utf8;
}

bool shown_is_utf8(void)
{
	return utf8;
}

/* One unit of what text_show wrote: an escape or a character, with the marks that follow it. */
struct unit {
	size_t length;
	int cells;
};

/* Never more than there is: words of our own may end in a backslash. */
static size_t escape_length(const char *text, size_t length)
{
	size_t escape = length < 2 ? 1 : text[1] == 'x' ? 4 : 2;

	if (length >= 2 && text[1] == 'u')
		escape = strcspn(text, "}") + 1;
	return escape < length ? escape : length;
}

/* -1: it cannot be drawn. */
static int width_of(unsigned point)
{
	return wcwidth((wchar_t)point);
}

static size_t marks_length(const char *text, size_t length)
{
	size_t at = 0;

	/* Where they cannot be drawn they are no part of the character before. */
	for (int i = 0; utf8 && i < MARKS_ON_A_CELL; i++) {
		unsigned point;
		size_t step = text_character(text + at, length - at, &point);

		if (step < 2 || width_of(point) != 0)
			break;
		at += step;
	}
	return at;
}

static struct unit unit_at(const char *text, size_t length)
{
	unsigned point = 0;
	struct unit unit;

	if (text[0] == '\\') {
		unit.length = escape_length(text, length);
		unit.cells = (int)unit.length;
		return unit;
	}
	unit.length = text_character(text, length, &point);
	if (unit.length == 0)
		return (struct unit){ 1, 1 };
	unit.cells = width_of(point);
	if (unit.cells > 0)
		unit.length += marks_length(text + unit.length, length - unit.length);
	return unit;
}

/* Above 0x7f: where the terminal may not know it, a mark without a cell, what has no width. */
static bool must_escape(const char *text, const struct unit *unit)
{
	return (unsigned char)text[0] >= 0x80 && (!utf8 || unit->cells <= 0);
}

static size_t escape_character(char *out, const char *text, size_t length, size_t *ret_step)
{
	unsigned point = 0;

	*ret_step = text_character(text, length, &point);
	return (size_t)sprintf(out, "\\u{%x}", point);
}

/* Shown form of `bytes`, units that cannot be drawn escaped; malloc'd. */
static char *escape(const char *bytes, size_t length)
{
	size_t size = GROWS * length + 1, shown_length, used = 0;
	char *shown = malloc(size), *out = calloc(2, size);

	if (!shown || !out) {
		free(shown);
		free(out);
		return NULL;
	}
	shown_length = text_show(shown, size, bytes, length);
	for (size_t at = 0; at < shown_length;) {
		struct unit unit = unit_at(shown + at, shown_length - at);

		if (must_escape(shown + at, &unit)) {
			used += escape_character(out + used, shown + at, shown_length - at,
						 &unit.length);
		} else {
			memcpy(out + used, shown + at, unit.length);
			used += unit.length;
		}
		at += unit.length;
	}
	out[used] = '\0';
	free(shown);
	return out;
}

static int cells_of(const char *text)
{
	size_t length = strlen(text);
	int cells = 0;

	for (size_t at = 0; at < length;) {
		struct unit unit = unit_at(text + at, length - at);

		cells += unit.cells;
		at += unit.length;
	}
	return cells;
}

/* Bytes of the longest beginning, in whole units, of at most `cells`. */
static size_t head_length(const char *text, int cells)
{
	size_t length = strlen(text), at = 0;

	while (at < length) {
		struct unit unit = unit_at(text + at, length - at);

		cells -= unit.cells;
		if (cells < 0)
			break;
		at += unit.length;
	}
	return at;
}

/* Where the longest end of at most `cells` begins. */
static const char *tail_of(const char *text, int cells)
{
	int left = cells_of(text);
	size_t length = strlen(text), at = 0;

	while (left > cells) {
		struct unit unit = unit_at(text + at, length - at);

		left -= unit.cells;
		at += unit.length;
	}
	return text + at;
}

static void append(struct shown *shown, const char *text, size_t length)
{
	size_t used = strlen(shown->text);

	assert(used + length < SHOWN_MAX);
	memcpy(shown->text + used, text, length);
	shown->text[used + length] = '\0';
	shown->cells = cells_of(shown->text);
}

/* Puts escaped text behind: cut at its end or, with `keeps_end`, in its middle. */
static void append_cut(struct shown *shown, const char *text, int cells, bool keeps_end)
{
	int room = cells - MARK_CELLS, head = keeps_end ? room / 3 : room;
	size_t length;

	if (cells <= 0)
		return;
	if (cells_of(text) <= cells) {
		append(shown, text, strlen(text));
		return;
	}
	if (room <= 0) {
		append(shown, text, head_length(text, cells));
		return;
	}
	length = head_length(text, head);
	append(shown, text, length);
	append(shown, MARK, strlen(MARK));
	if (keeps_end) {
		const char *tail = tail_of(text, room - head);

		append(shown, tail, strlen(tail));
	}
}

static int bounded(int cells)
{
	return cells < SHOWN_CELLS_MAX ? cells : SHOWN_CELLS_MAX;
}

/* Of a text that is far too long its middle, or its end, is not even looked at. */
static char *escape_some(const char *bytes, bool keeps_end)
{
	size_t length = bytes ? strlen(bytes) : 0, half = LOOKED_AT_MAX / 2;
	char ends[LOOKED_AT_MAX];

	if (length <= LOOKED_AT_MAX)
		return length ? escape(bytes, length) : NULL;
	if (!keeps_end)
		return escape(bytes, LOOKED_AT_MAX);
	memcpy(ends, bytes, half);
	memcpy(ends + half, bytes + length - half, half);
	return escape(ends, sizeof(ends));
}

static void add_bytes(struct shown *shown, const char *bytes, int cells, bool keeps_end)
{
	char *text = escape_some(bytes, keeps_end);

	if (text)
		append_cut(shown, text, bounded(cells) - shown->cells, keeps_end);
	free(text);
}

void shown_text(struct shown *shown, const char *bytes, int cells)
{
	shown->text[0] = '\0';
	shown->cells = 0;
	add_bytes(shown, bytes, cells, false);
}

void shown_middle(struct shown *shown, const char *bytes, int cells)
{
	shown->text[0] = '\0';
	shown->cells = 0;
	add_bytes(shown, bytes, cells, true);
}

void shown_add(struct shown *shown, const char *bytes, int cells)
{
	add_bytes(shown, bytes, cells, false);
}

void shown_cut(struct shown *shown, const struct shown *from, int cells)
{
	struct shown cut = { .cells = 0 };

	append_cut(&cut, from->text, bounded(cells), false);
	*shown = cut;
}

static void add_own(struct shown *shown, int cells, const char *format, va_list args)
{
	char text[SHOWN_MAX];

	vsnprintf(text, sizeof(text), format, args);
	add_bytes(shown, text, cells, false);
}

void shown_format(struct shown *shown, int cells, const char *format, ...)
{
	va_list args;

	shown->text[0] = '\0';
	shown->cells = 0;
	va_start(args, format);
	add_own(shown, cells, format, args);
	va_end(args);
}

void shown_add_format(struct shown *shown, int cells, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_own(shown, cells, format, args);
	va_end(args);
}
