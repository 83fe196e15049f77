/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layered.h: a layer over a small real tree, in a fresh folder.
 *
 * For checked fixtures: each test is a process with a layer of its own.
 */
#ifndef TESTS_SUPPORT_LAYERED_H
#define TESTS_SUPPORT_LAYERED_H

#include "tracer/layer/layer.h"

extern struct layer *layered;    /* NULL until layered_open */

/* Makes the folder, with `layer` and `real` in it, and runs the command there. */
void layered_make(const char *command);

/* A shell command in the folder, which must succeed. */
void layered_run(const char *command);

/* Opens it, as one that is kept; what was open is closed. */
void layered_open(void);

void layered_drop(void);

#endif
