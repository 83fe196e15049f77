/* SPDX-License-Identifier: Apache-2.0 */
/* test_fail.c: faults, names of errors, locals that clean up. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/suite.h"

START_TEST(fault_is_filled_and_returned)
{
	struct fault fault = { .line = 3, .file = "a.policy" };

	ck_assert_int_eq(fault_set(&fault, "no %s here, %d times", "rule", 2), -EINVAL);
	ck_assert_str_eq(fault.text, "no rule here, 2 times");
	ck_assert_uint_eq(fault.line, 3);
	ck_assert_str_eq(fault.file, "a.policy");
	ck_assert_str_eq(fault.cure, "");
}
END_TEST

START_TEST(long_fault_is_cut)
{
	struct fault fault = { .cure = "untouched" };
	char text[4 * FAULT_TEXT_MAX];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	ck_assert_int_eq(fault_set(&fault, "%s", text), -EINVAL);
	ck_assert_uint_eq(strlen(fault.text), FAULT_TEXT_MAX - 1);
	ck_assert_str_eq(fault.cure, "untouched");
}
END_TEST

START_TEST(errors_have_names)
{
	ck_assert_str_eq(errno_name(EACCES), "EACCES");
	ck_assert_str_eq(errno_name(EPERM), "EPERM");
	ck_assert_str_eq(errno_name(ENOSYS), "ENOSYS");
	ck_assert_str_eq(errno_name(99999), "E?");
	ck_assert_str_eq(errno_name(-1), "E?");
}
END_TEST

static int open_null(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static int open_and_forget(void)
{
	cleanup_close int fd = open_null();

	return fd;
}

static int open_and_steal(void)
{
	cleanup_close int fd = open_null();

	return steal_fd(&fd);
}

START_TEST(descriptors_close_unless_stolen)
{
	int fd = open_and_forget();

	ck_assert(!is_open(fd));
	fd = open_and_steal();
	ck_assert(is_open(fd));
	close(fd);
	{
		cleanup_close int none = -1;

		errno = 0;
		ck_assert_int_eq(steal_fd(&none), -1);
	}
	/* close(-1) would have said EBADF */
	ck_assert_int_eq(errno, 0);
}
END_TEST

static char *copy_and_keep(const char *text)
{
	cleanup_free char *copy = strdup(text);
	char *kept = copy;

	/* leaks are the sanitizer's to find, and so is freeing what was given away */
	copy = NULL;
	return kept;
}

START_TEST(memory_is_freed_unless_given_away)
{
	char *kept = copy_and_keep("kept"), *none = NULL;

	ck_assert_str_eq(kept, "kept");
	cleanup_free_at(&kept);
	cleanup_free_at(&none);
	ck_assert_ptr_null(none);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fail");
	TCase *tcase = tcase_create("fail");

	tcase_add_test(tcase, fault_is_filled_and_returned);
	tcase_add_test(tcase, long_fault_is_cut);
	tcase_add_test(tcase, errors_have_names);
	tcase_add_test(tcase, descriptors_close_unless_stolen);
	tcase_add_test(tcase, memory_is_freed_unless_given_away);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
