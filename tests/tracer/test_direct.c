/* SPDX-License-Identifier: Apache-2.0 */
/* test_direct.c: which opens are made in one lookup, and what is left to the long way. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "filters/nr.h"
#include "filters/policy.h"
#include "filters/syscalls.h"
#include "filters/vars.h"
#include "tests/support/suite.h"
#include "tracer/direct.h"

static char folder[64];
static struct policy *policy;
static struct run_config config;
static struct tracer tracer = { .config = &config };
static struct tracee tracee = { .given.fd = -1 };

static const char *at(const char *path, char out[PATH_MAX])
{
	snprintf(out, PATH_MAX, "%s%s", *path == '@' ? folder : "", path + (*path == '@'));
	return out;
}

static void make_file(const char *name)
{
	char path[PATH_MAX];
	int fd = creat(at(name, path), 0600);

	ck_assert_int_ge(fd, 0);
	close(fd);
}

static void setup(void)
{
	char path[PATH_MAX];
	struct policy_vars vars = { 0 };
	struct fault fault;
	int e;

	strcpy(folder, "/tmp/pyjail-direct.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(mkdir(at("@/in", path), 0700), 0);
	ck_assert_int_eq(mkdir(at("@/7", path), 0700), 0);
	make_file("@/file");
	make_file("@/7/file");
	make_file("@/in/secret");
	ck_assert_int_eq(symlink("file", at("@/link", path)), 0);
	ck_assert_int_eq(symlink("in", at("@/way", path)), 0);
	ck_assert_int_eq(mkfifo(at("@/pipe", path), 0600), 0);
	policy = policy_new();
	config.policy = policy;
	e = policy_add_option(policy, &vars, VERDICT_ALLOW, CLASS_READ, folder, &fault);
	ck_assert_int_eq(e, 0);
	ck_assert_int_eq(policy_shut(policy, at("@/in/secret", path), "a test"), 0);
}

static void teardown(void)
{
	char command[128];

	policy_free(policy);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	ck_assert_int_eq(system(command), 0);
}

static struct op *op_of(const char *path, int flags)
{
	struct op *op = op_new(DOOR_NOTIFY, getpid(), getpid());
	struct object *object;

	ck_assert_ptr_nonnull(op);
	object = op_object(op);
	ck_assert_ptr_nonnull(object);
	at(path, object->raw);
	object->lookup = flags & O_NOFOLLOW ? LOOKUP_LINK : LOOKUP_FOLLOW;
	op->call.nr = __NR_openat;
	op->call.row = syscall_by_nr(__NR_openat);
	op->call.flags = flags;
	return op;
}

static const struct {
	const char *path;        /* below the folder when it begins with @ */
	int flags;
	bool is_open;
} rows[] = {
	{ "@/file", O_RDONLY, true },
	{ "@/file", O_RDONLY | O_CLOEXEC | O_NOFOLLOW, true },
	{ "@/file", O_RDONLY | O_NONBLOCK, true },
	{ "@/file", O_WRONLY, false },
	{ "@/file", O_RDWR, false },
	{ "@/file", O_RDONLY | O_TRUNC, false },
	{ "@/file", O_RDONLY | O_CREAT, false },
	{ "@/file", O_PATH, false },
	{ "@/file", O_RDONLY | O_DIRECTORY, false },
	{ "@/file", O_RDONLY | O_NOATIME, false },
	{ "@/7/file", O_RDONLY, false },
	{ "@/in", O_RDONLY, false },
	{ "@/pipe", O_RDONLY, false },
	{ "@/link", O_RDONLY, false },
	{ "@/link", O_RDONLY | O_NOFOLLOW, false },
	{ "@/way/secret", O_RDONLY, false },
	{ "@/in/secret", O_RDONLY, false },
	{ "@/missing", O_RDONLY, false },
	{ "@/./file", O_RDONLY, false },
	{ "@//file", O_RDONLY, false },
	{ "@/in/../file", O_RDONLY, false },
	{ "@/file/", O_RDONLY, false },
	{ "file", O_RDONLY, false },
	{ "", O_RDONLY, false },
	{ "/etc/passwd", O_RDONLY, false },
	{ "/dev/null", O_RDONLY, false },
	{ "/proc/self/status", O_RDONLY, false },
	{ "/proc/version", O_RDONLY, false },
};

START_TEST(paths)
{
	struct op *op = op_of(rows[_i].path, rows[_i].flags);
	int fd = direct_open(&tracer, &tracee, op);

	ck_assert_msg((fd >= 0) == rows[_i].is_open, "%s, flags %x: %d", rows[_i].path,
		      (unsigned)rows[_i].flags, fd);
	if (fd < 0) {
		ck_assert_int_eq(fd, -EAGAIN);
		ck_assert_ptr_null(op->call.file[0].path);
	} else {
		ck_assert_int_eq(op->verdict.kind, VERDICT_ALLOW);
		ck_assert_str_eq(op->call.file[0].path, op->object[0]->raw);
		ck_assert_int_ne(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
		ck_assert_int_eq(fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK),
				 rows[_i].flags & O_NONBLOCK);
		close(fd);
	}
	op_free(op);
}
END_TEST

/* What waits in a stop needs the bridge first; a kept file is for the call that made it. */
START_TEST(not_for_here)
{
	struct op *op = op_of("@/file", O_RDONLY);

	op->door = DOOR_STOP;
	ck_assert_int_eq(direct_open(&tracer, &tracee, op), -EAGAIN);
	op->door = DOOR_NOTIFY;
	op->resolve_flags = 1;
	ck_assert_int_eq(direct_open(&tracer, &tracee, op), -EAGAIN);
	op->resolve_flags = 0;
	tracee.given.fd = 0;
	ck_assert_int_eq(direct_open(&tracer, &tracee, op), -EAGAIN);
	tracee.given.fd = -1;
	ck_assert_int_ge(direct_open(&tracer, &tracee, op), 0);
	op_free(op);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("direct");
	Suite *suite = suite_create("direct");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, paths, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tcase, not_for_here);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
