/* SPDX-License-Identifier: Apache-2.0 */
/*
 * regs.h: the whole machine interface: what a stopped tracee asked, and how to answer it.
 *
 * Every function returns 0 or a negative errno; -ESRCH means the tracee is gone.
 * Implemented once per machine in arch/.
 */
#ifndef TRACER_REGS_H
#define TRACER_REGS_H

#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

struct regs {
	struct user_regs_struct machine;
};

int regs_get(pid_t tid, struct regs *ret_regs);
long regs_nr(const struct regs *regs);
uint64_t regs_arg(const struct regs *regs, unsigned index);   /* 0 to 5 */
long regs_result(const struct regs *regs);
uint64_t regs_stack(const struct regs *regs);
uint64_t regs_thread_pointer(const struct regs *regs);   /* pthread_self() */

/* At a call stop: the call does not run and gives `result` (a value, or a negative errno). */
int regs_skip(pid_t tid, struct regs *regs, long result);

/*
 * Changes the number and nothing that the tracee sees; at a call stop the kernel runs the filter
 * again on the new number.
 */
int regs_set_nr(pid_t tid, struct regs *regs, long nr);

/*
 * At a call stop: another call with these first three arguments, to be put back by regs_finish.
 * `regs` stays what it was.
 */
int regs_set_call(pid_t tid, const struct regs *regs, long nr, const uint64_t args[3]);

/* At a call's return: everything as in `regs`, and the call gives `result`. */
int regs_finish(pid_t tid, const struct regs *regs, long result);

/*
 * At a signal stop of an interrupted call: put the number back and choose how the kernel restarts
 * it.  `result` is -REGS_ERESTARTSYS (EINTR without SA_RESTART) or -REGS_ERESTARTNOINTR (always).
 */
int regs_set_restart(pid_t tid, struct regs *regs, long nr, long result);

/* By its number in DWARF (the psABI's), the instruction pointer last; -EINVAL: there is none. */
int regs_by_number(const struct user_regs_struct *machine, int number, uint64_t *ret_value);

/* Kernel-internal results that only a tracer sees (include/linux/errno.h). */
#define REGS_ERESTARTSYS 512
#define REGS_ERESTARTNOINTR 513

#endif
