/* SPDX-License-Identifier: Apache-2.0 */
/* ahead.c: see ahead.h. */
#include "tui/ahead.h"

#include <string.h>

/* Underlined, reversed, or with a background: empty cells would be seen. */
static bool is_seen_on_blanks(int code)
{
	return code == 4 || code == 7 || (code >= 40 && code <= 47) || code >= 100;
}

/* Length of a sequence of looks at `bytes`; 0: it is another one. */
static size_t looks_length(const char *bytes, size_t length)
{
	int code = 0;

	if (length < 3 || bytes[1] != '[')
		return 0;
	for (size_t i = 2; i < length; i++) {
		if (bytes[i] >= '0' && bytes[i] <= '9' && code < 1000) {
			code = 10 * code + bytes[i] - '0';
			continue;
		}
		if (is_seen_on_blanks(code))
			return 0;
		if (bytes[i] == 'm')
			return i + 1;
		if (bytes[i] != ';')
			return 0;
		code = 0;
	}
	return 0;
}

size_t ahead_run(const char *bytes, size_t length, bool takes_looks, size_t *ret_feeds)
{
	size_t at = 0, feeds = 0;

	while (at < length) {
		unsigned char byte = (unsigned char)bytes[at];
		size_t step = 1;

		if (byte == 0x1b)
			step = takes_looks ? looks_length(bytes + at, length - at) : 0;
		else if (byte < 0x20 && byte != '\r' && byte != '\n' && byte != '\t')
			step = 0;
		if (step == 0)
			break;
		feeds += byte == '\n';
		at += step;
	}
	*ret_feeds = feeds;
	return at;
}

size_t ahead_feeds(const char *bytes, size_t length, size_t feeds)
{
	const char *at = bytes, *end = bytes + length;

	while (feeds-- > 0 && at) {
		at = memchr(at, '\n', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
	return at ? (size_t)(at - bytes) : length;
}
