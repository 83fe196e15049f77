/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor.c: the least that any tracer must do, to measure pyjail against.
 *
 *	floor stop|notify|bridge COMMAND [ARGS...]
 *
 * stop     A filter stops opens with write intent; at each stop the registers and the path are
 *          read, and the call is refused with EACCES.
 * notify   Read-only opens go to a listener: the path is read, the file opened and handed over.
 * bridge   Opens with write intent stop; registers and path are read, the number is changed to
 *          one that goes to the listener; there the file is opened and handed over.
 *
 * No policy, no path resolution, no bookkeeping, one process, no threads, and it sleeps in a call
 * that only the next event ends.  Ends with the command's exit status.
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
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAILED 125
#define OPTIONS (PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP)
#define DEAD_CALL 215u   /* epoll_wait_old: no kernel has it */

enum floor { FLOOR_STOP, FLOOR_NOTIFY, FLOOR_BRIDGE };

static int fail(const char *what)
{
	fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
	return FAILED;
}

/*
 * openat whose flags have a bit of O_ACCMODE or O_CREAT, or that have none: `writes`, `reads`.
 * The dead number: to the listener.  All else runs.  The listener, when there is one.
 */
static int install_filter(enum floor floor)
{
	uint32_t writes = floor == FLOOR_NOTIFY ? SECCOMP_RET_ALLOW : SECCOMP_RET_TRACE;
	uint32_t reads = floor == FLOOR_NOTIFY ? SECCOMP_RET_USER_NOTIF : SECCOMP_RET_ALLOW;
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, DEAD_CALL, 5, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 5),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_ACCMODE | O_CREAT, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, writes),
		BPF_STMT(BPF_RET | BPF_K, reads),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			    floor == FLOOR_STOP ? 0 : SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

/* The listener's number: the tracer takes it by pidfd_getfd(2). */
static void __attribute__((noreturn)) child(enum floor floor, int channel, char **argv)
{
	char byte;
	int listener;

	raise(SIGSTOP);
	listener = install_filter(floor);
	if (listener >= 0 && write(channel, &listener, sizeof(listener)) > 0 &&
	    read(channel, &byte, 1) == 1) {
		if (floor != FLOOR_STOP)
			close(listener);
		close(channel);
		execvp(argv[0], argv);
	}
	_exit(fail(argv[0]));
}

static int read_path(pid_t pid, uint64_t address, char *path, size_t size)
{
	struct iovec local = { path, size }, remote;
	size_t step = size - address % size;
	ssize_t n;

	remote.iov_base = (void *)(uintptr_t)address;
	remote.iov_len = step;
	n = process_vm_readv(pid, &local, 1, &remote, 1, 0);
	if (n < 0 || memchr(path, '\0', (size_t)n))
		return n < 0 ? -1 : 0;
	/* It goes on in the next page. */
	local = (struct iovec){ path + step, size - step };
	remote = (struct iovec){ (void *)(uintptr_t)(address + step), size - step };
	return process_vm_readv(pid, &local, 1, &remote, 1, 0) < 0 ? -1 : 0;
}

/* Open and hand over: the file's own number, or the error. */
static void hand_over(int listener, uint64_t id, const char *path, uint64_t flags, uint64_t mode)
{
	struct seccomp_notif_addfd give = {
		.id = id, .flags = SECCOMP_ADDFD_FLAG_SEND, .newfd_flags = flags & O_CLOEXEC,
	};
	struct seccomp_notif_resp answer = { .id = id };
	int fd = open(path, (int)flags | O_CLOEXEC, (mode_t)mode);

	if (fd < 0) {
		answer.error = -errno;
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
		return;
	}
	give.srcfd = (uint32_t)fd;
	ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &give);
	close(fd);
}

/* Registers, path, answer: three calls to the kernel, and the resume. */
static void stopped(enum floor floor, pid_t pid, int listener)
{
	struct user_regs_struct regs;
	struct seccomp_notif notif = { 0 };
	char path[4096];

	if (ptrace(PTRACE_GETREGS, pid, NULL, &regs) < 0 ||
	    read_path(pid, regs.rsi, path, sizeof(path)) < 0) {
		ptrace(PTRACE_CONT, pid, NULL, 0);
		return;
	}
	regs.orig_rax = floor == FLOOR_STOP ? (unsigned long)-1L : DEAD_CALL;
	if (floor == FLOOR_STOP)
		regs.rax = (unsigned long)-EACCES;
	ptrace(PTRACE_SETREGS, pid, NULL, &regs);
	ptrace(PTRACE_CONT, pid, NULL, 0);
	if (floor == FLOOR_BRIDGE && ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notif) == 0)
		hand_over(listener, notif.id, path, regs.rdx, regs.r10);
}

static int trace(enum floor floor, pid_t pid, int listener)
{
	int status, signal;

	for (;;) {
		if (waitpid(pid, &status, __WALL) < 0)
			return fail("wait");
		if (WIFEXITED(status))
			return WEXITSTATUS(status);
		if (WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8)) {
			stopped(floor, pid, listener);
			continue;
		}
		signal = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
		ptrace(PTRACE_CONT, pid, NULL, signal);
	}
}

/* Until nobody is left behind the filter: seccomp_unotify(2), ENOENT. */
static int serve(pid_t pid, int listener)
{
	char path[4096];
	int status;

	for (;;) {
		struct seccomp_notif notif = { 0 };

		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notif) < 0)
			break;
		if (read_path(pid, notif.data.args[1], path, sizeof(path)) == 0)
			hand_over(listener, notif.id, path, notif.data.args[2],
				  notif.data.args[3]);
	}
	if (waitpid(pid, &status, __WALL) < 0)
		return fail("wait");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* What the tracee's listener is here; -1. */
static int take_listener(enum floor floor, pid_t pid, int channel)
{
	int number, pidfd, listener = -1;

	if (read(channel, &number, sizeof(number)) != sizeof(number))
		return -1;
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (floor != FLOOR_STOP)
		listener = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);
	close(pidfd);
	if (write(channel, "G", 1) != 1)
		return -1;
	close(channel);
	return floor == FLOOR_STOP ? 0 : listener;
}

static int run(enum floor floor, char **argv)
{
	int status, listener, channel[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) < 0)
		return fail("start");
	pid = fork();
	if (pid == 0)
		child(floor, channel[1], argv);
	if (pid < 0 || waitpid(pid, &status, WUNTRACED) < 0)
		return fail("start");
	close(channel[1]);
	if (floor != FLOOR_NOTIFY && ptrace(PTRACE_SEIZE, pid, NULL, OPTIONS) < 0)
		return fail("ptrace");
	kill(pid, SIGCONT);
	/* Seized, its SIGCONT is a stop of its own. */
	while (floor != FLOOR_NOTIFY) {
		if (waitpid(pid, &status, __WALL) < 0)
			return fail("start");
		ptrace(PTRACE_CONT, pid, NULL,
		       WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status));
		if (WSTOPSIG(status) == SIGCONT)
			break;
	}
	listener = take_listener(floor, pid, channel[0]);
	if (listener < 0)
		return fail("listener");
	return floor == FLOOR_NOTIFY ? serve(pid, listener) : trace(floor, pid, listener);
}

int main(int argc, char **argv)
{
	static const char *const names[] = { "stop", "notify", "bridge" };

	for (int i = 0; argc > 2 && i < 3; i++)
		if (!strcmp(argv[1], names[i]))
			return run((enum floor)i, argv + 2);
	fputs("usage: floor stop|notify|bridge COMMAND [ARGS...]\n", stderr);
	return 2;
}
