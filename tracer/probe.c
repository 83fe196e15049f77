/* SPDX-License-Identifier: Apache-2.0 */
/* probe.c: see probe.h. */
#include "tracer/probe.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int64_t probe_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int probe_left_ms(int64_t deadline_ms)
{
	int64_t left = deadline_ms - probe_now_ms();

	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

int probe_send(int socket, int value, int fd)
{
	_Alignas(struct cmsghdr) char room[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec part = { .iov_base = &value, .iov_len = sizeof(value) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (fd >= 0) {
		struct cmsghdr *head = (struct cmsghdr *)room;

		*head = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
					  .cmsg_len = CMSG_LEN(sizeof(fd)) };
		memcpy(CMSG_DATA(head), &fd, sizeof(fd));
		message.msg_control = room;
		message.msg_controllen = sizeof(room);
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* 0 when there is something to read, the other side's end included. */
static int wait_for_message(int socket, int64_t deadline_ms)
{
	struct pollfd waited = { .fd = socket, .events = POLLIN };

	for (;;) {
		int count = poll(&waited, 1, probe_left_ms(deadline_ms));

		if (count > 0)
			return 0;
		if (count == 0)
			return -ETIMEDOUT;
		if (errno != EINTR)
			return -errno;
	}
}

int probe_receive(int socket, int64_t deadline_ms, int *ret_value, int *ret_fd)
{
	_Alignas(struct cmsghdr) char room[CMSG_SPACE(sizeof(int))];
	int value, fd = -1, error = wait_for_message(socket, deadline_ms);
	struct iovec part = { .iov_base = &value, .iov_len = sizeof(value) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	const struct cmsghdr *head;

	if (error)
		return error;
	if (ret_fd) {
		message.msg_control = room;
		message.msg_controllen = sizeof(room);
	}
	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != (ssize_t)sizeof(value))
		return -ECHILD;
	head = CMSG_FIRSTHDR(&message);
	if (head && head->cmsg_type == SCM_RIGHTS && head->cmsg_len == CMSG_LEN(sizeof(fd)))
		memcpy(&fd, CMSG_DATA(head), sizeof(fd));
	*ret_value = value;
	if (ret_fd)
		*ret_fd = fd;
	return 0;
}

/*
 * A trial may only be judged on a child like the script's: dumpable, which exec makes it.  The
 * parent may be gone before it is bound to us: then nobody reads the socket, and it ends.
 */
__attribute__((noreturn))
static void be_child(int socket, pid_t parent, probe_fn *body, void *data)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	if (getppid() == parent)
		probe_send(socket, body(socket, data), -1);
	_exit(0);
}

int probe_start(struct probe *ret_probe, probe_fn *body, void *data)
{
	pid_t parent = getpid(), pid;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	pid = fork();
	if (pid < 0) {
		int error = -errno;

		close(ends[0]);
		close(ends[1]);
		return error;
	}
	if (pid == 0) {
		close(ends[0]);
		be_child(ends[1], parent, body, data);
	}
	close(ends[1]);
	*ret_probe = (struct probe){ .pid = pid, .socket = ends[0] };
	return 0;
}

/* Its end of the socket is closed when it dies, which can be waited for with a deadline. */
static int wait_until_gone(int socket, int64_t deadline_ms)
{
	int value, error;

	do {
		error = probe_receive(socket, deadline_ms, &value, NULL);
	} while (error == 0);
	return error;
}

void probe_end(struct probe *probe, int64_t deadline_ms)
{
	int status;

	kill(probe->pid, SIGKILL);
	/* Past the deadline too: dying takes a moment. */
	if (deadline_ms < probe_now_ms() + 100)
		deadline_ms = probe_now_ms() + 100;
	if (wait_until_gone(probe->socket, deadline_ms) != -ETIMEDOUT) {
		/* A traced one may have a stop to report before its end. */
		while (waitpid(probe->pid, &status, __WALL) == probe->pid && WIFSTOPPED(status))
			;
	}
	close(probe->socket);
	*probe = (struct probe){ .pid = -1, .socket = -1 };
}

int probe_try(probe_fn *body, void *data, int64_t deadline_ms)
{
	struct probe probe = { 0 };
	int result = -ECHILD, error = probe_start(&probe, body, data);

	if (error)
		return error;
	error = probe_receive(probe.socket, deadline_ms, &result, NULL);
	probe_end(&probe, deadline_ms);
	return error ? error : result;
}
