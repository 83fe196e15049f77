/* SPDX-License-Identifier: Apache-2.0 */
/* world_dump.c: see world.h. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/world.h"

static void add(char *out, size_t size, const char *path, const char *text, int result)
{
	size_t n = strlen(out);

	snprintf(out + n, size - n, "%s %d %s\n", path, result, text);
}

static void dump_at(struct world *world, const char *path, unsigned depth, char *out, size_t size)
{
	struct world_op op = { .kind = WORLD_STAT, .flags = AT_SYMLINK_NOFOLLOW };
	char names[8192];
	int e;

	snprintf(op.path, sizeof(op.path), "%s", path);
	e = world_do(world, &op);
	add(out, size, path, world->said, e);
	if (e < 0)
		return;
	if (strncmp(world->said, "120", 3) == 0)
		op.kind = WORLD_READLINK;
	else if (strncmp(world->said, "100", 3) == 0)
		op = (struct world_op){ .kind = WORLD_OPEN, .flags = O_RDONLY };
	else if (strncmp(world->said, "4", 1) == 0)
		op.kind = WORLD_LIST;
	else
		return;
	snprintf(op.path, sizeof(op.path), "%s", path);
	e = world_do(world, &op);
	add(out, size, path, world->said, e);
	if (op.kind != WORLD_LIST || e < 0 || depth > 8)
		return;
	strcpy(names, world->said);
	for (char *name = names, *end; (end = strchr(name, ';')) != NULL; name = end + 1) {
		char below[64];

		*strrchr(strtok(name, ";"), ' ') = '\0';
		snprintf(below, sizeof(below), "%s/%s", path, name);
		dump_at(world, below, depth + 1, out, size);
	}
}

void world_dump(struct world *world, char *out, size_t size)
{
	out[0] = '\0';
	dump_at(world, "", 0, out, size);
}

static void put_file(int root, const char *path, const char *text)
{
	int fd = openat(root, path, O_WRONLY | O_CREAT, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		_exit(99);
	close(fd);
}

void world_fill(int root)
{
	static const char *const folders[] = { "a", "a/a", "a/b", "b", "b/c", "c", "c/b" };
	static const char *const files[] = { "a/c", "a/a/a", "a/a/b", "b/a", "b/c/a", "d", "a/d",
					     "c/b/a" };
	static const char *const all[] = { "a/c", "a/a/a", "a/a/b", "b/a", "b/c/a", "d", "a/d",
					   "c/b/a", "b/b", "a/l", "l", "a/a", "a/b", "b/c", "c/b",
					   "a", "b", "c", "." };
	const struct timespec times[2] = { { .tv_sec = WORLD_OLD }, { .tv_sec = WORLD_OLD } };

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		mkdirat(root, folders[i], 0755);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		put_file(root, files[i], files[i]);
	/* c/b: nothing can be made there, but by root. */
	if (fchmodat(root, "b/a", 0600, 0) < 0 || fchmodat(root, "c/b", 0555, 0) < 0 ||
	    symlinkat("a/a", root, "l") < 0 || symlinkat("b", root, "a/l") < 0 || symlinkat("nowhere", root, "b/b") < 0)
		_exit(99);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		utimensat(root, all[i], times, AT_SYMLINK_NOFOLLOW);
}
