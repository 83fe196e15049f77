/* SPDX-License-Identifier: Apache-2.0 */
/* apply.c: one change made real.  See changes.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "tracer/fdname.h"
#include "tracer/layer/change.h"
#include "tracer/layer/changes.h"
#include "tracer/layer/copy.h"

#define DEPTH_MAX 512

static int outcome(int result)
{
	return result < 0 ? -errno : 0;
}

static bool is_older(struct timespec a, struct timespec b)
{
	return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

/* Its mark was written when the layer was begun, and never again. */
static int begun(const struct layer *layer, struct timespec *ret_when)
{
	struct stat st;

	if (fstatat(layer->folder, "layer.json", &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	*ret_when = st.st_mtim;
	return 0;
}

static bool is_origin(const struct origin *origin, const struct stat *st)
{
	struct origin now = origin_of(st);

	/* A folder's size and time change with what is in it, which has checks of its own. */
	if (S_ISDIR(st->st_mode))
		return origin->device == now.device && origin->inode == now.inode;
	return memcmp(origin, &now, sizeof(now)) == 0;
}

/* The real object is the one that the script saw; -EBUSY. */
static int check_seen(const struct layer *layer, const struct stat *st, const struct origin *origin)
{
	struct timespec when = { 0 };
	int e;

	if (origin && origin->inode)
		return is_origin(origin, st) ? 0 : -EBUSY;
	e = begun(layer, &when);
	if (e < 0)
		return e;
	return S_ISDIR(st->st_mode) || !is_older(when, st->st_ctim) ? 0 : -EBUSY;
}

/* What the node at the path knows of the real file that stood there. */
static const struct origin *origin_at(const struct layer *layer, const char *path)
{
	const struct node *node = node_find(layer->root, path);

	return node && node->lower && strcmp(node->lower, path) == 0 ? &node->origin : NULL;
}

static int open_parent(const struct layer *layer, const char *path)
{
	char folder[LAYER_PATH_MAX];

	layer_parent(path, folder, sizeof(folder));
	return layer_open_at(layer->real, folder, O_PATH | O_DIRECTORY);
}

static int remove_tree(const struct layer *layer, int folder, const char *name, unsigned depth);

static int remove_inside(const struct layer *layer, int folder, const char *name, unsigned depth)
{
	int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), e = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!dir) {
		e = -errno;
		if (fd >= 0)
			close(fd);
		return e;
	}
	while (!e && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			e = remove_tree(layer, dirfd(dir), entry->d_name, depth + 1);
	closedir(dir);
	return e;
}

/* Stops at the first thing that is newer than the layer: nobody in there has seen it. */
static int remove_tree(const struct layer *layer, int folder, const char *name, unsigned depth)
{
	struct stat st;
	int e;

	if (depth > DEPTH_MAX || fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return depth > DEPTH_MAX ? -ELOOP : -errno;
	e = depth ? check_seen(layer, &st, NULL) : 0;
	if (e == 0 && S_ISDIR(st.st_mode))
		e = remove_inside(layer, folder, name, depth);
	return e < 0 ? e : outcome(unlinkat(folder, name, S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0));
}

/* Whole trees are looked through first: half a removal is not undone. */
static int check_tree(const struct layer *layer, int folder, const char *name, unsigned depth)
{
	int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), e = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	struct stat st;

	if (!dir) {
		e = -errno;
		if (fd >= 0)
			close(fd);
		return e == -ENOTDIR || e == -ELOOP ? 0 : e;
	}
	while (!e && depth < DEPTH_MAX && (entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		e = outcome(fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW));
		if (e == 0)
			e = check_seen(layer, &st, NULL);
		if (e == 0 && S_ISDIR(st.st_mode))
			e = check_tree(layer, dirfd(dir), entry->d_name, depth + 1);
	}
	closedir(dir);
	return e;
}

/* What is in the way, or to be removed: only if the script saw it. */
static int clear(const struct layer *layer, const char *path, int folder)
{
	const char *name = layer_name(path);
	struct stat st;
	int e;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	e = check_seen(layer, &st, origin_at(layer, path));
	if (e == 0 && S_ISDIR(st.st_mode))
		e = check_tree(layer, folder, name, 0);
	return e < 0 ? e : remove_tree(layer, folder, name, 0);
}

static int write_beside(const struct layer *layer, int folder, const char *beside,
			const struct found *found)
{
	cleanup_close int to = -1;
	int e;

	if (S_ISLNK(found->stat.st_mode)) {
		char text[PATH_MAX];
		ssize_t n = readlinkat(found->fd, "", text, sizeof(text) - 1);

		text[n < 0 ? 0 : n] = '\0';
		return n < 0 ? -errno : outcome(symlinkat(text, folder, beside));
	}
	if (S_ISFIFO(found->stat.st_mode)) {
		e = outcome(mkfifoat(folder, beside, 0600));
		return e < 0 ? e : outcome(fchmodat(folder, beside,
						    found->stat.st_mode & 07777, 0));
	}
	if (!S_ISREG(found->stat.st_mode))
		return -EOPNOTSUPP;
	to = openat(folder, beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (to < 0)
		return -errno;
	e = copy_out(layer, found, to);
	return e < 0 ? e : outcome(fsync(to));
}

/* Between the check and the rename somebody may still come: as late as can be. */
static int put_file(const struct layer *layer, const struct change *change, int folder,
		    const struct found *found)
{
	const char *name = layer_name(change->path);
	char beside[48];
	struct stat st;
	int e;

	/* Nothing of anybody's is called that, nor is it taken away if it is. */
	snprintf(beside, sizeof(beside), ".pyjail-apply.%d", getpid());
	e = write_beside(layer, folder, beside, found);
	if (e == -EEXIST)
		return e;

	if (e == 0 && fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		e = change->kind == CHANGE_ADDED ? -EBUSY
		    : check_seen(layer, &st, origin_at(layer, change->path));
		if (e == 0 && S_ISDIR(st.st_mode))
			e = clear(layer, change->path, folder);
	}
	if (e == 0)
		e = outcome(renameat2(folder, beside, folder, name,
				      change->kind == CHANGE_ADDED ? RENAME_NOREPLACE : 0));
	if (e < 0)
		unlinkat(folder, beside, 0);
	return e == -EEXIST ? -EBUSY : e;
}

static int put_folder(const struct layer *layer, const struct change *change, int folder,
		      const struct found *found)
{
	const char *name = layer_name(change->path);
	int e = change->kind == CHANGE_CHANGED ? clear(layer, change->path, folder) : 0;

	if (e == 0)
		e = outcome(mkdirat(folder, name, 0700));
	if (e == 0)
		e = outcome(fchmodat(folder, name, (found->stat.st_mode & 07777) | 0700, 0));
	return e == -EEXIST ? -EBUSY : e;
}

static int put_mode(const struct layer *layer, const struct change *change,
		    const struct found *found)
{
	cleanup_close int real = layer_open_at(layer->real, change->path, O_PATH | O_NOFOLLOW);
	struct stat st;
	int e = real < 0 ? real : outcome(fstat(real, &st));

	if (e == 0)
		e = check_seen(layer, &st, origin_at(layer, change->path));
	return e < 0 ? e : outcome(chmod(fd_path(real).text, found->stat.st_mode & 07777));
}

static bool is_at_or_below(const char *folder, const char *path)
{
	size_t n = strlen(folder);

	return strncmp(folder, path, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

static int bring_in(struct layer *layer, const char *path)
{
	cleanup_close int fd = layer_take(layer, path, TAKE_READ, NULL);

	return fd < 0 ? fd : 0;
}

/*
 * What was moved away from here still has its contents here, and in the layer nothing but a
 * stand-in: before the real file goes, they are brought in.
 */
static int secure(struct layer *layer, const struct node *folder, const char *at,
		  const char *path)
{
	const struct node *child, *next;
	int e = 0;

	for (child = folder->children; !e && child; child = next) {
		char below[LAYER_PATH_MAX];

		next = child->hh.next;
		if ((size_t)snprintf(below, sizeof(below), "%s/%s", at, child->name) >=
		    sizeof(below))
			return -ENAMETOOLONG;
		if (child->kind == NODE_FROM && child->is_stub &&
		    strcmp(child->lower, below) != 0 && is_at_or_below(path, child->lower))
			e = bring_in(layer, below);
		if (e == 0)
			e = secure(layer, child, below, path);
	}
	return e;
}

bool layer_applies(const struct change *change, enum apply_pass pass)
{
	if (change->kind == CHANGE_DELETED)
		return pass == APPLY_DELETE;
	if (pass == APPLY_FOLDER_MODE)
		return S_ISDIR(change->new_mode);
	return pass == APPLY_PUT && (change->kind != CHANGE_MODE || !S_ISDIR(change->new_mode));
}

static int put(struct layer *layer, const struct change *change, int folder)
{
	cleanup_found struct found found = FOUND_NONE;
	int e = 0;

	if (e == 0 && (change->kind == CHANGE_DELETED || change->kind == CHANGE_CHANGED))
		e = secure(layer, layer->root, "", change->path);
	if (e < 0 || change->kind == CHANGE_DELETED)
		return e < 0 ? e : clear(layer, change->path, folder);
	e = layer_find(layer, change->path, &found);
	if (e < 0)
		return e;
	if (change->kind == CHANGE_MODE)
		return put_mode(layer, change, &found);
	return S_ISDIR(found.stat.st_mode) ? put_folder(layer, change, folder, &found)
					   : put_file(layer, change, folder, &found);
}

static int put_folder_mode(const struct layer *layer, const struct change *change)
{
	cleanup_found struct found found = FOUND_NONE;
	int e = layer_find(layer, change->path, &found);

	return e < 0 ? e : put_mode(layer, change, &found);
}

int layer_apply(struct layer *layer, const struct change *change, enum apply_pass pass)
{
	cleanup_close int folder = -1;
	bool was_shut;
	struct stat st;
	int e;

	if (pass == APPLY_FOLDER_MODE)
		return put_folder_mode(layer, change);
	folder = open_parent(layer, change->path);
	if (folder < 0 || fstat(folder, &st) < 0)
		return folder < 0 ? folder : -errno;
	/* The script may have opened its own folder up, and shut it again. */
	was_shut = !layer->is_root && st.st_uid == geteuid() && (st.st_mode & 0300) != 0300;
	if (was_shut)
		chmod(fd_path(folder).text, (st.st_mode & 07777) | 0300);
	e = put(layer, change, folder);
	if (was_shut)
		chmod(fd_path(folder).text, st.st_mode & 07777);
	return e;
}
