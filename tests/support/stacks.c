/* SPDX-License-Identifier: Apache-2.0 */
/* stacks.c: see stacks.h. */
#include "tests/support/stacks.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "/pyjail-stack/"

static const char *string_of(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

/* Which stack the call was about; NULL: none. */
static const char *number_of(const json_t *event)
{
	const char *path = string_of(event, "raw");

	if (strncmp(path, FOLDER, strlen(FOLDER)) != 0)
		path = string_of(event, "path");
	return strncmp(path, FOLDER, strlen(FOLDER)) == 0 ? path + strlen(FOLDER) : NULL;
}

/* Each line an object; those that `keep` wants. */
static json_t *load_lines(const char *path, const char *(*keep)(const json_t *))
{
	FILE *f = fopen(path, "re");
	json_t *array = json_array();
	char *line = NULL;
	size_t size = 0;

	ck_assert_msg(f != NULL, "%s", path);
	while (getline(&line, &size, f) > 0) {
		json_t *object = json_loads(line, 0, NULL);

		ck_assert_msg(object != NULL, "not JSON: %.200s", line);
		if (keep(object))
			json_array_append(array, object);
		json_decref(object);
	}
	free(line);
	fclose(f);
	return array;
}

json_t *stacks_load_record(const char *path)
{
	return load_lines(path, number_of);
}

static const char *n_of(const json_t *object)
{
	return json_string_value(json_object_get(object, "n"));
}

const char *stacks_text(const json_t *event)
{
	static char text[65536];
	const json_t *frame;
	size_t i, used = 0;

	text[0] = '\0';
	json_array_foreach(json_object_get(event, "python"), i, frame) {
		const json_t *times = json_object_get(frame, "times");

		used += (size_t)snprintf(text + used, sizeof(text) - used, "%.2000s:%d %.2000s",
					 string_of(frame, "file"),
					 (int)json_integer_value(json_object_get(frame, "line")),
					 string_of(frame, "function"));
		if (times)
			used += (size_t)snprintf(text + used, sizeof(text) - used, " x %d",
						 (int)json_integer_value(times));
		used += (size_t)snprintf(text + used, sizeof(text) - used, "\n");
		if (used > sizeof(text) - 5000)
			break;
	}
	return text;
}

static bool is_frame(const json_t *frame, const json_t *said)
{
	return !strcmp(string_of(frame, "file"), json_string_value(json_array_get(said, 0))) &&
	       json_integer_value(json_object_get(frame, "line")) ==
		       json_integer_value(json_array_get(said, 1)) &&
	       !strcmp(string_of(frame, "function"), json_string_value(json_array_get(said, 2)));
}

/* Frames that are the same, from the innermost on; *ret_count: how many were recorded. */
static size_t count_same(const json_t *event, const json_t *stack, size_t *ret_count)
{
	size_t i, same = 0;
	const json_t *frame;
	bool is_same = true;

	*ret_count = 0;
	json_array_foreach(json_object_get(event, "python"), i, frame) {
		json_int_t times = json_integer_value(json_object_get(frame, "times"));

		for (json_int_t n = 0; n < (times ? times : 1); n++) {
			is_same = is_same && same < json_array_size(stack) &&
				  is_frame(frame, json_array_get(stack, same));
			same += is_same;
			++*ret_count;
		}
	}
	return same;
}

static void compare_one(const json_t *event, const json_t *said, const char *version,
			struct stacks_count *count)
{
	const json_t *stack = json_object_get(said, "stack");
	size_t recorded, same = count_same(event, stack, &recorded);
	bool is_whole = json_is_true(json_object_get(said, "whole"));
	char *text = NULL;

	if (same != json_array_size(stack) || (is_whole && recorded != same))
		text = json_dumps(stack, 0);
	ck_assert_msg(!text, "%s, %s: %s\n%zu of %zu frames are the same; recorded:\n%s%s",
		      version, n_of(said), text, same, json_array_size(stack), stacks_text(event),
		      string_of(event, "missing"));
	count->compared++;
	count->frames += recorded;
	count->native += json_array_size(json_object_get(event, "native"));
}

struct stacks_count stacks_compare(const char *said_path, const json_t *record,
				   const char *version)
{
	json_t *said = load_lines(said_path, n_of), *by_number = json_object(), *one;
	struct stacks_count count = { 0 };
	size_t i;

	json_array_foreach(said, i, one)
		json_object_set(by_number, n_of(one), one);
	json_array_foreach(record, i, one) {
		const json_t *expected = json_object_get(by_number, number_of(one));

		ck_assert_msg(expected != NULL, "%s: nobody said %s", version, number_of(one));
		compare_one(one, expected, version, &count);
	}
	ck_assert_msg(count.compared == json_object_size(by_number),
		      "%s: %zu stacks of %zu were recorded", version, count.compared,
		      json_object_size(by_number));
	json_decref(by_number);
	json_decref(said);
	return count;
}

static void check_placed(const json_t *event, const char *version)
{
	const json_t *frame, *placed;
	size_t i, total;
	json_int_t next = 0;

	count_same(event, NULL, &total);
	json_array_foreach(json_object_get(event, "native"), i, frame) {
		placed = json_object_get(frame, "python");
		if (!placed)
			continue;
		ck_assert_msg(json_integer_value(json_array_get(placed, 0)) == next,
			      "%s, %s: frame %d is left out of\n%s", version, number_of(event),
			      (int)next, stacks_text(event));
		next += json_integer_value(json_array_get(placed, 1));
	}
	ck_assert_msg(next == (json_int_t)total, "%s, %s: %d frames of %zu are placed in %zu:\n%s",
		      version, number_of(event), (int)next, total,
		      json_array_size(json_object_get(event, "native")), stacks_text(event));
}

void stacks_check_placed(const json_t *record, bool may_be_cut, const char *version)
{
	const json_t *event;
	size_t i, checked = 0;

	json_array_foreach(record, i, event) {
		if (may_be_cut && json_is_true(json_object_get(event, "truncated")))
			continue;
		check_placed(event, version);
		checked++;
	}
	ck_assert_uint_gt(checked, 50);
}
