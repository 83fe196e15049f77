/* SPDX-License-Identifier: Apache-2.0 */
/* test_policy_load.c: policies filled from files, options and the built-in text. */
#include <errno.h>
#include <sys/stat.h>

#include "tests/filters/policy_text.h"
#include "tests/support/suite.h"

START_TEST(test_symlinks)
{
	struct policy *policy;

	ck_assert_int_eq(mkdir("real", 0700) | mkdir("real/sub", 0700), 0);
	ck_assert_int_eq(symlink("real", "link"), 0);
	ck_assert_int_eq(symlink("nowhere", "dangling"), 0);
	ck_assert_int_eq(symlink("loop", "loop"), 0);
	policy = make("allow read @/link\nallow write @/link/new/file\nallow exec @/link/s*/x\n"
		      "allow delete @/dangling\nallow delete @/loop/x");
	ck_assert(allows(policy, R, "@/real"));
	ck_assert(allows(policy, R, "@/real/sub"));
	ck_assert(!allows(policy, R, "@/link"));
	ck_assert(!allows(policy, R, "@/link/sub"));
	ck_assert(allows(policy, W, "@/real/new/file"));
	ck_assert(!allows(policy, W, "@/real/new"));
	ck_assert(allows(policy, X, "@/real/sub/x"));
	ck_assert(!allows(policy, X, "@/link/sub/x"));
	ck_assert(allows(policy, D, "@/dangling"));
	ck_assert(allows(policy, D, "@/loop/x"));
	ck_assert(!allows(policy, D, "@/nowhere"));
	policy_free(policy);
}
END_TEST

/* A refusal that names links holds for their own names too, or they could be replaced. */
START_TEST(test_refused_link)
{
	struct policy *policy;

	ck_assert_int_eq(mkdir("real", 0700), 0);
	ck_assert_int_eq(symlink("real", "link"), 0);
	ck_assert_int_eq(symlink(".", "here"), 0);
	policy = make("allow write @\ndeny write @/here/link");
	ck_assert(!allows(policy, W, "@/real/x"));
	ck_assert(!allows(policy, D, "@/link"));
	ck_assert(!allows(policy, W, "@/link"));
	ck_assert(allows(policy, D, "@/other"));
	ck_assert(!allows(policy, D, "@/here"));
	ck_assert(allows(policy, W, "@/here2"));
	policy_free(policy);
	policy = make("allow write @\ndeny write @/link/**");
	ck_assert(!allows(policy, W, "@/real/x"));
	ck_assert(!allows(policy, D, "@/link"));
	policy_free(policy);
}
END_TEST

static const struct {
	const char *line, *path;
	bool allows;
} kept[] = {
	{ "allow read /proc/self", "/proc/self/maps", true },
	{ "allow read /proc/self/fd/*", "/proc/self/fd/3", true },
	{ "allow read /proc/thread-self", "/proc/thread-self/stat", true },
	{ "allow read /dev/fd", "/dev/fd/0", true },
	{ "allow read /dev/stdin", "/dev/stdin", true },
	{ "allow read /proc/mounts", "/proc/self/mounts", true },
	{ "allow read /zz/no/such/file", "/zz/no/such/file", true },
	{ "allow read /etc/passwd/below", "/etc/passwd/below", true },
	{ "allow read /", "/x", true },
};

START_TEST(test_kept)
{
	struct policy *policy = make(kept[_i].line);

	ck_assert_msg(allows(policy, R, kept[_i].path) == kept[_i].allows, "%s", kept[_i].line);
	policy_free(policy);
}
END_TEST

START_TEST(test_root_link)
{
	struct policy *policy;

	ck_assert_int_eq(symlink("/", "root"), 0);
	policy = make("allow read @/root\nallow write @/root/zz-none/x");
	ck_assert(allows(policy, R, "/"));
	ck_assert(allows(policy, R, "/anything"));
	ck_assert(allows(policy, W, "/zz-none/x"));
	ck_assert(!allows(policy, W, "@/root/zz-none/x"));
	policy_free(policy);
}
END_TEST

START_TEST(test_option_paths)
{
	struct policy *policy = policy_new();
	struct fault fault = { .line = 0 };
	const struct policy_vars here = { .cwd = scratch };

	ck_assert_int_eq(mkdir("a", 0700), 0);
	ck_assert_int_eq(symlink("a", "l"), 0);
	ck_assert_int_eq(policy_add_option(policy, &here, OK, W, "l,b/c,./d/../e", &fault), 0);
	ck_assert(allows(policy, W, "@/a/x"));
	ck_assert(allows(policy, D, "@/a/x"));
	ck_assert(allows(policy, W, "@/b/c"));
	ck_assert(allows(policy, W, "@/e"));
	ck_assert(!allows(policy, W, "@/d"));
	ck_assert(!allows(policy, W, "@/b"));
	ck_assert(policy->rules[0]->is_by_user);
	ck_assert_int_eq(policy_add_option(policy, &here, OK, R, NULL, &fault), 0);
	ck_assert(policy_allows_everything(policy, R));
	ck_assert_int_eq(policy_add_option(policy, &here, NO, D, NULL, &fault), 0);
	ck_assert(policy->refuses[D] && !policy->refuses[W]);
	ck_assert(!allows(policy, D, "@/a/x"));
	ck_assert_int_eq(policy_add_option(policy, &here, NO, W, NULL, &fault), 0);
	ck_assert(policy->refuses[W]);
	ck_assert_int_eq(policy_add_option(policy, &here, OK, R, "~/x", &fault), -ENXIO);
	policy_free(policy);
}
END_TEST

START_TEST(test_deny_write_refuses_delete)
{
	struct policy *policy = policy_new();
	struct fault fault;

	ck_assert_int_eq(policy_add_option(policy, &vars, NO, W, NULL, &fault), 0);
	for (int i = 0; i < CLASS_IN_RULES; i++)
		ck_assert_int_eq(policy->refuses[i], i == W || i == D);
	policy_free(policy);
}
END_TEST

START_TEST(test_program_on_path)
{
	struct policy *policy = policy_new();
	struct fault fault = { .line = 0 };
	char path[256];

	ck_assert_int_eq(mkdir("bin", 0700) | mkdir("bin/adir", 0700) | mkdir("sbin", 0700), 0);
	put_file("sbin/tool-1.2", "#!", 2);
	put_file("bin/plain", "#!", 2);
	ck_assert_int_eq(chmod("sbin/tool-1.2", 0755), 0);
	ck_assert_int_eq(symlink("../sbin/tool-1.2", "bin/tool"), 0);
	snprintf(path, sizeof(path), ":/nowhere:%s/bin::%s/sbin:", scratch, scratch);
	setenv("PATH", path, 1);
	ck_assert_int_eq(policy_add_option(policy, &vars, OK, X, "tool", &fault), 0);
	ck_assert(allows(policy, X, "@/sbin/tool-1.2"));
	ck_assert(!allows(policy, X, "@/bin/tool"));
	add_text(policy, "allow exec tool-1.2,@/bin/plain");
	ck_assert(allows(policy, X, "@/bin/plain"));
	ck_assert_int_eq(policy_add_option(policy, &vars, OK, X, "tool,none\x1b", &fault), -EINVAL);
	ck_assert_str_eq(fault.text, "no program \"none\\x1b\" on PATH");
	ck_assert_uint_eq(fault.column, 19);
	ck_assert(fault.cure[0] != '\0');
	ck_assert_int_eq(policy_add_option(policy, &vars, OK, X, "adir", &fault), -EINVAL);
	ck_assert_int_eq(policy_add_option(policy, &vars, OK, X, "plain", &fault), -EINVAL);
	unsetenv("PATH");
	ck_assert_int_eq(policy_add_option(policy, &vars, OK, X, "tool", &fault), -EINVAL);
	policy_free(policy);
}
END_TEST

START_TEST(test_file)
{
	static const char text[] = "#\n\nallow read /zz/a\r\n  deny read /zz/a/b # no\nallow net";
	struct policy *policy = policy_new();
	struct fault fault = { .line = 0 };

	put_file("p", text, sizeof(text) - 1);
	ck_assert_int_eq(policy_add_file(policy, &vars, "p", &fault), 0);
	ck_assert_uint_eq(policy->rule_count, 3);
	ck_assert_str_eq(policy->rules[0]->source, "p:4");
	ck_assert_str_eq(policy->rules[1]->source, "p:3");
	ck_assert_str_eq(policy->rules[2]->source, "p:5");
	ck_assert(policy->rules[2]->is_by_user);
	policy_free(policy);
}
END_TEST

#define TEXT(text) text, sizeof(text) - 1

static const struct {
	const char *text;
	size_t size;             /* there may be a NUL inside */
	int error;
	unsigned line, column;
	const char *says;
} bad_files[] = {
	{ TEXT("allow read /\n\nallow reed /\n"), -EINVAL, 3, 7, "unknown class" },
	{ TEXT("\n\n\nscratch read /"), -EINVAL, 4, 9, "about writing" },
	{ TEXT("allow read /a\0b\n"), -EINVAL, 1, 14, "NUL byte" },
	{ TEXT("# x\0y\n"), -EINVAL, 1, 4, "NUL byte" },
	{ TEXT("\xef\xbb\xbf" "allow read /"), -EINVAL, 1, 1, "unknown verdict" },
	{ TEXT("allow read /\nallow exec no-such-program-here"), -EINVAL, 2, 12, "on PATH" },
};

START_TEST(test_bad_file)
{
	struct policy *policy = policy_new();
	struct fault fault = { .line = 0 };

	put_file("p", bad_files[_i].text, bad_files[_i].size);
	ck_assert_int_eq(policy_add_file(policy, &vars, "p", &fault), bad_files[_i].error);
	ck_assert_str_eq(fault.file, "p");
	ck_assert_uint_eq(fault.line, bad_files[_i].line);
	ck_assert_uint_eq(fault.column, bad_files[_i].column);
	ck_assert_msg(strstr(fault.text, bad_files[_i].says), "%s", fault.text);
	ck_assert(fault.quote[0] && fault.cure[0]);
	policy_free(policy);
}
END_TEST

START_TEST(test_unreadable_file)
{
	struct policy *policy = policy_new();
	struct fault fault = { .line = 3, .column = 3 };

	ck_assert_int_eq(policy_add_file(policy, &vars, "none", &fault), -ENOENT);
	ck_assert_str_eq(fault.file, "none");
	ck_assert_uint_eq(fault.line, 0);
	ck_assert_ptr_nonnull(strstr(fault.text, "No such file"));
	ck_assert_int_eq(policy_add_file(policy, &vars, "/", &fault), -EISDIR);
	/* no newline ever: the cap ends it */
	ck_assert_int_eq(policy_add_file(policy, &vars, "/dev/zero", &fault), -EINVAL);
	ck_assert_uint_eq(policy->rule_count, 0);
	policy_free(policy);
}
END_TEST

START_TEST(test_too_many_rules)
{
	struct policy *policy = policy_new();
	struct fault fault = { .line = 0 };
	char line[64];

	for (int i = 0; i < POLICY_RULES_MAX; i++) {
		snprintf(line, sizeof(line), "%d/%d", i % 7, i);
		ck_assert_int_eq(policy_add_option(policy, &vars, OK, E, line, &fault), 0);
	}
	ck_assert_uint_eq(policy->rule_count, POLICY_RULES_MAX);
	ck_assert_int_eq(policy_add_option(policy, &vars, OK, R, "/zz", &fault), -E2BIG);
	ck_assert_ptr_nonnull(strstr(fault.text, "too many rules"));
	ck_assert(fault.column && fault.cure[0]);
	ck_assert_int_eq(policy_add_option(policy, &vars, OK, E, "0/0", &fault), 0);
	ck_assert_uint_eq(policy->rule_count, POLICY_RULES_MAX);
	for (size_t i = 1; i < policy->rule_count; i++)
		ck_assert_uint_ge(policy->rules[i - 1]->literal, policy->rules[i]->literal);
	policy_free(policy);
}
END_TEST

START_TEST(test_canonical_too_long)
{
	struct policy *policy = policy_new();
	struct fault fault = { .line = 0 };
	char value[RULE_PATTERN_MAX];

	ck_assert_int_eq(mkdir("a-folder-with-a-long-name", 0700), 0);
	ck_assert_int_eq(symlink("a-folder-with-a-long-name", "l"), 0);
	snprintf(value, sizeof(value), "%s/l", scratch);
	memset(value + strlen(value), '/', 1);
	memset(value + strlen(scratch) + 3, 'x', sizeof(value) - strlen(scratch) - 4);
	value[sizeof(value) - 1] = '\0';
	ck_assert_int_eq(policy_add_option(policy, &vars, OK, R, value, &fault), -EINVAL);
	ck_assert_ptr_nonnull(strstr(fault.text, "canonical path is longer"));
	policy_free(policy);
}
END_TEST

START_TEST(test_kept_once)
{
	struct policy *policy = make("allow read /z\nallow read /z\ndeny read /z\nallow write /z");

	ck_assert_uint_eq(policy->rule_count, 3);
	policy_free(policy);
	policy_free(NULL);
}
END_TEST

static const struct {
	enum call_class class;
	const char *path;
	bool allows;
} by_default[] = {
	{ R, "/zz/py/lib/x.py", true },     { R, "/zz/venv/lib/x.py", true },
	{ R, "/zz/app/data.csv", true },    { W, "/zz/app/data.csv", false },
	{ R, "/usr/share/x", true },        { R, "/usr/lib/x", true },
	{ R, "/usr/local/lib/x", true },    { R, "/usr/bin/x", false },
	{ R, "/zz/home/.ssh/id", false },   { R, "/zz/home", false },
	{ R, "/zz/cwd/x", false },          { R, "/tmp", false },
	{ R, "/tmp/x", false },             { W, "/tmp/x", false },
	{ D, "/tmp/x", false },             { R, "/", false },
	{ R, "/etc", false },               { R, "/etc/shadow", false },
	{ R, "/etc/gshadow", false },       { R, "/etc/passwd", true },
	{ R, "/etc/hosts", true },          { R, "/etc/ld.so.cache", true },
	{ R, "/etc/ssl/private/key", false }, { R, "/proc/self/maps", true },
	{ R, "/proc/self", true },          { W, "/proc/self/mem", false },
	{ R, "/proc/1/environ", false },    { R, "/proc", false },
	{ R, "/proc/cpuinfo", true },       { R, "/proc/kcore", false },
	{ R, "/proc/kallsyms", false },     { R, "/proc/sys/kernel/core_pattern", false },
	{ R, "/sys/devices/system/cpu/online", true }, { W, "/sys/devices/system/cpu/x", false },
	{ R, "/sys/fs", false },            { R, "/dev", false },
	{ R, "/dev/null", true },           { W, "/dev/null", true },
	{ W, "/dev/zero", true },           { W, "/dev/full", true },
	{ R, "/dev/tty", true },            { W, "/dev/tty", true },
	{ R, "/dev/urandom", true },        { R, "/dev/random", true },
	{ W, "/dev/urandom", false },       { D, "/dev/null", false },
	{ R, "/dev/sda", false },           { R, "/dev/mem", false },
	{ W, "/dev/shm/x", false },         { X, "/usr/bin/env", false },
	{ X, "/usr/bin/uname", true },      { X, "/zz/app/x", false },
	{ N, NULL, false },                 { S, "/zz/home/.ssh", true },
	{ CLASS_SIGNAL, NULL, false },
};

static struct policy *make_default(const struct policy_vars *with)
{
	struct policy *policy = policy_new();
	struct fault fault = { .line = 77 };

	ck_assert_msg(policy_add_default(policy, with, &fault) == 0, "%s", fault.text);
	ck_assert_uint_eq(fault.line, 77);
	return policy;
}

START_TEST(test_default)
{
	struct policy *policy = make_default(&vars);

	for (size_t i = 0; i < ARRAY_SIZE(by_default); i++)
		ck_assert_msg((policy_judge(policy, by_default[i].class, by_default[i].path).kind ==
			       OK) == by_default[i].allows, "%s %s",
			      class_name(by_default[i].class), by_default[i].path);
	for (size_t i = 0; i < policy->rule_count; i++) {
		ck_assert(!policy->rules[i]->is_by_user);
		ck_assert_int_eq(strncmp(policy->rules[i]->source, "default.policy:", 15), 0);
	}
	ck_assert(!policy_has_carve_outs(policy, R));
	ck_assert(!policy_allows_everything(policy, R));
	policy_free(policy);
}
END_TEST

START_TEST(test_default_env)
{
	static const char *const pass[] = { "PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE",
					    "TERM", "TZ", "TMPDIR", "PWD", "VIRTUAL_ENV" };
	static const char *const stay[] = { "SHELL", "SSH_AUTH_SOCK", "AWS_SECRET_ACCESS_KEY",
					    "PYTHONPATH", "PYTHONSTARTUP", "LD_PRELOAD",
					    "LD_LIBRARY_PATH", "DISPLAY", "LANGUAGE", "LC" };
	struct policy *policy = make_default(&vars);

	for (size_t i = 0; i < ARRAY_SIZE(pass); i++)
		ck_assert_msg(policy_allows_env(policy, pass[i]), "%s", pass[i]);
	for (size_t i = 0; i < ARRAY_SIZE(stay); i++)
		ck_assert_msg(!policy_allows_env(policy, stay[i]), "%s", stay[i]);
	policy_free(policy);
}
END_TEST

/* No home, no script, no prefix: those lines are left out, the others stand. */
START_TEST(test_default_without_values)
{
	struct policy *policy = make_default(&(struct policy_vars){ .uid = 0 });

	ck_assert(allows(policy, R, "/usr/share/x"));
	ck_assert(!allows(policy, R, "/zz/app/x"));
	ck_assert(!allows(policy, R, "/zz/py/x"));
	policy_free(policy);
}
END_TEST

/* A wildcard of the default policy stands for what exists, its links resolved. */
START_TEST(test_default_wildcard)
{
	const struct policy_vars here = { .home = scratch };
	struct policy *policy;

	ck_assert_int_eq(system("mkdir -p .local/lib/python3.99/site-packages other/site-packages"
				" && ln -s ../../other .local/lib/python3.98"), 0);
	policy = make_default(&here);
	ck_assert(allows(policy, R, "@/.local/lib/python3.99/site-packages/x.py"));
	ck_assert(allows(policy, R, "@/other/site-packages/x.py"));
	ck_assert(!allows(policy, R, "@/.local/lib/python3.99"));
	ck_assert(!allows(policy, R, "@/.local/lib/python3.97/site-packages/x.py"));
	ck_assert(!policy_has_carve_outs(policy, R));
	policy_free(policy);
}
END_TEST

/* What the user says meets what is built in as one set. */
START_TEST(test_default_and_user)
{
	struct policy *policy = make_default(&vars);

	add_text(policy, "deny read /usr/share/secret\nallow write /zz/app/out\ndeny read /zz/app");
	ck_assert(!allows(policy, R, "/usr/share/secret/x"));
	ck_assert(allows(policy, R, "/usr/share/other"));
	ck_assert(!allows(policy, R, "/zz/app/x"));
	ck_assert(allows(policy, W, "/zz/app/out/x"));
	ck_assert(policy_has_carve_outs(policy, R));
	policy->allows_all = true;
	ck_assert(allows(policy, D, "/dev/null"));
	ck_assert(!allows(policy, R, "/usr/share/secret"));
	ck_assert(allows(policy, R, "/etc/shadow"));
	policy_free(policy);
}
END_TEST

START_TEST(test_default_text)
{
	ck_assert_int_eq(strncmp(policy_default_text, "# default.policy", 16), 0);
	ck_assert_ptr_nonnull(strstr(policy_default_text, "\nallow exec /usr/bin/uname\n"));
}
END_TEST

static void add_tests(TCase *tcase)
{
	tcase_add_loop_test(tcase, test_kept, 0, ARRAY_SIZE(kept));
	tcase_add_loop_test(tcase, test_bad_file, 0, ARRAY_SIZE(bad_files));
	tcase_add_test(tcase, test_symlinks);
	tcase_add_test(tcase, test_refused_link);
	tcase_add_test(tcase, test_root_link);
	tcase_add_test(tcase, test_option_paths);
	tcase_add_test(tcase, test_deny_write_refuses_delete);
	tcase_add_test(tcase, test_program_on_path);
	tcase_add_test(tcase, test_file);
	tcase_add_test(tcase, test_unreadable_file);
	tcase_add_test(tcase, test_too_many_rules);
	tcase_add_test(tcase, test_canonical_too_long);
	tcase_add_test(tcase, test_kept_once);
	tcase_add_test(tcase, test_default);
	tcase_add_test(tcase, test_default_env);
	tcase_add_test(tcase, test_default_without_values);
	tcase_add_test(tcase, test_default_wildcard);
	tcase_add_test(tcase, test_default_and_user);
	tcase_add_test(tcase, test_default_text);
}

int main(void)
{
	Suite *suite = suite_create("policy_load");
	TCase *tcase = tcase_create("policy_load");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 30);
	add_tests(tcase);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
