/* SPDX-License-Identifier: Apache-2.0 */
/* fakes.c: see fakes.h. */
#include "tracer/fakes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <uthash.h>

#include "base/fail.h"

struct fake {
	char *path;
	int fd;                  /* of fakes.files; -1: gone */
	UT_hash_handle hh;
};

struct fakes {
	struct fake *by_path;
	size_t file_count;
	int files[FAKES_FILES_MAX];  /* every one that was made */
};

bool fakes_any(const struct tracer *tracer)
{
	return tracer->fakes && tracer->fakes->by_path;
}

static struct fake *find(const struct tracer *tracer, const char *path, size_t size)
{
	struct fake *fake = NULL;

	if (tracer->fakes)
		HASH_FIND(hh, tracer->fakes->by_path, path, size, fake);
	return fake;
}

bool fakes_is_gone(const struct tracer *tracer, const char *path)
{
	if (!fakes_any(tracer) || !path || path[0] != '/')
		return false;
	for (size_t size = 1; path[size - 1]; size++) {
		const struct fake *fake;

		size += strcspn(path + size, "/");
		fake = find(tracer, path, size);
		if (fake)
			return fake->fd < 0;
	}
	return false;
}

static int copy_fd(int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	return copy < 0 ? -errno : copy;
}

int fakes_find(const struct tracer *tracer, const char *path)
{
	const struct fake *fake = path ? find(tracer, path, strlen(path)) : NULL;

	return fake && fake->fd >= 0 ? copy_fd(fake->fd) : -ENOENT;
}

int fakes_stat(const struct tracer *tracer, const char *path, struct stat *ret_stat)
{
	const struct fake *fake = find(tracer, path, strlen(path));

	if (!fake || fake->fd < 0)
		return -ENOENT;
	return fstat(fake->fd, ret_stat) < 0 ? -errno : 0;
}

/* Makes room for the first, or finds the one that is there. */
static int put(struct tracer *tracer, const char *path, int fd)
{
	struct fake *fake = find(tracer, path, strlen(path));

	if (fake) {
		fake->fd = fd;
		return 0;
	}
	if (HASH_COUNT(tracer->fakes->by_path) >= FAKES_MAX)
		return -ENOSPC;
	fake = calloc(1, sizeof(*fake));
	if (!fake)
		return -ENOMEM;
	fake->path = strdup(path);
	fake->fd = fd;
	if (!fake->path) {
		free(fake);
		return -ENOMEM;
	}
	HASH_ADD_KEYPTR(hh, tracer->fakes->by_path, fake->path, strlen(fake->path), fake);
	return 0;
}

static int begin(struct tracer *tracer)
{
	if (!tracer->fakes)
		tracer->fakes = calloc(1, sizeof(*tracer->fakes));
	return tracer->fakes ? 0 : -ENOMEM;
}

/* Also for --memory: what is copied must fit at once. */
static int check_size(const struct tracer *tracer, off_t size)
{
	uint64_t limit = tracer->config->limits.memory_bytes;

	if (size > (off_t)FAKES_COPY_MAX)
		return -EFBIG;
	return limit && fakes_bytes(tracer) + (uint64_t)size > limit ? -ENOSPC : 0;
}

static int copy_contents(const struct tracer *tracer, int from, int to)
{
	struct stat st;
	off_t left;
	int e = fstat(from, &st) < 0 ? -errno : check_size(tracer, st.st_size);

	if (e < 0)
		return e;
	for (left = st.st_size; left > 0;) {
		ssize_t n = sendfile(to, from, NULL, (size_t)left);

		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		left -= n;
	}
	return 0;
}

/* Named as its path ends: that is what /proc/N/fd shows of it. */
static int make_file(struct tracer *tracer, const char *path, int from)
{
	struct fakes *fakes = tracer->fakes;
	const char *slash = path ? strrchr(path, '/') : NULL;
	char name[200];
	int fd, e;

	if (fakes->file_count == FAKES_FILES_MAX)
		return -ENOSPC;
	snprintf(name, sizeof(name), "%s", slash ? slash + 1 : "unnamed");
	fd = memfd_create(name, MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	e = from >= 0 ? copy_contents(tracer, from, fd) : 0;
	if (e < 0) {
		close(fd);
		return e;
	}
	fakes->files[fakes->file_count++] = fd;
	return fd;
}

int fakes_make(struct tracer *tracer, const char *path, int from, int *ret_fd)
{
	int e = begin(tracer), fd = e < 0 ? e : make_file(tracer, path, from);

	if (fd < 0)
		return fd;
	e = path ? put(tracer, path, fd) : 0;
	if (e < 0)
		return e;
	*ret_fd = copy_fd(fd);
	return *ret_fd < 0 ? *ret_fd : 0;
}

int fakes_remove(struct tracer *tracer, const char *path)
{
	int e = begin(tracer);

	return e < 0 ? e : put(tracer, path, -1);
}

int fakes_link(struct tracer *tracer, const char *from, const char *to)
{
	struct fake *fake = find(tracer, from, strlen(from));
	return fake && fake->fd >= 0 ? put(tracer, to, fake->fd) : -ENOENT;
}

void fakes_forget(struct tracer *tracer, const char *path)
{
	struct fake *fake = path ? find(tracer, path, strlen(path)) : NULL;

	if (!fake)
		return;
	HASH_DEL(tracer->fakes->by_path, fake);
	free(fake->path);
	free(fake);
}

void fakes_list(const struct tracer *tracer, const char *folder, fakes_fn *take, void *data)
{
	size_t size = strcmp(folder, "/") == 0 ? 0 : strlen(folder);
	struct fake *fake, *next;

	if (!fakes_any(tracer))
		return;
	HASH_ITER(hh, tracer->fakes->by_path, fake, next) {
		if (fake->fd < 0 || strncmp(fake->path, folder, size) != 0 ||
		    fake->path[size] != '/' || strchr(fake->path + size + 1, '/'))
			continue;
		if (!take(data, fake->path + size + 1, fake->fd))
			return;
	}
}

uint64_t fakes_bytes(const struct tracer *tracer)
{
	uint64_t bytes = 0;
	struct stat st;

	for (size_t i = 0; tracer->fakes && i < tracer->fakes->file_count; i++)
		if (fstat(tracer->fakes->files[i], &st) == 0)
			bytes += (uint64_t)st.st_blocks * 512;
	return bytes;
}

void fakes_free(struct tracer *tracer)
{
	struct fake *fake, *next;

	if (!tracer->fakes)
		return;
	/* Their order outlives the table. */
	fake = tracer->fakes->by_path;
	HASH_CLEAR(hh, tracer->fakes->by_path);
	for (; fake; fake = next) {
		next = fake->hh.next;
		free(fake->path);
		free(fake);
	}
	for (size_t i = 0; i < tracer->fakes->file_count; i++)
		close(tracer->fakes->files[i]);
	free(tracer->fakes);
	tracer->fakes = NULL;
}
