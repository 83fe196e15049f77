/* SPDX-License-Identifier: Apache-2.0 */
/*
 * straight.h: files whose path needs no second look.
 *
 * An absolute path without dots and empty components, on which the kernel met no symbolic link
 * (RESOLVE_NO_SYMLINKS, in the one lookup that gave the descriptor), is the canonical path of what
 * it led to, at the moment of that lookup.  To ask /proc/self/fd for it would cost as much as the
 * lookup, and give the path at a later moment.
 */
#ifndef TRACER_STRAIGHT_H
#define TRACER_STRAIGHT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * O_PATH descriptor, with the path in ret_path (PATH_MAX bytes).  -ENOENT: nothing is there, whoever
 * looks.  -EAGAIN: not for here, look it up in another way.  One slash at the end asks for a folder.
 */
int straight_open(const char *path, bool follows_last, char *ret_path);

#endif
