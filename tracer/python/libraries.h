/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libraries.h: which files belong to Python rather than to the user.
 *
 * As beginnings of paths: lib/python3*, lib64/python3* and local/lib/python3* of each prefix of the
 * interpreter, and what `pip install --user` brought.  Whatever does not begin so is the user's.
 */
#ifndef TRACER_PYTHON_LIBRARIES_H
#define TRACER_PYTHON_LIBRARIES_H

#include "tracer/python/find.h"

/* A NULL-terminated list; `home` "" or NULL: there is none.  -ENOMEM. */
int libraries_of(const struct interpreter *interpreter, const char *home, char ***ret_libraries);
void libraries_free(char **libraries);   /* takes NULL */

#endif
