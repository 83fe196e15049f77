/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_confine_landlock.c: wall 2 alone.  A child that did nothing but enter the domain tries
 * everything that wall 1 would have refused, under each ABI that this kernel has; policy allows
 * the writing, so that what refuses is Landlock's plan and not a missing rule.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>

#include "base/fail.h"
#include "filters/landlock.h"
#include "filters/landlock_abi.h"
#include "filters/policy.h"
#include "tests/support/child.h"
#include "tests/support/suite.h"
#include "tracer/confine.h"

#define TEXT "as it was"

static char base[] = "/tmp/pyjail-landlock-XXXXXX";
static char program[PATH_MAX];   /* may be executed: cat */
static char unlisted[PATH_MAX];  /* may be read but not executed: ls */

/* ---- the place where it happens ---- */

static void make_file(const char *path)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, TEXT, strlen(TEXT)), strlen(TEXT));
}

static void enter_base(void)
{
	strcpy(base + strlen(base) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(base));
	ck_assert_int_eq(chdir(base), 0);
	ck_assert_int_eq(mkdir("in", 0777) | mkdir("in/empty", 0777) | mkdir("in/sub", 0777), 0);
	ck_assert_int_eq(mkdir("out", 0777), 0);
	make_file("in/file");
	make_file("in/sub/file");
	make_file("out/file");
	ck_assert_ptr_nonnull(realpath("/bin/cat", program));
	ck_assert_ptr_nonnull(realpath("/bin/ls", unlisted));
	ck_assert_str_ne(program, unlisted);
}

static void leave_base(void)
{
	static const char *const names[] = { "in/file", "in/sub/file", "in/sub", "in/empty", "in",
					     "out/file", "out" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		remove(names[i]);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_msg(rmdir(base) == 0, "something new was left in %s", base);
}

static void check_unchanged(const char *path)
{
	cleanup_close int fd = open(path, O_RDONLY);
	char text[32] = "";

	ck_assert_msg(fd >= 0, "%s is gone", path);
	ck_assert_int_eq(read(fd, text, sizeof(text) - 1), strlen(TEXT));
	ck_assert_str_eq(text, TEXT);
}

static void add_rule(struct policy *policy, enum call_class class, const char *folder,
		     const char *name)
{
	char *pattern = NULL;

	ck_assert_int_gt(asprintf(&pattern, "%s%s", folder, name), 0);
	ck_assert_int_eq(policy_add_rule(policy, rule_new(VERDICT_ALLOW, class, pattern, "test")),
			 0);
}

static void make_plan(int abi, bool opens_itself, bool reads_all, struct landlock_plan *plan)
{
	const char *const programs[] = { program, "/lib64/ld-linux-x86-64.so.2", NULL };
	static const char *const readable[] = { "/usr", "/lib", "/lib64", "/etc", "/dev/null" };
	struct policy *policy = policy_new();

	for (size_t i = 0; i < ARRAY_SIZE(readable); i++)
		add_rule(policy, CLASS_READ, readable[i], "");
	add_rule(policy, CLASS_READ, base, "/in");
	if (reads_all)
		add_rule(policy, CLASS_READ, "/**", "");
	add_rule(policy, CLASS_READ, base, "/not-there");
	add_rule(policy, CLASS_READ, base, "/in/file/below-a-file");
	add_rule(policy, CLASS_WRITE, base, "");
	add_rule(policy, CLASS_WRITE, "/**", "");
	ck_assert_int_eq(landlock_plan_new(policy, abi, opens_itself, programs, NULL, plan), 0);
	policy_free(policy);
}

static bool is_missing(const char *test, int abi)
{
	if (landlock_abi() >= abi)
		return false;
	fprintf(stderr, "SKIP %s: Landlock ABI %d, this kernel has %d\n", test, abi,
		landlock_abi());
	return true;
}

/* ---- attempts: 0 or an errno ---- */

static int close_opened(int fd)
{
	int error = errno;

	if (fd < 0)
		return error;
	close(fd);
	return 0;
}

static int answer(int result)
{
	return result < 0 ? errno : 0;
}

static int open_writing(void) { return close_opened(open("in/file", O_WRONLY)); }
static int open_both(void) { return close_opened(open("in/file", O_RDWR)); }
static int open_appending(void) { return close_opened(open("in/sub/file", O_WRONLY | O_APPEND)); }
static int open_emptying(void) { return close_opened(open("in/file", O_WRONLY | O_TRUNC)); }
static int read_emptying(void) { return close_opened(open("in/file", O_RDONLY | O_TRUNC)); }
static int create(void) { return close_opened(open("in/new", O_RDONLY | O_CREAT, 0666)); }
static int create_unnamed(void) { return close_opened(open("in", O_RDWR | O_TMPFILE, 0666)); }
static int create_outside(void) { return close_opened(open("out/new", O_WRONLY | O_CREAT, 0666)); }
static int empty_by_name(void) { return answer(truncate("in/file", 0)); }
static int make_folder(void) { return answer(mkdir("in/new", 0777)); }
static int make_fifo(void) { return answer(mkfifo("in/new", 0666)); }
static int make_symlink(void) { return answer(symlink("file", "in/new")); }
static int make_link(void) { return answer(link("in/file", "in/new")); }
static int make_link_across(void) { return answer(link("in/file", "in/sub/new")); }
static int remove_file(void) { return answer(unlink("in/file")); }
static int remove_outside(void) { return answer(unlink("out/file")); }
static int remove_folder(void) { return answer(rmdir("in/empty")); }
static int rename_file(void) { return answer(rename("in/file", "in/new")); }
static int rename_across(void) { return answer(rename("in/file", "in/sub/new")); }
static int rename_folder(void) { return answer(rename("in/empty", "in/new")); }

static int exchange(void)
{
	return answer(renameat2(AT_FDCWD, "in/file", AT_FDCWD, "in/sub/file", RENAME_EXCHANGE));
}

static int read_outside(void) { return close_opened(open("out/file", O_RDONLY)); }
static int list_outside(void) { return close_opened(open("out", O_RDONLY | O_DIRECTORY)); }
static int leave_by_dots(void) { return close_opened(open("in/../out/file", O_RDONLY)); }
static int read_inside(void) { return close_opened(open("in/sub/file", O_RDONLY)); }
static int list_inside(void) { return close_opened(open("in/sub", O_RDONLY | O_DIRECTORY)); }

static int make_socket(void)
{
	const struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "in/new" };
	cleanup_close int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	return answer(bind(fd, (const void *)&address, sizeof(address)));
}

static int on_loopback(int (*call)(int, const struct sockaddr *, socklen_t))
{
	const struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(9),
					     .sin_addr = { htonl(INADDR_LOOPBACK) } };
	cleanup_close int fd = socket(AF_INET, SOCK_STREAM, 0);

	return answer(call(fd, (const void *)&address, sizeof(address)));
}

static int bind_tcp(void) { return on_loopback(bind); }
static int connect_tcp(void) { return on_loopback(connect); }
static int signal_parent(void) { return answer(kill(getppid(), 0)); }
static int signal_self(void) { return answer(kill(getpid(), 0)); }

/* What an own open of a device may do with it: here TCGETS, which /dev/null does not know. */
static int ask_device(void)
{
	cleanup_close int fd = open("/dev/null", O_RDONLY);
	struct termios termios;

	return fd < 0 ? errno : answer(ioctl(fd, TCGETS, &termios));
}

/* The exit status, or the errno of exec; what the program says stays in a pipe. */
static int run(const char *path, const char *argument)
{
	cleanup_close int reader = -1, writer = -1;
	int ends[2], status;
	pid_t pid;

	if (pipe(ends) < 0)
		return errno;
	reader = ends[0];
	writer = ends[1];
	pid = fork();
	if (pid == 0) {
		dup2(writer, 1);
		dup2(writer, 2);
		execl(path, path, argument, NULL);
		_exit(100 + errno);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return ECHILD;
	return WEXITSTATUS(status) > 100 ? WEXITSTATUS(status) - 100 : WEXITSTATUS(status);
}

static int run_unlisted(void) { return run(unlisted, "/usr"); }
static int run_listed(void) { return run(program, "/dev/null"); }
static int read_after_exec(void) { return run(program, "out/file"); }

static const struct attempt {
	const char *name;
	int (*try)(void);
	int since;                /* the ABI that refuses it */
	int error;                /* 0: it works */
	int other_error;          /* also right; 0: none */
	bool is_read;             /* succeeds where everything is read */
} attempts[] = {
	{ "open O_WRONLY", open_writing, 1, EACCES, 0, false },
	{ "open O_RDWR", open_both, 1, EACCES, 0, false },
	{ "open O_APPEND", open_appending, 1, EACCES, 0, false },
	{ "open O_WRONLY|O_TRUNC", open_emptying, 1, EACCES, 0, false },
	{ "open O_RDONLY|O_TRUNC", read_emptying, 3, EACCES, 0, false },
	{ "open O_CREAT", create, 1, EACCES, 0, false },
	{ "open O_TMPFILE", create_unnamed, 1, EACCES, 0, false },
	{ "open O_CREAT outside", create_outside, 1, EACCES, 0, false },
	{ "truncate", empty_by_name, 3, EACCES, 0, false },
	{ "mkdir", make_folder, 1, EACCES, 0, false },
	{ "mkfifo", make_fifo, 1, EACCES, 0, false },
	{ "symlink", make_symlink, 1, EACCES, 0, false },
	{ "link", make_link, 1, EACCES, 0, false },
	{ "link across folders", make_link_across, 1, EACCES, EXDEV, false },
	{ "unlink", remove_file, 1, EACCES, 0, false },
	{ "unlink outside", remove_outside, 1, EACCES, 0, false },
	{ "rmdir", remove_folder, 1, EACCES, 0, false },
	{ "rename", rename_file, 1, EACCES, 0, false },
	{ "rename across folders", rename_across, 1, EACCES, EXDEV, false },
	{ "rename of a folder", rename_folder, 1, EACCES, 0, false },
	{ "rename exchange", exchange, 1, EACCES, EXDEV, false },
	{ "bind a path socket", make_socket, 1, EACCES, 0, false },
	{ "read outside", read_outside, 1, EACCES, 0, true },
	{ "list outside", list_outside, 1, EACCES, 0, true },
	{ "read outside by ..", leave_by_dots, 1, EACCES, 0, true },
	{ "exec of an unlisted program", run_unlisted, 1, EACCES, 0, false },
	{ "read outside after exec", read_after_exec, 1, 1, 0, true },   /* cat's exit status */
	{ "bind TCP", bind_tcp, 4, EACCES, 0, false },
	{ "connect TCP", connect_tcp, 4, EACCES, 0, false },
	{ "ioctl on an own device", ask_device, 5, EACCES, 0, false },
	{ "signal the parent", signal_parent, 6, EPERM, 0, false },
	{ "read inside", read_inside, 1, 0, 0, false },
	{ "list inside", list_inside, 1, 0, 0, false },
	{ "exec of a listed program", run_listed, 1, 0, 0, false },
	{ "signal oneself", signal_self, 1, 0, 0, false },
};

static void attempt_body(const void *data)
{
	const struct landlock_plan *plan = data;
	char words[160];

	EXPECT(confine_no_new_privs() == 0);
	EXPECT(confine_landlock(plan) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(attempts); i++) {
		const struct attempt *a = &attempts[i];
		bool is_free = a->is_read && !(plan->handled_fs & LANDLOCK_ACCESS_FS_READ_FILE);
		int expected = is_free ? 0 : a->error;
		int error = plan->abi >= a->since ? a->try() : expected;

		snprintf(words, sizeof(words), "ABI %d, %s: %s", plan->abi, a->name,
			 errno_name(error));
		if (error != expected && !(error && error == a->other_error))
			child_give_up(__FILE__, __LINE__, words);
	}
}

/* Each ABI twice: the second time everything may be read, and still not be emptied. */
START_TEST(the_domain_alone_refuses)
{
	struct landlock_plan plan;
	int abi = 1 + _i / 2;

	if (is_missing("the_domain_alone_refuses", abi))
		return;
	make_plan(abi, true, _i % 2, &plan);
	child_run(attempt_body, &plan);
	landlock_plan_free(&plan);
	check_unchanged("in/file");
	check_unchanged("in/sub/file");
	check_unchanged("out/file");
}
END_TEST

/* As in a run whose reads the tracer performs: of what the policy reads, nothing but programs. */
static void brokered_body(const void *data)
{
	cleanup_close int before = open("in/sub/file", O_RDONLY);
	char byte;

	EXPECT(confine_no_new_privs() == 0);
	EXPECT(confine_landlock(data) == 0);
	EXPECT(read_inside() == EACCES);
	EXPECT(list_inside() == EACCES);
	EXPECT(close_opened(open("/etc/passwd", O_RDONLY)) == EACCES);
	EXPECT(close_opened(open(program, O_RDONLY)) == 0);
	EXPECT(open_writing() == EACCES);
	EXPECT(read(before, &byte, 1) == 1);
}

START_TEST(brokered_reads_have_no_right)
{
	struct landlock_plan plan;

	if (is_missing("brokered_reads_have_no_right", 1))
		return;
	make_plan(1, false, false, &plan);
	child_run(brokered_body, &plan);
	landlock_plan_free(&plan);
}
END_TEST

/* The attempts can succeed: without a domain nothing above is refused. */
static void harmless_body(const void *data)
{
	const struct landlock_plan nothing = { .abi = 0 };

	(void)data;
	EXPECT(confine_no_new_privs() == 0);
	EXPECT(confine_landlock(&nothing) == 0);
	EXPECT(make_folder() == 0 && rmdir("in/new") == 0);
	EXPECT(create() == 0 && unlink("in/new") == 0);
	EXPECT(make_symlink() == 0 && unlink("in/new") == 0);
	EXPECT(make_socket() == 0 && unlink("in/new") == 0);
	EXPECT(make_link_across() == 0 && unlink("in/sub/new") == 0);
	EXPECT(open_writing() == 0);
	EXPECT(read_outside() == 0);
	EXPECT(run_unlisted() == 0);
	EXPECT(read_after_exec() == 0);
	EXPECT(bind_tcp() == 0 || geteuid() != 0);
	EXPECT(ask_device() == ENOTTY);
	EXPECT(signal_parent() == 0);
}

START_TEST(abi_0_changes_nothing)
{
	child_run(harmless_body, NULL);
}
END_TEST

/* ---- abstract sockets ---- */

struct abstract {
	struct landlock_plan plan;
	struct sockaddr_un address;
	socklen_t length;
};

static void abstract_body(const void *data)
{
	const struct abstract *a = data;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	EXPECT(connect(fd, (const void *)&a->address, a->length) == 0);
	close(fd);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	EXPECT(confine_no_new_privs() == 0);
	EXPECT(confine_landlock(&a->plan) == 0);
	EXPECT(connect(fd, (const void *)&a->address, a->length) < 0 && errno == EPERM);
}

START_TEST(abstract_sockets_outside_are_out_of_reach)
{
	struct abstract a = { .address = { .sun_family = AF_UNIX } };
	cleanup_close int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (is_missing("abstract_sockets_outside_are_out_of_reach", 6))
		return;
	snprintf(a.address.sun_path + 1, sizeof(a.address.sun_path) - 1, "pyjail-test-%d",
		 getpid());
	a.length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			       strlen(a.address.sun_path + 1));
	ck_assert_int_eq(bind(fd, (const void *)&a.address, a.length), 0);
	ck_assert_int_eq(listen(fd, 4), 0);
	make_plan(6, true, false, &a.plan);
	child_run(abstract_body, &a);
	landlock_plan_free(&a.plan);
}
END_TEST

/* ---- roots that are no folders, no files, not there ---- */

static void odd_roots_body(const void *data)
{
	int ends[2];

	EXPECT(pipe(ends) == 0 && dup2(ends[0], 0) == 0);
	EXPECT(confine_no_new_privs() == 0);
	EXPECT(confine_landlock(data) == 0);
	EXPECT(read_inside() == EACCES);
	EXPECT(close_opened(open("in/file", O_RDONLY)) == 0);
	EXPECT(close_opened(open("/dev/stdin", O_RDONLY)) == 0);
}

START_TEST(odd_roots_are_left_out_or_narrowed)
{
	struct landlock_root roots[] = {
		{ (char *)"in/file", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR },
		{ (char *)"in/sub/file", LANDLOCK_ACCESS_FS_READ_DIR },
		{ (char *)"in/nothing", LANDLOCK_ACCESS_FS_READ_FILE },
		{ (char *)"in/file/below", LANDLOCK_ACCESS_FS_READ_FILE },
		{ (char *)"in", LANDLOCK_ACCESS_FS_IOCTL_DEV },     /* not handled */
		{ (char *)"/dev/stdin", LANDLOCK_ACCESS_FS_READ_FILE },
		{ (char *)"", LANDLOCK_ACCESS_FS_READ_FILE },
	};
	const struct landlock_plan plan = {
		.abi = 1, .handled_fs = 0x1fff, .roots = roots, .root_count = ARRAY_SIZE(roots),
	};

	if (!is_missing("odd_roots_are_left_out_or_narrowed", 1))
		child_run(odd_roots_body, &plan);
}
END_TEST

/* ---- what cannot be set up is an error ---- */

static void without_no_new_privs_body(const void *data)
{
	EXPECT(confine_capabilities() == 0);
	EXPECT(confine_landlock(data) == -EPERM);
}

static void unknown_right_body(const void *data)
{
	EXPECT(confine_no_new_privs() == 0);
	EXPECT(confine_landlock(data) == -EINVAL);
}

static void no_descriptor_left_body(const void *data)
{
	EXPECT(confine_no_new_privs() == 0);
	while (dup(0) >= 0)
		;
	EXPECT(confine_landlock(data) == -EMFILE);
	EXPECT(open_writing() == EMFILE);
}

START_TEST(failures_are_reported)
{
	const struct landlock_plan from_the_future = { .abi = 7, .handled_fs = 1ULL << 63 };
	struct landlock_plan plan;

	if (is_missing("failures_are_reported", 1))
		return;
	make_plan(1, true, false, &plan);
	child_run(without_no_new_privs_body, &plan);
	child_run(unknown_right_body, &from_the_future);
	child_run(no_descriptor_left_body, &plan);
	landlock_plan_free(&plan);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("confine_landlock");
	TCase *tcase = tcase_create("live");

	tcase_add_checked_fixture(tcase, enter_base, leave_base);
	tcase_add_loop_test(tcase, the_domain_alone_refuses, 0, 2 * LANDLOCK_ABI_MAX);
	tcase_add_test(tcase, brokered_reads_have_no_right);
	tcase_add_test(tcase, abi_0_changes_nothing);
	tcase_add_test(tcase, abstract_sockets_outside_are_out_of_reach);
	tcase_add_test(tcase, odd_roots_are_left_out_or_narrowed);
	tcase_add_test(tcase, failures_are_reported);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
