/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jsonl.c: see jsonl.h.
 *
 * Lines of events are written by hand, straight into the backlog: building jansson objects costs
 * more than the stop that is recorded.  Every string goes through json_put_bytes().
 */
#include "tracer/events/jsonl.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "tracer/events/json_stack.h"
#include "tracer/events/json_text.h"
#include "tracer/events/outlet.h"

#define WRITE_AT (64u << 10)
#define PATIENCE_MS 10000

/* Keys, numbers and names of a line; strings come on top, with what a byte can grow to. */
#define LINE_FIXED 1024
#define LOST_LINE_MAX 64

struct jsonl {
	struct sink sink;
	struct outlet outlet;
	size_t write_at;        /* pending bytes at which put() writes */
	uint64_t gap;           /* lost since the last line that was taken */
};

static const char *type_name(enum event_kind kind)
{
	switch (kind) {
	case EVENT_LIMIT:
		return "limit";
	case EVENT_NOTE:
		return "note";
	case EVENT_CALL:
		break;
	}
	return "call";
}

static char *put_seconds(char *at, uint64_t us)
{
	at = json_put_unsigned(at, us / 1000000, 1);
	*at++ = '.';
	return json_put_unsigned(at, us % 1000000, 6);
}

static char *put_who(char *at, const struct event *event)
{
	at = json_put_text(at, "{\"type\":\"");
	at = json_put_text(at, type_name(event->kind));
	at = json_put_text(at, "\",\"n\":");
	at = json_put_unsigned(at, event->n, 1);
	at = json_put_text(at, ",\"t\":");
	at = put_seconds(at, event->t_us);
	at = json_put_text(at, ",\"pid\":");
	at = json_put_signed(at, event->pid);
	at = json_put_text(at, ",\"tid\":");
	at = json_put_signed(at, event->tid);
	if (!event->parent)
		return at;
	at = json_put_text(at, ",\"ppid\":");
	return json_put_signed(at, event->parent);
}

/* About calls: a limit or a note has none of the three. */
static char *put_what(char *at, const struct event *event)
{
	bool is_call = event->kind == EVENT_CALL;

	at = json_put_bytes(at, "call", is_call ? event->call : NULL);
	at = json_put_bytes(at, "class", is_call ? class_name(event->class) : NULL);
	at = json_put_bytes(at, "verdict", is_call ? outcome_name(event->outcome) : NULL);
	at = json_put_text(at, ",\"errno\":");
	at = json_put_signed(at, event->error);
	return json_put_bytes(at, "error", event->error ? errno_name(event->error) : NULL);
}

static char *put_asked(char *at, const struct event *event)
{
	at = json_put_bytes(at, "asked", event->asked);
	at = json_put_text(at, ",\"waited_s\":");
	return put_seconds(at, event->waited_us);
}

static char *put_event(char *at, const struct event *event)
{
	at = put_who(at, event);
	at = put_what(at, event);
	at = json_put_bytes(at, "path", event->path);
	at = json_put_optional(at, "path2", event->path2);
	at = json_put_optional(at, "host", event->host);
	at = json_put_optional(at, "raw", event->raw);
	at = json_put_bytes(at, "flags", event->flags ? event->flags : "");
	at = json_put_list(at, "argv", event->argv);
	/* Beside a path the call's name says it; an address or a signal stands nowhere else. */
	if (!event->path && event->action && event->action[0])
		at = json_put_optional(at, "action", event->action);
	if (event->effects && event->effects[0])
		at = json_put_optional(at, "effects", event->effects);
	at = json_put_bytes(at, "rule", event->rule);
	at = json_put_optional(at, "source", event->source);
	at = json_put_optional(at, "reason", event->reason);
	at = json_put_optional(at, "where", event->where);
	at = json_put_stack(at, event->stack);
	if (event->is_probe)
		at = json_put_text(at, ",\"probe\":true");
	if (event->asked)
		at = put_asked(at, event);
	if (event->dur_us) {
		at = json_put_text(at, ",\"dur_us\":");
		at = json_put_unsigned(at, event->dur_us, 1);
	}
	return json_put_text(at, "}\n");
}

static size_t event_size_max(const struct event *event)
{
	const char *const strings[] = {
		event->call, event->path, event->path2, event->raw, event->flags,
		event->rule, event->source, event->reason, event->where, event->action,
		event->effects, event->host,
	};
	size_t size = LINE_FIXED + json_stack_size_max(event->stack);

	for (size_t i = 0; i < ARRAY_SIZE(strings); i++)
		size += strings[i] ? JSON_BYTE_GROWS * strlen(strings[i]) : 0;
	for (size_t i = 0; event->argv && event->argv[i]; i++)
		size += JSON_BYTE_GROWS * strlen(event->argv[i]) + JSON_WORD_GROWS;
	return size;
}

static char *put_gap(char *at, uint64_t gap)
{
	if (gap == 0)
		return at;
	at = json_put_text(at, "{\"type\":\"lost\",\"count\":");
	at = json_put_unsigned(at, gap, 1);
	return json_put_text(at, "}\n");
}

static struct jsonl *jsonl_of(struct sink *sink)
{
	return (struct jsonl *)sink;
}

static void update_wants(struct jsonl *jsonl)
{
	jsonl->sink.wants_write = !jsonl->outlet.is_regular && outlet_pending(&jsonl->outlet) > 0;
}

/* Events among the pending lines; one that went out in half is lost as a whole. */
static uint64_t count_pending_events(const struct outlet *outlet)
{
	static const char *const others[] = {
		"{\"type\":\"start", "{\"type\":\"lost", "{\"type\":\"result"
	};
	const char *at = outlet->bytes + outlet->head;
	const char *end = outlet->bytes + outlet->tail;
	uint64_t count = 0;

	while (at < end) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));

		count++;
		for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
			size_t length = strlen(others[i]);

			if ((size_t)(end - at) > length && memcmp(at, others[i], length) == 0)
				count--;
		}
		at = line_end ? line_end + 1 : end;
	}
	return count;
}

static void break_sink(struct jsonl *jsonl, int error)
{
	jsonl->sink.lost += count_pending_events(&jsonl->outlet);
	jsonl->sink.error = error;
	outlet_discard(&jsonl->outlet);
	update_wants(jsonl);
}

/* Handles what outlet_write or outlet_drain said; returns the error of the sink. */
static int settle(struct jsonl *jsonl, int r)
{
	if (r < 0 && r != -EAGAIN)
		break_sink(jsonl, -r);
	jsonl->write_at = outlet_pending(&jsonl->outlet) + WRITE_AT;
	update_wants(jsonl);
	return jsonl->sink.error;
}

/* Appends the mark of a gap and the event, or neither. */
static bool append_event(struct jsonl *jsonl, const struct event *event)
{
	struct outlet *outlet = &jsonl->outlet;
	char *start = outlet_reserve(outlet, LOST_LINE_MAX + event_size_max(event));
	char *end;

	if (!start)
		return false;
	end = put_event(put_gap(start, jsonl->gap), event);
	if (outlet_pending(outlet) + (size_t)(end - start) > JSONL_BACKLOG_MAX)
		return false;
	outlet_commit(outlet, (size_t)(end - start));
	jsonl->gap = 0;
	return true;
}

static void jsonl_put(struct sink *sink, const struct event *event)
{
	struct jsonl *jsonl = jsonl_of(sink);

	if (sink->error || !append_event(jsonl, event)) {
		sink->lost++;
		jsonl->gap++;
		return;
	}
	if (outlet_pending(&jsonl->outlet) >= jsonl->write_at)
		settle(jsonl, outlet_write(&jsonl->outlet));
	else
		update_wants(jsonl);
}

/* Lines that are not events have no say in the cap: they are few and small. */
static int append_line(struct jsonl *jsonl, const char *line)
{
	size_t length = strlen(line);
	char *start = outlet_reserve(&jsonl->outlet, LOST_LINE_MAX + length + 1);
	char *end;

	if (!start)
		return -ENOMEM;
	end = json_put_raw(put_gap(start, jsonl->gap), line, length);
	if (length > 0)
		*end++ = '\n';
	outlet_commit(&jsonl->outlet, (size_t)(end - start));
	jsonl->gap = 0;
	return 0;
}

static int append_object(struct jsonl *jsonl, const json_t *object)
{
	cleanup_free char *line = json_dumps(object, JSONL_DUMP_FLAGS);

	return line ? append_line(jsonl, line) : -ENOMEM;
}

static int jsonl_flush(struct sink *sink, bool wait)
{
	struct jsonl *jsonl = jsonl_of(sink);
	int r;

	if (sink->error)
		return sink->error;
	r = wait ? outlet_drain(&jsonl->outlet, PATIENCE_MS) : outlet_write(&jsonl->outlet);
	/* Room again: now the gap can be told. */
	if (r == 0 && jsonl->gap > 0) {
		append_line(jsonl, "");
		r = wait ? outlet_drain(&jsonl->outlet, PATIENCE_MS) :
			outlet_write(&jsonl->outlet);
	}
	return settle(jsonl, r);
}

static void jsonl_close(struct sink *sink)
{
	if (!sink)
		return;
	jsonl_flush(sink, false);
	outlet_close(&jsonl_of(sink)->outlet);
	free(sink);
}

static const struct sink_ops ops = { jsonl_put, jsonl_flush, jsonl_close };

int jsonl_new(int fd, const json_t *start, struct sink **ret_sink)
{
	struct jsonl *jsonl = calloc(1, sizeof(*jsonl));
	int r;

	if (!jsonl) {
		close(fd);
		return -ENOMEM;
	}
	jsonl->sink.ops = &ops;
	r = outlet_open(&jsonl->outlet, fd, true);
	if (r < 0) {
		free(jsonl);
		return r;
	}
	jsonl->sink.fd = jsonl->outlet.is_regular ? -1 : fd;
	r = append_object(jsonl, start);
	if (r == 0)
		r = -settle(jsonl, outlet_write(&jsonl->outlet));
	if (r < 0) {
		jsonl_close(&jsonl->sink);
		return r;
	}
	*ret_sink = &jsonl->sink;
	return 0;
}

void jsonl_put_result(struct sink *sink, const struct run_result *result)
{
	struct jsonl *jsonl = jsonl_of(sink);
	json_t *object = result_json(result);

	if (object && !sink->error) {
		json_object_set_new(object, "lost", json_integer((json_int_t)sink->lost));
		append_object(jsonl, object);
		update_wants(jsonl);
	}
	json_decref(object);
}
