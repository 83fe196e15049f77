/* SPDX-License-Identifier: Apache-2.0 */
/*
 * landlock.c: see landlock.h.
 *
 * Landlock knows neither wildcards nor exceptions, so a root covers at least what its rule allows
 * and often more: this wall is a ceiling, wall 1 is exact.
 */
#include "filters/landlock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "filters/landlock_abi.h"
#include "filters/match.h"
#include "filters/policy.h"

#define FS_RIGHTS_OF_ABI_1 ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)
#define NET_RIGHTS (LANDLOCK_ACCESS_NET_BIND_TCP | LANDLOCK_ACCESS_NET_CONNECT_TCP)
#define SCOPES (LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | LANDLOCK_SCOPE_SIGNAL)

/* To execute a file the kernel also opens it for reading. */
#define READ_RIGHTS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define EXEC_RIGHTS (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE)

struct abi_rights {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};

/* What each ABI added; 7 added nothing but flags for the audit log. */
static const struct abi_rights added_by[LANDLOCK_ABI_MAX + 1] = {
	[1] = { .fs = FS_RIGHTS_OF_ABI_1 },
	[2] = { .fs = LANDLOCK_ACCESS_FS_REFER },
	[3] = { .fs = LANDLOCK_ACCESS_FS_TRUNCATE },
	[4] = { .net = NET_RIGHTS },
	[5] = { .fs = LANDLOCK_ACCESS_FS_IOCTL_DEV },
	[6] = { .scoped = SCOPES },
};

/* Whoever opens these means files of his own pid, which a rule tied to an inode cannot say. */
static const char *const own_proc_entries[] = { "/proc/self", "/proc/thread-self", "/dev/fd" };

static const char *root_of(const struct rule *rule)
{
	if (!rule->pattern)
		return "/";
	for (size_t i = 0; i < ARRAY_SIZE(own_proc_entries); i++) {
		if (match_below(own_proc_entries[i], rule->root))
			return "/proc";
	}
	return rule->root;
}

static uint64_t read_access(const struct policy *policy, const struct rule *rule)
{
	return rule->class == CLASS_READ && rule->verdict == VERDICT_ALLOW &&
	       !policy->refuses[CLASS_READ] ? READ_RIGHTS : 0;
}

/* `ask` too: exec is done by the tracee itself and a domain cannot be widened later. */
static uint64_t exec_access(const struct policy *policy, const struct rule *rule)
{
	bool may_run = rule->verdict == VERDICT_ALLOW || rule->verdict == VERDICT_ASK;

	return rule->class == CLASS_EXEC && may_run && !policy->refuses[CLASS_EXEC] ?
	       EXEC_RIGHTS : 0;
}

/* There is room: plan_roots counted. */
static int add_root(struct landlock_plan *plan, const char *path, uint64_t access)
{
	char *copy = strdup(path);

	if (!copy)
		return -ENOMEM;
	plan->roots[plan->root_count++] = (struct landlock_root){
		.path = copy, .access = access & plan->handled_fs
	};
	return 0;
}

static int compare_roots(const void *left, const void *right)
{
	const struct landlock_root *a = left, *b = right;

	return strcmp(a->path, b->path);
}

/*
 * One root per path.  A root below another one stays even if that grants as much: it may turn out
 * to be a symlink that leads out of it.
 */
static void merge_roots(struct landlock_plan *plan)
{
	size_t kept = 0;

	if (!plan->root_count)
		return;
	qsort(plan->roots, plan->root_count, sizeof(*plan->roots), compare_roots);
	for (size_t i = 1; i < plan->root_count; i++) {
		if (strcmp(plan->roots[kept].path, plan->roots[i].path) == 0) {
			plan->roots[kept].access |= plan->roots[i].access;
			free(plan->roots[i].path);
		} else {
			plan->roots[++kept] = plan->roots[i];
		}
	}
	plan->root_count = kept + 1;
}

/*
 * Could what the rule lets run be a file of the layer?  Rules of the default policy speak of the
 * system's own programs, which a run with no rule for programs need not have twice.
 */
static bool may_run_scratch(const struct policy *policy, const struct rule *rule)
{
	if (rule->class != CLASS_EXEC || !rule->is_by_user || !exec_access(policy, rule))
		return false;
	if (!rule->pattern || policy_is_scratch(policy, rule->root[0] ? rule->root : "/"))
		return true;
	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct rule *scratch = policy->rules[i];

		if (scratch->verdict == VERDICT_SCRATCH &&
		    (match_below(rule->root, scratch->root) ||
		     (scratch->wild[0] && match_below(scratch->root, rule->root))))
			return true;
	}
	return false;
}

static bool runs_scratch(const struct policy *policy)
{
	for (size_t i = 0; i < policy->rule_count; i++)
		if (may_run_scratch(policy, policy->rules[i]))
			return true;
	return policy->asks && policy_may_ask(policy, CLASS_EXEC);
}

static int plan_roots(struct landlock_plan *plan, const struct policy *policy, bool opens_itself,
		      const char *const *programs, const char *layer)
{
	size_t program_count = 0;
	int error = 0;

	while (programs && programs[program_count])
		program_count++;
	plan->roots = calloc(policy->rule_count + program_count + 3, sizeof(*plan->roots));
	if (!plan->roots)
		return -ENOMEM;
	for (size_t i = 0; i < policy->rule_count && !error; i++) {
		const struct rule *rule = policy->rules[i];
		uint64_t access = exec_access(policy, rule);

		if (opens_itself)
			access |= read_access(policy, rule);
		if (access)
			error = add_root(plan, root_of(rule), access);
	}
	for (size_t i = 0; i < program_count && !error; i++)
		error = add_root(plan, programs[i], EXEC_RIGHTS);
	/* A bare --ask may be answered yes for any program. */
	if (!error && policy->asks && policy_may_ask(policy, CLASS_EXEC))
		error = add_root(plan, "/", EXEC_RIGHTS);
	if (!error && layer && runs_scratch(policy))
		error = add_root(plan, layer, EXEC_RIGHTS);
	merge_roots(plan);
	return !error && plan->root_count > LANDLOCK_ROOTS_MAX ? -E2BIG : error;
}

int landlock_plan_new(const struct policy *policy, int abi, bool opens_itself,
		      const char *const *programs, const char *layer,
		      struct landlock_plan *ret_plan)
{
	struct landlock_plan plan = { 0 };
	int error;

	if (abi < 0)
		return -EINVAL;
	plan.abi = abi > LANDLOCK_ABI_MAX ? LANDLOCK_ABI_MAX : abi;
	if (policy->allows_all)
		plan.abi = 0;
	for (int i = 1; i <= plan.abi; i++) {
		plan.handled_fs |= added_by[i].fs;
		plan.handled_net |= added_by[i].net;
		plan.scoped |= added_by[i].scoped;
	}
	/* What may be asked is done by the tracee itself, once it is answered. */
	if (policy_allows_everything(policy, CLASS_NET) || policy_may_ask(policy, CLASS_NET))
		plan.handled_net = 0;
	/*
	 * To find a right granted at the root of the tree the kernel climbs there from each file
	 * that is opened, a quarter of what an open costs; from ABI 3 on it climbs for TRUNCATE.
	 */
	if (opens_itself && policy_allows_everything(policy, CLASS_READ)) {
		plan.handled_fs &= ~READ_RIGHTS;
		opens_itself = false;
	}
	error = plan.abi ? plan_roots(&plan, policy, opens_itself, programs, layer) : 0;
	if (error)
		landlock_plan_free(&plan);
	else
		*ret_plan = plan;
	return error;
}

void landlock_plan_free(struct landlock_plan *plan)
{
	for (size_t i = 0; i < plan->root_count; i++)
		free(plan->roots[i].path);
	free(plan->roots);
	*plan = (struct landlock_plan){ 0 };
}
