/* SPDX-License-Identifier: Apache-2.0 */
/* policy_env.c: which variables pass.  See policy.h. */
#include <string.h>

#include "filters/match.h"
#include "filters/policy.h"

/* They change what the interpreter or its loader runs. */
static const char *const dangerous_names[] = { "PYTHON*", "LD_*", "GCONV_PATH", "GLIBC_TUNABLES" };

/* Is the name harmless, or does the rule spell out what makes it dangerous? */
static bool is_named_enough(const struct rule *rule, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(dangerous_names); i++) {
		const char *danger = dangerous_names[i];
		size_t literal = strcspn(danger, "*");

		if (match_name(danger, strlen(danger), name, strlen(name)))
			return strncmp(rule->root, danger, literal) == 0;
	}
	return true;
}

bool policy_allows_env(const struct policy *policy, const char *name)
{
	struct verdict verdict;

	if (!*name || strchr(name, '='))
		return false;
	verdict = policy_judge(policy, CLASS_ENV, name);
	if (verdict.kind != VERDICT_ALLOW)
		return false;
	return policy->allows_all || (verdict.rule && is_named_enough(verdict.rule, name));
}
