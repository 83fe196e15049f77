/* SPDX-License-Identifier: Apache-2.0 */
/* inherited.c: see inherited.h. */
#include "tracer/inherited.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

int inherited_fill_standard(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/* open(2) takes the lowest free number: this one. */
		if (open("/dev/null", O_RDWR) != fd)
			return -EBADF;
	}
	return 0;
}

static bool is_passed_on(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	return flags >= 0 && !(flags & FD_CLOEXEC);
}

static size_t collect(DIR *folder, int except, int *fds, size_t size)
{
	size_t count = 0;

	for (;;) {
		/* cppcheck-suppress readdirCalled ; nobody else reads this folder */
		const struct dirent *entry = readdir(folder);
		int fd = entry ? atoi(entry->d_name) : -1;

		if (!entry || count == size)
			return count;
		if (fd > 2 && fd != except && is_passed_on(fd))
			fds[count++] = fd;
	}
}

#define INHERITED_MAX 4096

int *inherited_list(int except)
{
	int *fds = calloc(INHERITED_MAX + 1, sizeof(*fds));
	DIR *folder = opendir("/proc/self/fd");
	size_t count = 0;

	/* opendir(3) marks its own descriptor close-on-exec. */
	if (fds && folder)
		count = collect(folder, except, fds, INHERITED_MAX);
	if (folder)
		closedir(folder);
	if (fds)
		fds[count] = -1;
	return fds;
}
