/* SPDX-License-Identifier: Apache-2.0 */
/* test_direct.c: which opens are made in one lookup, and what is left to the long way. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "filters/nr.h"
#include "filters/policy.h"
#include "filters/syscalls.h"
#include "filters/vars.h"
#include "tests/support/place.h"
#include "tests/support/suite.h"
#include "tracer/direct.h"

static struct policy *policy;
static struct run_config config;
static struct tracer tracer = { .config = &config };
static struct tracee tracee = { .given.fd = -1 };

static void setup(void)
{
	char path[PATH_MAX];
	struct policy_vars vars = { 0 };
	struct fault fault;
	int e;

	place_make();
	place_folder("@/in");
	place_folder("@/7");
	place_folder("@/secrets");
	place_file("@/file");
	place_file("@/7/file");
	place_file("@/in/secret");
	place_link("file", "@/link");
	place_link("in", "@/way");
	ck_assert_int_eq(mkfifo(place_at("@/pipe", path), 0600), 0);
	policy = policy_new();
	config.policy = policy;
	e = policy_add_option(policy, &vars, VERDICT_ALLOW, CLASS_READ, place_at("@", path),
			      &fault);
	ck_assert_int_eq(e, 0);
	ck_assert_int_eq(policy_shut(policy, place_at("@/in/secret", path), "a test"), 0);
	ck_assert_int_eq(policy_shut(policy, place_at("@/secrets", path), "a test"), 0);
}

static void teardown(void)
{
	policy_free(policy);
	place_remove();
}

static struct op *op_of(const char *path, int flags)
{
	struct op *op = op_new(DOOR_NOTIFY, getpid(), getpid());
	struct object *object;

	ck_assert_ptr_nonnull(op);
	object = op_object(op);
	ck_assert_ptr_nonnull(object);
	place_at(path, object->raw);
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
	{ "@/in", O_RDONLY | O_DIRECTORY, true },
	{ "@/in", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK, true },
	{ "@/in", O_RDONLY | O_DIRECTORY | O_CREAT, false },
	{ "@/in/", O_RDONLY | O_DIRECTORY, false },
	{ "@/way", O_RDONLY | O_DIRECTORY, false },
	{ "@/secrets", O_RDONLY | O_DIRECTORY, false },
	{ "/etc", O_RDONLY | O_DIRECTORY, false },
	{ "/proc/self", O_RDONLY | O_DIRECTORY, false },
	{ "/proc", O_RDONLY | O_DIRECTORY, false },
	{ "@/file", O_RDONLY | O_NOATIME, false },
	{ "@/7/file", O_RDONLY, false },
	{ "@/in", O_RDONLY, true },
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
