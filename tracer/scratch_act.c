/* SPDX-License-Identifier: Apache-2.0 */
/* scratch_act.c: what calls do in the view.  See scratch.h. */
#include "tracer/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "filters/decide.h"
#include "filters/nr.h"
#include "filters/policy.h"
#include "tracer/broker.h"
#include "tracer/layer/change.h"
#include "tracer/layer/copy.h"
#include "tracer/layer/merged.h"
#include "tracer/layer/whole.h"
#include "tracer/private.h"
#include "tracer/samefile.h"

static struct layer *layer_of(const struct tracer *tracer)
{
	return tracer->config->layer;
}

bool scratch_has(const struct tracer *tracer, const struct object *object)
{
	return object->in_layer || policy_is_scratch(tracer->config->policy, object->path);
}

static bool has_name(const struct object *object)
{
	return object->path[0] == '/' && (object->fd < 0 || object->stat.st_nlink > 0);
}

/*
 * Between the look and the act another thread may have put something else there, which nobody has
 * judged: -ESTALE, and it is looked up and judged again.
 */
static int take(const struct tracer *tracer, const struct object *object, enum take how)
{
	return layer_take(layer_of(tracer), object->path, how, &object->stat);
}

/* Instead of what was looked up: the layer's own. */
static int replace(struct object *object, int fd)
{
	if (fd < 0)
		return fd;
	if (object->fd >= 0)
		close(object->fd);
	object->fd = fd;
	object->in_layer = true;
	return fstat(fd, &object->stat) < 0 ? -errno : 0;
}

static int replace_parent(const struct tracer *tracer, struct object *object)
{
	int fd = layer_take_parent(layer_of(tracer), object->path);

	if (fd < 0)
		return fd;
	if (object->parent >= 0)
		close(object->parent);
	object->parent = fd;
	return 0;
}

/* O_TMPFILE: who may make a name in the folder. */
static int prepare_tmpfile(const struct tracer *tracer, struct object *object)
{
	char inside[LAYER_PATH_MAX + 2];

	snprintf(inside, sizeof(inside), "%s/x", strcmp(object->path, "/") ? object->path : "");
	return replace(object, layer_take_parent(layer_of(tracer), inside));
}

int scratch_folder(const struct tracer *tracer, struct object *object, bool watches)
{
	int e = replace(object, take(tracer, object, TAKE_LIST));

	return e < 0 || !watches ? e : copy_whole(layer_of(tracer), object->path);
}

bool scratch_merges(const struct tracer *tracer, const struct object *object)
{
	cleanup_found struct found found = FOUND_NONE;

	return scratch_is_on(tracer) && object->in_layer && object->stat.st_nlink > 0 &&
	       layer_merges(layer_of(tracer), object->path) &&
	       layer_find(layer_of(tracer), object->path, &found) == 0 &&
	       same_file(&found.stat, &object->stat);
}

void scratch_mark(const struct tracer *tracer, struct op *op)
{
	decide_fn *decider = op->call.row ? op->call.row->decide : NULL;
	const struct object *object = op->object_count ? op->object[0] : NULL;

	if (!scratch_is_on(tracer) || op->verdict.kind != VERDICT_ALLOW || !object ||
	    (decider != decide_open && decider != decide_stat && decider != decide_access &&
	     decider != decide_enter && decider != decide_change))
		return;
	if (object->in_layer || (S_ISDIR(object->stat.st_mode) && scratch_has(tracer, object)) ||
	    (decider == decide_open && object->fd >= 0 && object->is_moved))
		op->verdict.kind = VERDICT_SCRATCH;
}

/* What was only said to be deleted is made anew: the old one goes. */
static int clear_gone(const struct tracer *tracer, const struct object *object)
{
	int e = layer_remove(layer_of(tracer), object->path, false);

	return e == -ENOENT ? 0 : e;
}

/* Errors that the open itself will give need no copy. */
static int prepare_open(const struct tracer *tracer, const struct op *op, struct object *object)
{
	int flags = op->call.flags;
	mode_t type = object->stat.st_mode & S_IFMT;

	if (object->fd < 0) {
		int e = op->call.file[0].is_gone ? clear_gone(tracer, object) : 0;

		return e < 0 ? e : replace_parent(tracer, object);
	}
	if (!has_name(object) || op->call.file[0].is_held)
		return 0;
	if ((flags & O_TMPFILE) == O_TMPFILE)
		return type == S_IFDIR ? prepare_tmpfile(tracer, object) : -ENOTDIR;
	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL) || type == S_IFLNK)
		return 0;
	/* One that root made: what is written goes to the device, and cannot be put off. */
	if (type == S_IFCHR || type == S_IFBLK)
		return call_flags_write(flags) ? -EACCES : 0;
	if (type == S_IFDIR)
		return call_flags_write(flags) ? 0 : scratch_folder(tracer, object, false);
	/* What is there already is only read by O_CREAT.  A descriptor tells no old name. */
	if ((flags & O_ACCMODE) == O_RDONLY && !(flags & O_TRUNC))
		return object->is_moved ? replace(object, take(tracer, object, TAKE_READ))
						: 0;
	return replace(object, take(tracer, object,
				    flags & O_TRUNC ? TAKE_TRUNCATE : TAKE_WRITE));
}

static bool is_times_now(const struct op *op)
{
	switch (op->call.nr) {
	case __NR_utime:
	case __NR_utimes:
		return op->call.args[1] == 0;
	case __NR_futimesat:
	case __NR_utimensat:
		return op->call.args[2] == 0;
	default:
		return false;
	}
}

static int prepare_change(const struct tracer *tracer, const struct op *op,
			  struct object *object)
{
	enum take how = op->call.nr == __NR_truncate ? TAKE_WRITE
			: is_times_now(op) ? TAKE_TIMES_NOW : TAKE_OWNER;

	if (!has_name(object) ||
	    (how == TAKE_WRITE && !S_ISREG(object->stat.st_mode)))
		return 0;
	return replace(object, take(tracer, object, how));
}

int scratch_prepare(const struct tracer *tracer, struct op *op)
{
	decide_fn *decider = op->call.row->decide;
	struct object *object = op->object[0];

	if (op->verdict.kind != VERDICT_SCRATCH)
		return 0;
	if (decider == decide_open)
		return prepare_open(tracer, op, object);
	if (decider == decide_make)
		return replace_parent(tracer, object);
	if (decider == decide_change)
		return prepare_change(tracer, op, object);
	if (decider == decide_stat && S_ISDIR(object->stat.st_mode) && has_name(object) &&
	    scratch_has(tracer, object))
		return scratch_folder(tracer, object, false);
	return 0;
}

static int made(const struct tracer *tracer, const struct op *op)
{
	decide_fn *decider = op->call.row->decide;
	const struct object *object = op->object[0];

	if (op->verdict.kind != VERDICT_SCRATCH ||
	    (decider != decide_make && (decider != decide_open || object->fd >= 0)))
		return 0;
	return layer_made(layer_of(tracer), object->path);
}

int scratch_open(struct tracer *tracer, struct op *op)
{
	int fd;

	scratch_mark(tracer, op);
	fd = scratch_prepare(tracer, op);
	if (fd == 0)
		fd = broker_open(tracer, op);
	if (fd < 0)
		return fd;
	if ((op->call.flags & O_TMPFILE) == O_TMPFILE && private_has(op->object[0]->path))
		private_nameless(tracer->config->tmp, fd);
	if (made(tracer, op) == 0)
		return fd;
	close(fd);
	return -ENOSPC;
}

/* A regular file that has this name alone: what it takes on disk must not be forgotten. */
static int watch_last_name(const struct tracer *tracer, const struct object *object)
{
	if (!tracer->config->tmp || !object->in_layer || !S_ISREG(object->stat.st_mode) ||
	    object->stat.st_nlink != 1 || !private_has(object->path))
		return -1;
	return layer_open_at(layer_of(tracer)->files, object->path, O_PATH | O_NOFOLLOW);
}

static long remove_name(const struct tracer *tracer, const struct op *op)
{
	const struct object *object = op->object[0];
	int flags = op->call.nr == __NR_rmdir ? AT_REMOVEDIR : op->at_flags;
	cleanup_close int fd = -1;
	long result;

	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	if (object->has_slash && !S_ISDIR(object->stat.st_mode))
		return -ENOTDIR;
	fd = watch_last_name(tracer, object);
	result = layer_remove(layer_of(tracer), object->path, flags != 0);
	if (result == 0 && fd >= 0)
		private_nameless(tracer->config->tmp, fd);
	return result;
}

/* Two sides of the layer are like two file systems: rename(2), EXDEV, and everybody copies. */
static bool are_apart(const struct tracer *tracer, const struct op *op)
{
	return !policy_is_scratch(tracer->config->policy, op->object[0]->path) ||
	       !policy_is_scratch(tracer->config->policy, op->object[1]->path);
}

static long rename_name(const struct tracer *tracer, const struct op *op)
{
	const struct object *from = op->object[0], *to = op->object[1];
	unsigned flags = op->call.nr == __NR_renameat2 ? (unsigned)op->call.flags : 0;
	cleanup_close int fd = -1;
	long result;

	if (are_apart(tracer, op))
		return -EXDEV;
	if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE) ||
	    flags == (RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL;
	if ((from->has_slash || to->has_slash) && !S_ISDIR(from->stat.st_mode))
		return -ENOTDIR;
	fd = flags ? -1 : watch_last_name(tracer, to);
	result = layer_rename(layer_of(tracer), from->path, to->path, flags);
	if (result == 0 && fd >= 0)
		private_nameless(tracer->config->tmp, fd);
	return result;
}

/* What has no name yet (O_TMPFILE) gets its first one. */
static long link_nameless(struct tracer *tracer, struct op *op)
{
	long result = replace_parent(tracer, op->object[1]);

	if (result == 0)
		result = broker_number(tracer, op);
	return result < 0 ? result : layer_made(layer_of(tracer), op->object[1]->path);
}

static long link_name(struct tracer *tracer, struct op *op)
{
	const struct object *from = op->object[0], *to = op->object[1];

	if (op->at_flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (to->has_slash)
		return -ENOENT;
	if (op->call.file[0].is_nameless)
		return from->in_layer ? link_nameless(tracer, op) : -EXDEV;
	if (are_apart(tracer, op))
		return -EXDEV;
	return layer_link(layer_of(tracer), from->path, to->path);
}

/* What was only said to be deleted: to a file system the name is taken. */
static bool is_taken(const struct tracer *tracer, const struct op *op)
{
	unsigned i = op->object_count - 1;
	cleanup_found struct found found = FOUND_NONE;
	decide_fn *decider = op->call.row->decide;

	return (decider == decide_make || decider == decide_link) && op->call.file[i].is_gone &&
	       layer_find(layer_of(tracer), op->object[i]->path, &found) == 0;
}

long scratch_number(struct tracer *tracer, struct op *op)
{
	decide_fn *decider = op->call.row->decide;
	long result;

	if (is_taken(tracer, op))
		return -EEXIST;
	if (decider == decide_remove)
		return remove_name(tracer, op);
	if (decider == decide_rename)
		return rename_name(tracer, op);
	if (decider == decide_link)
		return link_name(tracer, op);
	result = scratch_prepare(tracer, op);
	if (result == 0)
		result = broker_number(tracer, op);
	if (result == -ESTALE)
		result = -EACCES;
	if (result >= 0 && made(tracer, op) < 0)
		return -ENOSPC;
	return result;
}
