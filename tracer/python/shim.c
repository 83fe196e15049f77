/* SPDX-License-Identifier: Apache-2.0 */
/* shim.c: see shim.h. */
#include "tracer/python/shim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* In the child: only what is safe between fork and exec. */
static void __attribute__((noreturn)) run_shim(const char *shim, int output)
{
	const char *const argv[] = {
		shim, "-I", "-S", "-c", "import sys; print(sys.executable)", NULL
	};
	int null = open("/dev/null", O_RDWR);

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (null < 0 || dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(null, 2) < 0)
		_exit(126);
	execv(shim, (char *const *)argv);
	_exit(127);
}

static int start(const char *shim, pid_t *ret_pid, int *ret_output)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid == 0)
		run_shim(shim, ends[1]);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return -EAGAIN;
	}
	setpgid(pid, pid);   /* whichever of the two comes first: kill(-pid) must find a group */
	*ret_pid = pid;
	*ret_output = ends[0];
	return 0;
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Until end of file; what does not fit is an error, since it is no path. */
static int read_all(int fd, long deadline_ms, char *out, size_t size)
{
	size_t length = 0;

	for (;;) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		long left_ms = deadline_ms - now_ms();
		ssize_t got;

		if (left_ms <= 0)
			return -ETIMEDOUT;
		if (poll(&ready, 1, (int)left_ms) <= 0)
			continue;
		got = read(fd, out + length, size - 1 - length);
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		length += (size_t)got;
		if (length == size - 1)
			return -ENOEXEC;
	}
	out[length] = '\0';
	return memchr(out, '\0', length) ? -ENOEXEC : 0;
}

/*
 * The output may be closed long before the process ends: the deadline holds for both.  WNOWAIT
 * keeps the number taken until the group is killed, so that no stranger can be hit.
 */
static int reap(pid_t pid, long deadline_ms)
{
	siginfo_t about = { 0 };
	int status = 0;

	while (waitid(P_PID, (id_t)pid, &about, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       about.si_pid == 0 && now_ms() < deadline_ms)
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (about.si_pid == 0)
		return -ETIMEDOUT;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -ENOEXEC;
}

/* Exactly one line, which is an absolute path. */
static int check_line(char *line)
{
	size_t length = strlen(line);

	if (length < 2 || line[0] != '/' || line[length - 1] != '\n')
		return -ENOEXEC;
	line[length - 1] = '\0';
	return strchr(line, '\n') ? -ENOEXEC : 0;
}

int shim_resolve(const char *shim, int timeout_ms, char *ret_path, size_t size)
{
	long deadline_ms = now_ms() + timeout_ms;
	char said[PATH_MAX + 2];
	size_t limit = size + 1 < sizeof(said) ? size + 1 : sizeof(said);
	int output = -1;
	pid_t pid = -1;
	int error, end;

	error = start(shim, &pid, &output);
	if (error < 0)
		return error;
	error = read_all(output, deadline_ms, said, limit);
	close(output);
	end = reap(pid, error < 0 ? 0 : deadline_ms);
	if (error < 0)
		return error;
	if (end < 0)
		return end;
	error = check_line(said);
	if (error == 0)
		memcpy(ret_path, said, strlen(said) + 1);
	return error;
}
