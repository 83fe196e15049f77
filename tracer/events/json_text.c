/* SPDX-License-Identifier: Apache-2.0 */
/* json_text.c: see json_text.h. */
#include "tracer/events/json_text.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

char *json_put_raw(char *at, const char *text, size_t length)
{
	memcpy(at, text, length);
	return at + length;
}

char *json_put_text(char *at, const char *text)
{
	return json_put_raw(at, text, strlen(text));
}

char *json_put_unsigned(char *at, uint64_t value, int least_digits)
{
	char digits[20];
	int count = 0;

	while (value > 0 || count < least_digits) {
		digits[count++] = (char)('0' + value % 10);
		value /= 10;
	}
	while (count > 0)
		*at++ = digits[--count];
	return at;
}

char *json_put_signed(char *at, int64_t value)
{
	if (value < 0)
		*at++ = '-';
	return json_put_unsigned(at, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 1);
}

char *json_put_hex(char *at, unsigned value, int digits)
{
	for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
		*at++ = "0123456789abcdef"[value >> shift & 15];
	return at;
}

static char *put_escape(char *at, unsigned point)
{
	if (point > 0xffff) {
		at = put_escape(at, 0xd7c0 + (point >> 10));
		point = 0xdc00 + (point & 0x3ff);
	}
	*at++ = '\\';
	*at++ = 'u';
	return json_put_hex(at, point, 4);
}

/* Bytes that stand for themselves, up to the first that may not: nearly all of a record. */
static size_t plain_run(const char *bytes)
{
	size_t n = 0;

	while (bytes[n] >= ' ' && bytes[n] < 0x7f && bytes[n] != '"' && bytes[n] != '\\')
		n++;
	return n;
}

/* One character that is not plain ASCII, or one bad byte; returns how many bytes it took. */
static size_t put_character(char **at, const char *bytes, size_t left, bool *is_exact)
{
	unsigned point = 0xfffd;
	size_t step = text_character(bytes, left, &point);

	if (step == 0) {
		*is_exact = false;
		*at = put_escape(*at, 0xfffd);
		return 1;
	}
	if (point == '"' || point == '\\') {
		*(*at)++ = '\\';
		*(*at)++ = (char)point;
	} else if (!text_is_plain(point)) {
		*at = put_escape(*at, point);
	} else {
		*at = json_put_raw(*at, bytes, step);
	}
	return step;
}

/*
 * One JSON string.  What a terminal would act on is escaped too, so that a record can be looked
 * at with cat.  `ret_is_exact` is false when a byte had to become U+FFFD.
 */
static char *put_string(char *at, const char *bytes, bool *ret_is_exact)
{
	size_t left = strlen(bytes);

	*ret_is_exact = true;
	*at++ = '"';
	while (left > 0) {
		size_t step = plain_run(bytes);

		if (step)
			at = json_put_raw(at, bytes, step);
		else
			step = put_character(&at, bytes, left, ret_is_exact);
		bytes += step;
		left -= step;
	}
	*at++ = '"';
	return at;
}

static char *put_key(char *at, const char *key, const char *suffix)
{
	*at++ = ',';
	*at++ = '"';
	at = json_put_text(at, key);
	at = json_put_text(at, suffix);
	*at++ = '"';
	*at++ = ':';
	return at;
}

static char *put_hex_string(char *at, const char *bytes)
{
	*at++ = '"';
	for (; *bytes; bytes++)
		at = json_put_hex(at, (unsigned char)*bytes, 2);
	*at++ = '"';
	return at;
}

/* A key with bytes, and its _hex when they are not UTF-8; null for NULL. */
char *json_put_bytes(char *at, const char *key, const char *bytes)
{
	bool is_exact;

	at = put_key(at, key, "");
	if (!bytes)
		return json_put_text(at, "null");
	at = put_string(at, bytes, &is_exact);
	if (is_exact)
		return at;
	at = put_key(at, key, "_hex");
	return put_hex_string(at, bytes);
}

static bool is_utf8(const char *bytes)
{
	size_t left = strlen(bytes), step;
	unsigned point;

	for (; left > 0; bytes += step, left -= step) {
		step = text_character(bytes, left, &point);
		if (!step)
			return false;
	}
	return true;
}

char *json_put_list(char *at, const char *key, const char *const *words)
{
	bool is_exact = true, ignored;

	if (!words)
		return at;
	at = put_key(at, key, "");
	*at++ = '[';
	for (size_t i = 0; words[i]; i++) {
		if (i)
			*at++ = ',';
		at = put_string(at, words[i], &ignored);
		is_exact = is_exact && is_utf8(words[i]);
	}
	*at++ = ']';
	if (is_exact)
		return at;
	at = put_key(at, key, "_hex");
	*at++ = '[';
	for (size_t i = 0; words[i]; i++) {
		if (i)
			*at++ = ',';
		at = is_utf8(words[i]) ? json_put_text(at, "null") : put_hex_string(at, words[i]);
	}
	*at++ = ']';
	return at;
}

char *json_put_optional(char *at, const char *key, const char *bytes)
{
	return bytes ? json_put_bytes(at, key, bytes) : at;
}
