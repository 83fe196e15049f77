/* SPDX-License-Identifier: Apache-2.0 */
/* listing.c: see listing.h. */
#include "tracer/events/listing.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tracer/events/read.h"
#include "tracer/events/tally.h"

#define GROWS 9            /* a byte, once shown: text.h */
#define FIXED_MAX 256

#define RED "\x1b[1;31m"
#define DIM "\x1b[2m"
#define PLAIN "\x1b[0m"

struct listing {
	bool has_color;
	char *cwd;
	char *text;
	size_t size, used;
};

int listing_new(bool has_color, struct listing **ret_listing)
{
	struct listing *listing = calloc(1, sizeof(*listing));

	if (!listing)
		return -ENOMEM;
	listing->has_color = has_color;
	*ret_listing = listing;
	return 0;
}

void listing_free(struct listing *listing)
{
	if (!listing)
		return;
	free(listing->cwd);
	free(listing->text);
	free(listing);
}

int listing_set_cwd(struct listing *listing, const char *cwd)
{
	char *copy = cwd ? strdup(cwd) : NULL;

	if (cwd && !copy)
		return -ENOMEM;
	free(listing->cwd);
	listing->cwd = copy;
	return 0;
}

/* ---- a line; there is room for all of it ---- */

static void put(struct listing *listing, const char *format, ...)
	__attribute__((format(__printf__, 2, 3)));

static void put(struct listing *listing, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	listing->used += (size_t)vsnprintf(listing->text + listing->used,
					   listing->size - listing->used, format, args);
	va_end(args);
}

static void put_shown(struct listing *listing, const char *before, const char *bytes)
{
	put(listing, "%s", before);
	listing->used += text_show_string(listing->text + listing->used,
					  listing->size - listing->used, bytes);
}

static void put_color(struct listing *listing, const char *color)
{
	if (listing->has_color)
		put(listing, "%s", color);
}

static const char *from_cwd(const struct listing *listing, const char *path)
{
	size_t n = listing->cwd ? strlen(listing->cwd) : 0;

	return n > 1 && !strncmp(path, listing->cwd, n) && path[n] == '/' && path[n + 1] ?
		path + n + 1 : path;
}

/* The words of the record; in capitals what is to meet the eye. */
static const char *verdict_of(const struct read_event *event)
{
	static const char *const words[] = {
		[OUTCOME_ALLOW] = "allow", [OUTCOME_DENY] = "DENY", [OUTCOME_KILL] = "KILL",
		[OUTCOME_ERROR] = "error", [OUTCOME_HIDE] = "hide",
		[OUTCOME_VIEW] = "view", [OUTCOME_FAKE] = "fake",
		[OUTCOME_SCRATCH] = "scratch",
	};

	if (event->event.kind != EVENT_CALL)
		return event->event.kind == EVENT_LIMIT ? "LIMIT" : "note";
	if (event->event.outcome < OUTCOME_COUNT)
		return words[event->event.outcome];
	return event->verdict ? event->verdict : "-";
}

static void put_padded(struct listing *listing, const char *bytes, size_t columns)
{
	size_t start = listing->used;

	put_shown(listing, "", bytes);
	if (listing->used - start < columns)
		put(listing, "%*s", (int)(columns - (listing->used - start)), "");
	put(listing, "  ");
}

static void put_place(struct listing *listing, const struct read_event *event)
{
	if (event->file) {
		put_shown(listing, "  ", from_cwd(listing, event->file));
		put(listing, ":%d", event->line);
		if (event->function) {
			put_shown(listing, " in ", event->function);
			put(listing, "%s", strchr(event->function, '<') ? "" : "()");
		}
	} else if (event->event.where) {
		put_shown(listing, "  ", from_cwd(listing, event->event.where));
	}
}

static void put_files(struct listing *listing, const struct event *event)
{
	put_shown(listing, "", event->path ? from_cwd(listing, event->path) : "-");
	if (event->path2)
		put_shown(listing, " to ", from_cwd(listing, event->path2));
}

static void put_event(struct listing *listing, const struct read_event *event)
{
	bool is_bad = tally_is_refusal(event) || event->event.kind == EVENT_LIMIT;

	put(listing, "%5" PRIu64 ".%06" PRIu64 " %7d  ", event->event.t_us / 1000000,
	    event->event.t_us % 1000000, event->event.pid);
	if (is_bad)
		put_color(listing, RED);
	put_padded(listing, verdict_of(event), 5);
	if (is_bad)
		put_color(listing, PLAIN);
	if (event->event.kind != EVENT_CALL) {
		put_shown(listing, "", event->event.reason);
		return;
	}
	put_padded(listing, event->event.call ? event->event.call : "-", 12);
	put_files(listing, &event->event);
	if (event->host)
		put_shown(listing, " ", event->host);
	if (event->error_name)
		put_shown(listing, "  ", event->error_name);
	if (event->event.is_probe)
		put(listing, " (only asked)");
	if (event->event.asked)
		put_shown(listing, "  asked: ", event->event.asked);
	put_color(listing, DIM);
	put_place(listing, event);
	put_color(listing, PLAIN);
}

static size_t size_max(const struct read_event *event)
{
	const char *const texts[] = {
		event->event.call, event->event.path, event->event.path2, event->event.where,
		event->event.reason, event->event.asked, event->verdict, event->error_name,
		event->host, event->file, event->function,
	};
	size_t size = FIXED_MAX;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		size += texts[i] ? GROWS * strlen(texts[i]) : 0;
	return size;
}

const char *listing_line(struct listing *listing, const struct read_event *event)
{
	size_t size = size_max(event);

	if (size > listing->size) {
		char *text = realloc(listing->text, 2 * size);

		if (!text)
			return NULL;
		listing->text = text;
		listing->size = 2 * size;
	}
	listing->used = 0;
	put_event(listing, event);
	return listing->text;
}
