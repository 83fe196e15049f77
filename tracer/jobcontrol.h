/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jobcontrol.h: pyjail in the place of the script, for its shell and its terminal.
 *
 * Both share a process group, so Ctrl-C and Ctrl-Z reach the script by themselves; what is sent to
 * pyjail alone is passed on.  When the script stops, pyjail stops too, so that the shell sees a
 * stopped job; when the shell continues pyjail, the script goes on.
 *
 * Under a screen the script has a session and a terminal of its own: what the keys of pyjail's
 * terminal send is for the screen, a hangup of it is told by the wire (ask.h), and a stopped script
 * stops nobody else.
 */
#ifndef TRACER_JOBCONTROL_H
#define TRACER_JOBCONTROL_H

#include <signal.h>

#include "tracer/tracer.h"

/* The caller's settings, to be given back to the script and at the end. */
struct jobcontrol {
	sigset_t mask;
	struct sigaction sigpipe, sigxfsz;
};

/* Blocks what the loop reads from tracer->signals, ignores what would end the tracer. */
int jobcontrol_start(struct tracer *tracer, struct jobcontrol *ret_before);
void jobcontrol_end(struct tracer *tracer, const struct jobcontrol *before);

/* Reads the signalfd. */
void jobcontrol_read(struct tracer *tracer);

/* A signal is about to be delivered to the script's first process. */
void jobcontrol_saw(struct tracer *tracer, int signal);

/* Passes on what was sent to pyjail alone; what does not end in time is killed. Microseconds to the next look; 0: none. */
int64_t jobcontrol_look(struct tracer *tracer);

/* The script's first process is in a group stop: stop as well, until continued. */
void jobcontrol_stop(struct tracer *tracer, int signal);

#endif
