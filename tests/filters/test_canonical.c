/* SPDX-License-Identifier: Apache-2.0 */
/* test_canonical.c: the way over remembered folders leads where the long one does. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "filters/canonical.h"
#include "tests/support/place.h"
#include "tests/support/suite.h"

static const char *const paths[] = {
	"@/in/file", "@/in/deep/file", "@/in/missing", "@/missing/below", "@/way/file",
	"@/way/deep/file", "@/way/missing", "@/in/link", "@/in/file/below", "@/in/./file",
	"@/in/../file", "@/in/deep/../file", "@/in/deep/..", "@/in/.", "@/in/", "@//in//file",
	"@/in/deep/up/file", "@/up/file", "@/up/in/file", "@/broken", "@/broken/below", "@/round", "@/round/below",
	"@/in", "@", "/", "/etc/passwd", "/usr/lib/x", "/proc/self/maps", "/proc/mounts",
	"/proc/version", "/dev/fd/0", "/dev/stdin", "/dev/null", "//", "/./x",
};

static void make(void)
{
	place_make();
	place_folder("@/in");
	place_folder("@/in/deep");
	place_file("@/in/file");
	place_file("@/in/deep/file");
	place_link("in", "@/way");
	place_link("file", "@/in/link");
	place_link("..", "@/in/deep/up");
	place_link("../..", "@/up");
	place_link("nothing", "@/broken");
	place_link("round", "@/round");
}

static void check_same(struct canonical_folders *folders, const char *path)
{
	cleanup_free char *known = NULL;
	cleanup_free char *found = NULL;

	ck_assert_int_eq(canonical_path(path, &known), 0);
	ck_assert_int_eq(canonical_path_below(folders, path, &found), 0);
	ck_assert_msg(strcmp(known, found) == 0, "%s: %s, not %s", path, found, known);
}

/* Twice, and in both directions: what the others left behind does not matter. */
START_TEST(the_short_way_is_the_long_one)
{
	struct canonical_folders folders = { .next = 0 };
	char path[PATH_MAX];

	for (size_t i = 0; i < 2 * ARRAY_SIZE(paths); i++)
		check_same(&folders, place_at(paths[i % ARRAY_SIZE(paths)], path));
	for (size_t i = ARRAY_SIZE(paths); i-- > 0; )
		check_same(&folders, place_at(paths[i], path));
	canonical_folders_drop(&folders);
	check_same(&folders, place_at(paths[_i], path));
	canonical_folders_drop(&folders);
}
END_TEST

/* More folders than are remembered. */
START_TEST(old_folders_are_forgotten)
{
	struct canonical_folders folders = { .next = 0 };
	char name[64], path[PATH_MAX];

	for (int i = 0; i < 3 * CANONICAL_FOLDERS; i++) {
		snprintf(name, sizeof(name), "@/in/%d", i);
		place_folder(name);
		snprintf(name, sizeof(name), "@/way/%d/x/file", i);
		check_same(&folders, place_at(name, path));
		check_same(&folders, place_at("@/way/deep/file", path));
	}
	canonical_folders_drop(&folders);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("canonical");
	TCase *tcase = tcase_create("canonical");

	tcase_add_checked_fixture(tcase, make, place_remove);
	tcase_add_loop_test(tcase, the_short_way_is_the_long_one, 0, ARRAY_SIZE(paths));
	tcase_add_test(tcase, old_folders_are_forgotten);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
