/* SPDX-License-Identifier: Apache-2.0 */
/*
 * changes.h: how the view differs from the real tree, and making it real.
 *
 * What counts is the outcome: a file that was written and has its old contents again is no change, and
 * neither is what was applied already, so apply can be run again after it was interrupted.  Times
 * alone are no change.
 *
 * Applying, file by file: the real one must be what the script saw.  Where the layer copied it, that
 * is known exactly (inode, size, time of change); elsewhere its change time must be older than the
 * layer.  What is not is a conflict, and stays as it is on both sides.  A file is written beside
 * its place, synced and renamed over it.  What is removed comes last.
 */
#ifndef TRACER_LAYER_CHANGES_H
#define TRACER_LAYER_CHANGES_H

#include "tracer/layer/layer.h"

enum change_kind {
	CHANGE_ADDED,
	CHANGE_CHANGED,      /* contents, or what it is */
	CHANGE_MODE,
	CHANGE_DELETED       /* a folder: with all that is in it */
};

struct change {
	enum change_kind kind;
	const char *path;
	mode_t old_mode, new_mode;    /* with the type; 0: it is not there */
	uint64_t old_size, new_size;
};

const char *change_name(enum change_kind kind);   /* "added", ... */

/* A negative errno ends the walk, and is what it gives. */
typedef int change_fn(void *data, const struct change *change);

/* Folders before what is in them. */
int layer_changes(struct layer *layer, change_fn *fn, void *data);

/*
 * All that is new, then all that goes, since something may come from there; then the modes of folders,
 * last to first, since they may forbid the rest.
 */
enum apply_pass {
	APPLY_PUT, APPLY_DELETE, APPLY_FOLDER_MODE, APPLY_PASSES
};

/* Has the change something to do in this pass? */
bool layer_applies(const struct change *change, enum apply_pass pass);

/* 0: done, or it was already.  -EBUSY: a conflict; else what the system says.  Touches one path only. */
int layer_apply(struct layer *layer, const struct change *change, enum apply_pass pass);

/* The two sides of a changed or added regular file for reading; -1 where there is none. */
int layer_sides(const struct layer *layer, const char *path, int *ret_old, int *ret_new);

#endif
