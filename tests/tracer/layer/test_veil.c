/* SPDX-License-Identifier: Apache-2.0 */
/* test_veil.c: names behind a veil: the same answer, whatever is there. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/suite.h"
#include "tracer/layer/change.h"
#include "tracer/layer/look.h"

static char folder[64], real[96], dir[96];
static struct layer *layer;

static void run(const char *command)
{
	char text[512];

	snprintf(text, sizeof(text), "cd %s && %s", folder, command);
	ck_assert_int_eq(system(text), 0);
}

static const char *const things[] = {
	"true", "echo x > real/t/S", "mkdir -p real/t/S/in", "mkdir -m 0 real/t/S",
	"ln -s /pub real/t/S", "ln -s S real/t/S",
};

static void set_up(void)
{
	strcpy(folder, "/tmp/pyjail-veil.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(real, sizeof(real), "%s/real", folder);
	snprintf(dir, sizeof(dir), "%s/layer", folder);
	run("mkdir -p real/t/f layer; echo p > real/pub; ln -s t/S real/link; ln -s /t/S/in real/deep");
}

static void tear_down(void)
{
	layer_close(layer);
	run("chmod -R u+rwx . && rm -rf layer real");
	rmdir(folder);
}

/* The name, and what is below it. */
static bool hides(const void *data, const char *path)
{
	(void)data;
	return strncmp(path, "/t/S", 4) == 0 && (path[4] == '\0' || path[4] == '/');
}

static const struct {
	const char *raw;
	bool is_behind;
} paths[] = {
	{ "t/S", false },      { "/t/S", false },      { "t/S/", false },     { "t/f/../S", false },
	{ "link", false },     { "link/", false },     { "t/S/in", true },    { "t/S/..", true },
	{ "t/S/../f", true },  { "t/S/.", true },      { "link/in", true },   { "deep", true },
	{ "deep/..", true },   { "link/../pub", true },
};

static void check_hidden(const char *raw, bool is_behind, bool follows)
{
	const struct veil veil = { .hides = hides };
	struct look look;
	int e = layer_look(layer, "/", raw, follows, &veil, &look);

	ck_assert_msg(e == (is_behind ? -ENOENT : 0) && look.is_hidden && !look.exists &&
		      look.is_behind == is_behind && look.found.fd < 0 &&
		      hides(NULL, look.path), "%s: %d %s", raw, e, look.path);
}

START_TEST(nothing_tells)
{
	run(things[_i]);
	ck_assert_int_eq(layer_open(dir, real, &layer), 0);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		check_hidden(paths[i].raw, paths[i].is_behind, true);
	/* Once something was moved, no path is taken at once. */
	ck_assert_int_eq(layer_rename(layer, "/pub", "/public", 0), 0);
	check_hidden("t/S", false, false);
	check_hidden("t/S/../f", true, false);
}
END_TEST

START_TEST(the_rest_is_there)
{
	const struct veil veil = { .hides = hides };
	char of[LAYER_PATH_MAX];
	struct look look;

	ck_assert_int_eq(layer_open(dir, real, &layer), 0);
	ck_assert_int_eq(layer_real_of(layer, "/pub", of), -ENOENT);
	ck_assert_int_eq(layer_rename(layer, "/pub", "/t/f/p", 0), 0);
	ck_assert_int_eq(layer_look(layer, "/t", "f/../f/p", true, &veil, &look), 0);
	ck_assert(look.exists && !look.is_hidden && strcmp(look.path, "/t/f/p") == 0);
	found_close(&look.found);
	ck_assert_int_eq(layer_real_of(layer, "/t/f/p", of), 0);
	ck_assert_str_eq(of, "/pub");
	/* The link's own name can be seen. */
	ck_assert_int_eq(layer_look(layer, "/", "link", false, &veil, &look), 0);
	ck_assert(look.exists && !look.is_hidden);
	found_close(&look.found);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("veil");
	TCase *tcase = tcase_create("veil");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, nothing_tells, 0, ARRAY_SIZE(things));
	tcase_add_test(tcase, the_rest_is_there);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
