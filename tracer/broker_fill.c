/* SPDX-License-Identifier: Apache-2.0 */
/*
 * broker_fill.c: calls that fill a buffer, stopped only when a stat rule exists.  See broker.h.
 *
 * Performed on the resolved descriptor into memory of our own; the result is written to the tracee
 * once.  What has no code here is refused by decide or answered ENOSYS, never let through.
 */
#include "tracer/broker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>

#include "base/fail.h"
#include "filters/nr.h"
#include "tracer/fdname.h"
#include "tracer/mem.h"
#include "tracer/scratch.h"
#include "tracer/views.h"
#include "tracer/walk.h"

typedef long fill_fn(const struct tracer *tracer, const struct op *op);

static long give(const struct op *op, uint64_t address, const void *bytes, size_t size)
{
	return mem_write(op->tid, address, bytes, size);
}

/*
 * In memory a file has no name; to the script it has one.  A folder whose names come from two
 * places has one link, as on overlayfs and btrfs: nobody counts what is below it.
 */
static bool has_one_link(const struct tracer *tracer, const struct op *op, mode_t mode)
{
	return op->call.file[0].is_faked ||
	       (S_ISDIR(mode) && scratch_merges(tracer, op->object[0]));
}

/* The kernel's struct stat is libc's on x86-64: newfstatat(2). */
static long fill_stat(const struct tracer *tracer, const struct op *op)
{
	uint64_t address = op->call.args[op->call.nr == __NR_newfstatat ? 2 : 1];
	struct stat st;

	if (syscall(SYS_newfstatat, op->object[0]->fd, "", &st, AT_EMPTY_PATH) < 0)
		return -errno;
	if (has_one_link(tracer, op, st.st_mode))
		st.st_nlink = 1;
	return give(op, address, &st, sizeof(st));
}

static long fill_statx(const struct tracer *tracer, const struct op *op)
{
	struct statx sx;
	int sync = op->at_flags & AT_STATX_SYNC_TYPE;

	if (syscall(SYS_statx, op->object[0]->fd, "", AT_EMPTY_PATH | sync,
		    (unsigned)op->call.args[3], &sx) < 0)
		return -errno;
	if (has_one_link(tracer, op, sx.stx_mode))
		sx.stx_nlink = 1;
	return give(op, op->call.args[4], &sx, sizeof(sx));
}

/* /proc/self/fd/N of a file that is shown at another path: it was opened there. */
static ssize_t name_view(const struct tracer *tracer, int link, char text[PATH_MAX + 1])
{
	const char *path = tracer->views && walk_is_on_proc(link) ? views_path_of(tracer, text)
								  : NULL;

	if (path)
		snprintf(text, PATH_MAX, "%s", path);
	return (ssize_t)strlen(text);
}

/*
 * Two links tell whoever reads them of himself, and the tracee is meant.  The walk may have
 * followed them already (walk.h): then they are known by what was asked.  0: it is none of them.
 */
static ssize_t self_link(const struct op *op, char *text, size_t size)
{
	const struct object *object = op->object[0];

	if (!strcmp(object->path, "/proc/self") || !strcmp(object->raw, "/proc/self"))
		return snprintf(text, size, "%d", op->pid);
	if (!strcmp(object->path, "/proc/thread-self") || !strcmp(object->raw, "/proc/thread-self"))
		return snprintf(text, size, "%d/task/%d", op->pid, op->tid);
	return 0;
}

static ssize_t read_link(const struct tracer *tracer, const struct op *op, char text[PATH_MAX + 1])
{
	ssize_t n = self_link(op, text, PATH_MAX);

	if (n > 0)
		return n;
	n = readlinkat(op->object[0]->fd, "", text, PATH_MAX);
	if (n < 0)
		return errno == ENOENT ? -EINVAL : -errno;
	text[n] = '\0';
	scratch_name(tracer, text, PATH_MAX + 1, &(bool){ false });
	return name_view(tracer, op->object[0]->fd, text);
}

static long fill_link(const struct tracer *tracer, const struct op *op)
{
	unsigned first = op->call.nr == __NR_readlinkat ? 2 : 1;
	int size = (int)op->call.args[first + 1];
	char text[PATH_MAX + 1];
	ssize_t n;
	long e;

	if (size <= 0)
		return -EINVAL;
	n = read_link(tracer, op, text);
	if (n < 0)
		return n;
	if (n > size)
		n = size;
	e = give(op, op->call.args[first], text, (size_t)n);
	return e < 0 ? e : n;
}

static long fill_statfs(const struct tracer *tracer, const struct op *op)
{
	struct statfs fs;

	(void)tracer;
	if (fstatfs(op->object[0]->fd, &fs) < 0)
		return -errno;
	return give(op, op->call.args[1], &fs, sizeof(fs));
}

/* getxattr and listxattr: size 0 asks how much there is. */
static long fill_attributes(const struct tracer *tracer, const struct op *op)
{
	bool is_list = op->call.nr == __NR_listxattr || op->call.nr == __NR_llistxattr;
	unsigned first = is_list ? 1 : 2;
	uint64_t size = op->call.args[first + 1];
	struct fd_path path = fd_path(op->object[0]->fd);
	char value[XATTR_SIZE_MAX];
	ssize_t n;
	long e;

	(void)tracer;
	if (size > sizeof(value))
		size = sizeof(value);
	n = is_list ? listxattr(path.text, size ? value : NULL, size)
		    : getxattr(path.text, op->text, size ? value : NULL, size);
	if (n < 0)
		return -errno;
	e = size ? give(op, op->call.args[first], value, (size_t)n) : 0;
	return e < 0 ? e : n;
}

static const struct {
	long nr;
	fill_fn *fill;
} fillers[] = {
	{ __NR_stat, fill_stat },           { __NR_lstat, fill_stat },
	{ __NR_newfstatat, fill_stat },     { __NR_statx, fill_statx },
	{ __NR_readlink, fill_link },       { __NR_readlinkat, fill_link },
	{ __NR_statfs, fill_statfs },       { __NR_getxattr, fill_attributes },
	{ __NR_lgetxattr, fill_attributes }, { __NR_listxattr, fill_attributes },
	{ __NR_llistxattr, fill_attributes },
};

long broker_fill(const struct tracer *tracer, struct op *op)
{
	for (size_t i = 0; i < ARRAY_SIZE(fillers); i++)
		if (fillers[i].nr == op->call.nr)
			return fillers[i].fill(tracer, op);
	return -ENOSYS;
}
