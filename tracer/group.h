/* SPDX-License-Identifier: Apache-2.0 */
/*
 * group.h: the process group that the script shares with pyjail, and with whoever started it.
 *
 * The kernel sends SIGHUP to a group that becomes orphaned while a member is stopped: when a process
 * ends whose parent was in the same session but in another group.  Started without job control (by
 * cron, a CI job, `ssh host command`), a script could bring that about with setpgid(2), and hang up
 * its caller.  So there nobody in the group may have a parent of the tree outside of it.
 */
#ifndef TRACER_GROUP_H
#define TRACER_GROUP_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/* Whether this setpgid would make a member of our group the child of somebody outside of it. */
bool group_is_at_stake(const struct tracer *tracer, const struct op *op);

/* The call is allowed: until its thread stops again, the process may be in either group. */
void group_moves(struct tracer *tracer, struct tracee *tracee, const struct op *op);
void group_moved(struct tracer *tracer, struct tracee *tracee);

/* A child made now could be left behind in our group. */
bool group_is_being_left(const struct process *process);

#endif
