/* SPDX-License-Identifier: Apache-2.0 */
/* pty.c: see pty.h, and pty(7). */
#include "tui/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int set_flags(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return -errno;
	return 0;
}

int pty_init(struct pty *pty, int master)
{
	memset(pty, 0, sizeof(*pty));
	pty->fd = master;
	return set_flags(master);
}

int pty_resize(struct pty *pty, int rows, int columns)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };

	return ioctl(pty->fd, TIOCSWINSZ, &size) < 0 ? -errno : 0;
}

int pty_read(struct pty *pty, char *out, size_t size, size_t *ret_length)
{
	ssize_t length = read(pty->fd, out, size);

	if (length < 0 && errno != EAGAIN && errno != EINTR && errno != EIO)
		return -errno;
	if (length > 0)
		pty->has_ended = false;
	else if (length == 0 || errno == EIO)
		pty->has_ended = true;
	*ret_length = length > 0 ? (size_t)length : 0;
	return 0;
}

size_t pty_room(const struct pty *pty)
{
	return PTY_PENDING_MAX - pty->pending_used;
}

bool pty_send(struct pty *pty, const char *bytes, size_t length)
{
	if (length > pty_room(pty)) {
		pty->dropped++;
		return false;
	}
	memcpy(pty->pending + pty->pending_used, bytes, length);
	pty->pending_used += length;
	return true;
}

int pty_flush(struct pty *pty)
{
	ssize_t written;

	if (pty->pending_used == 0)
		return 0;
	written = write(pty->fd, pty->pending, pty->pending_used);
	if (written < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	pty->pending_used -= (size_t)written;
	memmove(pty->pending, pty->pending + written, pty->pending_used);
	return 0;
}
