/* SPDX-License-Identifier: Apache-2.0 */
/* x86_64.c: regs.h for x86-64.  Argument order: syscall(2). */
#include "tracer/regs.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <sys/ptrace.h>

#include "base/fail.h"

#ifndef __x86_64__
#error "pyjail has no register layout for this machine yet: add tracer/arch/<machine>.c"
#endif

int regs_get(pid_t tid, struct regs *ret_regs)
{
	return ptrace(PTRACE_GETREGS, tid, NULL, &ret_regs->machine) < 0 ? -errno : 0;
}

static int regs_put(pid_t tid, struct regs *regs)
{
	return ptrace(PTRACE_SETREGS, tid, NULL, &regs->machine) < 0 ? -errno : 0;
}

/* The kernel takes it as int, whatever stands in the upper half (do_syscall_64). */
long regs_nr(const struct regs *regs)
{
	return (int)regs->machine.orig_rax;
}

uint64_t regs_arg(const struct regs *regs, unsigned index)
{
	const struct user_regs_struct *m = &regs->machine;
	const uint64_t args[] = { m->rdi, m->rsi, m->rdx, m->r10, m->r8, m->r9 };

	assert(index < 6);
	return args[index];
}

long regs_result(const struct regs *regs)
{
	return (long)regs->machine.rax;
}

uint64_t regs_stack(const struct regs *regs)
{
	return regs->machine.rsp;
}

uint64_t regs_thread_pointer(const struct regs *regs)
{
	return regs->machine.fs_base;
}

int regs_skip(pid_t tid, struct regs *regs, long result)
{
	regs->machine.orig_rax = (unsigned long)-1L;
	regs->machine.rax = (unsigned long)result;
	return regs_put(tid, regs);
}

int regs_set_nr(pid_t tid, struct regs *regs, long nr)
{
	regs->machine.orig_rax = (unsigned long)nr;
	return regs_put(tid, regs);
}

int regs_set_call(pid_t tid, const struct regs *regs, long nr, const uint64_t args[3])
{
	struct regs changed = *regs;

	changed.machine.orig_rax = (unsigned long)nr;
	changed.machine.rdi = args[0];
	changed.machine.rsi = args[1];
	changed.machine.rdx = args[2];
	return regs_put(tid, &changed);
}

int regs_finish(pid_t tid, const struct regs *regs, long result)
{
	struct regs changed = *regs;

	changed.machine.rax = (unsigned long)result;
	return regs_put(tid, &changed);
}

int regs_set_restart(pid_t tid, struct regs *regs, long nr, long result)
{
	regs->machine.orig_rax = (unsigned long)nr;
	regs->machine.rax = (unsigned long)result;
	return regs_put(tid, regs);
}

/* System V psABI for x86-64, figure 3.36: the order is not that of the instruction encoding. */
int regs_by_number(const struct user_regs_struct *machine, int number, uint64_t *ret_value)
{
	const unsigned long long values[] = {
		machine->rax, machine->rdx, machine->rcx, machine->rbx, machine->rsi, machine->rdi,
		machine->rbp, machine->rsp, machine->r8, machine->r9, machine->r10, machine->r11,
		machine->r12, machine->r13, machine->r14, machine->r15, machine->rip,
	};

	if (number < 0 || (size_t)number >= ARRAY_SIZE(values))
		return -EINVAL;
	*ret_value = values[number];
	return 0;
}
