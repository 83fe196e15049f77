/* SPDX-License-Identifier: Apache-2.0 */
/* snippet.c: see snippet.h. */
#include "tui/snippet.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fail.h"
#include "tui/facts.h"

static bool is_python(const char *path)
{
	size_t length = strlen(path);

	return length > 3 && !strcmp(path + length - 3, ".py");
}

/* Of a record the command line is somebody's word: that could name any file. */
static bool is_script(const struct facts *facts, const char *path)
{
	char script[PATH_MAX], real[PATH_MAX];
	size_t length = strcspn(facts->script, " ");
	bool is_whole = facts->script[0] == '/';

	if (!facts->is_own || length == 0 ||
	    snprintf(script, sizeof(script), "%s%s%.*s", is_whole ? "" : facts->cwd,
		     is_whole ? "" : "/", (int)length, facts->script) >= (int)sizeof(script))
		return false;
	return realpath(script, real) && !strcmp(real, path);
}

/* Where a descriptor leads, all links followed. */
static bool name_of(int fd, char *out, size_t size)
{
	char link[32];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, out, size - 1);
	if (length <= 0 || (size_t)length >= size - 1)
		return false;
	out[length] = '\0';
	return true;
}

/* What Python was given may be relative to where the script started. */
static int open_path(const struct facts *facts, const char *file)
{
	bool is_whole = file[0] == '/';
	char path[PATH_MAX];
	int fd;

	/* "<string>", "<frozen ...>" */
	if (!file[0] || file[0] == '<' || (!is_whole && facts->cwd[0] != '/'))
		return -EPERM;
	if (snprintf(path, sizeof(path), "%s%s%s", is_whole ? "" : facts->cwd,
		     is_whole ? "" : "/", file) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, O_PATH | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* The file that was looked at is the one that is opened, whatever becomes of its name. */
static int open_source(const struct facts *facts, const char *file, size_t *ret_size)
{
	cleanup_close int there = open_path(facts, file);
	char name[PATH_MAX], link[32];
	struct stat status;
	int fd;

	if (there < 0)
		return there;
	if (fstat(there, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode) || status.st_size > SNIPPET_BYTES_MAX ||
	    !name_of(there, name, sizeof(name)) || !(is_python(name) || is_script(facts, name)))
		return -EPERM;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", there);
	fd = open(link, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	*ret_size = (size_t)status.st_size;
	return fd < 0 ? -errno : fd;
}

static int read_all(int fd, size_t size, char **ret_bytes, size_t *ret_size)
{
	char *bytes = malloc(size + 1);
	size_t used = 0;
	ssize_t got;

	if (!bytes)
		return -ENOMEM;
	while (used < size && (got = read(fd, bytes + used, size - used)) > 0)
		used += (size_t)got;
	bytes[used] = '\0';
	*ret_bytes = bytes;
	*ret_size = used;
	return 0;
}

int snippet_read(const struct facts *facts, const char *file, char **ret_bytes, size_t *ret_size)
{
	size_t size = 0;
	cleanup_close int fd = open_source(facts, file, &size);

	return fd < 0 ? fd : read_all(fd, size, ret_bytes, ret_size);
}

/* Where line `line` begins, blanks skipped; NULL: there are not so many. */
static const char *find_line(const char *bytes, int line)
{
	for (; line > 1; line--) {
		bytes = strchr(bytes, '\n');
		if (!bytes)
			return NULL;
		bytes++;
	}
	return bytes + strspn(bytes, " \t");
}

void snippet_line(const struct facts *facts, const char *file, int line, char *out, size_t size)
{
	char *bytes = NULL;
	const char *at;
	size_t length;

	out[0] = '\0';
	if (line <= 0 || snippet_read(facts, file, &bytes, &length) < 0)
		return;
	at = find_line(bytes, line);
	if (at)
		snprintf(out, size, "%.*s", (int)strcspn(at, "\r\n"), at);
	free(bytes);
}
