/* SPDX-License-Identifier: Apache-2.0 */
/* look.c: see look.h. */
#include "tracer/layer/look.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/fail.h"

#define LINKS_MAX 40            /* as the kernel: path_resolution(7) */
#define REST_MAX (2 * PATH_MAX)

struct walker {
	const struct layer *layer;
	const struct veil *veil;
	struct look *look;
	bool follows_last;
	unsigned links;
	char rest[REST_MAX];
};

static bool is_end(const char *rest)
{
	return rest[strspn(rest, "/")] == '\0';
}

static int append(char *path, const char *name, size_t length)
{
	size_t n = strcmp(path, "/") == 0 ? 0 : strlen(path);

	if (length > NAME_MAX || n + 1 + length + 1 > PATH_MAX)
		return -ENAMETOOLONG;
	path[n] = '/';
	memcpy(path + n + 1, name, length);
	path[n + 1 + length] = '\0';
	return 0;
}

/* Links of proc(5) jump to what no text names, for whoever follows them. */
static bool is_magic(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) < 0 || fs.f_type == PROC_SUPER_MAGIC;
}

static int meet_magic(struct walker *w, const char *path)
{
	size_t n = strlen(path), more = strlen(w->rest);

	if (n + 1 + more + 1 > sizeof(w->look->path))
		return -ENAMETOOLONG;
	memmove(w->look->path, path, n + 1);
	if (more) {
		w->look->path[n++] = '/';
		memcpy(w->look->path + n, w->rest, more + 1);
	}
	return -EXDEV;
}

static int follow(struct walker *w, const char *path, const struct found *link)
{
	char joined[REST_MAX], text[PATH_MAX];
	ssize_t n;
	int size;

	if (is_magic(link->fd))
		return meet_magic(w, path);
	if (++w->links > LINKS_MAX)
		return -ELOOP;
	n = readlinkat(link->fd, "", text, sizeof(text) - 1);
	if (n < 0)
		return -errno;
	if (n == 0)
		return -ENOENT;
	text[n] = '\0';
	size = snprintf(joined, sizeof(joined), "%s%s%s", text, w->rest[0] ? "/" : "", w->rest);
	if (size < 0 || (size_t)size >= sizeof(joined))
		return -ENAMETOOLONG;
	memcpy(w->rest, joined, (size_t)size + 1);
	if (text[0] == '/')
		strcpy(w->look->path, "/");
	return 0;
}

/* "." and "..": only a folder has them, and only who may search it sees them. */
static int step_dots(struct walker *w, size_t length)
{
	cleanup_found struct found found = FOUND_NONE;
	char parent[LAYER_PATH_MAX];
	int e = layer_find(w->layer, w->look->path, &found);

	if (e < 0)
		return e;
	if (!S_ISDIR(found.stat.st_mode))
		return -ENOTDIR;
	if (faccessat(found.fd, "", X_OK, AT_EMPTY_PATH | AT_EACCESS) < 0)
		return -errno;
	if (length == 1)
		return 0;
	layer_parent(w->look->path, parent, sizeof(parent));
	strcpy(w->look->path, parent);
	return 0;
}

static int missing(struct walker *w, const char *candidate)
{
	cleanup_found struct found folder = FOUND_NONE;
	int e = layer_find(w->layer, w->look->path, &folder);

	if (e < 0 || !is_end(w->rest))
		return e < 0 ? e : -ENOENT;
	strcpy(w->look->path, candidate);
	return 0;
}

/* The same whether something is there or not, and of what kind it is. */
static int meet_hidden(struct walker *w, const char *path, bool is_last)
{
	strcpy(w->look->path, path);
	w->look->exists = false;
	w->look->is_hidden = true;
	w->look->is_behind = !is_last;
	w->rest[0] = '\0';
	return is_last ? 0 : -ENOENT;
}

static int step(struct walker *w, const char *name, size_t length)
{
	cleanup_found struct found found = FOUND_NONE;
	char candidate[LAYER_PATH_MAX];
	bool is_last = is_end(w->rest), follows;
	int e;

	w->look->exists = true;
	if ((length == 1 || length == 2) && strncmp(name, "..", length) == 0)
		return step_dots(w, length);
	strcpy(candidate, w->look->path);
	e = append(candidate, name, length);
	if (e == 0 && w->veil && w->veil->hides(w->veil->data, candidate))
		return meet_hidden(w, candidate, is_last);
	if (e == 0)
		e = layer_find(w->layer, candidate, &found);
	if (e == -ENOENT) {
		w->look->exists = false;
		return missing(w, candidate);
	}
	if (e < 0)
		return e;
	follows = !is_last || w->rest[0] == '/' || w->follows_last;
	if (S_ISLNK(found.stat.st_mode) && follows)
		return follow(w, candidate, &found);
	if (!S_ISDIR(found.stat.st_mode) && (!is_last || w->rest[0] == '/'))
		return -ENOTDIR;
	strcpy(w->look->path, candidate);
	return 0;
}

static bool cut_name(struct walker *w, char *name, size_t *length)
{
	const char *rest = w->rest, *start;

	*length = node_next_name(&rest, &start);
	if (!*length)
		return false;
	if (*length > NAME_MAX)
		*length = NAME_MAX + 1;
	memcpy(name, start, *length);
	memmove(w->rest, rest, strlen(rest) + 1);
	return true;
}

static int walk(struct walker *w)
{
	char name[NAME_MAX + 2];
	size_t length;
	int e = 0;

	while (e == 0 && cut_name(w, name, &length))
		e = step(w, name, length);
	return e;
}

static bool has_dots(const char *path)
{
	const char *name;
	size_t length;

	while ((length = node_next_name(&path, &name)) > 0)
		if (length <= 2 && strncmp(name, "..", length) == 0)
			return true;
	return false;
}

/*
 * What is not hidden is in no folder that is, by its path; nor by a real path, as long as nothing
 * was moved.
 */
static bool may_be_hidden(const struct layer *layer, const struct veil *veil, const char *path)
{
	return veil && (layer->root->has_moved || veil->hides(veil->data, path));
}

/* Most paths have no link in them: then one look is enough, and shows it. */
static bool look_at_once(const struct layer *layer, const char *base, const char *raw,
			 bool follows_last, const struct veil *veil, struct look *look)
{
	const char *rest = raw, *name;
	size_t length;

	if (has_dots(raw))
		return false;
	strcpy(look->path, raw[0] == '/' ? "/" : base);
	while ((length = node_next_name(&rest, &name)) > 0)
		if (append(look->path, name, length) < 0)
			return false;
	if (may_be_hidden(layer, veil, look->path) ||
	    layer_find(layer, look->path, &look->found) < 0)
		return false;
	if ((S_ISLNK(look->found.stat.st_mode) && (follows_last || look->has_slash)) ||
	    (look->has_slash && !S_ISDIR(look->found.stat.st_mode))) {
		found_close(&look->found);
		return false;
	}
	look->exists = true;
	return true;
}

int layer_look(const struct layer *layer, const char *base, const char *raw, bool follows_last,
	       const struct veil *veil, struct look *ret)
{
	struct walker w = {
		.layer = layer, .veil = veil, .look = ret, .follows_last = follows_last,
	};
	size_t size = strlen(raw);
	int e;

	ret->found = (struct found)FOUND_NONE;
	ret->exists = true;
	ret->is_hidden = ret->is_behind = false;
	if (size == 0)
		return -ENOENT;
	if (size >= PATH_MAX)
		return -ENAMETOOLONG;
	ret->has_slash = raw[size - 1] == '/';
	if (look_at_once(layer, base, raw, follows_last, veil, ret))
		return 0;
	strcpy(ret->path, raw[0] == '/' ? "/" : base);
	memcpy(w.rest, raw, size + 1);
	e = walk(&w);
	if (e < 0 || !ret->exists)
		return e;
	return layer_find(layer, ret->path, &ret->found);
}
