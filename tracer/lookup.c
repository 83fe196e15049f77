/* SPDX-License-Identifier: Apache-2.0 */
/* lookup.c: see lookup.h. */
#include "tracer/lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/fail.h"
#include "filters/policy.h"
#include "tracer/fdname.h"
#include "tracer/held.h"
#include "tracer/hidden.h"
#include "tracer/straight.h"

int lookup_folder(const struct op *op, const struct object *object)
{
	char path[64];
	int fd;

	if (object->dirfd == AT_FDCWD)
		snprintf(path, sizeof(path), "/proc/%d/cwd", op->tid);
	else if (object->dirfd >= 0)
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", op->tid, object->dirfd);
	else
		return -EBADF;
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	return errno == ENOENT && object->dirfd != AT_FDCWD ? -EBADF : -errno;
}

/* Absolute paths need no folder: AT_FDCWD, not to be closed. */
int lookup_base(const struct op *op, const struct object *object)
{
	if (object->lookup != LOOKUP_FD && object->raw[0] == '/' &&
	    !(op->resolve_flags & RESOLVE_IN_ROOT))
		return AT_FDCWD;
	return lookup_folder(op, object);
}

void lookup_close(int base)
{
	if (base >= 0)
		close(base);
}

int lookup_canonical(const struct tracer *tracer, int fd, char *path, size_t size)
{
	ssize_t n = readlinkat(tracer->own_fds, fdname(fd).text, path, size - 1);

	if (n < 0)
		return -errno;
	if ((size_t)n == size - 1)
		return -ENAMETOOLONG;
	path[n] = '\0';
	return 0;
}

bool lookup_is_below_proc(const char *path)
{
	return strncmp(path, "/proc", 5) == 0 && (path[5] == '/' || path[5] == '\0');
}

bool lookup_means_looker(const char *raw)
{
	return lookup_is_below_proc(raw) || strncmp(raw, "/dev/fd", 7) == 0 ||
	       strncmp(raw, "/dev/std", 8) == 0;
}

/* True when the kernel's own answer (descriptor or error) may not mean the tracee's /proc. */
static bool must_walk(const struct tracer *tracer, int base, int fd, struct object *object)
{
	if (fd == -ELOOP)
		return true;
	if (fd < 0)
		return base >= 0 && walk_is_on_proc(base);
	/* What this reads is what will be judged, unless it has to be walked. */
	return lookup_canonical(tracer, fd, object->path, sizeof(object->path)) < 0 ||
	       lookup_is_below_proc(object->path);
}

static int open_how(int base, const char *path, const struct open_how *how)
{
	int fd = (int)syscall(SYS_openat2, base, path, how, sizeof(*how));

	return fd < 0 ? -errno : fd;
}

/*
 * Most paths have no link in them: the first try says so, and what it answers is so for whoever
 * looks.  Through a link there may be nothing to the kernel and something for the tracee: `self` is
 * a link, and the kernel's looker was the tracer (//proc/self, or a link to it): -ELOOP, to be
 * walked.
 */
static int open_from(int base, const char *path, struct open_how how)
{
	uint64_t resolve = how.resolve;
	int fd;

	how.resolve |= RESOLVE_NO_SYMLINKS;
	fd = open_how(base, path, &how);
	if (fd != -ELOOP)
		return fd;
	how.resolve = resolve;
	fd = open_how(base, path, &how);
	return fd == -ENOENT ? -ELOOP : fd;
}

/*
 * A folder of another mount namespace (/proc/N/root of a container of the same user) has a path
 * that means something else here.  With Landlock the script cannot come by one: its ptrace check
 * covers those links.  Without, the path must lead back to the object.
 */
bool lookup_is_elsewhere(const struct tracer *tracer, int fd, const char *path)
{
	struct stat here, there;

	if (tracer->has_landlock || tracer->config->policy->allows_all)
		return false;
	if (fstat(fd, &here) < 0)
		return true;
	/* What has no name (any more) is judged as that. */
	if (path[0] != '/' || here.st_nlink == 0)
		return false;
	return fstatat(AT_FDCWD, path, &there, AT_SYMLINK_NOFOLLOW) < 0 ||
	       here.st_dev != there.st_dev || here.st_ino != there.st_ino;
}

static int walk_to(struct walk *walk, struct object *object, int base, const char *path)
{
	int fd = walk_path(walk, base, path), e;

	if (fd < 0)
		return fd;
	if (walk->held_pid)
		object->held_flags = held_flags(walk->held_pid, walk->held_fd, fd);
	e = lookup_canonical(walk->tracer, fd, object->path, sizeof(object->path));
	if (e == 0)
		return fd;
	close(fd);
	return e;
}

/*
 * Where something is hidden: hidden.h.  openat2's own restrictions cannot be held by a walk, and
 * its answers could tell: there is no such call then.
 */
static int look_up_seen(const struct tracer *tracer, const struct op *op, struct object *object,
			int base, const char *path, struct walk *walk)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC | (walk->follows_last ? 0 : O_NOFOLLOW),
		.resolve = RESOLVE_NO_SYMLINKS,
	};
	int fd;

	if (op->resolve_flags)
		return -ENOSYS;
	if (!lookup_means_looker(path) && !hidden_has_dots(path)) {
		fd = (int)syscall(SYS_openat2, base, path, &how, sizeof(how));
		if (fd < 0 && errno == ENOENT)
			return -ENOENT;
		if (fd >= 0 && !must_walk(tracer, base, fd, object))
			return fd;
		if (fd >= 0)
			close(fd);
	}
	walk->hidden = object->path;
	return walk_to(walk, object, base, path);
}

/* O_PATH descriptor of an existing object, and its canonical path in object->path. */
static int look_up_anywhere(const struct tracer *tracer, const struct op *op,
			    struct object *object, int base, const char *path, bool follows,
			    struct walk *walk)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC | (follows ? 0 : O_NOFOLLOW),
		.resolve = op->resolve_flags | RESOLVE_NO_MAGICLINKS,
	};
	int fd = -ELOOP;

	if (hidden_any(tracer))
		return look_up_seen(tracer, op, object, base, path, walk);
	if (base == AT_FDCWD && !op->resolve_flags) {
		int straight = straight_open(path, follows, object->path);

		if (straight != -EAGAIN)
			return straight;
	}
	if (!lookup_means_looker(path) || op->resolve_flags) {
		fd = op->resolve_flags ? open_how(base, path, &how)
				       : open_from(base, path, how);
		/* openat2's own restrictions: the kernel's answer or none. */
		if (op->resolve_flags) {
			if (fd < 0 || !must_walk(tracer, base, fd, object))
				return fd;
			close(fd);
			return -EACCES;
		}
		if (!must_walk(tracer, base, fd, object))
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return walk_to(walk, object, base, path);
}

int lookup(const struct tracer *tracer, const struct op *op, struct object *object,
		   int base, const char *path, bool follows, struct walk *walk)
{
	int fd;

	*walk = (struct walk){ .tracer = tracer, .pid = op->pid, .tid = op->tid,
			       .follows_last = follows };
	fd = look_up_anywhere(tracer, op, object, base, path, follows, walk);
	if (fd < 0 || !lookup_is_elsewhere(tracer, fd, object->path))
		return fd;
	walk->is_foreign = true;
	close(fd);
	return -EACCES;
}
