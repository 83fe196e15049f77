/* SPDX-License-Identifier: Apache-2.0 */
/* test_core.c: a limit of 1 on core dumps is kept, and the script is told what it expects. */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/fail.h"
#include "filters/nr.h"
#include "filters/policy.h"
#include "tests/support/child.h"
#include "tests/support/suite.h"
#include "tracer/core.h"

static struct policy *policy;
static struct run_config config;
static struct tracer tracer = { .config = &config };

static void setup(void)
{
	policy = policy_new();
	config.policy = policy;
}

static void teardown(void)
{
	policy_free(policy);
}

/* A call of this process about itself. */
static struct op op_of(long nr, uint64_t first, uint64_t second, uint64_t third, uint64_t fourth)
{
	struct op op;

	memset(&op, 0, offsetof(struct op, text));
	op.pid = op.tid = getpid();
	op.call.nr = nr;
	op.call.args[0] = first;
	op.call.args[1] = second;
	op.call.args[2] = third;
	op.call.args[3] = fourth;
	return op;
}

static const struct {
	uint64_t soft, hard;
	long result;
} wishes[] = {
	{ 0, 0, 0 },       { 0, 1, 0 },  { 1, 1, 0 },
	{ 1, 0, -EINVAL }, { 0, 2, -EPERM }, { RLIM_INFINITY, RLIM_INFINITY, -EPERM },
};

static void lower(const void *data)
{
	const uint64_t one[2] = { 1, 1 };
	uint64_t old[2] = { 7, 7 };
	struct rlimit now;
	struct op op;

	(void)data;
	EXPECT(setrlimit(RLIMIT_CORE, (const struct rlimit *)one) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(wishes); i++) {
		uint64_t wish = (uint64_t)(uintptr_t)&wishes[i];

		op = op_of(__NR_setrlimit, RLIMIT_CORE | 1ull << 40, wish, 0, 0);
		EXPECT(core_is_at_stake(&tracer, &op));
		EXPECT(core_answer(&op) == wishes[i].result);
		op = op_of(__NR_prlimit64, 0, RLIMIT_CORE, wish, (uint64_t)(uintptr_t)old);
		EXPECT(core_is_at_stake(&tracer, &op));
		EXPECT(core_answer(&op) == wishes[i].result);
	}
	EXPECT(old[0] == 1 && old[1] == 1);
	op = op_of(__NR_setrlimit, RLIMIT_CORE, 8, 0, 0);
	EXPECT(core_answer(&op) == -EFAULT);
	EXPECT(getrlimit(RLIMIT_CORE, &now) == 0 && now.rlim_cur == 1 && now.rlim_max == 1);
}

START_TEST(a_limit_of_one_stays)
{
	child_run(lower, NULL);
}
END_TEST

static void others(const void *data)
{
	const struct rlimit limits[] = { { 0, 0 }, { 1, 1 } };
	uint64_t wish = (uint64_t)(uintptr_t)&limits[0];
	struct op op = op_of(__NR_setrlimit, RLIMIT_CORE, wish, 0, 0);

	(void)data;
	EXPECT(setrlimit(RLIMIT_CORE, &limits[1]) == 0);
	policy->allows_all = true;
	EXPECT(!core_is_at_stake(&tracer, &op));
	policy->allows_all = false;
	EXPECT(core_is_at_stake(&tracer, &op));
	op = op_of(__NR_setrlimit, RLIMIT_NOFILE, wish, 0, 0);
	EXPECT(!core_is_at_stake(&tracer, &op));
	op = op_of(__NR_prlimit64, 0, RLIMIT_CORE, 0, wish);
	EXPECT(!core_is_at_stake(&tracer, &op));
	op = op_of(__NR_getrlimit, RLIMIT_CORE, wish, 0, 0);
	EXPECT(!core_is_at_stake(&tracer, &op));
	op = op_of(__NR_setrlimit, RLIMIT_CORE, wish, 0, 0);
	EXPECT(setrlimit(RLIMIT_CORE, &limits[0]) == 0);
	EXPECT(!core_is_at_stake(&tracer, &op));
}

START_TEST(nothing_else_is_touched)
{
	child_run(others, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core");
	TCase *tcase = tcase_create("core");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_limit_of_one_stays);
	tcase_add_test(tcase, nothing_else_is_touched);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
