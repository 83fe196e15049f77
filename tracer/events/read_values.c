/* SPDX-License-Identifier: Apache-2.0 */
/* read_values.c: see read_values.h, and read_bytes of read.h. */
#include "tracer/events/read_values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/events/command.h"
#include "tracer/events/read.h"

#define KEY_MAX 32

static int hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* Writes length / 2 bytes and a NUL.  False: not hex, or a NUL inside: no name has one. */
static bool unhex(const char *hex, size_t length, char *out)
{
	if (length % 2)
		return false;
	for (size_t i = 0; i < length; i += 2) {
		int high = hex_digit(hex[i]), low = hex_digit(hex[i + 1]);

		if (high < 0 || low < 0 || high + low == 0)
			return false;
		out[i / 2] = (char)(high << 4 | low);
	}
	out[length / 2] = '\0';
	return true;
}

static const json_t *hex_of(const json_t *object, const char *key)
{
	char name[KEY_MAX + sizeof("_hex")];

	snprintf(name, sizeof(name), "%s_hex", key);
	return json_object_get(object, name);
}

const char *read_value(struct read_scratch *scratch, const json_t *object, const char *key)
{
	const json_t *text = json_object_get(object, key);
	const json_t *hex = json_is_string(text) ? hex_of(object, key) : NULL;
	size_t length = json_string_length(hex);
	char *out = scratch->bytes + scratch->used;

	if (!json_is_string(hex) || length / 2 + 1 > scratch->size - scratch->used ||
	    !unhex(json_string_value(hex), length, out))
		return json_string_value(text);
	scratch->used += length / 2 + 1;
	return out;
}

int64_t read_integer(const json_t *object, const char *key, int64_t least, int64_t most)
{
	const json_t *value = json_object_get(object, key);
	json_int_t integer = json_is_integer(value) ? json_integer_value(value) : 0;

	return integer >= least && integer <= most ? integer : 0;
}

bool read_truth(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

static char *take_bytes(const json_t *text, const json_t *hex)
{
	size_t length = json_string_length(hex);
	char *out;

	if (!json_is_string(text))
		return NULL;
	out = json_is_string(hex) ? malloc(length / 2 + 1) : NULL;
	if (out && unhex(json_string_value(hex), length, out))
		return out;
	free(out);
	return strdup(json_string_value(text));
}

char *read_bytes(const json_t *object, const char *key)
{
	return take_bytes(json_object_get(object, key), hex_of(object, key));
}

char *read_list_bytes(const json_t *object, const char *key, size_t i)
{
	return take_bytes(json_array_get(json_object_get(object, key), i),
			  json_array_get(hex_of(object, key), i));
}

static long long number_in(const json_t *object, const char *key)
{
	return (long long)json_integer_value(json_object_get(object, key));
}

void read_changes(const json_t *result, char *out, size_t size)
{
	const json_t *changes = json_object_get(result, "scratch");
	char *layer = read_bytes(changes, "layer");
	long long added = number_in(changes, "added"), changed = number_in(changes, "changed");
	long long deleted = number_in(changes, "deleted");

	if (!json_is_object(changes))
		out[0] = '\0';
	else if (!added && !changed && !deleted)
		snprintf(out, size, "nothing was changed");
	else
		snprintf(out, size, "%lld added, %lld changed, %lld deleted%s%s", added, changed,
			 deleted, layer ? ": pyjail diff " : ", all dropped", layer ? layer : "");
	free(layer);
}

const char *read_command(struct read_scratch *scratch, const json_t *object, const char *key)
{
	const json_t *list = json_object_get(object, key), *word;
	size_t room = scratch->size - scratch->used, used = 0, i;
	char *out = scratch->bytes + scratch->used;

	if (!json_is_array(list) || room < 2)
		return NULL;
	json_array_foreach(list, i, word) {
		if (json_is_string(word))
			used = command_add(out, room, used, json_string_value(word));
	}
	if (!used)
		return NULL;
	scratch->used += used + 1;
	return out;
}
