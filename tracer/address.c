/* SPDX-License-Identifier: Apache-2.0 */
/* address.c: see address.h. */
#include "tracer/address.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "base/fail.h"
#include "tracer/mem.h"

#define SEND_MAX (1u << 16)

struct address_path address_path(const struct op *op)
{
	const struct sockaddr_un *un = (const struct sockaddr_un *)&op->address;
	struct address_path path = { { 0 } };
	size_t n = op->address_length;

	if (n <= offsetof(struct sockaddr_un, sun_path))
		return path;
	n -= offsetof(struct sockaddr_un, sun_path);
	if (n > sizeof(un->sun_path))
		n = sizeof(un->sun_path);
	memcpy(path.text, un->sun_path, n);
	return path;
}

int address_socket(const struct op *op)
{
	cleanup_close int pidfd = (int)syscall(SYS_pidfd_open, op->pid, 0);
	int fd;

	if (pidfd < 0)
		return -ENOTSUP;
	fd = (int)syscall(SYS_pidfd_getfd, pidfd, (int)op->call.args[0], 0);
	if (fd < 0)
		return errno == EBADF ? -EBADF : -ENOTSUP;
	return fd;
}

/* No unix socket: by its address it could make a name on disk, or reach a service. */
static int take_ip_socket(const struct op *op)
{
	int fd = address_socket(op), domain = 0, e = 0;
	socklen_t length = sizeof(domain);

	if (fd < 0)
		return fd;
	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) < 0)
		e = -errno;
	else if (domain != AF_INET && domain != AF_INET6 && domain != AF_NETLINK)
		e = -EPERM;
	if (e < 0)
		close(fd);
	return e < 0 ? e : fd;
}

long address_bind(const struct op *op)
{
	cleanup_close int fd = take_ip_socket(op);

	if (fd < 0)
		return fd;
	return bind(fd, (const struct sockaddr *)&op->address, op->address_length) < 0 ? -errno
										       : 0;
}

long address_connect(const struct op *op, int *ret_socket)
{
	int fd = take_ip_socket(op), flags, e;
	bool blocks;

	if (fd < 0)
		return fd;
	flags = fcntl(fd, F_GETFL);
	blocks = !(flags & O_NONBLOCK);
	/* The flag is the socket's, not the descriptor's: only for as long as it takes to begin. */
	if (blocks)
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	e = connect(fd, (const struct sockaddr *)&op->address, op->address_length) < 0 ? -errno : 0;
	if (blocks)
		fcntl(fd, F_SETFL, flags);
	if (blocks && e == -EINPROGRESS)
		*ret_socket = fd;
	else
		close(fd);
	return e;
}

bool address_connected(int socket, long *ret_result)
{
	struct pollfd ready = { .fd = socket, .events = POLLOUT };
	int error = 0;
	socklen_t length = sizeof(error);

	if (poll(&ready, 1, 0) <= 0)
		return false;
	if (getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) < 0)
		error = errno;
	*ret_result = -error;
	return true;
}

/* A datagram is sent whole; of a stream, which ignores the address, as much as fits. */
long address_send(const struct op *op)
{
	size_t size = op->call.args[2] < SEND_MAX ? op->call.args[2] : SEND_MAX;
	cleanup_close int fd = take_ip_socket(op);
	cleanup_free char *bytes = NULL;
	ssize_t n;

	if (fd < 0)
		return fd;
	bytes = malloc(size + 1);
	if (!bytes)
		return -ENOMEM;
	if (mem_read(op->tid, op->call.args[1], bytes, size) < 0)
		return -EFAULT;
	/* MSG_FASTOPEN would connect on the way. */
	n = sendto(fd, bytes, size,
		   ((int)op->call.args[3] & ~MSG_FASTOPEN) | MSG_NOSIGNAL | MSG_DONTWAIT,
		   (const struct sockaddr *)&op->address, op->address_length);
	return n < 0 ? -errno : n;
}
