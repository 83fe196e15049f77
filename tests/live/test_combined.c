/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_combined.c: --tmp beside --scratch, one layer: what lies in /tmp vanishes, the rest stays.
 * The folder of these tests lies where --tmp covers nothing.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/live.h"
#include "tests/support/suite.h"

#define OUTSIDE "/run/lock"

static void set_up(void)
{
	jail_setup();
	if (access(OUTSIDE, W_OK) < 0)
		return;
	rmdir(jail_folder);
	strcpy(jail_folder, OUTSIDE "/pyjail-test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(jail_folder));
}

static bool is_outside(void)
{
	return strncmp(jail_folder, OUTSIDE, strlen(OUTSIDE)) == 0;
}

static const char *const both[] = { "--scratch=layer", "--tmp", "--allow-read=/", NULL };

static void run(struct jail *jail, const char *const options[], const char *code)
{
	char *whole = NULL;

	ck_assert_int_ge(asprintf(&whole, "import os\nos.chdir(os.path.dirname(os.path.abspath("
				  "__file__)))\n%s", code), 0);
	live_script(jail, options, whole);
	free(whole);
}

static void check_runs(const char *const options[], const char *code, const char *expected)
{
	struct jail jail;

	run(&jail, options, code);
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, expected);
	jail_free(&jail);
}

/* A command on the layer, which says `expected` somewhere; "": nothing. */
static void check_command(const char *what, const char *expected)
{
	struct jail jail;

	jail_run_program(&jail, jail_program, NULL, 60, (const char *const[]){ what, "layer", NULL });
	ck_assert_msg(jail.status == 0, "%s", jail.err);
	if (*expected)
		ck_assert_msg(strstr(jail.out, expected) != NULL, "%s", jail.out);
	else
		ck_assert_str_eq(jail.out, "");
	ck_assert_msg(!strstr(jail.out, "/tmp") && !strstr(jail.out, "/shm"), "%s", jail.out);
	jail_free(&jail);
}

static const char fills[] =
	"for f in '/tmp', '/var/tmp', '/dev/shm':\n"
	"    print(os.listdir(f)); open(f + '/x', 'w').write('x'); os.makedirs(f + '/d/e')\n"
	"    os.chmod(f + '/d', 0)\n"
	"open('kept', 'w').write('kept')\n";

START_TEST(what_lies_in_tmp_vanishes)
{
	struct jail jail;

	if (!is_outside())
		jail_skip("no writable folder but /tmp");
	jail_write_file("real", "real");
	run(&jail, both, fills);
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "[]\n[]\n[]\n");
	ck_assert_ptr_nonnull(strstr(jail.err, "1 change, none of them real"));
	jail_free(&jail);
	check_command("diff", "kept");
	/* Another run begins with empty ones, and goes on with the rest. */
	check_runs(both, fills, "[]\n[]\n[]\n");
	check_runs((const char *const[]){ "--scratch=layer", NULL },
		   "print(os.path.exists('/tmp/x'), open('kept').read())\n", "False kept\n");
	check_command("apply", "kept");
	check_command("diff", "");
	ck_assert_str_eq(jail_read_file("kept"), "kept");
}
END_TEST

/* What moves out of it stays; what moves into it goes. */
START_TEST(across_its_border)
{
	struct jail jail;

	if (!is_outside())
		jail_skip("no writable folder but /tmp");
	jail_write_file("goes", "goes");
	run(&jail, both,
	    "open('/tmp/a', 'w').write('a'); os.rename('/tmp/a', 'stays')\n"
	    "os.mkdir('/tmp/f'); open('/tmp/f/in', 'w').write('in'); os.rename('/tmp/f', 'folder')\n"
	    "os.rename('goes', '/tmp/goes'); print(open('/tmp/goes').read())\n"
	    "os.mkdir('/tmp/own'); os.rename('folder/in', '/tmp/own/in')\n"
	    "for call in (lambda: os.rmdir('/tmp'), lambda: os.rename('/tmp', '/t'),\n"
	    "             lambda: os.rename('/var', '/v'), lambda: os.rename('folder', '/tmp')):\n"
	    "    try: call(); print('done')\n"
	    "    except OSError as e: pass\n"
	    "print(os.path.isdir('/tmp/own'))\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "goes\nTrue\n");
	jail_free(&jail);
	check_command("diff", "stays");
	check_command("apply", "deleted");
	ck_assert_str_eq(jail_read_file("stays"), "a");
	ck_assert_int_eq(access(jail_path("folder"), F_OK), 0);
	ck_assert_ptr_null(jail_read_file("folder/in"));
	ck_assert_ptr_null(jail_read_file("goes"));
}
END_TEST

/* Dropped by whoever opens the layer next, a listing of changes included. */
START_TEST(a_killed_run)
{
	char last[128];
	pid_t pid;

	if (!is_outside())
		jail_skip("no writable folder but /tmp");
	jail_write_file("s.py", "import os, time\nfor p in '/', '/tmp', '/var': os.listdir(p)\n"
				"open('/tmp/x', 'w').write('x'); os.mkdir('/dev/shm/d')\n"
				"open('kept', 'w').write('kept'); os.mkdir('done'); time.sleep(60)\n");
	pid = live_start(-1, -1, -1, (const char *const[]){ "--quiet", "--scratch=layer", "--tmp",
							    "--allow-read=/", "s.py", NULL });
	snprintf(last, sizeof(last), "layer/files%s/done", jail_folder);
	live_wait_for_file(last, 30);
	kill(pid, SIGKILL);
	live_wait(pid, 10);
	ck_assert_int_eq(access(jail_path("layer/files/tmp/x"), F_OK), 0);
	if (_i == 0)
		check_command("diff", "kept");
	check_runs(both, "print(os.listdir('/tmp'), os.listdir('/dev/shm'), open('kept').read())\n",
		   "[] [] kept\n");
	check_command("diff", "kept");
	check_runs((const char *const[]){ "--scratch=layer", "--allow-read=/", NULL },
		   "print('tmp' in os.listdir('/'), 'tmp' in os.listdir('/var'),\n"
		   "      os.path.exists('/tmp/x'))\n", "True True False\n");
	check_command("apply", "kept");
}
END_TEST

/* Not what an earlier run left in the layer. */
START_TEST(nothing_else_is_dropped)
{
	struct jail jail;
	char name[64];

	if (!is_outside())
		jail_skip("no writable folder but /tmp");
	snprintf(name, sizeof(name), "/tmp/pyjail-test-real.%d", getpid());
	ck_assert_int_eq(mkdir(name, 0700), 0);
	run(&jail, (const char *const[]){ "--scratch=layer", "--allow-read=/", NULL },
	    "print(len(os.listdir('/tmp')) > 0)\n");
	live_check_status(&jail, 0);
	jail_free(&jail);
	/* Somebody else's doing is no change of the script's. */
	ck_assert_int_eq(rmdir(name), 0);
	check_runs(both, "print(os.listdir('/tmp'))\n", "[]\n");
	run(&jail, (const char *const[]){ "--scratch=layer", NULL },
	    "open('/tmp/pyjail-test-kept', 'w').write('x')\n");
	live_check_status(&jail, 0);
	jail_free(&jail);
	run(&jail, both, "print(1)\n");
	ck_assert_int_eq(jail.status, 125);
	ck_assert_msg(strstr(jail.err, "it has changes where --tmp") != NULL, "%s", jail.err);
	jail_free(&jail);
	jail_run_program(&jail, jail_program, NULL, 60, (const char *const[]){ "diff", "layer", NULL });
	ck_assert_ptr_nonnull(strstr(jail.out, "/tmp/pyjail-test-kept"));
	jail_free(&jail);
}
END_TEST

/* A policy file says where; the layer lies in the real /tmp, and so may DIR. */
START_TEST(rules_and_places)
{
	struct jail jail;
	char policy[512];
	const char *const options[] = { "--policy=policy", "--tmp", NULL };

	if (!is_outside())
		jail_skip("no writable folder but /tmp");
	snprintf(policy, sizeof(policy), "scratch write %s/s\n", jail_folder);
	jail_write_file("policy", policy);
	ck_assert_int_eq(mkdir(jail_path("s"), 0700), 0);
	run(&jail, options,
	    "open('/tmp/x', 'w').write('x'); open('s/y', 'w').write('y')\n"
	    "try: open('z', 'w')\n"
	    "except PermissionError: print(open('s/y').read(), os.listdir('/tmp'))\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "y ['x']\n");
	ck_assert_ptr_nonnull(strstr(jail.err, "1 change, none of them real, all dropped"));
	jail_free(&jail);
	ck_assert_int_lt(access(jail_path("s/y"), F_OK), 0);
}
END_TEST

START_TEST(a_layer_in_tmp)
{
	char dir[64], option[80];
	const char *const options[] = { option, "--tmp", "--allow-read=/tmp", NULL };
	struct jail jail;

	strcpy(dir, "/tmp/pyjail-test-layer.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(option, sizeof(option), "--scratch=%s", dir);
	/* A rule for /tmp itself shows nothing in it. */
	run(&jail, options,
	    "print([n for n in os.listdir('/tmp') if 'layer' in n])\n"
	    "open('/tmp/x', 'w').write('x'); open('/etc/y' if not os.getuid() else 'y', 'w')\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "[]\n");
	jail_free(&jail);
	jail_run_program(&jail, jail_program, NULL, 60, (const char *const[]){ "diff", dir, NULL });
	ck_assert_msg(!strstr(jail.out, "/tmp/x"), "%s", jail.out);
	jail_free(&jail);
	jail_run_program(&jail, jail_program, NULL, 60, (const char *const[]){ "discard", dir, NULL });
	ck_assert_int_lt(access(dir, F_OK), 0);
	jail_free(&jail);
}
END_TEST

static const struct {
	const char *code, *limit;
} sizes[] = {
	{ "f = open('/tmp/x', 'wb')\n", "tmp" },
	{ "f = open('/tmp/x', 'wb'); os.unlink('/tmp/x')\n", "tmp" },
	{ "f = os.fdopen(os.open('/var/tmp', os.O_TMPFILE | os.O_RDWR), 'wb')\n", "tmp" },
	{ "f = open('x', 'wb')\n", NULL },
	{ "f = open('x', 'wb'); os.unlink('x')\n", NULL },
	{ "f = open('x', 'wb'); os.link('x', '/tmp/y'); os.unlink('/tmp/y')\n", NULL },
};

/* Of the three folders alone. */
START_TEST(its_size)
{
	const char *const options[] = { "--tmp=8M", "--scratch", NULL };
	struct jail jail;
	char code[512];

	if (!is_outside())
		jail_skip("no writable folder but /tmp");
	snprintf(code, sizeof(code), "import time\n%s"
		 "for i in range(%d):\n    f.write(bytes(1 << 20)); f.flush(); time.sleep(.005)\n",
		 sizes[_i].code, sizes[_i].limit ? 1000 : 16);
	run(&jail, options, code);
	if (sizes[_i].limit)
		ck_assert_str_eq(live_result_string(&jail, "limit"), "tmp");
	else
		live_check_status(&jail, 0);
	jail_free(&jail);
}
END_TEST

/* However deep it is, it can be dropped. */
START_TEST(a_deep_tree)
{
	if (!is_outside())
		jail_skip("no writable folder but /tmp");
	check_runs(both,
		   "os.mkdir('/tmp/t')\n"
		   "for i in range(4):\n"
		   "    os.chdir('/tmp'); os.mkdir('u'); os.chdir('u')\n"
		   "    for j in range(900): os.mkdir('d'); os.chdir('d')\n"
		   "    os.rename('/tmp/t', 't'); os.chdir('/tmp'); os.rename('u', 't')\n"
		   "os.chmod('t', 0); print(os.listdir('/tmp'))\n", "['t']\n");
	check_command("diff", "");
	check_runs(both, "print(os.listdir('/tmp'))\n", "[]\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("combined");
	TCase *tcase = tcase_create("combined");

	tcase_add_checked_fixture(tcase, set_up, jail_teardown);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, what_lies_in_tmp_vanishes);
	tcase_add_test(tcase, across_its_border);
	tcase_add_loop_test(tcase, a_killed_run, 0, 2);
	tcase_add_test(tcase, nothing_else_is_dropped);
	tcase_add_test(tcase, rules_and_places);
	tcase_add_test(tcase, a_layer_in_tmp);
	tcase_add_loop_test(tcase, its_size, 0, sizeof(sizes) / sizeof(sizes[0]));
	tcase_add_test(tcase, a_deep_tree);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
