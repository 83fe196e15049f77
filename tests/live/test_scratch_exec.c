/* SPDX-License-Identifier: Apache-2.0 */
/* test_scratch_exec.c: programs that the script made, and that are nowhere but in its layer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/live.h"
#include "tests/support/suite.h"

/* child(f): what it prints, or the error that it meets; in the folder w, which is made. */
static const char head[] =
	"import os, shutil, subprocess\n"
	"def child(f):\n"
	"    r, w = os.pipe()\n"
	"    pid = os.fork()\n"
	"    if pid == 0:\n"
	"        os.dup2(w, 1)\n"
	"        try: f()\n"
	"        except OSError as e: os.write(1, type(e).__name__.encode())\n"
	"        os._exit(1)\n"
	"    os.close(w)\n"
	"    said = os.read(r, 4096).decode().strip()\n"
	"    os.close(r); os.waitpid(pid, 0)\n"
	"    print(said.replace(here, '@'))\n"
	"def script(name, text, mode=0o755):\n"
	"    with open(name, 'w') as f: f.write(text)\n"
	"    os.chmod(name, mode)\n";

static const char own_programs[] =
	"shutil.copy('/usr/bin/readlink', 'rl'); shutil.copy('/usr/bin/dash', 'dash')\n"
	"words = ['rl', '/proc/self/exe']\n"
	"fd = os.open('rl', os.O_RDONLY)\n"
	"child(lambda: os.execv('./rl', words))\n"
	"child(lambda: os.execve(fd, words, {}))\n"
	"child(lambda: os.execv(f'/proc/self/fd/{fd}', words))\n"
	"child(lambda: os.execv('/proc/self/cwd/rl', words))\n"
	"with open('rl', 'r+b'): child(lambda: os.execv('./rl', words))\n"
	"os.rename('rl', 'rl2'); os.symlink('rl2', 'rl3')\n"
	"child(lambda: os.execv('rl3', words))\n"
	"script('s', f'#! {here}/dash -e \\necho $0 $# $2')\n"
	"child(lambda: os.execv('.//./s', ['x', 'one', 'two']))\n"
	"script('r', '#!/bin/sh\\necho $0')\n"
	"child(lambda: os.execv(here + '/r', ['x']))\n"
	"print(subprocess.run(['./s', 'a', 'b'], capture_output=True).stdout.decode(), end='')\n"
	"script('n', '#!/bin/sh\\n', 0o644)\n"
	"child(lambda: os.execv('n', ['n']))\n"
	"script('t', f'#!{here}/none\\n')\n"
	"child(lambda: os.execv('t', ['t']))\n"
	"child(lambda: os.execv('s', ['s'] + ['x'] * 100000))\n";

static const char they_say[] =
	"@/rl\n@/rl\n@/rl\n@/rl\nOSError\n@/rl2\n.//./s 2 two\n@/r\n"
	"./s 2 b\n"
	"PermissionError\nFileNotFoundError\nOSError\n";

static void run(struct jail *jail, const char *const options[], const char *folder,
		const char *code)
{
	char *whole = NULL;

	ck_assert_int_ge(asprintf(&whole, "%shere = %s\nos.makedirs(here); os.chdir(here)\n%s", head,
				  folder, code), 0);
	live_script(jail, options, whole);
	live_check_status(jail, 0);
	free(whole);
}

#define W "os.path.dirname(os.path.abspath(__file__)) + '/w'"
#define READS "--allow-read=/usr/bin"

static const struct {
	const char *options[5];
	const char *folder;
} ways[] = {
	{ { "--scratch", READS, "--allow-exec=./w,sh" }, W },
	{ { "--scratch", READS, "--allow-exec" }, W },
	{ { "--scratch=layer", "--allow-all" }, W },
	{ { "--tmp", READS, "--allow-exec=/tmp/w,sh" }, "'/tmp/w'" },
	{ { "--tmp", READS, "--allow-exec=sh,/tmp" }, "'/tmp/w'" },
	{ { "--scratch", READS, "--allow-exec=./w,sh", "--no-landlock" }, W },
};

START_TEST(own_programs_run)
{
	struct jail jail;

	run(&jail, ways[_i].options, ways[_i].folder, own_programs);
	ck_assert_msg(strcmp(jail.out, they_say) == 0, "%s%s", jail.out, jail.err);
	jail_free(&jail);
}
END_TEST

/* As much as elsewhere a name, a link, or the layer's own folder is no way to run it. */
START_TEST(others_do_not)
{
	const char *const options[] = {
		"--scratch=layer", READS, "--allow-exec=./w/may,./layer", NULL
	};
	struct jail jail;

	run(&jail, options, W,
	    "shutil.copy('/usr/bin/echo', 'e')\n"
	    "def attempt(name, *calls):\n"
	    "    try:\n"
	    "        for c in calls: c()\n"
	    "    except OSError as e: print(name, type(e).__name__)\n"
	    "    child(lambda: os.execv(name, [name, 'ran']))\n"
	    "attempt('e')\n"
	    "attempt('may', lambda: os.rename('e', 'may'))\n"
	    "attempt('may', lambda: os.link('e', 'may'))\n"
	    "attempt('may', lambda: os.symlink('e', 'may'))\n"
	    "os.unlink('may')\n"
	    "attempt(here[:-2] + '/layer/files' + here + '/e')\n"
	    "fd = os.open('e', os.O_RDONLY)\n"
	    "attempt(f'/proc/self/fd/{fd}')\n"
	    "script('may', f'#!{here}/e\\n')\n"
	    "attempt('may')\n"
	    "shutil.copy('e', 'new'); shutil.copy('e', 'may')\n"
	    "attempt('may')\n"
	    "script('s', '#!' + here + '/may\\n')\n"
	    "attempt('s')\n"
	    "os.unlink('may')\n"
	    "script('may', f'#!{here}/may2\\n'); os.symlink('e', 'may2')\n"
	    "attempt('may')\n");
	ck_assert_str_eq(jail.out,
			 "PermissionError\n"
			 "may PermissionError\nFileNotFoundError\n"
			 "may PermissionError\nFileNotFoundError\n"
			 "PermissionError\n"
			 "PermissionError\n"
			 "PermissionError\n"
			 "PermissionError\n"
			 "ran\n"
			 "PermissionError\n"
			 "PermissionError\n");
	jail_free(&jail);
}
END_TEST

/* Replaced all the time, between a program that may run and one that may not. */
START_TEST(one_in_place_of_another)
{
	const char *const options[] = { "--scratch", READS, "--allow-exec=./w/may/", NULL };
	struct jail jail;

	run(&jail, options, W,
	    "import threading\n"
	    "os.mkdir('may'); os.mkdir('no')\n"
	    "shutil.copy('/usr/bin/true', 'may/p'); shutil.copy('/usr/bin/echo', 'no/p')\n"
	    "os.symlink('may', 'l')\n"
	    "stop = False\n"
	    "def swap():\n"
	    "    while not stop:\n"
	    "        for to in 'no', 'may':\n"
	    "            try: os.symlink(to, 'm'); os.rename('m', 'l')\n"
	    "            except OSError: pass\n"
	    "t = threading.Thread(target=swap); t.start()\n"
	    "for i in range(200):\n"
	    "    try: subprocess.run(['l/p', 'ran'])\n"
	    "    except OSError: pass\n"
	    "stop = True; t.join(); print('end')\n");
	ck_assert_str_eq(jail.out, "end\n");
	jail_free(&jail);
}
END_TEST

START_TEST(an_environment_of_copies)
{
	const char *const options[] = {
		"--python=/usr/bin/python3", "--scratch", "--allow-exec=/usr/bin/python3,./w/", NULL
	};
	struct jail jail;

	run(&jail, options, W,
	    "import sys\n"
	    "subprocess.run([sys.executable, '-m', 'venv', '--copies', '--without-pip', here],\n"
	    "               check=True)\n"
	    "script('bin/tool', f'#!{here}/bin/python3\\nimport os, sys\\n'\n"
	    "       'print(sys.executable, sys.prefix, sys.argv, os.readlink(\"/proc/self/exe\"))\\n')\n"
	    "child(lambda: os.execv('bin/tool', ['tool', 'word']))\n");
	ck_assert_str_eq(jail.out, "@/bin/python3 @ ['bin/tool', 'word'] @/bin/python3\n");
	jail_free(&jail);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scratch_exec");
	TCase *tcase = tcase_create("scratch_exec");

	tcase_add_checked_fixture(tcase, jail_setup, jail_teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, own_programs_run, 0, sizeof(ways) / sizeof(ways[0]));
	tcase_add_test(tcase, others_do_not);
	tcase_add_test(tcase, one_in_place_of_another);
	tcase_add_test(tcase, an_environment_of_copies);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
