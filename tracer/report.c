/* SPDX-License-Identifier: Apache-2.0 */
/* report.c: see report.h. */
#include "tracer/report.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "base/fail.h"
#include "filters/decide.h"
#include "filters/nr.h"
#include "filters/rule.h"
#include "tracer/argv.h"
#include "tracer/events/command.h"
#include "tracer/events/stack.h"

struct flag_name {
	int bits;
	const char *name;
};

/* Longest masks first: O_TMPFILE holds O_DIRECTORY, O_SYNC holds O_DSYNC. */
static const struct flag_name open_flags[] = {
	{ O_TMPFILE, "O_TMPFILE" },   { O_SYNC, "O_SYNC" },           { O_CREAT, "O_CREAT" },
	{ O_EXCL, "O_EXCL" },         { O_NOCTTY, "O_NOCTTY" },       { O_TRUNC, "O_TRUNC" },
	{ O_APPEND, "O_APPEND" },     { O_NONBLOCK, "O_NONBLOCK" },   { O_DSYNC, "O_DSYNC" },
	{ O_ASYNC, "O_ASYNC" },       { O_DIRECT, "O_DIRECT" },      { O_DIRECTORY, "O_DIRECTORY" },
	{ O_NOFOLLOW, "O_NOFOLLOW" }, { O_NOATIME, "O_NOATIME" },     { O_CLOEXEC, "O_CLOEXEC" },
	{ O_PATH, "O_PATH" },
};

static void add_word(char *out, size_t size, const char *separator, const char *word)
{
	size_t n = strlen(out);

	snprintf(out + n, size - n, "%s%s", n ? separator : "", word);
}

static void name_open_flags(int flags, char *out, size_t size)
{
	static const char *const access[] = { "O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE" };
	int left = flags & ~O_ACCMODE;
	char rest[16];

	add_word(out, size, "|", access[flags & O_ACCMODE]);
	for (size_t i = 0; i < ARRAY_SIZE(open_flags); i++) {
		if ((left & open_flags[i].bits) != open_flags[i].bits)
			continue;
		add_word(out, size, "|", open_flags[i].name);
		left &= ~open_flags[i].bits;
	}
	left &= ~CALL_LARGEFILE;
	if (left) {
		snprintf(rest, sizeof(rest), "0%o", (unsigned)left);
		add_word(out, size, "|", rest);
	}
}

static void describe_open(const struct op *op, struct report_text *text)
{
	int flags = op->call.flags;
	const struct call_file *file = &op->call.file[0];
	bool writes = call_flags_write(flags), reads = (flags & O_ACCMODE) == O_RDWR;

	name_open_flags(flags, text->flags, sizeof(text->flags));
	/* O_RDWR needs both rights: a refusal names the one that is missing, a question both. */
	if (!verdict_permits(op->verdict.kind) && op->verdict.class == CLASS_READ &&
	    op->wait != WAIT_ANSWER)
		writes = false;
	snprintf(text->action, sizeof(text->action), "%s",
		 !writes ? "read" : reads && op->wait == WAIT_ANSWER ? "read and write" : "write");
	if (!writes)
		return;
	if ((flags & O_TMPFILE) == O_TMPFILE)
		add_word(text->effects, sizeof(text->effects), ", ", "create unnamed");
	else if (flags & O_CREAT && !file->exists)
		add_word(text->effects, sizeof(text->effects), ", ", "create");
	if (flags & O_TRUNC)
		add_word(text->effects, sizeof(text->effects), ", ", "truncate");
	if (flags & O_APPEND)
		add_word(text->effects, sizeof(text->effects), ", ", "append");
}

static void describe_address(const struct op *op, struct report_text *text)
{
	char address[INET6_ADDRSTRLEN] = "";
	const struct sockaddr_in *in = (const struct sockaddr_in *)&op->address;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&op->address;

	if (op->call.family == AF_INET && op->address_length >= sizeof(*in)) {
		inet_ntop(AF_INET, &in->sin_addr, address, sizeof(address));
		snprintf(text->host, sizeof(text->host), "%s:%u", address, ntohs(in->sin_port));
	} else if (op->call.family == AF_INET6 && op->address_length >= sizeof(*in6)) {
		inet_ntop(AF_INET6, &in6->sin6_addr, address, sizeof(address));
		snprintf(text->host, sizeof(text->host), "[%s]:%u", address,
			 ntohs(in6->sin6_port));
	}
	if (text->host[0])
		snprintf(text->action, sizeof(text->action), "%s %s", op->call.row->name,
			 text->host);
	else
		snprintf(text->action, sizeof(text->action), "%s (address family %d)",
			 op->call.row->name, op->call.family);
}

static int signal_of(const struct call *call)
{
	switch (call->nr) {
	case __NR_tgkill:
	case __NR_rt_tgsigqueueinfo:
		return (int)call->args[2];
	default:
		return (int)call->args[1];
	}
}

/* "delete", "send signal 9 to process 1": what the call does, in plain words. */
static void describe(const struct op *op, struct report_text *text)
{
	decide_fn *decider = op->call.row ? op->call.row->decide : NULL;

	if (!op->call.row)
		snprintf(text->action, sizeof(text->action), "unknown call %ld", op->call.nr);
	else if (decider == decide_open)
		describe_open(op, text);
	else if (decider == decide_remove)
		snprintf(text->action, sizeof(text->action), "delete");
	else if (decider == decide_rename)
		snprintf(text->action, sizeof(text->action), "rename");
	else if (decider == decide_exec)
		snprintf(text->action, sizeof(text->action), "run");
	else if (decider == decide_signal)
		snprintf(text->action, sizeof(text->action), "send signal %d to %s %d",
			 signal_of(&op->call), op->target <= 0 ? "group" : "process", op->target);
	else if (decider == decide_address)
		describe_address(op, text);
	else if (decider == decide_socket)
		snprintf(text->action, sizeof(text->action), "%s (address family %d)",
			 op->call.row->words, op->call.family);
	else if (decider == decide_ioctl || decider == decide_fcntl || decider == decide_prctl)
		snprintf(text->action, sizeof(text->action), "%s 0x%x", op->call.row->words,
			 (unsigned)op->call.args[decider == decide_prctl ? 0 : 1]);
	else
		snprintf(text->action, sizeof(text->action), "%s", op->call.row->words);
}

/* What was refused before its path was known is called as the script called it. */
static const char *path_of(const struct call_file *file)
{
	return file->path && file->path[0] ? file->path : file->raw;
}

/* Refused or asked, the path that decided comes first, whichever end of a rename it is. */
static void order_paths(const struct op *op, const char **path, const char **path2)
{
	const struct verdict *verdict = &op->verdict;
	const char *first = *path;

	if (verdict_permits(verdict->kind) || verdict->class != CLASS_WRITE || !verdict->path ||
	    !*path2 || strcmp(verdict->path, *path2) != 0)
		return;
	*path = *path2;
	*path2 = first;
}

/* What the script wrote, when that says more than the path. */
static const char *raw_of(const struct call_file *file)
{
	bool says_more = file->raw && file->raw[0] && file->path &&
			 strcmp(file->raw, file->path) != 0;

	return says_more ? file->raw : NULL;
}

/* At least 1: 0 means that nobody knows. */
static uint64_t duration_us(const struct op *op)
{
	int64_t us = op->began_us ? tracer_now_us() - op->began_us : 0;

	return op->began_us ? (uint64_t)(us > 0 ? us : 1) : 0;
}

static pid_t parent_of(const struct tracer *tracer, pid_t pid)
{
	const struct process *process = process_find(&tracer->tracees, pid);

	return process ? process->parent : 0;
}

static const char *command_of(const struct op *op, struct report_text *text)
{
	size_t used = 0;

	for (size_t i = 0; op->argv && op->argv->words[i]; i++)
		used = command_add(text->command, sizeof(text->command), used, op->argv->words[i]);
	return used ? text->command : NULL;
}

struct event report_event(const struct tracer *tracer, const struct op *op,
			  struct report_text *text)
{
	const struct call_file *file = op->call.file;
	const struct verdict *verdict = &op->verdict;
	const char *path = path_of(&file[0]), *path2 = path_of(&file[1]);

	text->action[0] = text->host[0] = text->flags[0] = text->effects[0] = '\0';
	text->rule[0] = text->where[0] = '\0';
	describe(op, text);
	snprintf(text->call, sizeof(text->call), "syscall_%ld", op->call.nr);
	if (verdict->rule)
		rule_print(verdict->rule, text->rule, sizeof(text->rule));
	order_paths(op, &path, &path2);
	if (verdict->kind == VERDICT_VIEW && verdict->rule)
		path2 = verdict->rule->view;
	return (struct event){
		.kind = EVENT_CALL,
		.t_us = (uint64_t)(tracer_now_us() - tracer->start_us),
		.pid = op->pid,
		.tid = op->tid,
		.parent = parent_of(tracer, op->pid),
		.call = op->call.row ? op->call.row->name : text->call,
		.class = verdict->class,
		.path = path,
		.path2 = path2,
		.host = text->host[0] ? text->host : NULL,
		.raw = raw_of(&file[0]),
		.action = text->action,
		.flags = text->flags,
		.effects = text->effects,
		.argv = op->argv ? op->argv->words : NULL,
		.command = command_of(op, text),
		.rule = verdict->rule ? text->rule : NULL,
		.source = verdict->rule ? verdict->rule->source : NULL,
		.rule_is_users = verdict->rule && verdict->rule->is_by_user,
		.reason = verdict->reason,
		.where = op->stack && stack_where(op->stack, text->where, sizeof(text->where))
				 ? text->where : NULL,
		.stack = op->stack,
		.is_probe = op->call.is_probe,
		.asked = asked_name(op->asked),
		.waited_us = (uint64_t)op->waited_us,
		.was_asked = op->asked != ASKED_NOT,
		.dur_us = duration_us(op),
	};
}

static void put(struct tracer *tracer, struct event *event)
{
	event->n = ++tracer->result->events;
	for (size_t i = 0; i < tracer->config->sink_count; i++)
		tracer->config->sinks[i]->ops->put(tracer->config->sinks[i], event);
}

static enum event_outcome outcome_of(enum verdict_kind kind)
{
	switch (kind) {
	case VERDICT_ALLOW:
		return OUTCOME_ALLOW;
	case VERDICT_HIDE:
		return OUTCOME_HIDE;
	case VERDICT_SCRATCH:
		return OUTCOME_SCRATCH;
	case VERDICT_VIEW:
		return OUTCOME_VIEW;
	case VERDICT_FAKE:
		return OUTCOME_FAKE;
	case VERDICT_KILL:
		return OUTCOME_KILL;
	case VERDICT_DENY:
	case VERDICT_ASK:
	default:
		return OUTCOME_DENY;
	}
}

/* Most events are heard by nobody: of those only the number is left. */
static bool is_heard(struct tracer *tracer, bool is_refusal)
{
	for (size_t i = 0; i < tracer->config->sink_count; i++) {
		enum sink_ears ears = tracer->config->sinks[i]->ears;

		if (ears == SINK_HEARS_ALL || (ears == SINK_HEARS_REFUSALS && is_refusal))
			return true;
	}
	tracer->result->events++;
	return false;
}

void report_call(struct tracer *tracer, const struct op *op, long result)
{
	enum event_outcome outcome = outcome_of(op->verdict.kind);
	bool is_refusal = outcome == OUTCOME_DENY || outcome == OUTCOME_KILL;
	struct report_text text;
	struct event event;

	if (is_refusal && !op->call.is_probe)
		tracer->result->denied++;
	if (!is_heard(tracer, is_refusal))
		return;
	event = report_event(tracer, op, &text);
	event.outcome = outcome;
	event.error = result < 0 && result > -4096 ? (int)-result : 0;
	put(tracer, &event);
}

void report_error(struct tracer *tracer, const struct op *op, int error)
{
	struct report_text text;
	struct event event;

	if (!is_heard(tracer, false))
		return;
	event = report_event(tracer, op, &text);
	event.outcome = OUTCOME_ERROR;
	event.error = error;
	if (!event.path)
		event.path = event.raw;
	/* Not resolved; "" when it could not even be read. */
	if (!event.path && op->object_count && op->object[0]->raw[0])
		event.path = op->object[0]->raw;
	put(tracer, &event);
}

void report_limit(struct tracer *tracer, const char *limit)
{
	struct event event = {
		.kind = EVENT_LIMIT, .t_us = (uint64_t)(tracer_now_us() - tracer->start_us),
		.pid = tracer->root, .tid = tracer->root, .call = "", .action = "", .flags = "",
		.effects = "", .class = CLASS_SYSTEM, .outcome = OUTCOME_KILL, .reason = limit,
	};

	put(tracer, &event);
}

void report_note(struct tracer *tracer, const char *note)
{
	struct event event = {
		.kind = EVENT_NOTE, .t_us = (uint64_t)(tracer_now_us() - tracer->start_us),
		.pid = tracer->root, .tid = tracer->root, .call = "", .action = "", .flags = "",
		.effects = "", .class = CLASS_SYSTEM, .outcome = OUTCOME_ALLOW, .reason = note,
	};

	put(tracer, &event);
}
