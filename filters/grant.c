/* SPDX-License-Identifier: Apache-2.0 */
/* grant.c: see grant.h. */
#include "filters/grant.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "filters/canonical.h"
#include "filters/vars.h"

#define LINE_RULES_MAX 16

/* The rules of one line: all of them are good, or none is taken. */
struct line {
	struct rule *rules[LINE_RULES_MAX];
	size_t count;
	struct fault *fault;
};

static int fail(struct fault *fault, const char *text, const char *cure)
{
	snprintf(fault->cure, sizeof(fault->cure), "%s", cure);
	fault_set(fault, "%s", text);
	return -EINVAL;
}

static int check_verdict(const struct rule *rule, struct fault *fault)
{
	if (rule->verdict == VERDICT_ALLOW || rule->verdict == VERDICT_DENY)
		return 0;
	return fail(fault, "an answer allows or denies", "write allow or deny");
}

static int check_path(const struct rule *rule, struct fault *fault)
{
	cleanup_free char *canonical = NULL;
	int error;

	if (rule->class == CLASS_ENV)
		return fail(fault, "env cannot be asked, so no answer is about it",
			    "name another class");
	if (!rule->pattern || !rule_has_path(rule))
		return 0;
	if (rule->pattern[0] != '/')
		return fail(fault, "not an absolute path", "write the whole path");
	error = canonical_path(rule->root, &canonical);
	if (error < 0)
		return error;
	if (strcmp(canonical, rule->root) != 0)
		return fail(fault, "the path goes through a symbolic link",
			    "write where it leads to");
	return 0;
}

static int take(void *data, struct rule *rule)
{
	struct line *line = data;
	int error;

	if (!rule)
		return -ENOMEM;
	error = line->count == LINE_RULES_MAX
			? fail(line->fault, "too many names in one rule", "name their folder")
			: check_verdict(rule, line->fault);
	if (!error)
		error = check_path(rule, line->fault);
	if (error) {
		rule_free(rule);
		return error;
	}
	rule->is_by_user = true;
	line->rules[line->count++] = rule;
	return 0;
}

static int set_source(struct rule *rule)
{
	char *source = strdup(GRANT_SOURCE);

	if (!source)
		return -ENOMEM;
	free(rule->source);
	rule->source = source;
	return 0;
}

static int add_all(struct policy *policy, struct line *line)
{
	int error = 0;

	if (!policy->grants)
		policy->grants = policy_new();
	if (!policy->grants)
		return -ENOMEM;
	if (policy->grants->rule_count + line->count > GRANTS_MAX) {
		fail(line->fault, "there are too many answers with a rule",
		     "answer once, or name a folder");
		return -E2BIG;
	}
	for (size_t i = 0; i < line->count && !error; i++)
		error = set_source(line->rules[i]);
	for (size_t i = 0; i < line->count && !error; i++) {
		error = policy_add_rule(policy->grants, line->rules[i]);
		line->rules[i] = NULL;
	}
	return error;
}

int grant_add(struct policy *policy, const struct policy_vars *vars, const char *text,
	      struct fault *ret_fault)
{
	struct fault fault = { 0 };
	struct line line = { .fault = &fault };
	int error = rule_parse(text, vars, GRANT_SOURCE, 1, take, &line, &fault);

	if (error == -ENODATA)
		error = fail(&fault, "there is no rule in it", "write allow write /path");
	if (!error)
		error = add_all(policy, &line);
	for (size_t i = 0; i < line.count; i++)
		rule_free(line.rules[i]);
	if (error == -ENOMEM)
		fault_set(&fault, "out of memory");
	if (error)
		*ret_fault = fault;
	return error;
}

size_t grant_print(enum verdict_kind verdict, enum call_class class, const char *path, char *out,
		   size_t size)
{
	cleanup_free char *pattern = NULL;
	struct rule rule = { .verdict = verdict, .class = class };
	char text[RULE_TEXT_MAX];
	size_t length;

	if (size)
		out[0] = '\0';
	if (class >= CLASS_IN_RULES || class == CLASS_ENV || (class != CLASS_NET && !path))
		return 0;
	if (class != CLASS_NET) {
		pattern = vars_quote(path);
		if (!pattern)
			return 0;
		rule.pattern = pattern;
	}
	length = rule_print(&rule, text, sizeof(text));
	/* What is longer no line can say. */
	if (length > RULE_LINE_MAX || length >= size)
		return 0;
	memcpy(out, text, length + 1);
	return length;
}
