/* SPDX-License-Identifier: Apache-2.0 */
/* place.c: see place.h. */
#include "tests/support/place.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char place[64];

void place_make(void)
{
	strcpy(place, "/tmp/pyjail-place.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(place));
}

void place_remove(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", place);
	ck_assert_int_eq(system(command), 0);
}

const char *place_at(const char *path, char out[PATH_MAX])
{
	snprintf(out, PATH_MAX, "%s%s", *path == '@' ? place : "", path + (*path == '@'));
	return out;
}

void place_file(const char *path)
{
	char whole[PATH_MAX];
	int fd = creat(place_at(path, whole), 0600);

	ck_assert_int_ge(fd, 0);
	close(fd);
}

void place_folder(const char *path)
{
	char whole[PATH_MAX];

	ck_assert_int_eq(mkdir(place_at(path, whole), 0700), 0);
}

void place_link(const char *target, const char *path)
{
	char whole[PATH_MAX];

	ck_assert_int_eq(symlink(target, place_at(path, whole)), 0);
}
