/* SPDX-License-Identifier: Apache-2.0 */
/* broker_open.c: opening on a tracee's behalf.  See broker.h. */
#include "tracer/broker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>

#include "base/fail.h"
#include "tracer/fakes.h"
#include "tracer/fdname.h"
#include "tracer/tty.h"
#include "tracer/worker.h"

/* Threads of a tracee can take descriptors between our look and the hand-over. */
#define ROOM_MARGIN 64

void broker_umask(struct tracer *tracer, const struct op *op)
{
	const struct process *process = process_find(&tracer->tracees, op->pid);
	mode_t mask = process ? process->umask : 077;

	if (mask == tracer->umask)
		return;
	umask(mask);
	tracer->umask = mask;
}

static bool is_tmpfile(int flags)
{
	return (flags & O_TMPFILE) == O_TMPFILE;
}

static unsigned long count_fds(pid_t tid)
{
	char path[32];
	struct stat st;
	unsigned long n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", tid);
	/* Since Linux 6.2 the size is the number of descriptors. */
	if (stat(path, &st) == 0 && st.st_size > 0)
		return (unsigned long)st.st_size;
	dir = opendir(path);
	if (!dir)
		return ULONG_MAX;
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/*
 * Nothing may be created or truncated for a tracee that has no descriptor left to receive it: near
 * its limit the file is not touched and EMFILE is the answer, a little early rather than too late.
 * The thread is asked: a leader that ended has no descriptors to show, and to users not even that.
 */
static bool has_room(const struct op *op)
{
	struct rlimit limit;
	unsigned long margin = ROOM_MARGIN, used;

	if (prlimit(op->tid, RLIMIT_NOFILE, NULL, &limit) < 0)
		return false;
	if (limit.rlim_cur == RLIM_INFINITY)
		return true;
	if (limit.rlim_cur < 4 * margin)
		margin = 1;
	used = count_fds(op->tid);
	return used < limit.rlim_cur && limit.rlim_cur - used >= margin;
}

/* O_NONBLOCK was added so that a lease cannot hold the loop: take it off the new open file. */
int broker_restore_blocking(int fd, int wanted)
{
	if (wanted & O_NONBLOCK)
		return fd;
	/* Only the status flags count: fcntl(2), F_SETFL. */
	if (fcntl(fd, F_SETFL, wanted) < 0) {
		int e = -errno;

		close(fd);
		return e;
	}
	return fd;
}

/* Only the script was told that it is gone: it is there, and to be made anew. */
static int create_again(struct tracer *tracer, const struct op *op, const struct object *object)
{
	int flags = (op->call.flags & ~O_EXCL) | O_TRUNC | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY;
	int fd = openat(object->parent, object->name, flags | O_NONBLOCK, op->call.mode & 07777);

	if (fd < 0)
		return -errno;
	fakes_forget(tracer, object->path);
	return broker_restore_blocking(fd, op->call.flags);
}

/*
 * O_EXCL: what took the name since then (a link, a pipe) is resolved and judged again.  A new file
 * is under nobody's lease.
 */
static int create(struct tracer *tracer, struct op *op, const struct object *object)
{
	int flags = op->call.flags | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY;
	int fd;

	if (!has_room(op))
		return -EMFILE;
	broker_umask(tracer, op);
	if (op->call.file[0].is_gone)
		return create_again(tracer, op, object);
	fd = openat(object->parent, object->name, flags, op->call.mode & 07777);
	if (fd >= 0)
		return fd;
	return errno == EEXIST && !(op->call.flags & O_EXCL) ? -ESTALE : -errno;
}

static int open_tmpfile(struct tracer *tracer, struct op *op, const struct object *object)
{
	int fd;

	if (!has_room(op))
		return -EMFILE;
	broker_umask(tracer, op);
	fd = open(fd_path(object->fd).text,
		  (op->call.flags | O_CLOEXEC) & ~(O_NOFOLLOW | O_CREAT), op->call.mode & 07777);
	return fd < 0 ? -errno : fd;
}

/* The errors that a reopen through /proc/self/fd/N would not give. */
int broker_check_flags(const struct op *op, const struct object *object)
{
	int flags = op->call.flags;
	mode_t type = object->stat.st_mode & S_IFMT;

	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if (flags & O_DIRECTORY && type != S_IFDIR)
		return -ENOTDIR;
	if (type == S_IFLNK)
		return -ELOOP;
	if (flags & O_CREAT && type == S_IFDIR)
		return -EISDIR;
	return 0;
}

/*
 * Any open of a pipe takes its lock, which a splice(2) of the script's own keeps for as long as the
 * socket at its other end is silent: not even SIGKILL ends that wait (fifo_open in the kernel).
 */
static bool may_block(const struct op *op, const struct object *object)
{
	mode_t type = object->stat.st_mode & S_IFMT;

	if (type == S_IFIFO)
		return true;
	if (op->call.flags & O_NONBLOCK)
		return false;
	switch (type) {
	case S_IFCHR:
		/* null, zero, full, random, urandom; terminals that wait for no carrier. */
		return major(object->stat.st_rdev) != 1 && !tty_is_plain(object->stat.st_rdev);
	case S_IFBLK:
		return true;
	default:
		return false;
	}
}

static int start_job(struct tracer *tracer, struct op *op, const struct object *object, int flags)
{
	int e = job_start(object->fd, flags, tracer->wake, &op->job);

	return e < 0 ? e : -EINPROGRESS;
}

static int reopen(struct tracer *tracer, struct op *op, const struct object *object)
{
	int flags = (op->call.flags | O_CLOEXEC | O_NOCTTY) & ~(O_CREAT | O_EXCL | O_NOFOLLOW);
	int fd;

	if (flags & O_TRUNC && !has_room(op))
		return -EMFILE;
	if (may_block(op, object))
		return start_job(tracer, op, object, flags);
	if (!S_ISREG(object->stat.st_mode)) {
		fd = openat(tracer->own_fds, fdname(object->fd).text, flags);
		return fd < 0 ? -errno : fd;
	}
	fd = openat(tracer->own_fds, fdname(object->fd).text, flags | O_NONBLOCK);
	if (fd >= 0)
		return broker_restore_blocking(fd, flags);
	if (errno == EWOULDBLOCK && !(flags & O_NONBLOCK))
		return start_job(tracer, op, object, flags);
	return -errno;
}

int broker_open(struct tracer *tracer, struct op *op)
{
	const struct object *object = op->object[0];
	int e;

	if (object->fd < 0)
		return create(tracer, op, object);
	if (is_tmpfile(op->call.flags))
		return open_tmpfile(tracer, op, object);
	e = broker_check_flags(op, object);
	if (e < 0)
		return e;
	if (S_ISCHR(object->stat.st_mode) && object->stat.st_rdev == makedev(5, 0))
		return tty_open(tracer, op);
	return reopen(tracer, op, object);
}

int broker_dead_end_socket(const struct op *op)
{
	int type = (int)op->call.args[1];
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | (type & SOCK_NONBLOCK), 0, ends) < 0)
		return -errno;
	close(ends[1]);
	return ends[0];
}
