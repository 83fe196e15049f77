/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_stacks.c: with every CPython that is found, the recorded stacks are those that the script
 * itself sees at the same call, frame by frame.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/live.h"
#include "tests/support/pythons.h"
#include "tests/support/stacks.h"
#include "tests/support/suite.h"

#define LOOPS "30"               /* unless STACKS_LOOPS says more */
#define PATIENCE_S 90

static struct python pythons[PYTHONS_MAX];
static size_t python_count;

struct mode {
	const char *stack, *landlock;
};

/* The last two only with the first interpreter. */
static const struct mode modes[] = {
	{ "--stack=python", "--landlock-abi=99" }, { "--stack=native", "--no-landlock" },
	{ "--stack=python", "--no-landlock" }, { "--stack=native", "--landlock-abi=99" },
};

#define MODES_OF_EACH 2
#define MODES_MORE 2

/*
 * After a fork both sides make a code object with one address and one co_version, and yet they are
 * two: the path says which file and line are right.
 */
#define BOTH_SIDES \
	"import os\n" \
	"def attempt(name, lines):\n" \
	"    scope = dict(os=os)\n" \
	"    text = 'def f(p):\\n' + '    p=p\\n' * lines + '    os.open(p, 0)\\n'\n" \
	"    exec(compile(text, name + '.py', 'exec'), scope)\n" \
	"    try: scope['f']('/pyjail-stack/%s.py:%d' % (name, lines + 2))\n" \
	"    except OSError: pass\n" \
	"names = ['childs', 'parent']\n" \
	"r, w = os.pipe()\n" \
	"for i in range(20):\n" \
	"    pid = os.fork()\n" \
	"    name = names[pid != 0]\n" \
	"    if pid: os.read(r, 1)\n" \
	"    attempt(name, 2 if name == 'childs' else 1)\n" \
	"    if not pid: os.write(w, b'x'); os._exit(0)\n" \
	"    os.waitpid(pid, 0)\n"

static void copy_script(void)
{
	const char *folder = getenv("PYJAIL_PROGRAMS");
	char command[3 * PATH_MAX];

	/* Beside the checkout's programs, when run from there. */
	snprintf(command, sizeof(command), "cp '%s/stacks.py' '%s'",
		 folder ? folder : "tests/live/programs", jail_folder);
	ck_assert_int_eq(system(command), 0);
}

/* Output and record are too large for struct jail: they go to files. */
static void run(const struct python *python, const struct mode *mode)
{
	char with[PATH_MAX + 16], read[PATH_MAX + 16], exec[PATH_MAX + 16];
	const char *words[] = { with, mode->stack, mode->landlock, "--quiet",
				"--allow-env=STACKS_LOOPS,LD_LIBRARY_PATH", "--allow-read=lib",
				"--record=record.jsonl", NULL, NULL, NULL, NULL };
	size_t n = 7;
	int out = open(jail_path("said"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	int err = open(jail_path("err"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	int status;

	snprintf(with, sizeof(with), "--python=%s", python->path);
	snprintf(read, sizeof(read), "--allow-read=%s", python->prefix);
	snprintf(exec, sizeof(exec), "--allow-exec=%s", python->prefix);
	if (python->is_named) {
		words[n++] = read;
		words[n++] = exec;
	}
	words[n] = "stacks.py";
	setenv("STACKS_LOOPS", LOOPS, 0);
	status = live_wait(live_start(-1, out, err, words), PATIENCE_S);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s: 0x%x %s",
		      python->version, (unsigned)status, jail_read_file("err"));
	close(out);
	close(err);
}

START_TEST(the_script_sees_the_same)
{
	size_t extra = MODES_OF_EACH * python_count, i = (size_t)_i;
	const struct python *python = &pythons[i < extra ? i / MODES_OF_EACH : 0];
	const struct mode *mode = &modes[i < extra ? i % MODES_OF_EACH : i - extra + MODES_OF_EACH];
	bool is_native = strstr(mode->stack, "native") != NULL;
	struct stacks_count count;
	json_t *record;

	copy_script();
	run(python, mode);
	record = stacks_load_record(jail_path("record.jsonl"));
	count = stacks_compare(jail_path("said"), record, python->version);
	ck_assert_uint_gt(count.compared, 150);
	ck_assert_uint_gt(count.frames, 2000);
	if (is_native) {
		ck_assert_uint_gt(count.native, 6 * count.compared);
		stacks_check_placed(record, python->minor < 11, python->version);
	}
	json_decref(record);
	printf("%s %s %s: %zu stacks, %zu frames, %zu C frames\n", python->version, mode->stack,
	       mode->landlock, count.compared, count.frames, count.native);
}
END_TEST

START_TEST(both_sides_of_a_fork)
{
	const struct python *python = &pythons[_i];
	const json_t *event;
	json_t *record;
	size_t i;

	jail_write_file("stacks.py", BOTH_SIDES);
	run(python, &modes[0]);
	record = stacks_load_record(jail_path("record.jsonl"));
	ck_assert_uint_eq(json_array_size(record), 40);
	json_array_foreach(record, i, event) {
		const char *path = json_string_value(json_object_get(event, "path"));
		size_t size = strlen(path) - strlen("/pyjail-stack/");

		ck_assert_msg(strncmp(stacks_text(event), path + strlen("/pyjail-stack/"),
				      size) == 0, "%s, %s:\n%s", python->version, path,
			      stacks_text(event));
	}
	json_decref(record);
}
END_TEST

/* A shared libpython without its symbol table: the dynamic one is enough. */
START_TEST(a_stripped_library)
{
	const struct python *python = NULL;
	char command[3 * PATH_MAX], name[PATH_MAX + 64];
	json_t *record;

	for (size_t i = 0; i < python_count && !python; i++) {
		snprintf(name, sizeof(name), "%s/lib/libpython3.%u.so.1.0", pythons[i].prefix,
			 pythons[i].minor);
		if (access(name, R_OK) == 0 && !pythons[i].is_named)
			python = &pythons[i];
	}
	snprintf(command, sizeof(command), "mkdir '%s' && strip -o '%s/libpython3.%u.so.1.0' '%s'",
		 jail_path("lib"), jail_path("lib"), python ? python->minor : 0, name);
	if (!python || system(command) != 0)
		jail_skip("no shared libpython, or no strip");
	copy_script();
	setenv("LD_LIBRARY_PATH", jail_path("lib"), 1);
	run(python, &modes[1]);
	unsetenv("LD_LIBRARY_PATH");
	record = stacks_load_record(jail_path("record.jsonl"));
	ck_assert_uint_gt(stacks_compare(jail_path("said"), record, python->version).compared, 150);
	stacks_check_placed(record, python->minor < 11, python->version);
	/* It is that one which ran. */
	snprintf(command, sizeof(command), "grep -q '%s/lib/libpython' '%s'", jail_folder,
		 jail_path("record.jsonl"));
	ck_assert_int_eq(system(command), 0);
	json_decref(record);
}
END_TEST

/* The first stack that is asked for is deeper than any bound: its innermost part is there. */
#define DEEP \
	"import os, sys, threading\n" \
	"sys.setrecursionlimit(20000)\n" \
	"threading.stack_size(512 << 20)\n" \
	"def recurse(n):\n" \
	"    if n: return recurse(n - 1)\n" \
	"    try: os.open('/pyjail-stack/deep', 0)\n" \
	"    except OSError: pass\n" \
	"t = threading.Thread(target=recurse, args=[6000]); t.start(); t.join()\n"

START_TEST(deeper_than_any_bound)
{
	const struct python *python = &pythons[_i];
	const json_t *event, *frames;
	json_t *record;

	jail_write_file("stacks.py", DEEP);
	run(python, &modes[0]);
	record = stacks_load_record(jail_path("record.jsonl"));
	event = json_array_get(record, 0);
	frames = json_object_get(event, "python");
	ck_assert_uint_eq(json_array_size(record), 1);
	ck_assert_msg(json_array_size(frames) == 2 && strstr(stacks_text(event), ":6 recurse\n") &&
		      strstr(stacks_text(event), ":5 recurse x 2047\n"), "%s:\n%s",
		      python->version, stacks_text(event));
	ck_assert(json_is_true(json_object_get(event, "truncated")));
	json_decref(record);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("stacks");
	TCase *tcase = tcase_create("every CPython");

	python_count = pythons_find(pythons);
	pythons_say_missing(pythons, python_count);
	tcase_add_checked_fixture(tcase, jail_setup, jail_teardown);
	tcase_set_timeout(tcase, 100);
	tcase_add_loop_test(tcase, the_script_sees_the_same, 0,
			    (int)(python_count * MODES_OF_EACH + MODES_MORE));
	tcase_add_test(tcase, a_stripped_library);
	tcase_add_loop_test(tcase, both_sides_of_a_fork, 0, (int)python_count);
	tcase_add_loop_test(tcase, deeper_than_any_bound, 0, (int)python_count);
	suite_add_tcase(suite, tcase);
	return suite_run(suite) || !python_count ? EXIT_FAILURE : EXIT_SUCCESS;
}
