/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cover.h: folders that cover real ones for the time of a run: a private /tmp.
 *
 * Such a folder is the layer's own and begins empty; it can be neither moved nor removed.  The index
 * says that it is one before it is there, so that whoever opens the layer of a run that was killed
 * drops it first: what lies in it is never taken for a change.
 */
#ifndef TRACER_LAYER_COVER_H
#define TRACER_LAYER_COVER_H

#include "tracer/layer/layer.h"

/*
 * An empty folder over whatever is at `path`, which need not be writable by the user.  What the layer
 * has there, and in it, is dropped.
 */
int layer_cover(struct layer *layer, const char *path, mode_t mode);

/* Folders of the script's own on the way to `path`, and `path` itself, where nothing is yet. */
int layer_make_way(struct layer *layer, const char *path);

/* In a covered folder the real `path` is to be seen after all. */
int layer_uncover(struct layer *layer, const char *path);

/* Every cover goes, with what lies in it, and the real folder shows again. */
int layer_lift(struct layer *layer);

#endif
