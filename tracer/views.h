/* SPDX-License-Identifier: Apache-2.0 */
/*
 * views.h: files that a rule shows in place of others.
 *
 * Each is opened when the run starts, as a name only (O_PATH), and opened anew from there whenever
 * the script opens the path: what is shown is the file that was there then, whatever its name comes
 * to mean.
 */
#ifndef TRACER_VIEWS_H
#define TRACER_VIEWS_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/* tracer->views.  -errno: a file is gone since the policy was read. */
int views_open(struct tracer *tracer);
void views_close(struct tracer *tracer);

/* Puts the file that is shown into the object, if one is shown at its path.  0 or -errno. */
int views_put(const struct tracer *tracer, struct object *object);

/* The path at which the file named `view` is shown; NULL: at none. */
const char *views_path_of(const struct tracer *tracer, const char *view);

#endif
