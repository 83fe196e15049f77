/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_seccomp.c: the exported program, run in the simulator: every row, every argument rule,
 * every mode, with junk where the kernel does not look.  What must come out is in expected.h.
 */
#include "tests/filters/expected.h"

#include <check.h>
#include <linux/audit.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fail.h"
#include "filters/policy.h"
#include "filters/simulator.h"
#include "filters/syscalls.h"
#include "tests/support/suite.h"

#define UNWATCHED 256
#define MODES (UNWATCHED * 3)
#define X32_BIT 0x40000000

static struct filter_program programs[MODES];

static struct filter_mode mode_at(int bits)
{
	return (struct filter_mode){
		.passes_reads = bits & 1,
		.passes_net = bits & 2,
		.stops_stat = bits & 4,
		.stops_memfd = bits & 8,
		.is_allow_all = bits & 16,
		.stops_brokered = bits & 32,
		.stops_hidden = bits & 64,
		.stops_layer = bits & 128,
		.watch = (enum watch)(WATCH_POLICY + bits / UNWATCHED),
	};
}

static void build_all(void)
{
	for (int m = 0; m < MODES; m++) {
		struct filter_mode mode = mode_at(m);

		ck_assert_int_eq(filter_build(&mode, &programs[m]), 0);
	}
}

static void free_all(void)
{
	for (int m = 0; m < MODES; m++)
		filter_free(&programs[m]);
}

static uint32_t answer(int m, uint32_t arch, int nr, const uint64_t args[6])
{
	struct seccomp_data data = { .nr = nr, .arch = arch };
	uint32_t action = 0;

	memcpy(data.args, args, sizeof(data.args));
	ck_assert_int_eq(simulate(&programs[m], &data, &action), 0);
	return action;
}

static void check_call(int m, const struct syscall_row *row, const uint64_t args[6])
{
	struct filter_mode mode = mode_at(m);
	uint32_t expected = expected_action(&mode, row->name, args);
	uint32_t action = answer(m, AUDIT_ARCH_X86_64, row->nr, args);
	char is[32], should[32];

	ck_assert_msg(filter_notifies(&mode, row->nr, args) == (action == NOTIFY), "mode %#x: %s",
		      m, row->name);
	if (action == expected)
		return;
	simulator_action_name(action, is, sizeof(is));
	simulator_action_name(expected, should, sizeof(should));
	ck_abort_msg("mode %#x: %s(%#lx, %#lx, %#lx, %#lx, %#lx, %#lx) is %s, should be %s", m,
		     row->name, args[0], args[1], args[2], args[3], args[4], args[5], is, should);
}

static uint64_t random_half(void)
{
	return (uint64_t)random() << 1 ^ random();
}

/* Low halves that rules look at, and their neighbours. */
static uint32_t telling_word(void)
{
	static const uint32_t words[] = {
		0, 1, 2, 3, 4, 5, 6, 7, 10, 16, 47, 0xffffffff, 0x80000000, 0100, 01000, 0200000,
		020000000, 020200000, 010000000, 02000000, 0100000, 04000,
	};

	switch (random() % 7) {
	case 0:
	case 1:
		return words[random() % ARRAY_SIZE(words)];
	case 2:
		return words[random() % ARRAY_SIZE(words)] | words[random() % ARRAY_SIZE(words)];
	case 3:
		return expected_ioctls[random() % ARRAY_SIZE(expected_ioctls)];
	case 4:
		return expected_fcntls[random() % ARRAY_SIZE(expected_fcntls)];
	case 5:
		return expected_prctls[random() % ARRAY_SIZE(expected_prctls)] + random() % 2;
	default:
		return (uint32_t)random_half();
	}
}

static void random_args(uint64_t args[6])
{
	static const uint32_t upper[] = { 0, 0, 0xffffffff, 0x80000000, 1 };

	for (int i = 0; i < 6; i++) {
		uint64_t high = random() % 2 ? upper[random() % ARRAY_SIZE(upper)] : random_half();

		args[i] = high << 32 | telling_word();
	}
}

/* Some modes a test: a process for each of them takes longer than what it checks. */
#define PARTS 16
#define EVERY_MODE(name) \
	START_TEST(name) \
	{ \
		for (int m = _i; m < MODES; m += PARTS) \
			in_##name(m); \
	} \
	END_TEST

static void in_every_row(int m)
{
	static const uint64_t zero[6];
	static const uint64_t ones[6] = { ~0ul, ~0ul, ~0ul, ~0ul, ~0ul, ~0ul };
	uint64_t args[6];

	srandom(m);
	for (size_t i = 0; i < syscall_row_count; i++) {
		check_call(m, &syscall_rows[i], zero);
		check_call(m, &syscall_rows[i], ones);
		for (int round = 0; round < 2; round++) {
			random_args(args);
			check_call(m, &syscall_rows[i], args);
		}
	}
}

EVERY_MODE(every_row)

static const char *const argument_calls[] = {
	"open", "openat", "access", "faccessat", "faccessat2", "setrlimit", "prlimit64",
	"sched_setaffinity",
	"sched_setscheduler", "sched_setparam", "sched_setattr", "migrate_pages", "move_pages",
	"get_robust_list",
	"setpriority", "ioprio_set", "personality", "prctl", "fcntl", "ioctl", "socket",
	"socketpair", "sendto",
};

static void in_random_arguments(int m)
{
	uint64_t args[6];

	srandom(1000 + m);
	for (size_t i = 0; i < ARRAY_SIZE(argument_calls); i++) {
		const struct syscall_row *row = syscall_by_name(argument_calls[i]);

		ck_assert_ptr_nonnull(row);
		for (int round = 0; round < 40; round++) {
			random_args(args);
			check_call(m, row, args);
		}
	}
}

EVERY_MODE(random_arguments)

/* One argument takes every value of `values`; upper halves are clear, full and random. */
static void sweep(const char *name, int argument, const uint32_t *values, size_t count)
{
	static const int modes[] = { 0, 15, UNWATCHED, 2 * UNWATCHED + 15 };
	const struct syscall_row *row = syscall_by_name(name);

	for (size_t i = 0; i < count * ARRAY_SIZE(modes); i++) {
		uint64_t args[6];
		uint64_t high[] = { 0, 0xffffffff, random_half() };

		random_args(args);
		for (size_t k = 0; k < ARRAY_SIZE(high); k++) {
			args[argument] = high[k] << 32 | values[i % count];
			check_call(modes[i / count], row, args);
		}
	}
}

static const struct {
	const char *name;
	int argument;
	const uint32_t *values;
	size_t count;
} listed_values[] = {
	{ "ioctl", 1, expected_ioctls, ARRAY_SIZE(expected_ioctls) },
	{ "fcntl", 1, expected_fcntls, ARRAY_SIZE(expected_fcntls) },
	{ "prctl", 0, expected_prctls, ARRAY_SIZE(expected_prctls) },
};

START_TEST(every_listed_value)
{
	sweep(listed_values[_i].name, listed_values[_i].argument, listed_values[_i].values,
	      listed_values[_i].count);
}
END_TEST

static const struct {
	const char *name;
	int argument;
	uint32_t start;
	uint32_t end;
} ranges[] = {
	{ "ioctl", 1, 0, 0x400 },      { "ioctl", 1, 0x5400, 0x5500 },
	{ "ioctl", 1, 0x8900, 0x8a00 }, { "ioctl", 1, 0x80045400, 0x80045500 },
	{ "fcntl", 1, 0, 2000 },       { "prctl", 0, 0, 300 },
	{ "socket", 0, 0, 64 },        { "socket", 2, 0, 64 },
	{ "socketpair", 0, 0, 64 },    { "socketpair", 1, 0, 64 },
	{ "setpriority", 0, 0, 8 },    { "setpriority", 1, 0, 8 },
	{ "ioprio_set", 0, 0, 8 },     { "access", 1, 0, 16 },
	{ "openat", 2, 0, 0x2000 },    { "open", 1, 0, 0x2000 },
	{ "personality", 0, 0xfffffff0, 0xffffffff },
	{ "setrlimit", 0, 0, 64 },     { "prlimit64", 1, 0, 64 },
};

START_TEST(every_value_of_a_range)
{
	uint32_t count = ranges[_i].end - ranges[_i].start;
	uint32_t *values = malloc(count * sizeof(*values));

	for (uint32_t i = 0; i < count; i++)
		values[i] = ranges[_i].start + i;
	sweep(ranges[_i].name, ranges[_i].argument, values, count);
	free(values);
}
END_TEST

/* Said once more without expected.h: the forms that matter most, in the default mode. */
static const struct {
	const char *name;
	uint64_t args[6];
	uint32_t action;
} plain[] = {
	{ "openat", { -100, 1, 02000000 }, NOTIFY },
	{ "openat", { -100, 1, 0xffffffff02000000 }, NOTIFY },
	{ "openat", { -100, 1, 1 }, NOTIFY },
	{ "openat", { -100, 1, 01000 }, NOTIFY },
	{ "openat", { -100, 1, 0100 }, NOTIFY },
	{ "openat", { -100, 1, 020200000 }, NOTIFY },
	{ "openat", { -100, 1, 0200000 }, NOTIFY },
	{ "openat", { -100, 1, 3 }, NOTIFY },
	{ "openat", { -100, 1, 010000001 }, ALLOW },
	{ "open", { 1, 0100000000000 }, NOTIFY },
	{ "open", { 1, 2 }, NOTIFY },
	{ "openat2", { -100, 1, 1, 24 }, NOTIFY },
	{ "renameat2", { -100, 1, -100, 1, 1 }, NOTIFY },
	{ "access", { 1, 2 }, NOTIFY },
	{ "execve", { 1, 1, 1 }, TRACE },
	{ "ioctl", { 0, 0x5412 }, TRACE },           /* TIOCSTI */
	{ "ioctl", { 0, 0x100005412 }, TRACE },
	{ "ioctl", { 0, 0x541c }, TRACE },           /* TIOCLINUX */
	{ "ioctl", { 0, 0x40086602 }, TRACE },       /* FS_IOC_SETFLAGS */
	{ "ioctl", { 0, 0xdeadbeef00005401 }, ALLOW },
	{ "prctl", { 22, 2 }, TRACE },               /* PR_SET_SECCOMP */
	{ "prctl", { 4, 0 }, TRACE },                /* PR_SET_DUMPABLE */
	{ "prctl", { 4, 1 }, ALLOW },
	{ "prctl", { 36, 1 }, TRACE },               /* PR_SET_CHILD_SUBREAPER */
	{ "prctl", { 0x59616d61, -1 }, TRACE },      /* PR_SET_PTRACER */
	{ "fcntl", { 0, 1024, 0 }, TRACE },          /* F_SETLEASE */
	{ "fcntl", { 0, 8, 1 }, TRACE },             /* F_SETOWN */
	{ "fcntl", { 0, 4, 04000 }, ALLOW },         /* F_SETFL, O_NONBLOCK */
	{ "fcntl", { 0, 4, 024000 }, TRACE },        /* and O_ASYNC */
	{ "sendto", { 3, 1, 2, 0, 0, 16 }, ALLOW },
	{ "sendto", { 3, 1, 2, 0, 0x100000000, 16 }, TRACE },
	{ "sendto", { 3, 1, 2, 0, 0x7fffffff, 16 }, TRACE },
	{ "socketpair", { 1, 2 }, TRACE },           /* datagrams */
	{ "socketpair", { 1, 02000001 }, ALLOW },
	{ "socket", { 2, 1 }, TRACE },
	{ "prlimit64", { 0x100000000 }, ALLOW },
	{ "prlimit64", { 1 }, TRACE },
	{ "prlimit64", { 0, 7, 1 }, ALLOW },
	{ "prlimit64", { 0, 4, 1 }, TRACE },         /* RLIMIT_CORE */
	{ "setrlimit", { 0xffffffff00000004, 1 }, TRACE },
};

START_TEST(plain_words)
{
	const struct syscall_row *row = syscall_by_name(plain[_i].name);

	ck_assert_uint_eq(answer(0, AUDIT_ARCH_X86_64, row->nr, plain[_i].args),
			  plain[_i].action);
}
END_TEST

static void in_other_doors_kill(int m)
{
	static const uint64_t zero[6];

	for (int nr = 0; nr < 600; nr++) {
		ck_assert_uint_eq(answer(m, AUDIT_ARCH_I386, nr, zero), SECCOMP_RET_KILL_PROCESS);
		ck_assert_uint_eq(answer(m, AUDIT_ARCH_AARCH64, nr, zero),
				  SECCOMP_RET_KILL_PROCESS);
		ck_assert_uint_eq(answer(m, AUDIT_ARCH_X86_64, nr | X32_BIT, zero),
				  SECCOMP_RET_KILL_PROCESS);
	}
	ck_assert_uint_eq(answer(m, AUDIT_ARCH_I386, DEAD_CALL_NR, zero),
			  SECCOMP_RET_KILL_PROCESS);
	ck_assert_uint_eq(answer(m, 0, 0, zero), SECCOMP_RET_KILL_PROCESS);
}

EVERY_MODE(other_doors_kill)

static void in_numbers_without_a_row(int m)
{
	static const uint64_t zero[6];

	for (int nr = 0; nr <= 2000; nr++)
		if (!syscall_by_nr(nr) && nr != DEAD_CALL_NR)
			ck_assert_msg(answer(m, AUDIT_ARCH_X86_64, nr, zero) == TRACE, "%d", nr);
	ck_assert_uint_eq(answer(m, AUDIT_ARCH_X86_64, 215, zero), NOTIFY);
	ck_assert_uint_eq(answer(m, AUDIT_ARCH_X86_64, 435, zero), ENOSYS_ANSWER);
	/* A skipped call: the tracer sets the number to -1. */
	ck_assert_uint_eq(answer(m, AUDIT_ARCH_X86_64, -1, zero), TRACE);
	ck_assert_uint_eq(answer(m, AUDIT_ARCH_X86_64, X32_BIT - 1, zero), TRACE);
}

EVERY_MODE(numbers_without_a_row)

START_TEST(size_and_ownership)
{
	struct filter_program program = { 0 };
	struct filter_mode mode = { 0 };

	for (int m = 0; m < MODES; m++) {
		ck_assert_uint_gt(programs[m].length, 100);
		ck_assert_uint_le(programs[m].length, 4096);
	}
	filter_free(NULL);
	filter_free(&program);
	ck_assert_int_eq(filter_build(&mode, &program), 0);
	filter_free(&program);
	ck_assert_ptr_null(program.code);
	filter_free(&program);
}
END_TEST

/* Equal modes give equal programs: what is embedded at build time is what a run would make. */
static void in_building_is_repeatable(int m)
{
	struct filter_mode mode = mode_at(m);
	struct filter_program again;

	/* Building takes longest of all: each bit of a mode is met by some of these. */
	if (m % 7 != 0)
		return;
	ck_assert_int_eq(filter_build(&mode, &again), 0);
	ck_assert_uint_eq(again.length, programs[m].length);
	ck_assert_int_eq(memcmp(again.code, programs[m].code, again.length * sizeof(*again.code)),
			 0);
	filter_free(&again);
}

EVERY_MODE(building_is_repeatable)

/* --allow-all stops exactly what the default policy stops, whatever else is set. */
START_TEST(allow_all_stops_as_much)
{
	for (int bits = 0; bits < 4; bits++)
		ck_assert_int_eq(memcmp(programs[16 | bits].code, programs[0].code,
					programs[0].length * sizeof(*programs[0].code)), 0);
}
END_TEST

static const struct {
	const char *what;
	const char *lines[3];   /* + allow, - deny, ! hide or ? fake, class, perhaps =path */
	bool brokers_reads;
	bool allows_all;
	bool wants_native;
	struct filter_mode mode;
} modes_of[] = {
	{ "nothing allowed", { NULL }, false, false, false, { 0 } },
	{ "reads", { "+read" }, false, false, false, { .passes_reads = true } },
	{ "reads, brokered all the same", { "+read" }, true, false, false, { 0 } },
	{ "reads with a stat rule", { "+read", "-stat" }, false, false, false,
	  { .stops_stat = true } },
	{ "stat rule", { "-stat" }, false, false, false, { .stops_stat = true } },
	{ "stat rule for a path", { "+read", "-stat=/x" }, false, false, false,
	  { .stops_stat = true } },
	{ "one read", { "+read=/x" }, false, false, false, { 0 } },
	{ "reads but one", { "+read", "-read=/x" }, false, false, false, { 0 } },
	{ "stat allowed", { "+stat" }, false, false, false, { 0 } },
	{ "net", { "+net" }, false, false, false, { .passes_net = true } },
	{ "net as root", { "+net" }, true, false, false, { .passes_net = true } },
	{ "net and its refusal", { "+net", "-net" }, false, false, false, { 0 } },
	{ "reads and their refusal", { "+read", "-read" }, false, false, false, { 0 } },
	{ "both", { "+read", "+net" }, false, false, false,
	  { .passes_reads = true, .passes_net = true } },
	{ "writes alone", { "+write" }, false, false, false, { 0 } },
	{ "all", { NULL }, false, true, false, { .is_allow_all = true } },
	{ "C frames", { "+read=/x" }, false, false, true, { .stops_brokered = true } },
	{ "C frames of what passes", { "+read" }, false, false, true,
	  { .passes_reads = true, .stops_brokered = true } },
	{ "C frames of all", { NULL }, false, true, true,
	  { .is_allow_all = true, .stops_brokered = true } },
	{ "something hidden", { "+read", "!stat=/x" }, false, false, false,
	  { .stops_stat = true, .stops_hidden = true } },
	{ "something hidden, all allowed", { "!stat=/x" }, false, true, false,
	  { .stops_stat = true, .stops_hidden = true, .is_allow_all = true } },
	{ "writes to a layer", { "+read", "~write=/x" }, false, false, false,
	  { .stops_stat = true, .stops_layer = true } },
	{ "deletion faked", { "?delete=/x" }, false, false, false,
	  { .stops_stat = true, .stops_hidden = true } },
	{ "programs faked", { "?exec=/x" }, false, false, false, { 0 } },
	{ "all, said twice", { "+read", "+net" }, false, true, false, { .is_allow_all = true } },
};

static int add_line(struct policy *policy, const char *line)
{
	const struct policy_vars vars = { .home = "/home/u", .cwd = "/" };
	enum verdict_kind verdict = *line == '+' ? VERDICT_ALLOW :
				    *line == '!' ? VERDICT_HIDE :
				    *line == '?' ? VERDICT_FAKE : VERDICT_DENY;

	if (*line == '~')
		return policy_scratch(policy, strchr(line, '=') + 1, "--tmp");
	size_t length = strcspn(line + 1, "=");
	const char *value = line[1 + length] ? line + length + 2 : NULL;
	enum call_class class = CLASS_READ;
	struct fault fault;

	while (strncmp(class_name(class), line + 1, length))
		class++;
	return policy_add_option(policy, &vars, verdict, class, value, &fault);
}

static bool same_mode(const struct filter_mode *a, const struct filter_mode *b)
{
	return a->passes_reads == b->passes_reads && a->passes_net == b->passes_net &&
	       a->stops_stat == b->stops_stat && a->stops_hidden == b->stops_hidden &&
	       a->stops_memfd == b->stops_memfd && a->stops_layer == b->stops_layer &&
	       a->is_allow_all == b->is_allow_all && a->stops_brokered == b->stops_brokered &&
	       a->watch == b->watch;
}

START_TEST(mode_of_policy)
{
	struct policy *policy = policy_new();
	struct filter_mode expected = modes_of[_i].mode;

	for (size_t i = 0; i < 3 && modes_of[_i].lines[i]; i++)
		ck_assert_int_eq(add_line(policy, modes_of[_i].lines[i]), 0);
	policy->allows_all = modes_of[_i].allows_all;
	for (int limited = 0; limited < 2; limited++) {
		struct filter_mode mode =
			filter_mode_of(policy, modes_of[_i].brokers_reads, limited,
				       modes_of[_i].wants_native);

		expected.stops_memfd = limited;
		ck_assert_msg(same_mode(&mode, &expected), "%s", modes_of[_i].what);
	}
	policy_free(policy);
}
END_TEST

static Suite *seccomp_suite(void)
{
	Suite *suite = suite_create("seccomp");
	TCase *tcase = tcase_create("seccomp");

	/* Once for all: 384 programs take 1 s, and every test only reads them. */
	tcase_add_unchecked_fixture(tcase, build_all, free_all);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, every_row, 0, PARTS);
	tcase_add_loop_test(tcase, random_arguments, 0, PARTS);
	tcase_add_loop_test(tcase, every_listed_value, 0, ARRAY_SIZE(listed_values));
	tcase_add_loop_test(tcase, every_value_of_a_range, 0, ARRAY_SIZE(ranges));
	tcase_add_loop_test(tcase, plain_words, 0, ARRAY_SIZE(plain));
	tcase_add_loop_test(tcase, other_doors_kill, 0, PARTS);
	tcase_add_loop_test(tcase, numbers_without_a_row, 0, PARTS);
	tcase_add_test(tcase, size_and_ownership);
	tcase_add_loop_test(tcase, building_is_repeatable, 0, PARTS);
	tcase_add_test(tcase, allow_all_stops_as_much);
	tcase_add_loop_test(tcase, mode_of_policy, 0, ARRAY_SIZE(modes_of));
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{

	return suite_run(seccomp_suite());
}
