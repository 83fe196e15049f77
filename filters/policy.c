/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy.c: the set itself and how it judges.  How it is filled from text stands in policy_load.c.
 *
 * Rules are sorted by `literal`, most first, so that the search ends with the first group in which
 * something matched; inside a group rank and verdict decide, rank being known only with the path.
 */
#include "filters/policy.h"

#include <errno.h>
#include <string.h>

#include "filters/match.h"

/* How much a verdict counts among equals: kill, hide, deny, fake, view, ask, scratch, allow. */
static int strength(enum verdict_kind verdict)
{
	switch (verdict) {
	case VERDICT_ALLOW:   return 0;
	case VERDICT_SCRATCH: return 1;
	case VERDICT_ASK:     return 2;
	case VERDICT_VIEW:    return 3;
	case VERDICT_FAKE:    return 4;
	case VERDICT_DENY:    return 5;
	case VERDICT_HIDE:    return 6;
	case VERDICT_KILL:    return 7;
	}
	return 7;
}

/* Less than an allow: for what is at stake here, asking is refusing. */
static bool refuses(const struct rule *rule)
{
	return rule->verdict != VERDICT_ALLOW;
}

/* Does `a` stand before `b`?  Also the order in which `pyjail policy` prints. */
static bool is_before(const struct rule *a, const struct rule *b)
{
	if (a->literal != b->literal)
		return a->literal > b->literal;
	if (a->rank != b->rank)
		return a->rank > b->rank;
	if (strength(a->verdict) != strength(b->verdict))
		return strength(a->verdict) > strength(b->verdict);
	/* What the user says of a stack counts, though the default policy has the rule already. */
	return a->stack && a->is_by_user && !b->is_by_user;
}

static bool is_same(const struct rule *a, const struct rule *b)
{
	return a->class == b->class && a->verdict == b->verdict &&
	       a->is_by_user == b->is_by_user && !a->pattern == !b->pattern &&
	       (!a->pattern || strcmp(a->pattern, b->pattern) == 0);
}

static int grow(struct policy *policy)
{
	size_t count = policy->rule_count;
	struct rule **rules;

	if (count >= POLICY_RULES_MAX)
		return -E2BIG;
	if (count & (count - 1) || count == 1)
		return 0;        /* room is doubled at 0, 2, 4, 8... */
	rules = realloc(policy->rules, (count ? 2 * count : 2) * sizeof(struct rule *));
	if (!rules)
		return -ENOMEM;
	policy->rules = rules;
	return 0;
}

int policy_add_rule(struct policy *policy, struct rule *rule)
{
	size_t place = 0;
	int error;

	while (place < policy->rule_count && !is_before(rule, policy->rules[place])) {
		if (is_same(rule, policy->rules[place])) {
			if (rule->stack)
				policy->rules[place]->stack = rule->stack;
			rule_free(rule);
			return 0;
		}
		place++;
	}
	error = grow(policy);
	if (error) {
		rule_free(rule);
		return error;
	}
	memmove(policy->rules + place + 1, policy->rules + place,
		(policy->rule_count - place) * sizeof(struct rule *));
	policy->rules[place] = rule;
	policy->rule_count++;
	policy->hides = policy->hides || rule_hides(rule);
	policy->scratches = policy->scratches || rule->verdict == VERDICT_SCRATCH;
	policy->has_views = policy->has_views || rule->view;
	policy->fakes = policy->fakes ||
			(rule->verdict == VERDICT_FAKE && rule->class != CLASS_EXEC);
	return 0;
}

/* Under --allow-all only what the user refuses by name counts. */
static bool counts(const struct policy *policy, const struct rule *rule)
{
	return !policy->allows_all || rule->is_by_user;
}

static bool is_path_class(enum call_class class)
{
	return class < CLASS_IN_RULES && class != CLASS_NET && class != CLASS_ENV;
}

/* Write includes delete: both sets are searched as one.  Who hides is asked by policy_find_hide. */
static bool speaks_for(const struct rule *rule, enum call_class class)
{
	if (rule_hides(rule))
		return false;
	if (rule->view)
		return is_path_class(class);
	return rule->class == class || (class == CLASS_DELETE && rule->class == CLASS_WRITE);
}

typedef bool speaks_fn(const struct policy *policy, const struct rule *rule, enum call_class class);

/* The most specific of the rules that speak.  They are sorted by that. */
static inline const struct rule *find_best(const struct policy *policy, enum call_class class,
					   const char *path, speaks_fn *speaks)
{
	size_t length = path ? strlen(path) : 0;
	const struct rule *best = NULL;
	unsigned best_rank = 0;

	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct rule *rule = policy->rules[i];
		unsigned rank;

		if (best && rule->literal < best->literal)
			break;
		if (rule_is_elsewhere(rule, path, length) || !speaks(policy, rule, class) ||
		    !rule_matches_at(rule, path, &rank))
			continue;
		if (!best || rank > best_rank ||
		    (rank == best_rank && strength(rule->verdict) > strength(best->verdict))) {
			best = rule;
			best_rank = rank;
		}
	}
	return best;
}

static bool speaks_here(const struct policy *policy, const struct rule *rule, enum call_class class)
{
	return speaks_for(rule, class) && counts(policy, rule);
}

const struct rule *policy_find(const struct policy *policy, enum call_class class,
			       const char *path)
{
	return find_best(policy, class, path, speaks_here);
}

/* Takes part in whether a file is there: of refusals none, a file that is refused can be seen. */
static bool speaks_of_being(const struct policy *policy, const struct rule *rule,
			    enum call_class class)
{
	(void)policy;
	(void)class;
	return rule_has_path(rule) && rule->verdict != VERDICT_DENY;
}

static const struct rule *find_being(const struct policy *policy, const char *path)
{
	return find_best(policy, CLASS_STAT, path, speaks_of_being);
}

/* Does it win against `hide` somewhere below `path`?  What is below has rank 0, or a wildcard's. */
static bool shows_below(const struct policy *policy, const struct rule *rule,
			const struct rule *hide, const char *path)
{
	const char *below = match_below(path, rule->root);
	unsigned hide_rank = *hide->wild ? hide->rank : 0;

	if (!below || rule_hides(rule) || !speaks_of_being(policy, rule, CLASS_STAT))
		return false;
	if (*rule->wild)
		return rule->literal > hide->literal || rule->rank > hide_rank;
	return *below && !rule_hides(find_being(policy, rule->root));
}

/* Is there something below the folder that is not hidden? */
static bool leads_somewhere(const struct policy *policy, const struct rule *hide,
			    const char *path)
{
	for (size_t i = 0; i < policy->rule_count; i++)
		if (shows_below(policy, policy->rules[i], hide, path))
			return true;
	return false;
}

const struct rule *policy_find_hide(const struct policy *policy, const char *path)
{
	const struct rule *rule;

	if (!policy->hides || !path || !match_is_canonical(path))
		return NULL;
	rule = find_being(policy, path);
	return rule && rule_hides(rule) && !leads_somewhere(policy, rule, path) ? rule : NULL;
}

/* Not by a rule: by --allow-all, by default for metadata. */
static bool allows_unnamed(const struct policy *policy, enum call_class class)
{
	return policy->allows_all || class == CLASS_STAT;
}

/*
 * Paths are compared as text: one that is not canonical could pass by a rule, so it is denied;
 * under --allow-all only where there is a rule to pass by.
 */
static bool is_judgeable(const struct policy *policy, enum call_class class, const char *path)
{
	if (!is_path_class(class) || (path && match_is_canonical(path)))
		return true;
	for (size_t i = 0; i < policy->rule_count; i++)
		if (speaks_here(policy, policy->rules[i], class))
			return false;
	return policy->allows_all;
}

bool policy_leaves_files(const struct policy *policy)
{
	if (!policy->allows_all)
		return false;
	for (unsigned class = 0; class < CLASS_IN_RULES; class++)
		if (is_path_class((enum call_class)class) && policy->refuses[class])
			return false;
	for (size_t i = 0; i < policy->rule_count; i++)
		if (rule_has_path(policy->rules[i]) && counts(policy, policy->rules[i]) &&
		    refuses(policy->rules[i]))
			return false;
	return true;
}

bool policy_judges_stat(const struct policy *policy)
{
	if (policy->refuses[CLASS_STAT] || policy->hides)
		return true;
	for (size_t i = 0; i < policy->rule_count; i++)
		if (policy->rules[i]->class == CLASS_STAT && !policy->rules[i]->view &&
		    policy->rules[i]->verdict != VERDICT_ALLOW)
			return true;
	return false;
}

bool policy_may_ask(const struct policy *policy, enum call_class class)
{
	if (class >= CLASS_IN_RULES || class == CLASS_ENV || policy->refuses[class])
		return false;
	if (policy->asks && !allows_unnamed(policy, class))
		return true;
	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct rule *rule = policy->rules[i];

		if (rule->verdict == VERDICT_ASK && speaks_here(policy, rule, class))
			return true;
	}
	return false;
}

static struct verdict deny(struct verdict verdict, const char *reason)
{
	verdict.kind = VERDICT_DENY;
	verdict.error = is_path_class(verdict.class) ? EACCES : EPERM;
	verdict.reason = reason;
	return verdict;
}

static const char no_rule[] = "no rule allows it";

/* Somebody is asked, unless an answer for this run covers it. */
static struct verdict ask(const struct policy *policy, struct verdict verdict, const char *reason)
{
	const struct rule *grant = NULL;

	verdict.kind = VERDICT_ASK;
	verdict.reason = reason;
	if (policy->grants)
		grant = policy_find(policy->grants, verdict.class, verdict.path);
	if (!grant)
		return verdict;
	verdict.rule = grant;
	verdict.reason = NULL;
	if (grant->verdict != VERDICT_ALLOW)
		return deny(verdict, NULL);
	verdict.kind = VERDICT_ALLOW;
	return verdict;
}

/* Read and asked about as the other file; it is not written, and not run. */
static struct verdict view(struct verdict verdict)
{
	if (verdict.class == CLASS_READ || verdict.class == CLASS_STAT) {
		verdict.kind = VERDICT_VIEW;
		return verdict;
	}
	verdict = deny(verdict, NULL);
	if (verdict.class != CLASS_EXEC)
		verdict.error = EROFS;
	return verdict;
}

const struct rule *policy_find_view(const struct policy *policy, const char *path)
{
	const struct rule *rule = policy->has_views ? policy_find(policy, CLASS_READ, path) : NULL;

	return rule && rule->view ? rule : NULL;
}

struct verdict policy_judge_seen(const struct policy *policy, enum call_class class,
				 const char *path)
{
	struct verdict verdict = {
		.kind = VERDICT_ALLOW, .class = class, .path = class == CLASS_NET ? NULL : path,
	};
	const struct rule *rule;

	if (class >= CLASS_IN_RULES)
		return policy->allows_all ? verdict : deny(verdict, "no rule can allow it");
	rule = policy_find(policy, class, path);
	verdict.rule = rule;
	if (rule && rule->verdict == VERDICT_KILL) {
		verdict.kind = VERDICT_KILL;
		return verdict;
	}
	if (rule && rule->verdict == VERDICT_DENY && !policy->refuses[class])
		return deny(verdict, NULL);
	if (policy->refuses[class] || !is_judgeable(policy, class, path)) {
		verdict.rule = NULL;
		return deny(verdict, policy->refuses[class] ?
			    "refused outright: a --deny option without a name" :
			    "the path is not known");
	}
	if (rule && rule->view)
		return view(verdict);
	if (rule && rule->verdict == VERDICT_FAKE) {
		verdict.kind = VERDICT_FAKE;
		return verdict;
	}
	if (!rule && !allows_unnamed(policy, class))
		return policy->asks && class != CLASS_ENV ? ask(policy, verdict, no_rule)
							  : deny(verdict, no_rule);
	if (rule && rule->verdict == VERDICT_SCRATCH)
		verdict.kind = VERDICT_SCRATCH;
	return rule && rule->verdict == VERDICT_ASK ? ask(policy, verdict, NULL) : verdict;
}

struct verdict policy_judge(const struct policy *policy, enum call_class class, const char *path)
{
	const struct rule *rule = is_path_class(class) ? policy_find_hide(policy, path) : NULL;

	if (!rule)
		return policy_judge_seen(policy, class, path);
	return (struct verdict){
		.kind = VERDICT_HIDE, .error = ENOENT, .class = class, .path = path, .rule = rule,
	};
}

static bool matches_everything(const struct rule *rule)
{
	if (!rule->pattern || strcmp(rule->pattern, "/**") == 0 || strcmp(rule->pattern, "/") == 0)
		return true;
	return rule->class == CLASS_ENV && strcmp(rule->pattern, "*") == 0;
}

bool policy_allows_everything(const struct policy *policy, enum call_class class)
{
	bool is_allowed = class == CLASS_STAT;

	if (class >= CLASS_IN_RULES || policy->refuses[class] ||
	    (policy->hides && is_path_class(class)))
		return false;
	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct rule *rule = policy->rules[i];

		if (!speaks_for(rule, class))
			continue;
		if (refuses(rule))
			return false;
		if (matches_everything(rule))
			is_allowed = true;
	}
	return is_allowed;
}

/* Ends with the component `**`?  Then what stands before it is returned in `out`. */
static bool strip_deep(const char *wild, char *out, size_t size)
{
	size_t length = strlen(wild);

	if (length >= size)
		return false;
	memcpy(out, wild, length + 1);
	if (length < 2 || strcmp(wild + length - 2, "**") != 0 ||
	    (length > 2 && wild[length - 3] != '/'))
		return false;
	out[length - 2] = '\0';
	return true;
}

/* Could the rule give `path` and something below it different answers? */
static bool divides(const struct rule *rule, const char *path)
{
	const char *below = match_below(rule->root, path);
	char wild[RULE_PATTERN_MAX];
	bool is_deep;

	if (!below)
		return match_below(path, rule->root) != NULL;
	is_deep = strip_deep(rule->wild, wild, sizeof(wild));
	if (refuses(rule) && match_path(wild, below, false))
		return true;     /* it is the folder itself that is protected */
	if ((is_deep || !*rule->wild || refuses(rule)) && match_path(wild, below, true))
		return false;    /* an ancestor is meant, with everything in it */
	return match_reaches(rule->wild, below);
}

/* `hide /x/<any depth>/NAME`: where both ends lie below /x, a name inside goes on being NAME. */
static bool hides_alike(const struct rule *rule, const char *path, const char *other)
{
	const char *name = rule->wild + 3;

	if (!rule_hides(rule))
		return false;
	if (!other)
		return true;
	return strncmp(rule->wild, "**/", 3) == 0 && !strchr(name, '/') && !match_is_deep(name) &&
	       match_below(rule->root, path) && match_below(rule->root, other);
}

bool policy_is_uniform_below(const struct policy *policy, const char *path, const char *other)
{
	if (!path || !match_is_canonical(path))
		return false;
	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct rule *rule = policy->rules[i];

		if (rule_has_path(rule) && counts(policy, rule) &&
		    !hides_alike(rule, path, other) && divides(rule, path))
			return false;
	}
	return !policy->grants || policy_is_uniform_below(policy->grants, path, other);
}

static bool speaks_of_reading(const struct rule *rule, enum call_class class)
{
	return speaks_for(rule, class) || (rule_hides(rule) && is_path_class(class)) ||
	       (class == CLASS_READ && rule->class == CLASS_STAT);
}

/* Does anything that the class allows have `root`, or a folder above it, as its own root? */
static bool is_allowed_above(const struct policy *policy, enum call_class class, const char *root)
{
	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct rule *rule = policy->rules[i];

		if (!refuses(rule) && speaks_for(rule, class) && match_below(rule->root, root))
			return true;
	}
	return false;
}

bool policy_has_carve_outs(const struct policy *policy, enum call_class class)
{
	if (class >= CLASS_IN_RULES || policy->refuses[class])
		return true;
	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct rule *rule = policy->rules[i];

		if (!refuses(rule)) {
			if (rule_has_path(rule) && speaks_for(rule, class) && *rule->wild &&
			    strcmp(rule->wild, "**") != 0)
				return true;
		} else if (speaks_of_reading(rule, class) && counts(policy, rule) &&
			   (policy->allows_all ||
			    is_allowed_above(policy, class, rule->root))) {
			return true;
		}
	}
	return false;
}
