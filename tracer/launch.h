/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch.h: from fork to the interpreter's execve.
 *
 * The child prepares itself step by step; a step that fails is reported by name and nothing runs.
 * Order (each line needs the one before):
 *   signals, limits, output      as the script will see them; a terminal of its own
 *   descriptors                  inherited ones closed, so that none leads out
 *   no_new_privs                 Landlock and seccomp demand it
 *   wait                         until the tracer has seized us: a stop without tracer is ENOSYS
 *   Landlock                     while its roots can still be opened by ourselves
 *   capabilities                 gone before any filter is loaded
 *   filter                       loaded with a listener, which is sent to the tracer
 *   execve                       the first call that stops
 */
#ifndef TRACER_LAUNCH_H
#define TRACER_LAUNCH_H

#include <signal.h>

#include "filters/landlock.h"
#include "filters/seccomp.h"
#include "tracer/run.h"

struct launch {
	const struct run_config *config;
	const struct filter_program *filter;
	const struct landlock_plan *landlock;
	sigset_t mask;               /* the caller's, for the script */
	struct sigaction sigpipe;    /* the caller's */
	struct sigaction sigxfsz;
	int out, err;                /* replace 1 and 2; -1: keep */
	int terminal;                /* 0 to 2 of a session of its own; -1: the caller's */
};

/*
 * WAIT_KILLABLE_RECV (Linux 5.19): signals wait until a notification that was received is answered.
 * Before, the kernel withdraws it, and starts the call again.
 */
bool launch_holds_signals(void);

struct launched {
	pid_t pid;
	int listener;
	int complaints;      /* what launch_complaint reads; the caller closes it */
};

/* Seized, filtered and about to execve; -errno with the step and cure in `fault`, nothing left. */
int launch(const struct launch *launch, struct launched *ret, struct fault *ret_fault);

/* After the child ended without executing anything: why, as -errno and in words; 0: it says nothing. */
int launch_complaint(const struct launched *launched, struct fault *ret_fault);

#endif
