/* SPDX-License-Identifier: Apache-2.0 */
/* stream.c: see stream.h. */
#include "tests/support/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"

#define ESC 0x1b
#define SHIFT_IN 0x0f
#define AROUND 40
#define MARKS_MAX 2             /* combining ones on a character: tui/shown.h */

struct scan {
	const unsigned char *bytes;
	size_t length, at;
	const struct stream_rules *rules;
	struct stream_found found;
	int marks;
	char *problem;
	size_t problem_size;
};

static bool complain(struct scan *scan, const char *what)
{
	size_t from = scan->at > AROUND ? scan->at - AROUND : 0, used;

	used = (size_t)snprintf(scan->problem, scan->problem_size, "%s at byte %zu: ", what,
				scan->at);
	for (size_t i = from; i < scan->length && i < scan->at + AROUND &&
	     used + 8 < scan->problem_size; i++) {
		unsigned char byte = scan->bytes[i];

		used += (size_t)snprintf(scan->problem + used, scan->problem_size - used,
					 byte >= 0x20 && byte < 0x7f ? "%c" : "{%02x}", byte);
	}
	return false;
}

/* ---- sequences ---- */

/* Cursor, erasing, inserting, scrolling, modes, looks, size: what xterm's terminfo has. */
static const char csi_finals[] = "@ABCDGHJKLMPSTXZbcdfghlmnrt";

static bool has_color(const char *parameters, size_t length)
{
	char text[64];
	char *rest = text, *word;

	snprintf(text, sizeof(text), "%.*s", (int)length, parameters);
	while ((word = strsep(&rest, ";"))) {
		int number = atoi(word);

		if ((number >= 30 && number <= 49) || (number >= 90 && number <= 107))
			return true;
	}
	return false;
}

static bool check_csi(struct scan *scan, const char *parameters, size_t length, char final)
{
	bool is_color = final == 'm' && has_color(parameters, length);

	if (!strchr(csi_finals, final) || length > 20)
		return complain(scan, "a sequence that is none of terminfo's");
	/* No row or column, no mode and no look has four digits, but for modes of the terminal. */
	if (parameters[0] != '?' && strspn(parameters, "0123456789;") >= 4 &&
	    strstr(parameters, "7777") && strstr(parameters, "7777") < parameters + length)
		return complain(scan, "a name's own sequence");
	scan->found.colors += is_color;
	return !is_color || !scan->rules->is_mono || complain(scan, "a colour");
}

static bool take_csi(struct scan *scan)
{
	size_t from = scan->at + 2, end = from;

	while (end < scan->length && scan->bytes[end] >= 0x20 && scan->bytes[end] < 0x40)
		end++;
	if (end == scan->length)
		return complain(scan, "a sequence without an end");
	if (!check_csi(scan, (const char *)scan->bytes + from, end - from,
		       (char)scan->bytes[end]))
		return false;
	scan->at = end + 1;
	/* Normal look, and back to the normal characters: vt100, screen. */
	scan->at += scan->bytes[end] == 'm' && scan->at < scan->length &&
		    scan->bytes[scan->at] == SHIFT_IN;
	return true;
}

/* ESC and what follows it; strings (titles, device control) are nothing that a screen needs. */
static bool take_sequence(struct scan *scan)
{
	unsigned char next = scan->at + 1 < scan->length ? scan->bytes[scan->at + 1] : 0;

	scan->found.sequences++;
	if (next == '[')
		return take_csi(scan);
	if ((next == '(' || next == ')') && scan->at + 2 < scan->length &&
	    strchr("B0", scan->bytes[scan->at + 2])) {
		scan->at += 3;
		return true;
	}
	if (next && strchr("=>78MDEH", next)) {
		scan->at += 2;
		return true;
	}
	return complain(scan, "ESC and what terminfo does not have");
}

/* ---- text ---- */

static const struct {
	unsigned first, last;
	const char *name;
} forbidden[] = {
	{ 0x7f, 0x9f, "a C1 control" }, { 0xad, 0xad, "a soft hyphen" },
	{ 0x61c, 0x61c, "a bidi mark" }, { 0x180e, 0x180e, "a vowel separator" },
	{ 0x200b, 0x200d, "a zero-width character" }, { 0x200e, 0x200f, "a bidi mark" },
	{ 0x2028, 0x2029, "a line separator" }, { 0x202a, 0x202e, "a bidi override" },
	{ 0x2060, 0x2064, "an invisible character" }, { 0x2066, 0x206f, "a bidi isolate" },
	{ 0xfeff, 0xfeff, "a byte order mark" }, { 0xfff9, 0xfffb, "an annotation" },
	{ 0xe0000, 0xe0fff, "a tag" },
};

/* Length of the strictly valid character; 0: none. */
static size_t decode(const unsigned char *bytes, size_t length, unsigned *ret_point)
{
	size_t size = bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : 2;
	static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned point;

	if (bytes[0] < 0xc2 || bytes[0] > 0xf4 || size > length)
		return 0;
	point = bytes[0] & (0xffu >> (size + 1));
	for (size_t i = 1; i < size; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (bytes[i] & 0x3fu);
	}
	if (point < least[size] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return 0;
	*ret_point = point;
	return size;
}

static bool check_point(struct scan *scan, unsigned point)
{
	for (size_t i = 0; i < ARRAY_SIZE(forbidden); i++)
		if (point >= forbidden[i].first && point <= forbidden[i].last)
			return complain(scan, forbidden[i].name);
	scan->marks = point >= 0x300 && point < 0x370 ? scan->marks + 1 : 0;
	return scan->marks <= MARKS_MAX || complain(scan, "a heap of marks");
}

static bool take_wide(struct scan *scan)
{
	unsigned point = 0;
	size_t size = decode(scan->bytes + scan->at, scan->length - scan->at, &point);

	if (size == 0)
		return complain(scan, "no UTF-8");
	if (scan->rules->is_ascii)
		return complain(scan, "no ASCII");
	if (!check_point(scan, point))
		return false;
	scan->at += size;
	return true;
}

/* Those that terminfo moves the cursor with are fine: backspace, tab, line feed, return. */
static bool take_plain(struct scan *scan)
{
	const char *canary = scan->rules->canary;
	unsigned char byte = scan->bytes[scan->at];

	if ((byte < 0x20 && !strchr("\b\t\n\r", byte)) || byte == 0x7f || byte == 0)
		return complain(scan, "a control");
	if (canary && scan->length - scan->at >= strlen(canary) &&
	    !memcmp(scan->bytes + scan->at, canary, strlen(canary)))
		scan->found.canaries++;
	scan->marks = 0;
	scan->at++;
	return true;
}

bool stream_check(const char *bytes, size_t length, const struct stream_rules *rules,
		  struct stream_found *ret_found, char *problem, size_t size)
{
	struct scan scan = { .bytes = (const unsigned char *)bytes, .length = length,
			     .rules = rules, .problem = problem, .problem_size = size };
	bool is_fine = true;

	while (is_fine && scan.at < length) {
		unsigned char byte = scan.bytes[scan.at];

		scan.found.characters++;
		is_fine = byte == ESC ? take_sequence(&scan)
			: byte >= 0x80 ? take_wide(&scan) : take_plain(&scan);
	}
	*ret_found = scan.found;
	return is_fine;
}
