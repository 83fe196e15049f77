/* SPDX-License-Identifier: Apache-2.0 */
/* summary_json.c: a summary as an object for programs.  See summary.h. */
#include "tracer/events/summary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tracer/events/jsonl.h"
#include "tracer/events/tally.h"

#define FIELDS_MAX REFUSED_FIELDS

/* How the key of a table is named: field by field; "line" and "pid" are numbers. */
static const struct table_row {
	const char *name;
	const char *fields[FIELDS_MAX];
} rows[TALLY_TABLES] = {
	[TALLY_REFUSED] = { "refused", {
		[REFUSED_VERDICT] = "verdict", [REFUSED_CLASS] = "class", [REFUSED_CALL] = "call",
		[REFUSED_ERROR] = "error", [REFUSED_PATH] = "path", [REFUSED_PATH2] = "path2",
		[REFUSED_FILE] = "file", [REFUSED_LINE] = "line", [REFUSED_FUNCTION] = "function",
		[REFUSED_RULE] = "rule", [REFUSED_SOURCE] = "source", [REFUSED_REASON] = "reason",
	} },
	[TALLY_WRITTEN] = { "written", { "path" } },
	[TALLY_DELETED] = { "deleted", { "path" } },
	[TALLY_RUN] = { "run", { "path" } },
	[TALLY_READ] = { "read", { "path" } },
	[TALLY_LINES] = { "lines", { "file", "line", "function" } },
	[TALLY_CALLS] = { "calls", { "call" } },
	[TALLY_OUTCOMES] = { "outcomes", { "verdict", "error" } },
	[TALLY_PROCESSES] = { "processes", { "pid" } },
	[TALLY_FACTS] = { "facts", { "type", "reason" } },
};

/* Takes the value. */
static int set(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value) < 0 ? -ENOMEM : 0;
}

static int set_count(json_t *object, const char *key, uint64_t value)
{
	return set(object, key, json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value));
}

static int set_field(json_t *object, const char *key, const char *value)
{
	if (!*value)
		return 0;
	if (!strcmp(key, "line") || !strcmp(key, "pid"))
		return set(object, key, json_integer(strtol(value, NULL, 10)));
	return jsonl_set_bytes(object, key, value);
}

static json_t *item_json(const struct table_row *row, const struct frequent_item *item)
{
	json_t *object = json_object();
	int r = set_count(object, "count", item->count);

	if (item->refused)
		r |= set_count(object, "refused", item->refused);
	if (item->failed)
		r |= set_count(object, "failed", item->failed);
	for (unsigned i = 0; i < FIELDS_MAX && row->fields[i]; i++)
		r |= set_field(object, row->fields[i], tally_field(item, i));
	if (r == 0)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *items_json(const struct table_row *row, const struct frequent *table)
{
	const struct frequent_item **items = frequent_sorted(table);
	json_t *list = items ? json_array() : NULL;

	for (size_t i = 0; list && items[i]; i++) {
		if (json_array_append_new(list, item_json(row, items[i])) < 0) {
			json_decref(list);
			list = NULL;
		}
	}
	free(items);
	return list;
}

/* {"total":N,"others":N,"error":N,"items":[...]} */
static int set_table(json_t *summary, const struct table_row *row, const struct frequent *table)
{
	json_t *object = json_object();
	int r = set_count(object, "total", frequent_total(table));

	r |= set_count(object, "others", frequent_others(table));
	r |= set_count(object, "error", frequent_error(table));
	r |= set(object, "items", items_json(row, table));
	r |= set(summary, row->name, json_incref(object));
	json_decref(object);
	return r;
}

static json_t *or_null(json_t *object)
{
	return object ? json_incref(object) : json_null();
}

static json_t *bad_json(const struct tally *tally)
{
	size_t named = tally->bad_count < TALLY_BAD_MAX ? tally->bad_count : TALLY_BAD_MAX;
	json_t *list = json_array();

	for (size_t i = 0; i < named; i++)
		json_array_append_new(list, json_pack("{s:I, s:s}", "line",
						      (json_int_t)tally->bad[i].number, "problem",
						      tally->bad[i].problem));
	return list;
}

static int set_counts(json_t *summary, const struct tally *tally)
{
	int r = set_count(summary, "events", tally->events);

	r |= set_count(summary, "denied", tally->refused);
	r |= set_count(summary, "probes", tally->probes);
	r |= set_count(summary, "failed", tally->failed);
	r |= set_count(summary, "lost", tally->lost);
	r |= set_count(summary, "unreadable", tally->bad_count);
	r |= set(summary, "unreadable_lines", bad_json(tally));
	r |= set(summary, "cut", json_boolean(tally->is_cut));
	r |= set(summary, "complete", json_boolean(tally_is_complete(tally)));
	return r;
}

json_t *summary_json(const struct tally *tally)
{
	json_t *summary = json_object();
	int r = set(summary, "type", json_string("summary"));

	r |= set(summary, "version", json_integer(JSONL_VERSION));
	r |= set(summary, "start", or_null(tally->start));
	r |= set(summary, "result", or_null(tally->result));
	r |= set_counts(summary, tally);
	for (int table = 0; table < TALLY_TABLES; table++)
		r |= set_table(summary, &rows[table], tally->tables[table]);
	if (r == 0)
		return summary;
	json_decref(summary);
	return NULL;
}
