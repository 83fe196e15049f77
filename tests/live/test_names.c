/* SPDX-License-Identifier: Apache-2.0 */
/* test_names.c: names of the script's own descriptors and processes, however they are written. */
#include "tests/support/live.h"

static const char code[] =
	"import os\n"
	"os.dup2(os.open('s.py', os.O_RDONLY), 77)\n"
	"os.symlink('/proc/self/fd/77', 'a'); os.symlink('/dev/fd/77', 'b')\n"
	"os.symlink(f'/proc/self/task/{os.getpid()}/stat', 'c'); os.symlink('b', 'd')\n"
	"root = os.open('/', os.O_PATH)\n"
	"bad = []\n"
	"def reads(name, **more):\n"
	"    try: os.close(os.open(name, os.O_RDONLY, **more))\n"
	"    except OSError as e: bad.append((name, str(e)))\n"
	"for name in ('a', 'b', 'c', 'd', '//proc/self/fd/77', '/./dev/fd/77', '/dev/../proc/self/fd/77',\n"
	"             '/proc/../dev/fd/77'): reads(name)\n"
	"reads('proc/self/fd/77', dir_fd=root); reads('dev/fd/77', dir_fd=root)\n"
	"os.chdir('/dev'); reads('fd/77')\n"
	"os.chdir('/proc'); reads('self/fd/77'); reads('thread-self/stat')\n"
	"os.chdir('/proc/self/fd'); reads('77')\n"
	"print(bad)\n"
	"reads('78'); reads('/proc/self/fd/78')\n"
	"print(len(bad))\n";

static void check_with(const char *option)
{
	struct jail jail;

	live_script(&jail, (const char *const[]){ option, "--allow-write=.", NULL }, code);
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "[]\n2\n");
	jail_free(&jail);
}

START_TEST(own_names_are_the_scripts)
{
	check_with("--color=never");
}
END_TEST

START_TEST(own_names_are_the_scripts_without_landlock)
{
	check_with("--no-landlock");
}
END_TEST

int main(void)
{
	return live_main("names", 60, (const TTest *const[]){
		own_names_are_the_scripts, own_names_are_the_scripts_without_landlock, NULL });
}
