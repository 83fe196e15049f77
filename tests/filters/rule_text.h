/* SPDX-License-Identifier: Apache-2.0 */
/* rule_text.h: takes the rules that a line gives, for the tests of rules. */
#ifndef TESTS_RULE_TEXT_H
#define TESTS_RULE_TEXT_H

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "filters/policy.h"

#define RULES_MAX 16

static const struct policy_vars vars = {
	.home = "/home/ann",
	.cwd = "/home/ann/pro*ject",
	.script_dir = "/srv/app",
	.interpreter = "/usr/bin/python3.11",
	.prefixes = { "/usr", "/opt/venv" },
	.prefix_count = 2,
	.uid = 1000,
};

struct taken {
	struct rule *rules[RULES_MAX];
	size_t count;
};

static int take(void *data, struct rule *rule)
{
	struct taken *taken = data;

	ck_assert_uint_lt(taken->count, RULES_MAX);
	taken->rules[taken->count++] = rule;
	return 0;
}

static void drop(struct taken *taken)
{
	for (size_t i = 0; i < taken->count; i++)
		rule_free(taken->rules[i]);
	taken->count = 0;
}

static size_t print_all(const struct taken *taken, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < taken->count; i++) {
		used += rule_print(taken->rules[i], out + used, size - used - 1);
		out[used++] = '\n';
		out[used] = '\0';
	}
	return used;
}

#endif
