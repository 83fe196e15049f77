/* SPDX-License-Identifier: Apache-2.0 */
/*
 * whole.h: a folder of the view that is about to be listed, or whose entries count.
 */
#ifndef TRACER_LAYER_WHOLE_H
#define TRACER_LAYER_WHOLE_H

#include "tracer/layer/layer.h"

/* Every real name of it has a stand-in.  A folder that cannot be written stays as it is. */
int copy_whole(struct layer *layer, const char *path);

#endif
