/* SPDX-License-Identifier: Apache-2.0 */
/* words.c: see words.h. */
#include "tui/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tracer/events/read.h"
#include "tracer/events/tally.h"
#include "tui/facts.h"

/* tracer/events/flat.h: of a text that is shorter nothing was left out. */
#define WHOLE_MAX 400
#define CUT_MARK "..."

const char *words_verdict(const struct read_event *event)
{
	if (event->event.kind == EVENT_LIMIT)
		return "LIM";
	if (event->event.kind == EVENT_NOTE)
		return "NOTE";
	if (event->event.outcome == OUTCOME_KILL)
		return "KILL";
	if (event->event.was_asked)
		return "ASK";
	if (event->event.outcome == OUTCOME_DENY)
		return "DENY";
	if (event->event.outcome == OUTCOME_HIDE)
		return "HIDE";
	if (event->event.outcome == OUTCOME_VIEW && !event->event.error)
		return "VIEW";
	if (event->event.outcome == OUTCOME_FAKE && !event->event.error)
		return "FAKE";
	return tally_is_failure(event) ? "FAIL" : "";
}

void words_access(const struct read_event *event, char *out, size_t size)
{
	const struct event *call = &event->event;
	bool has_effects = call->effects && call->effects[0];
	const char *word = "";

	if (call->kind == EVENT_CALL && call->path && !call->path2 && call->flags &&
	    call->flags[0])
		word = call->class == CLASS_WRITE ? "write"
						  : call->class == CLASS_READ ? "read" : "";
	snprintf(out, size, "%s%s%s", word, word[0] && has_effects ? ", " : "",
		 word[0] && has_effects ? call->effects : "");
}

void words_answer(const struct read_event *event, char *out, size_t size)
{
	const struct event *call = &event->event;
	const char *verb = call->outcome == OUTCOME_ALLOW ? "allowed"
			   : call->outcome == OUTCOME_HIDE ? "hidden"
			   : call->outcome == OUTCOME_VIEW ? "viewed"
			   : call->outcome == OUTCOME_FAKE ? "faked" : "denied";

	if (call->was_asked && call->waited_us)
		snprintf(out, size, "%s (%s), %.1f s", verb, call->asked ? call->asked : "asked",
			 (double)call->waited_us / 1e6);
	else if (call->was_asked)
		snprintf(out, size, "%s (%s)", verb, call->asked ? call->asked : "asked");
	else if (call->rule)
		snprintf(out, size, "%s", call->source ? call->source : call->rule);
	else
		snprintf(out, size, "%s", call->reason ? call->reason : "");
}

static void put_paths(const struct facts *facts, const struct event *call, char *out, size_t size)
{
	size_t used;

	facts_path(facts, call->path, out, size);
	used = strlen(out);
	if (!call->path2 || used + 5 >= size)
		return;
	memcpy(out + used, call->outcome == OUTCOME_VIEW ? " as " : " to ", 4);
	facts_path(facts, call->path2, out + used + 4, size - used - 4);
}

void words_target(const struct facts *facts, const struct read_event *event, char *out,
		  size_t size)
{
	const struct event *call = &event->event;

	if (call->kind != EVENT_CALL)
		snprintf(out, size, "%s", call->reason ? call->reason : "");
	else if (call->path)
		put_paths(facts, call, out, size);
	else if (event->host)
		snprintf(out, size, "%s", event->host);
	else
		snprintf(out, size, "%s", call->action ? call->action : "");
}

bool words_is_whole(const char *path)
{
	return strlen(path) < WHOLE_MAX || !strstr(path, CUT_MARK);
}

void words_line(const struct read_event *event, char *out, size_t size)
{
	const char *file = event->file, *slash = file ? strrchr(file, '/') : NULL;

	if (!file)
		snprintf(out, size, "-");
	else if (!strncmp(file, "<frozen importlib", 17))
		snprintf(out, size, "<import>");
	else if (event->line > 0)
		snprintf(out, size, "%s:%d", slash ? slash + 1 : file, event->line);
	else
		snprintf(out, size, "%s", slash ? slash + 1 : file);
}

const char *words_result(const struct read_event *event)
{
	return event->error_name ? event->error_name : "";
}

void words_time(uint64_t us, char *out, size_t size)
{
	if (us < 1000)
		snprintf(out, size, "%" PRIu64 " us", us);
	else if (us < 10000)
		snprintf(out, size, "%.1f ms", (double)us / 1e3);
	else if (us < 1000000)
		snprintf(out, size, "%" PRIu64 " ms", us / 1000);
	else
		snprintf(out, size, "%.3f s", (double)us / 1e6);
}

void words_count(uint64_t count, char *out, size_t size)
{
	char digits[32];
	size_t length = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, count), used = 0;

	for (size_t i = 0; i < length && used + 2 < size; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			out[used++] = ',';
		out[used++] = digits[i];
	}
	out[used] = '\0';
}
