/* SPDX-License-Identifier: Apache-2.0 */
/* test_cover.c: folders that cover real ones: empty, fixed, gone with all that is in them. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/suite.h"
#include "tracer/layer/change.h"
#include "tracer/layer/changes.h"
#include "tracer/layer/cover.h"
#include "tracer/layer/whole.h"

static char folder[64], real[96], dir[96];
static struct layer *layer;

static void run(const char *command)
{
	char text[512];

	snprintf(text, sizeof(text), "cd %s && %s", folder, command);
	ck_assert_int_eq(system(text), 0);
}

static void open_layer(void)
{
	ck_assert_int_eq(layer_open(dir, real, &layer), 0);
}

static void set_up(void)
{
	strcpy(folder, "/tmp/pyjail-cover.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(real, sizeof(real), "%s/real", folder);
	snprintf(dir, sizeof(dir), "%s/layer", folder);
	run("mkdir -p real/t/in layer; echo 1 > real/t/a; echo 2 > real/t/in/b; echo 3 > real/c");
	open_layer();
}

static void tear_down(void)
{
	layer_close(layer);
	run("chmod -R u+rwx . && rm -rf layer real");
	rmdir(folder);
}

static bool is_there(const char *path)
{
	cleanup_found struct found found = FOUND_NONE;

	return layer_find(layer, path, &found) == 0;
}

static void make(const char *path)
{
	cleanup_close int parent = layer_take_parent(layer, path);

	ck_assert_int_ge(parent, 0);
	ck_assert_int_eq(mknodat(parent, layer_name(path), S_IFREG | 0600, 0), 0);
	ck_assert_int_eq(layer_made(layer, path), 0);
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

	ck_assert_int_eq(layer_changes(layer, count, &n), 0);
	return n;
}

/* _i & 1: the root was listed before; _i & 2: the layer is opened anew, not lifted. */
START_TEST(it_comes_and_goes)
{
	if (_i & 1)
		ck_assert_int_eq(copy_whole(layer, "/"), 0);
	ck_assert_int_eq(layer_cover(layer, "/t", 01777), 0);
	ck_assert(is_there("/t") && !is_there("/t/a") && !is_there("/t/in"));
	make("/t/a");
	make("/t/new");
	ck_assert_int_eq(layer_remove(layer, "/t/a", false), 0);
	ck_assert_int_eq(layer_uncover(layer, "/t/in"), 0);
	ck_assert(is_there("/t/in/b"));
	ck_assert_int_eq(layer_rename(layer, "/t/in/b", "/moved", 0), 0);
	ck_assert_int_eq(layer_rename(layer, "/c", "/t/c", 0), 0);
	if (_i & 2) {
		layer_close(layer);
		open_layer();
	} else {
		ck_assert_int_eq(layer_lift(layer), 0);
	}
	ck_assert(is_there("/t/a") && is_there("/t/in/b") && !is_there("/t/new"));
	ck_assert(is_there("/moved") && !is_there("/c"));
	/* moved is new, c is gone. */
	ck_assert_int_eq(changes(), 2);
	ck_assert_ptr_null(node_find_cover(layer->root));
}
END_TEST

START_TEST(it_stays_where_it_is)
{
	ck_assert_int_eq(layer_cover(layer, "/t", 0700), 0);
	ck_assert_int_eq(layer_remove(layer, "/t", true), -EBUSY);
	ck_assert_int_eq(layer_rename(layer, "/t", "/u", 0), -EBUSY);
	run("mkdir real/u");
	ck_assert_int_eq(layer_rename(layer, "/u", "/t", 0), -EBUSY);
	ck_assert_int_eq(layer_rename(layer, "/u", "/t", RENAME_EXCHANGE), -EBUSY);
	ck_assert(is_there("/t"));
}
END_TEST

/* What the layer had there goes, too: the caller has looked. */
START_TEST(it_covers_what_was_listed)
{
	ck_assert_int_eq(copy_whole(layer, "/t"), 0);
	ck_assert_int_eq(layer_cover(layer, "/t", 0700), 0);
	ck_assert(!is_there("/t/a"));
	ck_assert_int_eq(layer_lift(layer), 0);
	ck_assert(is_there("/t/a"));
	ck_assert_int_eq(changes(), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cover");
	TCase *tcase = tcase_create("cover");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, it_comes_and_goes, 0, 4);
	tcase_add_test(tcase, it_stays_where_it_is);
	tcase_add_test(tcase, it_covers_what_was_listed);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
