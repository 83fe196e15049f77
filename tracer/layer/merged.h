/* SPDX-License-Identifier: Apache-2.0 */
/*
 * merged.h: the names in a folder of the view through which the real one shines.
 *
 * The layer's folder has what was made, changed or entered; what else there is lies in the real one.
 * Both are read, and what is gone is left out.  Nothing is made for it: a listing costs what the two
 * folders cost.
 *
 * Where a listing stands is a number made from the name it stopped at, its cookie, and names come in
 * the order of their cookies.  So names may be made and removed between two calls: each that stays
 * is given once, however often the folder was read meanwhile.  Cookies are small enough to be the
 * offset of a folder on any file system, since that is where they are kept (listing_fill.h).
 *
 * What was read is kept from one call to the next, for LISTED_MAX folders that are being listed at
 * the same time; others are read again.  Names that were removed meanwhile are left out, new ones come
 * with the next listing.
 */
#ifndef TRACER_LAYER_MERGED_H
#define TRACER_LAYER_MERGED_H

#include <dirent.h>

#include "tracer/layer/layer.h"

#define MERGED_END ((int64_t)1 << 40)    /* where nothing comes any more */

/* Does the real folder show through the one that lies in the layer for `path`? */
bool layer_merges(const struct layer *layer, const char *path);

/* One name; d_off is where to go on after it.  False: no more of them. */
typedef bool merged_fn(void *data, const struct dirent64 *entry);

/* Those of such a folder from `position` on, 0: from the start.  A negative errno. */
int merged_read(struct layer *layer, const char *path, int64_t position, merged_fn *take,
		void *data);

/* -ENOTEMPTY: real names show in it.  Those of the layer's folder are left to the kernel. */
int merged_check_empty(struct layer *layer, const char *path);

/* One that was kept. */
struct merged;
void merged_free(struct merged *merged);

#endif
