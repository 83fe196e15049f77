/* SPDX-License-Identifier: Apache-2.0 */
/* whom.c: see whom.h. */
#include "tracer/whom.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/ioprio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/fail.h"
#include "filters/decide.h"
#include "filters/nr.h"
#include "tracer/group.h"
#include "tracer/zombies.h"

/* A process or a thread by its id. */
static enum call_target whom_is(const struct tracer *tracer, const struct op *op, pid_t id)
{
	const struct tracee *tracee = tracee_find(&tracer->tracees, id);

	/* pyjail or one of its threads: the watchdog, a worker. */
	if (tgkill(tracer->self, id, 0) == 0)
		return TARGET_TRACER;
	if (tracee)
		return tracee->process->pid == op->pid ? TARGET_SELF : TARGET_TREE;
	if (process_find(&tracer->tracees, id))
		return id == op->pid ? TARGET_SELF : TARGET_TREE;
	if (kill(id, 0) < 0 && errno == ESRCH)
		return TARGET_GONE;
	/* A child that its parent has not waited for is past harm: the kernel knows. */
	return process_state(id) == 'Z' ? TARGET_GONE : TARGET_FOREIGN;
}

static enum call_target whom_or_group(const struct tracer *tracer, const struct op *op, pid_t id)
{
	return id <= 0 ? TARGET_GROUP : whom_is(tracer, op, id);
}

/*
 * "Pid:" of a pidfd (pidfd_open(2)): -1 when its process is gone.  A descriptor of /proc/N works as
 * one too.  0: neither.
 */
static pid_t pid_of_descriptor(const struct op *op, int fd)
{
	char path[64], text[512];
	cleanup_close int info = -1;
	const char *line;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", op->tid, fd);
	info = open(path, O_RDONLY | O_CLOEXEC);
	n = info < 0 ? -1 : read(info, text, sizeof(text) - 1);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	line = strstr(text, "\nPid:\t");
	if (line)
		return (pid_t)atoi(line + 6);
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", op->tid, fd);
	n = readlink(path, text, sizeof(text) - 1);
	if (n <= 6 || memcmp(text, "/proc/", 6) != 0)
		return 0;
	text[n] = '\0';
	return (pid_t)atoi(text + 6);
}

static void find_signal(const struct tracer *tracer, struct op *op)
{
	const uint64_t *args = op->call.args;

	switch (op->call.nr) {
	case __NR_pidfd_send_signal:
		op->target = pid_of_descriptor(op, (int)args[0]);
		break;
	case __NR_tgkill:
	case __NR_rt_tgsigqueueinfo:
		op->target = (pid_t)args[1];
		break;
	default:
		op->target = (pid_t)args[0];
		break;
	}
	if (op->call.nr == __NR_kill)
		op->call.target = whom_or_group(tracer, op, op->target);
	else
		op->call.target = op->target > 0 ? whom_is(tracer, op, op->target) : TARGET_GONE;
}

/* setpriority(2) and ioprio_set(2) can mean groups and users: those are never only the script's. */
static void find_process(const struct tracer *tracer, struct op *op)
{
	const uint64_t *args = op->call.args;
	bool has_which = op->call.nr == __NR_setpriority || op->call.nr == __NR_ioprio_set;
	int one = op->call.nr == __NR_setpriority ? PRIO_PROCESS : IOPRIO_WHO_PROCESS;

	op->target = (pid_t)args[has_which ? 1 : 0];
	if (has_which && (int)args[0] != one)
		op->call.target = TARGET_GROUP;
	else if (op->target == 0)
		op->call.target = TARGET_SELF;
	else
		op->call.target = op->target < 0 ? TARGET_GONE : whom_is(tracer, op, op->target);
}

void whom_find(const struct tracer *tracer, struct op *op)
{
	decide_fn *decider = op->call.row ? op->call.row->decide : NULL;

	if (decider == decide_signal) {
		find_signal(tracer, op);
	} else if (decider == decide_process || decider == decide_affinity) {
		find_process(tracer, op);
	} else if (decider == decide_group) {
		op->call.target = group_is_at_stake(tracer, op) ? TARGET_FOREIGN : TARGET_TREE;
	} else if (decider == decide_fcntl) {
		op->target = (pid_t)op->call.args[2];
		op->call.target = op->target == 0 ? TARGET_SELF
						  : whom_or_group(tracer, op, op->target);
	}
}

/* kill(2): 0 means the sender's group, -1 everybody but the sender, -N group N. */
static bool is_member(const struct op *op, pid_t pid)
{
	if (op->target == -1)
		return pid != op->pid;
	return getpgid(pid) == (op->target == 0 ? getpgid(op->pid) : -op->target);
}

/* Its leader has ended, and the script has not waited for it: to the kernel it is there. */
static bool is_zombies_group(const struct tracer *tracer, pid_t group)
{
	return process_state(group) == 'Z' && getpgid(group) == group &&
	       process_find(&tracer->tracees, process_parent(group));
}

long whom_signal_group(const struct tracer *tracer, const struct op *op)
{
	int signal = (int)op->call.args[1];
	struct process *process, *next;
	long result = -ESRCH;

	if (signal < 0 || signal > SIGRTMAX)
		return -EINVAL;
	/* The one number that has no group: kill_something_info() in the kernel. */
	if (op->target == INT_MIN)
		return -ESRCH;
	HASH_ITER(hh, tracer->tracees.by_pid, process, next)
		if (is_member(op, process->pid) && kill(process->pid, signal) == 0)
			result = 0;
	if (result < 0 && op->target < -1 && is_zombies_group(tracer, -op->target))
		result = 0;
	return result;
}

long whom_signal_pidfd(const struct op *op)
{
	if (op->call.args[3] != 0)
		return -EINVAL;
	if (op->target <= 0)
		return op->target < 0 ? -ESRCH : -EBADF;
	return kill(op->target, (int)op->call.args[1]) < 0 ? -errno : 0;
}
