/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look.h: what a path means in the view: links followed there, ".." taken there, 40 links at most.
 */
#ifndef TRACER_LAYER_LOOK_H
#define TRACER_LAYER_LOOK_H

#include "tracer/layer/layer.h"

/* Names that are not there, whatever is there.  Asked about canonical paths of the view. */
struct veil {
	bool (*hides)(const void *data, const char *path);
	const void *data;
};

struct look {
	char path[LAYER_PATH_MAX];   /* canonical */
	bool exists;                 /* else only its folder does, and `found` is empty */
	bool is_hidden;              /* `path` is behind the veil: nothing was looked up there */
	bool is_behind;              /* and there was more to follow: -ENOENT */
	bool has_slash;              /* the name was written with a slash after it */
	struct found found;
};

/*
 * `base` is the canonical folder at which a relative path starts.  0 also when only the last name is
 * missing; else what the system says.  The caller closes look->found.
 * `veil` NULL: nothing is hidden.
 * -EXDEV: a link that means somebody in particular (below /proc) stands in the way; ret->path is the
 * absolute path from it on, as far as that fits.
 */
int layer_look(const struct layer *layer, const char *base, const char *raw, bool follows_last,
	       const struct veil *veil, struct look *ret);

#endif
