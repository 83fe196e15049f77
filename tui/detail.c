/* SPDX-License-Identifier: Apache-2.0 */
/* detail.c: see detail.h. */
#include "tui/detail.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "filters/syscalls.h"
#include "tracer/events/flat.h"
#include "tui/facts.h"

struct facts_out {
	struct detail_fact *facts;
	int count;
};

static void put(struct facts_out *out, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void put(struct facts_out *out, const char *label, const char *format, ...)
{
	va_list args;

	if (out->count == DETAIL_FACTS_MAX)
		return;
	out->facts[out->count].label = label;
	va_start(args, format);
	vsnprintf(out->facts[out->count].text, sizeof(out->facts[out->count].text), format, args);
	va_end(args);
	out->count++;
}

static void put_some(struct facts_out *out, const char *label, const char *text)
{
	if (text && text[0])
		put(out, label, "%s", text);
}

static void put_verdict(struct facts_out *out, const struct read_event *event)
{
	const char *verdict = words_verdict(event);
	const char *result = words_result(event);
	char answer[128];

	if (event->event.was_asked) {
		words_answer(event, answer, sizeof(answer));
		put(out, "verdict", "asked: %s%s%s", answer, result[0] ? ", script saw " : "",
		    result);
	} else if (!verdict[0])
		put(out, "verdict", "allowed%s", event->event.error ? "" : ", went well");
	else if (!strcmp(verdict, "FAIL"))
		put(out, "verdict", "%s, failed with %s",
		    event->event.outcome == OUTCOME_ALLOW ? "allowed"
							  : "the system's own answer",
		    result);
	else
		put(out, "verdict", "%s%s%s%s", verdict, result[0] ? ", script saw " : "", result,
		    event->event.is_probe ? " (only asked)" : "");
}

static void put_rule(struct facts_out *out, const struct read_event *event)
{
	if (event->event.rule)
		put(out, "rule", "%s%s%s", event->event.source ? event->event.source : "",
		    event->event.source ? "  " : "", event->event.rule);
	put_some(out, "why", event->event.reason);
}

static void put_target(struct facts_out *out, const struct facts *facts,
		       const struct read_event *event)
{
	const struct event *call = &event->event;

	put_some(out, call->path2 ? "from" : "file", call->path);
	put_some(out, "to", call->path2 ? call->path2 : event->host);
	put_some(out, "asked as", call->raw);
	if (call->raw && call->raw[0] != '/')
		put_some(out, "in", facts->cwd);
	/* A record names no action where the class says it all. */
	if (call->action && (!event->class_name || strcmp(call->action, event->class_name) != 0))
		put_some(out, "action", call->action);
	put_some(out, "command", call->command);
	put_some(out, "effects", call->effects);
	put_some(out, "flags", call->flags);
}

int detail_facts(const struct facts *facts, const struct flat_event *event,
		 struct detail_fact ret_facts[DETAIL_FACTS_MAX])
{
	const struct event *call = &event->event.event;
	struct facts_out out = { .facts = ret_facts };

	if (call->kind == EVENT_CALL)
		put_verdict(&out, &event->event);
	put_rule(&out, &event->event);
	put_target(&out, facts, &event->event);
	if (call->tid != call->pid)
		put(&out, "thread", "%d of process %d", call->tid, call->pid);
	else
		put(&out, "process", "%d", call->pid);
	put(&out, "time", "%" PRIu64 ".%06" PRIu64 " s", call->t_us / 1000000,
	    call->t_us % 1000000);
	put_some(&out, "class", event->event.class_name);
	return out.count;
}

int detail_frame_count(const struct flat_event *event, int is_native)
{
	const struct stack *stack = event->event.event.stack;

	if (!stack)
		return 0;
	return (int)(is_native ? stack->native_count : stack->python_count);
}

static void native_frame(const struct c_frame *frame, struct detail_frame *ret_frame)
{
	const char *slash = frame->module ? strrchr(frame->module, '/') : NULL;
	const char *module = slash ? slash + 1 : frame->module ? frame->module : "?";

	snprintf(ret_frame->place, sizeof(ret_frame->place), "%s+0x%" PRIx64, module,
		 frame->offset);
	ret_frame->function = frame->symbol ? frame->symbol : "";
	ret_frame->file = NULL;
	ret_frame->line = 0;
	ret_frame->is_library = frame->count == 0;
}

void detail_frame(const struct flat_event *event, int is_native, int i,
		  struct detail_frame *ret_frame)
{
	const struct stack *stack = event->event.event.stack;
	int last = detail_frame_count(event, is_native) - 1;
	const struct python_frame *frame;
	struct read_event named;

	if (is_native) {
		native_frame(&stack->native[last - i], ret_frame);
		return;
	}
	frame = &stack->python[last - i];
	named = (struct read_event){ .file = frame->file, .line = frame->line };
	words_line(&named, ret_frame->place, sizeof(ret_frame->place));
	ret_frame->function = frame->function ? frame->function : "";
	ret_frame->file = frame->file;
	ret_frame->line = frame->line;
	ret_frame->is_library = frame->is_library;
}

const char *detail_no_frames(const struct flat_event *event, int is_native)
{
	const struct stack *stack = event->event.event.stack;

	if (detail_frame_count(event, is_native) > 0)
		return NULL;
	if (!stack)
		return "no traceback was taken: --stack=python takes it of every call";
	if (is_native)
		return stack->native_reason ? stack->native_reason
					    : "no C frames were taken: --stack=native takes them";
	return stack->reason ? stack->reason : "no Python frame";
}
