/* SPDX-License-Identifier: Apache-2.0 */
/* text.c: see text.h. */
#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The longest shown form of one unit: "\u{10ffff}" and its NUL. */
#define UNIT_MAX 12
#define CUT_MARK "..."
#define CUT_MARK_LENGTH 3

struct range {
	unsigned first, last;
};

/*
 * Not plain, in ascending order: what Unicode calls default-ignorable, the bidi controls, the line
 * separators, C1.  Variation selectors are left out: ordinary emoji carry them.
 */
static const struct range hidden[] = {
	{ 0x0000, 0x001f },   /* C0 */
	{ 0x007f, 0x009f },   /* DEL, C1: 0x9b is CSI to some terminals */
	{ 0x00ad, 0x00ad },   /* soft hyphen */
	{ 0x034f, 0x034f },   /* grapheme joiner */
	{ 0x061c, 0x061c },   /* Arabic letter mark: bidi */
	{ 0x115f, 0x1160 },   /* Hangul fillers */
	{ 0x17b4, 0x17b5 },   /* Khmer inherent vowels: nothing to see */
	{ 0x180e, 0x180e },   /* Mongolian vowel separator */
	{ 0x200b, 0x200f },   /* zero width, LRM, RLM */
	{ 0x2028, 0x202e },   /* line and paragraph separator, bidi embedding and override */
	{ 0x2060, 0x206f },   /* word joiner, invisible operators, bidi isolates */
	{ 0x3164, 0x3164 },   /* Hangul filler */
	{ 0xd800, 0xdfff },   /* surrogates: no characters at all */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xffa0, 0xffa0 },   /* half-width Hangul filler */
	{ 0xfff9, 0xfffb },   /* interlinear annotation */
	{ 0x1d173, 0x1d17a }, /* musical formatting */
	{ 0xe0000, 0xe007f }, /* tags: a second, invisible ASCII */
};

bool text_is_plain(unsigned point)
{
	if (point < 0x7f)
		return point >= 0x20;
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		if (point < hidden[i].first)
			break;
		if (point <= hidden[i].last)
			return false;
	}
	return point <= 0x10ffff;
}

/* Bytes that a character starting with `lead` has, and the smallest code point of that length. */
static size_t lead_length(unsigned char lead, unsigned *ret_point, unsigned *ret_least)
{
	size_t length = 0;

	if (lead >= 0xc2 && lead <= 0xdf)
		length = 2;
	else if (lead >= 0xe0 && lead <= 0xef)
		length = 3;
	else if (lead >= 0xf0 && lead <= 0xf4)
		length = 4;
	*ret_point = lead & (0x7fu >> length);
	*ret_least = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
	return length;
}

size_t text_character(const char *bytes, size_t length, unsigned *ret_point)
{
	const unsigned char *at = (const unsigned char *)bytes;
	unsigned point, least;
	size_t need;

	if (length == 0)
		return 0;
	if (at[0] < 0x80) {
		*ret_point = at[0];
		return 1;
	}
	need = lead_length(at[0], &point, &least);
	if (need == 0 || need > length)
		return 0;
	for (size_t i = 1; i < need; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (at[i] & 0x3f);
	}
	if (point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return 0;
	*ret_point = point;
	return need;
}

bool text_is_utf8(const char *bytes, size_t length)
{
	unsigned point;

	while (length > 0) {
		size_t step = text_character(bytes, length, &point);

		if (step == 0)
			return false;
		bytes += step;
		length -= step;
	}
	return true;
}

bool text_is_plain_string(const char *string)
{
	size_t left = strlen(string);

	while (left > 0) {
		unsigned point;
		size_t step = text_character(string, left, &point);

		if (step == 0 || !text_is_plain(point))
			return false;
		string += step;
		left -= step;
	}
	return true;
}

static size_t show_byte(char unit[UNIT_MAX], unsigned char byte)
{
	switch (byte) {
	case '\n':
		return (size_t)snprintf(unit, UNIT_MAX, "\\n");
	case '\t':
		return (size_t)snprintf(unit, UNIT_MAX, "\\t");
	case '\r':
		return (size_t)snprintf(unit, UNIT_MAX, "\\r");
	case '\\':
		return (size_t)snprintf(unit, UNIT_MAX, "\\\\");
	default:
		return (size_t)snprintf(unit, UNIT_MAX, "\\x%02x", byte);
	}
}

/* Shows what stands at `bytes`; returns the length of the shown form, `ret_step` what it took. */
static size_t show_unit(char unit[UNIT_MAX], const char *bytes, size_t length, size_t *ret_step)
{
	unsigned point = 0;
	size_t step = text_character(bytes, length, &point);

	*ret_step = step ? step : 1;
	if (step == 0 || point == '\\' || (step == 1 && !text_is_plain(point)))
		return show_byte(unit, (unsigned char)bytes[0]);
	if (!text_is_plain(point))
		return (size_t)snprintf(unit, UNIT_MAX, "\\u{%x}", point);
	memcpy(unit, bytes, step);
	return step;
}

size_t text_show(char *out, size_t size, const char *bytes, size_t length)
{
	size_t used = 0;
	size_t safe = 0;   /* where the mark can still stand, after a whole unit */
	char unit[UNIT_MAX];

	if (size == 0)
		return 0;
	while (length > 0) {
		size_t step;
		size_t shown = show_unit(unit, bytes, length, &step);

		if (used + shown > size - 1) {
			size_t room = size - 1 - safe;

			used = safe + (room < CUT_MARK_LENGTH ? room : CUT_MARK_LENGTH);
			memcpy(out + safe, CUT_MARK, used - safe);
			break;
		}
		memcpy(out + used, unit, shown);
		used += shown;
		if (used + CUT_MARK_LENGTH <= size - 1)
			safe = used;
		bytes += step;
		length -= step;
	}
	out[used] = '\0';
	return used;
}

size_t text_show_string(char *out, size_t size, const char *string)
{
	return text_show(out, size, string ? string : "", string ? strlen(string) : 0);
}

char *text_join(const char *a, const char *b, const char *c)
{
	size_t a_size = strlen(a), b_size = strlen(b), c_size = strlen(c);
	char *joined = malloc(a_size + b_size + c_size + 1);

	if (!joined)
		return NULL;
	memcpy(joined, a, a_size);
	memcpy(joined + a_size, b, b_size);
	memcpy(joined + a_size + b_size, c, c_size + 1);
	return joined;
}
