/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_combined_rules.c: what hides, shows or fakes files, in the view of a layer.
 *
 * The answers are those that the same script gets without a layer.  (test_hide.c, test_view.c and
 * test_fake.c run in a view, too.)
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/live.h"
#include "tests/support/suite.h"

static const char preamble[] =
	"import errno, os, shutil, threading, time\n"
	"os.chdir(os.path.dirname(os.path.abspath(__file__)))\n"
	"def e(f, *a, **k):\n"
	"    try: r = f(*a, **k)\n"
	"    except OSError as x: return errno.errorcode[x.errno]\n"
	"    return 0 if r is None else r\n"
	"def rd(p):\n"
	"    with open(p) as f: return f.read()\n"
	"def wr(p, t, m='w'):\n"
	"    with open(p, m) as f: f.write(t)\n"
	"ls = lambda p: sorted(os.listdir(p))\n";

static void sh(const char *command)
{
	char text[1024];

	snprintf(text, sizeof(text), "cd '%s' && %s", jail_folder, command);
	ck_assert_msg(system(text) == 0, "%s", text);
}

static void set_up(void)
{
	jail_setup();
	sh("mkdir -p t/sub t/only src/a/deep && echo TOKEN > t/S && echo pub > t/pub &&"
	   "echo TOKEN > t/only/S2 && echo TOKEN > src/a/.env && echo x > src/a/f && ln -s S t/link");
}

/* The policy file stands for --hide with wildcards. */
static void run(struct jail *jail, const char *const options[], const char *code)
{
	char policy[128];
	char *whole = NULL;

	snprintf(policy, sizeof(policy), "hide %s/src/**/.env\n", jail_folder);
	jail_write_file("policy", policy);
	ck_assert_int_ge(asprintf(&whole, "%s%s", preamble, code), 0);
	live_script(jail, options, whole);
	free(whole);
}

static void check_says(const char *const options[], const char *code, const char *expected)
{
	struct jail jail;

	run(&jail, options, code);
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, expected);
	jail_free(&jail);
}

static const char hiding[] =
	"print(ls('t'), ls('t/only'), ls('src/a'))\n"
	"print(e(rd, 't/S'), e(rd, 't/link'), e(rd, 't/sub/../S'), e(rd, 't/S/../pub'), e(rd, 't/S/'))\n"
	"print(e(os.rmdir, 't/only'), e(os.rename, 't', 't9'), e(os.rename, 't/only', 't/o'),\n"
	"      e(os.rename, 'src', 'src9'), e(os.rename, 'src/a', 'src/b'))\n"
	"print(e(rd, 'src/b/.env'), ls('src/b'), ls('src'), e(os.rename, 'src/b', 'b'),\n"
	"      e(os.rename, 'src/b', 't/b'))\n"
	"print(e(os.mkdir, 't/S'), e(os.mkdir, 'src/b/.env'), e(os.symlink, 'x', 't/S'), e(open, 't/S', 'x'),\n"
	"      e(os.mkfifo, 't/S'), e(os.link, 't/pub', 't/S'), e(os.rename, 't/pub', 't/S'))\n"
	"print(e(os.unlink, 't/S'), e(os.rmdir, 't/S'), e(os.rename, 't/S', 'x'), e(os.link, 't/S', 'x'))\n"
	"os.symlink('../t/S', 't/sub/l'); os.symlink('l', 't/sub/l2'); os.symlink('t/only', 'lo')\n"
	"os.symlink('/proc/self/cwd/t/S', 'pl')\n"
	"print(e(rd, 't/sub/l'), e(rd, 't/sub/l2'), e(rd, 'pl'), e(rd, 'lo/S2'), e(os.stat, 't/sub/l/../pub'))\n"
	"d = os.open('t', os.O_RDONLY)\n"
	"print(e(os.open, 'S', 0, dir_fd=d), e(os.mkdir, 'S', dir_fd=d), e(rd, f'/proc/self/fd/{d}/S'))\n"
	"os.chdir('t'); print(e(rd, 'S'), e(os.chdir, 'S'), e(rd, '../t/S'), ls('.')); os.chdir('..')\n"
	"print(e(os.mkdir, 'n'), e(os.rename, 'n', 't/only'), e(os.rename, 'n', 'src/b/deep'), e(os.mkdir, 'n'),\n"
	"      e(os.rename, 'n', 'src/b'), e(shutil.rmtree, 'src/b'), e(shutil.rmtree, 't'), e(rd, 't/S'))\n";

static const char hidden[] =
	"['link', 'only', 'pub', 'sub'] [] ['deep', 'f']\n"
	"ENOENT ENOENT ENOENT ENOENT ENOENT\nENOTEMPTY EACCES EACCES EACCES 0\n"
	"ENOENT ['deep', 'f'] ['b'] EACCES EACCES\n"
	"EACCES EACCES EACCES EACCES EACCES EACCES EACCES\nENOENT ENOENT ENOENT ENOENT\n"
	"ENOENT ENOENT ENOENT ENOENT ENOENT\nENOENT EACCES ENOENT\n"
	"ENOENT ENOENT ENOENT ['link', 'only', 'pub', 'sub']\n"
	"0 EACCES EACCES EEXIST EACCES ENOTEMPTY ENOTEMPTY ENOENT\n";

static const char *const places[] = { "--allow-write=.", "--scratch=layer", "--tmp" };

START_TEST(names_are_hidden)
{
	const char *const options[] = { "--hide=t/S,t/only/S2", "--policy=policy", "--allow-read=.",
					"--quiet", places[_i], NULL };

	check_says(options, hiding, hidden);
	ck_assert_str_eq(jail_read_file("t/S"), "TOKEN\n");
	ck_assert_str_eq(jail_read_file(_i ? "src/a/.env" : "src/b/.env"), "TOKEN\n");
	if (_i != 1)
		return;
	/* What is hidden moved along with its folder, and nothing is lost. */
	sh("\"$PYJAIL\" apply layer > /dev/null 2>&1");
	ck_assert_str_eq(jail_read_file("src/b/.env"), "TOKEN\n");
	ck_assert_str_eq(jail_read_file("t/only/S2"), "TOKEN\n");
	ck_assert_ptr_null(jail_read_file("src/a/.env"));
}
END_TEST

/* Moved when nothing was hidden yet: the real one is what the rule means. */
START_TEST(moved_by_an_earlier_run)
{
	check_says((const char *const[]){ "--scratch=layer", "--quiet", NULL },
		   "os.rename('t/S', 't/moved'); os.rename('src/a', 'g'); wr('g/own', 'own')\n"
		   "print(rd('t/moved'), ls('g'))\n", "TOKEN\n ['.env', 'deep', 'f', 'own']\n");
	check_says((const char *const[]){ "--scratch=layer", "--quiet", "--hide=t/S,src/a",
		   NULL },
		   "print(ls('t'), ls('src'), 'g' in ls('.'))\n"
		   "for p in 't/moved', 'g', 'g/f', 'g/own', 'g/../s.py', 'g/', './g/.':\n"
		   "    print({e(f, p, *a) for f, *a in ((rd,), (os.stat,), (os.listdir,), (os.chdir,),\n"
		   "           (os.unlink,), (os.mkdir,), (os.rename, 'z'), (os.link, 'z'), (open, 'x'))})\n"
		   "print({e(os.rename, 'new', p) for p in ('t/moved', 'g')}, e(os.rename, 'g', 'z'))\n",
		   "['link', 'only', 'pub', 'sub'] [] False\n{'ENOENT'}\n{'ENOENT'}\n{'ENOENT'}\n"
		   "{'ENOENT'}\n{'ENOENT'}\n{'ENOENT'}\n{'ENOENT'}\n{'ENOENT'} ENOENT\n");
}
END_TEST

/* Links and folders are exchanged meanwhile, by other threads of the script. */
static const char racing[] =
	"os.mkdir('own'); wr('own/p', 'pub'); over = False\n"
	"def link():\n"
	"    while not over:\n"
	"        for to in '../t/S', 'p', '../t/only', '../src/a', '../src/b/.env':\n"
	"            e(os.symlink, to, 'own/n'); e(os.rename, 'own/n', 'own/x')\n"
	"def move():\n"
	"    while not over:\n"
	"        for a, b in ('src/a', 'src/b'), ('src/b', 'src/a'), ('own', 'src/o'), ('src/o', 'own'):\n"
	"            e(os.rename, a, b)\n"
	"ts = [threading.Thread(target=f) for f in (link, move)]\n"
	"for t in ts: t.start()\n"
	"acts = [rd, os.stat, lambda p: wr(p, 'x', 'r+'), os.listdir, lambda p: os.link(p, 'z'),\n"
	"        lambda p: os.rename(p, 'z'), lambda p: os.truncate(p, 0), lambda p: os.chmod(p, 0o777)]\n"
	"until = time.monotonic() + 2.5\n"
	"while time.monotonic() < until:\n"
	"    for p in 'own/x', 'own/x/S2', 'own/x/.env', 'src/a/.env', 'src/o/x', 'src/o/x/.env', 'own/x/../S':\n"
	"        for f in acts:\n"
	"            r = e(f, p)\n"
	"            if 'TOKEN' in str(r) or 'S2' in str(r) or '.env' in str(r): print('seen', p, r)\n"
	"            if 'TOKEN' in str(e(rd, 'z')): print('got', p)\n"
	"            e(os.unlink, 'z')\n"
	"over = True\n"
	"for t in ts: t.join()\n";

START_TEST(exchanged_names)
{
	const char *const options[] = { "--hide=t/S,t/only/S2", "--policy=policy", "--quiet",
					places[1 + _i], NULL };

	check_says(options, racing, "");
	ck_assert_str_eq(jail_read_file("t/S"), "TOKEN\n");
	ck_assert_str_eq(jail_read_file("src/a/.env"), "TOKEN\n");
}
END_TEST

/* Writing goes to the layer, deleting is only said to be done. */
static const char deleting[] =
	"print(e(os.unlink, 't/pub'), e(rd, 't/pub'), ls('t'))\n"
	"print(e(wr, 't/pub', 'new', 'x'), e(rd, 't/pub'), e(os.unlink, 't/pub'), e(rd, 't/pub'))\n"
	"print(e(os.mkdir, 't/pub'), e(os.symlink, 'x', 't/pub'), e(os.link, 's.py', 't/pub'))\n"
	"print(e(wr, 't/n', 'n'), e(os.rename, 't/n', 't/pub'), e(rd, 't/pub'), e(rd, 't/n'))\n"
	"print(e(os.mkdir, 't/d'), e(wr, 't/d/x', 'x'), e(os.rmdir, 't/d'), e(os.unlink, 't/d/x'),\n"
	"      e(os.rmdir, 't/d'), e(os.stat, 't/d'), e(os.listdir, 't/d'), e(os.mkdir, 't/d'))\n"
	"print(e(os.unlink, 't/link'), e(os.readlink, 't/link'), ls('t'))\n"
	"fd = os.open('t/S', os.O_RDWR)\n"
	"print(e(os.unlink, 't/S'), os.write(fd, b'zz'), e(rd, 't/S'), e(wr, 't/S', 'S'), e(rd, 't/S'))\n";

START_TEST(deletions_are_faked)
{
	const char *const options[] = { "--fake-delete=t", "--quiet", places[_i], NULL };

	check_says(options, deleting,
		   "0 ENOENT ['S', 'link', 'only', 'sub']\n0 new 0 ENOENT\nEEXIST EEXIST EEXIST\n"
		   "0 0 n ENOENT\n0 0 ENOTEMPTY 0 0 ENOENT ENOENT EEXIST\n"
		   "0 ENOENT ['S', 'only', 'pub', 'sub']\n0 2 ENOENT 0 S\n");
	if (_i)
		ck_assert_str_eq(jail_read_file("t/pub"), "pub\n");
}
END_TEST

/* Below what --tmp covers, too, where nothing of the real folder is. */
START_TEST(shown_in_a_private_folder)
{
	char view[160];
	const char *const options[] = { "--tmp", "--scratch", "--quiet", view, NULL };

	snprintf(view, sizeof(view), "--read-only-view=/tmp/no/such=%s,/var/tmp/file=%s",
		 jail_path("t/pub"), jail_path("t/pub"));
	check_says(options,
		   "print(rd('/tmp/no/such'), rd('/var/tmp/file'), e(open, '/tmp/no/such', 'w'))\n"
		   "print(e(os.truncate, '/var/tmp/file', 0), e(os.rename, '/tmp/no', '/tmp/x'), ls('/tmp/no'))\n",
		   "pub\n pub\n EROFS\nEROFS EACCES []\n");
}
END_TEST

START_TEST(programs_are_not_run)
{
	const char *const options[] = { "--scratch", "--tmp", "--quiet", "--fake-exec=/bin/false",
					"--fake-status=7", NULL };

	check_says(options,
		   "import subprocess\nwr('/tmp/x', 'x')\n"
		   "print(subprocess.run(['/bin/false']).returncode, rd('/tmp/x'))\n", "7 x\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("combined_rules");
	TCase *tcase = tcase_create("combined_rules");

	tcase_add_checked_fixture(tcase, set_up, jail_teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, names_are_hidden, 0, ARRAY_SIZE(places));
	tcase_add_test(tcase, moved_by_an_earlier_run);
	tcase_add_loop_test(tcase, exchanged_names, 0, ARRAY_SIZE(places) - 1);
	tcase_add_loop_test(tcase, deletions_are_faked, 0, ARRAY_SIZE(places));
	tcase_add_test(tcase, shown_in_a_private_folder);
	tcase_add_test(tcase, programs_are_not_run);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
