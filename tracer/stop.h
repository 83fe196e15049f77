/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stop.h: what kind of stop a wait status is.  Pure.
 *
 * Tracees are seized (PTRACE_SEIZE), so group stops and the first stop of a new task arrive as
 * PTRACE_EVENT_STOP, never as a bare SIGSTOP.  See ptrace(2), "Ptrace event stops".
 */
#ifndef TRACER_STOP_H
#define TRACER_STOP_H

enum stop_kind {
	STOP_NONE,        /* a status that a seized tracee cannot give */
	STOP_CALL,        /* seccomp said RET_TRACE: decide, then resume */
	STOP_RETURN,      /* a call that somebody watches returns */
	STOP_CHILD,       /* fork, vfork or clone made a task: its id is the event message */
	STOP_EXEC,        /* a new program is loaded, nothing of it has run */
	STOP_SIGNAL,      /* `signal` is about to be delivered: inject it on resume */
	STOP_GROUP,       /* stopped by job control signal `signal`: PTRACE_LISTEN */
	STOP_BIRTH,       /* first stop of a task, or the end of a group stop: just resume */
	STOP_EXITED,      /* gone; `status` is its exit status */
	STOP_KILLED       /* gone; `signal` ended it */
};

struct stop {
	enum stop_kind kind;
	int signal;
	int status;
};

struct stop stop_of(int wait_status);

#endif
