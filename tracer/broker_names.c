/* SPDX-License-Identifier: Apache-2.0 */
/* broker_names.c: calls on names and metadata that return a number.  See broker.h. */
#include "tracer/broker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <utime.h>

#include "base/fail.h"
#include "filters/decide.h"
#include "filters/nr.h"
#include "filters/policy.h"
#include "tracer/fdname.h"
#include "tracer/mem.h"

typedef long broker_fn(struct tracer *tracer, struct op *op);

static long outcome(long result)
{
	return result < 0 ? -errno : result;
}

static bool is_folder(const struct object *object)
{
	return S_ISDIR(object->stat.st_mode);
}

static long do_remove(struct tracer *tracer, struct op *op)
{
	const struct object *object = op->object[0];
	int flags = op->call.nr == __NR_rmdir ? AT_REMOVEDIR : op->at_flags;

	(void)tracer;
	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	if (object->has_slash && object->stat.st_mode && !is_folder(object))
		return -ENOTDIR;
	return outcome(unlinkat(object->parent, object->name, flags));
}

static long do_rename(struct tracer *tracer, struct op *op)
{
	const struct object *from = op->object[0], *to = op->object[1];
	unsigned flags = op->call.nr == __NR_renameat2 ? (unsigned)op->call.flags : 0;

	(void)tracer;
	if ((from->has_slash || to->has_slash) && from->stat.st_mode && !is_folder(from))
		return -ENOTDIR;
	return outcome(renameat2(from->parent, from->name, to->parent, to->name, flags));
}

/* The source by its descriptor: following the magic link ends at that very inode. */
static long do_link(struct tracer *tracer, struct op *op)
{
	const struct object *from = op->object[0], *to = op->object[1];

	(void)tracer;
	if (op->at_flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (to->has_slash)
		return -ENOENT;
	return outcome(linkat(AT_FDCWD, fd_path(from->fd).text, to->parent, to->name,
			      AT_SYMLINK_FOLLOW));
}

static long do_make(struct tracer *tracer, struct op *op)
{
	const struct object *object = op->object[0];
	unsigned device = (unsigned)op->call.args[op->call.nr == __NR_mknodat ? 3 : 2];

	broker_umask(tracer, op);
	switch (op->call.nr) {
	case __NR_mkdir:
	case __NR_mkdirat:
		return outcome(mkdirat(object->parent, object->name, op->call.mode));
	case __NR_mknod:
	case __NR_mknodat:
		if (object->has_slash)
			return -ENOENT;
		return outcome(syscall(SYS_mknodat, object->parent, object->name, op->call.mode,
				       device));
	default:
		if (object->has_slash)
			return -ENOENT;
		return outcome(symlinkat(op->text, object->parent, object->name));
	}
}

static long do_access(struct tracer *tracer, struct op *op)
{
	unsigned i = op->call.nr == __NR_access ? 1 : 2;
	int mode = (int)op->call.args[i];

	(void)tracer;
	return outcome(syscall(__NR_faccessat2, op->object[0]->fd, "", mode,
			       AT_EMPTY_PATH | (op->at_flags & AT_EACCESS)));
}

/* The tracee's own limit counts, not the tracer's; over it comes SIGXFSZ as from the kernel. */
static long do_truncate(const struct op *op)
{
	off_t length = (off_t)op->call.args[1];
	cleanup_close int fd = -1;
	struct rlimit limit;

	if (length < 0)
		return -EINVAL;
	if (is_folder(op->object[0]))
		return -EISDIR;
	if (!S_ISREG(op->object[0]->stat.st_mode))
		return -EINVAL;
	if (prlimit(op->tid, RLIMIT_FSIZE, NULL, &limit) < 0)
		return -EFBIG;
	fd = open(fd_path(op->object[0]->fd).text, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if ((rlim_t)length > limit.rlim_cur && length > op->object[0]->stat.st_size) {
		syscall(SYS_tgkill, op->pid, op->tid, SIGXFSZ);
		return -EFBIG;
	}
	return outcome(ftruncate(fd, length));
}

static long do_chmod(const struct op *op)
{
	bool has_folder = op->call.nr == __NR_fchmodat || op->call.nr == __NR_fchmodat2;
	mode_t mode = (mode_t)op->call.args[has_folder ? 2 : 1];
	long e;

	if (op->at_flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (S_ISLNK(op->object[0]->stat.st_mode))
		return -EOPNOTSUPP;
	e = syscall(__NR_fchmodat2, op->object[0]->fd, "", mode & 07777, AT_EMPTY_PATH);
	/* Before Linux 6.6; containers that do not know it say EPERM. */
	if (e < 0 && (errno == ENOSYS || errno == EPERM))
		e = chmod(fd_path(op->object[0]->fd).text, mode & 07777);
	return e < 0 ? -errno : 0;
}

static long do_chown(const struct op *op)
{
	unsigned first = op->call.nr == __NR_fchownat ? 2 : 1;

	if (op->at_flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	return outcome(fchownat(op->object[0]->fd, "", (uid_t)op->call.args[first],
				(gid_t)op->call.args[first + 1], AT_EMPTY_PATH));
}

/* Four calls, three structs; all end as two timespecs. */
static int read_times(const struct op *op, uint64_t address, struct timespec times[2])
{
	struct timeval values[2];
	struct utimbuf old;
	int e;

	switch (op->call.nr) {
	case __NR_utimensat:
		return mem_read(op->tid, address, times, 2 * sizeof(times[0]));
	case __NR_utime:
		e = mem_read(op->tid, address, &old, sizeof(old));
		times[0] = (struct timespec){ .tv_sec = old.actime };
		times[1] = (struct timespec){ .tv_sec = old.modtime };
		return e;
	default:
		e = mem_read(op->tid, address, values, sizeof(values));
		for (int i = 0; e == 0 && i < 2; i++) {
			if (values[i].tv_usec < 0 || values[i].tv_usec >= 1000000)
				return -EINVAL;
			times[i].tv_sec = values[i].tv_sec;
			times[i].tv_nsec = values[i].tv_usec * 1000;
		}
		return e;
	}
}

static long do_times(const struct op *op)
{
	bool has_folder = op->call.nr == __NR_utimensat || op->call.nr == __NR_futimesat;
	uint64_t address = op->call.args[has_folder ? 2 : 1];
	struct timespec times[2] = { { 0 } }, *when = address ? times : NULL;
	int fd = op->object[0]->fd, e = address ? read_times(op, address, times) : 0;

	if (e < 0)
		return e;
	e = utimensat(fd, "", when, AT_EMPTY_PATH);
	/* Before Linux 5.8. */
	if (e < 0 && errno == EINVAL)
		e = utimensat(AT_FDCWD, fd_path(fd).text, when, 0);
	return outcome(e);
}

/* Attributes with power: as root the tracer could set what the tracee has no capability for. */
static bool is_privileged_name(const char *name)
{
	return strncmp(name, "security.", 9) == 0 || strncmp(name, "trusted.", 8) == 0;
}

static long set_attribute(const struct op *op, uint64_t address, uint64_t size, int flags)
{
	char value[XATTR_SIZE_MAX];
	int e;

	if (size > sizeof(value))
		return -E2BIG;
	e = size ? mem_read(op->tid, address, value, size) : 0;
	if (e < 0)
		return e;
	return outcome(setxattr(fd_path(op->object[0]->fd).text, op->text, value, size,
				flags));
}

/* struct xattr_args of setxattrat(2) (Linux 6.13). */
static long set_attribute_at(const struct op *op)
{
	struct {
		uint64_t value;
		uint32_t size;
		uint32_t flags;
	} args;
	int e;

	if (op->call.args[5] != sizeof(args))
		return -EINVAL;
	e = mem_read(op->tid, op->call.args[4], &args, sizeof(args));
	return e < 0 ? e : set_attribute(op, args.value, args.size, (int)args.flags);
}

static long do_attribute(struct tracer *tracer, const struct op *op)
{
	const uint64_t *args = op->call.args;

	if (is_privileged_name(op->text) && !tracer->config->policy->allows_all)
		return -EPERM;
	switch (op->call.nr) {
	case __NR_setxattr:
	case __NR_lsetxattr:
	case __NR_fsetxattr:
		return set_attribute(op, args[2], args[3], (int)args[4]);
	case __NR_setxattrat:
		return set_attribute_at(op);
	default:
		return outcome(removexattr(fd_path(op->object[0]->fd).text, op->text));
	}
}

static long do_change(struct tracer *tracer, struct op *op)
{
	switch (op->call.nr) {
	case __NR_truncate:
		return do_truncate(op);
	case __NR_chmod:
	case __NR_fchmod:
	case __NR_fchmodat:
	case __NR_fchmodat2:
		return do_chmod(op);
	case __NR_chown:
	case __NR_lchown:
	case __NR_fchown:
	case __NR_fchownat:
		return do_chown(op);
	case __NR_utime:
	case __NR_utimes:
	case __NR_futimesat:
	case __NR_utimensat:
		return do_times(op);
	case __NR_file_setattr:
		return -EOPNOTSUPP;
	default:
		return do_attribute(tracer, op);
	}
}

static const struct {
	decide_fn *decide;
	broker_fn *perform;
} performers[] = {
	{ decide_remove, do_remove }, { decide_rename, do_rename }, { decide_link, do_link },
	{ decide_make, do_make },     { decide_change, do_change }, { decide_access, do_access },
};

long broker_number(struct tracer *tracer, struct op *op)
{
	for (size_t i = 0; i < ARRAY_SIZE(performers); i++)
		if (performers[i].decide == op->call.row->decide)
			return performers[i].perform(tracer, op);
	return -ENOSYS;
}
