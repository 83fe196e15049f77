/* SPDX-License-Identifier: Apache-2.0 */
/* test_view.c: one file shown in place of another: read, asked about, never changed. */
#include <check.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/live.h"
#include "tests/support/suite.h"

#define VIEWS "--read-only-view=d/orig=fix,d/none=fix,/etc/passwd=users"

static void make_files(void)
{
	ck_assert_int_eq(mkdir(jail_path("d"), 0700), 0);
	jail_write_file("d/orig", "original");
	jail_write_file("fix", "fixture\n");
	jail_write_file("users", "fake:x:1:1::/:/bin/sh\n");
	ck_assert_int_eq(symlink("orig", jail_path("d/link")), 0);
	ck_assert_int_eq(link(jail_path("d/orig"), jail_path("d/hard")), 0);
}

static void run_view(struct jail *jail, const char *option, const char *code)
{
	bool is_layer = strcmp(option, "--scratch") == 0 || strcmp(option, "--tmp") == 0;

	make_files();
	live_script(jail, (const char *const[]){ VIEWS, is_layer ? "--quiet" : "--allow-write=.",
		    "--allow-exec={python}", "--quiet", option, NULL }, code);
	live_check_status(jail, 0);
	ck_assert_str_eq(jail_read_file("fix"), "fixture\n");
	ck_assert_str_eq(jail_read_file("d/orig"), "original");
	ck_assert_ptr_null(jail_read_file("d/none"));
}

static const char reading[] =
	"import mmap, os, pathlib, pwd, shutil, sys\n"
	"fd = os.open('d/orig', os.O_RDONLY)\n"
	"print(os.read(fd, 50), open('d/link').read(), open('d/none').read(), open('d/hard').read())\n"
	"print(os.stat('d/orig').st_size, os.path.getsize('d/link'), os.lstat('d/link').st_size,\n"
	"      os.path.samestat(os.stat('d/orig'), os.fstat(fd)), os.path.exists('d/none'))\n"
	"print(mmap.mmap(fd, 0, prot=mmap.PROT_READ)[:3], os.pread(fd, 3, 1), os.lseek(fd, 0, 2))\n"
	"print(os.readlink(f'/proc/self/fd/{fd}') == os.path.realpath('d/orig'),\n"
	"      open(f'/dev/fd/{fd}').read(), os.path.realpath('d/link') == os.path.abspath('d/orig'))\n"
	"print(pwd.getpwuid(1).pw_name, len(pwd.getpwall()), os.access('d/orig', os.R_OK),\n"
	"      os.access('d/orig', os.W_OK), os.access('d/none', os.F_OK))\n"
	"shutil.copy('d/orig', 'copy'); print(pathlib.Path('copy').read_text())\n"
	"print(open(os.open('orig', 0, dir_fd=os.open('d', 0))).read(), sorted(os.listdir('d')))\n"
	"sys.stdout.flush()\n"
	"if os.fork() == 0: print(open('d/orig').read(), flush=True); os._exit(0)\n"
	"os.wait()\n";

static const char read_out[] =
	"b'fixture\\n' fixture\n fixture\n original\n8 8 4 True True\nb'fix' b'ixt' 8\n"
	"True fixture\n True\nfake 1 True False True\nfixture\n\n"
	"fixture\n ['hard', 'link', 'orig']\nfixture\n\n";

START_TEST(the_other_file_is_read)
{
	struct jail jail;

	run_view(&jail, "--color=never", reading);
	ck_assert_str_eq(jail.out, read_out);
	ck_assert_uint_ge(jail_count(&jail, "openat", "view", jail_path("d/orig")), 4);
	ck_assert_uint_ge(jail_count(&jail, "openat", "view", "/etc/passwd"), 2);
	ck_assert_uint_ge(jail_count(&jail, "newfstatat", "view", jail_path("d/orig")), 1);
	jail_free(&jail);
}
END_TEST

static const char *const others[] = { "--no-landlock", "--scratch", "--tmp" };

START_TEST(the_other_file_is_read_elsewhere)
{
	struct jail jail;

	run_view(&jail, others[_i], reading);
	ck_assert_str_eq(jail.out, read_out);
	jail_free(&jail);
}
END_TEST

START_TEST(the_other_file_is_read_under_allow_all)
{
	struct jail jail;

	run_view(&jail, "--allow-all",
		 "import os, subprocess\nprint(open('d/orig').read())\n"
		 "print(subprocess.run(['/bin/cat', 'd/orig', 'd/none'], capture_output=True).stdout)\n"
		 "try: open('d/orig', 'w')\nexcept OSError as e: print(e.errno)\n"
		 "print(open(f'/proc/self/fd/{os.open(\"d/orig\", os.O_PATH)}').read())\n");
	ck_assert_str_eq(jail.out, "fixture\n\nb'fixture\\nfixture\\n'\n30\nfixture\n\n");
	jail_free(&jail);
}
END_TEST

/* 30: EROFS. */
static const char changing[] =
	"import ctypes, os\n"
	"libc = ctypes.CDLL(None, use_errno=True)\n"
	"def e(f, *a, **k):\n"
	"    try: f(*a, **k); return 0\n"
	"    except OSError as e: return e.errno\n"
	"fd = os.open('d/orig', 0); s = f'/proc/self/fd/{fd}'; p = 'd/orig'\n"
	"print([e(open, p, m) for m in ('w', 'a', 'r+', 'x')],\n"
	"      e(os.open, p, os.O_RDONLY | os.O_TRUNC), e(os.open, 'd/none', os.O_WRONLY | os.O_CREAT))\n"
	"print(e(os.unlink, p), e(os.rename, p, 'd/x'), e(os.replace, 'd/hard', p), e(os.link, p, 'y'),\n"
	"      e(os.chmod, p, 0o777), e(os.chown, p, -1, -1), e(os.utime, p), e(os.truncate, p, 0),\n"
	"      e(os.mkdir, 'd/none'), e(os.symlink, 'x', 'd/none'))\n"
	"print(e(os.setxattr, p, 'user.x', b'x') in (30, 95), e(os.execv, p, ['x']))\n"
	"print(e(open, s, 'w'), e(open, s, 'r+'), e(os.fchmod, fd, 0o777), e(os.utime, fd), e(os.truncate, s, 0),\n"
	"      e(os.ftruncate, fd, 0), e(os.write, fd, b'x'), e(os.link, s, 'y', follow_symlinks=True))\n"
	"print(e(open, 'fix', 'w'), e(os.unlink, 'fix'), e(os.rename, 'fix', 'f2'),\n"
	"      e(os.rename, 'd/hard', 'fix'), e(os.rename, 'd', 'd2'))\n"
	"print(open(p).read())\n";

static const char *const changes[] = { "--color=never", "--scratch", "--tmp" };

START_TEST(nothing_is_changed)
{
	struct jail jail;

	run_view(&jail, changes[_i], changing);
	ck_assert_str_eq(jail.out, "[30, 30, 30, 30] 30 30\n30 30 30 30 30 30 30 30 30 30\nTrue 13\n"
			 "13 13 13 13 13 22 9 13\n13 13 13 13 13\nfixture\n\n");
	ck_assert_uint_ge(jail_count(&jail, "openat", "deny", jail_path("d/orig")), 4);
	jail_free(&jail);
}
END_TEST

/* What is shown is the file that was there when the run began. */
START_TEST(the_shown_file_is_replaced)
{
	struct jail jail;

	run_view(&jail, "--color=never",
		 "import os\n"
		 "before = open('d/orig').read()\n"
		 "os.rename('d/hard', 'd/other'); print(open('d/orig').read() == before)\n");
	ck_assert_str_eq(jail.out, "True\n");
	jail_free(&jail);
}
END_TEST

static const struct {
	const char *value, *says;
} mistakes[] = {
	{ "--read-only-view=a", "there is no = in it" },
	{ "--read-only-view=a=none", "not there" },
	{ "--read-only-view=a=.", "not a readable file" },
	{ "--read-only-view=a*=fix", "of one file" },
};

START_TEST(mistakes_are_said)
{
	struct jail jail;

	jail_write_file("fix", "x");
	live_script(&jail, (const char *const[]){ mistakes[_i].value, NULL }, "");
	ck_assert_int_eq(jail.status, 2);
	ck_assert_msg(strstr(jail.err, mistakes[_i].says) != NULL, "%s", jail.err);
	jail_free(&jail);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("view");
	TCase *tcase = tcase_create("view");

	tcase_add_checked_fixture(tcase, jail_setup, jail_teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, the_other_file_is_read);
	tcase_add_loop_test(tcase, the_other_file_is_read_elsewhere, 0, ARRAY_SIZE(others));
	tcase_add_test(tcase, the_other_file_is_read_under_allow_all);
	tcase_add_loop_test(tcase, nothing_is_changed, 0, ARRAY_SIZE(changes));
	tcase_add_test(tcase, the_shown_file_is_replaced);
	tcase_add_loop_test(tcase, mistakes_are_said, 0, ARRAY_SIZE(mistakes));
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
