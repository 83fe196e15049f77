/* SPDX-License-Identifier: Apache-2.0 */
/* test_decide_hide.c: what a hidden file answers, whatever is asked of it. */
#include "tests/filters/decide_check.h"

#define A "/work-test/a"
#define B "/work-test/b"
#define IN_A "/work-test/a/in"
#define HIDE "allow read /work-test\nallow write /work-test\nallow exec /work-test\nhide " A
#define A_WAY(p) { .raw = "a/../b", .path = (p), .is_behind = true }
#define AN_OPEN(p) { .raw = "", .path = (p), .type = S_IFREG, .exists = true, .is_open = true }

#define ONE(name_, file_) { .nr = __NR_##name_, .file = { file_ } }
#define TWO(name_, old_, new_) { .nr = __NR_##name_, .file = { old_, new_ } }
#define OPENS(flags_, file_) { .nr = __NR_openat, .flags = (flags_), .file = { file_ } }

static const struct row rows[] = {
	{ HIDE, OPENS(O_RDONLY, A_FILE(A)), HIDDEN(ENOENT, READ), A },
	{ HIDE, OPENS(O_RDONLY, A_FOLDER(IN_A)), HIDDEN(ENOENT, READ), IN_A },
	{ HIDE, OPENS(O_RDONLY, A_FILE(B)), ALLOWED(READ), B },
	{ HIDE, OPENS(O_PATH, A_FILE(A)), HIDDEN(ENOENT, STAT), A },
	{ HIDE, OPENS(O_PATH | O_CREAT, A_FILE(A)), HIDDEN(ENOENT, WRITE), A },
	{ HIDE, OPENS(O_PATH, A_FILE(B)), ALLOWED(STAT), B },
	{ HIDE, OPENS(O_WRONLY, A_FILE(A)), HIDDEN(ENOENT, WRITE), A },
	{ HIDE, OPENS(O_RDWR | O_TRUNC, A_FILE(A)), HIDDEN(ENOENT, WRITE), A },
	/* A name that would be made: the same answer whether something is there or not. */
	{ HIDE, OPENS(O_WRONLY | O_CREAT, A_FILE(A)), HIDDEN(EACCES, WRITE), A },
	{ HIDE, OPENS(O_WRONLY | O_CREAT, A_NEW(A)), HIDDEN(EACCES, WRITE), A },
	{ HIDE, OPENS(O_WRONLY | O_CREAT | O_EXCL, A_FILE(A)), HIDDEN(EACCES, WRITE), A },
	{ HIDE, OPENS(O_WRONLY | O_CREAT, A_NEW(IN_A)), HIDDEN(ENOENT, WRITE), IN_A },
	{ HIDE, OPENS(O_WRONLY | O_CREAT, A_FILE(IN_A)), HIDDEN(ENOENT, WRITE), IN_A },
	{ HIDE, ONE(mkdir, A_NEW(A)), HIDDEN(EACCES, WRITE), A },
	{ HIDE, ONE(mkdir, A_FOLDER(A)), HIDDEN(EACCES, WRITE), A },
	{ HIDE, ONE(mknod, A_NEW(IN_A)), HIDDEN(ENOENT, WRITE), IN_A },
	{ HIDE, ONE(symlink, A_NEW(A)), HIDDEN(EACCES, WRITE), A },
	{ HIDE, TWO(link, A_FILE(B), A_NEW(A)), HIDDEN(EACCES, WRITE), A },
	{ HIDE, TWO(link, A_FILE(A), A_NEW(B)), HIDDEN(ENOENT, WRITE), A },
	{ HIDE, TWO(rename, A_FILE(A), A_NEW(B)), HIDDEN(ENOENT, DELETE), A },
	{ HIDE, TWO(rename, A_FILE(B), A_NEW(A)), HIDDEN(EACCES, WRITE), A },
	{ HIDE, TWO(rename, A_FILE(A), A_NEW(IN_A)), HIDDEN(ENOENT, DELETE), A },
	/* The way there: nothing is made behind a folder that is not there. */
	{ HIDE, ONE(mkdir, A_WAY(A)), HIDDEN(ENOENT, WRITE), A },
	{ HIDE, OPENS(O_WRONLY | O_CREAT, A_WAY(A)), HIDDEN(ENOENT, WRITE), A },
	{ HIDE, ONE(stat, A_WAY("")), HIDDEN(ENOENT, STAT), NULL },
	{ HIDE, ONE(chdir, A_WAY("")), HIDDEN(ENOENT, STAT), NULL },
	/* Everything else */
	{ HIDE, ONE(unlink, A_FILE(A)), HIDDEN(ENOENT, DELETE), A },
	{ HIDE, ONE(rmdir, A_FOLDER(A)), HIDDEN(ENOENT, DELETE), A },
	{ HIDE, ONE(chmod, A_FILE(A)), HIDDEN(ENOENT, WRITE), A },
	{ HIDE, ONE(truncate, A_FILE(A)), HIDDEN(ENOENT, WRITE), A },
	{ HIDE, ONE(setxattr, A_FILE(A)), HIDDEN(ENOENT, WRITE), A },
	{ HIDE, ONE(stat, A_FILE(A)), HIDDEN(ENOENT, STAT), A },
	{ HIDE, ONE(lstat, A_LINK(A)), HIDDEN(ENOENT, STAT), A },
	{ HIDE, ONE(lstat, A_LINK(B)), ALLOWED(STAT), B },
	{ HIDE, ONE(readlink, A_LINK(A)), HIDDEN(ENOENT, STAT), A },
	{ HIDE, ONE(statfs, A_FILE(A)), HIDDEN(ENOENT, STAT), A },
	{ HIDE, ONE(access, A_FILE(A)), HIDDEN(ENOENT, STAT), A },
	{ HIDE, ONE(access, A_FILE(B)), ALLOWED(STAT), B },
	{ HIDE, ONE(chdir, A_FOLDER(A)), HIDDEN(ENOENT, STAT), A },
	{ HIDE, ONE(chdir, A_FOLDER(B)), ALLOWED(STAT), B },
	{ HIDE, ONE(execve, A_FILE(A)), HIDDEN(ENOENT, EXEC), A },
	{ HIDE, ONE(execve, A_FOLDER(A)), HIDDEN(ENOENT, EXEC), A },
	{ HIDE, { .nr = __NR_execve, .file = { { .raw = A, .path = A, .exists = true,
	  .type = S_IFREG, .is_unreadable = true } } }, HIDDEN(ENOENT, EXEC), A },
	{ HIDE, ONE(inotify_add_watch, A_FOLDER(A)), HIDDEN(ENOENT, STAT), A },
	{ HIDE, ONE(inotify_add_watch, A_FOLDER(B)), DENIED(EACCES, STAT), B },
	{ HIDE, ONE(name_to_handle_at, A_FILE(A)), HIDDEN(ENOENT, STAT), A },
	{ HIDE, ONE(name_to_handle_at, A_FILE(B)), DENIED(EOPNOTSUPP, STAT), B },
	{ HIDE, ONE(mount, A_FOLDER(A)), HIDDEN(ENOENT, WRITE), A },
	/* A descriptor that the script was given */
	{ HIDE, OPENS(O_RDONLY, A_HELD(A)), ALLOWED(READ), A },
	{ HIDE, ONE(fchmod, AN_OPEN(A)), ALLOWED(WRITE), A },
	{ HIDE, ONE(newfstatat, AN_OPEN(A)), ALLOWED(STAT), A },
	{ HIDE, ONE(getdents64, AN_OPEN(A)), ALLOWED(STAT), A },
	/* Whatever else is said */
	{ "-A\nhide " A, ONE(unlink, A_FILE(A)), HIDDEN(ENOENT, DELETE), A },
	{ "-A\nhide " A, ONE(unlink, A_FILE(B)), ALLOWED(DELETE), B },
	{ HIDE "\n--deny-read", OPENS(O_RDONLY, A_FILE(A)), HIDDEN(ENOENT, READ), A },
	{ HIDE "\ndeny read " A, OPENS(O_RDONLY, A_FILE(A)), HIDDEN(ENOENT, READ), A },
	{ HIDE "\nkill read " A, OPENS(O_RDONLY, A_FILE(A)), KILLED(READ), A },
	{ HIDE, OPENS(O_RDONLY, A_STRANGER(A)), DENIED(EACCES, READ), A },
	/* A folder with something hidden in it keeps its name. */
	{ HIDE, TWO(rename, A_FOLDER("/work-test"), A_NEW("/work-test2")),
	  DENIED(EACCES, WRITE), "/work-test2" },
	{ "allow write /\nhide " A, TWO(rename, A_FOLDER("/work-test"), A_NEW("/work-test2")),
	  DENIED(EACCES, DELETE), "/work-test" },
	{ "allow write /\nhide " A, { .nr = __NR_symlink, .file = { A_NEW("/work-test") } },
	  ALLOWED(WRITE), "/work-test" },
	{ "allow write /\nhide /work-test/**/k", TWO(rename, A_FOLDER(A), A_NEW(B)),
	  ALLOWED(DELETE), A },
	{ "allow write /\nhide /work-test/**/k", TWO(rename, A_FOLDER(A), A_NEW("/b")),
	  DENIED(EACCES, DELETE), A },
	{ "allow write /\nhide /work-test/**/k", TWO(rename, A_FOLDER(A), A_NEW("/work-test/k")),
	  HIDDEN(EACCES, WRITE), "/work-test/k" },
};

START_TEST(hidden_files)
{
	check_row(&rows[_i], _i);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("decide_hide");
	TCase *tcase = tcase_create("hide");

	tcase_add_loop_test(tcase, hidden_files, 0, sizeof(rows) / sizeof(rows[0]));
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
