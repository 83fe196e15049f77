/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy.h: bringing real things into the layer.
 *
 * Each step leaves a layer that can be used: a copy that fails (no space) is a stand-in again.  What
 * the steps do to a folder's own mode and times is undone: the script did not do it.
 */
#ifndef TRACER_LAYER_COPY_H
#define TRACER_LAYER_COPY_H

#include "tracer/layer/layer.h"

/* The folder at `path` lies in files/, and those above it.  -ENOTDIR, -ENOENT. */
int copy_folder(struct layer *layer, const char *path);

/* A folder of files/ in which something is made behind the script's back. */
struct quiet {
	int fd;
	struct stat before;
	bool was_shut;
};

int quiet_begin(const struct layer *layer, const char *folder, struct quiet *quiet);
void quiet_end(struct quiet *quiet);

/* A stand-in at `path`, whose folder lies in files/, for the real `lower`. */
int copy_stand_in(struct layer *layer, const char *path, const char *lower);

/* The same in the open `folder`; `real`: O_PATH on what lies at `lower`. */
int copy_stand_in_at(struct layer *layer, int folder, const char *path, const char *lower, int real);

/* Whatever is at `path` lies in files/, at least as a stand-in. */
int copy_name(struct layer *layer, const char *path);

/* And its contents with it, unless they are about to be cut off anyway.  `found` is what lies there. */
int copy_up(struct layer *layer, const char *path, const struct found *found, bool wants_data);

/* Data, owner, mode, times of what the view shows into `to`, an empty file. */
int copy_out(const struct layer *layer, const struct found *found, int to);

/* files/ itself, new, looks like the real root. */
int copy_root(const struct layer *layer, int files);

/* A folder that this user cannot write: it is left to the real tree. */
bool copy_is_shut(int real);

struct origin origin_of(const struct stat *st);

#endif
