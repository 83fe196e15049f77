/* SPDX-License-Identifier: Apache-2.0 */
/* test_scratch.c: --scratch, and pyjail diff, apply, discard. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/live.h"
#include "tests/support/suite.h"

static const char *const here = "import os\nos.chdir(os.path.dirname(os.path.abspath(__file__)))\n";

static void run(struct jail *jail, const char *option, const char *code)
{
	const char *const options[] = { option, NULL };
	char *whole = NULL;

	ck_assert_int_ge(asprintf(&whole, "%s%s", here, code), 0);
	live_script(jail, options, whole);
	free(whole);
}

/* A command on the layer; its exit status. */
static int command(struct jail *jail, const char *what, const char *layer, const char *path)
{
	const char *program = jail_program;

	jail_run_program(jail, program, NULL, 60,
			 (const char *const[]){ what, layer, path, NULL });
	return jail->status;
}

static void check_text(const char *name, const char *text)
{
	const char *is = jail_read_file(name);

	ck_assert_str_eq(is ? is : "(none)", text);
}

START_TEST(nothing_real_changes)
{
	struct jail jail;

	jail_write_file("a", "old");
	run(&jail, "--scratch",
	    "open('a', 'a').write('new'); print(open('a').read(), sorted(os.listdir('.'))[:1])\n"
	    "os.rename('a', 'b'); print(os.path.exists('a'), open('b').read())\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "oldnew ['a']\nFalse oldnew\n");
	check_text("a", "old");
	ck_assert_ptr_null(jail_read_file("b"));
	ck_assert_ptr_nonnull(strstr(jail.err, "2 changes"));
	ck_assert_uint_ge(jail_count(&jail, "openat", "scratch", jail_path("a")), 1);
	jail_free(&jail);
}
END_TEST

static const char changes[] =
	"open('a', 'a').write('new'); os.remove('b'); os.rename('d', 'e')\n"
	"open('n', 'w').write('n'); os.chmod('m', 0o600); os.symlink('a', 'l')\n";

static void begin(struct jail *jail)
{
	jail_write_file("a", "old\n");
	jail_write_file("b", "b");
	jail_write_file("m", "m");
	ck_assert_int_eq(mkdir(jail_path("d"), 0755), 0);
	jail_write_file("d/x", "x");
	run(jail, "--scratch=layer", changes);
	live_check_status(jail, 0);
	jail_free(jail);
}

START_TEST(changes_are_shown_and_applied)
{
	struct jail jail;
	struct stat st;

	begin(&jail);
	check_text("a", "old\n");
	ck_assert_int_eq(command(&jail, "diff", "layer", NULL), 0);
	ck_assert_ptr_nonnull(strstr(jail.out, "4 -> 7 bytes"));
	ck_assert_ptr_nonnull(strstr(jail.out, "\n old\n+new\n"));
	ck_assert_ptr_nonnull(strstr(jail.out, "deleted  "));
	ck_assert_ptr_nonnull(strstr(jail.out, "644 -> 600"));
	jail_free(&jail);
	ck_assert_int_eq(command(&jail, "apply", "layer", NULL), 0);
	jail_free(&jail);
	check_text("a", "old\nnew");
	check_text("n", "n");
	check_text("e/x", "x");
	check_text("b", "(none)");
	check_text("d/x", "(none)");
	ck_assert_int_eq(stat(jail_path("m"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	/* Again: there is nothing to do. */
	ck_assert_int_eq(command(&jail, "diff", "layer", NULL), 0);
	ck_assert_str_eq(jail.out, "");
	jail_free(&jail);
	ck_assert_int_eq(command(&jail, "discard", "layer", NULL), 0);
	ck_assert_int_lt(access(jail_path("layer"), F_OK), 0);
	jail_free(&jail);
}
END_TEST

/* To find the changes costs time, so it is done for whoever hears of them: here only a file. */
START_TEST(they_are_counted_for_a_result_file)
{
	struct jail jail;
	const char *result;

	jail_run(&jail, NULL, 60,
		 (const char *const[]){ "--quiet", "--scratch=layer", "--result=result", "-c",
					"open('a', 'w'); open('b', 'w')", NULL });
	ck_assert_int_eq(jail.status, 0);
	result = jail_read_file("result");
	ck_assert_ptr_nonnull(result);
	ck_assert_ptr_nonnull(strstr(result, "\"scratch\":{\"added\":2,\"changed\":0,"));
	jail_free(&jail);
}
END_TEST

START_TEST(a_conflict_stays_on_both_sides)
{
	struct jail jail;

	begin(&jail);
	jail_write_file("a", "somebody else's");
	jail_write_file("n", "somebody's");
	jail_write_file("d/y", "somebody's");
	ck_assert_int_eq(command(&jail, "apply", "layer", NULL), 1);
	ck_assert_ptr_nonnull(strstr(jail.err, "not the one that the script saw"));
	jail_free(&jail);
	check_text("a", "somebody else's");
	check_text("n", "somebody's");
	check_text("d/y", "somebody's");
	check_text("d/x", "x");
	check_text("e/x", "x");
	check_text("b", "(none)");
	ck_assert_int_eq(command(&jail, "diff", "layer", NULL), 0);
	ck_assert_ptr_nonnull(strstr(jail.out, "+old\n+new\n"));
	jail_free(&jail);
}
END_TEST

START_TEST(some_paths_only)
{
	struct jail jail;

	begin(&jail);
	ck_assert_int_eq(command(&jail, "apply", "layer", "e"), 0);
	jail_free(&jail);
	check_text("e/x", "x");
	check_text("d/x", "x");
	check_text("a", "old\n");
	ck_assert_int_eq(command(&jail, "apply", "layer", NULL), 0);
	jail_free(&jail);
	check_text("d/x", "(none)");
	check_text("a", "old\nnew");
}
END_TEST

START_TEST(a_layer_goes_on)
{
	struct jail jail;

	begin(&jail);
	run(&jail, "--scratch=layer",
	    "print(open('a').read(), sorted(os.listdir('.')), os.stat('m').st_mode & 0o777)\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "old\nnew ['a', 'e', 'l', 'layer', 'm', 'n', 'record.jsonl', "
				   "'s.py'] 384\n");
	jail_free(&jail);
}
END_TEST

START_TEST(a_killed_run_leaves_a_layer)
{
	struct jail jail;
	char first[128];
	pid_t pid;

	jail_write_file("a", "old");
	jail_write_file("keep", "keep");
	jail_write_file("s.py", "import os\n"
				"open('a', 'a').write('new'); print(os.listdir('.'))\n"
				"i = 0\n"
				"while True:\n"
				"    open(f'f{i}', 'w').write('x'); os.rename(f'f{i}', f'g{i}'); i += 1\n"
				"    os.rename('keep', 'kept'); os.rename('kept', 'keep')\n");
	pid = live_start(-1, -1, -1, (const char *const[]){ "--quiet", "--scratch=layer", "s.py", NULL });
	snprintf(first, sizeof(first), "layer/files%s/g0", jail_folder);
	live_wait_for_file(first, 20);
	live_sleep(0.3);
	kill(pid, SIGKILL);
	live_wait(pid, 10);
	ck_assert_int_eq(command(&jail, "apply", "layer", NULL), 0);
	ck_assert_ptr_nonnull(strstr(jail.out, "g0"));
	jail_free(&jail);
	check_text("a", "oldnew");
	check_text("g0", "x");
	if (jail_read_file("keep"))
		check_text("keep", "keep");
	else
		check_text("kept", "keep");
}
END_TEST

static const struct {
	const char *name, *text, *says;
} bad_layers[] = {
	{ "layer/something", "x", "it is not empty" },
	{ "layer/layer.json", "{\"pyjail-layer\": 2}\n", "another version" },
	{ "layer/layer.json", "{}", "no layer of pyjail" },
};

START_TEST(bad_layers_are_refused)
{
	struct jail jail;

	ck_assert_int_eq(mkdir(jail_path("layer"), 0700), 0);
	jail_write_file(bad_layers[_i].name, bad_layers[_i].text);
	run(&jail, "--scratch=layer", "print(1)\n");
	ck_assert_int_eq(jail.status, 125);
	ck_assert_msg(strstr(jail.err, bad_layers[_i].says) != NULL, "%s", jail.err);
	ck_assert_str_eq(jail.out, "");
	jail_free(&jail);
	check_text(bad_layers[_i].name, bad_layers[_i].text);
	ck_assert_int_eq(command(&jail, "discard", "layer", NULL), 2);
	jail_free(&jail);
	check_text(bad_layers[_i].name, bad_layers[_i].text);
}
END_TEST

START_TEST(a_damaged_index_is_refused)
{
	struct jail jail;

	begin(&jail);
	jail_write_file("layer/index", "nonsense");
	ck_assert_int_eq(command(&jail, "apply", "layer", NULL), 2);
	ck_assert_ptr_nonnull(strstr(jail.err, "damaged"));
	jail_free(&jail);
	check_text("a", "old\n");
}
END_TEST

START_TEST(rules_beside_it)
{
	struct jail jail;
	const char *const options[] = { "--policy=policy", NULL };
	char policy[512];

	snprintf(policy, sizeof(policy), "scratch write %s\nallow write %s/real\ndeny write %s/no\n",
		 jail_folder, jail_folder, jail_folder);
	jail_write_file("policy", policy);
	jail_write_file("no", "no");
	ck_assert_int_eq(mkdir(jail_path("real"), 0700), 0);
	live_script(&jail, options,
		    "import os\n"
		    "os.chdir(os.path.dirname(os.path.abspath(__file__)))\n"
		    "open('real/x', 'w').write('real'); open('y', 'w').write('layer')\n"
		    "print(os.listdir('real'), open('y').read())\n"
		    "for f in 'no', '/proc/self/comm', '/etc/hostname':\n"
		    "    try: open(f, 'a').write('x')\n"
		    "    except PermissionError: print('refused')\n"
		    "try: os.rename('y', 'real/y')\n"
		    "except OSError as e: print(e.errno)\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "['x'] layer\nrefused\nrefused\nrefused\n18\n");
	check_text("real/x", "real");
	check_text("y", "(none)");
	jail_free(&jail);
}
END_TEST

/* What no rule lets be read stays unread, whatever is done to it; and so does the layer. */
START_TEST(secrets_stay_secret)
{
	const char *const options[] = { "--scratch=layer", "--deny-read=secret,hidden", NULL };
	struct jail jail;

	jail_write_file("secret", "TOKEN");
	ck_assert_int_eq(mkdir(jail_path("hidden"), 0700), 0);
	jail_write_file("hidden/x", "TOKEN");
	live_script(&jail, options,
		    "import os, threading\n"
		    "os.chdir(os.path.dirname(os.path.abspath(__file__)))\n"
		    "def attempt(*calls):\n"
		    "    try:\n"
		    "        for c in calls: r = c()\n"
		    "        print('got', r)\n"
		    "    except OSError as e: print(type(e).__name__)\n"
		    "read = lambda p: lambda: open(p).read()\n"
		    "os.makedirs('own/deep')\n"
		    "attempt(lambda: os.rename('secret', 'own/s'), read('own/s'))\n"
		    "attempt(lambda: os.link('secret', 'own/t'), read('own/t'))\n"
		    "attempt(lambda: os.rename('hidden', 'own/h'), read('own/h/x'))\n"
		    "attempt(lambda: os.rename('hidden/x', 'own/x'), read('own/x'))\n"
		    "attempt(lambda: open('secret', 'a').close(), read('secret'))\n"
		    "attempt(lambda: os.rename('own', '/var/tmp/own'), read('/var/tmp/own/s'))\n"
		    "attempt(lambda: os.symlink('secret', 'own/l'), read('own/l'))\n"
		    "attempt(read('layer/files' + os.getcwd() + '/secret'))\n"
		    "attempt(lambda: os.listdir('layer'))\n"
		    "attempt(lambda: open('layer/index', 'w').write('x'))\n"
		    "stop = False\n"
		    "def swap():\n"
		    "    while not stop:\n"
		    "        for a, b in ('secret', 'own/r'), ('own/r', 'secret'):\n"
		    "            try: os.rename(a, b)\n"
		    "            except OSError: pass\n"
		    "        try: open('own/r', 'w').close(); os.rename('hidden/x', 'own/r')\n"
		    "        except OSError: pass\n"
		    "t = threading.Thread(target=swap); t.start()\n"
		    "for i in range(400):\n"
		    "    try:\n"
		    "        r = open('own/r', 'r+').read()\n"
		    "        if r: print('got', r)\n"
		    "    except OSError: pass\n"
		    "stop = True; t.join()\n");
	live_check_status(&jail, 0);
	ck_assert_msg(!strstr(jail.out, "TOKEN") && !strstr(jail.out, "got"), "%s", jail.out);
	jail_free(&jail);
}
END_TEST

static void make_world(const char *name, unsigned seed)
{
	char text[2048];

	snprintf(text, sizeof(text),
		 "set -e; umask 022; mkdir %s%02u; cd %s%02u; mkdir -p a/a a/b b/c c\n"
		 "for f in a/c a/a/a a/a/b b/a b/c/a d a/d; do echo $f > $f; done\n"
		 "chmod 600 b/a; ln -s a/a l; ln -s b a/l; ln -s nowhere b/b\n"
		 "find . -exec touch -h -d @1000000000 {} +\n", name, seed, name, seed);
	jail_write_file("make.sh", text);
	snprintf(text, sizeof(text), "cd %s && sh make.sh", jail_folder);
	ck_assert_int_eq(system(text), 0);
}

static void run_world(struct jail *jail, const char *name, unsigned seed, bool inside)
{
	const char *programs = getenv("PYJAIL_PROGRAMS");
	char script[256], number[16], root[256], allow[256];
	const char *words[] = { "--quiet", "--scratch=layer", allow, script, number, root, "250",
				NULL };

	snprintf(script, sizeof(script), "%s/world.py", programs ? programs : "tests/live/programs");
	snprintf(allow, sizeof(allow), "--allow-read=%s", jail_folder);
	snprintf(number, sizeof(number), "%u", seed);
	snprintf(root, sizeof(root), "%s/%s%02u", jail_folder, name, seed);
	if (inside)
		jail_run(jail, NULL, 60, words);
	else
		jail_run_program(jail, "/usr/bin/python3", NULL, 60, words + 3);
}

static bool are_same(const char *a, const char *b, unsigned seed)
{
	char text[1024];

	/* Names, types, modes, contents, links: what apply promises. */
	snprintf(text, sizeof(text),
		 "cd %s; for w in %s %s; do (cd ${w}%02u; find . -printf '%%p %%y %%m %%l\\n' | sort |"
		 " sed 's|/[bvw]\\([0-9][0-9]\\)|/w\\1|';"
		 " find . -type f -size -9000c | sort | xargs -r md5sum) > list.$w; done;"
		 " cmp list.%s list.%s", jail_folder, a, b, seed, a, b);
	return system(text) == 0;
}

START_TEST(it_is_like_the_real_one)
{
	static struct jail bare, view;

	/* The script has none of root's rights, a bare one all of them. */
	if (geteuid() == 0)
		jail_skip("as root a bare run may do more");
	for (unsigned seed = 1; seed <= 20; seed++) {
		make_world("b", seed);
		make_world("v", seed);
		make_world("w", seed);
		run_world(&bare, "b", seed, false);
		run_world(&view, "v", seed, true);
		ck_assert_msg(strlen(bare.out) > 1000 && strcmp(bare.out, view.out) == 0,
			      "seed %u: %s", seed, view.err);
		ck_assert_msg(are_same("v", "w", seed), "seed %u: the real folder changed", seed);
		jail_free(&view);
		command(&view, "apply", "layer", NULL);
		ck_assert_msg(view.status == 0, "seed %u: %s", seed, view.err);
		ck_assert_msg(are_same("b", "v", seed), "seed %u: applied", seed);
		jail_free(&bare);
		jail_free(&view);
		command(&view, "discard", "layer", NULL);
		jail_free(&view);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scratch");
	TCase *tcase = tcase_create("scratch");

	tcase_add_checked_fixture(tcase, jail_setup, jail_teardown);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, nothing_real_changes);
	tcase_add_test(tcase, changes_are_shown_and_applied);
	tcase_add_test(tcase, they_are_counted_for_a_result_file);
	tcase_add_test(tcase, a_conflict_stays_on_both_sides);
	tcase_add_test(tcase, some_paths_only);
	tcase_add_test(tcase, a_layer_goes_on);
	tcase_add_test(tcase, a_killed_run_leaves_a_layer);
	tcase_add_loop_test(tcase, bad_layers_are_refused, 0, 3);
	tcase_add_test(tcase, a_damaged_index_is_refused);
	tcase_add_test(tcase, rules_beside_it);
	tcase_add_test(tcase, secrets_stay_secret);
	tcase_add_test(tcase, it_is_like_the_real_one);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
