/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor.c: the least that any tracer must do, to measure pyjail against.
 *
 *	floor stop COMMAND [ARGS...]
 *
 * A seccomp filter stops opens with write intent; at each stop the registers and the path are
 * read, and the call is refused with EACCES.  No policy, no path resolution, no bookkeeping, one
 * process, no threads.  Ends with the command's exit status.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAILED 125
#define OPTIONS (PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP)

static int fail(const char *what)
{
	fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
	return FAILED;
}

/* openat whose flags have a bit of O_ACCMODE or O_CREAT: RET_TRACE.  All else runs. */
static int install_filter(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_ACCMODE | O_CREAT, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static void __attribute__((noreturn)) child(char **argv)
{
	raise(SIGSTOP);
	if (install_filter() == 0)
		execvp(argv[0], argv);
	_exit(fail(argv[0]));
}

/* Registers, path, answer: three calls to the kernel, and the resume. */
static void refuse(pid_t pid)
{
	struct user_regs_struct regs;
	char path[4096];
	struct iovec local = { path, sizeof(path) }, remote;

	if (ptrace(PTRACE_GETREGS, pid, NULL, &regs) < 0)
		return;
	remote.iov_base = (void *)(uintptr_t)regs.rsi;
	remote.iov_len = sizeof(path) - regs.rsi % sizeof(path);
	if (process_vm_readv(pid, &local, 1, &remote, 1, 0) < 0)
		return;
	regs.orig_rax = (unsigned long)-1L;
	regs.rax = (unsigned long)-EACCES;
	ptrace(PTRACE_SETREGS, pid, NULL, &regs);
}

static int trace(pid_t pid)
{
	int status, signal;

	for (;;) {
		if (waitpid(pid, &status, __WALL) < 0)
			return fail("wait");
		if (WIFEXITED(status))
			return WEXITSTATUS(status);
		if (WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		signal = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8))
			refuse(pid);
		ptrace(PTRACE_CONT, pid, NULL, signal);
	}
}

int main(int argc, char **argv)
{
	int status;
	pid_t pid;

	if (argc < 3 || strcmp(argv[1], "stop") != 0) {
		fputs("usage: floor stop COMMAND [ARGS...]\n", stderr);
		return 2;
	}
	pid = fork();
	if (pid == 0)
		child(argv + 2);
	if (pid < 0 || waitpid(pid, &status, WUNTRACED) < 0)
		return fail("start");
	if (ptrace(PTRACE_SEIZE, pid, NULL, OPTIONS) < 0)
		return fail("ptrace");
	kill(pid, SIGCONT);
	return trace(pid);
}
