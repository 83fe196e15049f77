/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tracee.h: who is traced: tasks (struct tracee) and the processes that they make up.
 *
 * A task enters the table at its parent's fork event or at its own first stop, whichever comes
 * first, and leaves when its end is reaped.  Until then its id cannot be used by anybody else, so
 * an id found here means the script's own task.
 */
#ifndef TRACER_TRACEE_H
#define TRACER_TRACEE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <uthash.h>

#include "tracer/given.h"
#include "tracer/lease.h"

struct op;
struct stack_space;

/* What an approved exec may turn a process into. */
struct exec_pass {
	bool is_set;
	bool is_any;             /* every program is allowed: nothing to compare */
	dev_t device;            /* the file that must be running afterwards: for #!, its interpreter */
	ino_t inode;
	char *script;            /* #! only: the script's path as it must stand in argv; owned */
	char *argument;          /* #! only: its one argument, "" for none; owned */
};

struct process {
	pid_t pid;
	unsigned tasks;
	mode_t umask;            /* tracked at umask(2): /proc costs more than a stop */
	pid_t parent;            /* who made it; 0: pyjail */
	bool is_moving;          /* a setpgid about it is on its way: group.h */
	bool is_paused;          /* stopped by us, because nobody looks at its limits: jobcontrol.c */
	uint64_t memory;         /* number of its address space: CLONE_VM and vfork share one */
	struct stack_space *space; /* what stacks know of it; NULL: nothing yet */
	uint64_t resident_bytes; /* last sample of that */
	uint64_t cpu_ns;         /* last sample of its clock */
	uint64_t children_ns;    /* processor time of its children that are gone */
	UT_hash_handle hh;
};

struct tracee {
	pid_t tid;
	struct process *process;
	struct op *op;           /* a call in flight: waits for its notification or for an answer */
	long late_nr;            /* of a bridged call whose answer came too late: reply.c; or -1 */
	struct given given;
	struct exec_pass exec;
	unsigned clone_flags;    /* of the fork or clone being done */
	bool is_cloning;         /* approved, the new task is not here yet: counted against --procs */
	bool is_stopped;         /* group stop */
	/*
	 * pthread_self() of the thread, which is how Python knows it; 0: not known.  Seen at each
	 * ptrace stop, since a thread that waits in a notification cannot be asked.
	 */
	uint64_t thread_pointer;
	uint64_t python_state;   /* its PyThreadState, remembered; 0 */
	struct lease lease;
	pid_t moves;             /* its setpgid is about this process; 0: none */
	UT_hash_handle hh;
};

struct tracees {
	struct tracee *by_tid;
	struct process *by_pid;
	unsigned cloning;        /* tasks that are approved and not born */
	unsigned leased;         /* tasks that are lent the tracer's CPU: lease.h */
	uint64_t memories;       /* numbers of address spaces given out */
	unsigned most;           /* most tasks at once */
};

struct tracee *tracee_find(const struct tracees *all, pid_t tid);
struct process *process_find(const struct tracees *all, pid_t pid);

/* Task `tid` of process `pid` (made when new, with umask `mask`).  NULL: out of memory. */
struct tracee *tracee_add(struct tracees *all, pid_t tid, pid_t pid, mode_t mask);

/* Frees the task; its process too with the last task, and then ret_last says so. */
void tracee_remove(struct tracees *all, struct tracee *tracee, bool *ret_last);

/* exec by a thread: it takes over the id of its process's leader (ptrace(2), "execve under ptrace"). */
struct tracee *tracee_take_over(struct tracees *all, pid_t former, pid_t leader);

/* Made with CLONE_VM it has its maker's memory, else a copy; by exec it gets one of its own. */
void process_share_memory(const struct process *maker, struct process *child);
void process_copy_memory(const struct process *maker, struct process *child);
void process_renew_memory(struct tracees *all, struct process *process);

void tracee_set_cloning(struct tracees *all, struct tracee *tracee, bool is_cloning);
void tracees_free(struct tracees *all);

void exec_pass_clear(struct exec_pass *pass);

#endif
