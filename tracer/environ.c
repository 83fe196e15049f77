/* SPDX-License-Identifier: Apache-2.0 */
/* environ.c: see environ.h. */
#include "tracer/environ.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "filters/policy.h"

#define NO_BYTECODE "PYTHONDONTWRITEBYTECODE"

static const char no_bytecode[] = NO_BYTECODE "=1";

/* No rule can speak of what has no name, or a longer one than a rule could have. */
static bool passes(const struct policy *policy, const char *variable)
{
	char name[RULE_LINE_MAX];
	size_t length = strcspn(variable, "=");

	if (policy->allows_all)
		return true;
	if (length == 0 || length >= sizeof(name) || !variable[length])
		return false;
	memcpy(name, variable, length);
	name[length] = '\0';
	return policy_allows_env(policy, name);
}

static bool is_no_bytecode(const char *variable)
{
	return !strncmp(variable, no_bytecode, sizeof(NO_BYTECODE));
}

int environ_reduce(const struct policy *policy, char *const *environment, char ***ret_reduced)
{
	bool is_set = policy->allows_all;
	size_t count = 0;
	char **reduced;

	while (environment[count])
		count++;
	reduced = calloc(count + 2, sizeof(*reduced));
	if (!reduced)
		return -ENOMEM;
	count = 0;
	for (size_t i = 0; environment[i]; i++) {
		if (!passes(policy, environment[i]))
			continue;
		is_set |= is_no_bytecode(environment[i]);
		reduced[count++] = environment[i];
	}
	if (!is_set)
		reduced[count] = (char *)no_bytecode;
	*ret_reduced = reduced;
	return 0;
}
