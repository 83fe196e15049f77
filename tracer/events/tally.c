/* SPDX-License-Identifier: Apache-2.0 */
/* tally.c: see tally.h. */
#include "tracer/events/tally.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "tracer/events/read.h"

int tally_init(struct tally *tally)
{
	int r = 0;

	for (int table = 0; r == 0 && table < TALLY_TABLES; table++)
		r = frequent_new(&tally->tables[table]);
	return r;
}

void tally_free(struct tally *tally)
{
	for (int table = 0; table < TALLY_TABLES; table++)
		frequent_free(tally->tables[table]);
	json_decref(tally->start);
	json_decref(tally->result);
	free(tally->scratch);
}

bool tally_is_refusal(const struct read_event *event)
{
	return (event->event.outcome == OUTCOME_DENY || event->event.outcome == OUTCOME_KILL) &&
	       !event->event.is_probe;
}

bool tally_is_failure(const struct read_event *event)
{
	return event->event.outcome == OUTCOME_ERROR ||
	       ((event->event.outcome == OUTCOME_ALLOW || event->event.outcome == OUTCOME_VIEW ||
		 event->event.outcome == OUTCOME_FAKE ||
		 event->event.outcome == OUTCOME_SCRATCH) &&
		event->event.error != 0);
}

static enum frequent_how how_of(const struct read_event *event)
{
	if (tally_is_refusal(event))
		return FREQUENT_REFUSED;
	return tally_is_failure(event) ? FREQUENT_FAILED : FREQUENT_WELL;
}

/* Joins the fields with NULs and counts the key. */
static int count(struct tally *tally, enum tally_table table, enum frequent_how how,
		 const char *const *fields, size_t field_count)
{
	size_t size = 0, used = 0;

	for (size_t i = 0; i < field_count; i++)
		size += (fields[i] ? strlen(fields[i]) : 0) + 1;
	if (size > tally->scratch_size) {
		char *bytes = realloc(tally->scratch, 2 * size);

		if (!bytes)
			return -ENOMEM;
		tally->scratch = bytes;
		tally->scratch_size = 2 * size;
	}
	for (size_t i = 0; i < field_count; i++) {
		size_t length = fields[i] ? strlen(fields[i]) : 0;

		memcpy(tally->scratch + used, fields[i] ? fields[i] : "", length);
		tally->scratch[used + length] = '\0';
		used += length + 1;
	}
	/* The NUL behind the last field is not of the key. */
	frequent_add(tally->tables[table], tally->scratch, used - 1, how);
	return 0;
}

#define COUNT(tally, table, how, ...) \
	count((tally), (table), (how), (const char *const[]){ __VA_ARGS__ }, \
	      ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ })))

const char *tally_field(const struct frequent_item *item, unsigned i)
{
	const char *at = item->key, *end = item->key + item->length;

	for (; i > 0 && at < end; i--)
		at += strlen(at) + 1;
	return i == 0 && at <= end ? at : "";
}

static int count_refusal(struct tally *tally, const struct read_event *event, const char *line)
{
	const char *const fields[REFUSED_FIELDS] = {
		[REFUSED_VERDICT] = event->verdict, [REFUSED_CLASS] = event->class_name,
		[REFUSED_CALL] = event->event.call, [REFUSED_ERROR] = event->error_name,
		[REFUSED_PATH] = event->event.path, [REFUSED_PATH2] = event->event.path2,
		[REFUSED_FILE] = event->file, [REFUSED_LINE] = line,
		[REFUSED_FUNCTION] = event->function, [REFUSED_RULE] = event->event.rule,
		[REFUSED_SOURCE] = event->event.source, [REFUSED_REASON] = event->event.reason,
	};

	tally->refused++;
	return count(tally, TALLY_REFUSED, FREQUENT_REFUSED, fields, REFUSED_FIELDS);
}

/* What was done to files, as far as it was done. */
static int count_file(struct tally *tally, const struct event *event)
{
	static const struct { enum call_class class; enum tally_table table; } tables[] = {
		{ CLASS_WRITE, TALLY_WRITTEN }, { CLASS_DELETE, TALLY_DELETED },
		{ CLASS_EXEC, TALLY_RUN }, { CLASS_READ, TALLY_READ },
	};

	if (event->outcome != OUTCOME_ALLOW || event->error || !event->path)
		return 0;
	/* The new name of a rename or a link. */
	if (event->path2 && COUNT(tally, TALLY_WRITTEN, FREQUENT_WELL, event->path2) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		if (event->class == tables[i].class)
			return COUNT(tally, tables[i].table, FREQUENT_WELL, event->path);
	}
	return 0;
}

static int count_call(struct tally *tally, const struct read_event *event)
{
	enum frequent_how how = how_of(event);
	char line[16], pid[16];
	int r;

	snprintf(line, sizeof(line), "%d", event->line);
	snprintf(pid, sizeof(pid), "%d", event->event.pid);
	r = COUNT(tally, TALLY_CALLS, how, event->event.call);
	if (r == 0)
		r = COUNT(tally, TALLY_OUTCOMES, how, event->verdict, event->error_name);
	if (r == 0)
		r = COUNT(tally, TALLY_PROCESSES, how, pid);
	if (r == 0 && event->file)
		r = COUNT(tally, TALLY_LINES, how, event->file, line, event->function);
	if (r == 0)
		r = count_file(tally, &event->event);
	if (r == 0 && how == FREQUENT_REFUSED)
		r = count_refusal(tally, event, line);
	tally->failed += how == FREQUENT_FAILED;
	tally->probes += event->event.is_probe && event->event.outcome == OUTCOME_DENY;
	return r;
}

static int count_event(struct tally *tally, const struct read_event *event)
{
	tally->events++;
	if (event->event.t_us > tally->last_us)
		tally->last_us = event->event.t_us;
	if (event->event.kind == EVENT_CALL)
		return count_call(tally, event);
	return COUNT(tally, TALLY_FACTS, FREQUENT_WELL,
		     event->event.kind == EVENT_LIMIT ? "limit" : "note", event->event.reason);
}

static void add_bad(struct tally *tally, const struct read_line *line)
{
	if (tally->bad_count < TALLY_BAD_MAX)
		tally->bad[tally->bad_count] = (struct tally_bad){ line->number, line->problem };
	tally->bad_count++;
}

/* Saturates: a sum of what a hostile record claims. */
static void add_lost(struct tally *tally, uint64_t lost)
{
	tally->lost = tally->lost + lost < lost ? UINT64_MAX : tally->lost + lost;
}

int tally_add(struct tally *tally, const struct read_line *line)
{
	tally->lines = line->number;
	switch (line->kind) {
	case READ_START:
		tally->start = json_incref((json_t *)line->object);
		break;
	case READ_EVENT:
		return count_event(tally, &line->event);
	case READ_LOST:
		add_lost(tally, line->lost);
		break;
	case READ_RESULT:
		tally->result = json_incref((json_t *)line->object);
		break;
	case READ_BAD:
		add_bad(tally, line);
		break;
	case READ_CUT:
		tally->is_cut = true;
		break;
	case READ_OTHER:
		break;
	}
	return 0;
}

bool tally_is_complete(const struct tally *tally)
{
	return tally->result && !tally->bad_count && !tally->is_cut && !tally->lost &&
	       !json_integer_value(json_object_get(tally->result, "lost"));
}
