/* SPDX-License-Identifier: Apache-2.0 */
/* test_veil.c: names behind a veil: the same answer, whatever is there. */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/layered.h"
#include "tests/support/suite.h"
#include "tracer/layer/change.h"
#include "tracer/layer/look.h"

static const char *const things[] = {
	"true", "echo x > real/t/S", "mkdir -p real/t/S/in", "mkdir -m 0 real/t/S",
	"ln -s /pub real/t/S", "ln -s S real/t/S",
};

static void set_up(void)
{
	layered_make("mkdir -p real/t/f; echo p > real/pub; ln -s t/S real/link; "
		     "ln -s /t/S/in real/deep");
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
	int e = layer_look(layered, "/", raw, follows, &veil, &look);

	ck_assert_msg(e == (is_behind ? -ENOENT : 0) && look.is_hidden && !look.exists &&
		      look.is_behind == is_behind && look.found.fd < 0 &&
		      hides(NULL, look.path), "%s: %d %s", raw, e, look.path);
}

START_TEST(nothing_tells)
{
	layered_run(things[_i]);
	layered_open();
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		check_hidden(paths[i].raw, paths[i].is_behind, true);
	/* Once something was moved, no path is taken at once. */
	ck_assert_int_eq(layer_rename(layered, "/pub", "/public", 0), 0);
	check_hidden("t/S", false, false);
	check_hidden("t/S/../f", true, false);
}
END_TEST

START_TEST(the_rest_is_there)
{
	const struct veil veil = { .hides = hides };
	char of[LAYER_PATH_MAX];
	struct look look;

	layered_open();
	ck_assert_int_eq(layer_real_of(layered, "/pub", of), -ENOENT);
	ck_assert_int_eq(layer_rename(layered, "/pub", "/t/f/p", 0), 0);
	ck_assert_int_eq(layer_look(layered, "/t", "f/../f/p", true, &veil, &look), 0);
	ck_assert(look.exists && !look.is_hidden && strcmp(look.path, "/t/f/p") == 0);
	found_close(&look.found);
	ck_assert_int_eq(layer_real_of(layered, "/t/f/p", of), 0);
	ck_assert_str_eq(of, "/pub");
	/* The link's own name can be seen. */
	ck_assert_int_eq(layer_look(layered, "/", "link", false, &veil, &look), 0);
	ck_assert(look.exists && !look.is_hidden);
	found_close(&look.found);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("veil");
	TCase *tcase = tcase_create("veil");

	tcase_add_checked_fixture(tcase, set_up, layered_drop);
	tcase_add_loop_test(tcase, nothing_tells, 0, ARRAY_SIZE(things));
	tcase_add_test(tcase, the_rest_is_there);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
