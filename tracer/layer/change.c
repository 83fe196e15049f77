/* SPDX-License-Identifier: Apache-2.0 */
/* change.c: see change.h. */
#include "tracer/layer/change.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "tracer/fdname.h"
#include "tracer/layer/copy.h"
#include "tracer/layer/merged.h"
#include "tracer/samefile.h"

static int outcome(int result)
{
	return result < 0 ? -errno : 0;
}

static bool may(int fd, int mode)
{
	return faccessat(fd, "", mode, AT_EMPTY_PATH | AT_EACCESS) == 0;
}

static bool is_owner(const struct layer *layer, const struct stat *st)
{
	return layer->is_root || st->st_uid == geteuid();
}

static int check_take(const struct layer *layer, const struct found *found, enum take take)
{
	switch (take) {
	case TAKE_LIST:
	case TAKE_READ:
		return 0;
	case TAKE_WRITE:
	case TAKE_TRUNCATE:
		return may(found->fd, W_OK) ? 0 : -errno;
	case TAKE_OWNER:
		return is_owner(layer, &found->stat) ? 0 : -EPERM;
	case TAKE_TIMES_NOW:
		return is_owner(layer, &found->stat) || may(found->fd, W_OK) ? 0 : -EACCES;
	}
	return -EINVAL;
}

/* The layer's own in place of what was found. */
static int bring_up(struct layer *layer, const char *path, enum take take, struct found *found)
{
	int e;

	if (found->is_upper && (take == TAKE_LIST || !found->is_stub))
		return 0;
	e = take == TAKE_LIST ? copy_name(layer, path)
			      : copy_up(layer, path, found, take != TAKE_TRUNCATE);
	found_close(found);
	return e < 0 ? e : layer_find(layer, path, found);
}

int layer_take(struct layer *layer, const char *path, enum take take, const struct stat *seen)
{
	cleanup_found struct found found = FOUND_NONE;
	int e = layer_find(layer, path, &found);

	if (e == 0 && seen && !same_file(&found.stat, seen))
		e = -ESTALE;
	if (e == 0)
		e = check_take(layer, &found, take);
	if (e == 0)
		e = bring_up(layer, path, take, &found);
	return e < 0 ? e : steal_fd(&found.fd);
}

/* Who may make and remove names there: X for the lookup, W for the change. */
static int check_folder(const struct layer *layer, const char *folder)
{
	cleanup_found struct found found = FOUND_NONE;
	int e = layer_find(layer, folder, &found);

	if (e < 0)
		return e;
	if (!S_ISDIR(found.stat.st_mode))
		return -ENOTDIR;
	return may(found.fd, W_OK | X_OK) ? 0 : -errno;
}

int layer_take_parent(struct layer *layer, const char *path)
{
	char folder[LAYER_PATH_MAX];
	int e;

	layer->edits++;
	layer_parent(path, folder, sizeof(folder));
	e = check_folder(layer, folder);
	if (e == 0)
		e = copy_folder(layer, folder);
	return e < 0 ? e : layer_open_at(layer->files, folder, O_PATH | O_DIRECTORY);
}

int layer_made(struct layer *layer, const char *path)
{
	return journal_plain(&layer->journal, layer->root, path);
}

/* chmod(1), S_ISVTX: the owner of the file or of the folder.  The layer's copies are all ours. */
static int check_sticky(const struct layer *layer, const char *path)
{
	cleanup_found struct found folder = FOUND_NONE, victim = FOUND_NONE;
	char parent[LAYER_PATH_MAX];
	int e;

	layer_parent(path, parent, sizeof(parent));
	e = layer_find(layer, parent, &folder);
	if (e == 0 && !(folder.stat.st_mode & S_ISVTX))
		return 0;
	if (e == 0)
		e = layer_find(layer, path, &victim);
	if (e < 0)
		return e;
	return is_owner(layer, &folder.stat) || is_owner(layer, &victim.stat) ? 0 : -EPERM;
}

/* The name is free now.  Where a real one would shine through, it is marked as gone. */
static int left(struct layer *layer, const char *path)
{
	cleanup_found struct found folder = FOUND_NONE;
	cleanup_close int real = -1;
	char parent[LAYER_PATH_MAX], lower[2 * LAYER_PATH_MAX];
	struct origin origin;
	struct stat st;
	int e;

	layer_parent(path, parent, sizeof(parent));
	e = layer_find(layer, parent, &folder);
	if (e < 0)
		return e;
	if (folder.node && folder.node->kind == NODE_FROM) {
		snprintf(lower, sizeof(lower), "%s/%s",
			 strcmp(folder.lower, "/") ? folder.lower : "", layer_name(path));
		real = layer_open_at(layer->real, lower, O_PATH | O_NOFOLLOW);
	}
	if (real < 0 || fstat(real, &st) < 0)
		return journal_plain(&layer->journal, layer->root, path);
	origin = origin_of(&st);
	return journal_gone(&layer->journal, layer->root, path, lower, &origin);
}

/* As a mount point: it stays where it is. */
static bool is_cover(const struct found *found)
{
	return found->node && found->node->is_cover;
}

static int check_removal(const struct layer *layer, const char *path, bool is_folder)
{
	cleanup_found struct found found = FOUND_NONE;
	int e = layer_find(layer, path, &found);

	if (e < 0)
		return e;
	if (is_folder != S_ISDIR(found.stat.st_mode))
		return is_folder ? -ENOTDIR : -EISDIR;
	if (is_cover(&found))
		return -EBUSY;
	return check_sticky(layer, path);
}

int layer_remove(struct layer *layer, const char *path, bool is_folder)
{
	cleanup_close int parent = layer_take_parent(layer, path);
	int e = parent < 0 ? parent : check_removal(layer, path, is_folder);

	if (e == 0)
		e = copy_name(layer, path);
	if (e == 0 && is_folder)
		e = merged_check_empty(layer, path);
	if (e == 0)
		e = outcome(unlinkat(parent, layer_name(path), is_folder ? AT_REMOVEDIR : 0));
	return e < 0 ? e : left(layer, path);
}

/* Both names as the kernel must find them to give its own errors. */
static int bring_end(struct layer *layer, const char *path, bool must_exist)
{
	cleanup_found struct found found = FOUND_NONE;
	int e = layer_find(layer, path, &found);

	if (e < 0)
		return e == -ENOENT && !must_exist ? 0 : e;
	if (is_cover(&found))
		return -EBUSY;
	e = check_sticky(layer, path);
	if (e < 0)
		return e;
	return found.is_upper ? 0 : copy_name(layer, path);
}

/* rename(2): of two names of one file the kernel does nothing, so nothing moves here either. */
static bool is_same(const struct layer *layer, const char *a, const char *b)
{
	cleanup_found struct found first = FOUND_NONE, second = FOUND_NONE;

	if (layer_find(layer, a, &first) < 0 || layer_find(layer, b, &second) < 0)
		return false;
	return same_file(&first.stat, &second.stat);
}

int change_moved(struct layer *layer, const char *from, const char *to)
{
	int e = journal_move(&layer->journal, layer->root, from, to);

	return e < 0 ? e : left(layer, from);
}

static bool same_parent(const char *a, const char *b)
{
	size_t n = (size_t)(layer_name(a) - a);

	return n == (size_t)(layer_name(b) - b) && strncmp(a, b, n) == 0;
}

/*
 * A folder that changes its parent is written to (its ".."): rename(2), EACCES, before the kernel
 * looks whether the place is free.  Of somebody else's folder the stand-in is the user's own.
 */
static int check_own_write(const struct found *found)
{
	return !S_ISDIR(found->stat.st_mode) || may(found->fd, W_OK) ? 0 : -errno;
}

/* What the lookup alone answers comes before any right is asked for. */
static int check_ends(const struct layer *layer, const char *from, const char *to, unsigned flags)
{
	struct found found = FOUND_NONE;
	int e = layer_find(layer, from, &found);

	if (e < 0)
		return e;
	found_close(&found);
	e = layer_find(layer, to, &found);
	if (e == -ENOENT)
		return flags & RENAME_EXCHANGE ? e : 0;
	if (e < 0)
		return e;
	found_close(&found);
	return flags & RENAME_NOREPLACE ? -EEXIST : 0;
}

/*
 * What the kernel would say of two real folders, and cannot of the layer's; whether a folder is to
 * replace a file, or the other way round, it says itself, and first.
 */
static int check_folders(struct layer *layer, const char *from, const char *to, bool swaps)
{
	cleanup_found struct found first = FOUND_NONE, second = FOUND_NONE;
	int e = layer_find(layer, from, &first);
	bool is_taken;

	if (e == 0)
		e = layer_find(layer, to, &second);
	if (e < 0 && e != -ENOENT)
		return e;
	is_taken = e == 0;
	if (is_taken && !swaps && S_ISDIR(first.stat.st_mode) != S_ISDIR(second.stat.st_mode))
		return 0;
	e = same_parent(from, to) ? 0 : check_own_write(&first);
	if (e == 0 && swaps && !same_parent(from, to))
		e = check_own_write(&second);
	if (e == 0 && is_taken && !swaps && S_ISDIR(second.stat.st_mode))
		e = merged_check_empty(layer, to);
	return e;
}

static int rename_checked(struct layer *layer, const char *from, const char *to, unsigned flags)
{
	cleanup_close int old = layer_take_parent(layer, from);
	cleanup_close int new = layer_take_parent(layer, to);
	bool swaps = flags & RENAME_EXCHANGE;
	int e = old < 0 ? old : new < 0 ? new : 0;

	if (e == 0)
		e = bring_end(layer, from, true);
	if (e == 0)
		e = bring_end(layer, to, swaps);
	if (e == 0)
		e = check_folders(layer, from, to, swaps);
	if (e < 0)
		return e;
	e = swaps ? 0 : journal_intend(&layer->journal, from, to);
	if (e == 0)
		e = outcome(renameat2(old, layer_name(from), new, layer_name(to), flags));
	if (e < 0)
		return e;
	return swaps ? journal_exchange(&layer->journal, layer->root, from, to)
		     : change_moved(layer, from, to);
}

static bool is_below(const char *folder, const char *path)
{
	size_t n = strlen(folder);

	return strncmp(folder, path, n) == 0 && path[n] == '/';
}

int layer_rename(struct layer *layer, const char *from, const char *to, unsigned flags)
{
	int e = check_ends(layer, from, to, flags);

	if (e == 0 && is_below(from, to))
		return -EINVAL;
	if (e == 0 && is_below(to, from))
		return flags & RENAME_EXCHANGE ? -EINVAL : -ENOTEMPTY;
	if (e == 0 && is_same(layer, from, to))
		return 0;
	return e < 0 ? e : rename_checked(layer, from, to, flags);
}

/* Both names stand for the same real file. */
static int name_twice(struct layer *layer, const char *from, const char *to)
{
	const struct node *node = node_find(layer->root, from);
	struct origin origin;
	char lower[LAYER_PATH_MAX];

	if (!node || node->kind != NODE_FROM)
		return layer_made(layer, to);
	origin = node->origin;
	snprintf(lower, sizeof(lower), "%s", node->lower);
	return journal_from(&layer->journal, layer->root, to, lower, &origin, false);
}

int layer_link(struct layer *layer, const char *from, const char *to)
{
	cleanup_found struct found found = FOUND_NONE;
	cleanup_close int parent = layer_take_parent(layer, to);
	int e = parent < 0 ? parent : layer_find(layer, from, &found);

	if (e == 0 && S_ISDIR(found.stat.st_mode))
		return -EPERM;
	if (e == 0)
		e = bring_up(layer, from, TAKE_READ, &found);
	if (e == 0)
		e = outcome(linkat(AT_FDCWD, fd_path(found.fd).text, parent, layer_name(to),
				   AT_SYMLINK_FOLLOW));
	return e < 0 ? e : name_twice(layer, from, to);
}
