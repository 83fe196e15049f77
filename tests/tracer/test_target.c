/* SPDX-License-Identifier: Apache-2.0 */
/* test_target.c: nothing is emptied, made or half-written before its time. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/suite.h"
#include "tracer/target.h"

static char root[64];
static struct record_target record;
static struct result_target result;
static struct fault fault;

static void put(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static const char *get(const char *name)
{
	static char text[256];
	FILE *file = fopen(name, "r");
	size_t got;

	if (!file)
		return NULL;
	got = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[got] = '\0';
	return text;
}

static int count_files(void)
{
	FILE *list = popen("ls -A | wc -l", "r");
	int count = -1;

	ck_assert_int_eq(fscanf(list, "%d", &count), 1);
	pclose(list);
	return count;
}

static void setup(void)
{
	char template[] = "/tmp/test_target.XXXXXX";

	ck_assert_ptr_nonnull(mkdtemp(template));
	strcpy(root, template);
	ck_assert_int_eq(chdir(root), 0);
	put("old", "old text");
}

static void teardown(void)
{
	char command[sizeof(root) + 16];

	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	ck_assert_int_eq(system(command), 0);
}

START_TEST(test_record_new)
{
	int fd;

	ck_assert_int_eq(record_target_open("new", NULL, &record, &fault), 0);
	fd = record_target_take(&record);
	ck_assert_int_ge(fd, 3);
	ck_assert_int_eq(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	ck_assert_int_eq(write(fd, "x", 1), 1);
	close(fd);
	record_target_close(&record);
	ck_assert_str_eq(get("new"), "x");
}
END_TEST

START_TEST(test_record_drop)
{
	ck_assert_int_eq(record_target_open("new", NULL, &record, &fault), 0);
	record_target_drop(&record);
	ck_assert_ptr_null(get("new"));
	ck_assert_int_eq(record_target_open("old", NULL, &record, &fault), 0);
	ck_assert_str_eq(get("old"), "old text");
	record_target_drop(&record);
	ck_assert_str_eq(get("old"), "old text");
	record_target_drop(&record);
}
END_TEST

/* The run could not be started after all: no half of a record. */
START_TEST(test_record_drop_after_take)
{
	int fd;

	ck_assert_int_eq(record_target_open("old", NULL, &record, &fault), 0);
	fd = record_target_take(&record);
	ck_assert_str_eq(get("old"), "");
	ck_assert_int_eq(write(fd, "start", 5), 5);
	close(fd);
	record_target_drop(&record);
	ck_assert_str_eq(get("old"), "");
	ck_assert_int_eq(record_target_open("new", NULL, &record, &fault), 0);
	fd = record_target_take(&record);
	close(fd);
	record_target_drop(&record);
	ck_assert_ptr_null(get("new"));
}
END_TEST

START_TEST(test_record_wrong)
{
	static const struct { const char *path; int error; const char *cure; } wrong[] = {
		{ "-", EINVAL, "/dev/fd/3" }, { "no/such", ENOENT, "folder" }, { ".", EISDIR, "" },
		{ "", ENOENT, "" }, { "old", EINVAL, "another" }, { "link", EINVAL, "another" },
		{ "fifo", ENXIO, "reader" }, { "old/x", ENOTDIR, "" },
	};

	ck_assert_int_eq(link("old", "link"), 0);
	ck_assert_int_eq(mkfifo("fifo", 0644), 0);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		int files = count_files();

		ck_assert_msg(record_target_open(wrong[i].path, "old", &record, &fault) ==
			      -wrong[i].error, "%s: %s", wrong[i].path, fault.text);
		ck_assert_ptr_nonnull(strstr(fault.cure, wrong[i].cure));
		ck_assert_int_eq(count_files(), files);
		ck_assert_str_eq(get("old"), "old text");
	}
}
END_TEST

START_TEST(test_record_dangling_link)
{
	ck_assert_int_eq(symlink("target", "link"), 0);
	ck_assert_int_eq(record_target_open("link", NULL, &record, &fault), 0);
	record_target_close(&record);
	ck_assert_str_eq(get("target"), "");
}
END_TEST

START_TEST(test_result_is_whole)
{
	static const char *const names[] = { "new", "old", "./old" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		int files = count_files();

		ck_assert_int_eq(result_target_open(names[i], -1, &result, &fault), 0);
		/* Nothing there yet, nothing replaced yet. */
		ck_assert_int_eq(count_files(), files);
		if (i == 1)
			ck_assert_str_eq(get("old"), "old text");
		ck_assert_int_eq(result_target_write(&result, "{}\n", 3), 0);
		ck_assert_str_eq(get(names[i]), "{}\n");
		ck_assert_int_eq(count_files(), files + (i == 0));
	}
}
END_TEST

START_TEST(test_result_drop)
{
	ck_assert_int_eq(result_target_open("old", -1, &result, &fault), 0);
	result_target_drop(&result);
	result_target_drop(&result);
	ck_assert_str_eq(get("old"), "old text");
	ck_assert_int_eq(count_files(), 1);
	/* A target that is none writes nothing. */
	ck_assert_int_eq(result_target_write(&result, "x", 1), 0);
}
END_TEST

START_TEST(test_result_follows_link)
{
	struct stat about;

	ck_assert_int_eq(symlink("old", "link"), 0);
	ck_assert_int_eq(result_target_open("link", -1, &result, &fault), 0);
	ck_assert_int_eq(result_target_write(&result, "{}\n", 3), 0);
	ck_assert_str_eq(get("old"), "{}\n");
	ck_assert_int_eq(lstat("link", &about), 0);
	ck_assert(S_ISLNK(about.st_mode));
}
END_TEST

/* The folder is the one that was examined, whatever its name leads to by then. */
START_TEST(test_result_folder_swapped)
{
	ck_assert_int_eq(mkdir("a", 0755) | mkdir("evil", 0755), 0);
	ck_assert_int_eq(result_target_open("a/r", -1, &result, &fault), 0);
	ck_assert_int_eq(rename("a", "b") | symlink("evil", "a"), 0);
	ck_assert_int_eq(result_target_write(&result, "{}\n", 3), 0);
	ck_assert_str_eq(get("b/r"), "{}\n");
	ck_assert_ptr_null(get("evil/r"));
}
END_TEST

START_TEST(test_result_wrong)
{
	static const struct { const char *path; int error; } wrong[] = {
		{ "no/such", ENOENT }, { ".", EISDIR }, { "x/", ENOENT }, { "fifo", ENXIO },
		{ "old/x", ENOTDIR },
	};
	char path[NAME_MAX + 2];

	ck_assert_int_eq(mkfifo("fifo", 0644), 0);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		ck_assert_msg(result_target_open(wrong[i].path, -1, &result, &fault) < 0, "%s",
			      wrong[i].path);
		ck_assert(fault.text[0] && fault.cure[0]);
	}
	memset(path, 'a', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	ck_assert_int_eq(result_target_open(path, -1, &result, &fault), -ENAMETOOLONG);
	ck_assert_int_eq(count_files(), 2);
}
END_TEST

START_TEST(test_result_pipe)
{
	char text[8] = "";
	int reader;

	ck_assert_int_eq(mkfifo("fifo", 0644), 0);
	reader = open("fifo", O_RDONLY | O_NONBLOCK);
	ck_assert_int_eq(result_target_open("fifo", -1, &result, &fault), 0);
	ck_assert_int_eq(result_target_write(&result, "{}\n", 3), 0);
	ck_assert_int_eq(read(reader, text, sizeof(text)), 3);
	ck_assert_str_eq(text, "{}\n");
	close(reader);
}
END_TEST

START_TEST(test_result_fd)
{
	char text[8] = "";
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_lt(result_target_open(NULL, ends[0], &result, &fault), 0);
	ck_assert_int_lt(result_target_open(NULL, 999, &result, &fault), 0);
	ck_assert_ptr_nonnull(strstr(fault.cure, "999>FILE"));
	ck_assert_int_eq(result_target_open(NULL, ends[1], &result, &fault), 0);
	/* Moved: the number is free, and no exec passes it on. */
	ck_assert_int_lt(fcntl(ends[1], F_GETFD), 0);
	ck_assert_int_eq(fcntl(result.fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	ck_assert_int_eq(result_target_write(&result, "{}\n", 3), 0);
	ck_assert_int_eq(read(ends[0], text, sizeof(text)), 3);
	ck_assert_int_eq(read(ends[0], text, sizeof(text)), 0);
	close(ends[0]);
}
END_TEST

START_TEST(test_result_full)
{
	ck_assert_int_eq(result_target_open("/dev/full", -1, &result, &fault), 0);
	ck_assert_int_eq(result_target_write(&result, "{}\n", 3), -ENOSPC);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("target");
	TCase *t = tcase_create("target");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_record_new);
	tcase_add_test(t, test_record_drop);
	tcase_add_test(t, test_record_drop_after_take);
	tcase_add_test(t, test_record_wrong);
	tcase_add_test(t, test_record_dangling_link);
	tcase_add_test(t, test_result_is_whole);
	tcase_add_test(t, test_result_drop);
	tcase_add_test(t, test_result_follows_link);
	tcase_add_test(t, test_result_folder_swapped);
	tcase_add_test(t, test_result_wrong);
	tcase_add_test(t, test_result_pipe);
	tcase_add_test(t, test_result_fd);
	tcase_add_test(t, test_result_full);
	suite_add_tcase(s, t);
	return suite_run(s);
}
