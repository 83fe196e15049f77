/* SPDX-License-Identifier: Apache-2.0 */
/* query.c: see query.h. */
#include "tracer/events/query.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/fail.h"
#include "base/num.h"
#include "filters/syscalls.h"
#include "tracer/events/query_text.h"
#include "tracer/events/read.h"

enum key { KEY_CALL, KEY_GROUP, KEY_VERDICT, KEY_PATH, KEY_HOST, KEY_PID, KEY_LINE, KEY_FUNC,
	   KEY_ERRNO, KEY_RULE, KEY_ANY };

#define KEYS "call group verdict path host pid line func errno rule"
#define ERRNO_MAX 4096

static const char *const key_names[KEY_ANY] = {
	"call", "group", "verdict", "path", "host", "pid", "line", "func", "errno", "rule",
};

static const char *const group_names[GROUP_COUNT] = {
	[GROUP_FILE] = "file", [GROUP_DESC] = "desc", [GROUP_MEM] = "mem", [GROUP_PROC] = "proc",
	[GROUP_SIGNAL] = "signal", [GROUP_NET] = "net", [GROUP_IPC] = "ipc", [GROUP_TIME] = "time",
	[GROUP_SYS] = "sys",
};

static const char *const verdict_names[] = { "allow", "deny", "kill", "error", "hide",
						    "view", "fake", "ask" };

/* One value; those of one term stand in a row, all but the last with `or_next`. */
struct value {
	enum key key;
	bool is_part, is_negated, or_next;
	const char *text;
};

struct query {
	struct value values[QUERY_TERMS_MAX];
	size_t count;
	char text[];            /* what the values point to */
};

/* ---- parsing ---- */

struct parser {
	const char *text;       /* the whole */
	const char *at;
	struct query *query;
	char *out;              /* where the next value goes */
	struct fault *fault;
};

static int wrong(const struct parser *parser, const char *at, const char *problem,
		 const char *cure)
{
	fault_set(parser->fault, "%s", problem);
	parser->fault->column = (unsigned)(at - parser->text) + 1;
	snprintf(parser->fault->quote, sizeof(parser->fault->quote), "%s", parser->text);
	snprintf(parser->fault->cure, sizeof(parser->fault->cure), "%s", cure);
	return -EINVAL;
}

static bool is_known(const char *word, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcasecmp(word, names[i]))
			return true;
	}
	return false;
}

static bool is_group(const char *word)
{
	for (int class = 0; class < CLASS_COUNT; class++) {
		if (!strcasecmp(word, class_name((enum call_class)class)))
			return true;
	}
	return is_known(word, group_names, GROUP_COUNT);
}

static bool is_errno(const char *word)
{
	uint64_t number;

	for (int error = 1; error < ERRNO_MAX; error++) {
		if (!strcasecmp(word, errno_name(error)))
			return true;
	}
	return num_parse(word, INT32_MAX, &number) == 0;
}

/* A word that could never be equal is a mistake: nothing would be found, and nobody would know. */
static int check_value(const struct parser *parser, const struct value *value, const char *at)
{
	uint64_t number;

	if (value->is_part)
		return 0;
	if (value->key == KEY_VERDICT &&
	    !is_known(value->text, verdict_names, ARRAY_SIZE(verdict_names)))
		return wrong(parser, at, "unknown verdict",
			     "verdicts: allow deny kill error hide view fake scratch ask");
	if (value->key == KEY_GROUP && !is_group(value->text))
		return wrong(parser, at, "unknown group",
			     "groups: file desc mem proc signal net ipc time sys, or "
			     "read write delete stat exec env process system");
	if (value->key == KEY_ERRNO && !is_errno(value->text))
		return wrong(parser, at, "unknown errno",
			     "a name or a number: EACCES, 13, 0 for success");
	if (value->key == KEY_PID && num_parse(value->text, INT32_MAX, &number) < 0)
		return wrong(parser, at, "a pid is a number", "pid=4711, or a part of it: pid~47");
	return 0;
}

/* Reads `key=`, `key~`; a bare word has none of the two behind letters. */
static int parse_key(struct parser *parser, struct value *value)
{
	size_t length = query_key_length(parser->at);

	value->key = KEY_ANY;
	value->is_part = true;
	if (query_is_unequal(parser->at))
		return wrong(parser, parser->at, "! stands before the key", "!key=value");
	if (!length)
		return 0;
	for (int key = 0; key < KEY_ANY; key++) {
		if (strlen(key_names[key]) == length &&
		    !memcmp(key_names[key], parser->at, length))
			value->key = (enum key)key;
	}
	if (value->key == KEY_ANY)
		return wrong(parser, parser->at, "unknown key", "keys: " KEYS);
	value->is_part = parser->at[length] == '~';
	parser->at += length + 1;
	return 0;
}

static int parse_value(struct parser *parser, struct value value)
{
	const char *start = parser->at;
	struct query *query = parser->query;

	if (query->count == QUERY_TERMS_MAX)
		return wrong(parser, start, "too many values", "at most 64, commas counted");
	value.text = parser->out;
	if (query_take_value(&parser->at, &parser->out) < 0)
		return wrong(parser, parser->at, "not an escape",
			     "\\\\ \\n \\t \\r \\xNN \\u{N}, or a backslash and a mark: \\,");
	if (!*value.text)
		return wrong(parser, start, "a value is missing here",
			     "key=value  key~part  word  !word; commas between values");
	value.or_next = *parser->at == ',';
	query->values[query->count++] = value;
	return check_value(parser, &value, start);
}

static int parse_term(struct parser *parser)
{
	struct value value = { .is_negated = *parser->at == '!' };
	int r;

	parser->at += value.is_negated;
	r = parse_key(parser, &value);
	if (r == 0)
		r = parse_value(parser, value);
	while (r == 0 && *parser->at == ',') {
		parser->at++;
		r = parse_value(parser, value);
	}
	return r;
}

int query_parse(const char *text, struct query **ret_query, struct fault *ret_fault)
{
	size_t length = strlen(text);
	struct parser parser = { .text = text, .at = text, .fault = ret_fault };
	int r = 0;

	memset(ret_fault, 0, sizeof(*ret_fault));
	if (length > QUERY_TEXT_MAX)
		return wrong(&parser, text, "too long", "a filter has at most 4096 bytes");
	/* A value is never longer than it was written, its NUL takes the place of a mark. */
	parser.query = calloc(1, sizeof(*parser.query) + length + 1);
	if (!parser.query) {
		fault_set(ret_fault, "out of memory");
		return -ENOMEM;
	}
	parser.out = parser.query->text;
	parser.at += strspn(parser.at, " ");
	while (r == 0 && *parser.at) {
		r = parse_term(&parser);
		parser.at += strspn(parser.at, " ");
	}
	if (r < 0)
		query_free(parser.query);
	else
		*ret_query = parser.query;
	return r;
}

void query_free(struct query *query)
{
	free(query);
}

/* ---- matching ---- */

static bool meets(const struct value *value, const char *text)
{
	if (!text)
		return false;
	return value->is_part ? strstr(text, value->text) != NULL : !strcmp(text, value->text);
}

static bool meets_name(const struct value *value, const char *name)
{
	if (value->is_part || !name)
		return meets(value, name);
	return !strcasecmp(name, value->text);
}

static bool meets_number(const struct value *value, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)number);
	return meets(value, text);
}

static bool meets_group(const struct value *value, const struct read_event *event)
{
	const char *call = event->event.call;
	const struct syscall_row *row = call ? syscall_by_name(call) : NULL;

	return meets_name(value, event->class_name) ||
	       (row && meets_name(value, group_names[row->group]));
}

static bool meets_path(const struct value *value, const struct event *event)
{
	return meets(value, event->path) || meets(value, event->path2) ||
	       (value->is_part && meets(value, event->raw));
}

/* Whole, or what follows one of the marks: "b.py" of "/a/b.py", "f" of "K.f". */
static bool is_tail(const char *text, size_t length, const char *tail, size_t tail_length,
		    char mark)
{
	if (!tail_length || tail_length > length ||
	    memcmp(text + length - tail_length, tail, tail_length) != 0)
		return false;
	return tail_length == length || text[length - tail_length - 1] == mark;
}

static bool is_file(const struct read_event *event, const char *name, size_t length)
{
	return is_tail(event->file, strlen(event->file), name, length, '/');
}

static bool meets_line(const struct value *value, const struct read_event *event)
{
	const char *colon = strrchr(value->text, ':');
	char number[16];

	if (!event->file)
		return false;
	snprintf(number, sizeof(number), "%d", event->line);
	if (value->is_part)
		return query_contains_place(event->file, number, value->text);
	if (!strcmp(value->text, number) || is_file(event, value->text, strlen(value->text)))
		return true;
	return colon && !strcmp(colon + 1, number) &&
	       is_file(event, value->text, (size_t)(colon - value->text));
}

static bool meets_function(const struct value *value, const char *name)
{
	if (!name || value->is_part)
		return meets(value, name);
	return is_tail(name, strlen(name), value->text, strlen(value->text), '.');
}

static bool meets_errno(const struct value *value, const struct read_event *event)
{
	return (event->event.kind == EVENT_CALL && meets_number(value, event->event.error)) ||
	       meets_name(value, event->error_name);
}

static const char *kind_name(enum event_kind kind)
{
	return kind == EVENT_LIMIT ? "limit" : kind == EVENT_NOTE ? "note" : NULL;
}

static bool meets_any(const struct value *value, const struct read_event *event)
{
	const char *const texts[] = {
		event->event.call, event->event.path, event->event.path2, event->event.raw,
		event->event.flags, event->event.rule, event->event.source, event->event.reason,
		event->class_name, event->verdict, event->error_name, event->host, event->function,
		event->event.where, kind_name(event->event.kind),
	};
	char pid[16];

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (meets(value, texts[i]))
			return true;
	}
	/* A part of a number says nothing: only the whole one. */
	snprintf(pid, sizeof(pid), "%d", event->event.pid);
	return !strcmp(pid, value->text) || meets_line(value, event);
}

static bool value_matches(const struct value *value, const struct read_event *event)
{
	switch (value->key) {
	case KEY_CALL:
		return meets(value, event->event.call);
	case KEY_GROUP:
		return meets_group(value, event);
	case KEY_VERDICT:
		return meets_name(value, event->verdict) ||
		       (event->event.was_asked && meets_name(value, "ask"));
	case KEY_PATH:
		return meets_path(value, &event->event);
	case KEY_HOST:
		return meets(value, event->host);
	case KEY_PID:
		return meets_number(value, event->event.pid);
	case KEY_LINE:
		return meets_line(value, event);
	case KEY_FUNC:
		return meets_function(value, event->function);
	case KEY_ERRNO:
		return meets_errno(value, event);
	case KEY_RULE:
		return meets(value, event->event.rule);
	case KEY_ANY:
		break;
	}
	return meets_any(value, event);
}

bool query_matches(const struct query *query, const struct read_event *event)
{
	for (size_t i = 0; i < query->count; i++) {
		const struct value *value = &query->values[i];
		bool is_met = value_matches(value, event);

		for (; query->values[i].or_next; i++)
			is_met = is_met || value_matches(&query->values[i + 1], event);
		if (is_met == value->is_negated)
			return false;
	}
	return true;
}
