/* SPDX-License-Identifier: Apache-2.0 */
/* source.c: see source.h. */
#include "tracer/source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "filters/policy.h"
#include "tracer/fdname.h"

#define BLANKS " \t\r\n\v\f"
#define CUT " ..."

/* The canonical path of what an O_PATH descriptor stands for; a deleted file has none. */
static int name_of(int fd, char out[PATH_MAX])
{
	ssize_t n;

	n = readlink(fd_path(fd).text, out, PATH_MAX - 1);
	if (n <= 0)
		return n < 0 ? -errno : -ENOENT;
	out[n] = '\0';
	return 0;
}

/* Looked up once (O_PATH), judged by its canonical name, opened by that descriptor. */
static int open_judged(const struct source *source, const char *path)
{
	cleanup_close int found = open(path, O_PATH | O_CLOEXEC);
	char name[PATH_MAX];
	struct stat st;
	int fd, e;

	if (found < 0 || fstat(found, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	e = name_of(found, name);
	if (e < 0)
		return e;
	if (policy_judge(source->policy, CLASS_READ, name).kind != VERDICT_ALLOW)
		return -EACCES;
	fd = open(fd_path(found).text, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static char *read_start(int fd, size_t *ret_size)
{
	char *text = malloc(SOURCE_BYTES_MAX);
	size_t size = 0;
	ssize_t n = 1;

	while (text && n > 0 && size < SOURCE_BYTES_MAX) {
		n = read(fd, text + size, SOURCE_BYTES_MAX - size);
		if (n > 0)
			size += (size_t)n;
	}
	*ret_size = size;
	return text;
}

/* At most `room` bytes, without half a character of UTF-8 at the end. */
static size_t whole_characters(const char *at, size_t room)
{
	while (room > 0 && ((unsigned char)at[room] & 0xc0) == 0x80)
		room--;
	return room;
}

static bool is_blank(char c)
{
	return memchr(BLANKS, c, sizeof(BLANKS) - 1) != NULL;
}

/* Copies the line that starts at `at`, without the blanks around it. */
static int copy_line(const char *at, const char *end, char *out, size_t size)
{
	const char *stop = memchr(at, '\n', (size_t)(end - at));
	size_t length;

	if (!stop)
		stop = end;
	while (at < stop && is_blank(*at))
		at++;
	while (stop > at && is_blank(stop[-1]))
		stop--;
	length = (size_t)(stop - at);
	if (!length)
		return -ENODATA;
	/* A NUL would end it early, and is no source text. */
	if (memchr(at, '\0', length))
		return -EINVAL;
	if (length < size)
		snprintf(out, size, "%.*s", (int)length, at);
	else
		snprintf(out, size, "%.*s" CUT, (int)whole_characters(at, size - sizeof(CUT)), at);
	return 0;
}

static int find_line(const char *text, size_t size, int line, char *out, size_t room)
{
	const char *at = text, *end = text + size;

	for (int i = 1; i < line; i++) {
		at = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
		if (!at)
			return -ENODATA;
		at++;
	}
	return at < end ? copy_line(at, end, out, room) : -ENODATA;
}

int source_line(void *data, const char *file, int line, char *out, size_t size)
{
	const struct source *source = data;
	cleanup_free char *text = NULL;
	cleanup_close int fd = -1;
	char path[PATH_MAX];
	size_t length = 0;
	int n;

	/* "<string>", "<stdin>" and "<frozen ...>" are no files. */
	if (!file[0] || file[0] == '<' || (file[0] != '/' && !source->cwd[0]))
		return -ENOENT;
	n = snprintf(path, sizeof(path), "%s%s%s", file[0] == '/' ? "" : source->cwd,
		     file[0] == '/' ? "" : "/", file);
	if (n < 0 || (size_t)n >= sizeof(path))
		return -ENAMETOOLONG;
	fd = open_judged(source, path);
	if (fd < 0)
		return fd;
	text = read_start(fd, &length);
	return text ? find_line(text, length, line, out, size) : -ENOMEM;
}
