/* SPDX-License-Identifier: Apache-2.0 */
/* test_decide_file.c: open, remove, make, change, access, stat, umask. */
#include "tests/filters/decide_check.h"

#define IN "/work-test/in/a"
#define OUT "/work-test/out/a"
#define READS "allow read /work-test/in"
#define WRITES "allow write /work-test/in"
#define BOTH READS "\n" WRITES
#define TMPFILE_BIT 020000000

#define OPEN(name_, flags_, file_) { .nr = __NR_##name_, .flags = (flags_), .file = { file_ } }
#define MODE(name_, mode_, file_) { .nr = __NR_##name_, .mode = (mode_), .file = { file_ } }
#define CREATE(mode_) { .nr = __NR_openat, .flags = O_WRONLY | O_CREAT, .mode = (mode_), \
			.file = { A_NEW(IN) } }
#define ON(name_, file_) { .nr = __NR_##name_, .file = { file_ } }

static const struct row open_rows[] = {
	{ READS, OPEN(openat, O_RDONLY, A_FILE(IN)), ALLOWED(READ), IN },
	{ READS, OPEN(openat, O_WRONLY, A_FILE(IN)), DENIED(EACCES, WRITE), IN },
	{ READS, OPEN(openat, O_RDWR, A_FILE(IN)), DENIED(EACCES, WRITE), IN },
	{ READS, OPEN(openat, O_ACCMODE, A_FILE(IN)), DENIED(EACCES, WRITE), IN },
	{ READS, OPEN(openat, O_RDONLY | O_TRUNC, A_FILE(IN)), DENIED(EACCES, WRITE), IN },
	{ READS, OPEN(openat, O_RDONLY | O_CREAT, A_FILE(IN)), DENIED(EACCES, WRITE), IN },
	{ READS, OPEN(openat, O_RDONLY | O_CREAT | O_EXCL, A_FILE(IN)), DENIED(EACCES, WRITE) },
	{ READS, OPEN(openat, O_RDONLY | O_CREAT, A_NEW(IN)), DENIED(EACCES, WRITE), IN },
	{ READS, OPEN(openat, O_RDONLY | TMPFILE_BIT, A_FOLDER(IN)), DENIED(EACCES, WRITE) },
	{ READS, OPEN(openat, O_RDONLY | O_DIRECTORY, A_FOLDER(IN)), ALLOWED(READ) },
	{ READS, OPEN(openat, O_RDONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW, A_FILE(IN)),
	  ALLOWED(READ) },
	{ READS, OPEN(openat, O_RDONLY | O_EXCL, A_FILE(IN)), ALLOWED(READ) },
	{ READS, OPEN(openat, O_RDONLY, A_FILE(OUT)), DENIED(EACCES, READ), OUT },
	{ READS, OPEN(open, O_RDONLY, A_FILE(IN)), ALLOWED(READ) },
	{ READS, OPEN(open, O_RDONLY | O_TRUNC, A_FILE(IN)), DENIED(EACCES, WRITE) },
	{ READS, OPEN(openat2, O_RDONLY, A_FILE(IN)), ALLOWED(READ) },
	{ READS, OPEN(openat2, O_RDWR, A_FILE(IN)), DENIED(EACCES, WRITE) },
	{ WRITES, OPEN(openat, O_RDONLY, A_FILE(IN)), DENIED(EACCES, READ) },
	{ WRITES, OPEN(openat, O_WRONLY, A_FILE(IN)), ALLOWED(WRITE) },
	{ WRITES, OPEN(openat, O_WRONLY | O_CREAT | O_TRUNC, A_NEW(IN)), ALLOWED(WRITE) },
	{ WRITES, OPEN(openat, O_RDWR, A_FILE(IN)), DENIED(EACCES, READ), IN },
	{ WRITES, OPEN(openat, O_ACCMODE, A_FILE(IN)), DENIED(EACCES, READ), IN },
	{ WRITES, OPEN(openat, O_RDONLY | O_TRUNC, A_FILE(IN)), DENIED(EACCES, READ), IN },
	{ WRITES, OPEN(openat, O_WRONLY | TMPFILE_BIT, A_FOLDER(IN)), ALLOWED(WRITE) },
	{ BOTH, OPEN(openat, O_RDWR, A_FILE(IN)), ALLOWED(WRITE), IN },
	{ BOTH, OPEN(openat, O_RDWR | O_TMPFILE, A_FOLDER(IN)), ALLOWED(WRITE) },
	{ BOTH, OPEN(openat, O_RDONLY | O_TRUNC, A_FILE(IN)), ALLOWED(WRITE) },
	{ BOTH, OPEN(openat, O_RDWR | O_CREAT, A_NEW(OUT)), DENIED(EACCES, WRITE), OUT },
	{ "", OPEN(openat, O_RDWR, A_FILE(IN)), DENIED(EACCES, WRITE), IN },
	{ "-A", OPEN(openat, O_RDWR | O_CREAT | O_TRUNC, A_NEW(IN)), ALLOWED(WRITE) },
	{ "-A\n--deny-write", OPEN(openat, O_RDWR, A_FILE(IN)), DENIED(EACCES, WRITE) },
	{ BOTH "\n--deny-read", OPEN(openat, O_RDWR, A_FILE(IN)), DENIED(EACCES, READ) },
	/* creat has no flags argument: zeroed flags do not make it a read. */
	{ READS, OPEN(creat, 0, A_NEW(IN)), DENIED(EACCES, WRITE) },
	{ READS, OPEN(creat, O_PATH, A_NEW(IN)), DENIED(EACCES, WRITE) },
	{ WRITES, OPEN(creat, 0, A_NEW(IN)), ALLOWED(WRITE) },
	/* The kernel ignores the other bits beside O_PATH. */
	{ "", OPEN(openat, O_PATH, A_FILE(IN)), ALLOWED(STAT) },
	{ "", OPEN(openat, O_PATH | O_RDWR | O_CREAT | O_TRUNC, A_FILE(IN)), ALLOWED(STAT) },
	{ "-A", OPEN(openat2, O_PATH, A_STRANGER("/proc/1/fd/3")), DENIED(EACCES, STAT) },
	/* KILL outranks the earlier refusal. */
	{ "kill read " IN, OPEN(openat, O_RDWR, A_FILE(IN)), KILLED(READ) },
	{ "kill write " IN, OPEN(openat, O_RDWR, A_FILE(IN)), KILLED(WRITE) },
	{ READS "\nkill write " IN, OPEN(openat, O_RDONLY, A_FILE(IN)), ALLOWED(READ) },
	/* Descriptors */
	{ "", OPEN(openat, O_RDWR, A_HELD(IN)), ALLOWED(WRITE) },
	{ "", OPEN(openat, O_RDONLY, A_PIPE), ALLOWED(READ) },
	{ "", OPEN(openat, O_WRONLY, A_PIPE), ALLOWED(WRITE) },
	{ "-A", OPEN(openat, O_RDONLY, A_STRANGER("/proc/1/mem")), DENIED(EACCES, READ) },
	{ "-A", OPEN(openat, O_RDONLY, A_FAILURE(ELOOP)), DENIED(EACCES, READ) },
	{ "-A", OPEN(openat, O_WRONLY, A_FAILURE(EFAULT)), DENIED(EACCES, WRITE) },
	/* Set-id bits at birth */
	{ WRITES, CREATE(0644), ALLOWED(WRITE) },
	{ WRITES, CREATE(01777), ALLOWED(WRITE) },
	{ WRITES, CREATE(04755), DENIED(EPERM, WRITE), IN },
	{ WRITES, CREATE(02755), DENIED(EPERM, WRITE), IN },
	{ READS, CREATE(04755), DENIED(EACCES, WRITE), IN },
	{ "-A", CREATE(06755), ALLOWED(WRITE) },
	{ WRITES, MODE(creat, 04755, A_NEW(IN)), DENIED(EPERM, WRITE) },
	{ READS, MODE(openat, 06000, A_FILE(IN)), ALLOWED(READ) },
};

static const struct row name_rows[] = {
	{ "", ON(unlink, A_FILE(IN)), DENIED(EACCES, DELETE), IN },
	{ READS, ON(unlinkat, A_FILE(IN)), DENIED(EACCES, DELETE), IN },
	{ WRITES, ON(unlinkat, A_FILE(IN)), ALLOWED(DELETE), IN },
	{ "allow delete /work-test/in", ON(rmdir, A_FOLDER(IN)), ALLOWED(DELETE) },
	{ WRITES "\n--deny-delete", ON(unlink, A_FILE(IN)), DENIED(EACCES, DELETE) },
	{ WRITES "\ndeny delete " IN, ON(unlink, A_FILE(IN)), DENIED(EACCES, DELETE) },
	{ "kill delete " IN, ON(unlink, A_FILE(IN)), KILLED(DELETE) },
	{ "-A", ON(rmdir, A_FOLDER(IN)), ALLOWED(DELETE) },
	/* An open descriptor is no leave to remove the name. */
	{ "", ON(unlink, A_HELD(IN)), DENIED(EACCES, DELETE) },
	{ "-A", ON(unlink, A_PIPE), DENIED(EACCES, DELETE) },
	{ "-A", ON(unlink, A_STRANGER("/proc/1/x")), DENIED(EACCES, DELETE) },

	{ "", ON(mkdir, A_NEW(IN)), DENIED(EACCES, WRITE), IN },
	{ READS, ON(mkdirat, A_NEW(IN)), DENIED(EACCES, WRITE) },
	{ WRITES, ON(mkdirat, A_NEW(IN)), ALLOWED(WRITE) },
	{ WRITES, ON(symlinkat, A_NEW(IN)), ALLOWED(WRITE) },
	{ WRITES, ON(symlink, A_NEW(OUT)), DENIED(EACCES, WRITE), OUT },
	/* A link to a folder that holds what may not be written there. */
	{ WRITES "\ndeny write " IN "/x/y", ON(symlink, A_NEW(IN)), DENIED(EACCES, WRITE), IN },
	{ WRITES "\ndeny write " IN "/x/y", ON(symlinkat, A_NEW(IN "/x")), DENIED(EACCES, WRITE) },
	{ WRITES "\ndeny write " IN "/x/y", ON(symlink, A_NEW(IN "b")), ALLOWED(WRITE) },
	{ WRITES "\ndeny write " IN "/x/y", ON(mkdir, A_NEW(IN)), ALLOWED(WRITE) },
	{ "", ON(mkdir, A_HELD(IN)), DENIED(EACCES, WRITE) },
	{ "-A", ON(symlink, A_NEW(IN)), ALLOWED(WRITE) },
	/* mkdir(2) ignores the type and set-id bits of its mode. */
	{ WRITES, MODE(mkdir, 02755, A_NEW(IN)), ALLOWED(WRITE) },
	{ WRITES, MODE(mkdir, S_IFCHR | 0755, A_NEW(IN)), ALLOWED(WRITE) },
	{ WRITES, MODE(mknodat, 0644, A_NEW(IN)), ALLOWED(WRITE) },
	{ WRITES, MODE(mknodat, S_IFREG | 0644, A_NEW(IN)), ALLOWED(WRITE) },
	{ WRITES, MODE(mknodat, S_IFREG | 04755, A_NEW(IN)), DENIED(EPERM, WRITE) },
	{ WRITES, MODE(mknodat, 02755, A_NEW(IN)), DENIED(EPERM, WRITE) },
	{ WRITES, MODE(mknodat, S_IFIFO | 0600, A_NEW(IN)), ALLOWED(WRITE) },
	{ WRITES, MODE(mknod, S_IFSOCK | 0600, A_NEW(IN)), ALLOWED(WRITE) },
	{ WRITES, MODE(mknod, S_IFCHR | 0600, A_NEW(IN)), DENIED(EPERM, WRITE), IN },
	{ WRITES, MODE(mknodat, S_IFBLK | 0600, A_NEW(IN)), DENIED(EPERM, WRITE), IN },
	{ WRITES, MODE(mknodat, S_IFDIR | 0600, A_NEW(IN)), DENIED(EPERM, WRITE), IN },
	{ WRITES, MODE(mknodat, S_IFMT | 0600, A_NEW(IN)), DENIED(EPERM, WRITE), IN },
	{ READS, MODE(mknodat, S_IFIFO | 0600, A_NEW(IN)), DENIED(EACCES, WRITE), IN },
	{ "kill write " IN, MODE(mknodat, S_IFCHR, A_NEW(IN)), KILLED(WRITE), IN },
	{ "-A", MODE(mknodat, S_IFCHR | 0600, A_NEW(IN)), ALLOWED(WRITE), IN },
	{ "-A\n--deny-write", MODE(mknod, S_IFCHR, A_NEW(IN)), DENIED(EACCES, WRITE), IN },
};

static const struct row change_rows[] = {
	{ WRITES, MODE(chmod, 0644, A_FILE(IN)), ALLOWED(WRITE), IN },
	{ WRITES, MODE(chmod, 0644, A_FILE(OUT)), DENIED(EACCES, WRITE), OUT },
	{ WRITES, MODE(chmod, 04755, A_FILE(IN)), DENIED(EPERM, WRITE), IN },
	{ WRITES, MODE(fchmod, 02755, A_FILE(IN)), DENIED(EPERM, WRITE), IN },
	{ WRITES, MODE(fchmodat, 06755, A_FILE(IN)), DENIED(EPERM, WRITE), IN },
	{ WRITES, MODE(fchmodat2, 04755, A_FILE(IN)), DENIED(EPERM, WRITE), IN },
	{ WRITES, MODE(fchmodat2, 01755, A_FILE(IN)), ALLOWED(WRITE), IN },
	{ WRITES, MODE(chmod, 02775, A_FOLDER(IN)), ALLOWED(WRITE), IN },
	{ WRITES, MODE(chmod, 02775, A_NEW(IN)), DENIED(EPERM, WRITE), IN },
	{ "", MODE(fchmod, 04755, A_HELD(IN)), DENIED(EPERM, WRITE), IN },
	{ "", MODE(fchmod, 0755, A_HELD(IN)), ALLOWED(WRITE), IN },
	{ "", MODE(fchmod, 04755, A_MEMFD(true)), DENIED(EPERM, WRITE) },
	{ "-A", MODE(chmod, 04755, A_FILE(IN)), ALLOWED(WRITE), IN },
	{ READS, MODE(fchmod, 0777, A_FILE(IN)), DENIED(EACCES, WRITE), IN },
	/* Not modes, though a mode was left over. */
	{ WRITES, MODE(truncate, 06000, A_FILE(IN)), ALLOWED(WRITE) },
	{ WRITES, MODE(utimensat, 06000, A_FILE(IN)), ALLOWED(WRITE) },
	{ "", ON(fchown, A_MEMFD(true)), ALLOWED(WRITE) },
	{ "", ON(fchown, A_MEMFD(false)), DENIED(EACCES, WRITE) },
	{ "", ON(utimensat, A_PIPE), DENIED(EACCES, WRITE) },
	{ "-A", ON(utimensat, A_PIPE), ALLOWED(WRITE) },
	{ "-A", ON(chown, A_STRANGER("/proc/1/x")), DENIED(EACCES, WRITE) },
	{ "-A", ON(chown, A_FAILURE(EFAULT)), DENIED(EACCES, WRITE) },
	{ "kill write " IN, MODE(chmod, 04755, A_FILE(IN)), KILLED(WRITE), IN },
};

static const struct row ask_rows[] = {
	{ READS, { .nr = __NR_access, .args = { 0, INT(W_OK) }, .file = { A_FILE(IN) } },
	  DENIED(EACCES, WRITE), IN },
	{ READS, { .nr = __NR_access, .args = { 0, INT(R_OK | W_OK | X_OK) },
		   .file = { A_FILE(IN) } }, DENIED(EACCES, WRITE), IN },
	{ WRITES, { .nr = __NR_access, .args = { 0, INT(W_OK) }, .file = { A_FILE(IN) } },
	  ALLOWED(WRITE), IN },
	{ "", { .nr = __NR_access, .args = { 0, INT(R_OK | X_OK) }, .file = { A_FILE(IN) } },
	  ALLOWED(STAT) },
	{ "", { .nr = __NR_access, .args = { 0, INT(F_OK), W_OK }, .file = { A_FILE(IN) } },
	  ALLOWED(STAT) },
	{ "", { .nr = __NR_faccessat, .args = { 0, 0, INT(W_OK) }, .file = { A_FILE(IN) } },
	  DENIED(EACCES, WRITE), IN },
	{ "", { .nr = __NR_faccessat, .args = { 0, W_OK, INT(R_OK) }, .file = { A_FILE(IN) } },
	  ALLOWED(STAT) },
	{ "", { .nr = __NR_faccessat2, .args = { 0, 0, INT(W_OK) }, .file = { A_FILE(IN) } },
	  DENIED(EACCES, WRITE), IN },
	{ "", { .nr = __NR_faccessat2, .args = { 0, 0, INT(R_OK), W_OK }, .file = { A_FILE(IN) } },
	  ALLOWED(STAT) },
	{ "", { .nr = __NR_faccessat2, .args = { 0, 0, INT(W_OK) }, .file = { A_PIPE } },
	  ALLOWED(WRITE) },
	{ "-A", { .nr = __NR_faccessat2, .args = { 0, 0, INT(W_OK) }, .file = { A_FILE(IN) } },
	  ALLOWED(WRITE), IN },

	{ "", ON(newfstatat, A_FILE(IN)), ALLOWED(STAT), IN },
	{ "--deny-read\n--deny-write", ON(statx, A_FILE(IN)), ALLOWED(STAT), IN },
	{ "deny stat " IN, ON(newfstatat, A_FILE(IN)), DENIED(EACCES, STAT), IN },
	{ "deny stat " IN, ON(lstat, A_FILE(OUT)), ALLOWED(STAT), OUT },
	{ "deny stat /work-test", ON(readlinkat, A_FILE(IN)), DENIED(EACCES, STAT), IN },
	{ "deny stat /work-test\nallow stat /work-test/in", ON(statx, A_FILE(IN)), ALLOWED(STAT) },
	{ "--deny-stat", ON(stat, A_FILE(IN)), DENIED(EACCES, STAT) },
	{ "kill stat " IN, ON(getxattr, A_FILE(IN)), KILLED(STAT) },
	{ "deny stat " IN, ON(newfstatat, A_HELD(IN)), ALLOWED(STAT), IN },
	{ "deny stat /work-test", ON(newfstatat, A_PIPE), ALLOWED(STAT) },
	{ "", ON(newfstatat, A_FAILURE(ELOOP)), DENIED(EACCES, STAT) },
	{ "", ON(readlinkat, A_STRANGER("/proc/1/exe")), DENIED(EACCES, STAT) },
	{ "-A", ON(readlinkat, A_STRANGER("/proc/1/exe")), DENIED(EACCES, STAT) },

	{ "", { .nr = __NR_umask, .args = { 077 } }, ALLOWED(PROCESS) },
};

START_TEST(test_open) { check_row(&open_rows[_i], _i); }
END_TEST

START_TEST(test_name) { check_row(&name_rows[_i], _i); }
END_TEST

START_TEST(test_change) { check_row(&change_rows[_i], _i); }
END_TEST

START_TEST(test_ask) { check_row(&ask_rows[_i], _i); }
END_TEST

/* Every set of the flags that say something about intent, against open(2) in other words. */
START_TEST(test_open_every_flag_set)
{
	static const int extras[] = { O_CREAT, O_TRUNC, TMPFILE_BIT, O_DIRECTORY, O_EXCL, O_APPEND,
				      O_NOFOLLOW, O_CLOEXEC, O_NONBLOCK };
	static const char *const rules[] = { "", READS, WRITES, BOTH };
	bool may_read = _i & 1, may_write = _i & 2;
	struct policy *policy = policy_of(rules[_i]);

	for (int set = 0; set < 4 << ARRAY_SIZE(extras); set++) {
		struct call call = OPEN(openat, set & 3, A_FILE(IN));
		bool makes = set >> 2 & 7;
		bool reads = (set & 3) != 1;
		bool writes = (set & 3) != 0 || makes;

		call.row = syscall_by_nr(__NR_openat);
		for (unsigned bit = 0; bit < ARRAY_SIZE(extras); bit++)
			if (set & 4 << bit)
				call.flags |= extras[bit];
		ck_assert_msg((decide(policy, &call).kind == VERDICT_ALLOW) ==
			      ((!reads || may_read) && (!writes || may_write)),
			      "flags %#o under [%s]", call.flags, rules[_i]);
	}
	policy_free(policy);
}
END_TEST

/* A probe gets the same answer; only who hears about it differs. */
START_TEST(test_probe_is_no_excuse)
{
	struct call call = { .nr = __NR_faccessat, .args = { 0, 0, W_OK }, .is_probe = true,
			     .file = { A_FILE(IN) } };

	ck_assert_int_eq(verdict_of(READS, &call, "probe").kind, VERDICT_DENY);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("decide_file");
	TCase *tcase = tcase_create("rows");

	tcase_add_loop_test(tcase, test_open, 0, ARRAY_SIZE(open_rows));
	tcase_add_loop_test(tcase, test_name, 0, ARRAY_SIZE(name_rows));
	tcase_add_loop_test(tcase, test_change, 0, ARRAY_SIZE(change_rows));
	tcase_add_loop_test(tcase, test_ask, 0, ARRAY_SIZE(ask_rows));
	tcase_add_loop_test(tcase, test_open_every_flag_set, 0, 4);
	tcase_add_test(tcase, test_probe_is_no_excuse);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
