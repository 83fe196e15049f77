/* SPDX-License-Identifier: Apache-2.0 */
/* copy.c: see copy.h. */
#include "tracer/layer/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/fail.h"
#include "tracer/fdname.h"

#define CHUNK 65536
#define ATTRIBUTES_MAX 16384

struct origin origin_of(const struct stat *st)
{
	return (struct origin){
		.device = st->st_dev, .inode = st->st_ino, .size = (uint64_t)st->st_size,
		.mtime_s = (uint64_t)st->st_mtim.tv_sec, .mtime_ns = (uint64_t)st->st_mtim.tv_nsec,
		.mode = st->st_mode,
	};
}

static void set_times(int fd, const struct stat *st)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };

	utimensat(AT_FDCWD, fd_path(fd).text, times, 0);
}

/* Files of proc(5) and sysfs(5) have no contents: a write to them is a command. */
static bool is_kernels(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) < 0 || fs.f_type == PROC_SUPER_MAGIC || fs.f_type == SYSFS_MAGIC;
}

int quiet_begin(const struct layer *layer, const char *folder, struct quiet *quiet)
{
	quiet->fd = layer_open_at(layer->files, folder, O_PATH | O_DIRECTORY);
	if (quiet->fd < 0)
		return quiet->fd;
	fstat(quiet->fd, &quiet->before);
	quiet->was_shut = !layer->is_root && (quiet->before.st_mode & 0700) != 0700;
	if (quiet->was_shut)
		chmod(fd_path(quiet->fd).text, (quiet->before.st_mode & 07777) | 0700);
	return 0;
}

void quiet_end(struct quiet *quiet)
{
	if (quiet->fd < 0)
		return;
	if (quiet->was_shut)
		chmod(fd_path(quiet->fd).text, quiet->before.st_mode & 07777);
	set_times(quiet->fd, &quiet->before);
	close(quiet->fd);
	quiet->fd = -1;
}

/* Owner first: chown(2) takes set-id bits away. */
static void dress(const struct layer *layer, int fd, const struct stat *st)
{
	if (layer->is_root)
		(void)!fchownat(fd, "", st->st_uid, st->st_gid, AT_EMPTY_PATH);
	if (!S_ISLNK(st->st_mode))
		chmod(fd_path(fd).text, st->st_mode & 07777);
}

int copy_root(const struct layer *layer, int files)
{
	struct stat st;

	if (fstat(layer->real, &st) < 0)
		return -errno;
	dress(layer, files, &st);
	set_times(files, &st);
	return 0;
}

static int make_link(int folder, const char *name, int real)
{
	char text[PATH_MAX];
	ssize_t n = readlinkat(real, "", text, sizeof(text) - 1);

	if (n < 0)
		return -errno;
	text[n] = '\0';
	return symlinkat(text, folder, name) < 0 ? -errno : 0;
}

/* What it is made of: the same type, but for devices, which only root could make. */
static int make_node(int folder, const char *name, int real, const struct stat *st)
{
	mode_t type = st->st_mode & S_IFMT;

	if (S_ISDIR(type))
		return mkdirat(folder, name, 0700) < 0 ? -errno : 0;
	if (S_ISLNK(type))
		return make_link(folder, name, real);
	if (!S_ISFIFO(type) && !S_ISSOCK(type))
		type = S_IFREG;
	return mknodat(folder, name, type | 0600, 0) < 0 ? -errno : 0;
}

bool copy_is_shut(int real)
{
	return faccessat(real, "", W_OK, AT_EMPTY_PATH | AT_EACCESS) < 0;
}

static void finish_name(const struct layer *layer, int folder, const char *name,
			const struct stat *st)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };
	int fd;

	/* A stand-in for data stays ours to fill: it is dressed then, and not seen before. */
	if (S_ISREG(st->st_mode))
		return;
	fd = openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	if (S_ISDIR(st->st_mode) || S_ISLNK(st->st_mode))
		dress(layer, fd, st);
	close(fd);
	utimensat(folder, name, times, AT_SYMLINK_NOFOLLOW);
}

int copy_stand_in_at(struct layer *layer, int folder, const char *path, const char *lower, int real)
{
	struct origin origin = { 0 };
	const char *name = layer_name(path);
	struct stat st;
	bool is_stub;
	int e;

	if (fstat(real, &st) < 0)
		return -errno;
	is_stub = S_ISDIR(st.st_mode) ? copy_is_shut(real) : !S_ISLNK(st.st_mode);
	if (!is_stub)
		origin = origin_of(&st);
	e = journal_from(&layer->journal, layer->root, path, lower, &origin, is_stub);
	if (e == 0)
		e = make_node(folder, name, real, &st);
	if (e == 0)
		finish_name(layer, folder, name, &st);
	else
		journal_plain(&layer->journal, layer->root, path);
	return e;
}

int copy_stand_in(struct layer *layer, const char *path, const char *lower)
{
	cleanup_close int real = layer_open_at(layer->real, lower, O_PATH | O_NOFOLLOW);
	char parent[LAYER_PATH_MAX];
	struct quiet quiet;
	int e;

	if (real < 0)
		return real;
	layer_parent(path, parent, sizeof(parent));
	e = quiet_begin(layer, parent, &quiet);
	if (e < 0)
		return e;
	e = copy_stand_in_at(layer, quiet.fd, path, lower, real);
	quiet_end(&quiet);
	return e;
}

/* From the root down: each real folder on the way is made, what is the script's own is there. */
int copy_name(struct layer *layer, const char *path)
{
	char prefix[LAYER_PATH_MAX];
	const char *rest = path;

	while (layer_next_prefix(path, &rest, prefix)) {
		struct found found = FOUND_NONE;
		int e = layer_find(layer, prefix, &found);

		if (e < 0)
			return e;
		if (*rest && !S_ISDIR(found.stat.st_mode))
			e = -ENOTDIR;
		else if (!found.is_upper)
			e = copy_stand_in(layer, prefix, found.lower);
		found_close(&found);
		if (e < 0)
			return e;
	}
	return 0;
}

int copy_folder(struct layer *layer, const char *path)
{
	cleanup_found struct found found = FOUND_NONE;
	int e = layer_find(layer, path, &found);

	if (e < 0)
		return e;
	if (!S_ISDIR(found.stat.st_mode))
		return -ENOTDIR;
	return found.is_upper ? 0 : copy_name(layer, path);
}

static int copy_bytes(int from, int to, off_t start, off_t end)
{
	char chunk[CHUNK];

	while (start < end) {
		size_t want = end - start < CHUNK ? (size_t)(end - start) : CHUNK;
		ssize_t n = copy_file_range(from, &start, to, &(off_t){ start },
					    (size_t)(end - start), 0);

		if (n > 0)
			continue;
		if (n < 0 && errno == ENOSPC)
			return -ENOSPC;
		/* Other file systems, special ones: by hand. */
		n = pread(from, chunk, want, start);
		if (n == 0)
			return 0;
		if (n < 0)
			return -errno;
		n = pwrite(to, chunk, (size_t)n, start);
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		start += n;
	}
	return 0;
}

/* Only what is no hole: a sparse file stays one. */
static int copy_data(int from, int to, off_t size)
{
	off_t at = 0;

	if (ftruncate(to, size) < 0)
		return -errno;
	while (at < size) {
		off_t start = lseek(from, at, SEEK_DATA), end;
		int e;

		if (start < 0 && errno == ENXIO)
			return 0;
		if (start < 0)
			return copy_bytes(from, to, at, size);
		end = lseek(from, start, SEEK_HOLE);
		e = copy_bytes(from, to, start, end < 0 ? size : end);
		if (e < 0)
			return e;
		at = end < 0 ? size : end;
	}
	return 0;
}

/* The user's own; others (security.*, trusted.*) need rights or mean something to this machine. */
static void copy_attributes(int from, int to)
{
	char names[ATTRIBUTES_MAX], value[ATTRIBUTES_MAX];
	ssize_t n = flistxattr(from, names, sizeof(names));

	for (ssize_t at = 0; at < n; at += (ssize_t)strlen(names + at) + 1) {
		ssize_t size = fgetxattr(from, names + at, value, sizeof(value));

		if (size >= 0 && strncmp(names + at, "user.", 5) == 0)
			fsetxattr(to, names + at, value, (size_t)size, 0);
	}
}

static int fill_from(const struct layer *layer, int from, int to, const struct stat *st,
		     bool wants_data)
{
	int e = wants_data ? copy_data(from, to, st->st_size) : 0;

	if (e < 0) {
		(void)!ftruncate(to, 0);
		return e;
	}
	copy_attributes(from, to);
	dress(layer, to, st);
	set_times(to, st);
	return 0;
}

int copy_out(const struct layer *layer, const struct found *found, int to)
{
	cleanup_close int from = open(fd_path(found->fd).text, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	return from < 0 ? -errno : fill_from(layer, from, to, &found->stat, true);
}

/* A stand-in gets its contents. */
static int fill(struct layer *layer, const char *path, const struct found *found, bool wants_data)
{
	cleanup_close int from = -1, to = -1;
	struct origin origin = origin_of(&found->stat);
	int e;

	if (!S_ISREG(found->stat.st_mode) || is_kernels(found->fd))
		return -EACCES;
	from = open(fd_path(found->fd).text, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (from < 0)
		return -errno;
	to = layer_open_at(layer->files, path, O_WRONLY | O_NOFOLLOW);
	if (to < 0)
		return to;
	e = fill_from(layer, from, to, &found->stat, wants_data);
	return e < 0 ? e : journal_data(&layer->journal, layer->root, path, &origin);
}

/*
 * The owner changes a folder that could not be written: from here on it is the layer's.  A pipe has
 * no contents: the layer's own is another one, and nobody real is at its other end.
 */
static int adopt(struct layer *layer, const char *path, const struct found *found)
{
	struct origin origin = origin_of(&found->stat);

	return journal_data(&layer->journal, layer->root, path, &origin);
}

int copy_up(struct layer *layer, const char *path, const struct found *found, bool wants_data)
{
	int e = found->is_upper ? 0 : copy_name(layer, path);

	if (e < 0 || (found->is_upper && !found->is_stub) || S_ISLNK(found->stat.st_mode))
		return e;
	if (S_ISDIR(found->stat.st_mode) || S_ISFIFO(found->stat.st_mode))
		return adopt(layer, path, found);
	return fill(layer, path, found, wants_data);
}
