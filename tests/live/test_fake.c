/* SPDX-License-Identifier: Apache-2.0 */
/* test_fake.c: what is said to be done and is not: the disk does not change. */
#include <check.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/live.h"
#include "tests/support/suite.h"

/* Every name, content, mode and time below d. */
static const char look[] =
	"cd '%s' && find d -printf '%%p %%y %%m %%s %%T@ %%C@ %%l\\n' | sort && cat d/a d/sub/c";

static char before[8192];

static void take_look(char *out, size_t size)
{
	char command[512];
	FILE *pipe;
	size_t n;

	snprintf(command, sizeof(command), look, jail_folder);
	pipe = popen(command, "r");
	ck_assert_ptr_nonnull(pipe);
	n = fread(out, 1, size - 1, pipe);
	out[n] = '\0';
	ck_assert_int_eq(pclose(pipe), 0);
}

static void set_up(void)
{
	jail_setup();
	ck_assert_int_eq(mkdir(jail_path("d"), 0755) | mkdir(jail_path("d/sub"), 0755), 0);
	jail_write_file("d/a", "orig\n");
	jail_write_file("d/b", "second\n");
	jail_write_file("d/sub/c", "third\n");
	ck_assert_int_eq(symlink("a", jail_path("d/link")), 0);
	take_look(before, sizeof(before));
}

static void check_untouched(void)
{
	char after[sizeof(before)];

	take_look(after, sizeof(after));
	ck_assert_str_eq(after, before);
}

static void run_fake(struct jail *jail, const char *const options[], const char *code)
{
	static const char preamble[] =
		"import ctypes, errno, os, shutil, subprocess, sys\n"
		"def e(f, *a, **k):\n"
		"    try: r = f(*a, **k)\n"
		"    except OSError as x: return errno.errorcode[x.errno]\n"
		"    return 0 if r is None else r\n"
		"def put(p, t, m='w'):\n"
		"    with open(p, m) as f: f.write(t)\n"
		"def get(p):\n"
		"    with open(p) as f: return f.read()\n";
	char whole[16384];

	snprintf(whole, sizeof(whole), "%s%s", preamble, code);
	live_script(jail, options, whole);
	live_check_status(jail, 0);
	check_untouched();
}

static void check_begins(const struct jail *jail, const char *text)
{
	ck_assert_msg(strncmp(jail->out, text, strlen(text)) == 0, "%s", jail->out);
}

static const char writing[] =
	"put('d/new', 'hello')\n"
	"print(get('d/new'), os.path.getsize('d/new'), sorted(os.listdir('d')))\n"
	"put('d/a', 'more', 'a'); print(repr(get('d/a')), repr(get('d/link')))\n"
	"with open('d/a', 'r+') as f: print(repr(f.read())); f.seek(0); f.write('X')\n"
	"print(repr(get('d/a')), e(open, 'd/a', 'x'), e(open, 'd/sub', 'w'), e(open, 'd/no/x', 'w'))\n"
	"put('d/link', 'by link'); print(get('d/a'), os.path.islink('d/link'))\n"
	"put('d/t.tmp', 'atomic'); os.replace('d/t.tmp', 'd/a')\n"
	"print(get('d/a'), os.path.exists('d/t.tmp'))\n"
	"fd = os.open('d/fd', os.O_RDWR | os.O_CREAT, 0o640)\n"
	"os.write(fd, b'12345'); os.ftruncate(fd, 3)\n"
	"print(os.pread(fd, 9, 0), os.fstat(fd).st_size, oct(os.stat('d/fd').st_mode & 0o777),\n"
	"      os.stat('d/fd').st_nlink)\n"
	"print(e(os.chmod, 'd/fd', 0o600), oct(os.stat('d/fd').st_mode & 0o777),\n"
	"      e(os.truncate, 'd/fd', 1), get('d/fd'))\n"
	"print(e(os.utime, 'd/fd', (5, 5)), int(os.stat('d/fd').st_mtime), e(os.fchmod, fd, 0o644))\n"
	"print(e(os.chmod, 'd/b', 0o600), e(os.truncate, 'd/b', 0), e(os.utime, 'd/b', (1, 1)),\n"
	"      e(os.chown, 'd/b', -1, -1), repr(get('d/b')))\n"
	"print(e(os.mkdir, 'd/m'), e(os.stat, 'd/m'), e(os.symlink, 'a', 'd/s'), e(os.lstat, 'd/s'),\n"
	"      e(os.link, 'd/b', 'd/l'), repr(get('d/l')))\n"
	"shutil.copyfile('d/b', 'd/copy')\n"
	"print(repr(get('d/copy')), os.access('d/copy', os.W_OK), os.access('d/b', os.W_OK))\n"
	"import mmap; os.ftruncate(fd, 3); m = mmap.mmap(fd, 3); m[:3] = b'abc'; print(get('d/fd'))\n"
	"if os.fork() == 0: put('d/child', 'from the child'); os._exit(0)\n"
	"os.wait(); print(get('d/child'))\n"
	"import sqlite3; db = sqlite3.connect('d/db'); db.execute('create table t(x)')\n"
	"db.execute('insert into t values(7)'); db.commit()\n"
	"print(sqlite3.connect('d/db').execute('select x from t').fetchall())\n"
	"import tempfile\n"
	"with tempfile.TemporaryFile(dir='d') as t: t.write(b'x'); t.seek(0); print(t.read())\n"
	"with tempfile.NamedTemporaryFile(dir='d') as t:\n"
	"    t.write(b'y'); t.flush(); print(get(t.name)); n = t.name\n"
	"print(os.path.exists(n))\n";

static const char written[] =
	"hello 5 ['a', 'b', 'link', 'new', 'sub']\n'orig\\nmore' 'orig\\nmore'\n'orig\\nmore'\n"
	"'Xrig\\nmore' EEXIST EISDIR ENOENT\nby link True\natomic False\nb'123' 3 0o640 1\n"
	"0 0o600 0 1\n0 5 0\n0 0 0 0 'second\\n'\n0 ENOENT 0 ENOENT 0 'second\\n'\n"
	"'second\\n' True True\nabc\nfrom the child\n[(7,)]\nb'x'\ny\nFalse\n";

START_TEST(writes_are_faked)
{
	struct jail jail;

	run_fake(&jail, (const char *const[]){ "--fake-write=d", "--quiet", NULL }, writing);
	ck_assert_str_eq(jail.out, written);
	ck_assert_int_eq(jail_denied(&jail), 0);
	ck_assert_uint_ge(jail_count(&jail, "openat", "fake", jail_path("d/new")), 2);
	ck_assert_uint_ge(jail_count(&jail, "rename", "fake", jail_path("d/t.tmp")), 1);
	jail_free(&jail);
}
END_TEST

static const char *const others[] = { "--no-landlock", "--scratch", "--tmp" };

START_TEST(writes_are_faked_elsewhere)
{
	struct jail jail;

	run_fake(&jail, (const char *const[]){ "--fake-write=d", "--quiet", others[_i], NULL },
		 writing);
	ck_assert_str_eq(jail.out, written);
	jail_free(&jail);
}
END_TEST

static const char deleting[] =
	"print(e(os.unlink, 'd/b'), e(os.stat, 'd/b'), e(open, 'd/b'), e(os.unlink, 'd/b'),\n"
	"      sorted(os.listdir('d')))\n"
	"print(e(os.rmdir, 'd/sub'), e(os.unlink, 'd/sub'), e(os.rmdir, 'd/a'),\n"
	"      e(os.unlink, 'd/sub/c'), e(os.rmdir, 'd/sub'))\n"
	"print(e(os.stat, 'd/sub'), e(os.stat, 'd/sub/..'), e(os.chdir, 'd/sub'),\n"
	"      e(os.listdir, 'd/sub'), e(os.stat, 'd/sub/c'))\n"
	"if os.fork() == 0: print(e(os.stat, 'd/b'), flush=True); os._exit(0)\n"
	"os.wait()\n"
	"print(subprocess.run(['/bin/cat', 'd/b'], capture_output=True).returncode)\n"
	"shutil.rmtree('d'); print(e(os.stat, 'd'), e(os.listdir, 'd'))\n";

static const char *const ways[] = { "--color=never", "--scratch", "--tmp" };

START_TEST(deletions_are_faked)
{
	struct jail jail;

	run_fake(&jail, (const char *const[]){ "--fake-delete=d", "--allow-exec=/bin/cat",
		 "--quiet", ways[_i], NULL }, deleting);
	ck_assert_ptr_nonnull(strstr(jail.out, "0 ENOENT ENOENT ENOENT ['a', 'link', 'sub']\n"));
	ck_assert_ptr_nonnull(strstr(jail.out, "ENOTEMPTY EISDIR ENOTDIR 0 0\n"
				     "ENOENT ENOENT ENOENT ENOENT ENOENT\n"));
	ck_assert_ptr_nonnull(strstr(jail.out, "\n1\nENOENT ENOENT\n"));
	ck_assert_uint_ge(jail_count(&jail, "unlink", "fake", jail_path("d/b")), 1);
	ck_assert_uint_ge(jail_count(&jail, "getdents64", "fake", jail_path("d")), 1);
	jail_free(&jail);
}
END_TEST

/* Writing is real and only deleting is faked: a name that is "gone" can be written again. */
START_TEST(real_writes_beside_faked_deletions)
{
	struct jail jail;

	jail_write_file("d2", "old");
	live_script(&jail, (const char *const[]){ "--allow-write=d2,d3", "--fake-delete=d2,d3",
		    "--quiet", NULL },
		    "import os\nos.unlink('d2'); print(os.path.exists('d2'))\n"
		    "with open('d2', 'x') as f: f.write('new')\n"
		    "print(open('d2').read()); os.unlink('d2')\n"
		    "with open('d3', 'w') as f: f.write('3')\n"
		    "print(os.path.exists('d2'), os.path.exists('d3'))\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "False\nnew\nFalse True\n");
	ck_assert_str_eq(jail_read_file("d2"), "new");
	ck_assert_str_eq(jail_read_file("d3"), "3");
	jail_free(&jail);
}
END_TEST

static const char running[] =
	"r = subprocess.run(['/bin/touch', 'd/x', \"it's\"], capture_output=True)\n"
	"print(r.returncode, r.stdout)\n"
	"print(subprocess.run('rm -rf d; exit 9', shell=True).returncode, os.system('false'))\n"
	"p = os.posix_spawn('/bin/ls', ['ls', '-l'], {}); print(os.waitpid(p, 0)[1] >> 8)\n"
	"if (p := os.fork()) == 0: os.execv('/bin/rm', ['rm', 'd/a'])\n"
	"print(os.waitpid(p, 0)[1] >> 8, e(os.execv, '/bin/none', ['x']),\n"
	"      e(os.execv, '/etc/passwd', ['x']), e(os.execv, '/bin', ['x']))\n"
	"import threading\n"
	"t = threading.Thread(target=lambda: print(subprocess.call(['/bin/sh', '-c', 'exit 5'])))\n"
	"t.start(); t.join()\n"
	"p = subprocess.Popen(['/bin/cat'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
	"print(p.communicate(b'x')[0], p.returncode)\n"
	"print(subprocess.run([sys.executable, '-c', 'print(1)'], capture_output=True).stdout)\n";

static bool is_word(const json_t *argv, size_t i, const char *word)
{
	const char *text = json_string_value(json_array_get(argv, i));

	return text && strcmp(text, word) == 0;
}

START_TEST(programs_are_not_run)
{
	struct jail jail;
	json_t *event;
	size_t i, found = 0;

	run_fake(&jail, (const char *const[]){ "--fake-exec", "--fake-status=3",
		 "--allow-exec={python}", "--quiet", NULL }, running);
	ck_assert_str_eq(jail.out, "3 b''\n3 768\n3\n3 ENOENT EACCES EACCES\n3\nb'' 3\nb'1\\n'\n");
	json_array_foreach(jail.record, i, event) {
		const char *verdict = json_string_value(json_object_get(event, "verdict"));
		const json_t *argv = json_object_get(event, "argv");

		if (verdict && strcmp(verdict, "fake") == 0 && json_array_size(argv) == 3)
			found += is_word(argv, 2, "it's") || is_word(argv, 2, "rm -rf d; exit 9");
	}
	ck_assert_uint_eq(found, 2);
	jail_free(&jail);
}
END_TEST

/* The script itself turns into another program: it ends as that would have. */
START_TEST(the_script_becomes_a_program)
{
	struct jail jail;

	live_script(&jail, (const char *const[]){ "--fake-exec=/bin/true", "--fake-status=42",
		    "--verbose", NULL },
		    "import os, threading, time\n"
		    "threading.Thread(target=time.sleep, args=(30,), daemon=True).start()\n"
		    "os.execv('/bin/true', ['true', 'a b'])\n");
	ck_assert_int_eq(jail.status, 42);
	ck_assert_ptr_nonnull(strstr(jail.err, "pyjail: faked  run /usr/bin/true: true 'a b'"));
	jail_free(&jail);
}
END_TEST

/* ---- attacks: nothing real comes of what is faked ---- */

static const char attacking[] =
	"import mmap, threading, time\n"
	"libc = ctypes.CDLL(None, use_errno=True)\n"
	"path = ctypes.create_string_buffer(b'w/file', 64); over = False\n"
	"def flip():\n"
	"    while not over:\n"
	"        path[0] = b'd'; path[2:6] = b'a\\0\\0\\0'; path[0] = b'w'; path[2:6] = b'file'\n"
	"t = threading.Thread(target=flip, daemon=True); t.start(); until = time.monotonic() + 1.5\n"
	"while time.monotonic() < until:\n"
	"    fd = libc.open(path, os.O_WRONLY | os.O_TRUNC)\n"
	"    if fd >= 0: os.write(fd, b'x'); os.close(fd)\n"
	"    libc.truncate(path, ctypes.c_long(0)); libc.chmod(path, 0o600)\n"
	"over = True; t.join()\n"
	"fd = os.open('d/b', os.O_WRONLY | os.O_APPEND); s = f'/proc/self/fd/{fd}'\n"
	"print(e(open, s), e(os.open, s, os.O_RDWR), os.write(fd, b'zz'))\n"
	"try: print(mmap.mmap(fd, 5, prot=mmap.PROT_READ)[:5])\n"
	"except OSError as x: print(type(x).__name__)\n"
	"print(e(os.link, s, 'w/leak', follow_symlinks=True), e(os.rename, 'd/b', 'w/b'),\n"
	"      e(os.link, 'd/b', 'w/c'))\n"
	"print(os.listdir('w'), e(get, 'w/b'), e(get, 'w/c'), e(get, 'd/b'))\n";

/* d/b may not be read, w may: what is copied for the script never tells it. */
START_TEST(nothing_real_comes_of_it)
{
	struct jail jail;

	ck_assert_int_eq(mkdir(jail_path("w"), 0700), 0);
	jail_write_file("w/file", "mine");
	run_fake(&jail, (const char *const[]){ "--fake-write=d", "--allow-write=w",
		 "--deny-read=d/b", "--quiet", ways[_i], NULL }, attacking);
	ck_assert_ptr_null(strstr(jail.out, "second"));
	check_begins(&jail, "EACCES EACCES 2\nPermissionError\n");
	ck_assert_ptr_nonnull(strstr(jail.out, "['file'] ENOENT ENOENT EACCES"));
	ck_assert_ptr_null(jail_read_file("w/b"));
	ck_assert_ptr_null(jail_read_file("w/leak"));
	jail_free(&jail);
}
END_TEST

/* Files in memory count for --memory, whatever became of their names. */
START_TEST(memory_is_limited)
{
	struct jail jail;

	live_script(&jail, (const char *const[]){ "--fake-write=d", "--memory=100M", "--quiet",
		    NULL },
		    "import os, time\n"
		    "for i in range(50):\n"
		    "    fd = os.open(f'd/{i}', os.O_WRONLY | os.O_CREAT); os.unlink(f'd/{i}')\n"
		    "    os.write(fd, bytes(8 << 20)); time.sleep(0.02)\n"
		    "time.sleep(5)\n");
	ck_assert_int_eq(jail.status, 124);
	ck_assert_str_eq(live_result_string(&jail, "limit"), "memory");
	check_untouched();
	jail_free(&jail);
}
END_TEST

/* More than can be remembered fails; it is not done for real. */
START_TEST(there_is_an_end)
{
	struct jail jail;

	run_fake(&jail, (const char *const[]){ "--fake-write=d", "--quiet", "--stack=off", NULL },
		 "n = 0\n"
		 "try:\n"
		 "    for n in range(5000): os.close(os.open(f'd/{n}', os.O_WRONLY | os.O_CREAT))\n"
		 "except OSError as x: print(x.errno in (errno.ENOSPC, errno.EMFILE), n > 500)\n"
		 "print(os.stat('d/0').st_size)\n");
	ck_assert_str_eq(jail.out, "True True\n0\n");
	jail_free(&jail);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fake");
	TCase *tcase = tcase_create("fake");

	tcase_add_checked_fixture(tcase, set_up, jail_teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, writes_are_faked);
	tcase_add_loop_test(tcase, writes_are_faked_elsewhere, 0, ARRAY_SIZE(others));
	tcase_add_loop_test(tcase, deletions_are_faked, 0, ARRAY_SIZE(ways));
	tcase_add_test(tcase, real_writes_beside_faked_deletions);
	tcase_add_test(tcase, programs_are_not_run);
	tcase_add_test(tcase, the_script_becomes_a_program);
	tcase_add_loop_test(tcase, nothing_real_comes_of_it, 0, ARRAY_SIZE(ways));
	tcase_add_test(tcase, memory_is_limited);
	tcase_add_test(tcase, there_is_an_end);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
