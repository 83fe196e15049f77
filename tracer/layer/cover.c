/* SPDX-License-Identifier: Apache-2.0 */
/* cover.c: see cover.h. */
#include "tracer/layer/cover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fail.h"
#include "tracer/layer/copy.h"
#include "tracer/layer/sweep.h"

static int open_parent(const struct layer *layer, const char *path)
{
	char folder[LAYER_PATH_MAX];

	layer_parent(path, folder, sizeof(folder));
	return layer_open_at(layer->files, folder, O_PATH | O_DIRECTORY);
}

/* From files/ alone: the real tree does not show yet where all its names had stand-ins. */
static int clear(struct layer *layer, const char *path)
{
	cleanup_close int parent = open_parent(layer, path);

	if (parent < 0)
		return parent == -ENOENT ? 0 : parent;
	return sweep_remove(parent, layer_name(path));
}

static int make_folder(const struct layer *layer, const char *path, mode_t mode)
{
	cleanup_close int parent = open_parent(layer, path);

	if (parent < 0)
		return parent;
	if (mkdirat(parent, layer_name(path), 0700) < 0 ||
	    fchmodat(parent, layer_name(path), mode, 0) < 0)
		return -errno;
	return 0;
}

int layer_cover(struct layer *layer, const char *path, mode_t mode)
{
	char folder[LAYER_PATH_MAX];
	int e;

	layer_parent(path, folder, sizeof(folder));
	e = copy_folder(layer, folder);
	if (e == 0)
		e = journal_cover(&layer->journal, layer->root, path);
	if (e == 0)
		e = clear(layer, path);
	return e < 0 ? e : make_folder(layer, path, mode);
}

static int make_own_folder(struct layer *layer, const char *path)
{
	cleanup_close int parent = open_parent(layer, path);

	if (parent < 0)
		return parent;
	return mkdirat(parent, layer_name(path), 0755) < 0 ? -errno : 0;
}

int layer_make_way(struct layer *layer, const char *path)
{
	char prefix[LAYER_PATH_MAX];
	const char *rest = path;

	while (layer_next_prefix(path, &rest, prefix)) {
		struct found found = FOUND_NONE;
		int e = layer_find(layer, prefix, &found);

		found_close(&found);
		if (e == -ENOENT)
			e = make_own_folder(layer, prefix);
		if (e < 0)
			return e;
	}
	return 0;
}

int layer_uncover(struct layer *layer, const char *path)
{
	cleanup_found struct found found = FOUND_NONE;
	char folder[LAYER_PATH_MAX];
	int e = layer_find(layer, path, &found);

	if (e != -ENOENT)
		return e;
	e = layer_open_at(layer->real, path, O_PATH | O_NOFOLLOW);
	if (e < 0)
		return e;
	close(e);
	layer_parent(path, folder, sizeof(folder));
	e = layer_make_way(layer, folder);
	return e < 0 ? e : copy_stand_in(layer, path, path);
}

/* Among names that were all brought in, the real one needs its stand-in again. */
static int show_again(struct layer *layer, const char *path)
{
	cleanup_found struct found folder = FOUND_NONE;
	char parent[LAYER_PATH_MAX];
	int e;

	layer_parent(path, parent, sizeof(parent));
	e = layer_find(layer, parent, &folder);
	if (e == 0 && folder.node && folder.node->is_whole)
		e = copy_stand_in(layer, path, path);
	return e == -ENOENT ? 0 : e;
}

/*
 * At once: who is killed in between leaves a cover, or none.  A name that is neither covered nor
 * known again would be one that the script removed.
 */
static int uncover(struct layer *layer, const char *path)
{
	int e, error;

	journal_hold(&layer->journal);
	e = journal_plain(&layer->journal, layer->root, path);
	if (e == 0)
		e = show_again(layer, path);
	error = journal_release(&layer->journal);
	return e < 0 ? e : error;
}

static int lift(struct layer *layer, const struct node *cover)
{
	char path[LAYER_PATH_MAX];
	int e = node_path(cover, path, sizeof(path));

	if (e == 0)
		e = clear(layer, path);
	return e < 0 ? e : uncover(layer, path);
}

int layer_lift(struct layer *layer)
{
	const struct node *cover;
	int e = 0;

	while (e == 0 && (cover = node_find_cover(layer->root)) != NULL)
		e = lift(layer, cover);
	return e;
}
