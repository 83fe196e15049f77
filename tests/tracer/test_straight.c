/* SPDX-License-Identifier: Apache-2.0 */
/* test_straight.c: which paths are their own canonical path, and what is left to the long way. */
#include "tests/support/suite.h"
#include "tracer/straight.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static void make_folder(void)
{
	char path[128];

	strcpy(folder, "/tmp/pyjail-straight.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/file", folder);
	ck_assert_int_ge(creat(path, 0600), 0);
	snprintf(path, sizeof(path), "%s/in", folder);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/link", folder);
	ck_assert_int_eq(symlink("in", path), 0);
	snprintf(path, sizeof(path), "%s/in/file", folder);
	ck_assert_int_ge(creat(path, 0600), 0);
}

static void remove_folder(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	ck_assert_int_eq(system(command), 0);
}

#define IS_OPEN 1

static const struct {
	const char *path;        /* below the folder when it begins with @ */
	bool follows;
	int result;              /* IS_OPEN, or a negative errno */
	const char *canonical;
} rows[] = {
	{ "@/file", true, IS_OPEN, "@/file" },
	{ "@/in", true, IS_OPEN, "@/in" },
	{ "@/in/", true, IS_OPEN, "@/in" },
	{ "@/in/file", false, IS_OPEN, "@/in/file" },
	{ "/", true, IS_OPEN, "/" },
	{ "@/link", false, IS_OPEN, "@/link" },
	{ "@/link", true, -EAGAIN, NULL },
	{ "@/link/file", true, -EAGAIN, NULL },
	{ "@/link/missing", true, -EAGAIN, NULL },
	{ "@/missing", true, -ENOENT, NULL },
	{ "@/missing/below", true, -ENOENT, NULL },
	{ "@/file/", true, -EAGAIN, NULL },
	{ "@/file/below", true, -EAGAIN, NULL },
	{ "@/./file", true, -EAGAIN, NULL },
	{ "@/in/../file", true, -EAGAIN, NULL },
	{ "@//file", true, -EAGAIN, NULL },
	{ "@/in//", true, -EAGAIN, NULL },
	{ "file", true, -EAGAIN, NULL },
	{ "", true, -EAGAIN, NULL },
	{ "/proc", true, -EAGAIN, NULL },
	{ "/proc/self/status", true, -EAGAIN, NULL },
	{ "/dev/fd/0", true, -EAGAIN, NULL },
	{ "/dev/stdin", true, -EAGAIN, NULL },
};

static const char *whole(const char *path, char out[PATH_MAX])
{
	snprintf(out, PATH_MAX, "%s%s", *path == '@' ? folder : "", path + (*path == '@'));
	return out;
}

START_TEST(paths)
{
	char path[PATH_MAX], canonical[PATH_MAX], found[PATH_MAX];
	int fd = straight_open(whole(rows[_i].path, path), rows[_i].follows, found);

	ck_assert_msg((fd >= 0 ? IS_OPEN : fd) == rows[_i].result, "%s: %d", path, fd);
	if (fd < 0)
		return;
	ck_assert_str_eq(found, whole(rows[_i].canonical, canonical));
	ck_assert_int_ne(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_int_ne(fcntl(fd, F_GETFL) & O_PATH, 0);
	close(fd);
}
END_TEST

START_TEST(what_is_too_long)
{
	char path[PATH_MAX + 8], found[PATH_MAX];

	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	ck_assert_int_eq(straight_open(path, true, found), -EAGAIN);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("straight");
	Suite *suite = suite_create("straight");

	tcase_add_checked_fixture(tcase, make_folder, remove_folder);
	tcase_add_loop_test(tcase, paths, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tcase, what_is_too_long);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
