/* SPDX-License-Identifier: Apache-2.0 */
/* outcome.c: see outcome.h. */
#include "tracer/corpus/outcome.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tracer/corpus/events.h"

#define EXIT_LIMIT 124
#define EXIT_SIGNAL 128

#pragma GCC diagnostic ignored "-Wformat-nonliteral"
void outcome_format(char *out, size_t size, const char *format, const char *what)
{
	snprintf(out, size, format, what);
}

bool outcome_find_raw(const char *bytes, size_t length, char *out, size_t size)
{
	for (size_t at = 0; at < length;) {
		unsigned point = 0;
		size_t n = text_character(bytes + at, length - at, &point);

		if (n == 0 || (point != '\n' && !text_is_plain(point))) {
			snprintf(out, size, "byte 0x%02x", (unsigned char)bytes[at]);
			return true;
		}
		at += n;
	}
	return false;
}

void outcome_read_limit(const char *base, char *out, size_t size)
{
	char path[PATH_MAX];
	json_t *result;
	const char *limit;

	outcome_format(path, sizeof(path), "%s/result.json", base);
	result = json_load_file(path, 0, NULL);
	limit = json_string_value(json_object_get(result, "limit"));
	snprintf(out, size, "%s", limit ? limit : "");
	json_decref(result);
}

static void print_end(const struct attempt *attempt, char *out, size_t size)
{
	if (attempt->timed_out)
		snprintf(out, size, "it had to be killed after %.0f s", attempt->wall_s);
	else if (attempt->signal)
		snprintf(out, size, "pyjail was ended by SIG%s", sigabbrev_np(attempt->signal));
	else if (attempt->limit[0])
		snprintf(out, size, "the limit on %s ended it", attempt->limit);
	else
		snprintf(out, size, "exit status %d", attempt->status);
}

static bool ended_as_expected(const struct attempt *attempt)
{
	const struct corpus_header *header = &attempt->header;

	if (attempt->timed_out)
		return false;
	switch (header->end) {
	case END_SIGNAL:
		/* SIGINT: pyjail ends itself by it. */
		return attempt->status == EXIT_SIGNAL + header->status ||
		       (attempt->signal == SIGINT && header->status == SIGINT);
	case END_LIMIT:
		return attempt->status == EXIT_LIMIT && !strcmp(attempt->limit, header->limit);
	case END_STATUS:
	default:
		return attempt->status == header->status;
	}
}

/* pyjail's own messages; human.h. */
static bool is_message(const char *line)
{
	return !strncmp(line, "pyjail: ", 8) || !strncmp(line, "        ", 8);
}

/*
 * The last line of what was said, to tell why: the script's own, if there is one.  pyjail's
 * messages go through a thread (pump.h) and may come later than what the script said after them.
 */
static void print_last_line(const char *text, char *out, size_t size)
{
	size_t end = strlen(text), start;
	bool is_found = false;

	out[0] = '\0';
	while (end && !is_found) {
		while (end && strchr("\r\n", text[end - 1]))
			end--;
		start = end;
		while (start && text[start - 1] != '\n')
			start--;
		is_found = !is_message(text + start);
		if (is_found || !out[0])
			text_show(out, size, text + start, end - start);
		end = start;
	}
}

void outcome_check_status(const struct attempt *attempt, char *out, size_t size)
{
	const struct corpus_header *header = &attempt->header;
	char end[64], last[200], expected[64];

	out[0] = '\0';
	if (ended_as_expected(attempt))
		return;
	print_end(attempt, end, sizeof(end));
	print_last_line(attempt->err, last, sizeof(last));
	if (header->end == END_SIGNAL)
		snprintf(expected, sizeof(expected), "SIG%s", sigabbrev_np(header->status));
	else if (header->end == END_LIMIT)
		snprintf(expected, sizeof(expected), "the limit on %s", header->limit);
	else
		snprintf(expected, sizeof(expected), "exit status %d", header->status);
	snprintf(out, size, "%s, expected %s%s%s", end, expected, last[0] ? "; " : "", last);
}

void outcome_check_record(const struct corpus_header *header, const char *base, char *out,
			  size_t size)
{
	char path[PATH_MAX], words[PATH_MAX + 128];
	json_t *events;

	out[0] = '\0';
	outcome_format(path, sizeof(path), "%s/record.jsonl", base);
	if (events_read(path, &events, out, size) < 0)
		return;
	if (header->expects_no_refusal && events_refusal(events, words, sizeof(words)))
		outcome_format(out, size, "expected no refusal, there is: %s", words);
	for (unsigned i = 0; !out[0] && i < header->expect_count; i++) {
		if (events_meet(events, &header->expects[i]))
			continue;
		events_print_expect(&header->expects[i], words, sizeof(words));
		outcome_format(out, size, "the record has no  %s", words);
	}
	json_decref(events);
}
