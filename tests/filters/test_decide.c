/* SPDX-License-Identifier: Apache-2.0 */
/* test_decide.c: the entry, the wants, and what every verdict has in common. */
#include "tests/filters/decide_check.h"

#define IN "/work-test/in/a"
#define OUT "/work-test/out/a"

static struct verdict want(const char *rules, struct call_file file, enum call_class class,
			   bool is_name)
{
	struct policy *policy = policy_of(rules);
	struct verdict verdict = is_name ? decide_want_name(policy, &file, class)
					 : decide_want(policy, &file, class);

	verdict.rule = NULL;
	policy_free(policy);
	return verdict;
}

static const struct want_row {
	const char *rules;
	struct call_file file;
	enum call_class class;
	enum verdict_kind object;   /* as an object */
	enum verdict_kind name;     /* as a name */
} want_rows[] = {
	{ "allow read " IN, A_FILE(IN), CLASS_READ, VERDICT_ALLOW, VERDICT_ALLOW },
	{ "allow read " IN, A_FILE(IN), CLASS_WRITE, VERDICT_DENY, VERDICT_DENY },
	{ "allow read " IN, A_FILE(OUT), CLASS_READ, VERDICT_DENY, VERDICT_DENY },
	{ "", A_FILE(IN), CLASS_READ, VERDICT_DENY, VERDICT_DENY },
	{ "", A_FILE(IN), CLASS_EXEC, VERDICT_DENY, VERDICT_DENY },
	{ "", A_FILE(IN), CLASS_DELETE, VERDICT_DENY, VERDICT_DENY },
	{ "", A_FILE(IN), CLASS_STAT, VERDICT_ALLOW, VERDICT_ALLOW },
	{ "deny stat " IN, A_FILE(IN), CLASS_STAT, VERDICT_DENY, VERDICT_DENY },
	{ "kill read " IN, A_FILE(IN), CLASS_READ, VERDICT_KILL, VERDICT_KILL },
	{ "-A", A_FILE(IN), CLASS_WRITE, VERDICT_ALLOW, VERDICT_ALLOW },
	{ "-A\n--deny-write", A_FILE(IN), CLASS_WRITE, VERDICT_DENY, VERDICT_DENY },
	{ "-A\ndeny write " IN, A_FILE(IN), CLASS_WRITE, VERDICT_DENY, VERDICT_DENY },
	/* A descriptor gives objects, never names. */
	{ "", A_HELD(IN), CLASS_READ, VERDICT_ALLOW, VERDICT_DENY },
	{ "", A_HELD(IN), CLASS_WRITE, VERDICT_ALLOW, VERDICT_DENY },
	{ "", A_PIPE, CLASS_READ, VERDICT_ALLOW, VERDICT_DENY },
	{ "", A_PIPE, CLASS_WRITE, VERDICT_ALLOW, VERDICT_DENY },
	{ "-A", A_PIPE, CLASS_DELETE, VERDICT_ALLOW, VERDICT_DENY },
	/* What was not resolved is refused, held or not, whatever is allowed. */
	{ "allow read /", A_FAILURE(ELOOP), CLASS_READ, VERDICT_DENY, VERDICT_DENY },
	{ "-A", A_FAILURE(EFAULT), CLASS_READ, VERDICT_DENY, VERDICT_DENY },
	{ "-A", { .raw = "x" }, CLASS_READ, VERDICT_DENY, VERDICT_DENY },
	{ "-A", { .raw = NULL }, CLASS_WRITE, VERDICT_DENY, VERDICT_DENY },
	{ "-A", { .raw = "x", .is_held = true }, CLASS_READ, VERDICT_DENY, VERDICT_DENY },
	{ "-A", { .path = IN, .error = EIO }, CLASS_READ, VERDICT_DENY, VERDICT_DENY },
	{ "-A", { .path = IN, .error = EIO, .is_held = true }, CLASS_READ, VERDICT_DENY,
	  VERDICT_DENY },
	{ "-A", { .error = EIO, .is_nameless = true }, CLASS_READ, VERDICT_DENY, VERDICT_DENY },
	/* No rule speaks of a path that is not canonical. */
	{ "-A", { .path = "work-test/in" }, CLASS_READ, VERDICT_DENY, VERDICT_DENY },
	{ "-A", { .path = "" }, CLASS_READ, VERDICT_DENY, VERDICT_DENY },
	{ "-A", { .path = "/work-test/../etc/x" }, CLASS_READ, VERDICT_DENY, VERDICT_DENY },
	{ "-A", { .path = "/work-test/./x" }, CLASS_READ, VERDICT_DENY, VERDICT_DENY },
	{ "-A", { .path = "//work-test" }, CLASS_READ, VERDICT_DENY, VERDICT_DENY },
	{ "-A", { .path = "/work-test/" }, CLASS_READ, VERDICT_DENY, VERDICT_DENY },
	{ "-A", { .path = "/" }, CLASS_READ, VERDICT_ALLOW, VERDICT_ALLOW },
	/* Another process: always. */
	{ "allow read /", A_STRANGER("/proc/1/mem"), CLASS_READ, VERDICT_DENY, VERDICT_DENY },
	{ "-A", A_STRANGER("/proc/1/mem"), CLASS_READ, VERDICT_DENY, VERDICT_DENY },
	{ "-A", A_STRANGER("/proc/1/mem"), CLASS_STAT, VERDICT_DENY, VERDICT_DENY },
	{ "-A", { .path = "/proc/1/fd/3", .is_held = true, .is_foreign_proc = true }, CLASS_WRITE,
	  VERDICT_DENY, VERDICT_DENY },
	{ "-A", { .is_nameless = true, .is_foreign_proc = true }, CLASS_WRITE, VERDICT_DENY,
	  VERDICT_DENY },
};

START_TEST(test_want)
{
	const struct want_row *row = &want_rows[_i];
	struct verdict object = want(row->rules, row->file, row->class, false);
	struct verdict name = want(row->rules, row->file, row->class, true);

	ck_assert_int_eq(object.kind, row->object);
	ck_assert_int_eq(name.kind, row->name);
	ck_assert_int_eq(object.class, row->class);
	ck_assert_int_eq(name.class, row->class);
	ck_assert_ptr_eq(name.path, row->file.path);
	if (object.kind == VERDICT_DENY)
		ck_assert_int_eq(object.error, EACCES);
	if (name.kind == VERDICT_DENY)
		ck_assert_int_eq(name.error, EACCES);
}
END_TEST

START_TEST(test_want_says_why)
{
	struct call_file stranger = A_STRANGER("/proc/1/mem");
	struct call_file failure = A_FAILURE(ELOOP);

	ck_assert_str_eq(want("", stranger, CLASS_READ, false).reason,
			 "a process outside the script");
	ck_assert_str_eq(want("", failure, CLASS_READ, false).reason, "path cannot be judged");
}
END_TEST

START_TEST(test_worse)
{
	static const enum verdict_kind order[] = {
		VERDICT_ALLOW, VERDICT_ASK, VERDICT_DENY, VERDICT_KILL,
	};

	for (int a = 0; a < 4; a++)
		for (int b = 0; b < 4; b++) {
			struct verdict first = { .kind = order[a], .path = "first" };
			struct verdict second = { .kind = order[b], .path = "second" };
			struct verdict got = decide_worse(first, second);

			ck_assert_int_eq(got.kind, order[a > b ? a : b]);
			ck_assert_str_eq(got.path, b > a ? "second" : "first");
		}
}
END_TEST

START_TEST(test_no_row)
{
	static const long numbers[] = { -1, 0x7fffffff, 100000, 0x40000002, 215 };

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		for (int all = 0; all < 2; all++) {
			struct call call = { .nr = numbers[i] };
			struct verdict got = verdict_of(all ? "-A" : "", &call, "no row");

			ck_assert_int_eq(got.kind, VERDICT_DENY);
			ck_assert_int_eq(got.error, ENOSYS);
			ck_assert_int_eq(got.class, CLASS_SYSTEM);
			ck_assert_str_eq(got.reason, "call has no row");
		}
}
END_TEST

START_TEST(test_rows_without_decider)
{
	struct policy *policy = policy_of("");

	for (size_t i = 0; i < syscall_row_count; i++) {
		const struct syscall_row *row = &syscall_rows[i];
		struct call call = { .row = row, .nr = row->nr };
		struct verdict got = decide(policy, &call);

		check_form(&call, got, row->name);
		if (row->decide == NULL)
			ck_assert_int_eq(got.class, CLASS_SYSTEM);
		if (row->action == FILTER_ENOSYS)
			ck_assert_int_eq(got.error, ENOSYS);
		else if (row->decide == NULL)
			ck_assert_int_eq(got.kind, VERDICT_ALLOW);
	}
	policy_free(policy);
}
END_TEST

/* Nothing filled in, nothing allowed: no call that changes a file or runs a program gets by. */
START_TEST(test_empty_calls_fail_closed)
{
	static decide_fn *const deciders[] = {
		decide_remove, decide_rename, decide_link, decide_make, decide_change, decide_exec,
		decide_signal, decide_blind, decide_memfd, decide_sandbox,
	};

	for (int all = 0; all < 2; all++) {
		struct policy *policy = policy_of(all ? "-A" : "allow read /\nallow write /");

		for (size_t i = 0; i < syscall_row_count; i++)
			for (size_t k = 0; k < ARRAY_SIZE(deciders); k++) {
				struct call call = { .row = &syscall_rows[i],
						     .nr = syscall_rows[i].nr };

				if (syscall_rows[i].decide != deciders[k])
					continue;
				ck_assert_msg(decide(policy, &call).kind == VERDICT_DENY,
					      "%s allowed", syscall_rows[i].name);
			}
		policy_free(policy);
	}
}
END_TEST

static uint64_t random_word(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static struct call_file random_file(uint64_t *state)
{
	static const char *const paths[] = {
		NULL, "", "/", "/work-test", IN, OUT, "relative", "/work-test/../x", "/proc/1/mem",
		"/work-test/\n\033[2J", "/work-test/\xff\xfe",
	};
	static const mode_t types[] = { 0, S_IFREG, S_IFDIR, S_IFIFO, S_IFCHR, S_IFMT };
	uint64_t r = random_word(state);

	return (struct call_file){
		.raw = paths[r % ARRAY_SIZE(paths)],
		.path = paths[(r >> 8) % ARRAY_SIZE(paths)],
		.error = r >> 16 & 7 ? 0 : EIO,
		.type = types[(r >> 20) % ARRAY_SIZE(types)],
		.exists = r >> 32 & 1,
		.is_nameless = !(r >> 33 & 7),
		.is_held = !(r >> 36 & 7),
		.is_foreign_proc = !(r >> 39 & 7),
		.is_unreadable = !(r >> 42 & 7),
	};
}

/* Total: whatever a call holds, there is a verdict, and it says why. */
START_TEST(test_any_call)
{
	static const char *const rules[] = {
		"", "-A", "allow read /\nallow write /work-test/out\ndeny write /work-test/out/b",
		"-A\n--deny-net\n--deny-exec", "kill write /work-test/**\nallow read /work-test/*",
	};
	uint64_t state = 0x9e3779b97f4a7c15ull;

	for (size_t p = 0; p < ARRAY_SIZE(rules); p++) {
		struct policy *policy = policy_of(rules[p]);

		for (int i = 0; i < 40000; i++) {
			const struct syscall_row *row =
				&syscall_rows[random_word(&state) % syscall_row_count];
			struct call call = {
				.row = row,
				.nr = row->nr,
				.file = { random_file(&state), random_file(&state) },
				.flags = (int)random_word(&state),
				.mode = (unsigned)random_word(&state),
				.family = (int)(random_word(&state) % 50),
				.target = random_word(&state) % (TARGET_TRACER + 2),
			};

			for (int a = 0; a < 6; a++)
				call.args[a] = random_word(&state) >> random_word(&state) % 64;
			check_form(&call, decide(policy, &call), row->name);
		}
		policy_free(policy);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("decide");
	TCase *tcase = tcase_create("entry");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, test_want, 0, ARRAY_SIZE(want_rows));
	tcase_add_test(tcase, test_want_says_why);
	tcase_add_test(tcase, test_worse);
	tcase_add_test(tcase, test_no_row);
	tcase_add_test(tcase, test_rows_without_decider);
	tcase_add_test(tcase, test_empty_calls_fail_closed);
	tcase_add_test(tcase, test_any_call);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
