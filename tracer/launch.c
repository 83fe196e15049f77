/* SPDX-License-Identifier: Apache-2.0 */
/* launch.c: see launch.h. */
#include "tracer/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/fail.h"
#include "filters/policy.h"
#include "tracer/confine.h"
#include "tracer/stop.h"

#define SEIZE_OPTIONS (PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACESECCOMP | \
		       PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |    \
		       PTRACE_O_TRACEEXEC)

enum step {
	STEP_NONE, STEP_SIGNALS, STEP_LIMITS, STEP_TERMINAL, STEP_OUTPUT, STEP_FOLDER,
	STEP_DESCRIPTORS, STEP_PRIVILEGES, STEP_CAPABILITIES, STEP_SEIZED, STEP_LANDLOCK,
	STEP_FILTER, STEP_LISTENER, STEP_EXEC
};

static const struct {
	const char *words, *cure;
} steps[] = {
	[STEP_NONE] = { "start", "" },
	[STEP_SIGNALS] = { "reset signals", "" },
	[STEP_LIMITS] = { "set resource limits", "a limit above the system's own cannot be set" },
	[STEP_TERMINAL] = { "give the script a terminal of its own", "" },
	[STEP_OUTPUT] = { "redirect the output", "" },
	[STEP_FOLDER] = { "enter the current folder in the layer", "" },
	[STEP_DESCRIPTORS] = { "close inherited descriptors", "" },
	[STEP_PRIVILEGES] = { "set no_new_privs", "" },
	[STEP_CAPABILITIES] = { "drop capabilities", "" },
	[STEP_SEIZED] = { "be traced (PTRACE_SEIZE)",
			  "run `pyjail doctor`: Yama (kernel.yama.ptrace_scope) or an outer "
			  "seccomp profile forbids ptrace" },
	[STEP_LANDLOCK] = { "enter the Landlock domain", "try --no-landlock, and report this" },
	[STEP_FILTER] = { "install the seccomp filter",
			  "run `pyjail doctor`: Linux 5.14 or newer with seccomp is needed" },
	[STEP_LISTENER] = { "install the seccomp filter: its listener is already taken",
			    "an outer jail or container listens to seccomp notifications: run "
			    "pyjail outside of it" },
	[STEP_EXEC] = { "execute the interpreter", "" },
};

/* What the child says when it cannot go on.  On success its end is closed by execve. */
struct complaint {
	enum step step;
	int error;
};

struct channel {
	int socket[2];      /* tracer, child: go-ahead one way, listener the other */
	int complaints[2];
};

static int set_limit(int which, rlim_t value)
{
	struct rlimit old, limit = { value, value };

	/* Never above what the caller was allowed. */
	if (getrlimit(which, &old) == 0 && old.rlim_max != RLIM_INFINITY && old.rlim_max < value)
		limit = (struct rlimit){ old.rlim_max, old.rlim_max };
	return setrlimit(which, &limit) < 0 ? -errno : 0;
}

/*
 * The kernel writes a core without asking any filter.  Where a program takes it through a pipe, a
 * limit of 0 does not hold and 1 does: core(5), "Piping core dumps to a program".
 */
static rlim_t core_limit(void)
{
	cleanup_close int fd = open("/proc/sys/kernel/core_pattern", O_RDONLY | O_CLOEXEC);
	char first;

	if (fd >= 0 && read(fd, &first, 1) == 1 && first != '|')
		return 0;
	return 1;
}

static int child_limits(const struct launch *l)
{
	const struct run_limits *limits = &l->config->limits;
	int e = 0;

	if (!l->config->policy->allows_all)
		e = set_limit(RLIMIT_CORE, core_limit());
	if (e == 0 && limits->files)
		e = set_limit(RLIMIT_NOFILE, limits->files);
	if (e == 0 && limits->fsize_bytes)
		e = set_limit(RLIMIT_FSIZE, limits->fsize_bytes);
	/* Behind the tracer's own count for the tree: holds even if the tracer is stopped. */
	if (e == 0 && limits->cpu_ms)
		e = set_limit(RLIMIT_CPU, (limits->cpu_ms + 999) / 1000 + 1);
	return e;
}

/* The slave of a pty that nobody has as controlling terminal yet: tty_ioctl(4), TIOCSCTTY. */
static int child_terminal(const struct launch *l)
{
	if (l->terminal < 0)
		return 0;
	if (setsid() < 0 || ioctl(l->terminal, TIOCSCTTY, 0) < 0)
		return -errno;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup2(l->terminal, fd) < 0)
			return -errno;
	return 0;
}

static int child_output(const struct launch *l)
{
	if (l->out >= 0 && dup2(l->out, STDOUT_FILENO) < 0)
		return -errno;
	if (l->err >= 0 && dup2(l->err, STDERR_FILENO) < 0)
		return -errno;
	return 0;
}

/* Keeps what the user named and the two ends that execve closes. */
static int child_descriptors(const struct launch *l, const struct channel *channel)
{
	int keep[64], n = 0;

	if (l->config->policy->allows_all)
		return 0;
	keep[n++] = channel->socket[1];
	keep[n++] = channel->complaints[1];
	for (const int *fd = l->config->keep_fds; fd && *fd >= 0 && n < 63; fd++)
		keep[n++] = *fd;
	keep[n] = -1;
	return confine_descriptors(keep);
}

static int child_signals(const struct launch *l)
{
	if (sigaction(SIGPIPE, &l->sigpipe, NULL) < 0 || sigaction(SIGXFSZ, &l->sigxfsz, NULL) < 0)
		return -errno;
	return sigprocmask(SIG_SETMASK, &l->mask, NULL) < 0 ? -errno : 0;
}

/* Waits for one byte from the tracer. */
static int child_wait(int socket)
{
	char byte;
	ssize_t n = read(socket, &byte, 1);

	return n == 1 ? 0 : n < 0 ? -errno : -EPIPE;
}

#define LISTENER SECCOMP_FILTER_FLAG_NEW_LISTENER
#define HOLDS_SIGNALS SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV

/* Flags are looked at before the program, which is not there. */
bool launch_holds_signals(void)
{
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, LISTENER | HOLDS_SIGNALS, NULL) < 0 &&
	       errno == EFAULT;
}

static int load_filter(const struct filter_program *filter)
{
	struct sock_fprog program = { .len = (unsigned short)filter->length,
				      .filter = filter->code };
	long fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, LISTENER | HOLDS_SIGNALS, &program);

	if (fd < 0 && errno == EINVAL)
		fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, LISTENER, &program);
	return fd < 0 ? -errno : (int)fd;
}

static int send_descriptor(int socket, int fd)
{
	char byte = 'L';
	struct iovec iov = { &byte, 1 };
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static int receive_descriptor(int socket)
{
	char byte;
	struct iovec iov = { &byte, 1 };
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	int fd;

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) <= 0)
		return -EPIPE;
	c = CMSG_FIRSTHDR(&message);
	if (!c || c->cmsg_type != SCM_RIGHTS)
		return -EPIPE;
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

static int child_filter(const struct launch *l, const struct channel *channel, enum step *step)
{
	int listener = load_filter(l->filter);
	int e;

	if (listener == -EBUSY)
		*step = STEP_LISTENER;
	if (listener < 0)
		return listener;
	e = send_descriptor(channel->socket[1], listener);
	close(listener);
	if (e < 0)
		return e;
	/* Not one stop before the tracer holds the listener. */
	return child_wait(channel->socket[1]);
}

static int child_prepare(const struct launch *l, const struct channel *channel, enum step *step)
{
	bool confines = !l->config->policy->allows_all;
	int e;

	*step = STEP_LIMITS;
	e = child_limits(l);
	if (e == 0 && (*step = STEP_TERMINAL))
		e = child_terminal(l);
	if (e == 0 && (*step = STEP_OUTPUT))
		e = child_output(l);
	if (e == 0 && l->config->start_folder > 0 && (*step = STEP_FOLDER) &&
	    fchdir(l->config->start_folder) < 0)
		e = -errno;
	if (e == 0 && (*step = STEP_DESCRIPTORS))
		e = child_descriptors(l, channel);
	if (e == 0 && (*step = STEP_PRIVILEGES))
		e = confine_no_new_privs();
	if (e == 0 && (*step = STEP_SEIZED))
		e = child_wait(channel->socket[1]);
	if (e == 0 && l->landlock->abi > 0 && (*step = STEP_LANDLOCK))
		e = confine_landlock(l->landlock);
	if (e == 0 && confines && (*step = STEP_CAPABILITIES))
		e = confine_capabilities();
	if (e == 0 && (*step = STEP_SIGNALS))
		e = child_signals(l);
	if (e == 0 && (*step = STEP_FILTER))
		e = child_filter(l, channel, step);
	return e;
}

static void __attribute__((noreturn)) child(const struct launch *l, const struct channel *channel)
{
	struct complaint complaint = { 0 };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	complaint.error = -child_prepare(l, channel, &complaint.step);
	if (complaint.error == 0) {
		prctl(PR_SET_PDEATHSIG, 0);
		complaint.step = STEP_EXEC;
		execve(l->config->interpreter, l->config->argv, l->config->envp);
		complaint.error = errno;
	}
	if (write(channel->complaints[1], &complaint, sizeof(complaint)) < 0)
		_exit(124);
	_exit(125);
}

static int open_channel(struct channel *channel)
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel->socket) < 0)
		return -errno;
	if (pipe2(channel->complaints, O_CLOEXEC) == 0)
		return 0;
	close(channel->socket[0]);
	close(channel->socket[1]);
	return -errno;
}

static int explain(struct fault *fault, enum step step, int error)
{
	fault_set(fault, "could not %s: %s", steps[step].words, strerror(error));
	snprintf(fault->cure, sizeof(fault->cure), "%s", steps[step].cure);
	return error > 0 ? -error : -EIO;
}

static void end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, __WALL);
}

/*
 * With --watch=all the child stops where it sends its listener, and we would wait for that here: on
 * it goes.  A child that ended instead is left for launch() to reap.
 */
static void let_it_send(pid_t pid)
{
	bool has_sent = false;
	siginfo_t info;
	int status;

	while (!has_sent && waitid(P_PID, (id_t)pid, &info,
				   WEXITED | WSTOPPED | WNOWAIT | __WALL) == 0 &&
	       info.si_code == CLD_TRAPPED && waitpid(pid, &status, __WALL) == pid) {
		struct stop stop = stop_of(status);

		has_sent = stop.kind == STOP_CALL;
		ptrace(PTRACE_CONT, pid, NULL,
		       (void *)(intptr_t)(stop.kind == STOP_SIGNAL ? stop.signal : 0));
	}
}

/* Seizes the child and takes its listener; the child's complaint, if any, says what went wrong. */
static int attend(pid_t pid, enum watch watch, const struct channel *channel, int *ret_listener,
		  struct fault *fault)
{
	struct complaint complaint;
	int listener;

	if (ptrace(PTRACE_SEIZE, pid, NULL, (void *)(uintptr_t)SEIZE_OPTIONS) < 0)
		return explain(fault, STEP_SEIZED, errno);
	if (send(channel->socket[0], "S", 1, MSG_NOSIGNAL) < 0)
		return explain(fault, STEP_SEIZED, errno);
	if (watch == WATCH_ALL)
		let_it_send(pid);
	listener = receive_descriptor(channel->socket[0]);
	if (listener >= 0) {
		*ret_listener = listener;
		return 0;
	}
	if (read(channel->complaints[0], &complaint, sizeof(complaint)) == sizeof(complaint))
		return explain(fault, complaint.step, complaint.error);
	return explain(fault, STEP_NONE, EPIPE);
}

int launch(const struct launch *l, struct launched *ret, struct fault *ret_fault)
{
	struct channel channel;
	int e = open_channel(&channel);
	pid_t pid;

	if (e < 0)
		return explain(ret_fault, STEP_NONE, -e);
	pid = fork();
	if (pid == 0)
		child(l, &channel);
	e = pid < 0 ? explain(ret_fault, STEP_NONE, errno) : 0;
	close(channel.socket[1]);
	close(channel.complaints[1]);
	if (e == 0) {
		e = attend(pid, l->config->watch, &channel, &ret->listener, ret_fault);
		if (e < 0)
			end_child(pid);
		else if (send(channel.socket[0], "G", 1, MSG_NOSIGNAL) < 0)
			e = explain(ret_fault, STEP_FILTER, errno);
		ret->pid = pid;
	}
	close(channel.socket[0]);
	if (e < 0)
		close(channel.complaints[0]);
	else
		ret->complaints = channel.complaints[0];
	return e;
}

int launch_complaint(const struct launched *launched, struct fault *ret_fault)
{
	struct complaint complaint;

	if (read(launched->complaints, &complaint, sizeof(complaint)) != sizeof(complaint))
		return 0;
	return explain(ret_fault, complaint.step, complaint.error);
}
