/* SPDX-License-Identifier: Apache-2.0 */
/*
 * samefile.h: whether two looks met one file.
 */
#ifndef TRACER_SAMEFILE_H
#define TRACER_SAMEFILE_H

#include <stdbool.h>
#include <sys/stat.h>

static inline bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

#endif
