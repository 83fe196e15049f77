/* SPDX-License-Identifier: Apache-2.0 */
/*
 * node.h: what a layer knows about a name beyond what lies in its folder.
 *
 * A tree by canonical path of the view.  No node: whatever lies in the layer was made by the
 * script, and what does not is the real tree's.  So the tree grows with what was changed or listed,
 * not with what exists.  Pure: touches no file.
 */
#ifndef TRACER_LAYER_NODE_H
#define TRACER_LAYER_NODE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <uthash.h>

enum node_kind {
	NODE_PLAIN,      /* only holds children: the script's own folder, nothing real shines through */
	NODE_GONE,       /* a real name that the script removed, or moved away */
	NODE_FROM        /* stands for something real: `lower` */
};

/* The real file as it was when the script met it: apply compares. */
struct origin {
	uint64_t device, inode, size, mtime_s, mtime_ns, mode;
};

struct node {
	enum node_kind kind;
	bool is_stub;            /* an empty stand-in: the contents are still the real file's */
	bool is_whole;           /* a folder: every real name in it has a stand-in */
	bool is_cover;           /* NODE_PLAIN: an empty folder over a real one, for this run alone */
	bool has_moved;          /* of the root: some node stood for another path than its own */
	char *lower;             /* NODE_FROM, NODE_GONE: its path in the real tree */
	struct origin origin;    /* all zero for stand-ins, whose contents nobody copied yet */
	struct node *parent;     /* NULL: the root */
	struct node *children;   /* hash by name */
	UT_hash_handle hh;
	char name[];
};

/* Cuts the next name off `*path`, slashes before it skipped; its length, 0 at the end. */
size_t node_next_name(const char **path, const char **ret_name);

struct node *node_child(const struct node *folder, const char *name, size_t length);

/* The node at a path; NULL: none there. */
struct node *node_find(struct node *root, const char *path);

/* The same; made with plain ones on the way when missing.  NULL: out of memory. */
struct node *node_make(struct node *root, const char *path);

/* The path of a node.  -ENAMETOOLONG. */
int node_path(const struct node *node, char *path, size_t size);

/* Some folder that covers a real one; NULL: there is none. */
struct node *node_find_cover(struct node *root);

/* Changes kind and origin; `lower` is copied, may be NULL.  -ENOMEM: unchanged. */
int node_set(struct node *node, enum node_kind kind, const char *lower);

/* Removes it with everything below; plain parents that hold nothing any more go, too. */
void node_drop(struct node *node);

/* Moves a subtree; what was at `to` is dropped.  `from` without a node: `to` has none after. */
int node_move(struct node *root, const char *from, const char *to);
int node_exchange(struct node *root, const char *a, const char *b);

/* The root itself, or a tree made with node_make. */
struct node *node_new_root(const char *lower);
void node_free(struct node *root);

#endif
