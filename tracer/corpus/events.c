/* SPDX-License-Identifier: Apache-2.0 */
/* events.c: see events.h. */
#include "tracer/corpus/events.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static int wrong(char *why, size_t size, size_t line, const char *what)
{
	snprintf(why, size, "line %zu of the record %s", line, what);
	return -EINVAL;
}

static int add_line(json_t *events, const char *line, size_t length, char *why, size_t size)
{
	size_t number = json_array_size(events) + 1;
	json_t *object;

	if (line[length - 1] != '\n')
		return wrong(why, size, number, "is cut off");
	for (size_t i = 0; i + 1 < length; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			return wrong(why, size, number, "holds a control character");
	object = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(object)) {
		json_decref(object);
		return wrong(why, size, number, "is not a JSON object");
	}
	return json_array_append_new(events, object) < 0 ? -ENOMEM : 0;
}

static const char *string_of(const json_t *event, const char *key)
{
	const char *text = json_string_value(json_object_get(event, key));

	return text ? text : "";
}

static int check_ends(const json_t *events, char *why, size_t size)
{
	size_t count = json_array_size(events);

	if (!count || strcmp(string_of(json_array_get(events, 0), "type"), "start") != 0)
		return wrong(why, size, 1, "is not its start");
	if (strcmp(string_of(json_array_get(events, count - 1), "type"), "result") != 0)
		return wrong(why, size, count, "is the last, and not its result");
	return 0;
}

int events_read(const char *path, json_t **ret_events, char *why, size_t size)
{
	FILE *f = fopen(path, "re");
	json_t *events = json_array();
	char *line = NULL;
	size_t capacity = 0;
	ssize_t length;
	int error = 0;

	if (!f || !events) {
		error = f ? -ENOMEM : -errno;
		snprintf(why, size, "there is no record");
	}
	while (error == 0 && (length = getline(&line, &capacity, f)) > 0)
		error = add_line(events, line, (size_t)length, why, size);
	if (error == 0)
		error = check_ends(events, why, size);
	free(line);
	if (f)
		fclose(f);
	if (error < 0)
		json_decref(events);
	else
		*ret_events = events;
	return error;
}

bool events_path_matches(const char *pattern, const char *path, size_t length)
{
	const char *star = NULL;
	size_t at = 0, behind_star = 0;

	while (at < length) {
		if (*pattern == '*') {
			star = pattern++;
			behind_star = at;
		} else if (*pattern && *pattern == path[at]) {
			pattern++;
			at++;
		} else if (star) {
			pattern = star + 1;
			at = ++behind_star;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

static int hex_digit(char c)
{
	const char *const digits = "0123456789abcdef";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* The bytes at `key`: as hex under key_hex where they are not UTF-8. */
static bool path_meets(const json_t *event, const char *key, const char *pattern)
{
	char name[32], bytes[PATH_MAX];
	const json_t *text = json_object_get(event, key);
	const char *hex;
	size_t length = 0;

	snprintf(name, sizeof(name), "%s_hex", key);
	hex = json_string_value(json_object_get(event, name));
	if (!hex)
		return text && json_is_string(text) &&
		       events_path_matches(pattern, json_string_value(text),
					   json_string_length(text));
	for (; hex[0] && hex[1] && length < sizeof(bytes); hex += 2) {
		int high = hex_digit(hex[0]), low = hex_digit(hex[1]);

		if (high < 0 || low < 0)
			return false;
		bytes[length++] = (char)(high << 4 | low);
	}
	return !hex[0] && events_path_matches(pattern, bytes, length);
}

static bool word_meets(const char *word, const json_t *event, const char *key)
{
	return !*word || !strcmp(word, "*") || !strcmp(word, string_of(event, key));
}

/* "0": success, where the record has no name of an error. */
static bool error_meets(const char *word, const json_t *event)
{
	if (!strcmp(word, "0"))
		return json_integer_value(json_object_get(event, "errno")) == 0;
	return word_meets(word, event, "error");
}

static bool event_meets(const json_t *event, const struct corpus_expect *expect)
{
	return !strcmp(string_of(event, "type"), "call") &&
	       word_meets(expect->call, event, "call") &&
	       word_meets(expect->class, event, "class") &&
	       word_meets(expect->verdict, event, "verdict") && error_meets(expect->error, event) &&
	       (!expect->path[0] || !strcmp(expect->path, "*") ||
		path_meets(event, "path", expect->path) ||
		path_meets(event, "path2", expect->path));
}

bool events_meet(const json_t *events, const struct corpus_expect *expect)
{
	size_t i;
	json_t *event;

	json_array_foreach(events, i, event)
		if (event_meets(event, expect))
			return true;
	return false;
}

bool events_refusal(const json_t *events, char *out, size_t size)
{
	size_t i;
	json_t *event;

	json_array_foreach(events, i, event) {
		const char *verdict = string_of(event, "verdict");
		char path[256];

		if (json_is_true(json_object_get(event, "probe")) ||
		    (strcmp(verdict, "deny") != 0 && strcmp(verdict, "kill") != 0))
			continue;
		text_show_string(path, sizeof(path), string_of(event, "path"));
		snprintf(out, size, "%s %s %s %s %s", string_of(event, "call"),
			 string_of(event, "class"), verdict, string_of(event, "error"), path);
		return true;
	}
	return false;
}

void events_print_expect(const struct corpus_expect *expect, char *out, size_t size)
{
	snprintf(out, size, "%s %s %s%s%s%s%s", expect->call, expect->class, expect->verdict,
		 expect->error[0] ? " " : "", expect->error, expect->path[0] ? " " : "",
		 expect->path);
}
