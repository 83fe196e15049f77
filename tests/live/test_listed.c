/* SPDX-License-Identifier: Apache-2.0 */
/* test_listed.c: what listings show in a layer is what they show in a plain folder. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/live.h"
#include "tests/support/suite.h"

static void make(const char *name)
{
	char command[1024];

	snprintf(command, sizeof(command),
		 "cd \"${PYJAIL_PROGRAMS:-tests/live/programs}\" &&"
		 " /usr/bin/python3 -c 'import sys, listed; listed.make(sys.argv[1])' %s/%s",
		 jail_folder, name);
	ck_assert_int_eq(system(command), 0);
}

static void run(struct jail *jail, const char *name, const char *option)
{
	const char *programs = getenv("PYJAIL_PROGRAMS");
	char script[512], folder[512], allow[512];
	const char *words[] = { "--quiet", "--record=record.jsonl", option, allow, script, folder,
				NULL };

	snprintf(script, sizeof(script), "%s/listed.py",
		 programs ? programs : "tests/live/programs");
	snprintf(folder, sizeof(folder), "%s/%s", jail_folder, name);
	snprintf(allow, sizeof(allow), "--allow-read=%s", jail_folder);
	if (option)
		jail_run(jail, NULL, 60, words);
	else
		jail_run_program(jail, "/usr/bin/python3", NULL, 60, words + 4);
	live_check_status(jail, 0);
}

static unsigned files_below(const char *name)
{
	char command[600];
	unsigned count = 0;
	FILE *out;

	snprintf(command, sizeof(command), "find %s/%s | wc -l", jail_folder, name);
	out = popen(command, "r");
	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(fscanf(out, "%u", &count), 1);
	pclose(out);
	return count;
}

/* _i: the layer goes with the run, or is kept. */
START_TEST(it_is_like_a_plain_one)
{
	static struct jail bare, view;

	make("bare");
	make("view");
	run(&bare, "bare", NULL);
	run(&view, "view", _i ? "--scratch=layer" : "--scratch");
	ck_assert_uint_gt(strlen(bare.out), 250);
	ck_assert_str_eq(bare.out, view.out);
	/* Three times "sub" and what was in it, and nothing else, is where it was. */
	ck_assert_uint_eq(files_below("view"), 1 + 5 + 2001 + 701 + 1501);
	ck_assert_uint_ge(jail_count(&view, "getdents64", "scratch", jail_path("view/two")), 3);
	jail_free(&view);
	jail_free(&bare);
}
END_TEST

/* The folders that were listed, and none of their files, lie in the layer. */
START_TEST(a_listing_copies_nothing)
{
	struct jail jail;

	make("view");
	live_script(&jail, (const char *const[]){ "--scratch=layer", NULL },
		    "import os\n"
		    "here = os.path.dirname(os.path.abspath(__file__)) + '/view'\n"
		    "print(len(os.listdir(here + '/many')), os.stat(here + '/many').st_nlink)\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "2000 1\n");
	ck_assert_uint_lt(files_below("layer"), 200);
	jail_free(&jail);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("listed");
	TCase *tests = tcase_create("all");

	tcase_set_timeout(tests, 120);
	tcase_add_checked_fixture(tests, jail_setup, jail_teardown);
	tcase_add_loop_test(tests, it_is_like_a_plain_one, 0, 2);
	tcase_add_test(tests, a_listing_copies_nothing);
	suite_add_tcase(suite, tests);
	return suite_run(suite);
}
