/* SPDX-License-Identifier: Apache-2.0 */
/* stopped.c: see stopped.h. */
#include "tests/support/stopped.h"

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPTIONS (PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE)

void stopped_start(struct stopped *stopped, const char *const words[])
{
	int status;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execvp(words[0], (char *const *)(uintptr_t)words);
		_exit(127);
	}
	*stopped = (struct stopped){ .pid = pid, .tid = pid };
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFSTOPPED(status), "%s cannot be run", words[0]);
	ck_assert_int_eq(ptrace(PTRACE_SETOPTIONS, pid, NULL, OPTIONS), 0);
}

/* The signal to hand on after this stop. */
static int signal_of(int status)
{
	int signal = WSTOPSIG(status);

	return status >> 16 || signal == SIGTRAP || signal == SIGSTOP ? 0 : signal;
}

/* Entering: the result is still -ENOSYS (ptrace(2), before PTRACE_GET_SYSCALL_INFO). */
static bool is_entry(struct stopped *stopped, long nr)
{
	return regs_get(stopped->tid, &stopped->regs) == 0 &&
	       regs_result(&stopped->regs) == -ENOSYS &&
	       (nr == -1 || regs_nr(&stopped->regs) == nr);
}

bool stopped_next(struct stopped *stopped, long nr)
{
	int signal = 0, status;

	for (;;) {
		ptrace(PTRACE_SYSCALL, stopped->tid, NULL, signal);
		stopped->tid = waitpid(-1, &status, __WALL);
		if (stopped->tid < 0) {
			stopped->pid = 0;
			return false;
		}
		signal = 0;
		if (!WIFSTOPPED(status))
			continue;
		if (WSTOPSIG(status) != (SIGTRAP | 0x80))
			signal = signal_of(status);
		else if (is_entry(stopped, nr))
			return true;
	}
}

void stopped_end(struct stopped *stopped)
{
	if (stopped->pid > 0) {
		kill(stopped->pid, SIGKILL);
		while (waitpid(-1, NULL, __WALL) > 0)
			continue;
	}
	stopped->pid = 0;
}

void stopped_compile(const char *text, const char *flags, const char *path)
{
	char command[512];
	FILE *compiler;

	snprintf(command, sizeof(command), "cc -x c -pthread %s -o '%s' -", flags, path);
	/* NOLINTNEXTLINE(cert-env33-c): words of our own */
	compiler = popen(command, "we");
	ck_assert_ptr_nonnull(compiler);
	ck_assert_int_eq(fputs(text, compiler) >= 0, 1);
	ck_assert_msg(pclose(compiler) == 0, "%s", command);
}
