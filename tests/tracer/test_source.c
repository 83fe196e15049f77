/* SPDX-License-Identifier: Apache-2.0 */
/* test_source.c: a line of source: only what the policy lets the script read, never waited for. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "filters/policy.h"
#include "tests/support/suite.h"
#include "tracer/source.h"

#define MIB (1u << 20)

static char folder[64];
static struct policy *policy;
static struct source source;

static const char *path(const char *name)
{
	static char paths[4][PATH_MAX];
	static unsigned next;
	char *out = paths[next++ % 4];

	snprintf(out, PATH_MAX, "%s/%s", folder, name);
	return out;
}

static void add(enum verdict_kind verdict, const char *name)
{
	char pattern[PATH_MAX];

	snprintf(pattern, sizeof(pattern), "%s/%s", folder, name);
	ck_assert_int_eq(policy_add_rule(policy, rule_new(verdict, CLASS_READ, strdup(pattern),
							  "test")), 0);
}

static void put(const char *name, const char *bytes, size_t size)
{
	int fd = open(path(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
	close(fd);
}

static void put_text(const char *name, const char *text)
{
	put(name, text, strlen(text));
}

static void set_up(void)
{
	strcpy(folder, "/tmp/pyjail-source.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	policy = policy_new();
	ck_assert_ptr_nonnull(policy);
	add(VERDICT_ALLOW, "**");
	source = (struct source){ policy, folder };
}

static void tear_down(void)
{
	char command[128];

	policy_free(policy);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

/* In a block of that size, so that a sanitizer sees a byte too many. */
static int line_of(const char *file, int line, char *out, size_t size)
{
	char *block = malloc(size);
	int e;

	strcpy(block, "old");
	e = source_line(&source, file, line, block, size);
	ck_assert_uint_lt(strnlen(block, size), size);
	strcpy(out, block);
	free(block);
	return e;
}

static void check_line(const char *file, int line, const char *text)
{
	char out[120];
	int e = line_of(file, line, out, sizeof(out));

	ck_assert_msg(e == 0 && strcmp(out, text) == 0, "%s:%d: %d %s", file, line, e, out);
}

static void check_none(const char *file, int line, int error)
{
	char out[120];

	ck_assert_int_eq(line_of(file, line, out, sizeof(out)), error);
}

START_TEST(lines)
{
	put_text("a.py", "first\n\n  \tthird  \r\n    x = 1\nlast");
	check_line(path("a.py"), 1, "first");
	check_none(path("a.py"), 2, -ENODATA);
	check_line(path("a.py"), 3, "third");
	check_line(path("a.py"), 4, "x = 1");
	check_line(path("a.py"), 5, "last");
	check_none(path("a.py"), 6, -ENODATA);
	check_none(path("a.py"), INT_MAX, -ENODATA);
	put_text("empty.py", "");
	check_none(path("empty.py"), 1, -ENODATA);
	put_text("one.py", "one\n");
	check_line(path("one.py"), 1, "one");
	check_none(path("one.py"), 2, -ENODATA);
}
END_TEST

START_TEST(relative_names)
{
	put_text("a.py", "here\n");
	ck_assert_int_eq(mkdir(path("d"), 0700), 0);
	put_text("d/b.py", "below\n");
	check_line("a.py", 1, "here");
	check_line("./a.py", 1, "here");
	check_line("d/b.py", 1, "below");
	check_line("d/../a.py", 1, "here");
	source.cwd = "";
	check_none("a.py", 1, -ENOENT);
	check_line(path("a.py"), 1, "here");
}
END_TEST

START_TEST(what_is_no_file)
{
	static const char *const names[] = { "", "<string>", "<stdin>", "<frozen importlib>", "<" };

	/* Although it would be found. */
	put_text("<string>", "secret\n");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		check_none(names[i], 1, -ENOENT);
	check_none("nothing.py", 1, -ENOENT);
	check_none("a.py/b", 1, -ENOENT);
}
END_TEST

START_TEST(names_too_long)
{
	static char name[PATH_MAX + 100];

	memset(name, 'n', sizeof(name) - 1);
	check_none(name, 1, -ENAMETOOLONG);
	name[300] = '\0';
	check_none(name, 1, -ENAMETOOLONG);
	name[0] = '/';
	check_none(name, 1, -ENAMETOOLONG);
}
END_TEST

/* The policy is asked about the file that it is, not about its names. */
START_TEST(refused_by_the_policy)
{
	put_text("secret", "password\n");
	put_text("open", "fine\n");
	add(VERDICT_DENY, "secret");
	check_none(path("secret"), 1, -EACCES);
	check_none("./secret", 1, -EACCES);
	ck_assert_int_eq(symlink("secret", path("link")), 0);
	check_none(path("link"), 1, -EACCES);
	ck_assert_int_eq(symlink(path("link"), path("link2")), 0);
	check_none("link2", 1, -EACCES);
	ck_assert_int_eq(symlink(folder, path("around")), 0);
	check_none("around/secret", 1, -EACCES);
	check_line("around/open", 1, "fine");
	check_none("/etc/passwd", 1, -EACCES);
	check_none("/proc/self/environ", 1, -EACCES);
	check_none("/proc/self/status", 1, -EACCES);
}
END_TEST

/* Nor are they opened: a FIFO's writer would see it. */
START_TEST(no_regular_files)
{
	int writer;

	ck_assert_int_eq(mkfifo(path("fifo"), 0600), 0);
	check_none("fifo", 1, -EINVAL);
	writer = open(path("fifo"), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	ck_assert_int_eq(writer, -1);
	ck_assert_int_eq(errno, ENXIO);
	check_none(folder, 1, -EINVAL);
	check_none("/dev/tty", 1, -EINVAL);
	check_none("/dev/null", 1, -EINVAL);
	check_none("/dev/zero", 1, -EINVAL);
	ck_assert_int_eq(symlink("/dev/zero", path("zero.py")), 0);
	check_none("zero.py", 1, -EINVAL);
	ck_assert_int_eq(symlink("loop", path("loop")), 0);
	check_none("loop", 1, -ELOOP);
}
END_TEST

START_TEST(unreadable)
{
	put_text("a.py", "text\n");
	ck_assert_int_eq(chmod(path("a.py"), 0), 0);
	if (geteuid() == 0)
		check_line("a.py", 1, "text");
	else
		check_none("a.py", 1, -EACCES);
}
END_TEST

START_TEST(long_lines)
{
	char text[402], out[400];

	/* Two bytes a character. */
	for (size_t i = 0; i < 400; i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	strcpy(text + 400, "\n");
	put_text("a.py", text);
	for (size_t size = 10; size < 30; size++) {
		ck_assert_int_eq(line_of("a.py", 1, out, size), 0);
		ck_assert_uint_lt(strlen(out), size);
		ck_assert_uint_ge(strlen(out), size - 2);
		ck_assert_str_eq(out + strlen(out) - 4, " ...");
		ck_assert_uint_eq((strlen(out) - 4) % 2, 0);
	}
	/* Exactly as long as there is room. */
	put_text("b.py", "0123456789\n");
	ck_assert_int_eq(line_of("b.py", 1, out, 11), 0);
	ck_assert_str_eq(out, "0123456789");
	ck_assert_int_eq(line_of("b.py", 1, out, 10), 0);
	ck_assert_str_eq(out, "01234 ...");
	/* No text at all: bytes that only go on. */
	memset(text, 0x80, 400);
	put_text("c.py", text);
	ck_assert_int_eq(line_of("c.py", 1, out, 20), 0);
	ck_assert_str_eq(out, " ...");
}
END_TEST

START_TEST(binary_lines)
{
	put("a.py", "a\0b\nc\n\0\n\0d\ne\0\n", 14);
	check_none("a.py", 1, -EINVAL);
	check_line("a.py", 2, "c");
	check_none("a.py", 3, -EINVAL);
	check_none("a.py", 4, -EINVAL);
	check_none("a.py", 5, -EINVAL);
}
END_TEST

START_TEST(large_files)
{
	char *text = malloc(2 * MIB);

	memset(text, 'x', 2 * MIB);
	for (size_t i = 0; i < 2 * MIB; i += 64)
		text[i] = '\n';
	memcpy(text + 1, "begin", 5);
	text[6] = '\n';
	put("a.py", text, 2 * MIB);
	check_line("a.py", 2, "begin");
	/* 64 bytes a line, but for one more line at the start. */
	check_line("a.py", (int)(MIB / 64),
		   "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
	check_none("a.py", (int)(MIB / 64) + 3, -ENODATA);
	/* One line as large as all that is read. */
	memset(text, 'y', 2 * MIB);
	put("b.py", text, 2 * MIB);
	check_none("b.py", 2, -ENODATA);
	free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("source");
	TCase *tcase = tcase_create("lines");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, lines);
	tcase_add_test(tcase, relative_names);
	tcase_add_test(tcase, what_is_no_file);
	tcase_add_test(tcase, names_too_long);
	tcase_add_test(tcase, refused_by_the_policy);
	tcase_add_test(tcase, no_regular_files);
	tcase_add_test(tcase, unreadable);
	tcase_add_test(tcase, long_lines);
	tcase_add_test(tcase, binary_lines);
	tcase_add_test(tcase, large_files);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
