/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_find.c: real interpreters, wrappers and virtual environments in a temporary folder.
 *
 * The Python that is used is whatever python3 on PATH is; the tests that need one are skipped,
 * aloud, where there is none.
 */
#include <check.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/suite.h"
#include "tracer/python/find.h"
#include "tracer/python/shim.h"

static char root[64];
static char real_python[PATH_MAX];   /* canonical */
static char scratch[PATH_MAX];
static struct interpreter found;
static struct fault fault;

static const char *at(const char *name)
{
	snprintf(scratch, sizeof(scratch), "%s/%s", root, name);
	return scratch;
}

static void write_file(const char *name, mode_t mode, const char *text, size_t size)
{
	FILE *file = fopen(at(name), "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(text, 1, size, file), size);
	fclose(file);
	ck_assert_int_eq(chmod(at(name), mode), 0);
}

static void write_script(const char *name, const char *text)
{
	write_file(name, 0755, text, strlen(text));
}

static void setup(void)
{
	char template[] = "/tmp/test_find.XXXXXX";

	ck_assert_ptr_nonnull(mkdtemp(template));
	ck_assert_ptr_nonnull(realpath(template, scratch));
	strcpy(root, scratch);
	ck_assert_int_eq(mkdir(at("bin"), 0755), 0);
	memset(&found, 0, sizeof(found));
}

static void teardown(void)
{
	char command[sizeof(root) + 16];

	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	ck_assert_int_eq(system(command), 0);
}

static int find(const char *name, const char *search)
{
	return find_python(name, search, NULL, &found, &fault);
}

static bool has_prefix(const char *path)
{
	for (size_t i = 0; i < found.prefix_count; i++) {
		if (!strcmp(found.prefixes[i], path))
			return true;
	}
	return false;
}

static void check_refused(int result, int error, const char *part)
{
	ck_assert_int_eq(result, -error);
	ck_assert_msg(strstr(fault.text, part) != NULL, "%s", fault.text);
	ck_assert(fault.cure[0] != '\0');
	ck_assert_uint_eq(found.prefix_count, 0);
}

START_TEST(test_missing)
{
	check_refused(find("no-such-python", getenv("PATH")), ENOENT, "no such interpreter");
	check_refused(find("/no/such/python", NULL), ENOENT, "no such interpreter");
	check_refused(find("python3", NULL), ENOENT, "no such interpreter");
	check_refused(find("python3", ""), ENOENT, "no such interpreter");
	check_refused(find("/etc/passwd/python", NULL), ENOENT, "no such interpreter");
}
END_TEST

START_TEST(test_cannot_be_executed)
{
	write_file("plain", 0644, "x", 1);
	check_refused(find(at("plain"), NULL), EACCES, "cannot be executed");
	check_refused(find(at("bin"), NULL), EACCES, "cannot be executed");
	check_refused(find("plain", root), EACCES, "cannot be executed");
}
END_TEST

START_TEST(test_not_python)
{
	static const char elf[] = "\177ELF\2\1\1\0 and nothing more";

	write_file("elf", 0755, elf, sizeof(elf));
	check_refused(find(at("elf"), NULL), ENOEXEC, "not Python");
	write_file("text", 0755, "Py_BytesMain", 12);
	check_refused(find(at("text"), NULL), ENOEXEC, "not Python");
	write_file("empty", 0755, "", 0);
	check_refused(find(at("empty"), NULL), ENOEXEC, "not Python");
	check_refused(find("/bin/ls", NULL), ENOEXEC, "not Python");
}
END_TEST

static const struct { const char *script; } bad_shims[] = {
	{ "#!/bin/sh\n" },
	{ "#!/bin/sh\nexit 3\n" },
	{ "#!/bin/sh\necho relative/python\n" },
	{ "#!/bin/sh\necho /no/such/python\n" },
	{ "#!/bin/sh\necho /bin/ls\n" },
	{ "#!/bin/sh\necho /bin\n" },
	{ "#!/bin/sh\nprintf /bin/ls\n" },
	{ "#!/bin/sh\nprintf '/bin/ls\\n/bin/ls\\n'\n" },
	{ "#!/bin/sh\nprintf '/a\\0b\\n'\n" },
	{ "#!/bin/sh\necho \"$0\"\n" },
	{ "#!/bin/sh\nkill -9 $$\n" },
	{ "#!/no/such/interpreter\n" },
	{ "#!/bin/sh\nwhile :; do echo /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done\n" },
};

START_TEST(test_bad_shim)
{
	write_script("shim", bad_shims[_i].script);
	check_refused(find(at("shim"), NULL), ENOEXEC, "behind this wrapper");
}
END_TEST

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static pid_t read_pid(const char *name)
{
	FILE *file = fopen(at(name), "r");
	int pid = 0;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fscanf(file, "%d", &pid), 1);
	fclose(file);
	return pid;
}

/* Gone, or a zombie of somebody else's. */
static bool is_dead(pid_t pid)
{
	char path[64], state = 'Z';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	if (!file)
		return true;
	ck_assert_int_eq(fscanf(file, "%*d (%*[^)]) %c", &state), 1);
	fclose(file);
	return state == 'Z' || state == 'X';
}

static const char *const slow_shims[] = {
	"#!/bin/sh\necho $$ > '%s/pid'\nsleep 60 &\necho $! > '%s/pid2'\nwait\n",
	/* Closes its output and lives on. */
	"#!/bin/sh\necho $$ > '%s/pid'\necho /bin/ls\nexec >&-\n"
	"sleep 60 &\necho $! > '%s/pid2'\nwait\n",
};

/* The time is bounded, and nothing of it is left running. */
START_TEST(test_slow_shim)
{
	char script[512], path[PATH_MAX];
	double begin = now_s();

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(script, sizeof(script), slow_shims[_i], root, root);
#pragma GCC diagnostic pop
	write_script("shim", script);
	ck_assert_int_eq(shim_resolve(at("shim"), 500, path, sizeof(path)), -ETIMEDOUT);
	ck_assert(now_s() - begin < 5);
	for (int i = 0; i < 200 && !is_dead(read_pid("pid2")); i++)
		usleep(10000);
	ck_assert(is_dead(read_pid("pid")));
	ck_assert(is_dead(read_pid("pid2")));
}
END_TEST

START_TEST(test_output_has_a_limit)
{
	char path[8];

	write_script("shim", "#!/bin/sh\necho /12345\n");
	ck_assert_int_eq(shim_resolve(at("shim"), 5000, path, sizeof(path)), 0);
	ck_assert_str_eq(path, "/12345");
	write_script("shim", "#!/bin/sh\necho /1234567\n");
	strcpy(path, "same");
	ck_assert_int_eq(shim_resolve(at("shim"), 5000, path, sizeof(path)), -ENOEXEC);
	ck_assert_str_eq(path, "same");
}
END_TEST

/* ---- with a Python ---- */

START_TEST(test_real)
{
	char prefix[PATH_MAX];

	ck_assert_int_eq(find(real_python, NULL), 0);
	ck_assert_str_eq(found.program, real_python);
	ck_assert_str_eq(found.canonical, real_python);
	strcpy(prefix, real_python);
	*strrchr(prefix, '/') = '\0';
	*strrchr(prefix, '/') = '\0';
	ck_assert(has_prefix(prefix));
}
END_TEST

START_TEST(test_search)
{
	char search[512];

	ck_assert_int_eq(mkdir(at("one"), 0755), 0);
	write_file("one/py", 0644, "", 0);
	ck_assert_int_eq(mkdir(at("two"), 0755), 0);
	ck_assert_int_eq(mkdir(at("two/py"), 0755), 0);
	ck_assert_int_eq(symlink(real_python, at("bin/py")), 0);
	snprintf(search, sizeof(search), "/no/such:%s/one:%s/two:%s/bin:", root, root, root);
	ck_assert_int_eq(find("py", search), 0);
	ck_assert_str_eq(found.program, at("bin/py"));
	ck_assert_str_eq(found.canonical, real_python);
}
END_TEST

START_TEST(test_relative)
{
	ck_assert_int_eq(symlink(real_python, at("bin/py")), 0);
	ck_assert_int_eq(chdir(root), 0);
	ck_assert_int_eq(find("bin/py", NULL), 0);
	ck_assert_str_eq(found.program, at("bin/py"));
	ck_assert_int_eq(find("./bin/py", NULL), 0);
	ck_assert_str_eq(found.program, at("bin/py"));
	ck_assert_int_eq(chdir("bin"), 0);
	/* An empty element of PATH. */
	ck_assert_int_eq(find("py", "/no/such:"), 0);
	ck_assert_str_eq(found.program, at("bin/py"));
}
END_TEST

START_TEST(test_shim)
{
	char script[2 * PATH_MAX];

	snprintf(script, sizeof(script), "#!/bin/sh\nexec '%s' \"$@\"\n", real_python);
	write_script("shim", script);
	ck_assert_int_eq(find(at("shim"), NULL), 0);
	ck_assert_str_eq(found.canonical, real_python);
	ck_assert(strcmp(found.program, at("shim")) != 0);
}
END_TEST

/* As `python3 -m venv` makes it. */
static void make_venv(void)
{
	char config[2 * PATH_MAX], home[PATH_MAX];

	strcpy(home, real_python);
	*strrchr(home, '/') = '\0';
	ck_assert_int_eq(symlink(real_python, at("bin/python3")), 0);
	snprintf(config, sizeof(config),
		 "include-system-site-packages = false\nhome = %s\nversion = 3\n", home);
	write_file("pyvenv.cfg", 0644, config, strlen(config));
}

/* What Python itself says of its prefix when it is started as pyjail starts it. */
static void ask_prefix(char *out, size_t size)
{
	int ends[2];
	ssize_t got;
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		dup2(ends[1], 1);
		execl(found.canonical, found.program, "-I", "-c",
		      "import sys; print(sys.prefix, end='')", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	got = read(ends[0], out, size - 1);
	close(ends[0]);
	waitpid(pid, NULL, 0);
	ck_assert_int_ge(got, 0);
	out[got] = '\0';
}

START_TEST(test_venv)
{
	char base[PATH_MAX];

	make_venv();
	ck_assert_int_eq(find(at("bin/python3"), NULL), 0);
	ck_assert_str_eq(found.program, at("bin/python3"));
	ck_assert_str_eq(found.canonical, real_python);
	ck_assert(has_prefix(root));
	strcpy(base, real_python);
	*strrchr(base, '/') = '\0';
	*strrchr(base, '/') = '\0';
	ck_assert(has_prefix(base));
	ck_assert_uint_eq(found.prefix_count, 2);
}
END_TEST

/* The reason why `program` is kept beside `canonical`. */
START_TEST(test_venv_is_seen_by_python)
{
	char said[PATH_MAX], command[2 * PATH_MAX];

	snprintf(command, sizeof(command), "'%s' -m venv --without-pip '%s/v' 2>/dev/null",
		 real_python, root);
	if (system(command) != 0) {
		printf("SKIP test_venv_is_seen_by_python: %s has no venv module\n", real_python);
		return;
	}
	ck_assert_int_eq(find(at("v/bin/python3"), NULL), 0);
	ask_prefix(said, sizeof(said));
	ck_assert_str_eq(said, at("v"));
	ck_assert(has_prefix(said));
}
END_TEST

static const struct { const char *config; } odd_configs[] = {
	{ "" }, { "home\n" }, { "home =\n" }, { "home = relative/bin\n" },
	{ "home = /no/such/bin\n" },
	{ "\xff\xfe\n\n====\n" }, { "homes = /etc/bin\n" }, { "version = 3\nhome = /\n" },
};

START_TEST(test_odd_venv)
{
	make_venv();
	write_file("pyvenv.cfg", 0644, odd_configs[_i].config, strlen(odd_configs[_i].config));
	ck_assert_int_eq(find(at("bin/python3"), NULL), 0);
	ck_assert(has_prefix(root));
	ck_assert(!has_prefix("/") && !has_prefix("/etc"));
	ck_assert_uint_le(found.prefix_count, 3);
}
END_TEST

static void copy_python(const char *name)
{
	char command[3 * PATH_MAX];

	snprintf(command, sizeof(command), "cp '%s' '%s/%s'", real_python, root, name);
	ck_assert_int_eq(system(command), 0);
}

/* A Python in ~/bin does not make the home folder readable. */
START_TEST(test_prefix_is_never_home)
{
	char home[sizeof(root) + 16];

	copy_python("bin/python3");
	ck_assert_int_eq(mkdir(at("lib"), 0755), 0);
	ck_assert_int_eq(find_python(at("bin/python3"), NULL, root, &found, &fault), 0);
	ck_assert(!has_prefix(root) && has_prefix(at("lib")));
	snprintf(home, sizeof(home), "%s/deeper", root);
	ck_assert_int_eq(find_python(at("bin/python3"), NULL, home, &found, &fault), 0);
	ck_assert(!has_prefix(root));
	snprintf(home, sizeof(home), "%sx", root);
	ck_assert_int_eq(find_python(at("bin/python3"), NULL, home, &found, &fault), 0);
	ck_assert(has_prefix(root));
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, test_missing);
	tcase_add_test(t, test_cannot_be_executed);
	tcase_add_test(t, test_not_python);
	tcase_add_loop_test(t, test_bad_shim, 0, ARRAY_SIZE(bad_shims));
	tcase_add_loop_test(t, test_slow_shim, 0, ARRAY_SIZE(slow_shims));
	tcase_add_test(t, test_output_has_a_limit);
}

static void add_python_tests(TCase *t)
{
	tcase_add_test(t, test_real);
	tcase_add_test(t, test_search);
	tcase_add_test(t, test_relative);
	tcase_add_test(t, test_shim);
	tcase_add_test(t, test_venv);
	tcase_add_test(t, test_venv_is_seen_by_python);
	tcase_add_loop_test(t, test_odd_venv, 0, ARRAY_SIZE(odd_configs));
	tcase_add_test(t, test_prefix_is_never_home);
}

int main(void)
{
	Suite *s = suite_create("find");
	TCase *t = tcase_create("find");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	add_tests(t);
	if (find_python("python3", getenv("PATH"), NULL, &found, &fault) == 0) {
		strcpy(real_python, found.canonical);
		add_python_tests(t);
	} else {
		printf("SKIP the tests with a Python: %s\n", fault.text);
	}
	suite_add_tcase(s, t);
	return suite_run(s);
}
