/* SPDX-License-Identifier: Apache-2.0 */
/* private.c: see private.h. */
#include "tracer/private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "filters/policy.h"
#include "tracer/fdname.h"
#include "tracer/layer/changes.h"
#include "tracer/layer/cover.h"
#include "tracer/layer/sweep.h"

#define NAMELESS_MAX 1024

const char *const private_folders[PRIVATE_FOLDERS] = { "/tmp", "/var/tmp", "/dev/shm" };

struct private_tmp {
	char folder[PATH_MAX];
	bool is_kept;
	struct layer *layer;
	size_t count;
	int nameless[NAMELESS_MAX];   /* O_PATH */
	uint64_t overflow;            /* of those that did not fit: nobody knows how big they get */
};

struct layer *private_layer(struct private_tmp *private)
{
	return private ? private->layer : NULL;
}

static bool is_below(const char *folder, const char *path)
{
	size_t n = strlen(folder);

	return strncmp(folder, path, n) == 0 && path[n] == '/';
}

static bool is_covered(const char *path)
{
	for (size_t i = 0; i < PRIVATE_FOLDERS; i++)
		if (is_below(private_folders[i], path))
			return true;
	return false;
}

bool private_has(const char *path)
{
	for (size_t i = 0; i < PRIVATE_FOLDERS; i++)
		if (strcmp(private_folders[i], path) == 0)
			return true;
	return is_covered(path);
}

/*
 * What somebody else did in the real folder since it was listed: made a file that the view has not,
 * or took away what a stand-in is for.
 */
static bool is_others(const struct change *change, const struct node *node)
{
	if (change->kind == CHANGE_DELETED)
		return !node || node->kind != NODE_GONE;
	return change->kind != CHANGE_MODE && !S_ISREG(change->new_mode) && node &&
	       node->kind == NODE_FROM && strcmp(node->lower, change->path) == 0;
}

static int refuse_change(void *data, const struct change *change)
{
	const struct private_tmp *private = data;
	const struct node *node = node_find(private->layer->root, change->path);

	return private_has(change->path) && !is_others(change, node) ? -EEXIST : 0;
}

/* As the system has them; one that is a link to another is the other. */
static int cover(struct private_tmp *private)
{
	for (size_t i = 0; i < PRIVATE_FOLDERS; i++) {
		struct stat st;
		int e = 0;

		if (lstat(private_folders[i], &st) == 0 && S_ISDIR(st.st_mode))
			e = layer_cover(private->layer, private_folders[i], 01777);
		if (e < 0)
			return e;
	}
	return 0;
}

static bool lets_use(const struct rule *rule)
{
	switch (rule->verdict) {
	case VERDICT_ALLOW:
	case VERDICT_ASK:
	case VERDICT_SCRATCH:
	case VERDICT_FAKE:
	case VERDICT_VIEW:
		return true;
	case VERDICT_DENY:
	case VERDICT_HIDE:
	case VERDICT_KILL:
		return false;
	}
	return false;
}

static int make_way_to(struct private_tmp *private, const char *path)
{
	char folder[PATH_MAX];

	layer_parent(path, folder, sizeof(folder));
	return layer_make_way(private->layer, folder);
}

/* What a rule lets the script use is not covered. */
static int show_roots(struct private_tmp *private, const struct policy *policy)
{
	/* The most specific come last: a folder before what is in it. */
	for (size_t i = policy->rule_count; i > 0; i--) {
		const struct rule *rule = policy->rules[i - 1];
		int e = 0;

		if (lets_use(rule) && rule_has_path(rule) && is_covered(rule->root))
			e = layer_uncover(private->layer, rule->root);
		/* What is shown there need not be there. */
		if (e == -ENOENT && rule->verdict == VERDICT_VIEW)
			e = make_way_to(private, rule->root);
		if (e < 0 && e != -ENOENT)
			return e;
	}
	return 0;
}

/* The current folder at least exists, empty. */
static int show_cwd(struct private_tmp *private, const char *cwd)
{
	return cwd && is_covered(cwd) ? layer_make_way(private->layer, cwd) : 0;
}

static int fill(struct private_tmp *private, const struct private_plan *plan)
{
	int e = layer_changes(private->layer, refuse_change, private);

	if (e == 0)
		e = cover(private);
	if (e == 0)
		e = show_roots(private, plan->policy);
	if (e == 0 && plan->script && is_covered(plan->script))
		e = layer_uncover(private->layer, plan->script);
	return e < 0 ? e : show_cwd(private, plan->cwd);
}

static int make_folder(struct private_tmp *private)
{
	strcpy(private->folder, "/tmp/pyjail-layer.XXXXXX");
	if (mkdtemp(private->folder))
		return 0;
	private->folder[0] = '\0';
	return -errno;
}

/* fcntl(2), F_WRLCK leases: granted only when nobody else has the file open, or mapped. */
static bool is_open_elsewhere(int path_fd)
{
	cleanup_close int fd = open(fd_path(path_fd).text, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || fcntl(fd, F_SETLEASE, F_WRLCK) < 0)
		return true;
	fcntl(fd, F_SETLEASE, F_UNLCK);
	return false;
}

void private_nameless(struct private_tmp *private, int fd)
{
	int copy;

	if (!private || !is_open_elsewhere(fd))
		return;
	if (private->count == NAMELESS_MAX) {
		private->overflow = UINT64_MAX / 2;
		return;
	}
	copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (copy < 0)
		private->overflow = UINT64_MAX / 2;
	else
		private->nameless[private->count++] = copy;
}

static uint64_t nameless_bytes(struct private_tmp *private)
{
	uint64_t sum = private->overflow;

	for (size_t i = 0; i < private->count;) {
		struct stat st;

		if (fstat(private->nameless[i], &st) < 0 || st.st_nlink > 0 ||
		    !is_open_elsewhere(private->nameless[i])) {
			close(private->nameless[i]);
			private->nameless[i] = private->nameless[--private->count];
			continue;
		}
		sum += sweep_bytes_of(&st);
		i++;
	}
	return sum;
}

/* The layer's own folder, wherever the script may have put links. */
static uint64_t bytes_below(const struct private_tmp *private, const char *path)
{
	cleanup_close int folder = -1;
	char parent[PATH_MAX];

	layer_parent(path, parent, sizeof(parent));
	folder = layer_open_at(private->layer->files, parent, O_PATH | O_DIRECTORY);
	return folder < 0 ? 0 : sweep_bytes(folder, layer_name(path));
}

uint64_t private_used(struct private_tmp *private)
{
	uint64_t sum = nameless_bytes(private);

	for (size_t i = 0; i < PRIVATE_FOLDERS; i++)
		sum += bytes_below(private, private_folders[i]);
	return sum;
}

int private_lift(struct private_tmp *private)
{
	return private ? layer_lift(private->layer) : 0;
}

void private_free(struct private_tmp *private)
{
	if (!private)
		return;
	for (size_t i = 0; i < private->count; i++)
		close(private->nameless[i]);
	if (private->layer && private->is_kept)
		layer_lift(private->layer);
	layer_close(private->layer);
	if (private->folder[0] && !private->is_kept)
		sweep_remove(AT_FDCWD, private->folder);
	free(private);
}

const char *private_folder(const struct private_tmp *private)
{
	return private->folder;
}

bool private_is_kept(const struct private_tmp *private)
{
	return private->is_kept;
}

static int refuse(struct fault *fault, const char *dir, int error)
{
	const char *why = error == -ENOTEMPTY ? "it is not empty, and no layer of pyjail's"
			  : error == -EPROTO ? "a layer of another version of pyjail"
			  : error == -EBADMSG ? "its index is damaged"
			  : error == -EWOULDBLOCK ? "somebody uses it"
			  : error == -EEXIST ? "it has changes where --tmp would drop them"
			  : strerror(-error);

	if (!dir) {
		fault_set(fault, "a private layer cannot be made in /tmp: %s", why);
		snprintf(fault->cure, sizeof(fault->cure), "make room in /tmp");
		return error;
	}
	fault_set(fault, "--scratch=%s: %s", dir, why);
	snprintf(fault->cure, sizeof(fault->cure), "%s",
		 error == -EWOULDBLOCK ? "wait for the other run"
		 : error == -EEXIST ? "apply or discard them first" : "name a new folder");
	return error;
}

static int open_kept(struct private_tmp *private, const char *dir)
{
	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		return -errno;
	if (!realpath(dir, private->folder))
		return -errno;
	private->is_kept = true;
	return layer_open(private->folder, "/", &private->layer);
}

static int open_layer(struct private_tmp *private, const char *dir)
{
	int e = dir ? open_kept(private, dir) : make_folder(private);

	return e < 0 || dir ? e : layer_open_private(private->folder, "/", &private->layer);
}

int private_new(const struct private_plan *plan, struct private_tmp **ret_private,
		struct fault *ret_fault)
{
	struct private_tmp *private = calloc(1, sizeof(*private));
	int e = private ? open_layer(private, plan->dir) : -ENOMEM;

	if (e == 0 && plan->covers)
		e = fill(private, plan);
	if (e < 0) {
		private_free(private);
		return refuse(ret_fault, plan->dir, e);
	}
	*ret_private = private;
	return 0;
}

int private_discard(const char *dir)
{
	static const char *const parts[] = { "files", "index", "layer.json" };
	cleanup_close int fd = -1;
	struct layer *layer;
	int e = layer_open_existing(dir, "/", &layer);

	if (e < 0)
		return e;
	layer_close(layer);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		sweep_remove(fd, parts[i]);
	return rmdir(dir) < 0 ? -errno : 0;
}
