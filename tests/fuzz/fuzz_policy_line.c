/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_policy_line.c: a hostile line, as a policy line and as an option's value.  What parses must
 * print to a line that parses to the same rule; what does not must say where the mistake is.
 *
 *     clang -fsanitize=fuzzer,address,undefined ...
 */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "filters/match.h"
#include "filters/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct policy_vars vars = {
	.home = "/home/a*b", .cwd = "/cwd", .script_dir = "/s", .interpreter = "/usr/bin/python3",
	.prefixes = { "/usr", "/v\\env" }, .prefix_count = 2, .uid = 7,
};

static int compare(void *data, struct rule *rule)
{
	const struct rule *first = data;

	assert(rule->verdict == first->verdict && rule->class == first->class);
	assert(!rule->pattern == !first->pattern);
	assert(!rule->pattern || strcmp(rule->pattern, first->pattern) == 0);
	assert(rule->literal == first->literal && rule->rank == first->rank);
	assert(rule->stack == first->stack);
	rule_free(rule);
	return 0;
}

static int check(void *data, struct rule *rule)
{
	static char line[RULE_TEXT_MAX];
	struct fault fault;
	size_t size = rule_print(rule, line, sizeof(line));
	unsigned rank;

	(void)data;
	assert(size == strlen(line) && size < sizeof(line) - 1 && text_is_utf8(line, size));
	if (size <= RULE_LINE_MAX)
		assert(rule_parse(line, &vars, "again", 1, compare, rule, &fault) == 0);
	if (rule->pattern && rule_has_path(rule) && rule->pattern[0] == '/')
		assert(match_is_canonical(rule->root) && match_is_canonical(rule->pattern));
	if (rule->pattern && !*rule->wild)
		assert(rule_matches_at(rule, rule->root, &rank) && rank == 2);
	rule_matches(rule, line);
	rule_free(rule);
	return 0;
}

/* `whole`: what the fault quotes and its column counts in. */
static void check_fault(int error, const struct fault *fault, size_t whole)
{
	if (error == 0 || error == -ENODATA)
		return;
	assert(error == -EINVAL || error == -ENOTSUP);
	assert(fault->column >= 1 && fault->column <= whole + 1);
	assert(fault->text[0] && fault->cure[0] && fault->file[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = strndup((const char *)data, size);
	struct fault fault = { .line = 0 };
	int error;

	if (!line)
		return 0;
	error = rule_parse(line, &vars, "line", 1, check, NULL, &fault);
	check_fault(error, &fault, strlen(line));
	for (unsigned class = 0; class < CLASS_IN_RULES; class++) {
		fault = (struct fault){ .line = 0 };
		error = rule_parse_option(VERDICT_DENY, (enum call_class)class, line, &vars, check,
					  NULL, &fault);
		check_fault(error, &fault, strlen(line) + strlen("--deny-delete="));
	}
	free(line);
	return 0;
}
