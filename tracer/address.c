/* SPDX-License-Identifier: Apache-2.0 */
/* address.c: see address.h. */
#include "tracer/address.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "base/fail.h"

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

long address_bind(const struct op *op)
{
	cleanup_close int pidfd = (int)syscall(SYS_pidfd_open, op->pid, 0);
	cleanup_close int fd = -1;
	int domain = 0;
	socklen_t length = sizeof(domain);

	if (pidfd < 0)
		return -ENOTSUP;
	fd = (int)syscall(SYS_pidfd_getfd, pidfd, (int)op->call.args[0], 0);
	if (fd < 0)
		return errno == EBADF ? -EBADF : -ENOTSUP;
	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) < 0)
		return -errno;
	if (domain != AF_INET && domain != AF_INET6 && domain != AF_NETLINK)
		return -EPERM;
	if (bind(fd, (const struct sockaddr *)&op->address, op->address_length) < 0)
		return -errno;
	return 0;
}
