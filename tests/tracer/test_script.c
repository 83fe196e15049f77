/* SPDX-License-Identifier: Apache-2.0 */
/* test_script.c: what is a script, and which folder it is in. */
#include <check.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/suite.h"
#include "tracer/script.h"

static char root[64];
static struct script script;
static struct fault fault;

static void write_file(const char *name, mode_t mode)
{
	FILE *file = fopen(name, "w");

	ck_assert_ptr_nonnull(file);
	fclose(file);
	ck_assert_int_eq(chmod(name, mode), 0);
}

static void setup(void)
{
	char template[] = "/tmp/test_script.XXXXXX", real[PATH_MAX];

	ck_assert_ptr_nonnull(mkdtemp(template));
	ck_assert_ptr_nonnull(realpath(template, real));
	strcpy(root, real);
	ck_assert_int_eq(chdir(root), 0);
	ck_assert_int_eq(mkdir("sub", 0755), 0);
	ck_assert_int_eq(mkdir("package", 0755), 0);
	write_file("sub/s.py", 0644);
	write_file("package/__main__.py", 0644);
	write_file("-x.py", 0644);
	ck_assert_int_eq(symlink("sub/s.py", "link.py"), 0);
	ck_assert_int_eq(symlink("loop", "loop"), 0);
	ck_assert_int_eq(symlink("nothing", "dangling"), 0);
	ck_assert_int_eq(mkfifo("fifo", 0644), 0);
}

static void teardown(void)
{
	char command[sizeof(root) + 16];

	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	ck_assert_int_eq(system(command), 0);
}

static const struct { const char *path, *argument, *folder; } good[] = {
	{ "sub/s.py", "sub/s.py", "/sub" },
	{ "./sub/../sub/s.py", "./sub/../sub/s.py", "/sub" },
	{ "link.py", "link.py", "/sub" },
	{ "-x.py", "./-x.py", "" },
	{ "package", "package", "/package" },
	{ "package/", "package/", "/package" },
};

START_TEST(test_good)
{
	char folder[PATH_MAX];

	ck_assert_msg(script_check(good[_i].path, &script, &fault) == 0, "%s", fault.text);
	snprintf(folder, sizeof(folder), "%s%s", root, good[_i].folder);
	ck_assert_str_eq(script.argument, good[_i].argument);
	ck_assert_str_eq(script.folder, folder);
}
END_TEST

static const struct { const char *path; int error; const char *cure; } bad[] = {
	{ "nothing.py", ENOENT, "name" },
	{ "", ENOENT, "name" },
	{ "dangling", ENOENT, "name" },
	{ "loop", ELOOP, "" },
	{ "link.py/x", ENOTDIR, "name" },
	{ "sub", EISDIR, "folder" },
	{ "fifo", EINVAL, "pyjail - <" },
	{ "/dev/stdin", EINVAL, "pyjail - <" },
	{ "/dev/fd/0", EINVAL, "pyjail - <" },
	{ "/proc/self/fd/0", EINVAL, "pyjail - <" },
	{ "/dev/null", EINVAL, "pyjail - <" },
	{ "/dev/zero", EINVAL, "pyjail - <" },
};

START_TEST(test_bad)
{
	/* A regular file on standard input makes /dev/stdin look like one. */
	ck_assert_ptr_nonnull(freopen("sub/s.py", "r", stdin));
	memset(&script, 0x5a, sizeof(script));
	ck_assert_int_eq(script_check(bad[_i].path, &script, &fault), -bad[_i].error);
	ck_assert(fault.text[0] != '\0');
	ck_assert_msg(strstr(fault.cure, bad[_i].cure) != NULL, "%s", fault.cure);
	ck_assert_int_eq(script.argument[0], 0x5a);
}
END_TEST

START_TEST(test_unreadable)
{
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(65534), 0);
	ck_assert_int_eq(script_check("/etc/shadow", &script, &fault), -EACCES);
	ck_assert_ptr_nonnull(strstr(fault.cure, "chmod"));
	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

START_TEST(test_too_long)
{
	char path[3 * PATH_MAX];

	memset(path, 'a', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	ck_assert_int_eq(script_check(path, &script, &fault), -ENAMETOOLONG);
}
END_TEST

/* Not the whole disk. */
START_TEST(test_script_in_root)
{
	if (access("/", W_OK) < 0) {
		printf("SKIP test_script_in_root: / is not writable\n");
		return;
	}
	write_file("/test_script_in_root.py", 0644);
	ck_assert_int_eq(script_check("/test_script_in_root.py", &script, &fault), 0);
	unlink("/test_script_in_root.py");
	ck_assert_str_eq(script.folder, "/test_script_in_root.py");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("script");
	TCase *t = tcase_create("script");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_good, 0, ARRAY_SIZE(good));
	tcase_add_loop_test(t, test_bad, 0, ARRAY_SIZE(bad));
	tcase_add_test(t, test_unreadable);
	tcase_add_test(t, test_too_long);
	tcase_add_test(t, test_script_in_root);
	suite_add_tcase(s, t);
	return suite_run(s);
}
