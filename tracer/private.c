/* SPDX-License-Identifier: Apache-2.0 */
/* private.c: see private.h. */
#include "tracer/private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "filters/policy.h"
#include "tracer/fdname.h"
#include "tracer/layer/change.h"

#define NAMELESS_MAX 1024
#define DEPTH_MAX 4096

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

/* What a rule lets the script use is not covered. */
static int show_roots(struct private_tmp *private, const struct policy *policy)
{
	/* The most specific come last: a folder before what is in it. */
	for (size_t i = policy->rule_count; i > 0; i--) {
		const struct rule *rule = policy->rules[i - 1];
		bool lets = rule->verdict == VERDICT_ALLOW || rule->verdict == VERDICT_ASK;
		int e = 0;

		if (lets && rule_has_path(rule) && is_covered(rule->root))
			e = layer_uncover(private->layer, rule->root);
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

static int fill(struct private_tmp *private, const struct policy *policy, const char *script,
		const char *cwd)
{
	int e = layer_open_private(private->folder, "/", &private->layer);

	if (e == 0)
		e = cover(private);
	if (e == 0)
		e = show_roots(private, policy);
	if (e == 0 && script && is_covered(script))
		e = layer_uncover(private->layer, script);
	return e < 0 ? e : show_cwd(private, cwd);
}

static int make_folder(struct private_tmp *private)
{
	strcpy(private->folder, "/tmp/pyjail-layer.XXXXXX");
	if (mkdtemp(private->folder))
		return 0;
	private->folder[0] = '\0';
	return -errno;
}

int private_new(const struct policy *policy, const char *script, const char *cwd,
		struct private_tmp **ret_private, struct fault *ret_fault)
{
	struct private_tmp *private = calloc(1, sizeof(*private));
	int e = private ? 0 : -ENOMEM;

	if (private)
		e = make_folder(private);
	if (e == 0)
		e = fill(private, policy, script, cwd);
	if (e < 0) {
		private_free(private);
		fault_set(ret_fault, "a private /tmp cannot be made: %s", strerror(-e));
		snprintf(ret_fault->cure, sizeof(ret_fault->cure), "make room in /tmp");
		return e;
	}
	*ret_private = private;
	return 0;
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

static uint64_t disk_bytes(const struct stat *st)
{
	return (uint64_t)st->st_blocks * 512 / (st->st_nlink > 1 && !S_ISDIR(st->st_mode)
							? st->st_nlink : 1);
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
		sum += disk_bytes(&st);
		i++;
	}
	return sum;
}

/*
 * What is done with each name of a folder, folders after what is in them.  A folder that its owner
 * cannot read (the script chose its mode) is opened up; `shuts` gives the mode back.
 */
struct sweep {
	bool removes, shuts;
	uint64_t bytes;
};

static void sweep_at(struct sweep *sweep, int folder, const char *name, unsigned depth);

static DIR *open_folder(int folder, const char *name, const struct stat *st, bool *ret_is_opened)
{
	int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir;

	*ret_is_opened = (st->st_mode & 0700) != 0700;
	if (*ret_is_opened) {
		if (fd >= 0)
			close(fd);
		(void)!fchmodat(folder, name, 0700, 0);
		fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	}
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir && fd >= 0)
		close(fd);
	return dir;
}

static void sweep_folder(struct sweep *sweep, int folder, const char *name, const struct stat *st,
			 unsigned depth)
{
	bool is_opened;
	DIR *dir = open_folder(folder, name, st, &is_opened);
	const struct dirent *entry;

	while (dir && depth < DEPTH_MAX && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			sweep_at(sweep, dirfd(dir), entry->d_name, depth + 1);
	if (dir)
		closedir(dir);
	if (is_opened && sweep->shuts)
		(void)!fchmodat(folder, name, st->st_mode & 07777, 0);
}

static void sweep_at(struct sweep *sweep, int folder, const char *name, unsigned depth)
{
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	sweep->bytes += disk_bytes(&st);
	if (S_ISDIR(st.st_mode))
		sweep_folder(sweep, folder, name, &st, depth);
	if (sweep->removes)
		unlinkat(folder, name, S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0);
}

uint64_t private_used(struct private_tmp *private)
{
	struct sweep sweep = { .shuts = true };

	if (!private)
		return 0;
	sweep_at(&sweep, AT_FDCWD, private->folder, 0);
	return sweep.bytes + nameless_bytes(private);
}

void private_free(struct private_tmp *private)
{
	struct sweep sweep = { .removes = true };

	if (!private)
		return;
	for (size_t i = 0; i < private->count; i++)
		close(private->nameless[i]);
	layer_close(private->layer);
	if (private->folder[0] && !private->is_kept)
		sweep_at(&sweep, AT_FDCWD, private->folder, 0);
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
			  : error == -EWOULDBLOCK ? "somebody uses it" : strerror(-error);

	fault_set(fault, "--scratch=%s: %s", dir ? dir : "", why);
	snprintf(fault->cure, sizeof(fault->cure), "%s",
		 error == -EWOULDBLOCK ? "wait for the other run" : "name a new folder");
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

int private_scratch(const char *dir, struct private_tmp **ret_private, struct fault *ret_fault)
{
	struct private_tmp *private = calloc(1, sizeof(*private));
	int e = private ? 0 : -ENOMEM;

	if (e == 0)
		e = dir ? open_kept(private, dir) : make_folder(private);
	if (e == 0 && !dir)
		e = layer_open_private(private->folder, "/", &private->layer);
	if (e < 0) {
		private_free(private);
		return refuse(ret_fault, dir, e);
	}
	*ret_private = private;
	return 0;
}

int private_discard(const char *dir)
{
	static const char *const parts[] = { "files", "index", "layer.json" };
	struct sweep sweep = { .removes = true };
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
		sweep_at(&sweep, fd, parts[i], 0);
	return rmdir(dir) < 0 ? -errno : 0;
}
