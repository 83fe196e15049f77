/* SPDX-License-Identifier: Apache-2.0 */
/* tracee.c: see tracee.h. */
#include "tracer/tracee.h"

#include <stdlib.h>

#include "tracer/op.h"
#include "tracer/stacks.h"

struct tracee *tracee_find(const struct tracees *all, pid_t tid)
{
	struct tracee *found;

	HASH_FIND_INT(all->by_tid, &tid, found);
	return found;
}

struct process *process_find(const struct tracees *all, pid_t pid)
{
	struct process *found;

	HASH_FIND_INT(all->by_pid, &pid, found);
	return found;
}

void process_share_memory(const struct process *maker, struct process *child)
{
	if (child == maker)
		return;
	child->memory = maker->memory;
	stack_space_drop(child->space);
	child->space = stack_space_share(maker->space);
}

void process_copy_memory(const struct process *maker, struct process *child)
{
	if (child != maker && !child->space)
		child->space = stack_space_copy(maker->space);
}

void process_renew_memory(struct tracees *all, struct process *process)
{
	process->memory = ++all->memories;
	stack_space_drop(process->space);
	process->space = NULL;
}

static struct process *process_add(struct tracees *all, pid_t pid, mode_t mask)
{
	struct process *process = calloc(1, sizeof(*process));

	if (!process)
		return NULL;
	process->pid = pid;
	process->umask = mask;
	process_renew_memory(all, process);
	HASH_ADD_INT(all->by_pid, pid, process);
	return process;
}

struct tracee *tracee_add(struct tracees *all, pid_t tid, pid_t pid, mode_t mask)
{
	struct process *process = process_find(all, pid);
	struct tracee *tracee = calloc(1, sizeof(*tracee));
	unsigned now;

	if (!tracee)
		return NULL;
	if (!process)
		process = process_add(all, pid, mask);
	if (!process) {
		free(tracee);
		return NULL;
	}
	process->tasks++;
	tracee->tid = tid;
	tracee->process = process;
	tracee->late_nr = tracee->given.fd = -1;
	HASH_ADD_INT(all->by_tid, tid, tracee);
	now = HASH_COUNT(all->by_tid);
	if (now > all->most)
		all->most = now;
	return tracee;
}

void exec_pass_clear(struct exec_pass *pass)
{
	free(pass->script);
	free(pass->argument);
	*pass = (struct exec_pass){ 0 };
}

void tracee_set_cloning(struct tracees *all, struct tracee *tracee, bool is_cloning)
{
	if (tracee->is_cloning == is_cloning)
		return;
	tracee->is_cloning = is_cloning;
	if (is_cloning)
		all->cloning++;
	else
		all->cloning--;
}

void tracee_remove(struct tracees *all, struct tracee *tracee, bool *ret_last)
{
	struct process *process = tracee->process;
	bool is_last = --process->tasks == 0;

	tracee_set_cloning(all, tracee, false);
	if (tracee->lease.is_out)
		all->leased--;
	/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): it cannot follow uthash's back links */
	HASH_DEL(all->by_tid, tracee);
	op_free(tracee->op);
	given_drop(&tracee->given);
	exec_pass_clear(&tracee->exec);
	free(tracee);
	if (is_last) {
		HASH_DEL(all->by_pid, process);
		stack_space_drop(process->space);
		free(process);
	}
	*ret_last = is_last;
}

struct tracee *tracee_take_over(struct tracees *all, pid_t former, pid_t leader)
{
	struct tracee *thread = tracee_find(all, former);
	struct tracee *old = tracee_find(all, leader);
	bool is_last;

	if (former == leader || !thread)
		return old;
	/* The old leader vanishes without an exit status of its own. */
	if (old)
		tracee_remove(all, old, &is_last);
	HASH_DEL(all->by_tid, thread);
	thread->tid = leader;
	HASH_ADD_INT(all->by_tid, tid, thread);
	return thread;
}

void tracees_free(struct tracees *all)
{
	struct tracee *tracee, *next;
	bool is_last;

	HASH_ITER(hh, all->by_tid, tracee, next)
		tracee_remove(all, tracee, &is_last);
}
