/* SPDX-License-Identifier: Apache-2.0 */
/* rule_new.c: a rule made from its pattern, and what it matches.  See rule.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "filters/match.h"
#include "filters/rule.h"
#include "filters/vars.h"

static unsigned count_components(const char *root)
{
	unsigned count = 0;

	for (; *root; root++)
		count += *root == '/' && root[1] != '\0';
	return count;
}

/* For a name every byte counts, for a path every component. */
static void split_name(struct rule *rule)
{
	const char *wild = rule->pattern;

	while (*wild && *wild != '*')
		wild += *wild == '\\' ? 2 : 1;
	rule->wild = wild;
	rule->rank = *wild ? 1 : 2;
	vars_unquote(rule->root, (size_t)(wild - rule->pattern));
	rule->literal = (unsigned)strlen(rule->root);
}

static void split_path(struct rule *rule)
{
	const char *wild = match_wild_part(rule->pattern);
	size_t size = (size_t)(wild - rule->pattern);

	rule->wild = wild;
	rule->rank = match_is_deep(wild) ? 0 : *wild ? 1 : 2;
	vars_unquote(rule->root, *wild && size > 1 ? size - 1 : size);
	rule->literal = count_components(rule->root);
	rule->root_size = strcmp(rule->root, "/") == 0 ? 0 : strlen(rule->root);
}

/* Fills what is derived from `pattern`; 0 or -ENOMEM. */
static int split_pattern(struct rule *rule)
{
	rule->wild = "";
	rule->root = strdup(rule->pattern ? rule->pattern : "");
	if (!rule->root)
		return -ENOMEM;
	if (rule->pattern && rule_has_path(rule))
		split_path(rule);
	else if (rule->pattern)
		split_name(rule);
	return 0;
}

struct rule *rule_new(enum verdict_kind verdict, enum call_class class, char *pattern,
		      const char *source)
{
	struct rule *rule = calloc(1, sizeof(*rule));

	if (!rule) {
		free(pattern);
		return NULL;
	}
	rule->verdict = verdict;
	rule->class = class;
	rule->pattern = pattern;
	rule->source = strdup(source);
	if (!rule->source || split_pattern(rule) < 0) {
		rule_free(rule);
		return NULL;
	}
	return rule;
}

struct rule *rule_new_rooted(const struct rule *rule, const char *root)
{
	cleanup_free char *quoted = vars_quote(root);
	char *pattern;
	struct rule *made;

	if (!quoted)
		return NULL;
	pattern = text_join(quoted, *rule->wild && root[1] ? "/" : "", rule->wild);
	if (!pattern)
		return NULL;
	made = rule_new(rule->verdict, rule->class, pattern, rule->source);
	if (!made)
		return NULL;
	made->is_by_user = rule->is_by_user;
	made->stack = rule->stack;
	made->view = rule->view ? strdup(rule->view) : NULL;
	if (rule->view && !made->view) {
		rule_free(made);
		return NULL;
	}
	return made;
}

void rule_free(struct rule *rule)
{
	if (!rule)
		return;
	free(rule->pattern);
	free(rule->root);
	free(rule->source);
	free(rule->view);
	free(rule);
}

bool rule_has_path(const struct rule *rule)
{
	return rule->class != CLASS_NET && rule->class != CLASS_ENV;
}

bool rule_hides(const struct rule *rule)
{
	return rule->verdict == VERDICT_HIDE;
}

/* match_below(root, path), which is asked of every rule for every file. */
static const char *below_root(const struct rule *rule, const char *path)
{
	size_t size = rule->root_size;

	if (size > 0 && strncmp(rule->root, path, size) != 0)
		return NULL;
	if (path[size] == '/')
		return path + size + 1;
	return path[size] == '\0' ? path + size : NULL;
}

bool rule_is_classless(const struct rule *rule)
{
	return rule->verdict == VERDICT_HIDE || rule->verdict == VERDICT_VIEW;
}

bool rule_matches_at(const struct rule *rule, const char *path, unsigned *ret_rank)
{
	const char *below;

	*ret_rank = rule->rank;
	if (!rule->pattern || !path)
		return !rule->pattern;
	if (!rule_has_path(rule))
		return match_name(rule->pattern, strlen(rule->pattern), path, strlen(path));
	below = below_root(rule, path);
	if (!below)
		return false;
	if (*rule->wild)
		return match_path(rule->wild, below, rule->verdict != VERDICT_ALLOW);
	/* A view is of one file. */
	if (*below && rule->verdict == VERDICT_VIEW)
		return false;
	if (*below)
		*ret_rank = 0;
	return true;
}

bool rule_matches(const struct rule *rule, const char *path)
{
	unsigned rank;

	return rule_matches_at(rule, path, &rank);
}
