/* SPDX-License-Identifier: Apache-2.0 */
/* read.c: see read.h. */
#include "tracer/events/read.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tracer/events/jsonl.h"
#include "tracer/events/lines.h"

/*
 * Brackets, commas and colons of a line, in strings or not: jansson takes some 250 bytes for an
 * empty object, so that 8 MiB of them would be 700 MiB.  An honest line has far fewer: the
 * largest is an argv of 2 MiB.
 */
#define MARKS_MAX (256u << 10)
#define KEY_MAX 32
#define SECONDS_MAX 1e12

struct reader {
	struct lines *lines;
	json_t *object;         /* of the line that was given last */
	char *scratch;          /* bytes that _hex keys gave, of that line */
	size_t scratch_size, scratch_used;
	bool has_start, has_result;
	char problem[128];
};

int reader_new(int fd, struct reader **ret_reader)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	int r = reader ? lines_new(fd, &reader->lines) : -ENOMEM;

	if (r < 0) {
		free(reader);
		return r;
	}
	*ret_reader = reader;
	return 0;
}

void reader_free(struct reader *reader)
{
	if (!reader)
		return;
	json_decref(reader->object);
	lines_free(reader->lines);
	free(reader->scratch);
	free(reader);
}

const char *reader_problem(const struct reader *reader)
{
	return reader->problem;
}

uint64_t reader_offset(const struct reader *reader)
{
	return lines_offset(reader->lines);
}

/* ---- values ---- */

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

/* The bytes of `key`; NULL: none.  All hex of a line is shorter than the line: it fits. */
static const char *get_bytes(struct reader *reader, const json_t *object, const char *key)
{
	const json_t *text = json_object_get(object, key);
	const json_t *hex = json_is_string(text) ? hex_of(object, key) : NULL;
	size_t length = json_string_length(hex);
	char *out = reader->scratch + reader->scratch_used;

	if (!json_is_string(hex) || length / 2 + 1 > reader->scratch_size - reader->scratch_used ||
	    !unhex(json_string_value(hex), length, out))
		return json_string_value(text);
	reader->scratch_used += length / 2 + 1;
	return out;
}

static int64_t get_integer(const json_t *object, const char *key, int64_t least, int64_t most)
{
	const json_t *value = json_object_get(object, key);
	json_int_t integer = json_is_integer(value) ? json_integer_value(value) : 0;

	return integer >= least && integer <= most ? integer : 0;
}

static uint64_t get_count(const json_t *object, const char *key)
{
	return (uint64_t)get_integer(object, key, 0, INT64_MAX);
}

static uint64_t get_time_us(const json_t *object, const char *key)
{
	double seconds = json_number_value(json_object_get(object, key));

	return seconds >= 0 && seconds < SECONDS_MAX ? (uint64_t)(seconds * 1e6 + 0.5) : 0;
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

/* ---- an event ---- */

static enum call_class class_of(const char *name)
{
	for (int class = 0; name && class < CLASS_COUNT; class++) {
		if (!strcmp(name, class_name((enum call_class)class)))
			return (enum call_class)class;
	}
	return CLASS_COUNT;
}

static enum event_outcome outcome_of(const char *name)
{
	for (int outcome = 0; name && outcome < OUTCOME_COUNT; outcome++) {
		if (!strcmp(name, outcome_name((enum event_outcome)outcome)))
			return (enum event_outcome)outcome;
	}
	return OUTCOME_COUNT;
}

/* The user's own frame, or the innermost one: the one that `where` names. */
static const json_t *first_frame(const json_t *frames)
{
	const json_t *frame;
	size_t i;

	json_array_foreach(frames, i, frame) {
		if (json_is_true(json_object_get(frame, "user")))
			return frame;
	}
	return json_array_get(frames, 0);
}

static void fill_place(struct reader *reader, const json_t *object, struct read_event *event)
{
	const json_t *frame = first_frame(json_object_get(object, "python"));

	event->file = get_bytes(reader, frame, "file");
	event->line = (int)get_integer(frame, "line", 0, INT32_MAX);
	event->function = get_bytes(reader, frame, "function");
}

static void fill_numbers(const json_t *object, struct event *event)
{
	event->n = get_count(object, "n");
	event->t_us = get_time_us(object, "t");
	event->waited_us = get_time_us(object, "waited_s");
	event->pid = (pid_t)get_integer(object, "pid", INT32_MIN, INT32_MAX);
	event->tid = (pid_t)get_integer(object, "tid", INT32_MIN, INT32_MAX);
	event->error = (int)get_integer(object, "errno", 0, INT32_MAX);
	event->is_probe = json_is_true(json_object_get(object, "probe"));
}

static void fill_event(struct reader *reader, const json_t *object, enum event_kind kind,
		       struct read_event *ret_event)
{
	struct event *event = &ret_event->event;

	*ret_event = (struct read_event){ .event.kind = kind };
	fill_numbers(object, event);
	event->call = get_bytes(reader, object, "call");
	event->path = get_bytes(reader, object, "path");
	event->path2 = get_bytes(reader, object, "path2");
	event->raw = get_bytes(reader, object, "raw");
	event->flags = get_bytes(reader, object, "flags");
	event->rule = get_bytes(reader, object, "rule");
	event->source = get_bytes(reader, object, "source");
	event->reason = get_bytes(reader, object, "reason");
	event->where = get_bytes(reader, object, "where");
	event->asked = get_bytes(reader, object, "asked");
	ret_event->class_name = get_bytes(reader, object, "class");
	ret_event->verdict = get_bytes(reader, object, "verdict");
	ret_event->error_name = get_bytes(reader, object, "error");
	ret_event->host = get_bytes(reader, object, "host");
	event->class = class_of(ret_event->class_name);
	event->outcome = outcome_of(ret_event->verdict);
	/* No flag helps against a rule that refused. */
	event->rule_is_users = event->rule != NULL;
	if (!ret_event->error_name && event->error)
		ret_event->error_name = errno_name(event->error);
	fill_place(reader, object, ret_event);
}

/* ---- a line ---- */

static void give_object(struct reader *reader, struct read_line *line)
{
	static const struct {
		const char *type;
		enum read_kind kind;
		enum event_kind event;
	} types[] = {
		{ "call", READ_EVENT, EVENT_CALL }, { "limit", READ_EVENT, EVENT_LIMIT },
		{ "note", READ_EVENT, EVENT_NOTE }, { "lost", READ_LOST, EVENT_CALL },
		{ "start", READ_START, EVENT_CALL }, { "result", READ_RESULT, EVENT_CALL },
	};
	const char *type = json_string_value(json_object_get(reader->object, "type"));
	size_t i = 0;

	while (type && i < ARRAY_SIZE(types) && strcmp(type, types[i].type) != 0)
		i++;
	line->object = reader->object;
	line->kind = type && i < ARRAY_SIZE(types) ? types[i].kind : READ_OTHER;
	if (line->kind == READ_EVENT)
		fill_event(reader, reader->object, types[i].event, &line->event);
	if (line->kind == READ_LOST)
		line->lost = get_count(reader->object, "count");
}

static int reserve_scratch(struct reader *reader, size_t size)
{
	reader->scratch_used = 0;
	if (size > reader->scratch_size) {
		char *bytes = realloc(reader->scratch, 2 * size);

		if (!bytes)
			return -ENOMEM;
		reader->scratch = bytes;
		reader->scratch_size = 2 * size;
	}
	return 0;
}

static bool has_too_many_marks(const char *text, size_t length)
{
	size_t marks = 0;

	for (size_t i = 0; length > MARKS_MAX && i < length; i++)
		marks += text[i] == '{' || text[i] == '[' || text[i] == ',' || text[i] == ':';
	return marks > MARKS_MAX;
}

/* Words for what is wrong with the line; NULL: `reader->object` is it. */
static const char *parse(struct reader *reader, const struct line *line)
{
	json_error_t error;

	if (line->is_too_long)
		return "too long";
	if (has_too_many_marks(line->text, line->length))
		return "too many values";
	reader->object = json_loadb(line->text, line->length, 0, &error);
	if (!reader->object)
		return "not JSON as RFC 8259 has it, or with a NUL in it";
	return json_is_object(reader->object) ? NULL : "not an object";
}

static const char *judge_order(struct reader *reader, enum read_kind kind)
{
	if (reader->has_result)
		return "it stands after the result";
	if (kind == READ_START && reader->has_start)
		return "a second start";
	reader->has_start |= kind == READ_START;
	reader->has_result |= kind == READ_RESULT;
	return NULL;
}

/* What the first line must be. */
static int check_start(struct reader *reader, const struct read_line *line)
{
	const json_t *version = json_object_get(line->object, "version");

	if (line->kind != READ_START)
		snprintf(reader->problem, sizeof(reader->problem),
			 "not a record: its first line is no start");
	else if (!json_is_integer(version))
		snprintf(reader->problem, sizeof(reader->problem),
			 "not a record: its first line has no version");
	else if (json_integer_value(version) != JSONL_VERSION)
		snprintf(reader->problem, sizeof(reader->problem),
			 "a record of version %lld: this pyjail reads version %d",
			 (long long)json_integer_value(version), JSONL_VERSION);
	else
		return 1;
	return -EBADMSG;
}

int reader_next(struct reader *reader, bool is_last, struct read_line *ret_line)
{
	struct line line;
	int r = lines_next(reader->lines, is_last, &line);

	json_decref(reader->object);
	reader->object = NULL;
	if (r > 0)
		r = reserve_scratch(reader, line.length + 1) < 0 ? -ENOMEM : 1;
	if (r <= 0)
		return r;
	*ret_line = (struct read_line){
		.kind = READ_BAD, .number = line.number, .text = line.text, .length = line.length,
	};
	ret_line->problem = parse(reader, &line);
	if (!ret_line->problem) {
		give_object(reader, ret_line);
		ret_line->problem = judge_order(reader, ret_line->kind);
	}
	if (ret_line->problem)
		ret_line->kind = line.is_unended ? READ_CUT : READ_BAD;
	return line.number == 1 ? check_start(reader, ret_line) : 1;
}
