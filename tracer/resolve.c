/* SPDX-License-Identifier: Apache-2.0 */
/* resolve.c: see resolve.h. */
#include "tracer/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/fail.h"
#include "filters/decide.h"
#include "filters/policy.h"
#include "tracer/fakes.h"
#include "tracer/held.h"
#include "tracer/hidden.h"
#include "tracer/layer/layer.h"
#include "tracer/lookup.h"
#include "tracer/names.h"
#include "tracer/samefile.h"
#include "tracer/scratch.h"
#include "tracer/views.h"
#include "tracer/walk.h"

#define LINKS_MAX 40

/* The folder and the last name; stat says what stands there now, if anything. */
static int look_up_name(const struct tracer *tracer, const struct op *op, struct object *object,
			int base, const char *raw, struct call_file *file)
{
	char folder[PATH_MAX];
	struct walk walk;
	int fd, e = names_split(raw, folder, object);

	if (e < 0)
		return e;
	fd = lookup(tracer, op, object, base, folder, true, &walk);
	file->is_foreign_proc = walk.is_foreign;
	file->is_behind = walk.is_behind;
	if (fd < 0)
		return walk.is_behind ? 0 : fd;
	object->held_flags = -1;
	object->parent = fd;
	/* Nothing can be in a folder that is not there, nor be asked about what is hidden. */
	file->is_behind = hidden_path(tracer, object->path);
	if (file->is_behind)
		return 0;
	e = names_join(object);
	if (e < 0 || hidden_path(tracer, object->path))
		return e;
	if (fakes_stat(tracer, object->path, &object->stat) == 0 ||
	    fstatat(fd, object->name, &object->stat, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	object->stat = (struct stat){ 0 };
	return errno == ENOENT ? 0 : -errno;
}

static int resolve_name(const struct tracer *tracer, const struct op *op, struct object *object,
			int base, struct call_file *file)
{
	int e = look_up_name(tracer, op, object, base, object->raw, file);

	if (e == -EINVAL)   /* "/" */
		return op->call.row->decide == decide_make ? -EEXIST : -EBUSY;
	if (e < 0 || file->is_behind || hidden_path(tracer, object->path))
		return e;
	return names_check(op, object);
}

static int resolve_existing(const struct tracer *tracer, struct op *op, struct object *object,
			    int base, const char *path, bool follows, struct call_file *file)
{
	struct walk walk;
	int fd = lookup(tracer, op, object, base, path, follows, &walk);

	file->is_foreign_proc = walk.is_foreign;
	file->is_behind = walk.is_behind;
	if (fd < 0)
		return walk.is_behind ? 0 : fd;
	object->fd = fd;
	return fstat(fd, &object->stat) < 0 ? -errno : 0;
}

static int read_link(const struct object *object, char *path, size_t size)
{
	ssize_t n = readlinkat(object->parent, object->name, path, size - 1);

	if (n < 0)
		return -errno;
	path[n] = '\0';
	return 0;
}

/*
 * Where something is hidden, the name comes first: what O_CREAT says of a slash or of dots must not
 * depend on what stands there.  0 and *ret_is_over: nothing more is to be looked up.
 */
static int meet_name(const struct tracer *tracer, const struct op *op, struct object *object,
		     int from, const char *path, struct call_file *file, bool *ret_is_over)
{
	int e = look_up_name(tracer, op, object, from, path, file);

	if (e == -EINVAL || (e == 0 && !file->is_behind && object->has_slash))
		return -EISDIR;
	*ret_is_over = file->is_behind || hidden_path(tracer, object->path);
	if (e == 0 && !*ret_is_over)
		object_reset(object);
	return e;
}

/*
 * open(2) with O_CREAT: the object, or the name at which it will be made.  A dangling link leads to
 * the name that it holds; each link is read once and what it led to is what is judged.
 */
static int resolve_create(const struct tracer *tracer, struct op *op, struct object *object,
			  int base, struct call_file *file)
{
	bool follows = !(op->call.flags & (O_EXCL | O_NOFOLLOW));
	cleanup_close int folder = -1;
	char path[PATH_MAX];

	strcpy(path, object->raw);
	for (unsigned links = 0; links < LINKS_MAX; links++) {
		int from = folder >= 0 ? folder : base;
		bool is_over = false;
		int e = !hidden_any(tracer) ? 0 :
			meet_name(tracer, op, object, from, path, file, &is_over);

		if (e < 0 || is_over)
			return e;
		e = resolve_existing(tracer, op, object, from, path, follows, file);

		if (e != -ENOENT)
			return e;
		e = look_up_name(tracer, op, object, from, path, file);
		if (e == -EINVAL || (e == 0 && object->has_slash))
			return -EISDIR;
		if (e < 0 || !S_ISLNK(object->stat.st_mode) || !follows)
			return e;
		/* openat2's restrictions would be lost on the way through a second lookup. */
		if (op->resolve_flags)
			return -EACCES;
		e = read_link(object, path, sizeof(path));
		if (e < 0)
			return e;
		if (folder >= 0)
			close(folder);
		folder = object->parent;
		object->parent = -1;
	}
	return -ELOOP;
}

static int resolve_descriptor(const struct tracer *tracer, const struct op *op,
			      struct object *object, int base, struct call_file *file)
{
	int e;

	object->fd = base;
	if (fstat(base, &object->stat) < 0)
		return -errno;
	if (object->dirfd >= 0)
		object->held_flags = held_flags(op->tid, object->dirfd, base);
	e = lookup_canonical(tracer, base, object->path, sizeof(object->path));
	file->is_foreign_proc = e == 0 && lookup_is_elsewhere(tracer, base, object->path);
	scratch_name(tracer, object->path, sizeof(object->path), &object->in_layer);
	return e;
}

/* A file in memory, or one that is shown in place of another; *ret_is_faked: the former. */
static int put_file(const struct tracer *tracer, struct object *object, bool *ret_is_faked)
{
	int fd = fakes_find(tracer, object->path);

	if (fd == -ENOENT)
		return views_put(tracer, object);
	if (fd < 0)
		return fd;
	*ret_is_faked = true;
	if (object->lookup == LOOKUP_NAME) {
		close(fd);
		return 0;
	}
	object_put(object, fd);
	return fstat(fd, &object->stat) < 0 ? -errno : 0;
}

static bool has_file(const struct tracer *tracer, const struct object *object)
{
	struct stat st;

	return policy_find_view(tracer->config->policy, object->path) ||
	       fakes_stat(tracer, object->path, &st) == 0;
}

/* Where such a file is there need be none on disk: its name, then.  In a view it is known. */
static int find_name(const struct tracer *tracer, const struct op *op, struct object *object,
		     int base, struct call_file *file)
{
	int e = 0;

	if (!scratch_is_on(tracer)) {
		object_reset(object);
		e = look_up_name(tracer, op, object, base, object->raw, file);
	}
	if (e < 0 || file->is_behind || !has_file(tracer, object))
		return -ENOENT;
	return object->has_slash ? -ENOTDIR : 0;
}

static int put_other(const struct tracer *tracer, const struct op *op, struct object *object,
		    int base, struct call_file *file, int e)
{
	if (!tracer->views && !fakes_any(tracer))
		return e;
	if (e == -ENOENT && object->raw[0] && object->lookup != LOOKUP_NAME)
		e = find_name(tracer, op, object, base, file);
	if (e < 0 || file->is_behind || object->held_flags >= 0)
		return e;
	return put_file(tracer, object, &file->is_faked);
}

/* A link below /proc, or what it leads to: nothing of it is the layer's to show. */
static int resolve_magic(const struct tracer *tracer, struct op *op, struct object *object,
			 const char *path, struct call_file *file)
{
	bool follows = object->lookup == LOOKUP_FOLLOW ||
		       (object->lookup == LOOKUP_CREATE && !(op->call.flags & O_NOFOLLOW));
	int e;

	if (object->lookup == LOOKUP_NAME)
		return -EACCES;
	e = resolve_existing(tracer, op, object, AT_FDCWD, path, follows, file);
	scratch_name(tracer, object->path, sizeof(object->path), &object->in_layer);
	return e;
}

static int resolve_view(const struct tracer *tracer, struct op *op, struct object *object,
			struct call_file *file)
{
	char magic[LAYER_PATH_MAX];
	int e = scratch_resolve(tracer, op, object, file, magic);

	if (e == -EXDEV)
		e = resolve_magic(tracer, op, object, magic, file);
	/* By its name alone. */
	if (e == -ENOENT && (file->is_behind || hidden_path(tracer, object->path)))
		return 0;
	return put_other(tracer, op, object, AT_FDCWD, file, e);
}

static int resolve_object(const struct tracer *tracer, struct op *op, struct object *object,
			  struct call_file *file)
{
	int base, e;

	if (scratch_is_on(tracer) && object->lookup != LOOKUP_FD)
		return resolve_view(tracer, op, object, file);
	base = lookup_base(op, object);

	if (base < 0 && base != AT_FDCWD)
		return base;
	if (object->lookup == LOOKUP_FD)
		return resolve_descriptor(tracer, op, object, base, file);
	if (!object->raw[0])
		e = -ENOENT;
	else if (object->lookup == LOOKUP_NAME)
		e = resolve_name(tracer, op, object, base, file);
	else if (object->lookup == LOOKUP_CREATE)
		e = resolve_create(tracer, op, object, base, file);
	else
		e = resolve_existing(tracer, op, object, base, object->raw,
				     object->lookup == LOOKUP_FOLLOW, file);
	e = put_other(tracer, op, object, base, file, e);
	lookup_close(base);
	return e;
}

/*
 * A second mount of the proc file system shows the same processes under names that say nothing to
 * walk_proc_pid: there every process is somebody else.
 */
static bool is_process_elsewhere(const struct object *object)
{
	return object->fd >= 0 && major(object->stat.st_dev) == 0 &&
	       !lookup_is_below_proc(object->path) && walk_has_number(object->path) &&
	       walk_is_on_proc(object->fd);
}

/* Own processes are judged as /proc/self, whatever their number; others are nobody's business. */
static void judge_proc(const struct tracer *tracer, struct object *object, struct call_file *file)
{
	const char *rest = "";
	pid_t pid = walk_proc_pid(object->path, &rest);
	char own[sizeof(object->path)];

	if (pid ? walk_is_foreign(tracer, pid) : is_process_elsewhere(object))
		file->is_foreign_proc = true;
	if (!tracee_find(&tracer->tracees, pid))
		return;
	snprintf(own, sizeof(own), "/proc/self%.*s", (int)(sizeof(own) - 16), rest);
	strcpy(object->path, own);
}

static bool is_nameless(const struct object *object)
{
	return object->fd >= 0 && (object->path[0] != '/' || object->stat.st_nlink == 0);
}

static void fill_file(const struct tracer *tracer, const struct op *op, struct object *object,
		      struct call_file *file)
{
	file->raw = object->raw;
	file->exists = object->stat.st_mode != 0;
	file->type = object->stat.st_mode & S_IFMT;
	file->is_nameless = !file->is_faked && is_nameless(object);
	file->is_open = object->lookup == LOOKUP_FD;
	file->is_held = held_suffices(op, object, file->is_nameless);
	judge_proc(tracer, object, file);
	file->path = object->path;
	file->is_gone = !file->is_open && fakes_is_gone(tracer, file->path);
	/* A nameless thing is as good as the descriptor that reaches it: no more can be had. */
	if (file->is_nameless && !file->is_held && op->call.row->decide == decide_open)
		file->error = EACCES;
	if (op->call.row->decide == decide_exec && object->fd >= 0)
		file->is_unreadable =
			faccessat(object->fd, "", R_OK, AT_EMPTY_PATH | AT_EACCESS) < 0;
}

/* rename(2) finds both folders before it looks for the old name. */
static int missing(const struct tracer *tracer, struct op *op, unsigned i, int error)
{
	struct object *other = op->object[1];
	struct call_file file = { 0 };
	int e = error;

	if (scratch_is_on(tracer) && e == -ENOENT && other && !i && op->object[0]->parent >= 0)
		e = resolve_object(tracer, op, other, &file);
	return e < 0 && other && other->parent < 0 ? e : error;
}

int resolve(const struct tracer *tracer, struct op *op)
{
	for (unsigned i = 0; i < op->object_count; i++) {
		struct call_file *file = &op->call.file[i];
		int e;

		object_reset(op->object[i]);
		*file = (struct call_file){ 0 };
		e = resolve_object(tracer, op, op->object[i], file);
		if (e < 0 && !file->is_foreign_proc)
			return missing(tracer, op, i, e);
		if (e < 0)
			file->error = -e;
		fill_file(tracer, op, op->object[i], file);
		/* It decides: what the other path may say of it is not asked. */
		if (!file->is_open && hidden_path(tracer, file->path))
			break;
	}
	return 0;
}

static bool is_same_path(const struct tracer *tracer, int fd, const char *name, const char *path)
{
	char now[sizeof(((struct object *)0)->path)];
	size_t length;

	if (lookup_canonical(tracer, fd, now, sizeof(now)) < 0)
		return false;
	scratch_name(tracer, now, sizeof(now), &(bool){ false });
	if (!name)
		return strcmp(now, path) == 0;
	length = strcmp(now, "/") == 0 ? 0 : strlen(now);
	return strncmp(now, path, length) == 0 && path[length] == '/' &&
	       strcmp(path + length + 1, name) == 0;
}

/* A name that is to be made must still be free; the others must still mean the same file. */
static bool is_same_name(const struct object *object)
{
	struct stat now = { 0 };

	if (fstatat(object->parent, object->name, &now, AT_SYMLINK_NOFOLLOW) < 0 &&
	    errno != ENOENT)
		return false;
	return same_file(&now, &object->stat);
}

static bool object_holds(const struct tracer *tracer, const struct object *object)
{
	if (lookup_is_below_proc(object->path))
		return true;
	if (object->fd >= 0)
		return is_same_path(tracer, object->fd, NULL, object->path);
	if (object->parent < 0)
		return true;
	return is_same_path(tracer, object->parent, object->name, object->path) &&
	       is_same_name(object);
}

bool resolve_holds(const struct tracer *tracer, const struct op *op)
{
	for (unsigned i = 0; i < op->object_count; i++)
		if (!op->call.file[i].is_nameless && !object_holds(tracer, op->object[i]))
			return false;
	return true;
}
