/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decide_check.h: what the test_decide_*.c share: calls made by hand, rows of expectations.
 *
 * The rules of a row are policy lines, or "-A" for --allow-all, or a bare "--deny-CLASS".
 * Nothing under /work-test exists: paths are compared, never opened.
 */
#ifndef TESTS_FILTERS_DECIDE_CHECK_H
#define TESTS_FILTERS_DECIDE_CHECK_H

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "filters/decide.h"
#include "filters/nr.h"
#include "filters/policy.h"
#include "tests/support/suite.h"

struct row {
	const char *rules;
	struct call call;
	enum verdict_kind kind;
	int error;
	enum call_class class;
	const char *path;        /* of the verdict; NULL: not compared */
};

/* A path may follow. */
#define ALLOWED(class_) .kind = VERDICT_ALLOW, .error = 0, .class = CLASS_##class_
#define DENIED(error_, class_) .kind = VERDICT_DENY, .error = error_, .class = CLASS_##class_
#define FAKED(class_) .kind = VERDICT_FAKE, .error = 0, .class = CLASS_##class_
#define HIDDEN(error_, class_) .kind = VERDICT_HIDE, .error = error_, .class = CLASS_##class_
#define KILLED(class_) .kind = VERDICT_KILL, .error = 0, .class = CLASS_##class_

#define A_FILE(p) { .raw = (p), .path = (p), .type = S_IFREG, .exists = true }
#define A_FOLDER(p) { .raw = (p), .path = (p), .type = S_IFDIR, .exists = true }
#define A_LINK(p) { .raw = (p), .path = (p), .exists = true, .type = S_IFLNK }
#define A_NEW(p) { .raw = (p), .path = (p) }
#define A_HELD(p) { .raw = (p), .path = (p), .type = S_IFREG, .exists = true, .is_held = true }
#define A_PIPE { .raw = "/proc/self/fd/5", .type = S_IFIFO, .exists = true, .is_nameless = true }
#define A_MEMFD(held) { .raw = "", .type = S_IFREG, .exists = true, .is_nameless = true, \
			.is_held = (held) }
#define A_STRANGER(p) { .raw = (p), .path = (p), .type = S_IFREG, .exists = true, \
			.is_foreign_proc = true }
#define A_FAILURE(e) { .raw = "x", .error = (e) }

/* Registers: what stands above the low half must not matter for int arguments. */
#define JUNK 0xdeadbeef00000000ull
#define INT(value) (JUNK | (uint32_t)(value))

#define CALL_ARGS(name_, ...) { .nr = __NR_##name_, .args = { __VA_ARGS__ } }
#define CALL_TARGET(name_, target_) { .nr = __NR_##name_, .args = { INT(7), INT(7), INT(7) }, \
				      .target = TARGET_##target_ }

static inline void add_file_rules(struct policy *policy, const char *text)
{
	static const struct policy_vars vars = { .home = "/work-test", .cwd = "/work-test" };
	char name[] = "/tmp/test_decide.XXXXXX";
	struct fault fault = { 0 };
	int fd = mkstemp(name);
	int error;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	error = policy_add_file(policy, &vars, name, &fault);
	unlink(name);
	ck_assert_msg(error == 0, "%s: %s", text, fault.text);
}

static inline void add_bare_deny(struct policy *policy, const char *name)
{
	static const struct policy_vars vars = { .home = "/work-test", .cwd = "/work-test" };
	struct fault fault = { 0 };

	for (unsigned i = 0; i < CLASS_IN_RULES; i++)
		if (strcmp(class_name(i), name) == 0) {
			ck_assert_int_eq(policy_add_option(policy, &vars, VERDICT_DENY, i, NULL,
							   &fault), 0);
			return;
		}
	ck_abort_msg("no class %s", name);
}

static inline struct policy *policy_of(const char *rules)
{
	struct policy *policy = policy_new();
	char text[1024] = "", copy[1024];
	char *rest = NULL;

	ck_assert_ptr_nonnull(policy);
	ck_assert_uint_lt(strlen(rules), sizeof(copy) - 1);
	strcpy(copy, rules);
	for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (strcmp(line, "-A") == 0)
			policy->allows_all = true;
		else if (strncmp(line, "--deny-", 7) == 0)
			add_bare_deny(policy, line + 7);
		else
			strcat(strcat(text, line), "\n");
	}
	if (*text)
		add_file_rules(policy, text);
	return policy;
}

/* What holds for every verdict, whatever was asked. */
static inline void check_form(const struct call *call, struct verdict verdict, const char *what)
{
	bool is_known_path = verdict.path == NULL || verdict.path == call->file[0].path ||
			     verdict.path == call->file[1].path;

	ck_assert_msg((unsigned)verdict.class < CLASS_COUNT, "%s: class %d", what, verdict.class);
	ck_assert_msg((verdict.kind == VERDICT_DENY || verdict.kind == VERDICT_HIDE) ==
			      (verdict.error > 0), "%s: error %d of %s",
		      what, verdict.error, verdict_name(verdict.kind));
	ck_assert_msg(verdict.kind != VERDICT_DENY || verdict.rule || verdict.reason,
		      "%s: denied without saying why", what);
	ck_assert_msg(is_known_path, "%s: a path from nowhere", what);
}

static inline struct verdict verdict_of(const char *rules, const struct call *asked,
					const char *what)
{
	struct policy *policy = policy_of(rules);
	struct call call = *asked;
	struct verdict verdict;

	call.row = syscall_by_nr(call.nr);
	verdict = decide(policy, &call);
	check_form(&call, verdict, what);
	/* The rule dies with the policy. */
	verdict.rule = NULL;
	policy_free(policy);
	return verdict;
}

static inline void check_row(const struct row *row, int index)
{
	const struct syscall_row *known = syscall_by_nr(row->call.nr);
	struct verdict got;
	char what[512];

	snprintf(what, sizeof(what), "row %d: %s %s under [%s]", index, known ? known->name : "?",
		 row->call.file[0].path ? row->call.file[0].path : "-", row->rules);
	got = verdict_of(row->rules, &row->call, what);
	ck_assert_msg(got.kind == row->kind && got.error == row->error && got.class == row->class,
		      "%s: %s %s %s (%s), expected %s %s %s", what, verdict_name(got.kind),
		      errno_name(got.error), class_name(got.class), got.reason ? got.reason : "",
		      verdict_name(row->kind), errno_name(row->error), class_name(row->class));
	if (row->path)
		ck_assert_msg(got.path && strcmp(got.path, row->path) == 0, "%s: path %s, expected %s",
			      what, got.path ? got.path : "NULL", row->path);
}

#endif
