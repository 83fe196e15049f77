/* SPDX-License-Identifier: Apache-2.0 */
/* words.c: see words.h. */
#include "tui/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tracer/events/read.h"
#include "tracer/events/tally.h"
#include "tui/facts.h"

const char *words_verdict(const struct read_event *event)
{
	if (event->event.kind == EVENT_LIMIT)
		return "LIM";
	if (event->event.kind == EVENT_NOTE)
		return "NOTE";
	switch (event->event.outcome) {
	case OUTCOME_DENY:
		return "DENY";
	case OUTCOME_KILL:
		return "KILL";
	case OUTCOME_ALLOW:
	case OUTCOME_ERROR:
	case OUTCOME_COUNT:
	default:
		break;
	}
	if (event->verdict && !strcmp(event->verdict, "ask"))
		return "ASK";
	return tally_is_failure(event) ? "FAIL" : "";
}

/* What was wanted of a file beyond what the call's name says. */
static const char *access_of(const struct event *event)
{
	if (event->class == CLASS_WRITE && event->flags && strstr(event->flags, "O_"))
		return "  write";
	return event->class == CLASS_READ && event->flags && event->flags[0] ? "  read" : "";
}

void words_target(const struct facts *facts, const struct read_event *event, char *out,
		  size_t size)
{
	const struct event *call = &event->event;

	if (call->kind != EVENT_CALL)
		snprintf(out, size, "%s", call->reason ? call->reason : "");
	else if (call->path && call->path2)
		snprintf(out, size, "%s to %s", facts_from_cwd(facts, call->path),
			 facts_from_cwd(facts, call->path2));
	else if (call->path)
		snprintf(out, size, "%s%s%s%s", facts_from_cwd(facts, call->path),
			 access_of(call), call->effects && call->effects[0] ? " " : "",
			 call->effects ? call->effects : "");
	else if (event->host)
		snprintf(out, size, "%s", event->host);
	else
		snprintf(out, size, "%s", call->action ? call->action : "");
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
