/* SPDX-License-Identifier: Apache-2.0 */
/* test_stacks_where.c: whose line a refusal names, however the code came to run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/live.h"
#include "tests/support/stacks.h"

#define TARGET "/etc/pyjail-stack"
#define TRY "def tried(p):\n    try: open(p, 'w')\n    except OSError: pass\n"

/* The first event with that verdict about TARGET or what begins so; the test fails without one. */
static const json_t *event_about(const struct jail *jail, const char *path, const char *verdict)
{
	const json_t *event;
	size_t i;

	json_array_foreach(jail->record, i, event) {
		const char *at = json_string_value(json_object_get(event, "path"));
		const char *is = json_string_value(json_object_get(event, "verdict"));

		if (at && is && !strncmp(at, path, strlen(path)) && !strcmp(is, verdict))
			return event;
	}
	ck_abort_msg("no %s of %s: %s", verdict, path, jail->err);
	return NULL;
}

static const json_t *refusal(const struct jail *jail)
{
	return event_about(jail, TARGET, "deny");
}

static void check_says(const struct jail *jail, const char *text)
{
	ck_assert_msg(strstr(jail->err, text) != NULL, "not \"%s\" in: %s", text, jail->err);
}

static unsigned count(const char *text, const char *part)
{
	unsigned n = 0;

	while ((text = strstr(text, part))) {
		text += strlen(part);
		n++;
	}
	return n;
}

/* The frame that is marked, "file:line function"; NULL: none is. */
static const char *users_frame(const json_t *event)
{
	static char text[1024];
	const json_t *frame;
	size_t i;

	json_array_foreach(json_object_get(event, "python"), i, frame) {
		if (!json_is_true(json_object_get(frame, "user")))
			continue;
		snprintf(text, sizeof(text), "%s:%d %s",
			 json_string_value(json_object_get(frame, "file")),
			 (int)json_integer_value(json_object_get(frame, "line")),
			 json_string_value(json_object_get(frame, "function")));
		return text;
	}
	return NULL;
}

static const char *where_of(const json_t *event)
{
	const char *where = json_string_value(json_object_get(event, "where"));

	return where ? where : "";
}

START_TEST(on_the_command_line)
{
	struct jail jail;

	jail_code(&jail, NULL, TRY "\ndef save():\n    tried('" TARGET "')\nsave()\n");
	check_says(&jail, "        at <string>:2 in tried()\n");
	ck_assert_str_eq(stacks_text(refusal(&jail)),
			 "<string>:2 tried\n<string>:6 save\n<string>:7 <module>\n");
	ck_assert_str_eq(users_frame(refusal(&jail)), "<string>:2 tried");
	jail_free(&jail);
	jail_code(&jail, NULL, "open('" TARGET "', 'w')");
	check_says(&jail, "        at <string>:1\n");
	ck_assert_int_eq(jail.status, 1);
	jail_free(&jail);
}
END_TEST

/* As it was called, and by its full name: said as from here, with its line. */
START_TEST(a_script)
{
	const char *const names[] = { "s.py", jail_path("s.py") };

	jail_write_file("s.py", "def save():\n    open('" TARGET "', 'w')\nsave()\n");
	for (size_t i = 0; i < 2; i++) {
		struct jail jail;

		jail_run(&jail, NULL, 60, (const char *const[]){ "--record=record.jsonl", names[i],
								 NULL });
		check_says(&jail, "        at s.py:2 in save()         open('" TARGET "', 'w')\n");
		ck_assert_int_eq(strncmp(where_of(refusal(&jail)), "/", 1), 0);
		jail_free(&jail);
	}
}
END_TEST

/* Said for each line and path, not for each time. */
START_TEST(once_for_each_line)
{
	struct jail jail;

	live_script(&jail, NULL, TRY
		    "for i in range(5): tried('" TARGET "')\n"
		    "for i in range(5): tried('" TARGET "2')\n"
		    "for i in range(5):\n"
		    "    try: open('" TARGET "', 'w')\n"
		    "    except OSError: pass\n");
	ck_assert_uint_eq(count(jail.err, "pyjail: denied"), 3);
	ck_assert_uint_eq(count(jail.err, "at s.py:2 in tried()"), 2);
	ck_assert_uint_eq(count(jail.err, "at s.py:7   "), 1);
	ck_assert_int_eq(jail_denied(&jail), 15);
	jail_free(&jail);
}
END_TEST

/* Three calls deep in a library: the user's own line comes first. */
static void check_library(const char *module, const char *call)
{
	char code[512];
	struct jail jail;

	snprintf(code, sizeof(code), "try: import %s as m\n"
		 "except ImportError: print('missing'); raise SystemExit\n"
		 "def save():\n    %s\ndef main():\n    save()\n"
		 "try: main()\nexcept OSError: pass\n", module, call);
	live_script(&jail, NULL, code);
	if (strstr(jail.out, "missing"))
		jail_skip("%s is not installed", module);
	check_says(&jail, "        at s.py:4 in save()  ");
	check_says(&jail, call);
	ck_assert_ptr_nonnull(strstr(users_frame(refusal(&jail)), "/s.py:4 save"));
	ck_assert_uint_ge(json_array_size(json_object_get(refusal(&jail), "python")), 4);
	ck_assert_ptr_null(json_object_get(json_array_get(json_object_get(refusal(&jail), "python"),
							  0), "user"));
	jail_free(&jail);
}

START_TEST(below_pandas)
{
	check_library("pandas", "m.DataFrame({'a': [1]}).to_csv('" TARGET "')");
}
END_TEST

START_TEST(below_numpy)
{
	check_library("numpy", "m.savetxt('" TARGET "', m.eye(2))");
}
END_TEST

START_TEST(below_the_standard_library)
{
	check_library("shutil", "m.copyfile('/etc/hostname', '" TARGET "')");
}
END_TEST

/* The child shares its parent's memory until exec: the line is the parent's. */
START_TEST(spawned_children)
{
	struct jail jail;
	const json_t *event;

	live_script(&jail, (const char *const[]){ "--allow-exec=/usr/bin/true", NULL },
		    "import os, subprocess\n"
		    "def vforks():\n    subprocess.run(['/usr/bin/true'], close_fds=False)\n"
		    "def spawns():\n    os.waitpid(os.posix_spawn('/usr/bin/true', ['t'], {}), 0)\n"
		    "def refused():\n"
		    "    try: os.posix_spawn('/usr/bin/false', ['f'], {})\n"
		    "    except OSError: pass\n"
		    "vforks()\nspawns()\nrefused()\n");
	live_check_status(&jail, 0);
	check_says(&jail, "        at s.py:7 in refused()  ");
	event = event_about(&jail, "/usr/bin/false", "deny");
	ck_assert_ptr_nonnull(strstr(users_frame(event), "/s.py:7 refused"));
	event = event_about(&jail, "/usr/bin/true", "allow");
	ck_assert_ptr_nonnull(strstr(users_frame(event), "/s.py:3 vforks"));
	jail_free(&jail);
}
END_TEST

/* What the new program does is not blamed on the old one's lines. */
START_TEST(another_python_starts_anew)
{
	struct jail jail;

	live_script(&jail, (const char *const[]){ "--allow-exec=/usr/bin/python3", NULL },
		    "import os, sys\n"
		    "def become():\n"
		    "    os.execv(sys.executable, ['python3', '-c', '''\n"
		    "def other():\n"
		    "    open(\"" TARGET "\", \"w\")\n"
		    "other()\n"
		    "'''])\n"
		    "try: open('" TARGET "', 'w')\n"
		    "except OSError: become()\n");
	check_says(&jail, "        at s.py:8  ");
	check_says(&jail, "        at <string>:3 in other()\n");
	ck_assert_uint_eq(count(jail.err, "pyjail: denied"), 2);
	ck_assert_uint_eq(jail_count(&jail, "openat", "deny", TARGET), 2);
	jail_free(&jail);
}
END_TEST

START_TEST(through_the_loader)
{
	struct jail jail;

	if (access("/lib64/ld-linux-x86-64.so.2", X_OK) < 0)
		jail_skip("no /lib64/ld-linux-x86-64.so.2");
	live_script(&jail, (const char *const[]){ "--allow-exec=/usr/bin/python3,"
						  "/lib64/ld-linux-x86-64.so.2", NULL },
		    "import os\n"
		    "os.execv('/lib64/ld-linux-x86-64.so.2', ['ld', '/usr/bin/python3', '-c', '''\n"
		    "def through():\n"
		    "    open(\"" TARGET "\", \"w\")\n"
		    "through()\n"
		    "'''])\n");
	ck_assert_str_eq(stacks_text(refusal(&jail)), "<string>:3 through\n<string>:4 <module>\n");
	jail_free(&jail);
}
END_TEST

/* The environment's packages are libraries, what lies beside them is not. */
START_TEST(a_virtual_environment)
{
	char command[512], python[256];
	struct jail jail;

	snprintf(command, sizeof(command), "/usr/bin/python3 -m venv --without-pip '%s' && cd '%s' && "
		 "for d in env/lib/python3*/site-packages; do "
		 "printf 'def write():\\n    open(\"" TARGET "\", \"w\")\\n' > $d/pack.py; done",
		 jail_path("env"), jail_folder);
	if (system(command) != 0)
		jail_skip("no virtual environment could be made");
	snprintf(python, sizeof(python), "--python=%s/env/bin/python", jail_folder);
	live_script(&jail, (const char *const[]){ python, NULL },
		    "import pack\ndef mine():\n    pack.write()\nmine()\n");
	check_says(&jail, "        at s.py:3 in mine()         pack.write()\n");
	ck_assert_ptr_nonnull(strstr(stacks_text(refusal(&jail)), "/site-packages/pack.py:2 write\n"));
	ck_assert_ptr_nonnull(strstr(users_frame(refusal(&jail)), "/s.py:3 mine"));
	jail_free(&jail);
}
END_TEST

START_TEST(in_a_pid_namespace)
{
	struct jail jail;

	if (geteuid() != 0)
		jail_skip("only root makes PID namespaces");
	jail_write_file("s.py", TRY "import threading\n"
			"t = threading.Thread(target=tried, args=['" TARGET "'])\n"
			"t.start(); t.join()\n");
	jail_run_program(&jail, "/usr/bin/unshare", NULL, 60, (const char *const[]){
		"--pid", "--fork", "--mount-proc", jail_program, "--python=/usr/bin/python3",
		"--record=record.jsonl", "s.py", NULL });
	live_check_status(&jail, 0);
	check_says(&jail, "        at s.py:2 in tried()  ");
	ck_assert_ptr_nonnull(strstr(stacks_text(refusal(&jail)), "Thread.run\n"));
	jail_free(&jail);
}
END_TEST

#define DEEP "def a(): open('" TARGET "', 'w')\ndef b(): a()\n" \
	"try: b()\nexcept OSError: pass\n" \
	"open('/etc/hostname').read()\n"

static size_t frames_of(const json_t *event, const char *key)
{
	return json_array_size(json_object_get(event, key));
}

START_TEST(as_much_as_is_asked_for)
{
	static const struct { const char *option; size_t python; bool is_native; } rows[] = {
		{ "--stack=off", 0, false }, { "--stack=line", 1, false },
		{ "--stack=python", 3, false }, { "--stack=native", 3, true },
	};

	for (size_t i = 0; i < 4; i++) {
		struct jail jail;
		const json_t *read;

		live_script(&jail, (const char *const[]){ rows[i].option, NULL }, DEEP);
		live_check_status(&jail, 0);
		ck_assert_uint_eq(frames_of(refusal(&jail), "python"), rows[i].python);
		ck_assert_int_eq(frames_of(refusal(&jail), "native") > 0, rows[i].is_native);
		ck_assert_int_eq(json_object_get(refusal(&jail), "stack") != NULL, i > 0);
		ck_assert_int_eq(strstr(jail.err, "at s.py:1 in a()") != NULL, i > 0);
		ck_assert_int_eq(strstr(jail.err, "        at ") != NULL, i > 0);
		read = event_about(&jail, "/etc/hostname", "allow");
		ck_assert_uint_eq(frames_of(read, "python"), i > 0);
		ck_assert_int_eq(frames_of(read, "native") > 0, rows[i].is_native);
		jail_free(&jail);
	}
}
END_TEST

/* A rule's own word goes before the run's. */
START_TEST(as_much_as_a_rule_asks_for)
{
	struct jail jail;

	jail_write_file("p", "deny write stack=native " TARGET "1\ndeny write stack=off " TARGET "2\n"
			"deny write stack=line " TARGET "3\nallow read stack=python /etc/hostname\n");
	live_script(&jail, (const char *const[]){ "--policy=p", NULL }, TRY
		    "def f(p):\n    tried(p)\n"
		    "for i in '1234': f('" TARGET "' + i)\n"
		    "def g(): open('/etc/hostname')\n"
		    "g()\n");
	live_check_status(&jail, 0);
	ck_assert_uint_gt(frames_of(event_about(&jail, TARGET "1", "deny"), "native"), 3);
	ck_assert_uint_eq(frames_of(event_about(&jail, TARGET "1", "deny"), "python"), 3);
	ck_assert_ptr_null(json_object_get(event_about(&jail, TARGET "2", "deny"), "stack"));
	ck_assert_uint_eq(frames_of(event_about(&jail, TARGET "3", "deny"), "python"), 1);
	ck_assert_uint_eq(frames_of(event_about(&jail, TARGET "4", "deny"), "python"), 3);
	ck_assert_uint_eq(frames_of(event_about(&jail, TARGET "4", "deny"), "native"), 0);
	ck_assert_uint_eq(frames_of(event_about(&jail, "/etc/hostname", "allow"), "python"), 2);
	ck_assert_uint_eq(count(jail.err, "at s.py:2 in tried()"), 3);
	jail_free(&jail);
}
END_TEST

/* A library of that name that is none: C frames are missing, nothing else is. */
START_TEST(without_libunwind)
{
	struct jail jail;

	jail_write_file("s.py", DEEP);
	ck_assert_int_eq(mkdir(jail_path("lib"), 0700), 0);
	jail_write_file("lib/libunwind-x86_64.so.8", "no ELF file\n");
	setenv("LD_LIBRARY_PATH", jail_path("lib"), 1);
	live_script(&jail, (const char *const[]){ "--stack=native", NULL }, DEEP);
	unsetenv("LD_LIBRARY_PATH");
	live_check_status(&jail, 0);
	ck_assert_uint_eq(frames_of(refusal(&jail), "python"), 3);
	ck_assert_uint_eq(frames_of(refusal(&jail), "native"), 0);
	check_says(&jail, "at s.py:1 in a()");
	jail_free(&jail);
}
END_TEST

int main(void)
{
	return live_main("stacks_where", 100, (const TTest *const[]){
		on_the_command_line, a_script, once_for_each_line, below_pandas, below_numpy,
		below_the_standard_library, spawned_children, another_python_starts_anew,
		through_the_loader, a_virtual_environment, in_a_pid_namespace,
		as_much_as_is_asked_for, as_much_as_a_rule_asks_for, without_libunwind, NULL });
}
