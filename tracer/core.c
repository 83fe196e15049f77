/* SPDX-License-Identifier: Apache-2.0 */
/* core.c: see core.h. */
#include "tracer/core.h"

#include <errno.h>
#include <sys/resource.h>

#include "filters/decide.h"
#include "filters/nr.h"
#include "filters/policy.h"
#include "tracer/mem.h"

/* As the kernel has it: setrlimit(2), "C library/kernel differences". */
struct limit {
	uint64_t soft, hard;
};

static bool has_pid(const struct op *op)
{
	return op->call.nr == __NR_prlimit64;
}

static pid_t whose(const struct op *op)
{
	return has_pid(op) && op->target ? op->target : op->pid;
}

static uint64_t new_limit(const struct op *op)
{
	return op->call.args[has_pid(op) ? 2 : 1];
}

bool core_is_at_stake(const struct tracer *tracer, const struct op *op)
{
	bool is_limit = has_pid(op) || op->call.nr == __NR_setrlimit;
	struct rlimit now;

	if (!is_limit || tracer->config->policy->allows_all || !new_limit(op) ||
	    call_arg_low(&op->call, has_pid(op) ? 1 : 0) != RLIMIT_CORE)
		return false;
	return prlimit(whose(op), RLIMIT_CORE, NULL, &now) == 0 && now.rlim_max == 1;
}

long core_answer(const struct op *op)
{
	const struct limit old = { 1, 1 };
	struct limit wanted;
	int e = mem_read(op->tid, new_limit(op), &wanted, sizeof(wanted));

	if (e < 0)
		return e;
	if (wanted.soft > wanted.hard)
		return -EINVAL;
	if (wanted.hard > old.hard)
		return -EPERM;
	if (has_pid(op) && op->call.args[3])
		return mem_write(op->tid, op->call.args[3], &old, sizeof(old));
	return 0;
}
