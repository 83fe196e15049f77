/* SPDX-License-Identifier: Apache-2.0 */
/* test_decide_fake.c: what is said to be done, and never done for real by another rule's help. */
#include "tests/filters/decide_check.h"

#define A "/work-test/a"
#define B "/work-test/b"
#define ONE(name_, file_) { .nr = __NR_##name_, .file = { file_ } }
#define TWO(name_, old_, new_) { .nr = __NR_##name_, .file = { old_, new_ } }
#define OPENS(flags_, file_) { .nr = __NR_openat, .flags = (flags_), .file = { file_ } }
#define IN_MEMORY(p) { .raw = (p), .path = (p), .type = S_IFREG, .exists = true, .is_faked = true }
#define A_GONE(p) { .raw = (p), .path = (p), .is_gone = true }
#define READS "allow read /work-test\n"
#define FAKE READS "fake write /work-test"

static const struct row rows[] = {
	{ FAKE, OPENS(O_WRONLY, A_FILE(A)), FAKED(WRITE), A },
	{ FAKE, OPENS(O_WRONLY | O_CREAT | O_EXCL, A_NEW(A)), FAKED(WRITE), A },
	{ FAKE, OPENS(O_RDWR, A_FILE(A)), FAKED(WRITE), A },
	{ FAKE, OPENS(O_RDONLY | O_TRUNC, A_FILE(A)), FAKED(WRITE), A },
	{ FAKE, OPENS(O_RDONLY, A_FILE(A)), ALLOWED(READ), A },
	{ FAKE, OPENS(O_RDONLY, IN_MEMORY(A)), FAKED(READ), A },
	{ FAKE, OPENS(O_TMPFILE | O_RDWR, A_FOLDER(A)), FAKED(WRITE), A },
	/* A copy is read, so that reading it must be allowed, and nobody is asked. */
	{ "fake write /work-test", OPENS(O_RDWR, A_FILE(A)), DENIED(EACCES, READ), A },
	{ "fake write /work-test\nask read /work-test", OPENS(O_RDWR, A_FILE(A)),
	  DENIED(EACCES, READ), A },
	{ "fake write /work-test", OPENS(O_WRONLY, A_FILE(A)), FAKED(WRITE), A },
	{ FAKE, ONE(unlink, A_FILE(A)), FAKED(DELETE), A },
	{ FAKE, ONE(rmdir, A_FOLDER(A)), FAKED(DELETE), A },
	{ FAKE, ONE(mkdir, A_NEW(A)), FAKED(WRITE), A },
	{ FAKE, ONE(symlink, A_NEW(A)), FAKED(WRITE), A },
	{ FAKE, ONE(mknod, A_NEW(A)), FAKED(WRITE), A },
	{ FAKE, ONE(chmod, A_FILE(A)), FAKED(WRITE), A },
	{ FAKE, ONE(chown, A_FILE(A)), FAKED(WRITE), A },
	{ FAKE, ONE(utimensat, A_FILE(A)), FAKED(WRITE), A },
	{ FAKE, ONE(truncate, A_FILE(A)), FAKED(WRITE), A },
	{ FAKE, ONE(setxattr, A_FILE(A)), FAKED(WRITE), A },
	{ FAKE, { .nr = __NR_access, .args = { 0, INT(W_OK) }, .file = { A_FILE(A) } },
	  FAKED(WRITE), A },
	{ FAKE, TWO(rename, A_FILE(A), A_NEW(B)), FAKED(DELETE), A },
	{ FAKE, TWO(link, A_FILE(A), A_NEW(B)), FAKED(WRITE), A },
	/* One end is real, or asked: nothing is done all the same. */
	{ READS "allow write " A "\nfake write " B, TWO(rename, A_FILE(A), A_NEW(B)),
	  FAKED(WRITE), B },
	{ READS "fake delete " A "\nallow write /work-test", TWO(rename, A_FILE(A), A_NEW(B)),
	  FAKED(DELETE), A },
	{ READS "fake delete " A "\nask write /work-test", TWO(rename, A_FILE(A), A_NEW(B)),
	  FAKED(DELETE), A },
	{ READS "ask delete /work-test\nfake write /work-test/b\nask write " A,
	  TWO(rename, A_FILE(A), A_NEW(B)), FAKED(WRITE), B },
	{ READS "fake delete " A "\ndeny write " B, TWO(rename, A_FILE(A), A_NEW(B)),
	  DENIED(EACCES, WRITE), B },
	{ "fake write /work-test\nallow read " B, TWO(rename, A_FILE(A), A_NEW(B)),
	  DENIED(EACCES, READ), A },
	/* What is in memory is never taken for a file on disk. */
	{ READS "allow write /work-test", ONE(unlink, IN_MEMORY(A)), FAKED(DELETE), A },
	{ READS "allow write /work-test", TWO(rename, IN_MEMORY(A), A_NEW(B)), FAKED(DELETE), A },
	{ READS "allow write /work-test", TWO(rename, A_FILE(A), IN_MEMORY(B)), FAKED(DELETE), A },
	{ READS "allow write /work-test", ONE(chmod, IN_MEMORY(A)), FAKED(WRITE), A },
	{ "allow exec /work-test", ONE(execve, IN_MEMORY(A)), FAKED(EXEC), A },
	{ FAKE, ONE(stat, IN_MEMORY(A)), FAKED(STAT), A },
	/* Gone: not there, and its name is free. */
	{ FAKE, OPENS(O_RDONLY, A_GONE(A)), HIDDEN(ENOENT, READ), A },
	{ FAKE, OPENS(O_WRONLY | O_CREAT, A_GONE(A)), FAKED(WRITE), A },
	{ "allow write /work-test\nfake delete /work-test", OPENS(O_WRONLY | O_CREAT, A_GONE(A)),
	  ALLOWED(WRITE), A },
	{ FAKE, ONE(stat, A_GONE(A)), HIDDEN(ENOENT, STAT), A },
	{ FAKE, ONE(unlink, A_GONE(A)), HIDDEN(ENOENT, DELETE), A },
	{ FAKE, ONE(mkdir, A_GONE(A)), FAKED(WRITE), A },
	{ FAKE, TWO(rename, A_GONE(A), A_NEW(B)), HIDDEN(ENOENT, DELETE), A },
	{ FAKE, TWO(rename, A_FILE(B), A_GONE(A)), FAKED(DELETE), B },
	{ FAKE, ONE(execve, A_GONE(A)), HIDDEN(ENOENT, EXEC), A },
	/* Programs */
	{ "fake exec /work-test", ONE(execve, A_FILE(A)), FAKED(EXEC), A },
	{ "fake exec /work-test", { .nr = __NR_execve, .file = { { .raw = A, .path = A,
	  .exists = true, .type = S_IFREG, .is_unreadable = true } } }, FAKED(EXEC), A },
	{ "fake exec /work-test\nallow exec " A, ONE(execve, A_FILE(A)), ALLOWED(EXEC), A },
	{ "fake exec /work-test\ndeny exec " A, ONE(execve, A_FILE(A)), DENIED(EACCES, EXEC), A },
	{ "fake exec /work-test\n--deny-exec", ONE(execve, A_FILE(A)), DENIED(EACCES, EXEC), A },
	/* What no rule lets be faked */
	{ FAKE, { .nr = __NR_chmod, .mode = 04755, .file = { A_FILE(A) } },
	  DENIED(EPERM, WRITE), A },
	{ FAKE, ONE(inotify_add_watch, A_FOLDER(A)), ALLOWED(STAT), A },
	{ FAKE, ONE(name_to_handle_at, A_FILE(A)), ALLOWED(STAT), A },
	{ FAKE "\nhide /x", ONE(inotify_add_watch, A_FOLDER(A)), DENIED(EACCES, STAT), A },
	{ FAKE, OPENS(O_WRONLY, A_STRANGER(A)), DENIED(EACCES, WRITE), A },
	{ FAKE, OPENS(O_WRONLY, A_FAILURE(EACCES)), DENIED(EACCES, WRITE), NULL },
};

START_TEST(faked_calls)
{
	check_row(&rows[_i], _i);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("decide_fake");
	TCase *tcase = tcase_create("fake");

	tcase_add_loop_test(tcase, faked_calls, 0, sizeof(rows) / sizeof(rows[0]));
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
