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
#include "tracer/events/read_stack.h"
#include "tracer/events/read_values.h"

/*
 * Brackets, commas and colons of a line, in strings or not: jansson takes some 250 bytes for an
 * empty object, so that 8 MiB of them would be 700 MiB.  An honest line has far fewer: the
 * largest is an argv of 2 MiB.
 */
#define MARKS_MAX (256u << 10)
#define SECONDS_MAX 1e12

struct reader {
	struct lines *lines;
	json_t *object;         /* of the line that was given last */
	struct read_scratch scratch;    /* of that line: all its hex is shorter than the line */
	struct read_stack *stack;       /* of that line */
	bool has_start, has_result;
	char problem[128];
};

int reader_new(int fd, struct reader **ret_reader)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	int r = reader ? read_stack_new(&reader->stack) : -ENOMEM;

	if (r == 0)
		r = lines_new(fd, &reader->lines);
	if (r < 0) {
		reader_free(reader);
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
	free(reader->scratch.bytes);
	read_stack_free(reader->stack);
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

static uint64_t get_count(const json_t *object, const char *key)
{
	return (uint64_t)read_integer(object, key, 0, INT64_MAX);
}

static uint64_t get_time_us(const json_t *object, const char *key)
{
	double seconds = json_number_value(json_object_get(object, key));

	return seconds >= 0 && seconds < SECONDS_MAX ? (uint64_t)(seconds * 1e6 + 0.5) : 0;
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
		if (read_truth(frame, "user"))
			return frame;
	}
	return json_array_get(frames, 0);
}

static void fill_place(struct reader *reader, const json_t *object, struct read_event *event)
{
	const json_t *frame = first_frame(json_object_get(object, "python"));

	event->file = read_value(&reader->scratch, frame, "file");
	event->line = (int)read_integer(frame, "line", 0, INT32_MAX);
	event->function = read_value(&reader->scratch, frame, "function");
}

static void fill_numbers(const json_t *object, struct event *event)
{
	event->n = get_count(object, "n");
	event->t_us = get_time_us(object, "t");
	event->waited_us = get_time_us(object, "waited_s");
	event->pid = (pid_t)read_integer(object, "pid", INT32_MIN, INT32_MAX);
	event->tid = (pid_t)read_integer(object, "tid", INT32_MIN, INT32_MAX);
	event->parent = (pid_t)read_integer(object, "ppid", 0, INT32_MAX);
	event->error = (int)read_integer(object, "errno", 0, INT32_MAX);
	event->is_probe = read_truth(object, "probe");
	event->dur_us = get_count(object, "dur_us");
}

static void fill_event(struct reader *reader, const json_t *object, enum event_kind kind,
		       struct read_event *ret_event)
{
	struct event *event = &ret_event->event;

	*ret_event = (struct read_event){ .event.kind = kind };
	fill_numbers(object, event);
	event->call = read_value(&reader->scratch, object, "call");
	event->path = read_value(&reader->scratch, object, "path");
	event->path2 = read_value(&reader->scratch, object, "path2");
	event->raw = read_value(&reader->scratch, object, "raw");
	event->action = read_value(&reader->scratch, object, "action");
	event->effects = read_value(&reader->scratch, object, "effects");
	event->flags = read_value(&reader->scratch, object, "flags");
	event->command = read_command(&reader->scratch, object, "argv");
	event->rule = read_value(&reader->scratch, object, "rule");
	event->source = read_value(&reader->scratch, object, "source");
	event->reason = read_value(&reader->scratch, object, "reason");
	event->where = read_value(&reader->scratch, object, "where");
	event->asked = read_value(&reader->scratch, object, "asked");
	event->was_asked = event->asked != NULL;
	ret_event->class_name = read_value(&reader->scratch, object, "class");
	ret_event->verdict = read_value(&reader->scratch, object, "verdict");
	ret_event->error_name = read_value(&reader->scratch, object, "error");
	ret_event->host = read_value(&reader->scratch, object, "host");
	event->class = class_of(ret_event->class_name);
	event->outcome = outcome_of(ret_event->verdict);
	if (!event->action)
		event->action = ret_event->class_name;
	/* No flag helps against a rule that refused. */
	event->rule_is_users = event->rule != NULL;
	if (!ret_event->error_name && event->error)
		ret_event->error_name = errno_name(event->error);
	fill_place(reader, object, ret_event);
	event->stack = read_stack(reader->stack, object, &reader->scratch);
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
	reader->scratch.used = 0;
	if (size > reader->scratch.size) {
		char *bytes = realloc(reader->scratch.bytes, 2 * size);

		if (!bytes)
			return -ENOMEM;
		reader->scratch.bytes = bytes;
		reader->scratch.size = 2 * size;
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
