/* SPDX-License-Identifier: Apache-2.0 */
/* straight.c: see straight.h.  openat2(2). */
#include "tracer/straight.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "filters/match.h"
#include "tracer/lookup.h"

int straight_open(const char *path, bool follows_last, char *ret_path)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC | (follows_last ? 0 : O_NOFOLLOW),
		.resolve = RESOLVE_NO_SYMLINKS,
	};
	size_t size = strnlen(path, PATH_MAX);
	int fd;

	if (size == 0 || size >= PATH_MAX || lookup_means_looker(path))
		return -EAGAIN;
	memcpy(ret_path, path, size + 1);
	if (size > 1 && path[size - 1] == '/') {
		ret_path[size - 1] = '\0';
		how.flags |= O_DIRECTORY;
	}
	if (!match_is_canonical(ret_path))
		return -EAGAIN;
	fd = (int)syscall(SYS_openat2, AT_FDCWD, ret_path, &how, sizeof(how));
	if (fd >= 0)
		return fd;
	/* A link, or an error that is worded by the lookup that follows links. */
	return errno == ENOENT ? -ENOENT : -EAGAIN;
}
