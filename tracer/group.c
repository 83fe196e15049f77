/* SPDX-License-Identifier: Apache-2.0 */
/* group.c: see group.h.  kill_orphaned_pgrp() and will_become_orphaned_pgrp() of kernel/exit.c. */
#include "tracer/group.h"

#include <sched.h>
#include <unistd.h>

#include "filters/decide.h"
#include "tracer/zombies.h"

/* A shell with job control is outside of the group, in the same session, and keeps it from harm. */
static bool has_keeper(pid_t group)
{
	pid_t pid = getppid();

	while (pid > 0 && getpgid(pid) == group)
		pid = process_parent(pid);
	return pid > 0 && getsid(pid) == getsid(0);
}

static struct process *who_moves(const struct tracer *tracer, const struct op *op)
{
	pid_t pid = (pid_t)op->call.args[0];

	return process_find(&tracer->tracees, pid ? pid : op->pid);
}

static bool may_be_in(const struct process *process, pid_t group)
{
	return process->is_moving || getpgid(process->pid) == group;
}

static bool has_child_in(const struct tracer *tracer, const struct process *parent, pid_t group)
{
	struct process *process, *next;
	struct tracee *tracee, *other;

	HASH_ITER(hh, tracer->tracees.by_pid, process, next)
		if (process->parent == parent->pid && may_be_in(process, group))
			return true;
	/* Approved, and not born yet. */
	HASH_ITER(hh, tracer->tracees.by_tid, tracee, other)
		if (tracee->process == parent && tracee->is_cloning &&
		    !(tracee->clone_flags & CLONE_THREAD))
			return true;
	return false;
}

/* Orphans are pyjail's children, and pyjail is in the group. */
static bool has_parent_outside(const struct tracer *tracer, const struct process *child,
			       pid_t group)
{
	const struct process *parent = process_find(&tracer->tracees, child->parent);

	return parent && (parent->is_moving || getpgid(parent->pid) != group);
}

bool group_is_at_stake(const struct tracer *tracer, const struct op *op)
{
	const struct process *process = who_moves(tracer, op);
	pid_t ours = getpgrp(), to = (pid_t)op->call.args[1];

	if (!process || has_keeper(ours))
		return false;
	if (to == 0)
		to = process->pid;
	return to == ours ? has_parent_outside(tracer, process, ours)
			  : has_child_in(tracer, process, ours);
}

void group_moves(struct tracer *tracer, struct tracee *tracee, const struct op *op)
{
	struct process *process = who_moves(tracer, op);

	if (!process || has_keeper(getpgrp()))
		return;
	process->is_moving = true;
	tracee->moves = process->pid;
}

void group_moved(struct tracer *tracer, struct tracee *tracee)
{
	struct process *process = tracee->moves ? process_find(&tracer->tracees, tracee->moves)
						: NULL;

	if (process)
		process->is_moving = false;
	tracee->moves = 0;
}

bool group_is_being_left(const struct process *process)
{
	return process->is_moving && getpgid(process->pid) == getpgrp();
}
