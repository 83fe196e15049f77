/* SPDX-License-Identifier: Apache-2.0 */
/* rule_print.c: a rule as the line of policy that it came from.  See rule.h. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "filters/rule.h"

/* One character of a pattern as a policy line has it; returns the bytes it took. */
static size_t print_unit(const char *at, char *out)
{
	unsigned point = 0;
	size_t size = text_character(at, strlen(at), &point);

	if (*at == '\\') {
		sprintf(out, "\\%c", at[1]);
		return 2;
	}
	if (*at == '\n')
		strcpy(out, "\\n");
	else if (strchr(",#{", *at))
		sprintf(out, "\\%c", *at);
	else if (*at == ' ' || !size || !text_is_plain(point))
		sprintf(out, "\\x%02x", (unsigned char)*at);
	else
		sprintf(out, "%.*s", (int)size, at);
	return out[0] == '\\' ? 1 : size;
}

size_t rule_print(const struct rule *rule, char *out, size_t size)
{
	const char *at = rule->pattern ? rule->pattern : "";
	size_t used;

	if (!size)
		return 0;
	used = (size_t)snprintf(out, size, "%s%s%s%s%s%s", verdict_name(rule->verdict),
				rule_hides(rule) ? "" : " ",
				rule_hides(rule) ? "" : class_name(rule->class),
				rule->stack ? " " RULE_STACK_WORD : "",
				stack_detail_name(rule->stack), *at ? " " : "");
	while (*at && used < size) {
		char unit[8];

		at += print_unit(at, unit);
		used += (size_t)snprintf(out + used, size - used, "%s", unit);
	}
	return used < size ? used : size - 1;
}
