/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sweep.h: what is done with a tree that a script made: it may have any mode, and any depth.
 */
#ifndef TRACER_LAYER_SWEEP_H
#define TRACER_LAYER_SWEEP_H

#include <stdint.h>
#include <sys/stat.h>

/* On disk; a file with several names counts for each by its part. */
uint64_t sweep_bytes_of(const struct stat *st);

/* The same of everything at `name`; what is too deep to be looked into is huge. */
uint64_t sweep_bytes(int folder, const char *name);

/* 0: nothing is there (any more). */
int sweep_remove(int folder, const char *name);

#endif
