/* SPDX-License-Identifier: Apache-2.0 */
/* result.c: bytes and the end of a run as JSON values.  See jsonl.h. */
#include "tracer/events/jsonl.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tracer/run.h"

#define KEY_MAX 64
#define SECONDS_MAX 1e9

static json_t *clean_string(const char *bytes)
{
	size_t left = strlen(bytes);
	char *clean = malloc(3 * left + 1);
	size_t used = 0;
	json_t *value;

	if (!clean)
		return NULL;
	while (left > 0) {
		unsigned point;
		size_t step = text_character(bytes, left, &point);

		memcpy(clean + used, step ? bytes : "\xef\xbf\xbd", step ? step : 3);
		used += step ? step : 3;
		bytes += step ? step : 1;
		left -= step ? step : 1;
	}
	value = json_stringn(clean, used);
	free(clean);
	return value;
}

json_t *jsonl_bytes(const char *bytes)
{
	return bytes ? clean_string(bytes) : json_null();
}

static bool is_exact(const char *bytes)
{
	return text_is_utf8(bytes, strlen(bytes));
}

static json_t *hex_string(const char *bytes)
{
	size_t length = strlen(bytes);
	char *hex = malloc(2 * length + 1);
	json_t *value;

	if (!hex)
		return NULL;
	for (size_t i = 0; i < length; i++)
		snprintf(hex + 2 * i, 3, "%02x", (unsigned char)bytes[i]);
	value = json_stringn(hex, 2 * length);
	free(hex);
	return value;
}

static int set(json_t *object, const char *key, const char *suffix, json_t *value)
{
	char name[KEY_MAX];

	snprintf(name, sizeof(name), "%s%s", key, suffix);
	return json_object_set_new(object, name, value) < 0 ? -ENOMEM : 0;
}

int jsonl_set_bytes(json_t *object, const char *key, const char *bytes)
{
	int r = set(object, key, "", jsonl_bytes(bytes));

	if (r < 0 || !bytes || is_exact(bytes))
		return r;
	return set(object, key, "_hex", hex_string(bytes));
}

int jsonl_set_list(json_t *object, const char *key, char *const *list)
{
	json_t *texts = json_array();
	json_t *hexes = json_array();
	bool are_exact = true;
	int r = 0;

	for (; *list && r == 0; list++) {
		bool exact = is_exact(*list);

		are_exact = are_exact && exact;
		if (json_array_append_new(texts, jsonl_bytes(*list)) < 0 ||
		    json_array_append_new(hexes, exact ? json_null() : hex_string(*list)) < 0)
			r = -ENOMEM;
	}
	if (r == 0)
		r = set(object, key, "", json_incref(texts));
	if (r == 0 && !are_exact)
		r = set(object, key, "_hex", json_incref(hexes));
	json_decref(texts);
	json_decref(hexes);
	return r;
}

/* In microseconds: more digits than that are noise, and JSON has no NaN. */
static json_t *seconds(double value)
{
	bool is_sane = value >= 0 && value < SECONDS_MAX;

	return json_real(is_sane ? (double)(int64_t)(value * 1e6 + 0.5) / 1e6 : 0);
}

static json_t *count(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static json_t *text_or_null(const char *text)
{
	return text && *text ? jsonl_bytes(text) : json_null();
}

static int set_end(json_t *object, const struct run_result *result)
{
	bool has_status = !result->signal && !result->limit && !result->rule[0];
	int r = set(object, "type", "", json_string("result"));

	r |= set(object, "status", "", has_status ? json_integer(result->status) : json_null());
	r |= set(object, "signal", "",
		 result->signal ? json_integer(result->signal) : json_null());
	r |= set(object, "limit", "", text_or_null(result->limit));
	r |= result->rule[0] ? jsonl_set_bytes(object, "rule", result->rule) :
		set(object, "rule", "", json_null());
	return r;
}

static int set_changes(json_t *object, const struct run_changes *changes)
{
	json_t *inner = json_object();
	int r = 0;

	r |= set(inner, "added", "", count(changes->added));
	r |= set(inner, "changed", "", count(changes->changed));
	r |= set(inner, "deleted", "", count(changes->deleted));
	r |= changes->layer ? jsonl_set_bytes(inner, "layer", changes->layer)
			    : set(inner, "layer", "", json_null());
	return set(object, "scratch", "", inner) | r;
}

json_t *result_json(const struct run_result *result)
{
	json_t *object = json_object();
	int r = set_end(object, result);

	r |= set(object, "denied", "", count(result->denied));
	r |= set(object, "events", "", count(result->events));
	r |= set(object, "stops", "", count(result->stops));
	r |= set(object, "max_tasks", "", count(result->max_tasks));
	r |= set(object, "wall_s", "", seconds(result->wall_s));
	r |= set(object, "cpu_s", "", seconds(result->cpu_s));
	r |= set(object, "max_rss_kib", "", count(result->max_rss_kib));
	r |= set(object, "failure", "", text_or_null(result->failure));
	if (result->changes.is_known)
		r |= set_changes(object, &result->changes);
	if (r != 0) {
		json_decref(object);
		return NULL;
	}
	return object;
}
