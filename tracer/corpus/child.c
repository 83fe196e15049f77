/* SPDX-License-Identifier: Apache-2.0 */
/* child.c: see child.h. */
#include "tracer/corpus/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/fail.h"

#define BOUND_MEMORY (1UL << 30)
#define BOUND_FILE (64UL << 20)
#define CANNOT_START 127

/* What the new process gets, and what its starter keeps. */
struct ends {
	int in, out, err;          /* the child's 0, 1, 2 */
	int go[2], report[2];
};

static int open_input(const char *text)
{
	int fd = text[0] ? memfd_create("stdin", MFD_CLOEXEC)
			 : open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && text[0] &&
	    (write(fd, text, strlen(text)) < 0 || lseek(fd, 0, SEEK_SET) < 0)) {
		close(fd);
		return -EIO;
	}
	return fd < 0 ? -errno : fd;
}

static int open_terminal(struct child *child, struct ends *ends)
{
	struct termios raw;
	int master;

	if (openpty(&master, &child->terminal, NULL, NULL, NULL) < 0)
		return -errno;
	fcntl(master, F_SETFD, FD_CLOEXEC);
	fcntl(child->terminal, F_SETFD, FD_CLOEXEC);
	/* Bytes count as soon as they are there, not with the next newline; none is echoed. */
	tcgetattr(child->terminal, &raw);
	cfmakeraw(&raw);
	tcsetattr(child->terminal, TCSANOW, &raw);
	child->out.fd = master;
	ends->in = ends->out = ends->err = child->terminal;
	return 0;
}

static int open_pipes(struct child *child, struct ends *ends, const char *input)
{
	int out[2], err[2];

	ends->in = open_input(input);
	if (ends->in < 0)
		return ends->in;
	if (pipe2(out, O_CLOEXEC) < 0)
		return -errno;
	child->out.fd = out[0];
	ends->out = out[1];
	if (pipe2(err, O_CLOEXEC) < 0)
		return -errno;
	child->err.fd = err[0];
	ends->err = err[1];
	return 0;
}

static int open_ends(struct child *child, const struct child_plan *plan, struct ends *ends)
{
	int error;

	*ends = (struct ends){ -1, -1, -1, { -1, -1 }, { -1, -1 } };
	if (pipe2(ends->go, O_CLOEXEC) < 0 || pipe2(ends->report, O_CLOEXEC) < 0)
		return -errno;
	error = plan->has_terminal ? open_terminal(child, ends)
				   : open_pipes(child, ends, plan->input);
	if (error == 0 && child->out.fd >= 0)
		fcntl(child->out.fd, F_SETFL, O_NONBLOCK);
	if (error == 0 && child->err.fd >= 0)
		fcntl(child->err.fd, F_SETFL, O_NONBLOCK);
	return error;
}

static void close_ends(const struct child *child, struct ends *ends)
{
	const int fds[] = { ends->in, ends->out, ends->err, ends->go[0], ends->report[0],
			    ends->report[1] };

	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		if (fds[i] >= 0 && fds[i] != child->terminal)
			close(fds[i]);
}

static void reset_signals(void)
{
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void bound(void)
{
	const struct rlimit memory = { BOUND_MEMORY, BOUND_MEMORY };
	const struct rlimit file = { BOUND_FILE, BOUND_FILE };

	setrlimit(RLIMIT_AS, &memory);
	setrlimit(RLIMIT_FSIZE, &file);
}

static void be_program(const struct child_plan *plan, const struct ends *ends)
{
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (plan->is_bounded)
		bound();
	/* Nothing comes: our starter has gone. */
	if (read(ends->go[0], &byte, 1) != 1)
		_exit(CANNOT_START);
	execve(plan->argv[0], plan->argv, plan->envp);
	_exit(CANNOT_START);
}

/* What /proc/PID/environ shows is the memory that the kernel filled at our start. */
static void show_variable(const char *variable)
{
	char *start = environ[0], *end = start;

	for (char **at = environ; *at && *at == end; at++)
		end += strlen(*at) + 1;
	if (start && (size_t)(end - start) > strlen(variable)) {
		memset(start, 0, (size_t)(end - start));
		strcpy(start, variable);
	}
}

static void be_stand_in(const struct child_plan *plan, const struct ends *ends)
{
	pid_t pid = fork();

	if (pid == 0)
		be_program(plan, ends);
	if (write(ends->report[1], &pid, sizeof(pid)) != sizeof(pid))
		_exit(CANNOT_START);
	show_variable(plan->variable);
	close_range(3, CHILD_OPEN_FD - 1, 0);
	close_range(CHILD_OPEN_FD + 1, ~0U, 0);
	for (;;)
		pause();
}

/* Forgotten open by whoever started the run. */
static void leave_open(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0 || dup2(fd, CHILD_OPEN_FD) < 0)
		_exit(CANNOT_START);
}

/* The ends may have that number. */
static void move_ends(struct ends *ends)
{
	ends->go[0] = fcntl(ends->go[0], F_DUPFD_CLOEXEC, CHILD_OPEN_FD + 1);
	ends->report[1] = fcntl(ends->report[1], F_DUPFD_CLOEXEC, CHILD_OPEN_FD + 1);
	if (ends->go[0] < 0 || ends->report[1] < 0)
		_exit(CANNOT_START);
}

static void be_child(const struct child_plan *plan, struct ends *ends)
{
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	reset_signals();
	if (plan->has_terminal)
		ioctl(ends->in, TIOCSCTTY, 0);
	if (dup2(ends->in, 0) < 0 || dup2(ends->out, 1) < 0 || dup2(ends->err, 2) < 0 ||
	    chdir(plan->cwd) < 0)
		_exit(CANNOT_START);
	close(ends->go[1]);
	move_ends(ends);
	leave_open(plan->open_file);
	if (plan->has_stand_in)
		be_stand_in(plan, ends);
	be_program(plan, ends);
}

/* Until the stand-in waits in pause(2): from then on it does not change. */
static void wait_for_pause(pid_t pid)
{
	for (int i = 0; i < 1000; i++) {
		const struct timespec ms = { .tv_nsec = 1000000 };
		char path[64], text[32] = "";
		FILE *f;

		snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
		f = fopen(path, "re");
		if (f && fgets(text, sizeof(text), f) && atoi(text) == SYS_pause)
			i = 1000;
		if (f)
			fclose(f);
		nanosleep(&ms, NULL);
	}
}

static int find_program(struct child *child, const struct child_plan *plan,
			const struct ends *ends)
{
	child->program = child->top;
	if (plan->has_stand_in) {
		if (read(ends->report[0], &child->program, sizeof(pid_t)) != sizeof(pid_t))
			return -ECHILD;
		wait_for_pause(child->top);
	}
	child->end_fd = (int)syscall(SYS_pidfd_open, child->program, 0);
	return child->end_fd < 0 ? -errno : 0;
}

int child_start(struct child *child, const struct child_plan *plan)
{
	struct ends ends;
	int error;

	memset(child, 0, sizeof(*child));
	child->end_fd = child->go_fd = child->terminal = child->out.fd = child->err.fd = -1;
	child->out.token = child->err.token = plan->token;
	error = open_ends(child, plan, &ends);
	if (error == 0) {
		child->top = fork();
		if (child->top == 0)
			be_child(plan, &ends);
		error = child->top < 0 ? -errno : 0;
	}
	child->go_fd = ends.go[1];
	if (ends.report[1] >= 0)
		close(ends.report[1]);
	ends.report[1] = -1;
	if (error == 0)
		error = find_program(child, plan, &ends);
	close_ends(child, &ends);
	return error;
}

void child_go(struct child *child)
{
	/* One that cannot be told ends by itself: nothing comes. */
	ssize_t n = write(child->go_fd, "g", 1);

	(void)n;
	close(child->go_fd);
	child->go_fd = -1;
}

/* The token's first character occurs nowhere else in it: no need to step back. */
static void look_for_token(struct stream *stream, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length && !stream->has_token; i++) {
		const char *token = stream->token;

		stream->matched = bytes[i] == token[stream->matched] ? stream->matched + 1
								     : bytes[i] == token[0];
		stream->has_token = token[stream->matched] == '\0';
	}
}

/* False: there is nothing more now. */
static bool take(struct stream *stream)
{
	char bytes[16384];
	ssize_t n = stream->fd < 0 ? 0 : read(stream->fd, bytes, sizeof(bytes));
	size_t room = STREAM_KEPT - 1 - stream->length;

	if (n <= 0) {
		if (stream->fd >= 0 && (n == 0 || errno != EAGAIN)) {
			close(stream->fd);
			stream->fd = -1;
		}
		return false;
	}
	look_for_token(stream, bytes, (size_t)n);
	stream->bytes += (uint64_t)n;
	if (room > (size_t)n)
		room = (size_t)n;
	memcpy(stream->text + stream->length, bytes, room);
	stream->length += room;
	return true;
}

bool child_attend(struct child *child, int patience_ms)
{
	struct pollfd polls[] = { { child->end_fd, POLLIN, 0 }, { child->out.fd, POLLIN, 0 },
				  { child->err.fd, POLLIN, 0 } };

	if (poll(polls, ARRAY_SIZE(polls), patience_ms) <= 0)
		return false;
	if (polls[1].revents)
		take(&child->out);
	if (polls[2].revents)
		take(&child->err);
	return polls[0].revents != 0;
}

/* Somebody who lives on may write for ever. */
#define DRAIN_MAX 4096

void child_drain(struct child *child)
{
	for (int i = 0; i < DRAIN_MAX && take(&child->out); i++)
		;
	for (int i = 0; i < DRAIN_MAX && take(&child->err); i++)
		;
}

unsigned child_pushed(const struct child *child)
{
	int count = 0;

	if (child->terminal < 0 || ioctl(child->terminal, FIONREAD, &count) < 0)
		return 0;
	return count > 0 ? (unsigned)count : 0;
}

void child_drop(struct child *child)
{
	int *const fds[] = { &child->end_fd, &child->go_fd, &child->terminal, &child->out.fd,
			     &child->err.fd };

	for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
}
