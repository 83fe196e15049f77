/* SPDX-License-Identifier: Apache-2.0 */
/* world.c: see world.h. */
#include "tests/support/world.h"

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "tracer/fdname.h"
#include "tracer/layer/change.h"
#include "tracer/layer/copy.h"
#include "tracer/layer/look.h"
#include "tracer/layer/merged.h"
#include "tracer/layer/whole.h"

static int outcome(int result)
{
	return result < 0 ? -errno : result;
}

/* What a path is: in the plain world relative to the root; in the other looked up. */
struct meant {
	int fd;                  /* of the object; -1: not there */
	int folder;              /* plain: the root */
	const char *name;        /* plain: the path */
	struct look look;
};

static const char *relative(const char *path)
{
	path += strspn(path, "/");
	return *path ? path : ".";
}

static int read_and_write(struct world *world, int fd, const struct world_op *op)
{
	char text[512] = "";
	ssize_t n = 0;

	if ((op->flags & O_ACCMODE) != O_WRONLY)
		n = read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return -errno;
	if ((op->flags & O_ACCMODE) != O_RDONLY && write(fd, op->data, strlen(op->data)) < 0)
		return -errno;
	snprintf(world->said, sizeof(world->said), "%.*s", (int)n, text);
	return 0;
}

static int check_open(const struct look *look, int flags)
{
	mode_t type = look->found.stat.st_mode & S_IFMT;

	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if (flags & O_DIRECTORY && type != S_IFDIR)
		return -ENOTDIR;
	if (type == S_IFLNK)
		return -ELOOP;
	return flags & O_CREAT && type == S_IFDIR ? -EISDIR : 0;
}

static int open_there(struct world *world, const struct look *look, int flags)
{
	bool writes = (flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC;
	cleanup_close int fd = -1;
	int e = check_open(look, flags);

	if (e < 0)
		return e;
	if (!writes && !S_ISDIR(look->found.stat.st_mode))
		return outcome(open(fd_path(look->found.fd).text, flags & ~(O_CREAT | O_NOFOLLOW)));
	if (writes && S_ISDIR(look->found.stat.st_mode))
		return -EISDIR;
	fd = layer_take(world->layer, look->path,
			!writes ? TAKE_LIST : flags & O_TRUNC ? TAKE_TRUNCATE : TAKE_WRITE,
			NULL);
	if (fd < 0)
		return fd;
	return outcome(open(fd_path(fd).text, flags & ~(O_CREAT | O_EXCL | O_NOFOLLOW)));
}

static int open_new(struct world *world, const struct look *look, const struct world_op *op)
{
	cleanup_close int folder = -1;
	int fd;

	if (!(op->flags & O_CREAT))
		return -ENOENT;
	if (look->has_slash)
		return -EISDIR;
	folder = layer_take_parent(world->layer, look->path);
	if (folder < 0)
		return folder;
	fd = outcome(openat(folder, layer_name(look->path), op->flags | O_EXCL, op->mode));
	if (fd >= 0)
		ck_assert_int_eq(layer_made(world->layer, look->path), 0);
	return fd;
}

static int open_in_view(struct world *world, const struct world_op *op)
{
	bool follows = !(op->flags & O_NOFOLLOW) &&
		       (op->flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);
	cleanup_found struct found closing = FOUND_NONE;
	struct look look;
	int e = layer_look(world->layer, "/", relative(op->path), follows, NULL, &look);

	if (e < 0)
		return e;
	closing.fd = look.found.fd;
	return look.exists ? open_there(world, &look, op->flags) : open_new(world, &look, op);
}

static int do_open(struct world *world, const struct world_op *op)
{
	int fd = world->layer ? open_in_view(world, op)
			      : outcome(openat(world->root, relative(op->path), op->flags,
					       op->mode));
	int e = fd;

	if (fd < 0)
		return e;
	e = read_and_write(world, fd, op);
	close(fd);
	return e;
}

static const char *age(const struct stat *st)
{
	return st->st_mtim.tv_sec == WORLD_OLD ? "old" : "new";
}

static void say_stat(const struct world *world, const struct stat *st, char *out, size_t size)
{
	bool is_folder = S_ISDIR(st->st_mode);
	bool counts = !is_folder && !world->is_brief;

	snprintf(out, size, "%o %u:%u links %d size %lld %s", st->st_mode, st->st_uid, st->st_gid,
		 counts ? (int)st->st_nlink : 0, is_folder ? 0 : (long long)st->st_size,
		 world->is_brief ? "" : age(st));
}

static int stat_in_view(struct world *world, const struct world_op *op, struct stat *st)
{
	cleanup_found struct found closing = FOUND_NONE;
	cleanup_close int fd = -1;
	struct look look;
	bool follows = !(op->flags & AT_SYMLINK_NOFOLLOW);
	int e = layer_look(world->layer, "/", relative(op->path), follows, NULL, &look);

	if (e < 0)
		return e;
	closing.fd = look.found.fd;
	if (!look.exists)
		return -ENOENT;
	if (S_ISDIR(look.found.stat.st_mode)) {
		fd = layer_take(world->layer, look.path, TAKE_LIST, NULL);
		return fd < 0 ? fd : outcome(fstat(fd, st));
	}
	*st = look.found.stat;
	return 0;
}

static int do_stat(struct world *world, const struct world_op *op)
{
	struct stat st;
	int e = world->layer ? stat_in_view(world, op, &st)
			     : outcome(fstatat(world->root, relative(op->path), &st, op->flags));

	if (e == 0)
		say_stat(world, &st, world->said, sizeof(world->said));
	return e;
}

#define NAMES_MAX 256

struct names {
	char *texts[NAMES_MAX];
	size_t count, left;      /* in this part of the listing */
	int64_t position;
};

static void add_name(struct names *names, const char *name, unsigned char type)
{
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return;
	ck_assert_uint_lt(names->count, NAMES_MAX);
	ck_assert_int_gt(asprintf(&names->texts[names->count++], "%s %d", name, type), 0);
}

static bool take_name(void *data, const struct dirent64 *entry)
{
	struct names *names = data;

	if (!names->left)
		return false;
	names->left--;
	names->position = entry->d_off;
	add_name(names, entry->d_name, entry->d_type);
	return true;
}

/* A few at a time, and each time as if something had been made or removed meanwhile. */
static void read_merged(struct layer *layer, const char *path, struct names *names)
{
	while (names->position < MERGED_END) {
		int64_t before = names->position;

		names->left = 3;
		ck_assert_int_eq(merged_read(layer, path, before, take_name, names), 0);
		ck_assert_int_gt(names->position, before);
		layer->edits++;
	}
}

static void read_names(int fd, struct names *names)
{
	DIR *dir = fdopendir(fd);
	const struct dirent *entry;

	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)) != NULL)
		add_name(names, entry->d_name, entry->d_type);
	closedir(dir);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_in_view(struct world *world, const struct world_op *opening, bool watches,
			struct names *names)
{
	cleanup_found struct found closing = FOUND_NONE;
	int fd = open_in_view(world, opening);
	struct look look;

	if (fd < 0)
		return fd;
	ck_assert_int_eq(layer_look(world->layer, "/", relative(opening->path), true, NULL, &look), 0);
	closing.fd = look.found.fd;
	/* As for inotify_add_watch. */
	if (watches)
		ck_assert_int_eq(copy_whole(world->layer, look.path), 0);
	if (layer_merges(world->layer, look.path)) {
		close(fd);
		read_merged(world->layer, look.path, names);
	} else {
		read_names(fd, names);
	}
	return 0;
}

static int list_plain(struct world *world, const struct world_op *opening, struct names *names)
{
	int fd = outcome(openat(world->root, relative(opening->path), opening->flags));

	if (fd < 0)
		return fd;
	read_names(fd, names);
	return 0;
}

static int do_list(struct world *world, const struct world_op *op)
{
	struct world_op opening = { .flags = O_RDONLY | O_DIRECTORY };
	struct names names = { .count = 0 };
	int e;

	strcpy(opening.path, op->path);
	e = world->layer ? list_in_view(world, &opening, op->flags % 4 == 1, &names)
			 : list_plain(world, &opening, &names);
	if (e < 0)
		return e;
	qsort(names.texts, names.count, sizeof(names.texts[0]), by_name);
	for (size_t i = 0; i < names.count; i++) {
		size_t n = strlen(world->said);

		snprintf(world->said + n, sizeof(world->said) - n, "%s;", names.texts[i]);
		free(names.texts[i]);
	}
	return (int)names.count;
}

static int do_readlink(struct world *world, const struct world_op *op)
{
	struct look look;
	int e;

	if (!world->layer)
		return outcome((int)readlinkat(world->root, relative(op->path), world->said, 200));
	e = layer_look(world->layer, "/", relative(op->path), false, NULL, &look);
	if (e < 0 || !look.exists)
		return e < 0 ? e : -ENOENT;
	e = (int)readlinkat(look.found.fd, "", world->said, 200);
	e = e < 0 && errno == ENOENT ? -EINVAL : outcome(e);
	found_close(&look.found);
	return e;
}

/* The canonical path of a name: its folder is looked up, the name is added. */
static int name_in_view(struct world *world, const char *raw, char *path, struct found *found)
{
	char folder[LAYER_PATH_MAX], absolute[128];
	cleanup_found struct found closing = FOUND_NONE;
	struct look look;
	int e;

	snprintf(absolute, sizeof(absolute), "/%s", relative(raw));
	layer_parent(absolute, folder, sizeof(folder));
	e = layer_look(world->layer, "/", folder, true, NULL, &look);
	if (e < 0)
		return e;
	closing.fd = look.found.fd;
	if (!look.exists)
		return -ENOENT;
	if (!S_ISDIR(look.found.stat.st_mode))
		return -ENOTDIR;
	ck_assert_int_lt(snprintf(path, LAYER_PATH_MAX, "%s/%s",
				  strcmp(look.path, "/") ? look.path : "", layer_name(absolute)),
			 LAYER_PATH_MAX);
	e = layer_find(world->layer, path, found);
	return e == -ENOENT ? 0 : e;
}

static int make_in_view(struct world *world, const struct world_op *op, const char *path)
{
	cleanup_close int folder = layer_take_parent(world->layer, path);
	const char *name = layer_name(path);
	int e;

	if (folder < 0)
		return folder;
	if (op->kind == WORLD_MKDIR)
		e = outcome(mkdirat(folder, name, op->mode));
	else if (op->kind == WORLD_MKFIFO)
		e = outcome(mkfifoat(folder, name, op->mode));
	else
		e = outcome(symlinkat(op->path2, folder, name));
	return e < 0 ? e : layer_made(world->layer, path);
}

static int name_op_in_view(struct world *world, const struct world_op *op)
{
	cleanup_found struct found found = FOUND_NONE, found2 = FOUND_NONE;
	char path[LAYER_PATH_MAX], path2[LAYER_PATH_MAX];
	bool has_second = op->kind == WORLD_RENAME || op->kind == WORLD_LINK;
	int e = name_in_view(world, op->path, path, &found);

	if (e == 0 && has_second && op->kind == WORLD_LINK && found.fd < 0)
		e = -ENOENT;
	if (e == 0 && has_second)
		e = name_in_view(world, op->path2, path2, &found2);
	if (e < 0)
		return e;
	switch ((int)op->kind) {
	case WORLD_UNLINK:
	case WORLD_RMDIR:
		return found.fd < 0 ? -ENOENT
				    : layer_remove(world->layer, path, op->kind == WORLD_RMDIR);
	case WORLD_RENAME:
		return found.fd < 0 ? -ENOENT
				    : layer_rename(world->layer, path, path2, (unsigned)op->flags);
	case WORLD_LINK:
		return found2.fd >= 0 ? -EEXIST : layer_link(world->layer, path, path2);
	default:
		return found.fd >= 0 ? -EEXIST : make_in_view(world, op, path);
	}
}

static int name_op(struct world *world, const struct world_op *op)
{
	const char *path = relative(op->path), *path2 = relative(op->path2);
	int root = world->root;

	if (world->layer)
		return name_op_in_view(world, op);
	switch ((int)op->kind) {
	case WORLD_MKDIR:
		return outcome(mkdirat(root, path, op->mode));
	case WORLD_MKFIFO:
		return outcome(mkfifoat(root, path, op->mode));
	case WORLD_RMDIR:
		return outcome(unlinkat(root, path, AT_REMOVEDIR));
	case WORLD_UNLINK:
		return outcome(unlinkat(root, path, 0));
	case WORLD_RENAME:
		return outcome(renameat2(root, path, root, path2, (unsigned)op->flags));
	case WORLD_LINK:
		return outcome(linkat(root, path, root, path2, 0));
	default:
		return outcome(symlinkat(op->path2, root, path));
	}
}

static int change_by_path(const struct world_op *op, int at, const char *path)
{
	const struct timespec times[2] = { { .tv_sec = WORLD_OLD }, { .tv_sec = WORLD_OLD } };
	int fd, e;

	switch ((int)op->kind) {
	case WORLD_CHMOD:
		return outcome(fchmodat(at, path, op->mode, 0));
	case WORLD_UTIME:
		return outcome(utimensat(at, path, op->flags ? times : NULL, 0));
	default:
		fd = openat(at, path, O_WRONLY | O_NONBLOCK);
		if (fd < 0)
			return -errno;
		e = outcome(ftruncate(fd, op->flags % 100));
		close(fd);
		return e;
	}
}

static int attribute_op(struct world *world, const struct world_op *op)
{
	cleanup_close int fd = -1;
	enum take take = op->kind == WORLD_TRUNCATE ? TAKE_WRITE
			 : op->kind == WORLD_UTIME && !op->flags ? TAKE_TIMES_NOW : TAKE_OWNER;
	struct look look;
	int e;

	if (!world->layer)
		return change_by_path(op, world->root, relative(op->path));
	e = layer_look(world->layer, "/", relative(op->path), true, NULL, &look);
	if (e < 0 || !look.exists)
		return e < 0 ? e : -ENOENT;
	e = op->kind == WORLD_TRUNCATE && S_ISDIR(look.found.stat.st_mode) ? -EISDIR : 0;
	found_close(&look.found);
	fd = e < 0 ? e : layer_take(world->layer, look.path, take, NULL);
	return fd < 0 ? fd : change_by_path(op, AT_FDCWD, fd_path(fd).text);
}

int world_do(struct world *world, const struct world_op *op)
{
	memset(world->said, 0, 256);
	switch (op->kind) {
	case WORLD_OPEN:
		return do_open(world, op);
	case WORLD_STAT:
		return do_stat(world, op);
	case WORLD_LIST:
		return do_list(world, op);
	case WORLD_READLINK:
		return do_readlink(world, op);
	case WORLD_CHMOD:
	case WORLD_TRUNCATE:
	case WORLD_UTIME:
		return attribute_op(world, op);
	case WORLD_MKDIR: case WORLD_RMDIR: case WORLD_UNLINK: case WORLD_RENAME: case WORLD_LINK:
	case WORLD_SYMLINK: case WORLD_MKFIFO: case WORLD_KINDS:
	default:
		return name_op(world, op);
	}
}
