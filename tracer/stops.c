/* SPDX-License-Identifier: Apache-2.0 */
/* stops.c: see stops.h. */
#include "tracer/stops.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "base/fail.h"
#include "filters/decide.h"
#include "filters/policy.h"
#include "tracer/ask.h"
#include "tracer/calls.h"
#include "tracer/jobcontrol.h"
#include "tracer/limits.h"
#include "tracer/masked.h"
#include "tracer/program.h"
#include "tracer/reply.h"
#include "tracer/report.h"
#include "tracer/stop.h"
#include "tracer/watched.h"

static long status_field(const char *text, const char *key, int base)
{
	const char *line = strstr(text, key);

	return line ? strtol(line + strlen(key), NULL, base) : 0;
}

/* The maker's approved clone is this task: it is counted as itself from now on. */
static void settle(struct tracer *tracer, pid_t maker)
{
	struct tracee *tracee, *next;

	HASH_ITER(hh, tracer->tracees.by_tid, tracee, next) {
		if (tracee->process->pid != maker || !tracee->is_cloning)
			continue;
		tracee_set_cloning(&tracer->tracees, tracee, false);
		return;
	}
}

/*
 * A task stops for the first time before its maker's event, or its maker died before it: who it is
 * stands in proc_pid_status(5).  It has run nothing yet.
 */
static struct tracee *adopt(struct tracer *tracer, pid_t tid)
{
	char path[32], text[2048];
	cleanup_close int fd = -1;
	struct tracee *tracee;
	pid_t pid, parent;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/status", tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return NULL;
	text[n] = '\0';
	pid = (pid_t)status_field(text, "\nTgid:\t", 10);
	parent = (pid_t)status_field(text, "\nPPid:\t", 10);
	tracee = tracee_add(&tracer->tracees, tid, pid,
			    (mode_t)status_field(text, "\nUmask:\t", 8));
	if (!tracee)
		return NULL;
	if (pid == tid)
		tracee->process->parent = parent;
	settle(tracer, pid == tid ? parent : pid);
	return tracee;
}

/* Killed at birth, a task may have ended, and been reaped, before its maker's event is seen. */
static bool is_still_ours(pid_t tid)
{
	siginfo_t info;

	return waitid(P_PID, (id_t)tid, &info,
		      WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL) == 0;
}

/* NULL: it is gone already, or there is no memory. */
static struct tracee *add_child(struct tracer *tracer, const struct tracee *maker, pid_t tid)
{
	bool is_thread = maker->clone_flags & CLONE_THREAD;
	struct tracee *child;

	if (!is_still_ours(tid))
		return NULL;
	child = tracee_add(&tracer->tracees, tid, is_thread ? maker->process->pid : tid,
			   maker->process->umask);
	if (!child)
		tracer_fail(tracer, "out of memory");
	else if (!is_thread)
		child->process->parent = maker->process->pid;
	return child;
}

static void child_made(struct tracer *tracer, struct tracee *maker)
{
	unsigned long message = 0;
	struct tracee *child;

	if (ptrace(PTRACE_GETEVENTMSG, maker->tid, NULL, &message) < 0)
		return;
	tracee_set_cloning(&tracer->tracees, maker, false);
	child = tracee_find(&tracer->tracees, (pid_t)message);
	if (!child)
		child = add_child(tracer, maker, (pid_t)message);
	if (child && maker->clone_flags & CLONE_VM)
		process_share_memory(maker->process, child->process);
	else if (child)
		process_copy_memory(maker->process, child->process);
	reply_resume(maker->tid, 0);
}

/* Something else than what was approved is running: it ends before its first instruction. */
static void kill_impostor(struct tracer *tracer, const struct tracee *tracee)
{
	/* That it was there may not be learnt from its end. */
	if (tracer->config->policy->hides) {
		masked_end(tracer, "a program other than the one approved was executed");
		return;
	}
	report_note(tracer, "a program other than the one approved was executed: killed");
	kill(tracee->process->pid, SIGKILL);
}

static void forget_call(struct tracer *tracer, pid_t tid)
{
	struct tracee *tracee = tracee_find(&tracer->tracees, tid);

	if (tracee)
		call_forget(tracer, tracee);
}

static void program_replaced(struct tracer *tracer, pid_t tid)
{
	unsigned long message = 0;
	struct tracee *tracee;
	struct regs regs;

	if (ptrace(PTRACE_GETEVENTMSG, tid, NULL, &message) < 0)
		return;
	/* Calls that the vanished leader or the caller of exec had waiting are over. */
	forget_call(tracer, tid);
	forget_call(tracer, (pid_t)message);
	tracee = tracee_take_over(&tracer->tracees, (pid_t)message, tid);
	if (!tracee)
		return;
	if (regs_get(tid, &regs) < 0)
		return;
	process_renew_memory(&tracer->tracees, tracee->process);
	tracee->thread_pointer = tracee->python_state = 0;
	if (program_verify(tid, &regs, &tracee->exec) < 0) {
		kill_impostor(tracer, tracee);
		return;
	}
	if (tid == tracer->root && !tracer->was_launched) {
		tracer->was_launched = true;
		ask_started(tracer);
	}
	lease_program(tracer, tracee);
	reply_resume(tid, 0);
}

static void signal_comes(struct tracer *tracer, struct tracee *tracee, int signal)
{
	call_interrupted(tracer, tracee);
	if (tracee->process->pid == tracer->root)
		jobcontrol_saw(tracer, signal);
	/* Seen even when the script ignores it, as Python does: it is the limit that speaks. */
	if (signal == SIGXFSZ && tracer->config->limits.fsize_bytes) {
		tracer_end(tracer, "fsize");
		return;
	}
	if (signal == SIGXCPU && tracer->config->limits.cpu_ms) {
		tracer_end(tracer, "cpu");
		return;
	}
	reply_resume(tracee->tid, signal);
}

static void group_stopped(struct tracer *tracer, struct tracee *tracee, int signal)
{
	call_put_back(tracee);
	/* It stays stopped, but its SIGCONT will be seen: ptrace(2), PTRACE_LISTEN. */
	ptrace(PTRACE_LISTEN, tracee->tid, NULL, NULL);
	tracee->is_stopped = true;
	if (tracee->tid == tracer->root)
		jobcontrol_stop(tracer, signal);
}

/*
 * A leader's end is reported when no other thread is left: who is still listed took the leader's id
 * in an exec (ptrace(2), "execve under ptrace"), and died on the way.
 */
static void drop_others(struct tracer *tracer, const struct tracee *leader)
{
	struct tracee *tracee, *next;
	bool is_last;

	if (leader->process->tasks == 1)
		return;
	HASH_ITER(hh, tracer->tracees.by_tid, tracee, next) {
		if (tracee == leader || tracee->process != leader->process)
			continue;
		call_forget(tracer, tracee);
		tracee_remove(&tracer->tracees, tracee, &is_last);
	}
}

static void gone(struct tracer *tracer, struct tracee *tracee, const struct stop *stop,
		 const struct rusage *usage)
{
	struct process *process = tracee->process;
	pid_t pid = process->pid;
	bool is_last;

	call_forget(tracer, tracee);
	if (tracee->tid == process->pid)
		drop_others(tracer, tracee);
	if (process->tasks == 1) {
		limits_gone(tracer, process, usage);
		if (process->pid == tracer->root) {
			tracer->root_is_over = true;
			tracer->result->status = stop->status;
			tracer->result->signal = stop->signal;
		}
	}
	tracee_remove(&tracer->tracees, tracee, &is_last);
	if (is_last && tracer->config->limits.procs &&
	    zombies_add(&tracer->zombies, &tracer->tracees, pid) < 0)
		tracer_fail(tracer, "out of memory");
	/* What the script leaves running ends with it. */
	if (tracer->root_is_over && !tracer->is_ending)
		tracer_end(tracer, NULL);
}

/* Set before the thread runs: clone(2), CLONE_SETTLS; after fork it is the maker's. */
static void begins(struct tracee *tracee)
{
	struct regs regs;

	if (!tracee->thread_pointer && regs_get(tracee->tid, &regs) == 0)
		tracee->thread_pointer = regs_thread_pointer(&regs);
}

static void act_on(struct tracer *tracer, struct tracee *tracee, const struct stop *stop,
		   const struct rusage *usage)
{
	switch (stop->kind) {
	case STOP_CALL:
		call_stopped(tracer, tracee);
		return;
	case STOP_RETURN:
		watched_returned(tracer, tracee);
		return;
	case STOP_CHILD:
		child_made(tracer, tracee);
		return;
	case STOP_SIGNAL:
		signal_comes(tracer, tracee, stop->signal);
		return;
	case STOP_GROUP:
		group_stopped(tracer, tracee, stop->signal);
		return;
	case STOP_EXITED:
	case STOP_KILLED:
		gone(tracer, tracee, stop, usage);
		return;
	case STOP_EXEC:
	case STOP_BIRTH:
	case STOP_NONE:
	default:
		tracee->is_stopped = false;
		begins(tracee);
		call_put_back(tracee);
		reply_resume(tracee->tid, 0);
		return;
	}
}

void stop_taken(struct tracer *tracer, pid_t tid, int status, const struct rusage *usage)
{
	struct stop stop = stop_of(status);
	struct tracee *tracee = tracee_find(&tracer->tracees, tid);
	bool is_end = stop.kind == STOP_EXITED || stop.kind == STOP_KILLED;

	/* The end of a task that was never seen, or of a child that pyjail had before. */
	if (!tracee && is_end)
		return;
	/* The thread that called exec is known by its former id. */
	if (stop.kind == STOP_EXEC && !tracer->is_ending) {
		program_replaced(tracer, tid);
		return;
	}
	if (!tracee)
		tracee = adopt(tracer, tid);
	if (!is_end && (!tracee || tracer->is_ending)) {
		kill(tid, SIGKILL);
		return;
	}
	act_on(tracer, tracee, &stop, usage);
}

void stops_none_left(struct tracer *tracer)
{
	struct tracee *tracee, *next;
	bool is_last;

	HASH_ITER(hh, tracer->tracees.by_tid, tracee, next) {
		call_forget(tracer, tracee);
		tracee_remove(&tracer->tracees, tracee, &is_last);
	}
}
