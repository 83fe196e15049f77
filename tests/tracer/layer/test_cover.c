/* SPDX-License-Identifier: Apache-2.0 */
/* test_cover.c: folders that cover real ones: empty, fixed, gone with all that is in them. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/fail.h"
#include "tests/support/layered.h"
#include "tests/support/suite.h"
#include "tracer/layer/change.h"
#include "tracer/layer/changes.h"
#include "tracer/layer/cover.h"
#include "tracer/layer/whole.h"

static void set_up(void)
{
	layered_make("mkdir -p real/t/in; echo 1 > real/t/a; echo 2 > real/t/in/b; echo 3 > real/c");
	layered_open();
}

static bool is_there(const char *path)
{
	cleanup_found struct found found = FOUND_NONE;

	return layer_find(layered, path, &found) == 0;
}

static void make(const char *path)
{
	cleanup_close int parent = layer_take_parent(layered, path);

	ck_assert_int_ge(parent, 0);
	ck_assert_int_eq(mknodat(parent, layer_name(path), S_IFREG | 0600, 0), 0);
	ck_assert_int_eq(layer_made(layered, path), 0);
}

static int count(void *data, const struct change *change)
{
	(void)change;
	++*(int *)data;
	return 0;
}

static int changes(void)
{
	int n = 0;

	ck_assert_int_eq(layer_changes(layered, count, &n), 0);
	return n;
}

/* _i & 1: the root was listed before; _i & 2: the layer is opened anew, not lifted. */
START_TEST(it_comes_and_goes)
{
	if (_i & 1)
		ck_assert_int_eq(copy_whole(layered, "/"), 0);
	ck_assert_int_eq(layer_cover(layered, "/t", 01777), 0);
	ck_assert(is_there("/t") && !is_there("/t/a") && !is_there("/t/in"));
	make("/t/a");
	make("/t/new");
	ck_assert_int_eq(layer_remove(layered, "/t/a", false), 0);
	ck_assert_int_eq(layer_uncover(layered, "/t/in"), 0);
	ck_assert(is_there("/t/in/b"));
	ck_assert_int_eq(layer_rename(layered, "/t/in/b", "/moved", 0), 0);
	ck_assert_int_eq(layer_rename(layered, "/c", "/t/c", 0), 0);
	if (_i & 2)
		layered_open();
	else
		ck_assert_int_eq(layer_lift(layered), 0);
	ck_assert(is_there("/t/a") && is_there("/t/in/b") && !is_there("/t/new"));
	ck_assert(is_there("/moved") && !is_there("/c"));
	/* moved is new, c is gone. */
	ck_assert_int_eq(changes(), 2);
	ck_assert_ptr_null(node_find_cover(layered->root));
}
END_TEST

START_TEST(it_stays_where_it_is)
{
	ck_assert_int_eq(layer_cover(layered, "/t", 0700), 0);
	ck_assert_int_eq(layer_remove(layered, "/t", true), -EBUSY);
	ck_assert_int_eq(layer_rename(layered, "/t", "/u", 0), -EBUSY);
	layered_run("mkdir real/u");
	ck_assert_int_eq(layer_rename(layered, "/u", "/t", 0), -EBUSY);
	ck_assert_int_eq(layer_rename(layered, "/u", "/t", RENAME_EXCHANGE), -EBUSY);
	ck_assert(is_there("/t"));
}
END_TEST

/* What the layer had there goes, too: the caller has looked. */
START_TEST(it_covers_what_was_listed)
{
	ck_assert_int_eq(copy_whole(layered, "/t"), 0);
	ck_assert_int_eq(layer_cover(layered, "/t", 0700), 0);
	ck_assert(!is_there("/t/a"));
	ck_assert_int_eq(layer_lift(layered), 0);
	ck_assert(is_there("/t/a"));
	ck_assert_int_eq(changes(), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cover");
	TCase *tcase = tcase_create("cover");

	tcase_add_checked_fixture(tcase, set_up, layered_drop);
	tcase_add_loop_test(tcase, it_comes_and_goes, 0, 4);
	tcase_add_test(tcase, it_stays_where_it_is);
	tcase_add_test(tcase, it_covers_what_was_listed);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
