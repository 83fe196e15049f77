/* SPDX-License-Identifier: Apache-2.0 */
/* canary.c: see canary.h. */
#include "tracer/corpus/canary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/fs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/fail.h"

#define FTW_DESCRIPTORS 16
#define DEPTH_MAX 32
#define XATTRS_MAX 4096
#define WHOLE_MAX 4096        /* contents up to here are kept, above it only a sum of them */

static int make_file(const char *base, const char *name, const char *text, mode_t mode)
{
	char path[PATH_MAX];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", base, name);
	f = fopen(path, "wxe");
	if (!f)
		return -errno;
	fputs(text, f);
	if (fchmod(fileno(f), mode) < 0 || fclose(f) != 0)
		return -errno;
	return 0;
}

static int make_folder(const char *base, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", base, name);
	return mkdir(path, 0755) < 0 || chmod(path, 0755) < 0 ? -errno : 0;
}

static int make_link(const char *base, const char *name, const char *target)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", base, name);
	return symlink(target, path) < 0 ? -errno : 0;
}

static int make_files(const char *base, const char *token)
{
	char text[256];
	int error;

	snprintf(text, sizeof(text), "#!/bin/sh\necho %s\n", token);
	error = make_file(base, "canary/prog", text, 0755);
	snprintf(text, sizeof(text), "%s\n", token);
	if (error == 0)
		error = make_file(base, "canary/secret", text, 0644);
	if (error == 0)
		error = make_file(base, "canary/file", "canary\n", 0644);
	if (error == 0)
		error = make_file(base, "canary/folder/inner", "inner\n", 0644);
	return error < 0 ? error : make_file(base, "canary/folder/sub/deep", "deep\n", 0644);
}

int canary_make(const char *base, const char *token)
{
	static const char *const folders[] = {
		"s", "w", "canary", "canary/folder", "canary/folder/sub", "canary/empty",
	};
	int error = 0;

	for (size_t i = 0; error == 0 && i < ARRAY_SIZE(folders); i++)
		error = make_folder(base, folders[i]);
	if (error == 0)
		error = make_files(base, token);
	if (error == 0)
		error = make_link(base, "canary/link", "file");
	return error < 0 ? error : make_link(base, "canary/dirlink", "folder");
}

/* FNV-1a */
static uint64_t sum(uint64_t sum_so_far, const void *bytes, size_t length)
{
	const unsigned char *byte = bytes;

	for (size_t i = 0; i < length; i++)
		sum_so_far = (sum_so_far ^ byte[i]) * 0x100000001b3u;
	return sum_so_far;
}

#define SUM_START 0xcbf29ce484222325u

static void print_bytes(FILE *out, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		bool is_plain = bytes[i] > ' ' && bytes[i] < 0x7f && bytes[i] != '\\';

		fprintf(out, is_plain ? "%c" : "\\x%02x", (unsigned char)bytes[i]);
	}
}

static void print_contents(FILE *out, const char *path)
{
	cleanup_close int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	uint64_t total = SUM_START;
	char bytes[WHOLE_MAX];
	unsigned flags = 0;
	ssize_t n;

	if (fd < 0) {
		fprintf(out, " unreadable");
		return;
	}
	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0)
		fprintf(out, " flags %x", flags);
	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		total = sum(total, bytes, (size_t)n);
	fprintf(out, " contents %" PRIx64, total);
}

static void print_attributes(FILE *out, const char *path)
{
	char names[XATTRS_MAX], value[XATTRS_MAX];
	ssize_t length = llistxattr(path, names, sizeof(names));

	for (ssize_t at = 0; at < length; at += (ssize_t)strlen(names + at) + 1) {
		ssize_t size = lgetxattr(path, names + at, value, sizeof(value));

		fputs(" attribute ", out);
		print_bytes(out, names + at, strlen(names + at));
		fprintf(out, "=%" PRIx64, sum(SUM_START, value, size < 0 ? 0 : (size_t)size));
	}
}

static void print_entry(FILE *out, const char *path, const char *name)
{
	char target[PATH_MAX];
	struct stat st;
	ssize_t length;

	print_bytes(out, name, strlen(name));
	if (lstat(path, &st) < 0) {
		fprintf(out, " gone\n");
		return;
	}
	fprintf(out, " mode %o owner %u:%u links %lu time %lld.%09ld", st.st_mode, st.st_uid,
		st.st_gid, (unsigned long)st.st_nlink, (long long)st.st_mtim.tv_sec,
		st.st_mtim.tv_nsec);
	print_attributes(out, path);
	if (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
		fprintf(out, " size %lld", S_ISREG(st.st_mode) ? (long long)st.st_size : 0LL);
	if (S_ISREG(st.st_mode))
		print_contents(out, path);
	length = S_ISLNK(st.st_mode) ? readlink(path, target, sizeof(target)) : 0;
	if (length > 0) {
		fputs(" to ", out);
		print_bytes(out, target, (size_t)length);
	}
	fputc('\n', out);
}

static void print_tree(FILE *out, const char *path, const char *name, unsigned depth)
{
	struct dirent **entries;
	struct stat st;
	int count;

	print_entry(out, path, name);
	if (depth == DEPTH_MAX || lstat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return;
	count = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		const char *entry = entries[i]->d_name;
		char below[PATH_MAX], below_name[PATH_MAX];

		if (strcmp(entry, ".") != 0 && strcmp(entry, "..") != 0 &&
		    snprintf(below, sizeof(below), "%s/%s", path, entry) < PATH_MAX &&
		    snprintf(below_name, sizeof(below_name), "%s/%s", name, entry) < PATH_MAX)
			print_tree(out, below, below_name, depth + 1);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

int canary_look(const char *base, char **ret_text)
{
	char path[PATH_MAX];
	size_t size = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return -ENOMEM;
	snprintf(path, sizeof(path), "%s/canary", base);
	print_tree(out, path, "canary", 0);
	if (fclose(out) != 0) {
		free(text);
		return -ENOMEM;
	}
	*ret_text = text;
	return 0;
}

bool canary_differs(const char *before, const char *after, char *out, size_t size)
{
	while (*before && *after) {
		size_t length = strcspn(before, "\n"), other = strcspn(after, "\n");

		if (length != other || memcmp(before, after, length) != 0)
			break;
		before += length + (before[length] == '\n');
		after += other + (after[other] == '\n');
	}
	if (!*before && !*after)
		return false;
	if (!*after)
		after = before;
	snprintf(out, size, "%.*s", (int)strcspn(after, " \n"), after);
	return true;
}

static bool file_has(const char *path, const char *token)
{
	FILE *f = fopen(path, "re");
	size_t length = strlen(token), matched = 0;
	int c;

	/* The token's first character occurs nowhere else in it: no need to step back. */
	while (f && matched < length && (c = getc(f)) != EOF)
		matched = c == token[matched] ? matched + 1 : c == token[0];
	if (f)
		fclose(f);
	return matched == length;
}

/* nftw has no place for an argument. */
static const char *leak_token;

static int look_for_token(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)ftw;
	return kind == FTW_F && S_ISREG(st->st_mode) && file_has(path, leak_token);
}

bool canary_leaked(const char *base, const char *token)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/w", base);
	leak_token = token;
	return nftw(path, look_for_token, FTW_DESCRIPTORS, FTW_PHYS | FTW_MOUNT) == 1;
}

/* Immutable and append-only: what an attack by root may leave behind. */
static void clear_flags(const char *path)
{
	cleanup_close int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	unsigned flags = 0;

	if (fd >= 0)
		ioctl(fd, FS_IOC_SETFLAGS, &flags);
}

static int open_up(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)ftw;
	if (S_ISREG(st->st_mode) || S_ISDIR(st->st_mode))
		clear_flags(path);
	if (kind == FTW_DNR || S_ISDIR(st->st_mode))
		chmod(path, 0700);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	remove(path);
	return 0;
}

void canary_remove(const char *path)
{
	/* A folder that could not be read is read in the second round. */
	for (int round = 0; round < 2 && access(path, F_OK) == 0; round++) {
		nftw(path, open_up, FTW_DESCRIPTORS, FTW_PHYS | FTW_MOUNT);
		nftw(path, remove_one, FTW_DESCRIPTORS, FTW_PHYS | FTW_MOUNT | FTW_DEPTH);
	}
}
