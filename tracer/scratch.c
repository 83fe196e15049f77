/* SPDX-License-Identifier: Apache-2.0 */
/* scratch.c: paths of the view.  See scratch.h; what is done to them is in scratch_act.c. */
#include "tracer/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "filters/decide.h"
#include "filters/policy.h"
#include "tracer/dots.h"
#include "tracer/fakes.h"
#include "tracer/fdname.h"
#include "tracer/hidden.h"
#include "tracer/layer/look.h"
#include "tracer/lookup.h"
#include "tracer/names.h"
#include "tracer/walk.h"

void scratch_name(const struct tracer *tracer, char *path, size_t size, bool *ret_in_layer)
{
	char view[LAYER_PATH_MAX];

	if (!scratch_is_on(tracer) ||
	    layer_path_of(tracer->config->layer, path, view, sizeof(view)) < 0)
		return;
	snprintf(path, size, "%s", view);
	*ret_in_layer = true;
}

/* The tracee's own folder, as its path in the view.  One that is gone has nothing in it. */
static int base_path(const struct tracer *tracer, const struct op *op,
		     const struct object *object, char *path, size_t size)
{
	cleanup_close int fd = lookup_folder(op, object);
	bool in_layer = false;
	struct stat st;
	int e;

	if (fd < 0)
		return fd;
	e = lookup_canonical(tracer, fd, path, size);
	if (e < 0 || fstat(fd, &st) < 0)
		return e < 0 ? e : -errno;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	if (st.st_nlink == 0 || path[0] != '/')
		return faccessat(fd, "", X_OK, AT_EMPTY_PATH | AT_EACCESS) < 0 ? -errno : -ENOENT;
	scratch_name(tracer, path, size, &in_layer);
	return 0;
}

/*
 * A path through a link below /proc: up to the first name that is somewhere else again, the walker
 * follows it for the tracee.  -EXDEV: the whole path is such a thing.
 */
static int pass_magic(const struct tracer *tracer, const struct op *op, const char *path,
		      char *base, size_t size, const char **ret_rest, struct call_file *file)
{
	const char *end = path;
	char prefix[LAYER_PATH_MAX];

	while (layer_next_prefix(path, &end, prefix) && end[strspn(end, "/")]) {
		char hidden[PATH_MAX];
		struct walk walk = { .tracer = tracer, .pid = op->pid, .tid = op->tid,
				     .follows_last = true,
				     .hidden = hidden_any(tracer) ? hidden : NULL };
		cleanup_close int fd = -1;
		bool in_layer = false;
		int e;

		fd = walk_path(&walk, AT_FDCWD, prefix);
		file->is_foreign_proc = walk.is_foreign;
		file->is_behind = walk.is_behind;
		e = fd < 0 ? fd : lookup_canonical(tracer, fd, base, size);
		if (e < 0)
			return e;
		if (walk_is_on_proc(fd) || base[0] != '/')
			continue;
		scratch_name(tracer, base, size, &in_layer);
		*ret_rest = end + strspn(end, "/");
		return 0;
	}
	return -EXDEV;
}

static bool hides(const void *data, const char *path)
{
	return hidden_path(data, path);
}

static int look(const struct tracer *tracer, const struct op *op, const char *base,
		const char *raw, bool follows, struct look *ret, struct call_file *file)
{
	const struct layer *layer = tracer->config->layer;
	const struct veil hiding = { .hides = hides, .data = tracer };
	const struct veil *veil = hidden_any(tracer) ? &hiding : NULL;
	char from[LAYER_PATH_MAX], path[LAYER_PATH_MAX];
	const char *rest;
	int e = layer_look(layer, base, raw, follows, veil, ret);

	/* Bounded: a link to a link to ... of /proc. */
	for (int i = 0; e == -EXDEV && i < 8; i++) {
		strcpy(path, ret->path);
		e = pass_magic(tracer, op, path, from, sizeof(from), &rest, file);
		if (e < 0)
			return e;
		e = layer_look(layer, from, rest, follows, veil, ret);
	}
	return e;
}

/* The script's own, or about to be: so is what it reads there. */
static bool is_own(const struct tracer *tracer, const struct look *found)
{
	if (found->exists)
		return found_is_own(&found->found);
	return policy_is_scratch(tracer->config->policy, found->path);
}

/* Where a rule lets write to the real tree the name is made there, but in the script's folders. */
static int take_folder(const struct tracer *tracer, const char *path, struct object *object)
{
	cleanup_found struct found found = FOUND_NONE;
	const struct layer *layer = tracer->config->layer;
	int e = layer_find(layer, path, &found);

	if (e < 0)
		return e;
	if (!S_ISDIR(found.stat.st_mode))
		return -ENOTDIR;
	object->parent = found.lower[0]
				 ? layer_open_at(layer->real, found.lower, O_PATH | O_DIRECTORY)
				 : steal_fd(&found.fd);
	return object->parent < 0 ? object->parent : 0;
}

/* A folder that lies in the layer only because of what is below it: the real one is meant. */
static bool is_only_the_way(const struct tracer *tracer, const char *path,
			    const struct found *found)
{
	return found->is_upper && found->lower[0] &&
	       !policy_is_scratch(tracer->config->policy, path);
}

int scratch_open_name(const struct tracer *tracer, const struct object *object, int flags)
{
	cleanup_found struct found found = FOUND_NONE;
	int e = layer_find(tracer->config->layer, object->path, &found), fd;

	if (e < 0)
		return e;
	if (is_only_the_way(tracer, object->path, &found))
		return layer_open_at(tracer->config->layer->real, found.lower, flags);
	fd = open(fd_path(found.fd).text, flags & ~O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

static int keep(const struct tracer *tracer, struct look *found, struct object *object)
{
	snprintf(object->path, sizeof(object->path), "%s", found->path);
	if (!found->exists)
		return 0;
	if (is_only_the_way(tracer, found->path, &found->found)) {
		object->fd = layer_open_at(tracer->config->layer->real, found->found.lower,
					   O_PATH | O_NOFOLLOW);
		if (object->fd < 0)
			return object->fd;
		return fstat(object->fd, &object->stat) < 0 ? -errno : 0;
	}
	object->stat = found->found.stat;
	object->in_layer = found->found.is_upper && !found->found.is_stub;
	object->is_moved = S_ISREG(object->stat.st_mode) && !object->in_layer &&
			   found->found.lower[0] && strcmp(found->found.lower, found->path) != 0;
	object->fd = steal_fd(&found->found.fd);
	return 0;
}

/*
 * Judged by its path, unless no rule speaks of that: what is hidden by the real path that it stands
 * for, and what lies behind something, is simply not there.
 */
static int meet_hidden(const struct tracer *tracer, const struct object *object, bool is_behind,
		       struct call_file *file)
{
	file->is_behind = is_behind ||
			  (!policy_find_hide(tracer->config->policy, object->path) &&
			   !fakes_is_gone(tracer, object->path));
	return -ENOENT;
}

/* What stands at the name now, as the script sees it. */
static int look_at_name(const struct tracer *tracer, struct object *object,
			struct call_file *file)
{
	cleanup_found struct found there = FOUND_NONE;
	int e;

	if (fakes_stat(tracer, object->path, &object->stat) == 0)
		return 0;
	e = layer_find(tracer->config->layer, object->path, &there);
	if (e < 0 && e != -ENOENT)
		return e;
	if (e == 0) {
		object->stat = there.stat;
		object->in_layer = there.is_upper && !there.is_stub;
	}
	file->is_own = e == 0 ? found_is_own(&there)
			      : policy_is_scratch(tracer->config->policy, object->path);
	return 0;
}

static int resolve_name(const struct tracer *tracer, struct op *op, struct object *object,
			const char *base, struct call_file *file, struct look *found)
{
	char folder[PATH_MAX];
	int e = names_split(object->raw, folder, object);

	if (e == -EINVAL)   /* "/" */
		return op->call.row->decide == decide_make ? -EEXIST : -EBUSY;
	/* So that what is below /proc/self/cwd/ is looked up in the view again. */
	if (e == 0 && folder[strlen(folder) - 1] == '/' && strlen(folder) + 1 < sizeof(folder))
		strcat(folder, ".");
	if (e == 0)
		e = look(tracer, op, base, folder, true, found, file);
	if (found->is_hidden) {
		strcpy(object->path, found->path);
		return meet_hidden(tracer, object, true, file);
	}
	if (e < 0 || !found->exists)
		return e < 0 ? e : -ENOENT;
	e = take_folder(tracer, found->path, object);
	snprintf(object->path, sizeof(object->path), "%s", found->path);
	if (e == 0)
		e = names_join(object);
	if (e < 0 || is_dots(object->name))
		return e < 0 ? e : names_check(op, object);
	if (hidden_path(tracer, object->path))
		return meet_hidden(tracer, object, false, file);
	e = look_at_name(tracer, object, file);
	return e < 0 ? e : names_check(op, object);
}

/* open(2) with O_CREAT: the object, or the name at which it will be made. */
static int resolve_new(const struct tracer *tracer, struct object *object,
		       const struct look *found)
{
	char folder[LAYER_PATH_MAX];

	if (found->has_slash)
		return -EISDIR;
	snprintf(object->name, sizeof(object->name), "%s", layer_name(found->path));
	layer_parent(found->path, folder, sizeof(folder));
	return take_folder(tracer, folder, object);
}

/* What was only said to be deleted can be made, and is judged as a name. */
static int resolve_hidden(const struct tracer *tracer, struct object *object,
			  const struct look *found, struct call_file *file)
{
	int e;

	strcpy(object->path, found->path);
	e = meet_hidden(tracer, object, found->is_behind, file);
	if (object->lookup == LOOKUP_CREATE && !file->is_behind) {
		int made = resolve_new(tracer, object, found);

		return made < 0 ? made : e;
	}
	return e;
}

static int resolve_path(const struct tracer *tracer, struct op *op, struct object *object,
			const char *base, struct call_file *file, struct look *found)
{
	bool follows = object->lookup == LOOKUP_FOLLOW ||
		       (object->lookup == LOOKUP_CREATE &&
			!(op->call.flags & (O_EXCL | O_NOFOLLOW)));
	int e = look(tracer, op, base, object->raw, follows, found, file);

	if (found->is_hidden)
		return resolve_hidden(tracer, object, found, file);
	if (e < 0)
		return e;
	if (!found->exists && object->lookup != LOOKUP_CREATE) {
		object->has_slash = found->has_slash;
		snprintf(object->path, sizeof(object->path), "%s", found->path);
		return -ENOENT;
	}
	file->is_own = is_own(tracer, found);
	e = keep(tracer, found, object);
	return e < 0 || found->exists ? e : resolve_new(tracer, object, found);
}

int scratch_resolve(const struct tracer *tracer, struct op *op, struct object *object,
		 struct call_file *file, char *ret_path)
{
	struct look found = { .found = FOUND_NONE };
	char base[LAYER_PATH_MAX] = "/";
	int e = 0;

	/* Its restrictions are the kernel's to hold, in its own tree: there is no such call. */
	if (op->resolve_flags)
		return -ENOSYS;
	if (!object->raw[0])
		return -ENOENT;
	if (object->raw[0] != '/')
		e = base_path(tracer, op, object, base, sizeof(base));
	if (e == 0)
		e = object->lookup == LOOKUP_NAME
			    ? resolve_name(tracer, op, object, base, file, &found)
			    : resolve_path(tracer, op, object, base, file, &found);
	if (e == -EXDEV)
		strcpy(ret_path, found.path);
	found_close(&found.found);
	return e;
}
