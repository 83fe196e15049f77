/* SPDX-License-Identifier: Apache-2.0 */
/* node.c: see node.h. */
#include "tracer/layer/node.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

size_t node_next_name(const char **path, const char **ret_name)
{
	const char *start = *path + strspn(*path, "/");
	size_t length = strcspn(start, "/");

	*ret_name = start;
	*path = start + length;
	return length;
}

struct node *node_child(const struct node *folder, const char *name, size_t length)
{
	struct node *child = NULL;

	HASH_FIND(hh, folder->children, name, length, child);
	return child;
}

struct node *node_find(struct node *root, const char *path)
{
	const char *name;
	size_t length;

	while (root && (length = node_next_name(&path, &name)) > 0)
		root = node_child(root, name, length);
	return root;
}

int node_path(const struct node *node, char *path, size_t size)
{
	size_t at = size - 1;

	for (; node->parent; node = node->parent) {
		size_t n = strlen(node->name) + 1;

		if (n > at)
			return -ENAMETOOLONG;
		at -= n;
		path[at] = '/';
		memcpy(path + at + 1, node->name, n - 1);
	}
	memmove(path, path + at, size - 1 - at);
	path[size - 1 - at] = '\0';
	return 0;
}

struct node *node_find_cover(struct node *root)
{
	struct node *node = root;

	while (node && !node->is_cover) {
		if (node->children) {
			node = node->children;
			continue;
		}
		while (node->parent && !node->hh.next)
			node = node->parent;
		node = node->parent ? node->hh.next : NULL;
	}
	return node;
}

static struct node *new_node(const char *name, size_t length)
{
	struct node *node = calloc(1, sizeof(*node) + length + 1);

	if (node)
		memcpy(node->name, name, length);
	return node;
}

static void attach(struct node *folder, struct node *node)
{
	node->parent = folder;
	HASH_ADD_KEYPTR(hh, folder->children, node->name, strlen(node->name), node);
}

struct node *node_make(struct node *root, const char *path)
{
	const char *name;
	size_t length;

	while (root && (length = node_next_name(&path, &name)) > 0) {
		struct node *child = node_child(root, name, length);

		if (!child) {
			child = new_node(name, length);
			if (child)
				attach(root, child);
		}
		root = child;
	}
	return root;
}

int node_set(struct node *node, enum node_kind kind, const char *lower)
{
	char *copy = lower ? strdup(lower) : NULL;

	if (lower && !copy)
		return -ENOMEM;
	free(node->lower);
	node->lower = copy;
	node->kind = kind;
	node->is_stub = node->is_whole = false;
	node->origin = (struct origin){ 0 };
	return 0;
}

static void detach(struct node *node)
{
	if (node->parent)
		HASH_DEL(node->parent->children, node);
	node->parent = NULL;
}

/* Without recursion: the script chooses how deep its folders are. */
void node_free(struct node *root)
{
	struct node *node = root;

	while (node) {
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): it cannot follow uthash's links */
		struct node *up = node->parent;

		if (node->children) {
			node = node->children;
			continue;
		}
		if (node == root)
			up = NULL;
		detach(node);
		free(node->lower);
		free(node);
		node = up;
	}
}

static void tidy(struct node *folder)
{
	while (folder && folder->parent && folder->kind == NODE_PLAIN && !folder->children &&
	       !folder->is_cover) {
		struct node *up = folder->parent;

		detach(folder);
		free(folder);
		folder = up;
	}
}

void node_drop(struct node *node)
{
	struct node *up;

	if (!node || !node->parent)
		return;
	up = node->parent;
	detach(node);
	node_free(node);
	tidy(up);
}

/* The name is part of the allocation: a moved node is a new one that takes over all the rest. */
static int put_under(struct node *root, const char *path, struct node *old)
{
	struct node *new = node_make(root, path);
	struct node *child, *next;

	if (!new)
		return -ENOMEM;
	new->kind = old->kind;
	new->is_stub = old->is_stub;
	new->is_whole = old->is_whole;
	new->is_cover = old->is_cover;
	new->origin = old->origin;
	new->lower = old->lower;
	old->lower = NULL;
	HASH_ITER(hh, old->children, child, next) {
		HASH_DEL(old->children, child);
		attach(new, child);
	}
	return 0;
}

static struct node *take_out(struct node *root, const char *path)
{
	struct node *node = node_find(root, path), *up;

	if (!node || !node->parent)
		return NULL;
	up = node->parent;
	detach(node);
	tidy(up);
	return node;
}

int node_move(struct node *root, const char *from, const char *to)
{
	struct node *node = take_out(root, from);
	int e = 0;

	root->has_moved = true;
	node_drop(node_find(root, to));
	if (node)
		e = put_under(root, to, node);
	node_free(node);
	return e;
}

int node_exchange(struct node *root, const char *a, const char *b)
{
	struct node *first = take_out(root, a), *second = take_out(root, b);
	int e = 0;

	root->has_moved = true;
	if (first)
		e = put_under(root, b, first);
	if (!e && second)
		e = put_under(root, a, second);
	node_free(first);
	node_free(second);
	return e;
}

struct node *node_new_root(const char *lower)
{
	struct node *root = new_node("", 0);

	if (root && node_set(root, NODE_FROM, lower) < 0) {
		free(root);
		return NULL;
	}
	return root;
}
