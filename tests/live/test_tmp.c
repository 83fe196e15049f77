/* SPDX-License-Identifier: Apache-2.0 */
/* test_tmp.c: --tmp, a private /tmp: what works in it, what is left, and how big it may get. */
#include <sys/stat.h>
#include <unistd.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/live.h"
#include "tests/support/suite.h"

static const char *const tmp[] = { "--tmp", NULL };

/* Runs `code` with --tmp; it must say `expected`, and nothing is refused. */
static void check_says(const char *const options[], const char *code, const char *expected)
{
	struct jail jail;

	live_script(&jail, options, code);
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, expected);
	ck_assert_int_eq(jail_denied(&jail), 0);
	jail_free(&jail);
}

START_TEST(it_begins_empty)
{
	jail_write_file("real", "real");
	check_says(tmp,
		   "import os\n"
		   "print(os.listdir('/var/tmp'), os.listdir('/dev/shm'))\n"
		   "here = os.path.dirname(os.path.abspath(__file__))\n"
		   "print(os.listdir('/tmp') == [os.path.basename(here)], open(here + '/real').read())\n",
		   "[] []\nTrue real\n");
}
END_TEST

START_TEST(folders_and_names)
{
	check_says(tmp,
		   "import os, tempfile\n"
		   "with tempfile.TemporaryDirectory() as d:\n"
		   "    os.chdir(d)\n"
		   "    open('x', 'w').write('hello')\n"
		   "    print(os.getcwd() == d, os.readlink('/proc/self/cwd') == d, os.listdir(d))\n"
		   "    os.mkdir('sub'); os.rename('x', 'sub/y'); os.chdir('sub')\n"
		   "    os.rename(d + '/sub', d + '/moved')\n"
		   "    print(os.getcwd() == d + '/moved', open('/proc/self/cwd/y').read())\n"
		   "    fd = os.open('.', os.O_RDONLY)\n"
		   "    print(os.listdir(fd), os.stat('y', dir_fd=fd).st_size, os.stat('y').st_nlink)\n"
		   "    os.symlink('y', 'l'); print(os.path.realpath('l') == d + '/moved/y')\n"
		   "    os.chdir('/')\n"
		   "print(os.path.exists(d))\n"
		   "with tempfile.NamedTemporaryFile() as f:\n"
		   "    print(os.readlink(f'/proc/self/fd/{f.fileno()}') == f.name)\n",
		   "True True ['x']\nTrue hello\n['y'] 5 1\nTrue\nFalse\nTrue\n");
}
END_TEST

START_TEST(processes_share_it)
{
	check_says(tmp,
		   "import multiprocessing as mp\n"
		   "def work(n):\n"
		   "    open(f'/tmp/{n}', 'w').write(str(n)); return n * n\n"
		   "if __name__ == '__main__':\n"
		   "    with mp.Pool(3) as pool: print(pool.map(work, range(5)))\n"
		   "    q = mp.Queue(); p = mp.Process(target=q.put, args=(7,)); p.start()\n"
		   "    print(q.get(), sum(int(open(f'/tmp/{n}').read()) for n in range(5))); p.join()\n",
		   "[0, 1, 4, 9, 16]\n7 10\n");
}
END_TEST

START_TEST(databases)
{
	check_says(tmp,
		   "import sqlite3, os\n"
		   "a = sqlite3.connect('/tmp/db'); b = sqlite3.connect('/tmp/db')\n"
		   "a.execute('pragma journal_mode=wal'); a.execute('create table t(x)')\n"
		   "a.executemany('insert into t values(?)', [(i,) for i in range(100)]); a.commit()\n"
		   "print(b.execute('select sum(x) from t').fetchone(), sorted(os.listdir('/tmp'))[:3])\n",
		   "(4950,) ['db', 'db-shm', 'db-wal']\n");
}
END_TEST

static const char leaves[] =
	"import os\n"
	"for f in '/tmp', '/var/tmp', '/dev/shm': open(f + '/pyjail-test-tmp', 'w').write('x')\n"
	"open(os.path.dirname(os.path.abspath(__file__)) + '/real', 'w').write('changed')\n"
	"print(open(os.path.dirname(os.path.abspath(__file__)) + '/real').read())\n"
	"os.mkdir('/tmp/shut'); open('/tmp/shut/in', 'w'); os.chmod('/tmp/shut', 0)\n";

static bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

START_TEST(nothing_real_changes)
{
	jail_write_file("real", "real");
	check_says(tmp, leaves, "changed\n");
	ck_assert_str_eq(jail_read_file("real"), "real");
	ck_assert(!is_there("/tmp/pyjail-test-tmp") && !is_there("/var/tmp/pyjail-test-tmp") &&
		  !is_there("/dev/shm/pyjail-test-tmp"));
}
END_TEST

START_TEST(rules_below_it_hold)
{
	const char *const options[] = { "--tmp", "--allow-write=./out", "--deny-write=./no", NULL };
	struct jail jail;

	ck_assert_int_eq(mkdir(jail_path("out"), 0700), 0);
	ck_assert_int_eq(mkdir(jail_path("no"), 0700), 0);
	live_script(&jail, options,
		    "import os\n"
		    "os.chdir(os.path.dirname(os.path.abspath(__file__)))\n"
		    "print(os.listdir('out'))\n"
		    "open('out/a', 'w').write('real'); print(os.listdir('out'), open('out/a', 'a').tell())\n"
		    "try: open('no/a', 'w')\n"
		    "except PermissionError: print('refused')\n"
		    "try: os.rename('/tmp/x', 'out/x')\n"
		    "except FileNotFoundError: print('none')\n"
		    "open('/tmp/x', 'w').write('x')\n"
		    "try: os.rename('/tmp/x', 'out/x')\n"
		    "except OSError as e: print(e.errno)\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "[]\n['a'] 4\nrefused\nnone\n18\n");
	ck_assert_str_eq(jail_read_file("out/a"), "real");
	jail_free(&jail);
}
END_TEST

/* What was read-only is not readable under another name, nor by way of a folder of its own. */
START_TEST(secrets_stay_secret)
{
	const char *const options[] = { "--tmp", "--deny-read=./secret", NULL };
	struct jail jail;

	jail_write_file("secret", "TOKEN");
	live_script(&jail, options,
		    "import os\n"
		    "os.chdir(os.path.dirname(os.path.abspath(__file__)))\n"
		    "def attempt(*calls):\n"
		    "    try:\n"
		    "        for c in calls: r = c()\n"
		    "        print('got', r)\n"
		    "    except OSError as e: print(type(e).__name__)\n"
		    "read = lambda p: lambda: open(p).read()\n"
		    "os.mkdir('/tmp/own')\n"
		    "attempt(lambda: os.rename('secret', '/tmp/s'), read('/tmp/s'))\n"
		    "attempt(lambda: os.rename('/tmp/s', 'here'), read('here'))\n"
		    "attempt(lambda: os.rename('/tmp/s', '/tmp/own/s'), lambda: os.rename('/tmp/own', 'own'),\n"
		    "        read('own/s'))\n"
		    "attempt(read('/tmp/own/s'))\n"
		    "attempt(lambda: os.link('/tmp/own/s', '/tmp/t'), read('/tmp/t'))\n"
		    "attempt(lambda: open('/tmp/own/s', 'a').close(), read('/tmp/own/s'))\n"
		    "attempt(lambda: os.truncate('/tmp/own/s', 3), lambda: open('/tmp/own/s', 'r+').read())\n");
	live_check_status(&jail, 0);
	ck_assert_msg(!strstr(jail.out, "TOK") && !strstr(jail.out, "got"), "%s", jail.out);
	ck_assert_str_eq(jail_read_file("secret"), "TOKEN");
	jail_free(&jail);
}
END_TEST

static const char *const fills[] = {
	"f = open('/tmp/x', 'wb')\n",
	"f = open('/dev/shm/x', 'wb'); os.unlink('/dev/shm/x')\n",
	"f = open('/tmp/x', 'wb'); open('/tmp/y', 'w'); os.rename('/tmp/y', '/tmp/x')\n",
	"f = os.fdopen(os.open('/tmp', os.O_TMPFILE | os.O_RDWR), 'wb')\n",
	"os.mkdir('/tmp/d'); f = open('/tmp/d/x', 'wb'); os.chmod('/tmp/d', 0)\n",
	"import mmap; f = open('/tmp/x', 'w+b'); os.ftruncate(f.fileno(), 1 << 28)\n"
	"m = mmap.mmap(f.fileno(), 0); f.close(); os.unlink('/tmp/x')\n"
	"for i in range(0, 1 << 28, 4096): m[i] = 1\n"
	"m.flush(); time.sleep(20)\n",
};

START_TEST(its_size_is_bounded)
{
	const char *const options[] = { "--tmp=8M", NULL };
	char code[1024];
	struct jail jail;

	snprintf(code, sizeof(code),
		 "import os, time\n%s"
		 "for i in range(2000):\n"
		 "    f.write(bytes(1 << 20)); f.flush(); time.sleep(.002)\n", fills[_i]);
	live_script(&jail, options, code);
	ck_assert_str_eq(live_result_string(&jail, "limit"), "tmp");
	jail_free(&jail);
}
END_TEST

START_TEST(it_is_recorded)
{
	struct jail jail;

	live_script(&jail, tmp, "import os\n"
				"open('/tmp/a', 'w').write('x'); os.rename('/tmp/a', '/tmp/b')\n"
				"os.chdir('/tmp'); os.unlink('b')\n");
	live_check_status(&jail, 0);
	ck_assert_uint_ge(jail_count(&jail, "openat", "scratch", "/tmp/a"), 1);
	ck_assert_uint_eq(jail_count(&jail, "rename", "scratch", "/tmp/a"), 1);
	ck_assert_uint_eq(jail_count(&jail, "chdir", "scratch", "/tmp"), 1);
	ck_assert_uint_eq(jail_count(&jail, "unlink", "scratch", "/tmp/b"), 1);
	jail_free(&jail);
}
END_TEST

/* world.py, outside and inside: the same seed must give the same output. */
static void run_world(struct jail *jail, unsigned seed, bool inside)
{
	char code[512];
	const char *programs = getenv("PYJAIL_PROGRAMS");
	char allow[256];

	snprintf(allow, sizeof(allow), "--allow-read=%s", programs ? programs : "tests/live/programs");
	snprintf(code, sizeof(code),
		 "import os, sys\n"
		 "d = os.getcwd() + '/%c%02u'; os.mkdir(d)\n"
		 "sys.argv = ['w', '%u', d, '200']\n"
		 "p = '%s/world.py'\n"
		 "exec(compile(open(p).read(), 'w', 'exec'))\n", inside ? 'v' : 'b', seed, seed,
		 programs ? programs : "tests/live/programs");
	if (inside)
		jail_run(jail, NULL, 60, (const char *const[]){ "--quiet", "--tmp", allow, "-c", code,
								 NULL });
	else
		jail_run_program(jail, "/usr/bin/python3", NULL, 60,
				 (const char *const[]){ "-c", code, NULL });
}

/* From the first line that differs. */
static const char *from_difference(const char *a, const char *b)
{
	const char *line = a;

	for (; *a && *a == *b; a++, b++)
		if (*a == '\n')
			line = a + 1;
	return line;
}

START_TEST(it_is_like_a_real_one)
{
	static struct jail bare, view;

	/* The script has none of root's rights, a bare one all of them. */
	if (geteuid() == 0)
		jail_skip("as root a bare run may do more");
	for (unsigned seed = 1; seed <= 25; seed++) {
		run_world(&bare, seed, false);
		run_world(&view, seed, true);
		ck_assert_msg(strlen(bare.out) > 1000 && strcmp(bare.out, view.out) == 0,
			      "seed %u\n%.300s\n%.300s\n%.300s", seed,
			      from_difference(bare.out, view.out),
			      from_difference(view.out, bare.out),
			      view.err);
		jail_free(&bare);
		jail_free(&view);
	}
	if (system("chmod -R u+rwx /tmp/pyjail-test.*/b* 2>/dev/null") < 0)
		ck_abort();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tmp");
	TCase *tcase = tcase_create("tmp");

	tcase_add_checked_fixture(tcase, jail_setup, jail_teardown);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, it_begins_empty);
	tcase_add_test(tcase, folders_and_names);
	tcase_add_test(tcase, processes_share_it);
	tcase_add_test(tcase, databases);
	tcase_add_test(tcase, nothing_real_changes);
	tcase_add_test(tcase, rules_below_it_hold);
	tcase_add_test(tcase, secrets_stay_secret);
	tcase_add_loop_test(tcase, its_size_is_bounded, 0, 6);
	tcase_add_test(tcase, it_is_recorded);
	tcase_add_test(tcase, it_is_like_a_real_one);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
