/* SPDX-License-Identifier: Apache-2.0 */
/* resolve.c: see resolve.h. */
#include "tracer/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/fail.h"
#include "filters/decide.h"
#include "filters/policy.h"
#include "tracer/held.h"
#include "tracer/hidden.h"
#include "tracer/layer/layer.h"
#include "tracer/names.h"
#include "tracer/proc.h"
#include "tracer/view.h"
#include "tracer/walk.h"

#define LINKS_MAX 40

/* The tracee's own folder or descriptor.  Absolute paths need none: AT_FDCWD, not to be closed. */
static int base_of(const struct op *op, const struct object *object)
{
	char path[64];
	int fd;

	if (object->lookup != LOOKUP_FD && object->raw[0] == '/' &&
	    !(op->resolve_flags & RESOLVE_IN_ROOT))
		return AT_FDCWD;
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

static void close_base(int base)
{
	if (base >= 0)
		close(base);
}

static int canonical(const struct tracer *tracer, int fd, char *path, size_t size)
{
	char name[16];
	ssize_t n;

	snprintf(name, sizeof(name), "%d", fd);
	n = readlinkat(tracer->own_fds, name, path, size - 1);
	if (n < 0)
		return -errno;
	if ((size_t)n == size - 1)
		return -ENAMETOOLONG;
	path[n] = '\0';
	return 0;
}

/* Texts that surely lead to what means the looker: no use asking the kernel first. */
static bool names_looker(const char *raw)
{
	return proc_is_below(raw) || strncmp(raw, "/dev/fd", 7) == 0 ||
	       strncmp(raw, "/dev/std", 8) == 0;
}

/* True when the kernel's own answer (descriptor or error) may not mean the tracee's /proc. */
static bool must_walk(const struct tracer *tracer, int base, int fd, struct object *object)
{
	char path[PATH_MAX];

	if (fd == -ELOOP)
		return true;
	if (fd < 0)
		return base >= 0 && canonical(tracer, base, path, sizeof(path)) == 0 &&
		       proc_is_below(path);
	/* What this reads is what will be judged, unless it has to be walked. */
	return canonical(tracer, fd, object->path, sizeof(object->path)) < 0 ||
	       proc_is_below(object->path);
}

/*
 * Nothing there to the kernel: but `self` is a link, and to the kernel it was the tracer, where a
 * link, or a name like //proc/self, led to it.
 */
static bool meets_link(int base, const char *path)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS };
	cleanup_close int fd = (int)syscall(SYS_openat2, base, path, &how, sizeof(how));

	return fd < 0 && errno == ELOOP;
}

/*
 * A folder of another mount namespace (/proc/N/root of a container of the same user) has a path
 * that means something else here.  With Landlock the script cannot come by one: its ptrace check
 * covers those links.  Without, the path must lead back to the object.
 */
static bool is_elsewhere(const struct tracer *tracer, int fd, const char *path)
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
	e = canonical(walk->tracer, fd, object->path, sizeof(object->path));
	if (e == 0)
		return fd;
	close(fd);
	return e;
}

/*
 * Where something is hidden: hidden.h.  openat2's own restrictions cannot be held by a walk, and its
 * answers could tell: there is no such call then.
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
	if (!names_looker(path) && !hidden_has_dots(path)) {
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
	if (!names_looker(path) || op->resolve_flags) {
		fd = (int)syscall(SYS_openat2, base, path, &how, sizeof(how));
		if (fd < 0)
			fd = -errno;
		/* openat2's own restrictions: the kernel's answer or none. */
		if (op->resolve_flags) {
			if (fd < 0 || !must_walk(tracer, base, fd, object))
				return fd;
			close(fd);
			return -EACCES;
		}
		if (fd == -ENOENT && meets_link(base, path))
			fd = -ELOOP;
		if (!must_walk(tracer, base, fd, object))
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return walk_to(walk, object, base, path);
}

static int look_up(const struct tracer *tracer, const struct op *op, struct object *object,
		   int base, const char *path, bool follows, struct walk *walk)
{
	int fd;

	*walk = (struct walk){ .tracer = tracer, .pid = op->pid, .tid = op->tid,
			       .follows_last = follows };
	fd = look_up_anywhere(tracer, op, object, base, path, follows, walk);
	if (fd < 0 || !is_elsewhere(tracer, fd, object->path))
		return fd;
	walk->is_foreign = true;
	close(fd);
	return -EACCES;
}

/* The folder and the last name; stat says what stands there now, if anything. */
static int look_up_name(const struct tracer *tracer, const struct op *op, struct object *object,
			int base, const char *raw, struct call_file *file)
{
	char folder[PATH_MAX];
	struct walk walk;
	int fd, e = names_split(raw, folder, object);

	if (e < 0)
		return e;
	fd = look_up(tracer, op, object, base, folder, true, &walk);
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
	if (fstatat(fd, object->name, &object->stat, AT_SYMLINK_NOFOLLOW) == 0)
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
	int fd = look_up(tracer, op, object, base, path, follows, &walk);

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
	e = canonical(tracer, base, object->path, sizeof(object->path));
	file->is_foreign_proc = e == 0 && is_elsewhere(tracer, base, object->path);
	view_name(tracer, object->path, sizeof(object->path), &object->in_layer);
	return e;
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
	view_name(tracer, object->path, sizeof(object->path), &object->in_layer);
	return e;
}

static int resolve_object(const struct tracer *tracer, struct op *op, struct object *object,
			  struct call_file *file)
{
	char magic[LAYER_PATH_MAX];
	int base, e;

	if (view_is_on(tracer) && object->lookup != LOOKUP_FD) {
		e = view_resolve(tracer, op, object, file, magic);
		return e == -EXDEV ? resolve_magic(tracer, op, object, magic, file) : e;
	}
	base = base_of(op, object);

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
	close_base(base);
	return e;
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
	file->is_nameless = is_nameless(object);
	file->is_open = object->lookup == LOOKUP_FD;
	file->is_held = held_suffices(op, object, file->is_nameless);
	proc_judge(tracer, object, file);
	file->path = object->path;
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

	if (view_is_on(tracer) && e == -ENOENT && other && !i && op->object[0]->parent >= 0)
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

	if (canonical(tracer, fd, now, sizeof(now)) < 0)
		return false;
	view_name(tracer, now, sizeof(now), &(bool){ false });
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
	return now.st_dev == object->stat.st_dev && now.st_ino == object->stat.st_ino;
}

static bool object_holds(const struct tracer *tracer, const struct object *object)
{
	if (proc_is_below(object->path))
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
