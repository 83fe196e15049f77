/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch.h: one process, seen from outside while a script runs: the bystander, or the process above
 * the script (pyjail itself; in a control a stand-in of the same shape).
 */
#ifndef TRACER_CORPUS_WATCH_H
#define TRACER_CORPUS_WATCH_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

struct watch {
	pid_t pid;
	bool is_pyjail;               /* it raises its own limit on descriptors, and leases a CPU */
	bool keeps_memory;            /* it waits in the kernel: nothing of its own changes */
	struct rlimit limits[RLIM_NLIMITS];
	int nice, policy, io_priority;
	long oom_adjustment;
	cpu_set_t cpus;
	uint64_t memory;
};

/* How it is now. */
void watch_begin(struct watch *watch, pid_t pid, bool is_pyjail, bool keeps_memory);

/*
 * What became of it, in words; false: nothing.  Cheap; called again and again while the script
 * runs, since being traced or stopped may pass.  A zombie has not died by itself: it was killed
 * when the exit code says so.
 */
bool watch_look(const struct watch *watch, char *out, size_t size);

/* The same with its memory.  Once, at the end. */
bool watch_end(const struct watch *watch, char *out, size_t size);

/* The signal that ended a process that is still a zombie; 0: none, or it lives. */
int watch_end_signal(pid_t pid);

/* Its exit status; -1: it lives, or a signal ended it. */
int watch_exit_status(pid_t pid);

#endif
