/* SPDX-License-Identifier: Apache-2.0 */
/* test_straight.c: which paths are their own canonical path, and what is left to the long way. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/place.h"
#include "tests/support/suite.h"
#include "tracer/straight.h"

static void make(void)
{
	place_make();
	place_file("@/file");
	place_folder("@/in");
	place_link("in", "@/link");
	place_file("@/in/file");
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

START_TEST(paths)
{
	char path[PATH_MAX], canonical[PATH_MAX], found[PATH_MAX];
	int fd = straight_open(place_at(rows[_i].path, path), rows[_i].follows, found);

	ck_assert_msg((fd >= 0 ? IS_OPEN : fd) == rows[_i].result, "%s: %d", path, fd);
	if (fd < 0)
		return;
	ck_assert_str_eq(found, place_at(rows[_i].canonical, canonical));
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

	tcase_add_checked_fixture(tcase, make, place_remove);
	tcase_add_loop_test(tcase, paths, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tcase, what_is_too_long);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
