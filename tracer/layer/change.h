/* SPDX-License-Identifier: Apache-2.0 */
/*
 * change.h: changes of the view.
 *
 * All paths are canonical.  What a call acts on is first brought into files/, as a stand-in where that
 * is enough; then the kernel performs the call itself on files/ and gives its errno, and the nodes
 * follow.  Access is checked on what the user sees: the real object as long as it is the real one.
 */
#ifndef TRACER_LAYER_CHANGE_H
#define TRACER_LAYER_CHANGE_H

#include "tracer/layer/layer.h"

enum take {
	TAKE_LIST,       /* a folder, to be opened, entered or looked at */
	TAKE_READ,       /* with its contents, whoever may write it */
	TAKE_WRITE,      /* to be opened for writing */
	TAKE_TRUNCATE,   /* the same, and its data go first */
	TAKE_OWNER,      /* mode, owner, attributes: the owner's right */
	TAKE_TIMES_NOW   /* times, to the present: also who can write it may */
};

/*
 * The layer's object at `path`: an O_PATH descriptor, or a negative errno.  `seen` is what was judged:
 * -ESTALE, it is another file now; NULL: whatever is there.
 */
int layer_take(struct layer *layer, const char *path, enum take take, const struct stat *seen);

/* The layer's folder in which `path` is to be made, and whether the user may: O_PATH, or -errno. */
int layer_take_parent(struct layer *layer, const char *path);

/* Something new was made there, by the caller. */
int layer_made(struct layer *layer, const char *path);

int layer_remove(struct layer *layer, const char *path, bool is_folder);
int layer_rename(struct layer *layer, const char *from, const char *to, unsigned flags);
/* The nodes follow a move that was done. */
int change_moved(struct layer *layer, const char *from, const char *to);

int layer_link(struct layer *layer, const char *from, const char *to);

#endif
