/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy.h: the set of rules of one run.
 *
 * The most specific matching rule decides; on a tie, deny, then ask.  Specificity is the number of literal
 * components before the first wildcard, then exact beats `*` beats `**`.  No order to remember.
 * A scratch rule lets write, and counts for more than an allow and for less than an ask.
 * A hide rule speaks of every class: see policy_find_hide.
 * A bare `--deny-X` refuses X outright, whatever else is allowed.  What no rule matches is denied,
 * or asked under a bare `--ask`.
 * Write includes delete: a write rule also speaks for delete where no delete rule is as specific.
 *
 * Built before the script starts, constant afterwards save for the grants (grant.h); judging
 * allocates nothing and touches no process and no file.
 */
#ifndef FILTERS_POLICY_H
#define FILTERS_POLICY_H

#include "filters/rule.h"

#define POLICY_RULES_MAX 4096
#define POLICY_PREFIXES_MAX 8

/* What ~ and {placeholders} stand for.  Strings are borrowed. */
struct policy_vars {
	const char *home;        /* ~ ; NULL: a built-in line with it is skipped, others fail */
	const char *cwd;         /* relative paths of the command line start here */
	const char *script_dir;  /* {script}: for -c, -m, - the current folder, or NULL */
	const char *interpreter; /* {python}: canonical path of the program */
	const char *prefixes[POLICY_PREFIXES_MAX]; /* {prefix}: installation, venv, its base */
	size_t prefix_count;
	unsigned uid;            /* {uid} */
};

struct policy {
	struct rule **rules;     /* sorted, most specific first; deny before allow on a tie */
	size_t rule_count;
	bool refuses[CLASS_IN_RULES];  /* bare --deny-X */
	bool hides;                    /* there is a hide rule */
	bool scratches;                /* some writes go to a layer */
	bool tells_changes;            /* and not to that of --tmp alone: a run ends with a list */
	bool has_views;                /* there is a view rule */
	bool fakes;                    /* there is a rule that fakes writing or deleting */
	int fake_status;               /* what a program that is not run ends with */
	bool allows_all;               /* --allow-all: nothing that a bare run may do is refused */
	bool asks;                     /* bare --ask: what no rule allows is asked */
	/* Answers for this run.  They count only where the rules above ask; NULL: none. */
	struct policy *grants;
};

struct policy *policy_new(void);
void policy_free(struct policy *policy);

/*
 * Takes the rule, also on failure.  -E2BIG: the set is full.  The rule's pattern is canonical
 * already; a rule that is there twice is kept once.
 */
int policy_add_rule(struct policy *policy, struct rule *rule);

/*
 * The embedded default policy (filters/policies/default.policy), also as text for `pyjail policy`.
 * A line that uses a placeholder without a value is skipped; a wildcard stands for what exists now.
 */
extern const char policy_default_text[];
int policy_add_default(struct policy *policy, const struct policy_vars *vars,
		       struct fault *ret_fault);
int policy_add_file(struct policy *policy, const struct policy_vars *vars, const char *path,
		    struct fault *ret_fault);

/*
 * One --allow-X, --ask-X or --deny-X.  `value` NULL: the bare form.  Otherwise comma-separated paths (or
 * programs for exec, looked up on PATH when they have no slash; or names for env).
 */
int policy_add_option(struct policy *policy, const struct policy_vars *vars,
		      enum verdict_kind verdict, enum call_class class, const char *value,
		      struct fault *ret_fault);

/* Refuses writing (and removing, moving) one file, by its absolute path; `source` names the option. */
int policy_protect(struct policy *policy, const char *path, const char *source);

/* The same, and reading, and running what is there. */
int policy_shut(struct policy *policy, const char *path, const char *source);

/* Writes at and below `path` go to the layer; `source` names the option. */
int policy_scratch(struct policy *policy, const char *path, const char *source);

/* Lets the devices that keep nothing be written to, and not be removed. */
int policy_use_devices(struct policy *policy, const char *source);

/* Would a write to `path` go there? */
bool policy_is_scratch(const struct policy *policy, const char *path);

/* The rule that decides, or NULL. */
const struct rule *policy_find(const struct policy *policy, enum call_class class,
			       const char *path);

/*
 * The rule that hides the path from the script, or NULL.  It is the most specific one of those that
 * hide and those that let the file be used or seen (all but deny; kill: a bait must be seen), of
 * whatever class; on a tie kill, then hide.  A folder on the way to something that is not hidden is
 * not hidden either.
 */
const struct rule *policy_find_hide(const struct policy *policy, const char *path);

/* The view rule that decides what is read at the path, or NULL. */
const struct rule *policy_find_view(const struct policy *policy, const char *path);

/*
 * Verdict for one want.  error is EACCES for files, EPERM otherwise.  Metadata is not judged unless
 * a rule speaks of it: CLASS_STAT without a matching rule is allowed.  A path that is not canonical
 * is denied.
 */
struct verdict policy_judge(const struct policy *policy, enum call_class class, const char *path);

/* The same for what the script has a descriptor of: no rule hides that any more. */
struct verdict policy_judge_seen(const struct policy *policy, enum call_class class,
				 const char *path);

/* Does any rule say what may be asked of metadata, or that a file is not there? */
bool policy_judges_stat(const struct policy *policy);

/* --allow-all, and nothing that takes anything away from it that has a path. */
bool policy_leaves_files(const struct policy *policy);

/* Could anything of the class be asked?  Environment never. */
bool policy_may_ask(const struct policy *policy, enum call_class class);

/* One allow for everything and nothing else: then the filter need not stop that class. */
bool policy_allows_everything(const struct policy *policy, enum call_class class);

/*
 * True when moving `path` with everything below it cannot change a verdict inside: no rule names
 * or could match something strictly below it differently from the folder itself.  `other` is the
 * other end of the move: what is hidden by its last name alone, anywhere below a folder that holds
 * both, stays hidden.  NULL: a link is made, through which nothing hidden comes to be seen.
 */
bool policy_is_uniform_below(const struct policy *policy, const char *path, const char *other);

/*
 * True when what the class allows is not a plain set of folders: a rule that refuses lies, or could
 * match, inside an allowed root (for reads, one about stat too), or a wildcard narrows one.
 */
bool policy_has_carve_outs(const struct policy *policy, enum call_class class);

/*
 * PYTHON*, LD_*, GCONV_PATH and GLIBC_TUNABLES change what the interpreter runs: they pass only
 * when a rule spells them out that far.
 */
bool policy_allows_env(const struct policy *policy, const char *name);

#endif
