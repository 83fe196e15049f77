/* SPDX-License-Identifier: Apache-2.0 */
/* held.c: see held.h.  Fields of /proc/N/fdinfo/M: proc_pid_fdinfo(5); "ino" since Linux 5.14. */
#include "tracer/held.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>

#include "base/fail.h"
#include "filters/decide.h"

#define BCACHEFS_MAGIC 0xca451a4e   /* fs/bcachefs, Linux 6.7 */

struct fdinfo {
	unsigned flags;
	unsigned long long inode;
	unsigned long long mount;
	long long position;
	bool is_whole;
};

/* One read(2): the kernel writes the file from one reference to the open file. */
static struct fdinfo read_fdinfo(pid_t pid, int fd)
{
	struct fdinfo info = { 0 };
	char path[64], text[512];
	cleanup_close int file = -1;
	const char *position, *flags, *mount, *inode;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", pid, fd);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return info;
	n = read(file, text, sizeof(text) - 1);
	if (n <= 0)
		return info;
	text[n] = '\0';
	position = strstr(text, "pos:\t");
	flags = strstr(text, "flags:\t");
	mount = strstr(text, "mnt_id:\t");
	inode = strstr(text, "ino:\t");
	info.is_whole = position && flags && mount && inode &&
			sscanf(position, "pos:\t%lld", &info.position) == 1 &&
			sscanf(flags, "flags:\t%o", &info.flags) == 1 &&
			sscanf(mount, "mnt_id:\t%llu", &info.mount) == 1 &&
			sscanf(inode, "ino:\t%llu", &info.inode) == 1;
	return info;
}

int held_position(pid_t pid, int fd, int *ret_flags, int64_t *ret_position)
{
	struct fdinfo info = read_fdinfo(pid, fd);

	if (!info.is_whole)
		return -EBADF;
	*ret_flags = (int)info.flags;
	*ret_position = info.position;
	return 0;
}

/*
 * On btrfs and bcachefs the subvolumes of one mount number their files anew: inode and mount do not
 * tell two files apart there.
 */
static bool has_telling_inodes(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type != BTRFS_SUPER_MAGIC &&
	       fs.f_type != BCACHEFS_MAGIC;
}

int held_flags(pid_t pid, int fd, int object_fd)
{
	struct fdinfo info = read_fdinfo(pid, fd);
	struct statx sx;

	if (!info.is_whole || info.flags & O_PATH || !has_telling_inodes(object_fd))
		return -1;
	if (statx(object_fd, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, &sx) < 0 ||
	    !(sx.stx_mask & STATX_MNT_ID))
		return -1;
	if (sx.stx_ino != info.inode || sx.stx_mnt_id != info.mount)
		return -1;
	return (int)info.flags;
}

static bool can_read(int flags)
{
	return (flags & O_ACCMODE) == O_RDONLY || (flags & O_ACCMODE) == O_RDWR;
}

static bool can_write(int flags)
{
	return (flags & O_ACCMODE) == O_WRONLY || (flags & O_ACCMODE) == O_RDWR;
}

/* An append-only descriptor must not come back as one that overwrites, nor truncate. */
static bool open_suffices(int held, int asked)
{
	int access = asked & O_ACCMODE;
	bool writes = access != O_RDONLY || asked & O_TRUNC;

	if (access == O_ACCMODE || (asked & O_TMPFILE) == O_TMPFILE)
		return false;
	if ((access == O_RDONLY || access == O_RDWR) && !can_read(held))
		return false;
	if (writes && !can_write(held))
		return false;
	return !(writes && held & O_APPEND && (!(asked & O_APPEND) || asked & O_TRUNC));
}

bool held_suffices(const struct op *op, const struct object *object, bool is_nameless)
{
	int held = object->held_flags;
	decide_fn *decider = op->call.row->decide;

	if (held < 0 || S_ISDIR(object->stat.st_mode))
		return false;
	if (decider == decide_open)
		return open_suffices(held, op->call.flags);
	/* Metadata of a file that has a name is judged by that name. */
	if (decider == decide_change || decider == decide_link)
		return is_nameless && can_write(held);
	return false;
}
