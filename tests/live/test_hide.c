/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_hide.c: what a rule hides is not there.
 *
 * The strongest test compares: programs/hidden.py asks thousands of questions about one hidden
 * name, and its answers must be the same, byte by byte, whether a file, a folder, a pipe or nothing
 * is there.  The races ask while another thread exchanges the name.
 */
#include <check.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/live.h"
#include "tests/support/race.h"
#include "tests/support/suite.h"

static void run(const char *command)
{
	char text[2048];

	snprintf(text, sizeof(text), "cd '%s' && %s", jail_folder, command);
	ck_assert_msg(system(text) == 0, "%s", text);
}

static const char *const things[] = {
	"true",
	"echo secret > t/S && chmod 755 t/S",
	"cp /bin/true t/S",
	"mkdir -p t/S/in && echo secret > t/S/x",
	"mkdir -m 0 t/S",
	"ln -s nowhere t/S",
	"mkfifo t/S",
};

static void make_thing(const char *thing)
{
	run("chmod -R u+rwx t layer 2>/dev/null; rm -rf t w layer; mkdir -p t/pub t/deepdir w && "
	    "echo public > t/pub/file && ln -s S t/link && ln -s link t/chain && "
	    "ln -s S/in t/deep && ln -s ../S t/pub/back && ln -s loop t/loop");
	run(thing);
}

/* In a view the folders are the layer's, all or all but one. */
static const struct way {
	const char *option, *other;
	bool is_all;             /* in the layer, the answers, too */
	unsigned step;           /* not all things need be tried: little differs from another way */
} ways[] = {
	{ "--color=never", "--allow-write=t,w", false, 1 },
	{ "--no-landlock", "--allow-write=t,w", false, 2 },
	{ "--scratch=layer", "--quiet", true, 1 },
	{ "--scratch", "--allow-write=w", false, 2 },
	{ "--tmp", "--allow-write=w", false, 2 },
	{ "--scratch=layer", "--no-landlock", true, 2 },
};

/* The answers; malloc'd. */
static char *ask(const char *thing, const struct way *way)
{
	const char *folder = getenv("PYJAIL_PROGRAMS");
	char command[PATH_MAX + 64], exec[PATH_MAX];
	struct jail jail;
	char *answers = NULL;
	size_t size = 0;
	FILE *file;

	make_thing(thing);
	snprintf(command, sizeof(command), "cp '%s/hidden.py' '%s/s.py'",
		 folder ? folder : "tests/live/programs", jail_folder);
	ck_assert_int_eq(system(command), 0);
	snprintf(exec, sizeof(exec), "--allow-exec=%s", jail_folder);
	jail_run(&jail, NULL, 120, (const char *const[]){ way->option, "--hide=t/S",
		 "--allow-read=.", way->other, exec, "--quiet", "s.py", NULL });
	live_check_status(&jail, 0);
	jail_free(&jail);
	snprintf(command, sizeof(command), "%s%s/w/answers", way->is_all ? "layer/files" : "",
		 way->is_all ? jail_folder : ".");
	file = fopen(jail_path(command), "r");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_gt(getdelim(&answers, &size, '\0', file), 100000);
	fclose(file);
	return answers;
}

/* Says the first line that differs. */
static void check_same(const char *thing, const char *a, const char *b)
{
	size_t at = 0, start = 0;

	for (; a[at] && a[at] == b[at]; at++)
		if (a[at] == '\n')
			start = at + 1;
	ck_assert_msg(a[at] == b[at], "%s shows: \"%.*s\", else \"%.*s\"", thing,
		      (int)strcspn(b + start, "\n"), b + start, (int)strcspn(a + start, "\n"),
		      a + start);
}

START_TEST(nothing_tells_what_is_there)
{
	char *nothing = ask(things[0], &ways[_i]);

	for (size_t i = 1; i < ARRAY_SIZE(things); i += ways[_i].step) {
		char *answers = ask(things[i], &ways[_i]);

		check_same(things[i], nothing, answers);
		free(answers);
	}
	free(nothing);
	run("chmod -R u+rwx t layer 2>/dev/null; rm -rf layer");
}
END_TEST

/* The control: bare, the answers do differ. */
START_TEST(without_a_rule_it_shows)
{
	struct jail jail;

	run("mkdir -p t/S");
	live_script(&jail, (const char *const[]){ "--quiet", NULL },
		    "import os\nprint(os.listdir('t'), os.path.isdir('t/S'))\n");
	ck_assert_str_eq(jail.out, "['S'] True\n");
	jail_free(&jail);
}
END_TEST

static const char names_code[] =
	"import glob, os, pathlib\n"
	"def name(f, *a):\n"
	"    try: return f(*a)\n"
	"    except OSError as e: return type(e).__name__\n"
	"print(sorted(os.listdir('t')), os.path.exists('t/key'), glob.glob('t/k*'))\n"
	"print(name(open, 't/key'), name(open, 't/key', 'w'), name(os.unlink, 't/key'))\n"
	"print(os.path.lexists('t/l'), os.path.exists('t/l'), os.readlink('t/l'))\n"
	"print(open('t/hard').read(), list(pathlib.Path('t').rglob('inner')))\n";

/* Events, words, counts; a hard link made before is another name. */
START_TEST(hidden_names)
{
	struct jail jail;
	json_t *event = NULL;
	size_t i;

	run("mkdir -p t/dir && echo k > t/key && echo i > t/dir/inner && ln -s key t/l && "
	    "ln t/key t/hard");
	live_script(&jail, (const char *const[]){ "--hide=t/key,t/dir", "--allow-write=t",
		    "--verbose", NULL }, names_code);
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "['hard', 'l'] False []\n"
			 "FileNotFoundError PermissionError FileNotFoundError\n"
			 "True False key\nk\n []\n");
	ck_assert_int_eq(jail_denied(&jail), 0);
	ck_assert_uint_ge(jail_count(&jail, "getdents64", "hide", jail_path("t")), 1);
	ck_assert_uint_ge(jail_count(&jail, "openat", "hide", jail_path("t/key")), 2);
	ck_assert_uint_ge(jail_count(&jail, "unlink", "hide", jail_path("t/key")), 1);
	ck_assert_ptr_nonnull(strstr(jail.err, "pyjail: hidden  delete "));
	json_array_foreach(jail.record, i, event)
		if (!strcmp(json_string_value(json_object_get(event, "call")) ?: "", "unlink"))
			break;
	ck_assert_str_eq(json_string_value(json_object_get(event, "error")), "ENOENT");
	ck_assert_ptr_nonnull(strstr(json_string_value(json_object_get(event, "rule")), "hide /"));
	ck_assert_ptr_nonnull(strstr(json_string_value(json_object_get(event, "where")),
				     "s.py:3 in name()"));
	ck_assert_ptr_nonnull(jail_read_file("t/key"));
	jail_free(&jail);
}
END_TEST

/* The place in a folder is the open file's: shared by dup and fork, moved by seekdir. */
static const char listing_code[] =
	"import ctypes, os\n"
	"libc = ctypes.CDLL(None, use_errno=True)\n"
	"libc.fdopendir.restype = libc.readdir.restype = ctypes.c_void_p\n"
	"libc.telldir.restype = ctypes.c_long\n"
	"names = [n for n in os.listdir('t')]\n"
	"print(len(names), len(set(names)), any('hid' in n for n in names))\n"
	"room = ctypes.create_string_buffer(2000)\n"
	"def some(fd):\n"
	"    n, at, out = libc.syscall(217, fd, room, 2000), 0, []\n"
	"    while at < n:\n"
	"        size = int.from_bytes(room[at + 16:at + 18], 'little')\n"
	"        out.append(room.raw[at + 19:at + size].split(b'\\0')[0]); at += size\n"
	"    return out\n"
	"a = os.open('t', os.O_RDONLY); b = os.dup(a); seen = []\n"
	"def add(more): seen.extend(more); return more\n"
	"while add(some(a)) and add(some(b)): pass\n"
	"print(len(seen), len(set(seen)))\n"
	"os.lseek(b, 0, 0); first = some(a)\n"
	"r, w = os.pipe()\n"
	"if os.fork() == 0:\n"
	"    os.write(w, b'/'.join(some(a))); os._exit(0)\n"
	"os.wait(); second = os.read(r, 100000).split(b'/'); third = some(b)\n"
	"print(seen[:len(first + second + third)] == first + second + third)\n"
	"d = ctypes.c_void_p(libc.fdopendir(os.open('t', os.O_RDONLY)))\n"
	"def entry(p): return ctypes.string_at(p + 19) if p else None\n"
	"for i in range(1500): libc.readdir(d)\n"
	"place = libc.telldir(d); x = entry(libc.readdir(d)); libc.readdir(d)\n"
	"libc.seekdir(d, ctypes.c_long(place)); print(entry(libc.readdir(d)) == x)\n"
	"libc.rewinddir(d); print(entry(libc.readdir(d)) == seen[0])\n"
	"f = os.open('s.py', 0); e = libc.syscall(217, f, room, 2000); print(e, ctypes.get_errno())\n"
	"e = libc.syscall(217, 99, room, 2000); print(e, ctypes.get_errno())\n"
	"e = libc.syscall(217, a, 8, 2000) if not os.lseek(a, 0, 0) else 0\n"
	"print(e, ctypes.get_errno(), some(a) == first)\n"
	"e = libc.syscall(217, a, room, 8) if not os.lseek(a, 0, 0) else 0\n"
	"print(e, ctypes.get_errno())\n";

START_TEST(listings_go_on_where_they_were)
{
	struct jail jail;

	run("mkdir t && cd t && for i in $(seq 1000); do : > f$i; : > hid$i.key; : > g$i; done");
	live_script(&jail, (const char *const[]){ "--hide=t/*.key", "--quiet", NULL },
		    listing_code);
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "2000 2000 False\n2002 2002\nTrue\nTrue\nTrue\n-1 20\n-1 9\n"
			 "-1 14 True\n-1 22\n");
	jail_free(&jail);
}
END_TEST

/* What honest programs do goes on as ever where something is hidden. */
static const char honest_code[] =
	"import json, os, shutil, sqlite3, subprocess, sys, tempfile, threading\n"
	"B = os.getcwd()\n"
	"with tempfile.TemporaryDirectory(dir='w') as d:\n"
	"    os.makedirs(d + '/a/b/c', exist_ok=True); open(d + '/a/b/f', 'w').write('x')\n"
	"    shutil.copytree(d + '/a', d + '/z'); print(sorted(os.listdir(d)))\n"
	"    os.chdir(d); print(os.path.relpath(os.getcwd(), d) in ('.', '..') or True)\n"
	"    print(subprocess.run([sys.executable, '-c', 'print(6 * 7)'], cwd='a',\n"
	"                         capture_output=True, text=True).stdout.strip())\n"
	"    os.chdir('/'); print(os.path.realpath('/proc/self/cwd'))\n"
	"    os.chdir(B)\n"
	"print(os.listdir('w'), os.access('s.py', os.R_OK), os.access('w', os.W_OK | os.X_OK))\n"
	"db = sqlite3.connect('w/db'); db.execute('create table t(x)'); db.close()\n"
	"print(os.stat(0).st_mode > 0, os.fstat(1).st_mode > 0, sys.stdin.read())\n"
	"try: os.chdir('w/db')\n"
	"except OSError as e: print(type(e).__name__)\n"
	"try: os.execv('w/db', ['x'])\n"
	"except OSError as e: print(type(e).__name__)\n";

START_TEST(honest_programs_go_on)
{
	struct jail jail;
	char python[PATH_MAX + 32];

	run("mkdir w && echo secret > hidden");
	snprintf(python, sizeof(python), "--allow-exec={python}");
	jail_write_file("s.py", honest_code);
	jail_run(&jail, "given", 60, (const char *const[]){ "--hide=hidden", "--allow-write=w",
		 "--allow-read=/", python, "--quiet", "s.py", NULL });
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "['a', 'z']\nTrue\n42\n/\n[] True True\n"
			 "True True given\nNotADirectoryError\nPermissionError\n");
	jail_free(&jail);
}
END_TEST

/* What the script was given open stays open, hidden or not; by its name it is not there. */
START_TEST(a_descriptor_that_was_given)
{
	struct jail jail;
	char command[PATH_MAX + 128];

	jail_write_file("hidden", "given");
	jail_write_file("s.py", "import os, sys\nprint(os.stat(0).st_size, sys.stdin.read(), "
			"open('/dev/stdin').read(), os.path.exists('hidden'))\n");
	snprintf(command, sizeof(command), "exec '%s' --python=/usr/bin/python3 --quiet "
		 "--hide=hidden s.py < hidden", jail_program);
	jail_run_program(&jail, "/bin/sh", NULL, 60, (const char *const[]){ "-c", command, NULL });
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "5 given given False\n");
	jail_free(&jail);
}
END_TEST

/* Everything but what is allowed. */
START_TEST(the_home_folder_but_for_the_script)
{
	struct jail jail;

	run("mkdir -p home/proj home/out home/.ssh && echo k > home/.ssh/key");
	jail_write_file("home/proj/s.py", "import os\nos.chdir(os.path.dirname(__file__))\n"
			"print(sorted(os.listdir('..')), os.listdir('.'), "
			"os.path.exists('../.ssh/key'))\nos.mkdir('../out/new')\n");
	jail_run(&jail, NULL, 60, (const char *const[]){ "--hide=home", "--allow-read=home",
		 "--quiet", "--allow-write=home/out", "home/proj/s.py", NULL });
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "['out', 'proj'] ['s.py'] False\n");
	jail_free(&jail);
}
END_TEST

/* --allow-all refuses nothing, and still hides. */
START_TEST(hidden_under_allow_all)
{
	struct jail jail;

	run("mkdir t && echo secret > t/key");
	live_script(&jail, (const char *const[]){ "--allow-all", "--hide=t/key", "--quiet", NULL },
		    "import os, subprocess\nprint(os.listdir('t'), os.path.exists('t/key'))\n"
		    "print(subprocess.run(['/bin/cat', 't/key'], capture_output=True).returncode)\n"
		    "print(subprocess.run(['/bin/ls', '-a', 't'], capture_output=True).stdout)\n"
		    "try: os.open('t/key', os.O_PATH)\nexcept OSError as e: print(e.errno)\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "[] False\n1\nb'.\\n..\\n'\n2\n");
	jail_free(&jail);
}
END_TEST

/* ---- races ---- */

/* The answers that were met; "" when the run was ended for what happened. */
static void seek(const char *kind, unsigned long rounds, const char *option, char out[64])
{
	static const char code[] = "import os, sys; os.chdir('t'); os.execv(sys.argv[1], sys.argv[1:])";
	bool is_in_view = strcmp(option, "--scratch") == 0;
	char exec[2 * PATH_MAX + 128], rule[128], many[32];
	struct jail jail;

	snprintf(many, sizeof(many), "%lu", race_rounds(rounds));
	snprintf(exec, sizeof(exec), "--allow-exec=%s,%s,%s", jail_folder, race_program("seeker"),
		 race_program("loud"));
	snprintf(rule, sizeof(rule), "--hide=%s/t/S*", jail_folder);
	jail_run(&jail, NULL, 100, (const char *const[]){ option, rule, "--allow-read=.",
		 is_in_view ? "--quiet" : "--allow-write=t", exec, "--quiet", "-c", code,
		 race_program("seeker"), kind, many, NULL });
	ck_assert_msg(!strstr(jail.out, "SEEN") && !strstr(jail.out, "PWNED") &&
		      (jail.status == 0 || jail.status == 124), "%s: %d %s%s", kind, jail.status,
		      jail.out, jail.err);
	/* Whoever was let in by the kernel did not learn it, and the record says why it ended. */
	if (jail.status == 124)
		ck_assert_int_eq(strncmp(live_result_string(&jail, "rule"), "hide: ", 6), 0);
	snprintf(out, 64, "%.63s", jail.status ? "" : jail.out);
	jail_free(&jail);
}

static const struct {
	const char *kind;
	unsigned long rounds;
	const char *met;
	bool may_end;
} races[] = {
	{ "stat", 10000, "met 0 2\n", false },   { "open", 10000, "met 0 2\n", false },
	{ "write", 8000, "met 0 13\n", false }, { "access", 10000, "met 0 2\n", false },
	{ "watch", 3000, "met 2 13\n", false }, { "chdir", 2000, "met 0 2 13\n", true },
	{ "exec", 600, "met 0 2 13\n", true },  { "list", 8000, "met 0\n", false },
};

/* A slow machine may not meet them all. */
static bool is_among(const char *met, const char *expected)
{
	char text[64], *rest = NULL;

	snprintf(text, sizeof(text), "%s", met);
	for (char *word = strtok_r(text, " \n", &rest); word; word = strtok_r(NULL, " \n", &rest))
		if (!strstr(expected, word))
			return false;
	return strncmp(met, "met ", 4) == 0;
}

static void run_race(int i, const char *option)
{
	static const char *const there[] = {
		"rm -rf t/S*", "mkdir t/Sdir; echo SECRET1 > t/Sfile; cp \"$LOUD\" t/Sprog",
		"echo > t/Sdir; mkdir t/Sfile; echo > t/Sprog",
	};
	char met[64];

	run("mkdir -p t/Pdir && printf public > t/Pfile");
	setenv("LOUD", race_program("loud"), 1);
	setenv("QUIET", race_program("quiet"), 1);
	run("cp \"$QUIET\" t/Pprog");
	for (size_t k = 0; k < ARRAY_SIZE(there); k++) {
		run("rm -rf t/S*");
		run(there[k]);
		seek(races[i].kind, races[i].rounds, option, met);
		if (races[i].may_end && !met[0])
			continue;
		ck_assert_msg(is_among(met, races[i].met), "%s %zu: %s", races[i].kind, k, met);
	}
}

START_TEST(nothing_is_seen_in_a_race)
{
	run_race(_i, "--color=never");
}
END_TEST

START_TEST(nothing_is_seen_in_a_race_without_landlock)
{
	run_race(_i, "--no-landlock");
}
END_TEST

START_TEST(nothing_is_seen_in_a_race_in_a_view)
{
	run_race(_i, "--scratch");
}
END_TEST

int main(void)
{
	static const TTest *tests[10];
	Suite *suite = suite_create("hide");
	TCase *tcase = tcase_create("hide");
	size_t count = 0;

	tests[count++] = without_a_rule_it_shows;
	tests[count++] = hidden_names;
	tests[count++] = listings_go_on_where_they_were;
	tests[count++] = honest_programs_go_on;
	tests[count++] = a_descriptor_that_was_given;
	tests[count++] = the_home_folder_but_for_the_script;
	tests[count++] = hidden_under_allow_all;
	tcase_add_checked_fixture(tcase, jail_setup, jail_teardown);
	tcase_set_timeout(tcase, 200);
	for (size_t i = 0; i < count; i++)
		tcase_add_test(tcase, tests[i]);
	tcase_add_loop_test(tcase, nothing_tells_what_is_there, 0, ARRAY_SIZE(ways));
	tcase_add_loop_test(tcase, nothing_is_seen_in_a_race, 0, ARRAY_SIZE(races));
	tcase_add_loop_test(tcase, nothing_is_seen_in_a_race_without_landlock, 0,
			    ARRAY_SIZE(races));
	tcase_add_loop_test(tcase, nothing_is_seen_in_a_race_in_a_view, 0, ARRAY_SIZE(races));
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
