/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watchdog.h: ends a tracee whose memory does not come.
 *
 * A page of a file on a hung FUSE or network file system can hold a read of a tracee's memory
 * for ever, and with it the one thread that owns all tracees.  A small thread looks every half
 * second: after 2 s it kills the tracee, after 4 s the whole of pyjail (PTRACE_O_EXITKILL then
 * kills every tracee): it fails closed.
 */
#ifndef TRACER_WATCHDOG_H
#define TRACER_WATCHDOG_H

#include <sys/types.h>

int watchdog_start(void);
void watchdog_stop(void);

/* Around each access to a tracee's memory, by the tracer thread only. */
void watchdog_enter(pid_t tid);
void watchdog_leave(void);

#endif
