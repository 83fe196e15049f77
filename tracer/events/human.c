/* SPDX-License-Identifier: Apache-2.0 */
/*
 * human.c: see human.h.
 *
 * A message is made whole, then queued whole or dropped whole; everything in it that a script or a
 * policy chose goes through text_show (cure.c makes its own words safe).
 */
#include "tracer/events/human.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "tracer/events/outlet.h"
#include "tracer/events/seen.h"
#include "tracer/events/stack.h"

#define BACKLOG_MAX (512u << 10)
#define PATIENCE_MS 2000
#define SHOWN_MAX 1024
#define CURE_MAX 2048
#define CALLER_MAX 160      /* of a caller: there are many of them */
#define MESSAGE_MAX (16u << 10)
#define ERRNO_COLUMN 60
#define SOURCE_COLUMN 36
#define CALLERS_MAX 16

#define INDENT "        "
#define RED "\x1b[1;31m"
#define DIM "\x1b[2m"
#define PLAIN "\x1b[0m"

struct human {
	struct sink sink;
	struct outlet outlet;
	enum human_level level;
	bool has_color;
	struct seen *seen;
	const struct human_source *source;
	uint64_t hidden;        /* refusals after that set was full */
	uint64_t told_lost;
};

struct message {
	char text[MESSAGE_MAX];
	size_t used;
	bool has_color;
};

static void say(struct message *message, const char *format, ...)
	__attribute__((format(__printf__, 2, 3)));

static void say(struct message *message, const char *format, ...)
{
	size_t room = sizeof(message->text) - message->used;
	va_list args;
	int length;

	va_start(args, format);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): seen only in runs over many files */
	length = vsnprintf(message->text + message->used, room, format, args);
	va_end(args);
	if (length > 0)
		message->used += (size_t)length < room ? (size_t)length : room - 1;
}

static void say_cut(struct message *message, const char *bytes)
{
	char shown[CALLER_MAX];

	text_show_string(shown, sizeof(shown), bytes);
	say(message, "%s", shown);
}

static void say_shown(struct message *message, const char *bytes)
{
	char shown[SHOWN_MAX];

	text_show_string(shown, sizeof(shown), bytes);
	say(message, "%s", shown);
}

static void say_color(struct message *message, const char *color)
{
	if (message->has_color)
		say(message, "%s", color);
}

/* Characters so far: near enough to columns. */
static size_t columns(const struct message *message)
{
	size_t count = 0;

	for (size_t i = 0; i < message->used; i++)
		count += ((unsigned char)message->text[i] & 0xc0) != 0x80;
	return count;
}

static void say_tag(struct message *message, const char *tag, bool is_bad)
{
	say(message, "pyjail: ");
	if (is_bad)
		say_color(message, RED);
	say(message, "%s", tag);
	if (is_bad)
		say_color(message, PLAIN);
	say(message, "  ");
}

static void say_action(struct message *message, const struct event *event)
{
	say_shown(message, event->action ? event->action : event->call);
	if (event->path) {
		say(message, " ");
		say_shown(message, event->path);
	}
	if (event->path2) {
		say(message, event->outcome == OUTCOME_VIEW ? " as " : " to ");
		say_shown(message, event->path2);
	}
	if (event->command && event->outcome == OUTCOME_FAKE) {
		say(message, ": ");
		say_shown(message, event->command);
	}
	if (event->effects && *event->effects) {
		say(message, " (");
		say_shown(message, event->effects);
		say(message, ")");
	}
	if (event->is_probe)
		say(message, " (only asked)");
}

/* The name of the error, in its column or at least two blanks on. */
static void say_error(struct message *message, int error, size_t column)
{
	int blanks = column + 2 < ERRNO_COLUMN ? (int)(ERRNO_COLUMN - column) : 2;

	say(message, "%*s%s", blanks, "", errno_name(error));
}

/* "pyjail: TAG  ACTION      ERRNO" */
static void say_headline(struct message *message, const struct event *event, const char *tag,
			 bool is_bad)
{
	/* Colour takes bytes, not columns. */
	size_t unseen = is_bad && message->has_color ? strlen(RED PLAIN) : 0;

	say_tag(message, tag, is_bad);
	say_action(message, event);
	if (event->error)
		say_error(message, event->error, columns(message) - unseen);
	say(message, "\n");
}

static void say_rule(struct message *message, const struct event *event, const char *words)
{
	say(message, "%s  ", words);
	/* rule_print made it safe already: a second round of escapes could not be pasted. */
	if (strlen(event->rule) < SHOWN_MAX && text_is_plain_string(event->rule))
		say(message, "%s", event->rule);
	else
		say_shown(message, event->rule);
	if (event->source) {
		say(message, " (");
		say_shown(message, event->source);
		say(message, ")");
	}
}

/* There is no screen to ask on. */
static void say_unasked(struct message *message, const struct event *event)
{
	char cure[CURE_MAX];

	say(message, "asks need --tui");
	if (event->rule)
		say_rule(message, event, "; asked by");
	else if (human_cure(event, cure, sizeof(cure)) > 0)
		say(message, "; allow with  %s", cure);
}

/* The last line: what to do, or why nothing helps. */
static void say_remedy(struct message *message, const struct event *event)
{
	char cure[CURE_MAX];

	say(message, INDENT);
	say_color(message, DIM);
	if (event->asked && !strcmp(event->asked, asked_name(ASKED_NO_SCREEN))) {
		say_unasked(message, event);
	} else if (event->rule && event->outcome == OUTCOME_KILL) {
		say_rule(message, event, "killed by");
	} else if (event->rule && event->rule_is_users) {
		say_rule(message, event, "refused by");
	} else if (!event->rule && !human_reason_is_default(event->reason)) {
		say(message, event->class < CLASS_IN_RULES ? "because " : "no flag allows this: ");
		say_shown(message, event->reason);
	} else if (human_cure(event, cure, sizeof(cure)) > 0) {
		say(message, "allow with  %s", cure);
	} else {
		say(message, event->class < CLASS_IN_RULES && event->path ?
		    "no rule is long enough to name this path" : "no flag allows this");
	}
	say_color(message, PLAIN);
	say(message, "\n");
}

/* The line itself, when it may be read and is known. */
static void say_source(struct message *message, const struct human_source *source,
		       const struct python_frame *frame, size_t column)
{
	char line[HUMAN_SOURCE_MAX];

	if (!source || !frame || frame->line <= 0 ||
	    source->line(source->data, frame->file, frame->line, line, sizeof(line)) < 0)
		return;
	say(message, "%*s", column + 3 < SOURCE_COLUMN ? (int)(SOURCE_COLUMN - column) : 3, "");
	say_color(message, DIM);
	say_shown(message, line);
	say_color(message, PLAIN);
}

/* A file below the current folder is called as one would call it there. */
static const char *from_cwd(const struct human_source *source, const char *file)
{
	size_t n = source ? strlen(source->cwd) : 0;

	return n && strncmp(file, source->cwd, n) == 0 && file[n] == '/' ? file + n + 1 : file;
}

/* "        at demo.py:3 in save()      open('/tmp/FILE', 'w')" */
static void say_where(struct message *message, const struct human *human,
		      const struct event *event)
{
	size_t start = columns(message);

	if (!event->where)
		return;
	say(message, INDENT "at ");
	say_shown(message, from_cwd(human->source, event->where));
	say_source(message, human->source, stack_first(event->stack), columns(message) - start);
	say(message, "\n");
}

static void say_frame(struct message *message, const struct human *human,
		      const struct python_frame *frame)
{
	say(message, INDENT "    ");
	say_cut(message, from_cwd(human->source, frame->file));
	say(message, ":%d in ", frame->line);
	say_cut(message, frame->function);
	say(message, "\n");
}

/* The whole way there, innermost first; when it is long, both ends of it. */
static void say_callers(struct message *message, const struct human *human,
			const struct stack *stack)
{
	unsigned count = stack ? stack->python_count : 0;

	if (count < 2)
		return;
	for (unsigned i = 0; i < count; i++) {
		if (i == CALLERS_MAX / 2 && count > CALLERS_MAX) {
			say(message, INDENT "    ... %u frames\n", count - CALLERS_MAX);
			i = count - CALLERS_MAX / 2;
		}
		say_frame(message, human, &stack->python[i]);
	}
}

static void say_refusal(struct message *message, const struct human *human,
			const struct event *event)
{
	say_headline(message, event, event->outcome == OUTCOME_KILL ? "killed" : "denied", true);
	say_where(message, human, event);
	if (human->level == HUMAN_VERBOSE)
		say_callers(message, human, event->stack);
	say_remedy(message, event);
}

static void say_fact(struct message *message, const struct event *event)
{
	bool is_limit = event->kind == EVENT_LIMIT;

	say_tag(message, is_limit ? "limit reached" : "note", is_limit);
	say_shown(message, event->reason ? event->reason : event->action);
	say(message, "\n");
}

static struct human *human_of(struct sink *sink)
{
	return (struct human *)sink;
}

static void settle(struct human *human, int r)
{
	if (r < 0 && r != -EAGAIN) {
		human->sink.error = -r;
		outlet_discard(&human->outlet);
	}
	human->sink.wants_write = !human->outlet.is_regular && outlet_pending(&human->outlet) > 0;
}

static void queue(struct human *human, const struct message *message)
{
	struct outlet *outlet = &human->outlet;
	char *room = NULL;

	if (outlet_pending(outlet) + message->used <= BACKLOG_MAX)
		room = outlet_reserve(outlet, message->used);
	if (!room) {
		human->sink.lost++;
		return;
	}
	memcpy(room, message->text, message->used);
	outlet_commit(outlet, message->used);
	settle(human, outlet_offer(outlet));
}

/* True the first time; what cannot be remembered is only counted. */
static bool is_new(struct human *human, const struct event *event)
{
	bool is_call = event->kind == EVENT_CALL;
	const char *on = is_call ? event->path : event->reason;
	enum seen_answer answer;
	char key[SEEN_KEY_MAX];
	int length = snprintf(key, sizeof(key), "%d %d %s %s\n%s", (int)event->kind,
			      (int)event->class, is_call ? event->call : "", on ? on : "",
			      event->where ? event->where : "");

	if (length < 0)
		return false;
	answer = seen_check(human->seen, key,
			    (size_t)length < sizeof(key) ? (size_t)length : sizeof(key) - 1);
	if (answer == SEEN_FULL)
		human->hidden++;
	return answer == SEEN_NEW;
}

static bool is_refusal(const struct event *event)
{
	return (event->outcome == OUTCOME_DENY || event->outcome == OUTCOME_KILL) &&
	       !event->is_probe;
}

static void say_event(struct message *message, const struct human *human,
		      const struct event *event)
{
	static const char *const tags[OUTCOME_COUNT] = {
		[OUTCOME_ALLOW] = "allowed", [OUTCOME_DENY] = "denied",
		[OUTCOME_KILL] = "killed", [OUTCOME_ERROR] = "failed",
		[OUTCOME_HIDE] = "hidden", [OUTCOME_VIEW] = "viewed",
		[OUTCOME_FAKE] = "faked", [OUTCOME_SCRATCH] = "scratch",
	};

	if (event->kind != EVENT_CALL)
		say_fact(message, event);
	else if (is_refusal(event))
		say_refusal(message, human, event);
	else
		say_headline(message, event, tags[event->outcome], false);
}

static void human_put(struct sink *sink, const struct event *event)
{
	struct human *human = human_of(sink);
	bool is_once = event->kind != EVENT_CALL || is_refusal(event);
	struct message message;

	if (human->level < (is_once ? HUMAN_NORMAL : HUMAN_VERBOSE))
		return;
	if (is_once && !is_new(human, event))
		return;
	if (sink->error) {
		sink->lost++;
		return;
	}
	message.used = 0;
	message.has_color = human->has_color;
	say_event(&message, human, event);
	queue(human, &message);
}

/* What was not said, said once. */
static void queue_summary(struct human *human)
{
	struct message message;
	uint64_t lost = human->sink.lost - human->told_lost;

	message.used = 0;
	if (human->hidden > 0)
		say(&message, "pyjail: %ju more refusals not shown\n", (uintmax_t)human->hidden);
	if (lost > 0)
		say(&message, "pyjail: %ju messages lost: nobody read them in time\n",
		    (uintmax_t)lost);
	human->hidden = 0;
	human->told_lost = human->sink.lost;
	if (message.used > 0)
		queue(human, &message);
}

static int human_flush(struct sink *sink, bool wait)
{
	struct human *human = human_of(sink);

	if (sink->error)
		return sink->error;
	if (!wait) {
		settle(human, outlet_write(&human->outlet));
		return sink->error;
	}
	/* First the backlog, so that there is room for the summary. */
	settle(human, outlet_drain(&human->outlet, PATIENCE_MS));
	if (!sink->error) {
		queue_summary(human);
		settle(human, outlet_drain(&human->outlet, PATIENCE_MS));
	}
	return sink->error;
}

static void human_close(struct sink *sink)
{
	struct human *human = human_of(sink);

	if (!human)
		return;
	human_flush(sink, true);
	outlet_close(&human->outlet);
	seen_free(human->seen);
	free(human);
}

static const struct sink_ops ops = { human_put, human_flush, human_close };

void human_show_source(struct sink *sink, const struct human_source *source)
{
	human_of(sink)->source = source;
}

int human_new(int fd, enum human_level level, bool color, struct sink **ret_sink)
{
	struct human *human = calloc(1, sizeof(*human));
	int r;

	if (!human)
		return -ENOMEM;
	r = seen_new(&human->seen);
	if (r < 0) {
		free(human);
		return r;
	}
	/* A closed stderr is no reason not to run: then nothing is said. */
	human->sink.error = -outlet_open(&human->outlet, fd, false);
	human->sink.ops = &ops;
	human->sink.fd = human->outlet.fd;
	human->sink.ears = level == HUMAN_VERBOSE ? SINK_HEARS_ALL
			   : level == HUMAN_NORMAL ? SINK_HEARS_REFUSALS : SINK_HEARS_NOTHING;
	human->level = level;
	human->has_color = color;
	*ret_sink = &human->sink;
	return 0;
}
