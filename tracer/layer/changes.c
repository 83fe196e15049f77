/* SPDX-License-Identifier: Apache-2.0 */
/* changes.c: see changes.h. */
#include "tracer/layer/changes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "tracer/dots.h"
#include "tracer/fdname.h"
#include "tracer/layer/copy.h"
#include "tracer/layer/whole.h"

#define COMPARE_CHUNK 65536
#define DEPTH_MAX 512

struct finding {
	struct layer *layer;
	change_fn *fn;
	void *data;
	unsigned depth;
};

const char *change_name(enum change_kind kind)
{
	static const char *const names[] = { "added", "changed", "mode", "deleted" };

	return names[kind];
}

static int tell(const struct finding *f, enum change_kind kind, const char *path,
		const struct stat *before, const struct stat *after)
{
	struct change change = {
		.kind = kind, .path = path,
		.old_mode = before ? before->st_mode : 0, .new_mode = after ? after->st_mode : 0,
		.old_size = before ? (uint64_t)before->st_size : 0,
		.new_size = after ? (uint64_t)after->st_size : 0,
	};

	return f->fn(f->data, &change);
}

static bool is_same_data(int a, int b)
{
	char first[COMPARE_CHUNK], second[COMPARE_CHUNK];
	off_t at = 0;

	for (;;) {
		ssize_t n = pread(a, first, sizeof(first), at);

		if (n < 0 || pread(b, second, sizeof(second), at) != n ||
		    memcmp(first, second, (size_t)n) != 0)
			return false;
		if (n == 0)
			return true;
		at += n;
	}
}

static bool is_same_file(const struct found *found, int real, const struct stat *before)
{
	cleanup_close int a = -1, b = -1;

	if (found->stat.st_size != before->st_size)
		return false;
	a = open(fd_path(found->fd).text, O_RDONLY | O_CLOEXEC);
	b = open(fd_path(real).text, O_RDONLY | O_CLOEXEC);
	return a >= 0 && b >= 0 && is_same_data(a, b);
}

static bool is_same_link(int a, int b)
{
	char first[PATH_MAX], second[PATH_MAX];
	ssize_t n = readlinkat(a, "", first, sizeof(first));

	return n >= 0 && readlinkat(b, "", second, sizeof(second)) == n &&
	       memcmp(first, second, (size_t)n) == 0;
}

static bool is_same(const struct found *found, int real, const struct stat *before)
{
	if ((found->stat.st_mode & S_IFMT) != (before->st_mode & S_IFMT))
		return false;
	if (S_ISREG(before->st_mode))
		return is_same_file(found, real, before);
	return S_ISLNK(before->st_mode) ? is_same_link(found->fd, real) : true;
}

/*
 * An outsider's chmod is not the script's: what it saw is known, or what is there now counts, as it
 * does for what came from elsewhere.
 */
static bool is_same_mode(const struct found *found, const char *path, const struct stat *before)
{
	const struct node *node = found->node;
	mode_t mode = found->stat.st_mode & 07777;
	bool is_known = node && node->kind == NODE_FROM && node->origin.mode &&
			strcmp(found->lower, path) == 0;

	if (S_ISLNK(before->st_mode) || mode == (before->st_mode & 07777))
		return true;
	return is_known && mode == ((mode_t)node->origin.mode & 07777);
}

static int find_in(struct finding *f, const char *path, bool is_real);

/* What stands for the same place of the real tree, untouched. */
static bool is_untouched(const struct found *found, const char *path)
{
	return found->is_stub && strcmp(found->lower, path) == 0 &&
	       !S_ISDIR(found->stat.st_mode);
}

static int compare(struct finding *f, const char *path, const struct found *found)
{
	cleanup_close int real = layer_open_at(f->layer->real, path, O_PATH | O_NOFOLLOW);
	bool is_folder = S_ISDIR(found->stat.st_mode);
	struct stat before;
	int e = 0;

	if (real >= 0 && fstat(real, &before) < 0)
		return -errno;
	if (real < 0)
		e = tell(f, CHANGE_ADDED, path, NULL, &found->stat);
	else if (!is_same(found, real, &before))
		e = tell(f, CHANGE_CHANGED, path, &before, &found->stat);
	else if (!is_same_mode(found, path, &before))
		e = tell(f, CHANGE_MODE, path, &before, &found->stat);
	if (e < 0 || !is_folder)
		return e;
	return find_in(f, path, real >= 0 && S_ISDIR(before.st_mode));
}

static int find_one(struct finding *f, const char *path)
{
	cleanup_found struct found found = FOUND_NONE;
	int e = layer_find(f->layer, path, &found);

	if (e < 0 || is_untouched(&found, path))
		return e == -ENOENT ? 0 : e;
	return compare(f, path, &found);
}

/* In order of their names, so that the list is the same each time. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int no_dots(const struct dirent *entry)
{
	return !is_dots(entry->d_name);
}

typedef int name_fn(struct finding *f, const char *path);

static int each_name(struct finding *f, int root, const char *folder, name_fn *fn)
{
	cleanup_close int fd = layer_open_at(root, folder, O_RDONLY | O_DIRECTORY);
	struct dirent **names = NULL;
	int count = fd < 0 ? fd : scandirat(fd, ".", &names, no_dots, by_name), e = 0;

	if (fd >= 0 && count < 0)
		return -errno;
	for (int i = 0; i < count; i++) {
		char path[LAYER_PATH_MAX];

		if (!e)
			e = layer_join(path, sizeof(path), folder, names[i]->d_name);
		if (!e)
			e = fn(f, path);
		free(names[i]);
	}
	free(names);
	return count < 0 ? count : e;
}

/* A real name that the view does not have. */
static int find_lost(struct finding *f, const char *path)
{
	cleanup_found struct found found = FOUND_NONE;
	cleanup_close int real = -1;
	struct stat before;
	int e = layer_find(f->layer, path, &found);

	if (e != -ENOENT)
		return 0;
	real = layer_open_at(f->layer->real, path, O_PATH | O_NOFOLLOW);
	if (real < 0 || fstat(real, &before) < 0)
		return 0;
	return tell(f, CHANGE_DELETED, path, &before, NULL);
}

/* Does everything real below still show, but for what is marked as gone? */
static bool shows_through(const struct found *folder, const char *path)
{
	return folder->node && folder->node->kind == NODE_FROM &&
	       strcmp(folder->lower, path) == 0 && !folder->node->is_whole;
}

static int find_gone(struct finding *f, const struct node *folder, const char *path)
{
	struct node *child, *next;
	int e = 0;

	HASH_ITER(hh, folder->children, child, next) {
		char below[LAYER_PATH_MAX];

		if (child->kind != NODE_GONE)
			continue;
		e = layer_join(below, sizeof(below), path, child->name);
		if (!e)
			e = find_lost(f, below);
		if (e < 0)
			return e;
	}
	return 0;
}

/* A folder from elsewhere: all that is in it is new here. */
static int bring_names(struct finding *f, const char *path)
{
	cleanup_found struct found folder = FOUND_NONE;
	int e = layer_find(f->layer, path, &folder);

	if (e < 0 || !folder.lower[0] || strcmp(folder.lower, path) == 0)
		return e;
	found_close(&folder);
	return copy_whole(f->layer, path);
}

static int find_in(struct finding *f, const char *path, bool is_real)
{
	cleanup_found struct found folder = FOUND_NONE;
	int e = f->depth++ < DEPTH_MAX ? bring_names(f, path) : -ELOOP;

	if (e == 0)
		e = each_name(f, f->layer->files, path, find_one);
	if (e == 0)
		e = layer_find(f->layer, path, &folder);
	if (e == 0 && is_real)
		e = shows_through(&folder, path) || folder.is_stub
			    ? folder.node ? find_gone(f, folder.node, path) : 0
			    : each_name(f, f->layer->real, path, find_lost);
	f->depth--;
	return e;
}

int layer_changes(struct layer *layer, change_fn *fn, void *data)
{
	struct finding finding = { .layer = layer, .fn = fn, .data = data };

	return find_in(&finding, "/", true);
}

int layer_sides(const struct layer *layer, const char *path, int *ret_old, int *ret_new)
{
	cleanup_found struct found found = FOUND_NONE;
	int real = layer_open_at(layer->real, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);

	*ret_old = real < 0 ? -1 : real;
	*ret_new = layer_find(layer, path, &found) == 0
			   ? open(fd_path(found.fd).text, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
	return 0;
}
