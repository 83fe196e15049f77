/* SPDX-License-Identifier: Apache-2.0 */
/* act.c: see act.h. */
#include "tracer/act.h"

#include <asm/prctl.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/fail.h"
#include "filters/decide.h"
#include "filters/nr.h"
#include "filters/policy.h"
#include "filters/rule.h"
#include "tracer/act_fake.h"
#include "tracer/address.h"
#include "tracer/ask.h"
#include "tracer/broker.h"
#include "tracer/core.h"
#include "tracer/fakes.h"
#include "tracer/group.h"
#include "tracer/hidden.h"
#include "tracer/limits.h"
#include "tracer/listing_fill.h"
#include "tracer/masked.h"
#include "tracer/program.h"
#include "tracer/reply.h"
#include "tracer/report.h"
#include "tracer/resolve.h"
#include "tracer/scratch.h"
#include "tracer/whom.h"
#include "tracer/waiting.h"
#include "tracer/watched.h"

#define STALE_MAX 8
#define ROOM_PATIENCE_US 250000

typedef void act_fn(struct tracer *tracer, struct tracee *tracee, struct op *op);

static void done(struct tracer *tracer, struct op *op, long result)
{
	report_call(tracer, op, result);
	reply_result(tracer, op, result);
	op_free(op);
}

static void refuse(struct tracer *tracer, struct op *op, int error, const char *reason)
{
	op->verdict.kind = VERDICT_DENY;
	op->verdict.error = error;
	op->verdict.rule = NULL;
	op->verdict.reason = reason;
	done(tracer, op, -error);
}

void act_hidden(struct tracer *tracer, struct op *op)
{
	done(tracer, op, -op->verdict.error);
}

void act_refused(struct tracer *tracer, struct op *op)
{
	if (op->verdict.kind == VERDICT_HIDE) {
		act_hidden(tracer, op);
		return;
	}
	if (op->verdict.kind == VERDICT_ASK && op->asked == ASKED_NOT)
		op->asked = ask_is_lost(tracer) ? ASKED_SCREEN_GONE : ASKED_NO_SCREEN;
	op->verdict.kind = VERDICT_DENY;
	if (!op->verdict.error)
		op->verdict.error = op->verdict.class <= CLASS_EXEC ? EACCES : EPERM;
	done(tracer, op, -op->verdict.error);
}

void act_killed(struct tracer *tracer, struct op *op)
{
	if (op->verdict.rule)
		rule_print(op->verdict.rule, tracer->result->rule, sizeof(tracer->result->rule));
	report_call(tracer, op, -EPERM);
	op_free(op);
	tracer_end(tracer, NULL);
}

void act_opened(struct tracer *tracer, struct op *op, int fd)
{
	bool close_on_exec = op->call.row->decide == decide_socket
				     ? (op->call.args[1] & SOCK_CLOEXEC) != 0
				     : (op->call.flags & O_CLOEXEC) != 0;

	if (fd < 0) {
		done(tracer, op, fd);
		return;
	}
	fd = reply_descriptor(tracer, op, fd, close_on_exec);
	report_call(tracer, op, fd);
	if (fd == -EMFILE && tracer->config->limits.files)
		tracer_end(tracer, "files");
	op_free(op);
}

/*
 * A name that was taken between resolving and opening may be another file: it is resolved and
 * judged again.  Somebody who keeps exchanging it gets nothing.
 */
static int open_again(struct tracer *tracer, struct op *op)
{
	int fd = -ESTALE;

	for (int i = 0; fd == -ESTALE && i < STALE_MAX; i++) {
		int e = resolve(tracer, op);

		if (e < 0)
			return e;
		op->verdict = decide(tracer->config->policy, &op->call);
		if (!verdict_permits(op->verdict.kind))
			return -EACCES;
		fd = scratch_open(tracer, op);
	}
	return fd == -ESTALE ? -EACCES : fd;
}

static void act_open(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	int fd;

	if (op->call.row->decide == decide_socket) {
		act_opened(tracer, op, broker_dead_end_socket(op));
		return;
	}
	lease_shown(tracer, op->object[0]->path);
	fd = given_take(&tracee->given, op);
	if (fd < 0)
		fd = scratch_open(tracer, op);
	if (fd == -ESTALE)
		fd = open_again(tracer, op);
	if (fd == -EMFILE && tracer->config->limits.files)
		tracer_end(tracer, "files");
	if (fd == -EINPROGRESS)
		waiting_job(tracer, op);
	else if (!verdict_permits(op->verdict.kind))
		act_refused(tracer, op);
	else
		act_opened(tracer, op, fd);
}

/* Arguments are all in registers, or cannot do harm: the kernel performs it. */
static void act_run(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	if (masked_run(tracer, tracee, op) || watched_run(tracer, tracee, op))
		return;
	report_call(tracer, op, 0);
	reply_run(tracer, op);
	op_free(op);
}

/*
 * O_PATH descriptors cannot be handed over (seccomp_unotify(2): fget refuses them).  The filter
 * lets them pass; here come those of openat2, whose flags another thread could change before the
 * kernel reads them, and all of them when a stat rule exists.
 */
static void act_path_only(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	const struct policy *policy = tracer->config->policy;

	/* By register alone, and no rule is about metadata: it stopped for another's sake. */
	if (policy_leaves_files(policy) ||
	    (op->call.nr != __NR_openat2 && !policy_judges_stat(policy))) {
		if (op->call.nr == __NR_openat2 || !scratch_path_only(tracer, tracee, op))
			act_run(tracer, NULL, op);
		return;
	}
	refuse(tracer, op, op->call.nr == __NR_openat2 ? ENOSYS : EACCES,
	       "an O_PATH descriptor cannot be handed over");
}

static void act_number(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	long result;

	(void)tracee;
	if (op->verdict.kind == VERDICT_SCRATCH)
		result = scratch_number(tracer, op);
	else
		result = broker_number(tracer, op);
	/* Names that were only said to be gone, or to be there, are real now. */
	for (unsigned i = 0; result >= 0 && i < op->object_count; i++)
		if (op->object[i]->lookup == LOOKUP_NAME)
			fakes_forget(tracer, op->object[i]->path);
	done(tracer, op, result);
}

static void act_fill(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	long result = scratch_prepare(tracer, op);

	(void)tracee;
	done(tracer, op, result < 0 ? result : broker_fill(tracer, op));
}

static void act_umask(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	tracee->process->umask = (mode_t)op->call.args[0] & 0777;
	act_run(tracer, tracee, op);
}

static void act_pointer(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	if ((int)op->call.args[0] == ARCH_SET_FS)
		tracee->thread_pointer = op->call.args[1];
	act_run(tracer, tracee, op);
}

/* Counted from here to the end of the run: whether its pages are still there cannot be seen. */
static void act_mapping(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	limits_add_shared(tracer, op->call.args[1]);
	act_run(tracer, tracee, op);
}

static void act_exec(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	int e;

	if (!tracer->was_launched)
		e = program_expect(tracer->config->interpreter, &tracee->exec);
	else
		e = program_approve(tracer, op, &tracee->exec);
	if (op->verdict.kind == VERDICT_KILL)
		act_killed(tracer, op);
	else if (op->verdict.kind == VERDICT_ASK && ask_has_somebody(tracer))
		waiting_ask(tracer, op);
	else if (op->verdict.kind != VERDICT_ALLOW)
		act_refused(tracer, op);
	else if (e < 0)
		refuse(tracer, op, -e, "its #! line cannot be followed safely");
	else if (!scratch_exec(tracer, tracee, op))
		act_run(tracer, tracee, op);
}

static unsigned clone_flags(const struct op *op)
{
	if (op->call.nr == __NR_vfork)
		return CLONE_VM | CLONE_VFORK;
	return op->call.nr == __NR_clone ? (unsigned)op->call.args[0] : 0;
}

static bool has_room_for_task(struct tracer *tracer)
{
	uint64_t live = HASH_COUNT(tracer->tracees.by_tid) + tracer->tracees.cloning;
	uint64_t limit = tracer->config->limits.procs;

	if (!limit || live + tracer->zombies.count < limit)
		return true;
	return live + zombies_count(&tracer->zombies, &tracer->tracees) < limit;
}

/*
 * A thread that was joined has said so before it is gone, and on a busy machine that may take a
 * while: the limit is reached only when nobody leaves.
 */
static bool may_wait_for_room(struct op *op)
{
	int64_t now = tracer_now_us();

	if (!op->until_us)
		op->until_us = now + ROOM_PATIENCE_US;
	return now < op->until_us;
}

static void refuse_task(struct tracer *tracer, struct op *op, int error, const char *reason,
			const char *limit)
{
	refuse(tracer, op, error, reason);
	tracer_end(tracer, limit);
}

static void act_clone(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	unsigned flags = clone_flags(op);

	if (!has_room_for_task(tracer)) {
		if (may_wait_for_room(op))
			waiting_room(tracer, op);
		else
			refuse_task(tracer, op, EAGAIN, "the limit on tasks is reached", "procs");
		return;
	}
	/* A fork has as much memory as its maker, at once. */
	if (!(flags & CLONE_VM) && !limits_allow_fork(tracer, tracee->process)) {
		refuse_task(tracer, op, ENOMEM, "the limit on memory is reached", "memory");
		return;
	}
	if (!(flags & CLONE_THREAD) && group_is_being_left(tracee->process)) {
		refuse(tracer, op, EAGAIN, "the process is being moved to another group");
		return;
	}
	lease_over(tracer, tracee);
	tracee->clone_flags = flags;
	tracee_set_cloning(&tracer->tracees, tracee, true);
	act_run(tracer, tracee, op);
}

static void act_signal(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	if (op->call.target == TARGET_GROUP && !tracer->config->policy->allows_all)
		done(tracer, op, whom_signal_group(tracer, op));
	/* Its id may be somebody else's by the time the kernel looks: answered here. */
	else if (op->call.target == TARGET_GONE && op->target > 0)
		done(tracer, op, kill(op->target, 0) < 0 && errno == ESRCH ? -ESRCH : 0);
	else if (op->call.nr == __NR_pidfd_send_signal)
		done(tracer, op, whom_signal_pidfd(op));
	else
		act_run(tracer, tracee, op);
}

void act_connected(struct tracer *tracer, struct op *op, long result)
{
	done(tracer, op, result);
}

/* Allowed for this once, so for the address that was shown: the kernel would read it again. */
static void act_shown_address(struct tracer *tracer, struct op *op)
{
	long result;

	if (op->call.nr == __NR_connect)
		result = address_connect(op, &op->socket);
	else if (op->call.nr == __NR_bind)
		result = address_bind(op);
	else
		result = address_send(op);
	if (op->socket >= 0)
		waiting_connect(tracer, op);
	else if (result == -ENOTSUP)
		refuse(tracer, op, EPERM, "without pidfd_getfd no answer can be held to one "
					  "address: answer with allow net");
	else
		done(tracer, op, result);
}

static bool is_for_once(const struct tracer *tracer, const struct op *op)
{
	return op->asked != ASKED_NOT && op->call.nr != __NR_listen &&
	       policy_judge(tracer->config->policy, CLASS_NET, NULL).kind == VERDICT_ASK;
}

static void act_address(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	long result;

	if (is_for_once(tracer, op)) {
		act_shown_address(tracer, op);
		return;
	}
	if (scratch_is_on(tracer) && tracer->config->policy->allows_all) {
		if (op->call.nr == __NR_bind) {
			scratch_bind(tracer, op);
			return;
		}
		if (op->call.nr == __NR_connect && scratch_connect(tracer, tracee, op))
			return;
	}
	if (op->call.nr != __NR_bind || tracer->config->policy->allows_all ||
	    tracer->has_landlock) {
		act_run(tracer, tracee, op);
		return;
	}
	result = address_bind(op);
	if (result == -ENOTSUP)
		refuse(tracer, op, EPERM,
		       "without Landlock and pidfd_getfd a bind cannot be held to IP addresses");
	else
		done(tracer, op, result);
}

static void act_group(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	group_moves(tracer, tracee, op);
	act_run(tracer, tracee, op);
}

static void act_process(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	if (core_is_at_stake(tracer, op))
		done(tracer, op, core_answer(op));
	else
		act_run(tracer, tracee, op);
}

static void act_enter(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	if (scratch_is_on(tracer))
		scratch_enter(tracer, tracee, op);
	else
		act_run(tracer, tracee, op);
}

static void act_tell(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	if (op->call.nr != __NR_inotify_add_watch || !scratch_path_only(tracer, tracee, op))
		act_run(tracer, tracee, op);
}

static void act_affinity(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	lease_asked(tracer, tracee, op);
	act_run(tracer, tracee, op);
}

static const struct {
	decide_fn *decide;
	act_fn *act;
	bool is_brokered;
} actors[] = {
	{ decide_open, act_open, true },       { decide_socket, act_open, true },
	{ decide_remove, act_number, true },   { decide_rename, act_number, true },
	{ decide_link, act_number, true },     { decide_make, act_number, true },
	{ decide_change, act_number, true },   { decide_access, act_number, true },
	{ decide_stat, act_fill, true },       { decide_umask, act_umask, false },
	{ decide_exec, act_exec, false },      { decide_clone, act_clone, false },
	{ decide_signal, act_signal, false },  { decide_address, act_address, false },
	{ decide_process, act_process, false }, { decide_limit, act_process, false },
	{ decide_group, act_group, false },    { decide_pointer, act_pointer, false },
	{ decide_mapping, act_mapping, false }, { decide_list, listing_answer, false },
	{ decide_enter, act_enter, false },     { decide_where, scratch_where, false },
	{ decide_affinity, act_affinity, false }, { decide_tell, act_tell, false },
};

/* Only these need the listener: they give a descriptor. */
static bool gives_descriptor(const struct tracer *tracer, const struct op *op)
{
	decide_fn *decider = op->call.row->decide;

	if (decider == decide_socket)
		return op->call.nr == __NR_socket && op->call.family == AF_UNIX &&
		       !tracer->config->policy->allows_all;
	return decider == decide_open;
}

bool act_is_brokered(const struct tracer *tracer, const struct op *op)
{
	if (op->call.row->decide == decide_socket)
		return gives_descriptor(tracer, op);
	for (size_t i = 0; i < ARRAY_SIZE(actors); i++)
		if (actors[i].decide == op->call.row->decide)
			return actors[i].is_brokered;
	return false;
}

static act_fn *find_actor(const struct tracer *tracer, const struct op *op)
{
	decide_fn *decider = op->call.row->decide;

	if (decider == decide_socket && !gives_descriptor(tracer, op))
		return act_run;
	for (size_t i = 0; i < ARRAY_SIZE(actors); i++)
		if (actors[i].decide == decider)
			return actors[i].act;
	return act_run;
}

void act_allowed(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
#ifdef PYJAIL_CONTINUE_EVERYTHING
	/* The control of the race tests: a jail that checks and then lets the kernel read again. */
	if (gives_descriptor(tracer, op)) {
		act_run(tracer, tracee, op);
		return;
	}
#endif
	if (!tracee) {
		op_free(op);
		return;
	}
	scratch_mark(tracer, op);
	if (op->call.row->decide == decide_open && op->call.flags & O_PATH) {
		act_path_only(tracer, tracee, op);
		return;
	}
	if (op->door == DOOR_STOP && gives_descriptor(tracer, op)) {
		if (reply_bridge(tracee, op) < 0)
			op_free(op);
		return;
	}
	if (op->verdict.kind == VERDICT_FAKE)
		act_faked(tracer, tracee, op);
	else
		find_actor(tracer, op)(tracer, tracee, op);
}
