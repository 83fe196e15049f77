/* SPDX-License-Identifier: Apache-2.0 */
/* elf_open.c: see elf.h; where the bytes come from: the mapped file, or the memory. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fail.h"
#include "tracer/elf.h"
#include "tracer/fdname.h"
#include "tracer/pages.h"
#include "tracer/watchdog.h"

#define BUILD_ID_MIN 8u          /* a shorter one proves little */

/* ---- the file ---- */

/*
 * Only looked at (O_PATH): opening a device or a FIFO for real may do things.  Absolute symbolic
 * links, should the tracee have put one there, lead below its root, not ours.
 */
static int look_up(pid_t pid, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	cleanup_close int root = -1;
	char name[32];
	long fd;

	snprintf(name, sizeof(name), "/proc/%d/root", (int)pid);
	root = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return -errno;
	fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
	return fd < 0 ? -errno : (int)fd;
}

/* The kernel writes a newline as \012 and a backslash as itself: both readings are tried. */
static int look_up_either(pid_t pid, const char *path)
{
	int fd = look_up(pid, path);
	char *plain, *at;

	if (fd != -ENOENT || !strstr(path, "\\012"))
		return fd;
	plain = strdup(path);
	if (!plain)
		return -ENOMEM;
	for (at = strstr(plain, "\\012"); at; at = strstr(at, "\\012")) {
		*at = '\n';
		memmove(at + 1, at + 4, strlen(at + 4) + 1);
	}
	fd = look_up(pid, plain);
	free(plain);
	return fd;
}

/* A lease makes O_NONBLOCK answer EWOULDBLOCK; a file system that hangs is the watchdog's. */
static int open_regular(pid_t pid, const char *path, struct stat *ret_stat)
{
	cleanup_close int place = look_up_either(pid, path);
	int fd;

	if (place < 0)
		return place;
	if (fstat(place, ret_stat) < 0)
		return -errno;
	if (!S_ISREG(ret_stat->st_mode))
		return -EACCES;
	fd = open(fd_path(place).text, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	return fd < 0 ? -errno : fd;
}

static int read_whole(int fd, uint64_t offset, uint8_t *out, size_t size)
{
	while (size > 0) {
		ssize_t n = pread(fd, out, size, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		/* A file that was truncated meanwhile is only short. */
		if (n == 0)
			return -EFAULT;
		out += n;
		offset += (uint64_t)n;
		size -= (size_t)n;
	}
	return 0;
}

static int read_file(const struct elf_source *source, pid_t tid, uint64_t offset, void *buffer,
		     size_t size)
{
	int e;

	watchdog_enter(tid);
	e = read_whole((int)(intptr_t)source->data, offset, buffer, size);
	watchdog_leave();
	return e;
}

/* ---- is it the mapped one? ---- */

static bool is_identical(const struct map *map, const struct stat *stat)
{
	return map->device == stat->st_dev && map->inode == stat->st_ino;
}

/* The note lies in a loaded segment, so memory has it too. */
static bool has_same_build_id(struct elf *elf, const struct map *map, struct pages *pages)
{
	uint8_t id[ELF_BUILD_ID_MAX], mapped_id[ELF_BUILD_ID_MAX];
	size_t size, mapped_size;
	struct elf mapped;
	bool is_same;

	if (map->offset != 0 || elf_build_id(elf, id, &size) < 0 || size < BUILD_ID_MIN ||
	    elf_open_memory(pages, map->start, &mapped) < 0)
		return false;
	is_same = elf_build_id(&mapped, mapped_id, &mapped_size) == 0 && mapped_size == size &&
		  memcmp(mapped_id, id, size) == 0;
	elf_close(&mapped);
	return is_same;
}

int elf_open(pid_t pid, const struct map *map, struct pages *pages, struct elf *ret_elf)
{
	cleanup_close int fd = -1;
	struct elf_source source = { .read = read_file };
	struct stat stat;
	struct elf elf;
	int e;

	if (map->path[0] != '/' || map->inode == 0)
		return -ENOENT;
	watchdog_enter(pid);
	fd = open_regular(pid, map->path, &stat);
	watchdog_leave();
	if (fd < 0)
		return fd;
	if (!is_identical(map, &stat) && !pages)
		return -ESTALE;
	source.data = (void *)(intptr_t)fd;
	source.size = (uint64_t)stat.st_size;
	e = elf_open_source(&source, pid, &elf);
	if (e < 0)
		return e;
	elf.fd = steal_fd(&fd);
	if (!is_identical(map, &stat) && !has_same_build_id(&elf, map, pages)) {
		elf_close(&elf);
		return -ESTALE;
	}
	*ret_elf = elf;
	return 0;
}

/* ---- the memory ---- */

static int read_memory(const struct elf_source *source, pid_t tid, uint64_t offset, void *buffer,
		       size_t size)
{
	(void)tid;
	return pages_read(source->data, source->base + offset, buffer, size);
}

int elf_open_memory(struct pages *pages, uint64_t start, struct elf *ret_elf)
{
	struct elf_source source = {
		.read = read_memory, .data = pages, .is_memory = true, .base = start,
	};

	if (start >= PAGES_USER_END)
		return -EFAULT;
	source.size = PAGES_USER_END - start;
	return elf_open_source(&source, 0, ret_elf);
}
