/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.h: the last name of a path: what a call makes, removes or replaces in a folder.
 */
#ifndef TRACER_NAMES_H
#define TRACER_NAMES_H

#include "tracer/op.h"

/*
 * Splits "a/b/c///" into `folder` (PATH_MAX bytes) and object->name.  -EINVAL: there is no name to
 * act on; -ENAMETOOLONG.
 */
int names_split(const char *raw, char *folder, struct object *object);

/* Appends object->name to the folder's path in object->path.  -ENAMETOOLONG. */
int names_join(struct object *object);

/* What the system answers whoever asks: 0 or a negative errno, and then there is nothing to judge. */
int names_check(const struct op *op, const struct object *object);

#endif
