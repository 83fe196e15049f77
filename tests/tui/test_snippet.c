/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_snippet.c: a script writes the names of files into memory that the tracer reads: which of
 * them the screen reads, and that nothing else is so much as opened.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/suite.h"
#include "tui/facts.h"
#include "tui/snippet.h"

static char folder[] = "/tmp/pyjail-snippet.XXXXXX";
static struct facts facts;

static const char *in_folder(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(in_folder(name), "w");

	ck_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

/* The run is one of ours, or a record's. */
static void start(bool is_own, const char *script)
{
	json_t *object = json_pack("{s:s, s:[s,s]}", "cwd", folder, "argv", "pyjail", script);

	facts.is_own = is_own;
	ck_assert_int_eq(facts_set_start(&facts, object), 0);
	json_decref(object);
}

static void set_up(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(facts_init(&facts), 0);
	start(true, "run.py");
	write_file("run.py", "import os\n\tos.unlink(x)  \nlast");
	write_file("secret", "root:x:0:0\n");
}

static void tear_down(void)
{
	char command[PATH_MAX];

	facts_free(&facts);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

static int try(const char *file)
{
	char *bytes = NULL;
	size_t size = 0;
	int r = snippet_read(&facts, file, &bytes, &size);

	if (r == 0)
		ck_assert_uint_eq(bytes[size], 0);
	free(bytes);
	return r;
}

START_TEST(whole_and_from_the_working_folder)
{
	ck_assert_int_eq(try(in_folder("run.py")), 0);
	ck_assert_int_eq(try("run.py"), 0);
	ck_assert_int_eq(try("./run.py"), 0);
	ck_assert_int_eq(try("nosuch.py"), -ENOENT);
	ck_assert_int_eq(try("nosuch/run.py"), -ENOENT);
}
END_TEST

static const struct {
	int line;
	const char *text;
} lines[] = {
	{ 1, "import os" }, { 2, "os.unlink(x)  " }, { 3, "last" }, { 4, "" }, { 0, "" }, { -1, "" },
	{ INT_MAX, "" }, { INT_MIN, "" },
};

START_TEST(line)
{
	char out[64], small[4];

	snippet_line(&facts, "run.py", lines[_i].line, out, sizeof(out));
	ck_assert_str_eq(out, lines[_i].text);
	snippet_line(&facts, "run.py", lines[_i].line, small, sizeof(small));
	ck_assert_uint_lt(strlen(small), sizeof(small));
}
END_TEST

static const char *const refused[] = {
	"", "<string>", "<frozen os>", "secret", "/etc/shadow", "/etc/passwd", "/dev/zero", ".py",
	"/proc/self/environ", "run.py/", "x.pyc", "/", ".", "..",
};

START_TEST(only_python_files)
{
	char out[64] = "x";

	ck_assert_int_lt(try(refused[_i]), 0);
	snippet_line(&facts, refused[_i], 1, out, sizeof(out));
	ck_assert_str_eq(out, "");
}
END_TEST

/*
 * A script may make links in a folder of its own.  What vouches is the name of the file itself: a
 * link to Python is read, as Python read it, a link to anything else is not.
 */
START_TEST(links)
{
	ck_assert_int_eq(symlink("secret", in_folder("link.py")), 0);
	ck_assert_int_eq(try("link.py"), -EPERM);
	ck_assert_int_eq(symlink("/etc/shadow", in_folder("shadow.py")), 0);
	ck_assert_int_eq(try("shadow.py"), -EPERM);
	ck_assert_int_eq(symlink("run.py", in_folder("alias.py")), 0);
	ck_assert_int_eq(try("alias.py"), 0);
	ck_assert_int_eq(symlink("run.py", in_folder("alias")), 0);
	ck_assert_int_eq(try("alias"), 0);
	ck_assert_int_eq(symlink("loop.py", in_folder("loop.py")), 0);
	ck_assert_int_eq(try("loop.py"), -ELOOP);
	ck_assert_int_eq(symlink("/proc/self/environ", in_folder("env.py")), 0);
	ck_assert_int_eq(try("env.py"), -EPERM);
}
END_TEST

/* A name with words behind it, as the kernel gives them of a file that is gone. */
START_TEST(deleted)
{
	write_file("gone.py", "x");
	ck_assert_int_eq(try("gone.py"), 0);
	ck_assert_int_eq(unlink(in_folder("gone.py")), 0);
	ck_assert_int_eq(try("gone.py"), -ENOENT);
	write_file("odd (deleted)", "x");
	ck_assert_int_eq(try("odd (deleted)"), -EPERM);
}
END_TEST

/* Opening a FIFO for reading lets go who waits to write: the file is not opened at all. */
START_TEST(fifo_is_not_opened)
{
	ck_assert_int_eq(mkfifo(in_folder("pipe.py"), 0600), 0);
	ck_assert_int_eq(try("pipe.py"), -EPERM);
	ck_assert_int_eq(open(in_folder("pipe.py"), O_WRONLY | O_NONBLOCK), -1);
	ck_assert_int_eq(errno, ENXIO);
}
END_TEST

START_TEST(no_folder_and_no_socket)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "sock.py" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	ck_assert_int_eq(mkdir(in_folder("dir.py"), 0700), 0);
	ck_assert_int_eq(try("dir.py"), -EPERM);
	ck_assert_int_eq(chdir(folder), 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(try("sock.py"), -EPERM);
	close(fd);
}
END_TEST

START_TEST(huge)
{
	write_file("huge.py", "x");
	ck_assert_int_eq(truncate(in_folder("huge.py"), SNIPPET_BYTES_MAX), 0);
	ck_assert_int_eq(try("huge.py"), 0);
	ck_assert_int_eq(truncate(in_folder("huge.py"), SNIPPET_BYTES_MAX + 1), 0);
	ck_assert_int_eq(try("huge.py"), -EPERM);
	write_file("empty.py", "");
	ck_assert_int_eq(try("empty.py"), 0);
}
END_TEST

/* The script itself, whatever its name; of a record that is only what somebody wrote there. */
START_TEST(the_script_itself)
{
	start(true, "secret");
	ck_assert_int_eq(try("secret"), 0);
	ck_assert_int_eq(try(in_folder("secret")), 0);
	write_file("not-secret", "x");
	ck_assert_int_eq(try("not-secret"), -EPERM);
	start(false, "secret");
	ck_assert_int_eq(try("secret"), -EPERM);
	ck_assert_int_eq(try("run.py"), 0);
	start(false, "/etc/passwd");
	ck_assert_int_eq(try("/etc/passwd"), -EPERM);
	start(true, "/etc/passwd");
	ck_assert_int_eq(try("/etc/passwd"), 0);
	ck_assert_int_eq(try("passwd"), -ENOENT);
}
END_TEST

/* A working folder that is none, and names so long that they would be cut. */
START_TEST(odd_folders)
{
	char cwd[3 * PATH_MAX], file[2 * PATH_MAX];
	json_t *object;

	memset(file, 'f', sizeof(file));
	snprintf(file + sizeof(file) - 4, 4, ".py");
	ck_assert_int_eq(try(file), -ENAMETOOLONG);
	memset(cwd, '/', sizeof(cwd) - 1);
	cwd[sizeof(cwd) - 1] = '\0';
	object = json_pack("{s:s}", "cwd", cwd);
	ck_assert_int_eq(facts_set_start(&facts, object), 0);
	ck_assert_int_eq(try("run.py"), -ENAMETOOLONG);
	json_decref(object);
	object = json_pack("{s:s}", "cwd", "relative");
	ck_assert_int_eq(facts_set_start(&facts, object), 0);
	ck_assert_int_eq(try("run.py"), -EPERM);
	json_decref(object);
}
END_TEST

/* Of a line with a NUL, of one that is longer than there is room for. */
START_TEST(odd_lines)
{
	FILE *file = fopen(in_folder("odd.py"), "w");
	char out[100];

	ck_assert_ptr_nonnull(file);
	fwrite("a\0b\nc\r\n", 1, 7, file);
	for (int i = 0; i < 1000; i++)
		putc('x', file);
	fclose(file);
	snippet_line(&facts, "odd.py", 1, out, sizeof(out));
	ck_assert_str_eq(out, "a");
	snippet_line(&facts, "odd.py", 3, out, sizeof(out));
	ck_assert_uint_lt(strlen(out), sizeof(out));
}
END_TEST

static void add_hostile(TCase *tcase)
{
	tcase_add_loop_test(tcase, only_python_files, 0,
			    (int)(sizeof(refused) / sizeof(refused[0])));
	tcase_add_test(tcase, links);
	tcase_add_test(tcase, deleted);
	tcase_add_test(tcase, fifo_is_not_opened);
	tcase_add_test(tcase, no_folder_and_no_socket);
	tcase_add_test(tcase, huge);
	tcase_add_test(tcase, the_script_itself);
	tcase_add_test(tcase, odd_folders);
	tcase_add_test(tcase, odd_lines);
}

int main(void)
{
	Suite *suite = suite_create("snippet");
	TCase *tcase = tcase_create("snippet");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, whole_and_from_the_working_folder);
	tcase_add_loop_test(tcase, line, 0, (int)(sizeof(lines) / sizeof(lines[0])));
	add_hostile(tcase);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
