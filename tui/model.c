/* SPDX-License-Identifier: Apache-2.0 */
/* model.c: see model.h. */
#include "tui/model.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/events/flat.h"
#include "tracer/events/query.h"
#include "tracer/events/tally.h"
#include "tui/words.h"

int model_init(struct model *model)
{
	int r;

	*model = (struct model){ 0 };
	r = facts_init(&model->facts);
	for (int i = 0; r == 0 && i < VIEWS; i++)
		if (views[i].rows > ROW_EVENT)
			r = groups_new(&model->groups[i]);
	return r;
}

void model_free(struct model *model)
{
	facts_free(&model->facts);
	store_free(&model->store);
	query_free(model->query);
	free(model->shown);
	for (int i = 0; i < VIEWS; i++)
		groups_free(model->groups[i]);
	*model = (struct model){ 0 };
}

int model_event(const struct entry *entry, struct flat_event *ret_event)
{
	return flat_unpack(entry->bytes, entry->size, ret_event);
}

/* ---- keys of the views' rows ---- */

static bool is_about_files(enum call_class class)
{
	return class == CLASS_READ || class == CLASS_WRITE || class == CLASS_DELETE ||
	       class == CLASS_STAT || class == CLASS_EXEC;
}

static int add_row(struct model *model, enum view_id view, const char *key, size_t length,
		   const struct group_note *note)
{
	if (!key || !length)
		return 0;
	return groups_add(model->groups[view], key, length, note) ? 0 : -ENOMEM;
}

static int add_line(struct model *model, const struct read_event *event,
		    const struct group_note *note)
{
	char key[GROUPS_KEY_MAX];
	int length;

	if (!event->file)
		return 0;
	length = snprintf(key, sizeof(key), "%s:%d%c%s", event->file, event->line, '\0',
			  event->function ? event->function : "");
	return add_row(model, VIEW_LINES, key,
		       length < (int)sizeof(key) ? (size_t)length : sizeof(key) - 1, note);
}

/* What the report lists: call and target. */
static int add_refused(struct model *model, const struct read_event *event,
		       const struct group_note *note)
{
	char key[GROUPS_KEY_MAX], answer[WORDS_MAX];
	const char *target = note->tops[TOP_TARGETS] ? note->tops[TOP_TARGETS] : "";
	struct group_note listed = *note;
	int length;

	if (!note->is_denied && !note->is_asked)
		return 0;
	words_answer(event, answer, sizeof(answer));
	listed.tops[TOP_OUTCOMES] = answer;
	length = snprintf(key, sizeof(key), "%s%c%s", event->event.call, '\0', target);
	return add_row(model, VIEW_REPORT, key,
		       length < (int)sizeof(key) ? (size_t)length : sizeof(key) - 1, &listed);
}

static int add_process(struct model *model, const struct read_event *event,
		       struct group_note note)
{
	char key[32];
	int length = snprintf(key, sizeof(key), "%d", event->event.pid);

	if (event->event.parent)
		length += 1 + snprintf(key + length + 1, sizeof(key) - (size_t)length - 1, "%d",
				       event->event.parent);
	/* What it ran says what it is. */
	note.tops[TOP_TARGETS] = event->event.class == CLASS_EXEC &&
				 event->event.outcome == OUTCOME_ALLOW ? event->event.path : NULL;
	return add_row(model, VIEW_PROCS, key, (size_t)length, &note);
}

/* The other end of a rename or a link is made, whatever becomes of the first. */
static int add_new_name(struct model *model, const char *path, struct group_note note)
{
	note.class = CLASS_WRITE;
	return add_row(model, VIEW_FILES, path, strlen(path), &note);
}

/* The call and what it was about, as a row of the other views remembers them. */
static int count_rows(struct model *model, const struct read_event *event,
		      const struct group_note *note)
{
	const struct event *call = &event->event;
	int r = add_row(model, VIEW_CALLS, call->call, strlen(call->call), note);

	if (r == 0 && call->path && is_about_files(call->class))
		r = add_row(model, VIEW_FILES, call->path, strlen(call->path), note);
	if (r == 0 && call->path2 && is_about_files(call->class))
		r = add_new_name(model, call->path2, *note);
	if (r == 0 && event->host)
		r = add_row(model, VIEW_NET, event->host, strlen(event->host), note);
	if (r == 0 && call->rule)
		r = add_row(model, VIEW_POLICY, call->rule, strlen(call->rule), note);
	if (r == 0)
		r = add_line(model, event, note);
	if (r == 0)
		r = add_refused(model, event, note);
	return r == 0 ? add_process(model, event, *note) : r;
}

static int count_event(struct model *model, const struct read_event *event)
{
	char line[LINE_WORDS_MAX], target[WORDS_MAX], outcome[64];
	struct group_note note = {
		.n = event->event.n, .t_us = event->event.t_us, .class = event->event.class,
		.is_denied = tally_is_refusal(event), .is_failed = tally_is_failure(event),
		.is_asked = event->event.was_asked, .us = event->event.dur_us,
		.is_timed = event->event.dur_us > 0,
	};

	if (event->event.kind != EVENT_CALL || !event->event.call)
		return 0;
	words_line(event, line, sizeof(line));
	words_target(&model->facts, event, target, sizeof(target));
	snprintf(outcome, sizeof(outcome), "%s%s%s", event->verdict ? event->verdict : "allow",
		 event->error_name ? " " : "", words_result(event));
	note.tops[TOP_LINES] = event->file ? line : NULL;
	note.tops[TOP_TARGETS] = target[0] ? target : NULL;
	note.tops[TOP_OUTCOMES] = outcome;
	model->total_calls++;
	model->total_us += note.us;
	model->has_times |= note.is_timed;
	return count_rows(model, event, &note);
}

/* ---- what passes the filter ---- */

static int reserve(struct model *model)
{
	size_t capacity = model->shown_capacity ? 2 * model->shown_capacity : 1024;
	const struct entry **shown;

	if (model->shown_count < model->shown_capacity)
		return 0;
	shown = realloc(model->shown, capacity * sizeof(*shown));
	if (!shown)
		return -ENOMEM;
	model->shown = shown;
	model->shown_capacity = capacity;
	return 0;
}

static bool passes(const struct model *model, const struct read_event *event)
{
	return !model->query || query_matches(model->query, event);
}

/* Where its number belongs: as a rule at the end, but what the ring lost and kept comes late. */
static int show(struct model *model, const struct entry *entry)
{
	size_t count = model->shown_count, at = count;

	if (reserve(model) < 0)
		return -ENOMEM;
	if (count > 0 && model->shown[count - 1]->n > entry->n)
		at = model_place(model, entry->n);
	memmove(model->shown + at + 1, model->shown + at, (count - at) * sizeof(*model->shown));
	model->shown[at] = entry;
	model->shown_count++;
	return 0;
}

/* Rules of the policy that nobody met are rows, too. */
static void touch_rules(struct model *model)
{
	char *rule;

	for (size_t i = 0; (rule = facts_rule(&model->facts, i)); i++) {
		groups_touch(model->groups[VIEW_POLICY], rule, strlen(rule));
		free(rule);
	}
}

int model_set_start(struct model *model, const json_t *start)
{
	int r = facts_set_start(&model->facts, start);

	if (r == 0)
		touch_rules(model);
	return r;
}

/* The list anew, from what the store holds; the counts only when the filter is another one. */
static int rebuild(struct model *model, bool counts_anew)
{
	struct flat_event event;
	int r = 0;

	model->shown_count = 0;
	model->shown_generation = model->store.generation;
	for (size_t i = 0; r == 0 && i < model->store.count; i++) {
		const struct entry *entry = model->store.entries[i];

		if (model_event(entry, &event) < 0 || !passes(model, &event.event))
			continue;
		r = show(model, entry);
		if (r == 0 && counts_anew)
			r = count_event(model, &event.event);
	}
	return r;
}

/* A record has no counters beside it. */
static void count_itself(struct model *model, const struct read_event *event)
{
	model->counts.events++;
	model->counts.denied += tally_is_refusal(event);
	model->counts.failed += tally_is_failure(event);
	model->counts.asked += event->event.was_asked;
}

/* The entry that was added (NULL: it does not pass) is in the list; so is all else. */
static int list_entry(struct model *model, const struct entry *entry)
{
	/* For it the store forgot others. */
	if (model->shown_generation != model->store.generation)
		return rebuild(model, false);
	return entry ? show(model, entry) : 0;
}

int model_add(struct model *model, const char *bytes, size_t size)
{
	struct flat_event event;
	const struct entry *entry;
	bool is_kept, is_shown;
	int r = flat_unpack(bytes, size, &event), listed;

	if (r < 0)
		return r;
	is_kept = tally_is_refusal(&event.event) || event.event.event.was_asked;
	entry = store_add(&model->store, event.event.event.n, is_kept, bytes, size);
	/* First of all: without memory for the rest, no pointer to a forgotten one may stay. */
	is_shown = entry && passes(model, &event.event);
	listed = list_entry(model, is_shown ? entry : NULL);
	if (!entry)
		return listed;
	if (event.event.event.t_us > model->last_us)
		model->last_us = event.event.event.t_us;
	if (model->counts_itself)
		count_itself(model, &event.event);
	r = is_shown ? count_event(model, &event.event) : 0;
	return r < 0 ? r : listed;
}

int model_set_filter(struct model *model, const char *text, struct fault *ret_fault)
{
	struct query *query = NULL;
	int r = text[0] ? query_parse(text, &query, ret_fault) : 0;

	if (r < 0)
		return r;
	query_free(model->query);
	model->query = query;
	snprintf(model->filter, sizeof(model->filter), "%s", text);
	model->total_calls = model->total_us = 0;
	for (int i = 0; i < VIEWS; i++)
		if (model->groups[i])
			groups_clear(model->groups[i]);
	touch_rules(model);
	return rebuild(model, true);
}

size_t model_count(const struct model *model)
{
	return model->shown_count;
}

const struct entry *model_entry(const struct model *model, size_t i)
{
	return model->shown[i];
}

size_t model_place(const struct model *model, uint64_t n)
{
	return entry_place(model->shown, model->shown_count, n);
}

uint64_t model_slices(const struct model *model, struct model_slice slices[MODEL_SLICES],
		      int count)
{
	uint64_t length = model->last_us / (uint64_t)count;
	struct flat_event event;

	length += length < UINT64_MAX;
	memset(slices, 0, sizeof(*slices) * (size_t)count);
	for (size_t i = 0; i < model->shown_count; i++) {
		struct model_slice *slice;
		uint64_t at;

		if (model_event(model->shown[i], &event) < 0)
			continue;
		at = event.event.event.t_us / length;
		slice = &slices[at < (uint64_t)count ? at : (uint64_t)count - 1];
		slice->files += is_about_files(event.event.event.class);
		slice->net += event.event.event.class == CLASS_NET;
		slice->denied += tally_is_refusal(&event.event);
		slice->asked += event.event.event.was_asked;
	}
	return length;
}
