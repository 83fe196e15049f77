/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trial.h: what this kernel and container really do, each tried on a child (probe.h) just as a run
 * would do it.  A version number or a file in /proc is never believed where a trial can say.
 *
 * 0 or a negative errno: the one that the kernel, or an outer filter, answered; -ECHILD: trying it
 * was punished by death; -ETIMEDOUT.
 */
#ifndef TRACER_TRIAL_H
#define TRACER_TRIAL_H

#include <stdint.h>

/* PTRACE_SEIZE with the options of a run, and a stop. */
int trial_ptrace(int64_t deadline_ms);

/* Reading and writing the memory of a seized child. */
int trial_vm_access(int64_t deadline_ms);
int trial_proc_mem(int64_t deadline_ms);

/* A seccomp filter; one with a listener and further SECCOMP_FILTER_FLAG_*. */
int trial_seccomp(int64_t deadline_ms);
int trial_listener(unsigned further_flags, int64_t deadline_ms);

/* The call `nr` is notified, answered with ADDFD|SEND, and returns a descriptor that works. */
int trial_notify(int nr, int64_t deadline_ms);

/* SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP, Linux 6.6 */
int trial_sync_wake_up(int64_t deadline_ms);

/* A Landlock domain holds: its ABI, 1 or more. */
int trial_landlock(int64_t deadline_ms);

int trial_openat2(int64_t deadline_ms);
int trial_pidfd_getfd(int64_t deadline_ms);

#endif
