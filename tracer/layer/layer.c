/* SPDX-License-Identifier: Apache-2.0 */
/* layer.c: see layer.h. */
#include "tracer/layer/layer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fail.h"
#include "tracer/fdname.h"
#include "tracer/layer/change.h"
#include "tracer/layer/copy.h"
#include "tracer/layer/cover.h"
#include "tracer/layer/merged.h"

#define MARK "{\"pyjail-layer\": 1}\n"
#define MARK_FILE "layer.json"

int layer_open_at(int root, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC),
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_BENEATH,
	};
	int fd;

	path += strspn(path, "/");
	fd = (int)syscall(SYS_openat2, root, *path ? path : ".", &how, sizeof(how));
	return fd < 0 ? -errno : fd;
}

const char *layer_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

int layer_join(char *path, size_t size, const char *folder, const char *name)
{
	int n = snprintf(path, size, "%s/%s", strcmp(folder, "/") ? folder : "", name);

	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

void layer_parent(const char *path, char *ret, size_t size)
{
	int length = (int)(layer_name(path) - path) - 1;

	snprintf(ret, size, "%.*s", length > 0 ? length : 1, length > 0 ? path : "/");
}

bool layer_next_prefix(const char *path, const char **rest, char prefix[LAYER_PATH_MAX])
{
	const char *name;

	if (node_next_name(rest, &name) == 0)
		return false;
	snprintf(prefix, LAYER_PATH_MAX, "%.*s", (int)(*rest - path), path);
	return true;
}

/* 1: there, 0: not, or a negative errno: what keeps from looking keeps the script, too. */
static int lies_in_files(const struct layer *layer, const char *path, size_t length)
{
	char prefix[LAYER_PATH_MAX];
	int fd;

	snprintf(prefix, sizeof(prefix), "%.*s", (int)length, path);
	fd = layer_open_at(layer->files, prefix, O_PATH | O_NOFOLLOW);
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	close(fd);
	return 1;
}

static int join(char *path, size_t size, const char *rest)
{
	size_t n = strlen(path);

	if (n == 1)
		n = 0;
	if (n + 1 + strlen(rest) + 1 > size)
		return -ENAMETOOLONG;
	path[n] = '/';
	strcpy(path + n + 1, rest);
	return 0;
}

/* As lies_in_files.  The last name is opened at once: it is what is looked for. */
static int is_own_name(const struct layer *layer, const char *path, size_t length,
		       struct found *found)
{
	int fd;

	if (path[length])
		return lies_in_files(layer, path, length);
	fd = layer_open_at(layer->files, path, O_PATH | O_NOFOLLOW);
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	found->fd = fd;
	return 1;
}

/* Where nodes end: what lies there is the script's own, or the real tree's below `lower`. */
static int leave_nodes(const struct layer *layer, const struct node *node, const char *path,
		       const char *name, size_t length, struct found *found)
{
	int e = node->kind == NODE_FROM
			? is_own_name(layer, path, (size_t)(name - path) + length, found) : 1;

	if (e < 0)
		return e;
	found->node = NULL;
	if (e == 1) {
		found->lower[0] = '\0';
		return 0;
	}
	if (node->is_whole)
		return -ENOENT;
	found->is_upper = false;
	return join(found->lower, sizeof(found->lower), name);
}

static int locate(const struct layer *layer, const char *path, struct found *found)
{
	const char *rest = path, *name;
	struct node *node = layer->root;
	size_t length;

	found->is_upper = true;
	strcpy(found->lower, node->lower);
	while ((length = node_next_name(&rest, &name)) > 0) {
		struct node *child = node_child(node, name, length);

		if (!child)
			return leave_nodes(layer, node, path, name, length, found);
		if (child->kind == NODE_GONE) {
			int e = lies_in_files(layer, path, (size_t)(name - path) + length);

			return e < 0 ? e : -ENOENT;
		}
		node = child;
		snprintf(found->lower, sizeof(found->lower), "%s",
			 node->lower ? node->lower : "");
	}
	found->node = node;
	found->is_stub = node->is_stub;
	return 0;
}

int layer_find(const struct layer *layer, const char *path, struct found *ret)
{
	struct found found = FOUND_NONE;
	bool is_real;
	int e = locate(layer, path, &found);

	/* The way to a stand-in leads through folders of the view, whose modes count. */
	if (e == 0 && found.is_stub)
		e = lies_in_files(layer, path, strlen(path));
	if (e < 0)
		return e;
	is_real = !found.is_upper || found.is_stub;
	if (found.fd < 0)
		found.fd = layer_open_at(is_real ? layer->real : layer->files,
					 is_real ? found.lower : path, O_PATH | O_NOFOLLOW);
	if (found.fd < 0)
		return found.fd;
	if (fstat(found.fd, &found.stat) < 0) {
		e = -errno;
		close(found.fd);
		return e;
	}
	*ret = found;
	return 0;
}

void found_close(struct found *found)
{
	if (found->fd >= 0)
		close(found->fd);
	found->fd = -1;
}

int layer_path_of(const struct layer *layer, const char *path, char *ret, size_t size)
{
	size_t n = strlen(layer->files_path);

	if (strncmp(path, layer->files_path, n) != 0 || (path[n] != '/' && path[n] != '\0'))
		return -ENOENT;
	if (strlen(path + n) >= size)
		return -ENAMETOOLONG;
	strcpy(ret, path[n] ? path + n : "/");
	return 0;
}

int layer_real_of(const struct layer *layer, const char *path, char ret[LAYER_PATH_MAX])
{
	cleanup_found struct found found = FOUND_NONE;
	int e = layer->root->has_moved ? locate(layer, path, &found) : -ENOENT;

	if (e < 0 || !found.lower[0])
		return e < 0 ? e : -ENOENT;
	strcpy(ret, found.lower);
	return 0;
}

bool found_is_own(const struct found *found)
{
	return found->is_upper && (!found->node || found->node->kind == NODE_PLAIN);
}

static bool is_empty(int folder)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	unsigned count = 0;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (count <= 2 && readdir(dir))
		count++;
	closedir(dir);
	return count == 2;
}

/* The mark comes first: a run that was killed while it began leaves a layer, or an empty folder. */
static int begin(int folder)
{
	cleanup_close int fd = -1;

	if (!is_empty(folder))
		return -ENOTEMPTY;
	if (fchmod(folder, 0700) < 0)
		return -errno;
	fd = openat(folder, MARK_FILE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	return write(fd, MARK, strlen(MARK)) == (ssize_t)strlen(MARK) ? 0 : -EIO;
}

static int check_mark(int folder)
{
	cleanup_close int fd = openat(folder, MARK_FILE, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	char text[64] = "";
	ssize_t n;

	if (fd < 0)
		return errno == ENOENT ? begin(folder) : -errno;
	n = read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return -errno;
	if (strncmp(text, MARK, strcspn(MARK, "1")) != 0)
		return -ENOTEMPTY;
	return strcmp(text, MARK) == 0 ? 0 : -EPROTO;
}

static int open_files(struct layer *layer, const char *real_root)
{
	bool is_new = mkdirat(layer->folder, "files", 0700) == 0;

	if (!is_new && errno != EEXIST)
		return -errno;
	layer->files = openat(layer->folder, "files",
			      O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	layer->real = open(real_root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (layer->files < 0 || layer->real < 0)
		return -errno;
	return is_new ? copy_root(layer, layer->files) : 0;
}

static int open_parts(struct layer *layer, const char *real_root)
{
	char path[PATH_MAX];
	int e = open_files(layer, real_root);
	ssize_t n;

	if (e < 0)
		return e;
	n = readlink(fd_path(layer->files).text, path, sizeof(path) - 1);
	if (n < 0)
		return -errno;
	path[n] = '\0';
	layer->files_path = strdup(path);
	layer->root = node_new_root("/");
	if (!layer->files_path || !layer->root)
		return -ENOMEM;
	layer->root->is_stub = copy_is_shut(layer->real);
	return 0;
}

/* A run that was killed in the middle of a move: was it done? */
static int finish_move(struct layer *layer, const struct journal_intent *intent)
{
	if (lies_in_files(layer, intent->from, strlen(intent->from)) != 0 ||
	    lies_in_files(layer, intent->to, strlen(intent->to)) != 1)
		return 0;
	return change_moved(layer, intent->from, intent->to);
}

static int open_index(struct layer *layer)
{
	struct journal_intent intent = { .is_open = false };
	int e;

	layer->journal.fd = openat(layer->folder, "index",
				   O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	e = layer->journal.fd < 0 ? -errno : journal_load(layer->journal.fd, layer->root, &intent);
	if (e == 0 && intent.is_open)
		e = finish_move(layer, &intent);
	/* Whoever made them is gone. */
	return e < 0 ? e : layer_lift(layer);
}

static int open_kept(struct layer *layer, const char *real_root)
{
	int e = flock(layer->folder, LOCK_EX | LOCK_NB) < 0 ? -errno : check_mark(layer->folder);

	if (e == 0)
		e = open_parts(layer, real_root);
	return e < 0 ? e : open_index(layer);
}

static int open_with(const char *dir, const char *real_root, bool is_kept,
		     struct layer **ret_layer)
{
	struct layer *layer = calloc(1, sizeof(*layer));
	int e;

	if (!layer)
		return -ENOMEM;
	layer->files = layer->real = layer->journal.fd = -1;
	layer->is_root = geteuid() == 0;
	layer->folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	e = layer->folder < 0 ? -errno
	  : is_kept ? open_kept(layer, real_root) : open_parts(layer, real_root);
	if (e < 0) {
		layer_close(layer);
		return e;
	}
	*ret_layer = layer;
	return 0;
}

int layer_open(const char *dir, const char *real_root, struct layer **ret_layer)
{
	return open_with(dir, real_root, true, ret_layer);
}

int layer_open_existing(const char *dir, const char *real_root, struct layer **ret_layer)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/" MARK_FILE, dir) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	return access(path, F_OK) < 0 ? -errno : layer_open(dir, real_root, ret_layer);
}

int layer_open_private(const char *dir, const char *real_root, struct layer **ret_layer)
{
	return open_with(dir, real_root, false, ret_layer);
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

void layer_close(struct layer *layer)
{
	if (!layer)
		return;
	close_fd(layer->folder);
	close_fd(layer->files);
	close_fd(layer->real);
	close_fd(layer->journal.fd);
	for (size_t i = 0; i < LISTED_MAX; i++)
		merged_free(layer->listed[i]);
	node_free(layer->root);
	free(layer->files_path);
	free(layer);
}
