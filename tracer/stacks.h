/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stacks.h: where a call comes from, taken while its thread waits: Python frames, C frames, and
 * which of the one run in which of the other.
 *
 * Taken between the verdict and the answer, and attached to the op.  Every failure costs frames,
 * never the call: a stack says by itself what it lacks.
 */
#ifndef TRACER_STACKS_H
#define TRACER_STACKS_H

#include <sys/types.h>

#include "tracer/events/stack.h"
#include "tracer/regs.h"

struct op;
struct tracee;
struct tracer;
struct stacks;
struct stack_space;

/* `libraries`: what Python's own files begin with; borrowed, the last is NULL. */
int stacks_new(const char *const *libraries, struct stacks **ret_stacks);
void stacks_free(struct stacks *stacks);

/*
 * As much as rule and run ask for of this op; op->stack is set unless it is set already, or
 * nobody wants to know.
 */
void stacks_take(struct tracer *tracer, struct tracee *tracee, struct op *op);

/* The detail that stacks_take would look up.  Pure. */
enum stack_detail stacks_wanted(const struct tracer *tracer, const struct op *op);

void stack_free(struct stack *stack);          /* takes NULL */

/* What is known of an address space: shared by CLONE_VM, copied by fork, dropped by exec. */
struct stack_space *stack_space_share(struct stack_space *space);   /* takes NULL */
struct stack_space *stack_space_copy(const struct stack_space *space);
void stack_space_drop(struct stack_space *space);

#endif
