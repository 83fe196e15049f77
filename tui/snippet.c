/* SPDX-License-Identifier: Apache-2.0 */
/* snippet.c: see snippet.h. */
#include "tui/snippet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fail.h"
#include "tui/facts.h"

static bool is_script(const struct facts *facts, const char *file)
{
	size_t length = strcspn(facts->script, " ");

	return length > 0 && strlen(file) >= length &&
	       !strncmp(file + strlen(file) - length, facts->script, length);
}

static bool may_be_read(const struct facts *facts, const char *file)
{
	size_t length = strlen(file);

	if (file[0] == '<')
		return false;
	return (length > 3 && !strcmp(file + length - 3, ".py")) || is_script(facts, file);
}

/* What Python was given may be relative to where the script started. */
static int open_source(const struct facts *facts, const char *file)
{
	char path[8192];

	if (!may_be_read(facts, file))
		return -EPERM;
	if (file[0] == '/')
		snprintf(path, sizeof(path), "%s", file);
	else
		snprintf(path, sizeof(path), "%s/%s", facts->cwd, file);
	/* O_NONBLOCK: a FIFO of that name must not hold the screen. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

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
	cleanup_close int fd = open_source(facts, file);
	struct stat status;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode) || status.st_size > SNIPPET_BYTES_MAX)
		return -EPERM;
	return read_all(fd, (size_t)status.st_size, ret_bytes, ret_size);
}

void snippet_line(const struct facts *facts, const char *file, int line, char *out, size_t size)
{
	cleanup_free char *bytes = NULL;
	const char *at;
	size_t length;

	out[0] = '\0';
	if (line <= 0 || snippet_read(facts, file, &bytes, &length) < 0)
		return;
	at = bytes;
	while (at && --line > 0)
		at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
	if (!at)
		return;
	at += strspn(at, " \t");
	snprintf(out, size, "%.*s", (int)strcspn(at, "\r\n"), at);
}
