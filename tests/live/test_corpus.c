/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_corpus.c: the runner of the corpus tells what it must: contained, escaped, mismatch, skip;
 * and leaves nothing.  A runner that finds no escape where there is one would make every script of
 * the corpus pass.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/live.h"
#include "tests/support/suite.h"
#include "tracer/confine.h"

#define FIRST "# SPDX-License-Identifier: Apache-2.0\n# tries: something\n"
#define ATTEMPT(lines) "try:\n" lines "except OSError:\n    pass\n"
#define WRITE ATTEMPT("    open('@CANARY@/file', 'w').write('x')\n")
#define CHMOD "import os\n" ATTEMPT("    os.chmod('@CANARY@/file', 0o777)\n")
#define PRINT ATTEMPT("    print(open('@CANARY@/secret').read())\n")
#define CONNECT "import socket\n" \
		ATTEMPT("    socket.create_connection(('127.0.0.1', int('@TCP@')))\n")
#define LISTEN "import socket, time\n" \
	       ATTEMPT("    s = socket.create_server(('127.0.0.1', int('@PORT@')))\n" \
		       "    time.sleep(0.5)\n")

static struct jail run;

static const char *wall2_program(void)
{
	const char *named = getenv("PYJAIL_WALL2");
	static char path[4096];

	if (named)
		return named;
	snprintf(path, sizeof(path), "%s-wall2", jail_program);
	return path;
}

/* `pyjail corpus` on `script` as KIND/s.py below the folder of the test. */
static void corpus(const char *program, const char *kind, const char *script,
		   const char *const options[])
{
	const char *words[16] = { "corpus", "--python=/usr/bin/python3" };
	char name[64];
	size_t count = 2;

	mkdir(jail_path(kind), 0755);
	snprintf(name, sizeof(name), "%s/s.py", kind);
	jail_write_file(name, script);
	for (; options && *options; options++)
		words[count++] = *options;
	words[count++] = jail_path(name);
	setenv("TMPDIR", jail_folder, 1);
	jail_run_program(&run, program, NULL, 120, words);
	printf("%s%s", run.out, run.err);
}

static void check_line(int status, const char *line)
{
	ck_assert_msg(run.status == status, "status %d\n%s%s", run.status, run.out, run.err);
	ck_assert_msg(strstr(run.out, line) != NULL, "no \"%s\" in:\n%s", line, run.out);
	jail_free(&run);
}

START_TEST(contained)
{
	corpus(jail_program, "files",
	       FIRST "# proof: changed\n# expect: openat write deny EACCES @CANARY@/file\n" WRITE,
	       NULL);
	ck_assert_ptr_nonnull(strstr(run.out, "1 proved, 0 not run, 0 failed"));
	check_line(0, "1 passed, 0 failed, 0 skipped");
}
END_TEST

/* What the options allow happens in the jail as it does outside: the runner must see it. */
static const struct {
	const char *proof, *options, *body, *says;
} escapes[] = {
	{ "changed", "--allow-read=@CANARY@ --allow-write=@CANARY@", WRITE, "changed: canary/file" },
	{ "changed", "--allow-read=@CANARY@ --allow-write=@CANARY@", CHMOD, "changed: canary/file" },
	{ "changed", "--allow-read=@CANARY@ --allow-write=@CANARY@",
	  "open('@CANARY@/new', 'w')\n", "changed: canary" },
	{ "changed", "--allow-read=@CANARY@ --allow-write=@CANARY@",
	  "import os\nos.utime('@CANARY@/folder/sub/deep', (1, 1))\n",
	  "changed: canary/folder/sub/deep" },
	{ "printed", "--allow-read=@CANARY@", PRINT, "printed: the token came out" },
	{ "printed", "--allow-read=@CANARY@,@WORK@ --allow-write=@WORK@",
	  "import shutil\nshutil.copy('@CANARY@/secret', '@WORK@')\n",
	  "printed: the token is in the work folder" },
	{ "connected", "--allow-net", CONNECT, "connected: a TCP connection arrived" },
	{ "listening", "--allow-net", LISTEN, "listening: its port accepts connections" },
	{ "changed printed", "--allow-read=@CANARY@", PRINT, "printed: the token came out" },
};

START_TEST(escaped)
{
	char script[2048];

	snprintf(script, sizeof(script), FIRST "# proof: %s\n# options: %s\n%s",
		 escapes[_i].proof, escapes[_i].options, escapes[_i].body);
	corpus(jail_program, "files", script, NULL);
	ck_assert_ptr_nonnull(strstr(run.out, "0 contained, 1 escaped, 0 mismatches"));
	check_line(1, escapes[_i].says);
}
END_TEST

/* A limit that ends nothing is an escape, too. */
START_TEST(exceeded)
{
#define HOG(limit) FIRST "# proof: exceeded\n# options: --memory=" limit "\n" \
	"# status: limit memory\n# control: bounded\n" \
	"import time\nheld = bytearray(b'x' * (200 << 20))\ntime.sleep(0.3)\n"

	corpus(jail_program, "resources", HOG("64M"), NULL);
	check_line(0, "1 passed, 0 failed, 0 skipped");
	/* The control never comes so far, the jail does not mind. */
	corpus(jail_program, "resources", HOG("2G"), NULL);
	ck_assert_ptr_nonnull(strstr(run.out, "control      MISMATCH"));
	check_line(1, "exceeded: the limit on memory did not end it");
}
END_TEST

static const struct {
	const char *kind, *text, *says;
} mismatches[] = {
	{ "files", FIRST "# proof: changed\n# expect: unlink delete deny EACCES\n" WRITE,
	  "the record has no  unlink delete deny EACCES" },
	{ "files", FIRST "# proof: changed\n# expect: openat write deny EPERM @CANARY@/file\n" WRITE,
	  "the record has no  openat write deny EPERM /" },
	{ "files", FIRST "# proof: changed\n# expect: none\n" WRITE, "expected no refusal, there is" },
	{ "files", FIRST "# proof: changed\n# status: 3\n" WRITE,
	  "exit status 0, expected exit status 3" },
	{ "files", FIRST "# proof: changed\nopen('@CANARY@/file', 'w').write('x')\n",
	  "exit status 1, expected exit status 0; PermissionError" },
	{ "files", FIRST "# proof: changed\n", "the control shows no success: proves nothing" },
	{ "files", FIRST "# proof: printed\n# expect: openat write deny\n" WRITE,
	  "the control shows no success: proves nothing" },
	{ "tracer", FIRST "# proof: tracer\n# status: signal TERM\n", "expected SIGTERM" },
	{ "ordinary", FIRST WRITE, "expected no refusal, there is: openat write deny EACCES" },
	{ "ordinary", FIRST "1 / 0\n", "it does not work without the jail either" },
	/* What works outside and says inside that it cannot is no skip. */
	{ "files", FIRST "# proof: changed\n"
	  "try:\n    open('@CANARY@/file', 'w').write('x')\n"
	  "except OSError:\n    import sys\n    print('skip: no', file=sys.stderr)\n"
	  "    sys.exit(77)\n", "exit status 77, expected exit status 0; skip: no" },
};

START_TEST(mismatch)
{
#ifdef __SANITIZE_ADDRESS__
	/* The runner gives its children an environment of its own: nobody tells it to stop. */
	if (!strcmp(mismatches[_i].kind, "tracer")) {
		printf("skip: LeakSanitizer traces what ends, as such a script would\n");
		return;
	}
#endif
	corpus(jail_program, mismatches[_i].kind, mismatches[_i].text, NULL);
	ck_assert_ptr_nonnull(strstr(run.out, "MISMATCH"));
	ck_assert_ptr_null(strstr(run.out, "ESCAPED"));
	check_line(1, mismatches[_i].says);
}
END_TEST

START_TEST(skipped)
{
	corpus(jail_program, "files", FIRST "# proof: changed\n# needs: python>=9.0\n" WRITE, NULL);
	ck_assert_ptr_nonnull(strstr(run.out, "skipped: needs python>=9.0"));
	check_line(0, "0 passed, 0 failed, 1 skipped");
	corpus(jail_program, "files",
	       FIRST "# proof: changed\nimport sys\nprint('skip: \x1b[2Jno', file=sys.stderr)\n"
		     "sys.exit(77)\n", NULL);
	ck_assert_ptr_nonnull(strstr(run.out, "skipped: \\x1b[2Jno"));
	check_line(0, "0 passed, 0 failed, 1 skipped");
}
END_TEST

START_TEST(wall_2_alone)
{
	const char *const both[] = { "--wall=both,2", NULL };

	if (landlock_abi() < 1)
		jail_skip("no Landlock");
	corpus(jail_program, "files", FIRST "# proof: changed\n" WRITE, both);
	check_line(0, "2 passed, 0 failed, 0 skipped");
	corpus(jail_program, "files", FIRST "# proof: changed\n" CHMOD, both);
	ck_assert_ptr_nonnull(strstr(run.out, "wall 2 alone ESCAPED: changed: canary/file"));
	check_line(1, "1 passed, 1 failed, 0 skipped");
	corpus(jail_program, "files", FIRST "# proof: changed\n# wall2: no: modes\n" CHMOD, both);
	ck_assert_ptr_nonnull(strstr(run.out, "1 not held, as stated; 0 held anyway"));
	check_line(0, "1 passed, 0 failed, 0 skipped");
	corpus(jail_program, "files", FIRST "# proof: changed\n# wall2: no: so I think\n" WRITE, both);
	ck_assert_ptr_nonnull(strstr(run.out, "0 not held, as stated; 1 held anyway"));
	check_line(0, "2 passed, 0 failed, 0 skipped");
}
END_TEST

/* A jail whose wall 1 is not there, taken for a whole one. */
START_TEST(broken_jail)
{
	corpus(wall2_program(), "files",
	       FIRST "# proof: changed\n# expect: chmod write deny EACCES\n" CHMOD, NULL);
	check_line(1, "both walls   ESCAPED: changed: canary/file");
}
END_TEST

START_TEST(broken_header)
{
	char place[128];

	corpus(jail_program, "files", FIRST "# prof: changed\n" WRITE, NULL);
	snprintf(place, sizeof(place), "files/s.py:3:1: prof: no such key");
	ck_assert_int_eq(run.status, 2);
	ck_assert_msg(strstr(run.err, place) != NULL, "%s", run.err);
	ck_assert_str_eq(run.out, "");
	corpus(jail_program, "files", FIRST "# proof: changed\n\nx = '@CANARI@'\n", NULL);
	ck_assert_int_eq(run.status, 2);
	ck_assert_ptr_nonnull(strstr(run.err, "files/s.py:5:6: @CANARI@: no such placeholder"));
	jail_free(&run);
}
END_TEST

START_TEST(json)
{
	const char *const options[] = { "--json", "--no-landlock", NULL };
	json_t *item, *summary;
	char *end;

	corpus(jail_program, "files", FIRST "# proof: changed\n" WRITE, options);
	ck_assert_int_eq(run.status, 0);
	end = strchr(run.out, '\n');
	ck_assert_ptr_nonnull(end);
	*end = '\0';
	item = json_loads(run.out, 0, NULL);
	summary = json_loads(end + 1, 0, NULL);
	ck_assert_str_eq(json_string_value(json_object_get(item, "outcome")), "contained");
	ck_assert_uint_eq(json_array_size(json_object_get(item, "runs")), 2);
	ck_assert_str_eq(json_string_value(json_object_get(summary, "type")), "summary");
	ck_assert_int_eq(json_integer_value(json_object_get(
				 json_object_get(json_object_get(summary, "walls"), "1"),
				 "contained")), 1);
	json_decref(item);
	json_decref(summary);
	jail_free(&run);
}
END_TEST

/* The subclass walk: escapes where no builtins are, cannot be said where a name is missing. */
START_TEST(compared)
{
	const char *sandboxes = getenv("PYJAIL_SANDBOXES");
	const char *const options[] = { "--compare", NULL };
	char whole[4096];

	if (!realpath(sandboxes ? sandboxes : "corpus/sandboxes", whole))
		ck_abort_msg("no sandboxes");
	ck_assert_int_eq(symlink(whole, jail_path("sandboxes")), 0);
	corpus(jail_program, "language",
	       FIRST "# proof: changed\n# for: exec\n"
		     "for c in ().__class__.__base__.__subclasses__():\n"
		     "    if c.__name__ == '_wrap_close':\n"
		     "        scope = c.__init__.__globals__['__builtins__']\n"
		     "try:\n"
		     "    scope['open']('@CANARY@/file', 'w').write('x')\n"
		     "except:\n"
		     "    pass\n", options);
	ck_assert_ptr_nonnull(strstr(run.out, "contained        contained        escaped *"));
	check_line(0, "  contained\n");
	corpus(jail_program, "language", FIRST "# proof: changed\n" WRITE, options);
	check_line(0, "contained        contained        cannot express");
}
END_TEST

static unsigned count_entries(const char *path)
{
	DIR *folder = opendir(path);
	unsigned count = 0;

	while (folder && readdir(folder))
		count++;
	if (folder)
		closedir(folder);
	return count;
}

static pid_t start(const char *script)
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		if (chdir(jail_folder) == 0)
			execl(jail_program, jail_program, "corpus", "--python=/usr/bin/python3",
			      script, NULL);
		_exit(98);
	}
	return pid;
}

static const int interrupts[] = { SIGINT, SIGTERM };

START_TEST(interrupted)
{
	unsigned before;
	int status;
	pid_t pid;

	jail_write_file("s.py", FIRST "# proof: survivor\n"
				"import os, time\n"
				"if os.fork() == 0:\n"
				"    os.setsid()\n"
				"open('@BASE@/../../started', 'w')\n"
				"time.sleep(30)\n");
	before = count_entries(jail_folder);
	setenv("TMPDIR", jail_folder, 1);
	pid = start("s.py");
	live_wait_for_file("started", 20);
	kill(pid, interrupts[_i]);
	status = live_wait(pid, 10);
	if (interrupts[_i] == SIGINT)
		ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
	else
		ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 128 + SIGTERM);
	live_check_nothing_left(0.5);
	/* "started" came, the runner's folder went. */
	ck_assert_uint_eq(count_entries(jail_folder), before + 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("corpus");
	TCase *tcase = tcase_create("runner");

	tcase_add_checked_fixture(tcase, jail_setup, jail_teardown);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, contained);
	tcase_add_loop_test(tcase, escaped, 0, ARRAY_SIZE(escapes));
	tcase_add_test(tcase, exceeded);
	tcase_add_loop_test(tcase, mismatch, 0, ARRAY_SIZE(mismatches));
	tcase_add_test(tcase, skipped);
	tcase_add_test(tcase, wall_2_alone);
	tcase_add_test(tcase, broken_jail);
	tcase_add_test(tcase, broken_header);
	tcase_add_test(tcase, json);
	tcase_add_test(tcase, compared);
	tcase_add_loop_test(tcase, interrupted, 0, ARRAY_SIZE(interrupts));
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
