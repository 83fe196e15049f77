/* SPDX-License-Identifier: Apache-2.0 */
/* whole.c: see whole.h. */
#include "tracer/layer/whole.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "tracer/dots.h"
#include "tracer/layer/copy.h"

/*
 * Regular files, most of what there is in large folders: their stand-ins are announced together,
 * and need no look at the real files.
 */
#define BATCH 128

struct whole {
	struct layer *layer;
	const char *path;        /* of the folder in the view */
	const struct found *found;
	struct quiet quiet;
	size_t count;
	char names[BATCH][NAME_MAX + 1];
};

/* -ENAMETOOLONG: nobody can ask for it either. */
static int paths_of(const struct whole *whole, const char *name, char *view, char *lower)
{
	int e = layer_join(view, LAYER_PATH_MAX, whole->path, name);

	return e < 0 ? e : layer_join(lower, LAYER_PATH_MAX, whole->found->lower, name);
}

static int announce(struct whole *whole, const char *name)
{
	const struct origin origin = { 0 };
	char view[LAYER_PATH_MAX], lower[LAYER_PATH_MAX];
	int e = paths_of(whole, name, view, lower);

	return e < 0 ? e : journal_from(&whole->layer->journal, whole->layer->root, view, lower,
				    &origin, true);
}

static void take_back(struct whole *whole, const char *name)
{
	char view[LAYER_PATH_MAX];

	if (layer_join(view, sizeof(view), whole->path, name) == 0)
		journal_plain(&whole->layer->journal, whole->layer->root, view);
}

/* Announced first: journal.h. */
static int show_batch(struct whole *whole)
{
	int e = 0, error;

	journal_hold(&whole->layer->journal);
	for (size_t i = 0; e == 0 && i < whole->count; i++)
		e = announce(whole, whole->names[i]);
	error = journal_release(&whole->layer->journal);
	e = e < 0 ? e : error;
	for (size_t i = 0; i < whole->count; i++) {
		if (e == 0 && mknodat(whole->quiet.fd, whole->names[i], S_IFREG | 0600, 0) < 0)
			e = -errno;
		if (e < 0)
			take_back(whole, whole->names[i]);
	}
	whole->count = 0;
	return e;
}

static int show_one(struct whole *whole, const char *view, const char *lower)
{
	cleanup_close int real = layer_open_at(whole->layer->real, lower, O_PATH | O_NOFOLLOW);

	if (real < 0)
		return 0;
	return copy_stand_in_at(whole->layer, whole->quiet.fd, view, lower, real);
}

/* Known already, or the script's own lies there and covers it. */
static bool is_there(const struct whole *whole, const char *name)
{
	struct stat st;

	return node_child(whole->found->node, name, strlen(name)) ||
	       fstatat(whole->quiet.fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static int show_name(struct whole *whole, const struct dirent *entry)
{
	char view[LAYER_PATH_MAX], lower[LAYER_PATH_MAX];

	if (is_dots(entry->d_name) || paths_of(whole, entry->d_name, view, lower) < 0 ||
	    is_there(whole, entry->d_name))
		return 0;
	if (entry->d_type != DT_REG)
		return show_one(whole, view, lower);
	strcpy(whole->names[whole->count++], entry->d_name);
	return whole->count == BATCH ? show_batch(whole) : 0;
}

static int show_names(struct whole *whole, DIR *dir)
{
	const struct dirent *entry;
	int e = 0;

	while (!e && (errno = 0, entry = readdir(dir)) != NULL)
		e = show_name(whole, entry);
	return e < 0 ? e : show_batch(whole);
}

static int show_all(struct layer *layer, const char *path, const struct found *found, DIR *dir)
{
	struct whole *whole = calloc(1, sizeof(*whole));
	int e;

	if (!whole)
		return -ENOMEM;
	whole->layer = layer;
	whole->path = path;
	whole->found = found;
	e = quiet_begin(layer, path, &whole->quiet);
	if (e == 0)
		e = show_names(whole, dir);
	quiet_end(&whole->quiet);
	free(whole);
	return e < 0 ? e : journal_whole(&layer->journal, layer->root, path);
}

int copy_whole(struct layer *layer, const char *path)
{
	cleanup_found struct found found = FOUND_NONE;
	int e = copy_folder(layer, path), fd;
	DIR *dir;

	if (e == 0)
		e = layer_find(layer, path, &found);
	if (e < 0)
		return e;
	if (!found.node || found.node->kind != NODE_FROM || found.node->is_stub ||
	    found.node->is_whole)
		return 0;
	fd = layer_open_at(layer->real, found.lower, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return -ENOMEM;
	}
	e = show_all(layer, path, &found, dir);
	closedir(dir);
	return e;
}
