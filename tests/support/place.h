/* SPDX-License-Identifier: Apache-2.0 */
/*
 * place.h: a folder of a test's own, below /tmp; its files are named by paths that begin with @.
 * Whatever fails there fails the test.
 */
#ifndef TESTS_SUPPORT_PLACE_H
#define TESTS_SUPPORT_PLACE_H

#include <limits.h>

void place_make(void);
void place_remove(void);

/* `out` with the folder in place of a leading @; `out`. */
const char *place_at(const char *path, char out[PATH_MAX]);

/* An empty file, a folder, a symlink to `target` as it stands. */
void place_file(const char *path);
void place_folder(const char *path);
void place_link(const char *target, const char *path);

#endif
