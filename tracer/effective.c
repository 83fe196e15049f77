/* SPDX-License-Identifier: Apache-2.0 */
/* effective.c: see effective.h. */
#include "tracer/effective.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "filters/policy.h"

#define SOURCE_COLUMN 44

static int take_refusals(const struct policy *policy, effective_fn *take, void *data)
{
	int result = 0;

	for (int class = 0; result == 0 && class < CLASS_IN_RULES; class++) {
		const char *name = class_name((enum call_class)class);
		char line[64], source[64];

		if (!policy->refuses[class])
			continue;
		snprintf(line, sizeof(line), "deny %s%s", name,
			 class == CLASS_NET || class == CLASS_ENV ? "" : " /**");
		snprintf(source, sizeof(source), "--deny-%s", name);
		result = take(data, line, source);
	}
	return result;
}

int effective_rules(const struct policy *policy, effective_fn *take, void *data)
{
	int result = take_refusals(policy, take, data);

	for (size_t i = 0; result == 0 && i < policy->rule_count; i++) {
		const struct rule *rule = policy->rules[i];
		/* A quoted byte of the pattern takes at most four. */
		char line[RULE_TEXT_MAX];

		if (policy->refuses[rule->class] && rule->verdict != VERDICT_KILL &&
		    !rule_is_classless(rule))
			continue;
		rule_print(rule, line, sizeof(line));
		result = take(data, line, rule->source ? rule->source : "");
	}
	return result;
}

void effective_print(const char *line, const char *source, char *out, size_t size)
{
	char shown[256];
	int length;

	text_show_string(shown, sizeof(shown), source);
	length = snprintf(out, size, "%-*s # %s", SOURCE_COLUMN, line, shown);
	if (length > RULE_LINE_MAX)
		snprintf(out, size, "%s", line);
}
