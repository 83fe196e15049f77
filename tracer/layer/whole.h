/* SPDX-License-Identifier: Apache-2.0 */
/*
 * whole.h: a folder of the view whose names the kernel itself is to tell of (inotify), or that comes
 * from elsewhere and is about to be applied.
 */
#ifndef TRACER_LAYER_WHOLE_H
#define TRACER_LAYER_WHOLE_H

#include "tracer/layer/layer.h"

/* Every real name of it has a stand-in.  A folder that cannot be written stays as it is. */
int copy_whole(struct layer *layer, const char *path);

#endif
