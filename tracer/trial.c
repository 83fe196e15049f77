/* SPDX-License-Identifier: Apache-2.0 */
/* trial.c: see trial.h. */
#include "tracer/trial.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#include "base/fail.h"
#include "filters/landlock.h"
#include "filters/landlock_abi.h"
#include "tracer/confine.h"
#include "tracer/probe.h"

/* Linux 6.6; the value is the argument itself */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#endif
#ifndef SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

#define RUN_OPTIONS (PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACESECCOMP | \
		     PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | \
		     PTRACE_O_TRACEEXEC)

#define OLD_WORD 0x01d
#define NEW_WORD 0x2e3
#define OWN_WORD 0x3a7

static int answer(long result)
{
	return result < 0 ? -errno : 0;
}

/* ---- ptrace and memory ---- */

/* Changes the word, says so with the number of its socket, and waits to be killed. */
static int wait_body(int socket, void *data)
{
	volatile int *word = data;
	int value;

	if (word)
		*word = NEW_WORD;
	probe_send(socket, socket, -1);
	probe_receive(socket, INT64_MAX, &value, NULL);
	return 0;
}

/* *ret_socket: the number of the child's end of the socket, in the child. */
static int start_waiting(struct probe *ret_probe, int *word, int64_t deadline_ms, int *ret_socket)
{
	int error = probe_start(ret_probe, wait_body, word);

	if (error)
		return error;
	error = probe_receive(ret_probe->socket, deadline_ms, ret_socket, NULL);
	if (error)
		probe_end(ret_probe, deadline_ms);
	return error;
}

/* No wait has a deadline: look every millisecond. */
static int wait_for_stop(pid_t pid, int64_t deadline_ms)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	int status;

	while (probe_left_ms(deadline_ms)) {
		pid_t found = waitpid(pid, &status, __WALL | WNOHANG);

		if (found == pid)
			return WIFSTOPPED(status) ? 0 : -ECHILD;
		if (found < 0 && errno != EINTR)
			return -errno;
		nanosleep(&pause, NULL);
	}
	return -ETIMEDOUT;
}

static int seize(pid_t pid)
{
	return answer(ptrace(PTRACE_SEIZE, pid, 0, RUN_OPTIONS));
}

int trial_ptrace(int64_t deadline_ms)
{
	struct probe probe;
	int socket, error = start_waiting(&probe, NULL, deadline_ms, &socket);

	if (error)
		return error;
	error = seize(probe.pid);
	if (!error)
		error = answer(ptrace(PTRACE_INTERRUPT, probe.pid, 0, 0));
	if (!error)
		error = wait_for_stop(probe.pid, deadline_ms);
	probe_end(&probe, deadline_ms);
	return error;
}

/* The child was forked: the word lies at the same address there. */
static int use_vm(pid_t pid, int *word)
{
	int read = 0, written = OWN_WORD;
	struct iovec local = { .iov_base = &read, .iov_len = sizeof(read) };
	const struct iovec remote = { .iov_base = word, .iov_len = sizeof(*word) };

	if (process_vm_readv(pid, &local, 1, &remote, 1, 0) < 0)
		return -errno;
	if (read != NEW_WORD)
		return -EIO;
	local.iov_base = &written;
	if (process_vm_writev(pid, &local, 1, &remote, 1, 0) < 0)
		return -errno;
	local.iov_base = &read;
	if (process_vm_readv(pid, &local, 1, &remote, 1, 0) < 0)
		return -errno;
	return read == OWN_WORD ? 0 : -EIO;
}

static int use_proc_mem(pid_t pid, int *word)
{
	cleanup_close int fd = -1;
	char path[32];
	int read = 0;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (pread(fd, &read, sizeof(read), (off_t)(uintptr_t)word) < 0)
		return -errno;
	return read == NEW_WORD ? 0 : -EIO;
}

static int try_memory(int (*use)(pid_t pid, int *word), int64_t deadline_ms)
{
	struct probe probe;
	int word = OLD_WORD;
	int socket, error = start_waiting(&probe, &word, deadline_ms, &socket);

	if (error)
		return error;
	/* Refused: trial_ptrace says so; Yama may still let a parent read its child. */
	seize(probe.pid);
	error = use(probe.pid, &word);
	probe_end(&probe, deadline_ms);
	return error;
}

int trial_vm_access(int64_t deadline_ms)
{
	return try_memory(use_vm, deadline_ms);
}

int trial_proc_mem(int64_t deadline_ms)
{
	return try_memory(use_proc_mem, deadline_ms);
}

int trial_pidfd_getfd(int64_t deadline_ms)
{
	cleanup_close int pidfd = -1, copy = -1;
	struct probe probe;
	int socket, error = start_waiting(&probe, NULL, deadline_ms, &socket);

	if (error)
		return error;
	pidfd = (int)syscall(SYS_pidfd_open, probe.pid, 0);
	error = answer(pidfd);
	if (!error) {
		copy = (int)syscall(SYS_pidfd_getfd, pidfd, socket, 0);
		error = answer(copy);
		/* While we hold the child's own end, its death would not be seen. */
		if (copy >= 0)
			close(steal_fd(&copy));
	}
	probe_end(&probe, deadline_ms);
	return error;
}

/* ---- seccomp ---- */

/* Notifies `nr`, passes all else; the listener, or 0 without one, or -errno. */
static int install_filter(int nr, unsigned flags)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { .len = ARRAY_SIZE(code), .filter = code };
	int error = confine_no_new_privs();
	long result;

	if (error)
		return error;
	result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
	return result < 0 ? -errno : (int)result;
}

static int seccomp_body(int socket, void *data)
{
	const unsigned *flags = data;
	int result = install_filter(SYS_getppid, *flags);

	(void)socket;
	return result < 0 ? result : 0;
}

int trial_seccomp(int64_t deadline_ms)
{
	unsigned flags = 0;

	return probe_try(seccomp_body, &flags, deadline_ms);
}

int trial_listener(unsigned further_flags, int64_t deadline_ms)
{
	unsigned flags = SECCOMP_FILTER_FLAG_NEW_LISTENER | further_flags;

	return probe_try(seccomp_body, &flags, deadline_ms);
}

static int sync_wake_up_body(int socket, void *data)
{
	int listener = install_filter(SYS_getppid, SECCOMP_FILTER_FLAG_NEW_LISTENER);

	(void)socket;
	(void)data;
	if (listener < 0)
		return listener;
	return answer(ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS,
			    SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP));
}

int trial_sync_wake_up(int64_t deadline_ms)
{
	return probe_try(sync_wake_up_body, NULL, deadline_ms);
}

/* Makes the call and reads from the descriptor that it returns. */
static int notified_body(int socket, void *data)
{
	const int *nr = data;
	int listener = install_filter(*nr, SECCOMP_FILTER_FLAG_NEW_LISTENER), error;
	int word = 0;
	long fd;

	if (listener < 0)
		return listener;
	error = probe_send(socket, 0, listener);
	close(listener);
	if (error)
		return error;
	fd = syscall(*nr, 0, 0, 0, 0);
	if (fd < 0)
		return -errno;
	if (read((int)fd, &word, sizeof(word)) < 0)
		return -errno;
	return word == OWN_WORD ? 0 : -EIO;
}

/*
 * Until the call is notified (0) or the child has its answer from somebody else (-EAGAIN).  Only
 * poll has a deadline: SECCOMP_IOCTL_NOTIF_RECV sleeps as long as nothing comes.
 */
static int wait_for_notification(int listener, int socket, int64_t deadline_ms)
{
	struct pollfd waited[] = {
		{ .fd = listener, .events = POLLIN }, { .fd = socket, .events = POLLIN },
	};

	for (;;) {
		int count = poll(waited, ARRAY_SIZE(waited), probe_left_ms(deadline_ms));

		if (count == 0)
			return -ETIMEDOUT;
		if (count < 0 && errno != EINTR)
			return -errno;
		if (count > 0)
			return waited[0].revents & POLLIN ? 0 : -EAGAIN;
	}
}

/* The kernel's struct may be longer than ours, and wants all of it zero. */
static int answer_with(int listener, int fd)
{
	union {
		struct seccomp_notif notif;
		char room[1024];
	} received = { .room = { 0 } };
	struct seccomp_notif_addfd addfd = {
		.flags = SECCOMP_ADDFD_FLAG_SEND, .srcfd = (unsigned)fd, .newfd_flags = O_CLOEXEC,
	};

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &received) < 0)
		return -errno;
	addfd.id = received.notif.id;
	return answer(ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &addfd));
}

/* A pipe with a word in it: every container has those. */
static int make_gift(void)
{
	const int word = OWN_WORD;
	int ends[2], error;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	error = write(ends[1], &word, sizeof(word)) < 0 ? -errno : 0;
	close(ends[1]);
	if (!error)
		return ends[0];
	close(ends[0]);
	return error;
}

static int serve(const struct probe *probe, int64_t deadline_ms)
{
	cleanup_close int listener = -1, gift = -1;
	int value = 0, error;

	error = probe_receive(probe->socket, deadline_ms, &value, &listener);
	if (error || listener < 0)
		return error ? error : value;
	gift = make_gift();
	if (gift < 0)
		return gift;
	error = wait_for_notification(listener, probe->socket, deadline_ms);
	if (!error)
		error = answer_with(listener, gift);
	if (error && error != -EAGAIN)
		return error;
	error = probe_receive(probe->socket, deadline_ms, &value, NULL);
	return error ? error : value;
}

int trial_notify(int nr, int64_t deadline_ms)
{
	struct probe probe;
	int error = probe_start(&probe, notified_body, &nr);

	if (error)
		return error;
	error = serve(&probe, deadline_ms);
	probe_end(&probe, deadline_ms);
	return error;
}

/* ---- Landlock, openat2 ---- */

static int landlock_body(int socket, void *data)
{
	const struct landlock_plan plan = { .abi = 1, .handled_fs = LANDLOCK_ACCESS_FS_READ_DIR };
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	int error;

	(void)socket;
	(void)data;
	if (abi < 0)
		return -errno;
	error = confine_no_new_privs();
	if (!error)
		error = confine_landlock(&plan);
	if (error)
		return error;
	return open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) < 0 && errno == EACCES ? (int)abi
										    : -EIO;
}

int trial_landlock(int64_t deadline_ms)
{
	return probe_try(landlock_body, NULL, deadline_ms);
}

static int openat2_body(int socket, void *data)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_MAGICLINKS };

	(void)socket;
	(void)data;
	return answer(syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof(how)));
}

int trial_openat2(int64_t deadline_ms)
{
	return probe_try(openat2_body, NULL, deadline_ms);
}
