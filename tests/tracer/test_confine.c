/* SPDX-License-Identifier: Apache-2.0 */
/* test_confine.c: each step on a live child: what it can no longer do, and what it still can. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>

#include "base/fail.h"
#include "filters/landlock.h"
#include "filters/policy.h"
#include "tests/support/child.h"
#include "tests/support/suite.h"
#include "tracer/confine.h"

#define TOP_FD (CHILD_REPORT_FD - 1)

/* ---- no_new_privs, the ABI ---- */

static void no_new_privs_body(const void *data)
{
	(void)data;
	EXPECT(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0);
	EXPECT(confine_no_new_privs() == 0);
	EXPECT(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	EXPECT(confine_no_new_privs() == 0);
}

START_TEST(no_new_privs_is_set)
{
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) {
		fprintf(stderr, "SKIP no_new_privs_is_set: it is set already\n");
		return;
	}
	child_run(no_new_privs_body, NULL);
}
END_TEST

static void abi_body(const void *data)
{
	const int *error = data;

	child_refuse_call(SYS_landlock_create_ruleset, *error);
	EXPECT(landlock_abi() == 0);
}

START_TEST(abi_is_zero_without_landlock)
{
	static const int errors[] = { ENOSYS, EOPNOTSUPP, EPERM };

	child_run(abi_body, &errors[_i]);
}
END_TEST

START_TEST(abi_is_the_kernels_own)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, 1U);

	if (abi < 0)
		abi = 0;
	ck_assert_int_eq(landlock_abi(), abi > LANDLOCK_ABI_MAX ? LANDLOCK_ABI_MAX : (int)abi);
}
END_TEST

/* ---- descriptors ---- */

struct keep_row {
	int keep[8];             /* -1 ends */
	bool is_null;
};

static const struct keep_row keeps[] = {
	{ { -1 }, true },
	{ { -1 }, false },
	{ { 3, -1 }, false },
	{ { 10, 11, 12, -1 }, false },
	{ { 600, 10, 57, -1 }, false },
	{ { 57, 10, 57, 57, 10, -1 }, false },
	{ { 2, 0, 1, 2, 11, -1 }, false },            /* 0-2 stay anyway */
	{ { 5000, 9, 699, -1 }, false },              /* 5000 was never open */
	{ { TOP_FD, -1 }, false },
};

static const int close_range_errors[] = { 0, ENOSYS, EPERM };

struct descriptor_case {
	const struct keep_row *row;
	int error;
};

static bool is_kept(const struct keep_row *row, int fd)
{
	for (const int *k = row->keep; *k >= 0; k++) {
		if (*k == fd)
			return true;
	}
	return fd < 3;
}

static void descriptors_body(const void *data)
{
	const struct descriptor_case *c = data;
	int keep[9], count = 0;

	for (int fd = 3; fd <= TOP_FD; fd++)
		EXPECT(dup3(0, fd, fd % 2 ? O_CLOEXEC : 0) == fd);
	for (; c->row->keep[count] >= 0; count++)
		keep[count] = c->row->keep[count];
	/* The child's own way to report must survive too. */
	keep[count] = CHILD_REPORT_FD;
	keep[count + 1] = -1;
	if (c->error)
		child_refuse_call(SYS_close_range, c->error);
	EXPECT(confine_descriptors(keep) == 0);
	for (int fd = 0; fd <= TOP_FD; fd++) {
		int flags = fcntl(fd, F_GETFD);

		EXPECT((flags >= 0) == is_kept(c->row, fd));
		EXPECT(flags < 0 || fd < 3 || flags == (fd % 2 ? FD_CLOEXEC : 0));
	}
	if (!c->row->is_null)
		return;
	/* A failure of this last one is seen only by the way the child ends. */
	EXPECT(confine_descriptors(NULL) == 0);
	if (fcntl(CHILD_REPORT_FD, F_GETFD) >= 0)
		_exit(1);
}

START_TEST(descriptors_are_closed_save_those_listed)
{
	const struct descriptor_case c = {
		.row = &keeps[_i % (int)ARRAY_SIZE(keeps)],
		.error = close_range_errors[_i / (int)ARRAY_SIZE(keeps)],
	};

	child_run(descriptors_body, &c);
}
END_TEST

static void failing_close_body(const void *data)
{
	(void)data;
	child_refuse_call(SYS_close_range, EIO);
	EXPECT(confine_descriptors(NULL) == -EIO);
}

START_TEST(a_failing_close_is_reported)
{
	child_run(failing_close_body, NULL);
}
END_TEST

/* ---- capabilities ---- */

/* The bounding set, which needs CAP_SETPCAP to be emptied, comes last. */
static const char *const sets[] = { "CapInh:", "CapPrm:", "CapEff:", "CapAmb:", "CapBnd:" };

#define ALL_SETS ARRAY_SIZE(sets)
#define HELD_SETS (ALL_SETS - 1)

/* The value of one set in the text of a /proc/PID/status; all ones when it is not there. */
static unsigned long long set_of(const char *status, const char *name)
{
	const char *at = strstr(status, name);
	unsigned long long value = ~0ULL;

	if (at)
		sscanf(at + strlen(name), "%llx", &value);
	return value;
}

static void read_own_status(char *text, size_t size)
{
	cleanup_close int fd = open("/proc/self/status", O_RDONLY);
	ssize_t n = read(fd, text, size - 1);

	EXPECT(n > 0);
	text[n] = '\0';
}

/* The same as seen by a program that is executed now. */
static void read_status_after_exec(char *text, size_t size)
{
	size_t used = 0;
	int ends[2];
	ssize_t n;
	pid_t pid;

	EXPECT(pipe(ends) == 0);
	pid = fork();
	EXPECT(pid >= 0);
	if (pid == 0) {
		dup2(ends[1], 1);
		execl("/bin/cat", "cat", "/proc/self/status", NULL);
		_exit(1);
	}
	close(ends[1]);
	while (used < size - 1 && (n = read(ends[0], text + used, size - 1 - used)) > 0)
		used += (size_t)n;
	text[used] = '\0';
	close(ends[0]);
	EXPECT(waitpid(pid, NULL, 0) == pid);
	EXPECT(used > 0);
}

static void expect_empty(const char *status, size_t checked)
{
	for (size_t i = 0; i < checked; i++)
		EXPECT(set_of(status, sets[i]) == 0);
}

static void capabilities_body(const void *data)
{
	const bool *with_no_new_privs = data;
	char status[8192];

	if (*with_no_new_privs)
		EXPECT(confine_no_new_privs() == 0);
	EXPECT(confine_capabilities() == 0);
	read_own_status(status, sizeof(status));
	expect_empty(status, ALL_SETS);
	read_status_after_exec(status, sizeof(status));
	expect_empty(status, ALL_SETS);
	EXPECT((prctl(PR_GET_SECUREBITS) & (SECBIT_NOROOT | SECBIT_NOROOT_LOCKED)) ==
	       (SECBIT_NOROOT | SECBIT_NOROOT_LOCKED));
	EXPECT(prctl(PR_SET_SECUREBITS, 0, 0, 0, 0) < 0);
	EXPECT(confine_capabilities() == 0);
}

static void set_capabilities(unsigned long long value)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets_of[2] = { 0 };

	for (unsigned i = 0; i < 2; i++) {
		sets_of[i].effective = (unsigned)(value >> (32 * i));
		sets_of[i].permitted = sets_of[i].effective;
	}
	EXPECT(syscall(SYS_capset, &header, sets_of) == 0);
}

/* A container's root without CAP_SETPCAP: nothing can be locked, no_new_privs holds it. */
static void without_setpcap_body(const void *data)
{
	unsigned long long had;
	char status[8192];

	(void)data;
	read_own_status(status, sizeof(status));
	had = set_of(status, "CapPrm:");
	set_capabilities(had & ~(1ULL << CAP_SETPCAP));
	EXPECT(confine_no_new_privs() == 0);
	EXPECT(confine_capabilities() == 0);
	read_own_status(status, sizeof(status));
	expect_empty(status, HELD_SETS);
	read_status_after_exec(status, sizeof(status));
	expect_empty(status, HELD_SETS);
}

static void ambient_body(const void *data)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct now[2];

	EXPECT(syscall(SYS_capget, &header, now) == 0);
	now[0].inheritable = now[0].permitted;
	EXPECT(syscall(SYS_capset, &header, now) == 0);
	EXPECT(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0) == 0);
	capabilities_body(data);
}

static void ordinary_user_body(const void *data)
{
	char status[8192];

	(void)data;
	if (geteuid() == 0)
		EXPECT(setgid(65534) == 0 && setuid(65534) == 0);
	EXPECT(confine_capabilities() == 0);
	read_own_status(status, sizeof(status));
	expect_empty(status, HELD_SETS);
}

static bool can_set_capabilities(const char *test)
{
	if (geteuid() == 0 && prctl(PR_CAPBSET_READ, CAP_SETPCAP, 0, 0, 0) == 1)
		return true;
	fprintf(stderr, "SKIP %s: needs root with CAP_SETPCAP\n", test);
	return false;
}

START_TEST(root_holds_no_capability)
{
	static const bool with_no_new_privs[] = { false, true };

	if (can_set_capabilities("root_holds_no_capability"))
		child_run(capabilities_body, &with_no_new_privs[_i]);
}
END_TEST

START_TEST(ambient_capabilities_go_too)
{
	const bool no = false;

	if (can_set_capabilities("ambient_capabilities_go_too"))
		child_run(ambient_body, &no);
}
END_TEST

START_TEST(root_without_setpcap_gains_nothing_by_exec)
{
	if (can_set_capabilities("root_without_setpcap_gains_nothing_by_exec"))
		child_run(without_setpcap_body, NULL);
}
END_TEST

START_TEST(an_ordinary_user_has_nothing_to_drop)
{
	child_run(ordinary_user_body, NULL);
}
END_TEST

/* ---- descriptors opened outside the domain and handed in ---- */

struct handed {
	const struct landlock_plan *plan;
	int socket;
};

static void hand_over(int socket, int fd)
{
	char room[CMSG_SPACE(sizeof(int))] = { 0 }, byte = 0;
	struct iovec part = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = room,
				  .msg_controllen = sizeof(room) };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	*head = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
				  .cmsg_len = CMSG_LEN(sizeof(int)) };
	memcpy(CMSG_DATA(head), &fd, sizeof(fd));
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(sendmsg(socket, &message, 0), 1);
}

static int take_over(int socket)
{
	char room[CMSG_SPACE(sizeof(int))], byte;
	struct iovec part = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = room,
				  .msg_controllen = sizeof(room) };
	int fd;

	EXPECT(recvmsg(socket, &message, 0) == 1 && CMSG_FIRSTHDR(&message));
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

/*
 * What the broker opens and injects is not restricted, but opening it once more would be.  The
 * order is that of hand_over below.
 */
static void handed_body(const void *data)
{
	const struct handed *h = data;
	struct termios termios;
	struct winsize size;
	char own_name[32];
	int fd;

	EXPECT(confine_no_new_privs() == 0);
	EXPECT(confine_landlock(h->plan) == 0);
	fd = take_over(h->socket);
	EXPECT(write(fd, "written", 7) == 7);
	EXPECT(ftruncate(fd, 3) == 0);
	snprintf(own_name, sizeof(own_name), "/proc/self/fd/%d", fd);
	EXPECT(open(own_name, O_WRONLY) < 0 && errno == EACCES);
	fd = take_over(h->socket);
	EXPECT(ioctl(fd, TCGETS, &termios) == 0);
	EXPECT(ioctl(fd, TCSETS, &termios) == 0);
	EXPECT(ioctl(fd, TIOCGWINSZ, &size) == 0);
	EXPECT(isatty(fd) == 1);
	fd = take_over(h->socket);
	EXPECT(ioctl(fd, TCGETS, &termios) < 0 && errno == ENOTTY);
	EXPECT(ioctl(fd, TIOCGWINSZ, &size) < 0 && errno == ENOTTY);
}

static int open_terminal(int *ret_master)
{
	*ret_master = posix_openpt(O_RDWR | O_NOCTTY);
	if (*ret_master < 0 || grantpt(*ret_master) < 0 || unlockpt(*ret_master) < 0)
		return -1;
	return open(ptsname(*ret_master), O_RDWR | O_NOCTTY);
}

/* A policy that allows nothing: every right is handled, none granted. */
static void make_closed_plan(int abi, struct landlock_plan *plan)
{
	struct policy *policy = policy_new();

	ck_assert_int_eq(landlock_plan_new(policy, abi, true, NULL, NULL, plan), 0);
	ck_assert_uint_eq(plan->root_count, 0);
	policy_free(policy);
}

START_TEST(descriptors_from_outside_keep_their_rights)
{
	char path[] = "/tmp/pyjail-confine-XXXXXX";
	cleanup_close int file = mkostemp(path, O_CLOEXEC);
	cleanup_close int null = open("/dev/null", O_RDWR);
	cleanup_close int master = -1, ours = -1, theirs = -1;
	cleanup_close int terminal = open_terminal(&master);
	struct landlock_plan plan;
	struct stat stat;
	int ends[2];

	unlink(path);
	if (landlock_abi() < _i) {
		fprintf(stderr, "SKIP descriptors_from_outside_keep_their_rights: Landlock ABI %d, "
			"this kernel has %d\n", _i, landlock_abi());
		return;
	}
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	ours = ends[0];
	theirs = ends[1];
	hand_over(ours, file);
	hand_over(ours, terminal);
	hand_over(ours, null);
	make_closed_plan(_i, &plan);
	child_run(handed_body, &(struct handed){ .plan = &plan, .socket = theirs });
	landlock_plan_free(&plan);
	ck_assert_int_eq(fstat(file, &stat), 0);
	ck_assert_int_eq(stat.st_size, 3);
}
END_TEST

static TCase *descriptor_tests(void)
{
	TCase *tcase = tcase_create("descriptors");

	tcase_add_loop_test(tcase, descriptors_are_closed_save_those_listed, 0,
			    (int)(ARRAY_SIZE(keeps) * ARRAY_SIZE(close_range_errors)));
	tcase_add_test(tcase, a_failing_close_is_reported);
	tcase_add_loop_test(tcase, descriptors_from_outside_keep_their_rights, 1,
			    LANDLOCK_ABI_MAX + 1);
	return tcase;
}

static TCase *privilege_tests(void)
{
	TCase *tcase = tcase_create("privileges");

	tcase_add_test(tcase, no_new_privs_is_set);
	tcase_add_test(tcase, abi_is_the_kernels_own);
	tcase_add_loop_test(tcase, abi_is_zero_without_landlock, 0, 3);
	tcase_add_loop_test(tcase, root_holds_no_capability, 0, 2);
	tcase_add_test(tcase, ambient_capabilities_go_too);
	tcase_add_test(tcase, root_without_setpcap_gains_nothing_by_exec);
	tcase_add_test(tcase, an_ordinary_user_has_nothing_to_drop);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("confine");

	suite_add_tcase(suite, descriptor_tests());
	suite_add_tcase(suite, privilege_tests());
	return suite_run(suite);
}
