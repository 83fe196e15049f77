/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_question.c: the programs of the public question that this project answers: nothing on disk
 * changes.  Each is first run by python3 alone and must change something, or it proves nothing.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fail.h"
#include "tests/support/jail.h"
#include "tests/support/suite.h"

#define PYTHON "/usr/bin/python3"

/* libc's own answer: -1, and 13 is EACCES. */
#define LIBC "import ctypes; libc = ctypes.CDLL(None, use_errno=True); print(libc."
#define ERRNO ", ctypes.get_errno())"

/*
 * PEP 578 with a write lock, and the way around it: a mode whose comparison runs code climbs to the
 * hook's frame and takes the lock away.
 */
#define AUDIT_HOOK "import sys\n" \
	"WRITE_LOCK = True\n" \
	"def hook(event, args):\n" \
	"    if event == 'open' and 'WRITE_LOCK' in globals() and args[1] != 'r':\n" \
	"        raise IOError('file write forbidden')\n" \
	"sys.addaudithook(hook)\n" \
	"class Mode(str):\n" \
	"    def __ne__(self, other):\n" \
	"        try: raise Exception\n" \
	"        except Exception as e:\n" \
	"            del e.__traceback__.tb_frame.f_back.f_globals['WRITE_LOCK']\n" \
	"        return False\n" \
	"sys.audit('open', None, Mode())\n" \
	"open('%s/FILE', 'w').write('PWNED')\n"

/* %s is the canary folder: FILE with a text, tree/leaf. */
static const struct {
	const char *name, *code;
	const char *sees;        /* what the script is told */
	const char *needs;       /* a module that must be there; NULL: none */
} programs[] = {
	{ "open w", "open('%s/FILE', 'w').write('PWNED')", "PermissionError", NULL },
	{ "open a", "open('%s/FILE', 'a').write('PWNED')", "PermissionError", NULL },
	{ "new file", "open('%s/NEW', 'x').write('PWNED')", "PermissionError", NULL },
	{ "savetxt", "import numpy; numpy.savetxt('%s/FILE', numpy.eye(3))", "PermissionError",
	  "numpy" },
	{ "shell", "import subprocess; subprocess.call('echo PWNED >> %s/FILE', shell=True)",
	  "PermissionError", NULL },
	{ "unlink", "import os; os.unlink('%s/FILE')", "PermissionError", NULL },
	{ "rmtree", "import shutil; shutil.rmtree('%s/tree')", "PermissionError", NULL },
	{ "rename", "import os; os.chdir('%s'); os.rename('FILE', 'OTHER')", "PermissionError",
	  NULL },
	{ "ctypes", LIBC "open(b'%s/FILE', 0o1102, 0o644)" ERRNO, "-1 13\n", NULL },
	{ "syscall", LIBC "syscall(2, b'%s/FILE', 0o1001, 0)" ERRNO, "-1 13\n", NULL },
	{ "chmod", "import os; os.chmod('%s/FILE', 0)", "PermissionError", NULL },
	{ "bare exec", "exec(\"[c for c in ().__class__.__base__.__subclasses__()"
		       " if c.__name__ == '_wrap_close'][0].__init__.__globals__"
		       "['__builtins__']['open']('%s/FILE', 'w')\", {'__builtins__': {}})",
	  "PermissionError", NULL },
	{ "audit hook", AUDIT_HOOK, "PermissionError", NULL },
};

static void make_canary(void)
{
	ck_assert_int_eq(mkdir(jail_path("canary"), 0700), 0);
	ck_assert_int_eq(mkdir(jail_path("canary/tree"), 0700), 0);
	jail_write_file("canary/FILE", "precious\n");
	jail_write_file("canary/tree/leaf", "inside\n");
}

static bool is_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* A folder's times tell of names that came and went; nobody can set the change time back. */
static bool is_same(const char *name, const struct stat *before)
{
	struct stat now;

	return stat(jail_path(name), &now) == 0 && now.st_ino == before->st_ino &&
	       now.st_mode == before->st_mode && now.st_size == before->st_size &&
	       now.st_nlink == before->st_nlink && is_time(&now.st_mtim, &before->st_mtim) &&
	       is_time(&now.st_ctim, &before->st_ctim);
}

static const char *const guarded[] = {
	"canary", "canary/FILE", "canary/tree", "canary/tree/leaf",
};

static void remember(struct stat *before)
{
	for (size_t i = 0; i < ARRAY_SIZE(guarded); i++)
		ck_assert_int_eq(stat(jail_path(guarded[i]), &before[i]), 0);
}

static bool is_untouched(const struct stat *before)
{
	for (size_t i = 0; i < ARRAY_SIZE(guarded); i++)
		if (!is_same(guarded[i], &before[i]))
			return false;
	return true;
}

static bool has_module(const char *name)
{
	char code[64];
	struct jail jail;

	snprintf(code, sizeof(code), "import %s", name);
	jail_run_program(&jail, PYTHON, NULL, 60, (const char *const[]){ "-c", code, NULL });
	jail_free(&jail);
	return jail.status == 0;
}

static void run_in_jail(const char *code, const char *sees, const char *const options[])
{
	struct stat before[ARRAY_SIZE(guarded)];
	struct jail jail;

	remember(before);
	jail_code(&jail, options, code);
	ck_assert(!jail.timed_out);
	ck_assert_ptr_nonnull(strstr(jail.err, "pyjail: denied  "));
	ck_assert_ptr_nonnull(strstr(jail.err, "allow with  --allow-"));
	ck_assert_int_ge(jail_denied(&jail), 1);
	ck_assert_msg(strstr(jail.err, sees) || strstr(jail.out, sees), "%s%s", jail.out, jail.err);
	ck_assert_msg(is_untouched(before), "changed by: %s", code);
	jail_free(&jail);
}

/* The one %s of a program. */
static void fill_in(const char *code, char *out, size_t size)
{
	const char *place = strstr(code, "%s");

	ck_assert_ptr_nonnull(place);
	snprintf(out, size, "%.*s%s%s", (int)(place - code), code, jail_path("canary"), place + 2);
}

static void try_program(int i, const char *const options[])
{
	struct stat before[ARRAY_SIZE(guarded)];
	char code[2048];
	struct jail jail;

	if (programs[i].needs && !has_module(programs[i].needs))
		jail_skip("%s: no module %s", programs[i].name, programs[i].needs);
	make_canary();
	fill_in(programs[i].code, code, sizeof(code));
	run_in_jail(code, programs[i].sees, options);
	remember(before);
	jail_run_program(&jail, PYTHON, NULL, 60, (const char *const[]){ "-c", code, NULL });
	ck_assert_msg(!is_untouched(before), "%s: does nothing even without a jail",
		      programs[i].name);
	jail_free(&jail);
}

START_TEST(nothing_changes)
{
	try_program(_i, NULL);
}
END_TEST

START_TEST(nothing_changes_without_landlock)
{
	try_program(_i, (const char *const[]){ "--no-landlock", NULL });
}
END_TEST

/* Folders can be listed then, so that rmtree gets as far as removing. */
START_TEST(nothing_changes_when_all_may_be_read)
{
	try_program(_i, (const char *const[]){ "--allow-read", NULL });
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("question");
	TCase *tcase = tcase_create("programs");

	tcase_add_checked_fixture(tcase, jail_setup, jail_teardown);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, nothing_changes, 0, ARRAY_SIZE(programs));
	tcase_add_loop_test(tcase, nothing_changes_without_landlock, 0, ARRAY_SIZE(programs));
	tcase_add_loop_test(tcase, nothing_changes_when_all_may_be_read, 0, ARRAY_SIZE(programs));
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
