/* SPDX-License-Identifier: Apache-2.0 */
/* sweep.c: see sweep.h. */
#include "tracer/layer/sweep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"

#define DEPTH_LOOKED_MAX 4096
#define DEPTH_REMOVED_MAX 256
#define HUGE_BYTES (UINT64_MAX / 4)

/*
 * What is done with each name of a folder, folders after what is in them.  A folder that its owner
 * cannot read (the script chose its mode) is opened up; `shuts` gives the mode back.
 */
struct sweep {
	bool removes, shuts;
	bool is_huge;
	uint64_t bytes;
	int top;                 /* removing: where what lies too deep is moved to */
	unsigned long tried, moved;
};

uint64_t sweep_bytes_of(const struct stat *st)
{
	return (uint64_t)st->st_blocks * 512 / (st->st_nlink > 1 && !S_ISDIR(st->st_mode)
							? st->st_nlink : 1);
}

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

	if (!dir && (errno == EMFILE || errno == ENFILE))
		sweep->is_huge = true;
	while (dir && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			sweep_at(sweep, dirfd(dir), entry->d_name, depth + 1);
	if (dir)
		closedir(dir);
	if (is_opened && sweep->shuts)
		(void)!fchmodat(folder, name, st->st_mode & 07777, 0);
}

/* Each level keeps a descriptor open. */
static void meet_depth(struct sweep *sweep, int folder, const char *name)
{
	char up[32];

	sweep->is_huge = true;
	if (!sweep->removes)
		return;
	snprintf(up, sizeof(up), "pyjail-deep.%lu", sweep->tried++);
	(void)!fchmodat(folder, name, 0700, 0);
	if (renameat(folder, name, sweep->top, up) == 0)
		sweep->moved++;
}

static void sweep_at(struct sweep *sweep, int folder, const char *name, unsigned depth)
{
	unsigned most = sweep->removes ? DEPTH_REMOVED_MAX : DEPTH_LOOKED_MAX;
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	sweep->bytes += sweep_bytes_of(&st);
	if (S_ISDIR(st.st_mode) && depth == most)
		meet_depth(sweep, folder, name);
	else if (S_ISDIR(st.st_mode))
		sweep_folder(sweep, folder, name, &st, depth);
	if (sweep->removes)
		unlinkat(folder, name, S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0);
}

uint64_t sweep_bytes(int folder, const char *name)
{
	struct sweep sweep = { .shuts = true };

	sweep_at(&sweep, folder, name, 0);
	return sweep.is_huge ? HUGE_BYTES : sweep.bytes;
}

static bool is_there(int folder, const char *name)
{
	struct stat st;

	return fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Again as long as something was too deep: it lies higher then. */
int sweep_remove(int folder, const char *name)
{
	struct sweep sweep = { .removes = true };
	unsigned long before;

	do {
		before = sweep.moved;
		sweep.top = openat(folder, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		sweep_at(&sweep, folder, name, 0);
		if (sweep.top >= 0)
			close(sweep.top);
	} while (sweep.moved > before);
	return is_there(folder, name) ? -ENOTEMPTY : 0;
}
