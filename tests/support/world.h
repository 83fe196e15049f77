/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world.h: the same file operations in two worlds: a plain folder, and a view of a folder through a
 * layer.  What differs between them is a mistake of the layer.
 *
 * Paths are relative to the world's root, or absolute within it.  Each operation returns what the
 * call returned (0 or more) or a negative errno; text that it gave is in `said`.
 */
#ifndef TESTS_SUPPORT_WORLD_H
#define TESTS_SUPPORT_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct layer;

struct world {
	struct layer *layer;     /* NULL: the plain folder */
	int root;                /* the plain folder */
	bool is_brief;           /* no links, no ages: what apply does not keep */
	char said[8192];
};

enum world_kind {
	WORLD_OPEN, WORLD_STAT, WORLD_LIST, WORLD_READLINK, WORLD_MKDIR, WORLD_RMDIR, WORLD_UNLINK,
	WORLD_RENAME, WORLD_LINK, WORLD_SYMLINK, WORLD_CHMOD, WORLD_TRUNCATE, WORLD_UTIME, WORLD_MKFIFO,
	WORLD_KINDS
};

struct world_op {
	enum world_kind kind;
	char path[64], path2[64];
	int flags;
	unsigned mode;
	char data[64];           /* written by an open for writing */
};

/* What is there was made before this second; later times only say that they are later. */
#define WORLD_OLD 1000000000

int world_do(struct world *world, const struct world_op *op);

/* The whole tree, a line each: type, mode, links, size, contents, whether times are old. */
void world_dump(struct world *world, char *out, size_t size);

/* Fills an empty folder with something of everything; all times WORLD_OLD. */
void world_fill(int root);

#endif
