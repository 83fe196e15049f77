/* SPDX-License-Identifier: Apache-2.0 */
/* rule_print.c: a rule as the line of policy that it came from.  See rule.h. */
#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "filters/rule.h"
#include "filters/vars.h"

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

/* In a view rule the first = ends the path. */
static size_t print_pattern(const char *at, bool quotes_equal, char *out, size_t size, size_t used)
{
	while (*at && used < size) {
		char unit[8];

		if (*at == '=' && quotes_equal) {
			strcpy(unit, "\\x3d");
			at++;
		} else {
			at += print_unit(at, unit);
		}
		used += (size_t)snprintf(out + used, size - used, "%s", unit);
	}
	return used;
}

static size_t print_view(const char *view, char *out, size_t size, size_t used)
{
	cleanup_free char *quoted = vars_quote(view);

	if (used < size)
		used += (size_t)snprintf(out + used, size - used, "=");
	return print_pattern(quoted ? quoted : "?", false, out, size, used);
}

size_t rule_print(const struct rule *rule, char *out, size_t size)
{
	const char *at = rule->pattern ? rule->pattern : "";
	bool has_class = !rule_is_classless(rule);
	size_t used;

	if (!size)
		return 0;
	used = (size_t)snprintf(out, size, "%s%s%s%s%s%s", verdict_name(rule->verdict),
				has_class ? " " : "", has_class ? class_name(rule->class) : "",
				rule->stack ? " " RULE_STACK_WORD : "",
				stack_detail_name(rule->stack), *at ? " " : "");
	used = print_pattern(at, rule->view != NULL, out, size, used);
	if (rule->view)
		used = print_view(rule->view, out, size, used);
	return used < size ? used : size - 1;
}
