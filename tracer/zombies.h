/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zombies.h: processes of the script that have ended and that their parent has not waited for.
 *
 * They run nothing, but each holds a process id: uncounted, a script that starts children without
 * end and waits for none would use up those of the whole system.
 */
#ifndef TRACER_ZOMBIES_H
#define TRACER_ZOMBIES_H

#include <stddef.h>
#include <sys/types.h>

#include "tracer/tracee.h"

struct zombies {
	pid_t *pids;
	size_t count;            /* at most so many: who was waited for is found when they are counted */
	size_t room;
};

/* A process has ended.  -ENOMEM. */
int zombies_add(struct zombies *zombies, const struct tracees *alive, pid_t pid);

/* Looks who is still there; `alive`: their ids are in use again. */
size_t zombies_count(struct zombies *zombies, const struct tracees *alive);

void zombies_free(struct zombies *zombies);

/* The state letter of proc_pid_stat(5); 0: there is no such process. */
char process_state(pid_t pid);

/* Who made it, or took it over; 0: init, or nobody that we can see. */
pid_t process_parent(pid_t pid);

#endif
