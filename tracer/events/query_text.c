/* SPDX-License-Identifier: Apache-2.0 */
/* query_text.c: see query_text.h. */
#include "tracer/events/query_text.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define POINT_DIGITS_MAX 6

static bool is_key_letter(char letter)
{
	return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
	       letter == '_';
}

static bool is_sign(char letter)
{
	return letter == '=' || letter == '~';
}

static size_t letters_length(const char *text)
{
	size_t length = 0;

	while (is_key_letter(text[length]))
		length++;
	return length;
}

size_t query_key_length(const char *text)
{
	size_t length = letters_length(text);

	return is_sign(text[length]) ? length : 0;
}

bool query_is_unequal(const char *text)
{
	size_t length = letters_length(text);

	return length && text[length] == '!' && is_sign(text[length + 1]);
}

static int hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static char *put_point(char *out, unsigned point)
{
	int more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
	static const unsigned char lead[] = { 0, 0xc0, 0xe0, 0xf0 };

	*out++ = (char)(lead[more] | point >> (6 * more));
	while (more-- > 0)
		*out++ = (char)(0x80 | (point >> (6 * more) & 0x3f));
	return out;
}

/* \xNN: one byte, never NUL: no name has one. */
static int take_byte(const char **at, char **out)
{
	int high = hex_digit((*at)[2]);
	int low = high < 0 ? -1 : hex_digit((*at)[3]);

	if (low < 0 || high + low == 0)
		return -EINVAL;
	*(*out)++ = (char)(high << 4 | low);
	*at += 4;
	return 0;
}

/* \u{N} */
static int take_point(const char **at, char **out)
{
	const char *digit = *at + 3;
	unsigned point = 0;
	int count = 0;

	if ((*at)[2] != '{')
		return -EINVAL;
	for (; hex_digit(*digit) >= 0 && count < POINT_DIGITS_MAX; digit++, count++)
		point = point << 4 | (unsigned)hex_digit(*digit);
	if (*digit != '}' || point == 0 || point > 0x10ffff)
		return -EINVAL;
	*out = put_point(*out, point);
	*at = digit + 1;
	return 0;
}

static int take_escape(const char **at, char **out)
{
	static const char letters[] = "ntr", bytes[] = "\n\t\r";
	char letter = (*at)[1];
	const char *known = letter ? strchr(letters, letter) : NULL;

	if (letter == 'x')
		return take_byte(at, out);
	if (letter == 'u')
		return take_point(at, out);
	if (!letter || (!known && isalnum((unsigned char)letter)))
		return -EINVAL;
	*(*out)++ = known ? bytes[known - letters] : letter;
	*at += 2;
	return 0;
}

int query_take_value(const char **at, char **out)
{
	while (**at && **at != ' ' && **at != ',') {
		if (**at == '\\') {
			if (take_escape(at, out) < 0)
				return -EINVAL;
		} else {
			*(*out)++ = *(*at)++;
		}
	}
	*(*out)++ = '\0';
	return 0;
}

bool query_contains_place(const char *file, const char *number, const char *part)
{
	const char *colon = strrchr(part, ':');
	size_t length = strlen(file);
	size_t before;

	if (strstr(file, part) || strstr(number, part))
		return true;
	/* Across the colon: the file ends with what stands before it, the number begins so. */
	if (!colon || strncmp(number, colon + 1, strlen(colon + 1)) != 0)
		return false;
	before = (size_t)(colon - part);
	return before <= length && !memcmp(file + length - before, part, before);
}
