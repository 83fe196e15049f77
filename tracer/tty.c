/* SPDX-License-Identifier: Apache-2.0 */
/* tty.c: see tty.h.  Device numbers: Documentation/admin-guide/devices.txt of the kernel. */
#include "tracer/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/fail.h"

#define PTS_MAJOR_FIRST 136
#define PTS_MAJOR_LAST 143

int tty_of(pid_t pid)
{
	char path[32], text[1024];
	cleanup_close int fd = -1;
	const char *rest;
	ssize_t n;
	int tty = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	/* The name in brackets may hold anything: the last bracket ends it. */
	rest = strrchr(text, ')');
	if (!rest || sscanf(rest + 1, " %*c %*d %*d %*d %d", &tty) != 1)
		return 0;
	return tty;
}

bool tty_is_plain(dev_t device)
{
	unsigned m = major(device);

	return m == 4 || m == 5 || (m >= PTS_MAJOR_FIRST && m <= PTS_MAJOR_LAST);
}

int tty_open(const struct tracer *tracer, const struct op *op)
{
	int flags = (op->call.flags | O_NOCTTY | O_CLOEXEC) &
		    ~(O_CREAT | O_EXCL | O_NOFOLLOW | O_TRUNC);
	int tty = tty_of(op->pid);
	unsigned m = major((dev_t)tty);
	char path[32];
	int fd;

	if (tty == 0)
		return -ENXIO;
	if (tty == tracer->tty)
		strcpy(path, "/dev/tty");
	else if (m >= PTS_MAJOR_FIRST && m <= PTS_MAJOR_LAST)
		snprintf(path, sizeof(path), "/dev/pts/%u",
			 (m - PTS_MAJOR_FIRST) * 256 + minor((dev_t)tty));
	else
		return -ENXIO;
	fd = open(path, flags);
	return fd < 0 ? -errno : fd;
}
