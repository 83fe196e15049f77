/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watched.c: see watched.h.
 *
 * ptrace(2), "Syscall-stops": resumed by PTRACE_SYSCALL from the seccomp stop, the next stop of the
 * thread is the call's return (or its end, or nothing when another thread's exec takes it): signals
 * are delivered, and group stops happen, on the way back to the program, after that.
 */
#include "tracer/watched.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <unistd.h>

#include "filters/decide.h"
#include "filters/syscalls.h"
#include "filters/watch.h"
#include "tracer/decode.h"
#include "tracer/listing_fill.h"
#include "tracer/masked.h"
#include "tracer/reply.h"
#include "tracer/report.h"
#include "tracer/resolve.h"
#include "tracer/stacks.h"

/* Results that only a tracer sees: the kernel starts the call again, or says EINTR. */
#define RESTART_FIRST REGS_ERESTARTSYS
#define RESTART_LAST 516

bool watched_is(const struct tracer *tracer, pid_t tid)
{
	unsigned long data = 0;

	/* The filter's SECCOMP_RET_DATA.  When asking fails the thread is gone. */
	return tracer->config->watch > WATCH_POLICY &&
	       ptrace(PTRACE_GETEVENTMSG, tid, NULL, &data) == 0 && data == WATCH_DATA;
}

static enum call_class class_of(const struct call *call)
{
	decide_fn *decider = call->row->decide;

	if (decider == decide_open)
		return call->flags & O_PATH ? CLASS_STAT : CLASS_READ;
	if (call->row->group == GROUP_FILE)
		return CLASS_STAT;
	return call->row->group == GROUP_NET ? CLASS_NET : CLASS_SYSTEM;
}

/* What a descriptor is: a path, or what the kernel calls it: "pipe:[4711]". */
static void name_descriptor(struct op *op)
{
	struct object *object;
	int fd = (int)op->call.args[0];
	char link[64];
	ssize_t n;

	object = fd >= 0 ? op_object(op) : NULL;
	if (!object)
		return;
	snprintf(link, sizeof(link), "/proc/%d/fd/%d", op->tid, fd);
	n = readlink(link, object->path, sizeof(object->path) - 1);
	if (n < 0)
		return;
	object->path[n] = '\0';
	op->call.file[0].path = object->path;
}

/* What is not there, or cannot be looked up, is called as the script calls it. */
static void name_file(struct tracer *tracer, struct op *op)
{
	if (resolve(tracer, op) < 0 && op->object_count && op->object[0]->raw[0]) {
		op->object[0]->path[0] = '\0';
		op->call.file[0] = (struct call_file){ .raw = op->object[0]->raw };
	}
}

static void name_it(struct tracer *tracer, struct op *op)
{
	const struct syscall_row *row = op->call.row;

	if (op->object_count)
		name_file(tracer, op);
	else if (row->shape[0] == 'd' && (row->group == GROUP_FILE || row->group == GROUP_DESC))
		name_descriptor(op);
}

static void run_until_return(struct tracee *tracee, struct op *op)
{
	op->wait = WAIT_RETURN;
	op->began_us = tracer_now_us();
	tracee->op = op;
	reply_resume_until_return(op->tid);
}

void watched_stopped(struct tracer *tracer, struct tracee *tracee, struct op *op, long nr,
		     const uint64_t args[6])
{
	/* Its own calls before the interpreter runs are pyjail's, not the script's. */
	if (!tracer->was_launched) {
		reply_resume(op->tid, 0);
		op_free(op);
		return;
	}
	decode_names(op, nr, args);
	name_it(tracer, op);
	op->verdict = (struct verdict){ .kind = VERDICT_ALLOW, .class = class_of(&op->call) };
	stacks_take(tracer, tracee, op);
	run_until_return(tracee, op);
}

/* Not exec and not clone: they have stops of their own on the way, and one returns twice. */
bool watched_run(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	decide_fn *decider = op->call.row ? op->call.row->decide : NULL;

	if (tracer->config->watch != WATCH_ALL || !tracee || op->door != DOOR_STOP ||
	    decider == decide_exec || decider == decide_clone)
		return false;
	run_until_return(tracee, op);
	return true;
}

static void finish(struct tracer *tracer, struct op *op, long result, const char *reason)
{
	if (reason && !op->verdict.reason)
		op->verdict.reason = reason;
	report_call(tracer, op, result);
}

void watched_returned(struct tracer *tracer, struct tracee *tracee)
{
	struct op *op = tracee->op;
	bool is_cut;
	struct regs regs;
	long result;

	if (op && op->wait == WAIT_MOVED) {
		listing_moved(tracee, op);
		return;
	}
	if (op && op->wait == WAIT_MASKED) {
		masked_returned(tracer, tracee, op);
		return;
	}
	if (!op || op->wait != WAIT_RETURN) {
		reply_resume(tracee->tid, 0);
		return;
	}
	/* Gone: its end will be seen, and says what became of the op. */
	if (regs_get(tracee->tid, &regs) < 0)
		return;
	tracee->op = NULL;
	result = regs_result(&regs);
	is_cut = result <= -RESTART_FIRST && result >= -RESTART_LAST;
	finish(tracer, op, is_cut ? -EINTR : result,
	       is_cut ? "interrupted; it may have been started again" : NULL);
	reply_resume(tracee->tid, 0);
	op_free(op);
}

void watched_lost(struct tracer *tracer, struct op *op)
{
	if (op->wait == WAIT_RETURN)
		finish(tracer, op, 0, "it did not return");
}
