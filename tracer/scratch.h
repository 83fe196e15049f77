/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scratch.h: the script's calls on the view of a layer (tracer/layer/layer.h).
 *
 * With a layer every path is looked up in the view, and object->path is its path there: that is what
 * policy judges.  What lies in the layer, or is written where a rule says scratch, is done there;
 * such a call has the verdict scratch.  Folders that the script enters or opens are the layer's own,
 * so the kernel keeps the current folder and the names of descriptors; what it would say of them
 * (getcwd, links below /proc/self) is said without the layer's folder.
 */
#ifndef TRACER_SCRATCH_H
#define TRACER_SCRATCH_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/* Is there a layer? */
static inline bool scratch_is_on(const struct tracer *tracer)
{
	return tracer->config->layer != NULL;
}

/*
 * Looks an object up that has a path.  0, the system's negative errno (-ENOENT for what is hidden: then
 * object->path is that, or file->is_behind), or -EXDEV: a link below /proc is
 * in the way, and `ret_path` (LAYER_PATH_MAX bytes) is what to look up without the view.
 */
int scratch_resolve(const struct tracer *tracer, struct op *op, struct object *object,
		 struct call_file *file, char *ret_path);

/* A path that the kernel gave for a descriptor: in the view, if it is the layer's. */
void scratch_name(const struct tracer *tracer, char *path, size_t size, bool *ret_in_layer);

/* Of an allowed call: the verdict is scratch where it is the layer that answers. */
void scratch_mark(const struct tracer *tracer, struct op *op);

/* Brings what the call acts on into the layer.  0, or the answer. */
int scratch_prepare(const struct tracer *tracer, struct op *op);

/* broker_open, in the layer where that is meant. */
int scratch_open(struct tracer *tracer, struct op *op);

/* remove, rename, link, make, change: the result for the tracee. */
long scratch_number(struct tracer *tracer, struct op *op);

/* Does the layer have it, or would it be written there? */
bool scratch_has(const struct tracer *tracer, const struct object *object);

/* Opens for reading what is at object->path in the view; a folder that merges has not all names. */
int scratch_open_name(const struct tracer *tracer, const struct object *object, int flags);

/* The layer's own folder instead of what was looked up; with all its names, if it is watched. */
int scratch_folder(const struct tracer *tracer, struct object *object, bool watches);

/* Is it the layer's folder, and do the names of the real one show in it? */
bool scratch_merges(const struct tracer *tracer, const struct object *object);

/* The program that `path` means in the view: O_PATH, and where it lies there. */
int scratch_program(const struct tracer *tracer, struct op *op, const char *path, char *ret_path);

/* O_PATH, inotify_add_watch: the path means something else to the kernel.  True: it took the op. */
bool scratch_path_only(struct tracer *tracer, struct tracee *tracee, struct op *op);

/* An approved exec, whose path means something else to the kernel.  True: it took the op. */
bool scratch_exec(struct tracer *tracer, struct tracee *tracee, struct op *op);

/* The object that is to be looked up for a Unix address with a name; NULL: there is none. */
struct object *scratch_socket(struct op *op);

/* bind, by name or not.  Takes the op. */
void scratch_bind(struct tracer *tracer, struct op *op);

/* connect to a socket whose name means something else to the kernel.  True: it took the op. */
bool scratch_connect(struct tracer *tracer, struct tracee *tracee, struct op *op);

/* chdir and getcwd.  Take the op. */
void scratch_enter(struct tracer *tracer, struct tracee *tracee, struct op *op);
void scratch_where(struct tracer *tracer, struct tracee *tracee, struct op *op);

#endif
