/* SPDX-License-Identifier: Apache-2.0 */
/* act_fake.c: see act_fake.h. */
#include "tracer/act_fake.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/fail.h"
#include "filters/decide.h"
#include "filters/nr.h"
#include "filters/policy.h"
#include "tracer/act.h"
#include "tracer/broker.h"
#include "tracer/dots.h"
#include "tracer/fakes.h"
#include "tracer/fdname.h"
#include "tracer/hidden.h"
#include "tracer/layer/merged.h"
#include "tracer/reply.h"
#include "tracer/report.h"
#include "tracer/scratch.h"

static void answer(struct tracer *tracer, struct op *op, long result)
{
	report_call(tracer, op, result);
	reply_result(tracer, op, result);
	op_free(op);
}

/* ---- open ---- */

/* With the flags asked for; what made or found the file is over. */
static int reopen(const struct tracer *tracer, const struct op *op, int file)
{
	int flags = (op->call.flags | O_CLOEXEC | O_NOCTTY) &
		    ~(O_CREAT | O_EXCL | O_NOFOLLOW | O_DIRECT | O_TMPFILE);
	char name[16];
	int fd;

	snprintf(name, sizeof(name), "%d", file);
	fd = openat(tracer->own_fds, name, flags);
	return fd < 0 ? -errno : fd;
}

/* What was there before, when the script may see or keep it.  -1: it begins empty. */
static int open_before(const struct op *op)
{
	const struct object *object = op->object[0];

	if (object->fd < 0 || !S_ISREG(object->stat.st_mode) || op->call.flags & O_TRUNC)
		return -1;
	return open(fd_path(object->fd).text, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

static mode_t mode_of(const struct tracer *tracer, const struct op *op)
{
	const struct process *process = process_find(&tracer->tracees, op->pid);
	const struct object *object = op->object[0];

	if (object->fd >= 0 && S_ISREG(object->stat.st_mode))
		return object->stat.st_mode & 07777;
	return op->call.mode & 0777 & ~(process ? process->umask : 077);
}

static int open_new(struct tracer *tracer, const struct op *op, const char *path)
{
	cleanup_close int before = open_before(op);
	cleanup_close int file = -1;
	int fd, e = fakes_make(tracer, path, before, &file);

	if (e < 0)
		return e;
	/* First opened, then closed to whoever the mode closes it to: as creating it would. */
	fd = reopen(tracer, op, file);
	if (fchmod(file, mode_of(tracer, op)) < 0 && fd >= 0) {
		close(fd);
		return -EIO;
	}
	return fd;
}

static int open_file(struct tracer *tracer, const struct op *op)
{
	const struct object *object = op->object[0];
	int e;

	if ((op->call.flags & O_TMPFILE) == O_TMPFILE)
		return open_new(tracer, op, NULL);
	e = object->fd >= 0 ? broker_check_flags(op, object) : 0;
	if (e < 0)
		return e;
	if (S_ISDIR(object->stat.st_mode))
		return -EISDIR;
	return op->call.file[0].is_faked ? reopen(tracer, op, object->fd)
					 : open_new(tracer, op, object->path);
}

static void fake_open(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	(void)tracee;
	act_opened(tracer, op, open_file(tracer, op));
}

/* ---- names ---- */

static bool is_taken(void *data, const char *name, int fd)
{
	(void)name;
	(void)fd;
	*(bool *)data = true;
	return false;
}

/* What is at the name, in the view if there is one. */
static int open_name(const struct tracer *tracer, const struct object *object, int flags)
{
	int fd;

	if (scratch_is_on(tracer))
		return scratch_open_name(tracer, object, flags);
	fd = openat(object->parent, object->name, flags);
	return fd < 0 ? -errno : fd;
}

/* A folder, as the script sees it. */
struct looking {
	const struct tracer *tracer;
	const char *folder;
	bool has_any;
};

static bool is_nothing(void *data, const struct dirent64 *entry)
{
	struct looking *looking = data;
	char path[2 * PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", looking->folder, entry->d_name);
	looking->has_any = !is_dots(entry->d_name) && !hidden_path(looking->tracer, path);
	return !looking->has_any;
}

static int read_folder(const struct tracer *tracer, const struct object *object,
		       struct looking *looking)
{
	int fd = open_name(tracer, object, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent64 *entry;

	if (!folder) {
		if (fd >= 0)
			close(fd);
		return fd < 0 ? fd : -ENOMEM;
	}
	do
		entry = readdir64(folder);
	while (entry && is_nothing(looking, entry));
	closedir(folder);
	return 0;
}

static bool is_empty(const struct tracer *tracer, const struct object *object)
{
	struct looking looking = { .tracer = tracer, .folder = object->path };
	int e = scratch_merges(tracer, object)
			? merged_read(tracer->config->layer, object->path, 0, is_nothing, &looking)
			: read_folder(tracer, object, &looking);

	if (e == 0 && !looking.has_any)
		fakes_list(tracer, object->path, is_taken, &looking.has_any);
	return e == 0 && !looking.has_any;
}

static long remove_name(struct tracer *tracer, struct op *op)
{
	const struct object *object = op->object[0];
	int flags = op->call.nr == __NR_rmdir ? AT_REMOVEDIR : op->at_flags;
	bool is_folder = S_ISDIR(object->stat.st_mode);

	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	if (is_folder != (flags == AT_REMOVEDIR))
		return is_folder ? -EISDIR : -ENOTDIR;
	if (is_folder && !is_empty(tracer, object))
		return -ENOTEMPTY;
	return fakes_remove(tracer, object->path);
}

/* A file in memory at the second path: the one at the first, or a copy of what is there. */
static long copy_name(struct tracer *tracer, const struct object *from, int from_fd,
		      const struct object *to)
{
	cleanup_close int made = -1;
	int e;

	e = fakes_link(tracer, from->path, to->path);
	if (e != -ENOENT || !S_ISREG(from->stat.st_mode))
		return e == -ENOENT ? 0 : e;
	if (from_fd < 0)
		return from_fd;
	e = fakes_make(tracer, to->path, from_fd, &made);
	if (e == 0 && fchmod(made, from->stat.st_mode & 07777) < 0)
		e = -errno;
	return e;
}

static long rename_name(struct tracer *tracer, struct op *op)
{
	const struct object *from = op->object[0], *to = op->object[1];
	unsigned flags = op->call.nr == __NR_renameat2 ? (unsigned)op->call.flags : 0;
	cleanup_close int fd = -1;
	long e;

	if (flags & RENAME_NOREPLACE && to->stat.st_mode)
		return -EEXIST;
	if (flags & RENAME_EXCHANGE || strcmp(from->path, to->path) == 0)
		return 0;
	/* Nothing blocks: a pipe may have come to stand there. */
	if (S_ISREG(from->stat.st_mode) && !op->call.file[0].is_faked) {
		fd = open_name(tracer, from,
			       O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
		if (fd < 0)
			return fd;
	}
	e = copy_name(tracer, from, fd, to);
	return e < 0 ? e : fakes_remove(tracer, from->path);
}

static long link_name(struct tracer *tracer, struct op *op)
{
	const struct object *from = op->object[0];
	cleanup_close int fd = -1;

	if (S_ISREG(from->stat.st_mode))
		fd = open(fd_path(from->fd).text, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return copy_name(tracer, from, fd < 0 && S_ISREG(from->stat.st_mode) ? -errno : fd,
			 op->object[1]);
}

static long make_name(struct tracer *tracer, struct op *op)
{
	(void)tracer;
	(void)op;
	return 0;
}

/* On a file in memory it is done; what that cannot have (an owner, an attribute) is said to be. */
static long change_file(struct tracer *tracer, struct op *op)
{
	long result = op->call.file[0].is_faked ? broker_number(tracer, op) : 0;

	return result == -EOPNOTSUPP || result == -EPERM ? 0 : result;
}

static long ask_access(struct tracer *tracer, struct op *op)
{
	return op->call.file[0].is_faked ? broker_number(tracer, op) : 0;
}

/* ---- what is asked of a file in memory ---- */

static long tell(struct tracer *tracer, struct op *op)
{
	return broker_fill(tracer, op);
}

/* ---- exec ---- */

static void fake_exec(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	uint64_t args[3] = { (uint64_t)tracer->config->policy->fake_status, 0, 0 };

	(void)tracee;
	/* What could not be run is not said to have run. */
	if (S_ISDIR(op->object[0]->stat.st_mode) ||
	    faccessat(op->object[0]->fd, "", X_OK, AT_EMPTY_PATH | AT_EACCESS) < 0) {
		answer(tracer, op, -EACCES);
		return;
	}
	report_call(tracer, op, 0);
	if (regs_set_call(op->tid, &op->regs, __NR_exit_group, args) == 0)
		reply_resume(op->tid, 0);
	op_free(op);
}

static const struct {
	decide_fn *decide;
	long (*fake)(struct tracer *tracer, struct op *op);
} fakers[] = {
	{ decide_remove, remove_name }, { decide_rename, rename_name }, { decide_link, link_name },
	{ decide_make, make_name },     { decide_change, change_file },
	{ decide_access, ask_access },  { decide_stat, tell },
};

void act_faked(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	decide_fn *decider = op->call.row->decide;

	if (decider == decide_open) {
		fake_open(tracer, tracee, op);
		return;
	}
	if (decider == decide_exec) {
		fake_exec(tracer, tracee, op);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(fakers); i++) {
		if (fakers[i].decide != decider)
			continue;
		answer(tracer, op, fakers[i].fake(tracer, op));
		return;
	}
	op->verdict.kind = VERDICT_DENY;
	op->verdict.error = EACCES;
	act_refused(tracer, op);
}
