/* SPDX-License-Identifier: Apache-2.0 */
/* calls.c: see calls.h. */
#include "tracer/calls.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>

#include "filters/decide.h"
#include "filters/nr.h"
#include "filters/policy.h"
#include "filters/seccomp.h"
#include "tracer/act.h"
#include "tracer/ask.h"
#include "tracer/decode.h"
#include "tracer/direct.h"
#include "tracer/group.h"
#include "tracer/reply.h"
#include "tracer/report.h"
#include "tracer/resolve.h"
#include "tracer/stacks.h"
#include "tracer/whom.h"
#include "tracer/waiting.h"
#include "tracer/watched.h"

bool calls_pass_reads(const struct tracer *tracer)
{
#if defined(PYJAIL_WALL2_ONLY) || defined(PYJAIL_CONTINUE_EVERYTHING)
	return true;
#endif
	return tracer->mode.passes_reads;
}

void call_forget(struct tracer *tracer, struct tracee *tracee)
{
	if (!tracee->op)
		return;
	waiting_withdraw(tracer, tracee->op);
	watched_lost(tracer, tracee->op);
	op_free(tracee->op);
	tracee->op = NULL;
}

/* What the record calls it when the system answers before the policy is asked. */
static enum call_class class_of(const struct op *op)
{
	enum call_class class = decide_class(&op->call);

	return class == CLASS_SYSTEM && op->object_count ? CLASS_WRITE : class;
}

/* Nothing was asked of the policy: the arguments or the names already give the answer. */
static void fail(struct tracer *tracer, struct tracee *tracee, struct op *op, int error)
{
	op->verdict = (struct verdict){ .class = class_of(op) };
	stacks_take(tracer, tracee, op);
	report_error(tracer, op, -error);
	reply_result(tracer, op, error);
	op_free(op);
}

/* Bridged calls wait at the listener; what only the kernel can perform waits in its stop. */
static void hold(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	if (op->door == DOOR_STOP && act_is_brokered(tracer, op)) {
		if (reply_bridge(tracee, op) < 0)
			op_free(op);
		return;
	}
	tracee->op = op;
	waiting_ask(tracer, op);
}

/* A probe is not worth a question: the attempt that follows it is. */
static void ask(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	if (!ask_has_somebody(tracer)) {
		act_refused(tracer, op);
	} else if (op->call.is_probe) {
		op->verdict.kind = VERDICT_ALLOW;
		act_allowed(tracer, tracee, op);
	} else {
		hold(tracer, tracee, op);
	}
}

static void judged(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	switch (op->verdict.kind) {
	case VERDICT_ALLOW:
	case VERDICT_SCRATCH:
	case VERDICT_VIEW:
	case VERDICT_FAKE:
		act_allowed(tracer, tracee, op);
		return;
	case VERDICT_ASK:
		ask(tracer, tracee, op);
		return;
	case VERDICT_HIDE:
		act_hidden(tracer, op);
		return;
	case VERDICT_KILL:
		act_killed(tracer, op);
		return;
	case VERDICT_DENY:
	default:
		act_refused(tracer, op);
		return;
	}
}

/* The first exec is our own: what it may become is checked at the exec event (program.h). */
static bool is_launch(const struct tracer *tracer, const struct op *op)
{
	return !tracer->was_launched && op->call.row && op->call.row->decide == decide_exec;
}

#ifdef PYJAIL_WALL2_ONLY
/*
 * A test build, never installed: whatever is asked, the kernel performs it.  What is left is
 * Landlock, the limits, no_new_privs, and what the filter answers without a stop.
 */
static void let_through(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	decide_fn *decider = op->call.row ? op->call.row->decide : NULL;

	op->verdict = (struct verdict){ .class = class_of(op), .reason = "wall 1 is not there" };
	if (tracee && decider == decide_exec)
		tracee->exec = (struct exec_pass){ .is_set = true, .is_any = true };
	if (tracee && decider == decide_clone) {
		tracee->clone_flags = op->call.nr == __NR_clone ? (unsigned)op->call.args[0] : 0;
		tracee_set_cloning(&tracer->tracees, tracee, true);
	}
	if (tracee)
		lease_over(tracer, tracee);
	report_call(tracer, op, 0);
	reply_run(tracer, op);
	op_free(op);
}
#endif

/* Most opens for reading; the builds that are to be fooled, or to let through, have no such way. */
static bool open_directly(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
#if defined(PYJAIL_WALL2_ONLY) || defined(PYJAIL_CONTINUE_EVERYTHING)
	return false;
#endif
	int fd = tracee ? direct_open(tracer, tracee, op) : -EAGAIN;

	if (fd < 0)
		return false;
	stacks_take(tracer, tracee, op);
	act_opened(tracer, op, fd);
	return true;
}

/* Takes the op. */
static void begin(struct tracer *tracer, struct tracee *tracee, struct op *op, long nr,
		  const uint64_t args[6])
{
	int e = decode(op, nr, args);

	if (e == 0 && open_directly(tracer, tracee, op))
		return;
	if (e == 0)
		e = resolve(tracer, op);
#ifdef PYJAIL_WALL2_ONLY
	let_through(tracer, tracee, op);
	return;
#endif
	if (e == 0)
		e = act_without_policy(tracer, op);
	if (e < 0) {
		fail(tracer, tracee, op, e);
		return;
	}
	whom_find(tracer, op);
	if (is_launch(tracer, op))
		op->verdict = (struct verdict){ .kind = VERDICT_ALLOW, .class = CLASS_EXEC,
						.reason = "pyjail starts the interpreter" };
	else
		op->verdict = decide(tracer->config->policy, &op->call);
	stacks_take(tracer, tracee, op);
	judged(tracer, tracee, op);
}

/* The end of whatever this thread had under way. */
static void next_call(struct tracer *tracer, struct tracee *tracee)
{
	call_forget(tracer, tracee);
	tracee->late_nr = -1;
	tracee_set_cloning(&tracer->tracees, tracee, false);
	exec_pass_clear(&tracee->exec);
	group_moved(tracer, tracee);
	tracer->result->stops++;
	lease_call(tracer, tracee);
}

static void args_of(const struct regs *regs, uint64_t args[6])
{
	for (unsigned i = 0; i < 6; i++)
		args[i] = regs_arg(regs, i);
}

void call_stopped(struct tracer *tracer, struct tracee *tracee)
{
	struct op *op;
	uint64_t args[6];

	next_call(tracer, tracee);
	op = op_new(DOOR_STOP, tracee->process->pid, tracee->tid);
	if (!op) {
		tracer_fail(tracer, "out of memory");
		return;
	}
	if (regs_get(tracee->tid, &op->regs) < 0) {
		op_free(op);
		return;
	}
	tracee->thread_pointer = regs_thread_pointer(&op->regs);
	args_of(&op->regs, args);
	if (watched_is(tracer, tracee->tid))
		watched_stopped(tracer, tracee, op, regs_nr(&op->regs), args);
	else
		begin(tracer, tracee, op, regs_nr(&op->regs), args);
}

/* A bridged call has arrived: from here on it will not be restarted, and may be performed. */
static void arrived(struct tracer *tracer, struct tracee *tracee, uint64_t id)
{
	struct op *op = tracee->op;

	tracee->op = NULL;
	op->wait = WAIT_NOTHING;
	op->notify_id = id;
	/* The answer to another question may have covered it on its way. */
	if (op->verdict.kind == VERDICT_ASK)
		op->verdict = decide(tracer->config->policy, &op->call);
	judged(tracer, tracee, op);
}

/* Bridged and not arrived, or given up for a signal that somebody else took. */
static bool is_on_its_way(const struct op *op)
{
	return op && op->door == DOOR_BRIDGE &&
	       (op->wait == WAIT_NOTIFICATION || op->wait == WAIT_RESTART);
}

static void answer_nobody(const struct tracer *tracer, uint64_t id)
{
	struct op op = { .door = DOOR_NOTIFY, .notify_id = id };

	reply_result(tracer, &op, -EPERM);
}

void call_notified(struct tracer *tracer)
{
	struct seccomp_notif notif = { 0 };
	struct tracee *tracee;
	uint64_t args[6];
	struct op *op;

	/* ENOENT: it was withdrawn (its thread took a signal, or died). */
	if (ioctl(tracer->listener, SECCOMP_IOCTL_NOTIF_RECV, &notif) < 0)
		return;
	tracee = tracee_find(&tracer->tracees, (pid_t)notif.pid);
	if (!tracee) {
		answer_nobody(tracer, notif.id);
		return;
	}
	if (notif.data.nr == DEAD_CALL_NR && is_on_its_way(tracee->op)) {
		arrived(tracer, tracee, notif.id);
		return;
	}
	next_call(tracer, tracee);
	op = op_new(DOOR_NOTIFY, tracee->process->pid, tracee->tid);
	if (!op) {
		tracer_fail(tracer, "out of memory");
		return;
	}
	op->notify_id = notif.id;
	for (unsigned i = 0; i < 6; i++)
		args[i] = notif.data.args[i];
	begin(tracer, tracee, op, notif.data.nr, args);
}

/* It was on its way to the listener: what the kernel performs may well end with EINTR. */
static bool is_notified(const struct tracer *tracer, const struct regs *regs)
{
	uint64_t args[6];

	args_of(regs, args);
	return filter_notifies(&tracer->mode, regs_nr(regs), args);
}

/* A bridged call that was answered too late: the kernel would start the dead call again. */
static bool put_late_back(struct tracee *tracee, struct regs *regs)
{
	long nr = tracee->late_nr;

	if (nr < 0 || regs_nr(regs) != DEAD_CALL_NR || regs_result(regs) != -REGS_ERESTARTSYS)
		return false;
	tracee->late_nr = -1;
	regs_set_restart(tracee->tid, regs, nr, -REGS_ERESTARTNOINTR);
	return true;
}

/*
 * ptrace(2), signal-delivery-stop.  A call interrupted before its notification was received did
 * nothing: it starts again after the handler, always (none of these calls fails with EINTR).
 * One that we gave up for the signal's sake is restarted as SA_RESTART says.
 */
void call_interrupted(struct tracer *tracer, struct tracee *tracee)
{
	struct op *op = tracee->op;
	struct regs regs;

	if (regs_get(tracee->tid, &regs) < 0)
		return;
	/* Restarted after a group stop, and met by a signal just before its instruction. */
	if (is_on_its_way(op) && regs_result(&regs) == DEAD_CALL_NR) {
		regs_set_restart(tracee->tid, &regs, op->call.nr, op->call.nr);
		call_forget(tracer, tracee);
		return;
	}
	if (regs_result(&regs) != -REGS_ERESTARTSYS)
		return;
	/* Before Linux 5.19 (WAIT_KILLABLE_RECV) the kernel itself withdraws what was received. */
	if (op && (op->wait == WAIT_ANSWER || op->wait == WAIT_JOB)) {
		waiting_withdraw(tracer, op);
		op->wait = WAIT_RESTART;
	}
	if (op && op->wait == WAIT_RESTART) {
		regs_set_restart(tracee->tid, &regs, op->call.nr, -REGS_ERESTARTSYS);
	} else if (op && op->wait == WAIT_NOTIFICATION && regs_nr(&regs) == DEAD_CALL_NR) {
		regs_set_restart(tracee->tid, &regs, op->call.nr, -REGS_ERESTARTNOINTR);
	} else {
		if (!put_late_back(tracee, &regs) && is_notified(tracer, &regs))
			regs_set_restart(tracee->tid, &regs, regs_nr(&regs),
					 -REGS_ERESTARTNOINTR);
		return;
	}
	op_free(op);
	tracee->op = NULL;
}

/* It was skipped as number -1, which the kernel does not restart: arch_do_signal_or_restart(). */
void call_put_back(struct tracee *tracee)
{
	const struct op *op = tracee->op;
	struct regs regs;

	if (tracee->late_nr >= 0 && regs_get(tracee->tid, &regs) == 0 &&
	    put_late_back(tracee, &regs))
		return;
	if (!op || op->wait != WAIT_RESTART || op->door != DOOR_STOP ||
	    regs_get(tracee->tid, &regs) < 0 || regs_result(&regs) != -REGS_ERESTARTSYS)
		return;
	regs_set_restart(tracee->tid, &regs, op->call.nr, -REGS_ERESTARTSYS);
}
