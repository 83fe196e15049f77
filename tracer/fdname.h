/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fdname.h: a descriptor as text: its number, for *at() calls below /proc/self/fd, and its path there.
 * Several times a stop: snprintf(3) would cost as much as some of the calls that it is for.
 */
#ifndef TRACER_FDNAME_H
#define TRACER_FDNAME_H

#include <string.h>

struct fdname {
	char text[12];
};

/* `fd` is not negative. */
static inline struct fdname fdname(int fd)
{
	struct fdname name;
	char digits[12];
	unsigned count = 0, at = 0;

	do {
		digits[count++] = (char)('0' + fd % 10);
		fd /= 10;
	} while (fd > 0);
	while (count > 0)
		name.text[at++] = digits[--count];
	name.text[at] = '\0';
	return name;
}

#define FD_FOLDER "/proc/self/fd/"

/* "/proc/self/fd/N": what an O_PATH descriptor is opened, linked and asked about by. */
struct fd_path {
	char text[sizeof(FD_FOLDER) + sizeof(struct fdname)];
};

static inline struct fd_path fd_path(int fd)
{
	struct fdname name = fdname(fd);
	struct fd_path path;

	strcpy(stpcpy(path.text, FD_FOLDER), name.text);
	return path;
}

#endif
