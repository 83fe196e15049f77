/* SPDX-License-Identifier: Apache-2.0 */
/* test_why.c: made-up calls against a policy, the exported filter and decide().  No process. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "filters/policy.h"
#include "tests/support/suite.h"
#include "tracer/why.h"
#include "tracer/why_look.h"
#include "tracer/why_names.h"

static struct policy *policy;
static struct filter_program program;
static struct fault fault;
static struct why why;

static const struct policy_vars vars = { .cwd = "/", .interpreter = "/usr/bin/python3" };

static void build(bool allows_all)
{
	struct filter_mode mode;

	policy->allows_all = allows_all;
	mode = filter_mode_of(policy, false, false, false);
	filter_free(&program);
	ck_assert_int_eq(filter_build(&mode, &program), 0);
}

static void setup(void)
{
	policy = policy_new();
	ck_assert_int_eq(policy_add_default(policy, &vars, &fault), 0);
	ck_assert_int_eq(policy_add_option(policy, &vars, VERDICT_ALLOW, CLASS_WRITE,
					   "/srv/why-out", &fault), 0);
	ck_assert_int_eq(policy_add_option(policy, &vars, VERDICT_ASK, CLASS_WRITE,
					   "/srv/why-ask", &fault), 0);
	build(false);
}

static void teardown(void)
{
	filter_free(&program);
	program = (struct filter_program){ 0 };
	policy_free(policy);
}

static int ask(const char *call, const char *path, const char *path2, const char *const *words)
{
	const struct call_file files[CALL_FILES] = {
		{ .raw = path, .path = path, .exists = true, .type = S_IFREG },
		{ .raw = path2, .path = path2 },
	};
	const struct syscall_row *row = syscall_by_name(call);
	size_t count = 0;

	ck_assert_msg(row != NULL, "%s", call);
	while (words[count])
		count++;
	return why_ask(policy, &program, row, files, words, count, &why, &fault);
}

static const struct {
	const char *call, *path, *path2;
	const char *words[3];
	const char *filter;
	bool is_allowed;
	const char *part;      /* of the text */
} rows[] = {
	{ "openat", "/etc/passwd", NULL, { 0 }, "NOTIFY", true, "default.policy:" },
	{ "open", "/etc/passwd", NULL, { "O_RDONLY" }, "NOTIFY", true, "read /etc/passwd" },
	{ "openat", "/etc/shadow", NULL, { 0 }, "NOTIFY", false, "EACCES" },
	{ "openat", "/etc/passwd", NULL, { "O_WRONLY" }, "NOTIFY", false, "write /etc/passwd" },
	{ "openat", "/etc/passwd", NULL, { "O_RDONLY,O_TRUNC" }, "NOTIFY", false, "write" },
	{ "openat", "/etc/passwd", NULL, { "O_TMPFILE|O_RDWR", "0600" }, "NOTIFY", false, "write" },
	{ "openat", "/etc/shadow", NULL, { "O_PATH" }, "PASS", true, "in the kernel" },
	{ "openat", "/srv/why-out/x", NULL, { "O_WRONLY,O_CREAT" }, "NOTIFY", true,
	  "--allow-write=/srv/why-out" },
	{ "openat", "/srv/why-ask/x", NULL, { "O_WRONLY" }, "NOTIFY", false,
	  "--ask-write=/srv/why-ask" },
	{ "openat", "/srv/why-ask/x", NULL, { "O_WRONLY" }, "NOTIFY", false,
	  "with --tui; refused without" },
	{ "openat2", "/etc/passwd", NULL, { 0 }, "NOTIFY", true, "default.policy:" },
	{ "openat2", "/etc/passwd", NULL, { "O_RDWR" }, "NOTIFY", false, "EACCES" },
	{ "creat", "/etc/passwd", NULL, { 0 }, "NOTIFY", false, "write /etc/passwd" },
	{ "unlink", "/srv/why-out/x", NULL, { 0 }, "NOTIFY", true, "delete /srv/why-out/x" },
	{ "unlink", "/srv/x", NULL, { 0 }, "NOTIFY", false, "delete /srv/x" },
	{ "rename", "/srv/why-out/x", "/srv/why-out/y", { 0 }, "NOTIFY", true, "verdict  allow" },
	{ "rename", "/srv/why-out/x", "/srv/y", { 0 }, "NOTIFY", false, "write /srv/y" },
	{ "renameat2", "/srv/x", "/srv/why-out/y", { "RENAME_NOREPLACE" }, "NOTIFY", false,
	  "delete /srv/x" },
	{ "linkat", "/etc/shadow", "/srv/why-out/y", { 0 }, "NOTIFY", false, "EACCES" },
	{ "symlink", "/srv/why-out/l", NULL, { 0 }, "NOTIFY", true, "write /srv/why-out/l" },
	{ "fchmod", "/etc/passwd", NULL, { "0777" }, "NOTIFY", false, "write /etc/passwd" },
	{ "access", "/etc/passwd", NULL, { "R_OK" }, "PASS", true, "" },
	{ "access", "/etc/passwd", NULL, { "W_OK" }, "NOTIFY", false, "write" },
	{ "stat", "/etc/shadow", NULL, { 0 }, "PASS", true, "" },
	{ "execve", "/bin/sh", NULL, { 0 }, "STOP", false, "exec /bin/sh" },
	{ "read", NULL, NULL, { 0 }, "PASS", true, "no stop" },
	{ "clone3", NULL, NULL, { 0 }, "ERRNO 38", false, "ENOSYS" },
	{ "kill", NULL, NULL, { 0 }, "STOP", false, "EPERM" },
	{ "kill", NULL, NULL, { "tree", "SIGTERM" }, "STOP", true, "signal" },
	{ "kill", NULL, NULL, { "other", "9" }, "STOP", false, "EPERM" },
	{ "prlimit64", NULL, NULL, { 0 }, "PASS", true, "" },
	{ "prlimit64", NULL, NULL, { "other" }, "STOP", false, "EPERM" },
	{ "socket", NULL, NULL, { "AF_INET", "SOCK_STREAM" }, "STOP", false, "EPERM" },
	{ "connect", NULL, NULL, { "AF_INET6" }, "STOP", false, "EPERM" },
	{ "ioctl", NULL, NULL, { "TCGETS" }, "PASS", true, "" },
	{ "ioctl", NULL, NULL, { "TIOCSTI" }, "STOP", false, "EPERM" },
	{ "fcntl", NULL, NULL, { "F_SETLEASE" }, "STOP", false, "EPERM" },
	{ "fcntl", NULL, NULL, { "F_SETLK" }, "PASS", true, "" },
	{ "prctl", NULL, NULL, { "PR_SET_DUMPABLE", "0" }, "STOP", false, "blind" },
	{ "prctl", NULL, NULL, { "PR_SET_DUMPABLE", "1" }, "PASS", true, "" },
	{ "ptrace", NULL, NULL, { 0 }, "STOP", false, "EPERM" },
	{ "mount", "/mnt", NULL, { 0 }, "STOP", false, "EPERM" },
};

/* The value of one line of the text. */
static bool line_is(const char *text, const char *label, const char *value)
{
	char line[128];

	snprintf(line, sizeof(line), "\n  %-8s %s\n", label, value);
	return strstr(text, line) != NULL;
}

START_TEST(test_row)
{
	char *text;

	ck_assert_msg(ask(rows[_i].call, rows[_i].path, rows[_i].path2, rows[_i].words) == 0,
		      "%s: %s", rows[_i].call, fault.text);
	text = why_text(&why);
	ck_assert_ptr_nonnull(text);
	ck_assert_msg(line_is(text, "filter", rows[_i].filter), "%s", text);
	ck_assert_msg(why_is_allowed(&why) == rows[_i].is_allowed, "%s", text);
	ck_assert_msg(strstr(text, rows[_i].part) != NULL, "%s", text);
	ck_assert_ptr_nonnull(strstr(text, "filters/syscalls.def:"));
	free(text);
}
END_TEST

/* Every call can be asked about: six lines, no crash, and the filter agrees with the verdict. */
START_TEST(test_every_row)
{
	static const char *const none[] = { NULL };

	for (size_t i = 0; i < syscall_row_count; i++) {
		size_t line_count = 0;
		char *text;

		ck_assert_int_eq(ask(syscall_rows[i].name, "/etc/passwd", "/etc/group", none), 0);
		text = why_text(&why);
		for (const char *at = text; *at; at++)
			line_count += *at == '\n';
		ck_assert_msg(line_count == 6, "%s", text);
		if (line_is(text, "filter", "PASS"))
			ck_assert_msg(why_is_allowed(&why), "%s", text);
		free(text);
	}
}
END_TEST

START_TEST(test_allow_all)
{
	static const char *const none[] = { NULL };
	char *text;

	build(true);
	ck_assert_int_eq(ask("openat", "/etc/shadow", NULL, none), 0);
	ck_assert(why_is_allowed(&why));
	text = why_text(&why);
	ck_assert(line_is(text, "filter", "NOTIFY"));
	ck_assert(line_is(text, "rule", "none: --allow-all"));
	free(text);
	ck_assert_int_eq(ask("ptrace", NULL, NULL, none), 0);
	ck_assert(!why_is_allowed(&why));
}
END_TEST

START_TEST(test_paths_are_shown_escaped)
{
	static const char *const none[] = { NULL };
	char *text;

	ck_assert_int_eq(ask("openat", "/tmp/\x1b[2J\nverdict  allow\xff", NULL, none), 0);
	text = why_text(&why);
	ck_assert_ptr_null(strchr(text, '\x1b'));
	ck_assert_ptr_null(strchr(text, '\xff'));
	ck_assert(!line_is(text, "verdict", "allow"));
	free(text);
}
END_TEST

static const struct {
	const char *call;
	const char *words[4];
} wrongs[] = {
	{ "openat", { "O_NOSUCH" } },
	{ "openat", { "" } },
	{ "openat", { "O_WRONLY,," } },
	{ "openat", { "O_WRONLY", "0600", "more" } },
	{ "openat", { "12x" } },
	{ "openat", { "99999999999999999999999" } },
	{ "kill", { "1234" } },
	{ "kill", { "tree", "SIGNOSUCH" } },
	{ "read", { "x" } },
	{ "socket", { "AF_NOSUCH" } },
};

START_TEST(test_wrong_word)
{
	ck_assert_int_lt(ask(wrongs[_i].call, "/x", NULL, wrongs[_i].words), 0);
	ck_assert(fault.text[0] != '\0');
}
END_TEST

START_TEST(test_numbers)
{
	static const struct { const char *word; uint64_t value; } numbers[] = {
		{ "0", 0 }, { "0644", 0644 }, { "0x41", 0x41 }, { "O_RDWR", 2 },
		{ "O_WRONLY|O_CREAT", 0101 }, { "O_WRONLY,O_CREAT,O_TRUNC", 01101 },
		{ "SIGKILL", 9 }, { "KILL", 9 }, { "0x5412", 0x5412 }, { "TIOCSTI", 0x5412 },
	};
	static const char *const bad[] = {
		"", ",", "|", "O_RDWR,", "o_rdwr", "O_RDWR ", "-1", " 1", "0x", "08", "SIG", "0xg",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	};
	uint64_t value;

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		ck_assert_int_eq(why_number(numbers[i].word, &value), 0);
		ck_assert_uint_eq(value, numbers[i].value);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		value = 77;
		ck_assert_msg(why_number(bad[i], &value) < 0, "%s", bad[i]);
		ck_assert_uint_eq(value, 77);
	}
}
END_TEST

START_TEST(test_file_count)
{
	static const struct { const char *call; size_t count; bool is_name; } calls[] = {
		{ "openat", 1, false }, { "unlinkat", 1, true }, { "rename", 2, true },
		{ "linkat", 2, true }, { "symlink", 1, true }, { "read", 0, false },
		{ "fchmod", 1, false }, { "ioctl", 0, false }, { "chroot", 0, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		const struct syscall_row *row = syscall_by_name(calls[i].call);

		ck_assert_uint_eq(why_file_count(row), calls[i].count);
		ck_assert_int_eq(why_is_name(row, 0), calls[i].is_name);
	}
}
END_TEST

static void look(const char *path, bool is_name, const char *expected)
{
	struct call_file file = { 0 };

	ck_assert_msg(why_look(path, is_name, &file, &fault) == 0, "%s: %s", path, fault.text);
	ck_assert_str_eq(file.path, expected);
	free((char *)file.path);
}

START_TEST(test_look)
{
	char template[] = "/tmp/test_why.XXXXXX";
	struct call_file file;

	ck_assert_ptr_nonnull(mkdtemp(template));
	ck_assert_int_eq(chdir(template), 0);
	ck_assert_int_eq(symlink("/etc/passwd", "link"), 0);
	ck_assert_int_eq(symlink("/", "root"), 0);
	look("/etc/passwd", false, "/etc/passwd");
	look("/etc/../etc/./passwd", false, "/etc/passwd");
	look("/etc/", false, "/etc");
	look("/", false, "/");
	look("link", false, "/etc/passwd");
	look("root/etc/passwd", false, "/etc/passwd");
	look("/proc/self/status", false, "/proc/self/status");
	look("/no/such/thing/", false, "/no/such/thing");
	ck_assert_int_eq(why_look("no/../x", false, &file, &fault), -22);
	ck_assert(fault.cure[0] != '\0');
	ck_assert_int_eq(why_look("./link", true, &file, &fault), 0);
	ck_assert_str_eq(strrchr(file.path, '/'), "/link");
	ck_assert_uint_eq(file.type, S_IFLNK);
	ck_assert(file.exists);
	free((char *)file.path);
	ck_assert_int_eq(why_look("/proc/1/mem", false, &file, &fault), 0);
	ck_assert(file.is_foreign_proc);
	free((char *)file.path);
	ck_assert_int_eq(unlink("link") | unlink("root") | chdir("/") | rmdir(template), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("why");
	TCase *t = tcase_create("why");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 30);
	tcase_add_loop_test(t, test_row, 0, ARRAY_SIZE(rows));
	tcase_add_test(t, test_every_row);
	tcase_add_test(t, test_allow_all);
	tcase_add_test(t, test_paths_are_shown_escaped);
	tcase_add_loop_test(t, test_wrong_word, 0, ARRAY_SIZE(wrongs));
	tcase_add_test(t, test_numbers);
	tcase_add_test(t, test_file_count);
	tcase_add_test(t, test_look);
	suite_add_tcase(s, t);
	return suite_run(s);
}
