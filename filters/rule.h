/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule.h: one line of policy.
 *
 *     allow read ~/data             verdict, class, pattern
 *     deny net                      classes net and env may stand alone: everything
 *     allow env LANG,LC_*           names instead of paths
 *     ask write ~/notes             somebody is asked, when there is a screen
 *     hide ~/.ssh                   no class: to the script it is not there, whatever it asks
 *     view /etc/passwd=/srv/fake    read there, and asked about, is the other file; never written
 *     fake delete ~/out             it is said to be done, and is not: write, delete, exec
 *     deny write stack=native /srv  and how much to tell of where a call came from (detail.h)
 *     # comment
 *
 * A pattern is an absolute path after ~ and {placeholders} are replaced.  `*` matches inside one
 * component, `**` as a whole component matches any number of them.  A path without wildcards means
 * that file or folder *and everything below it* when it is a folder; the trailing slash says so for
 * what does not exist yet.
 */
#ifndef FILTERS_RULE_H
#define FILTERS_RULE_H

#include "base/fail.h"
#include "filters/detail.h"
#include "filters/verdict.h"

#define RULE_PATTERN_MAX 4096
#define RULE_LINE_MAX 1024
#define RULE_STACK_WORD "stack="
#define RULE_TEXT_MAX (8 * RULE_PATTERN_MAX + 48)  /* what rule_print can need */

struct policy_vars;

/*
 * Specificity: `literal`, then rank.  The rank of a pattern with a wildcard is that of its first
 * one; a pattern without any has rank 2 for the path itself and 0 for what lies below it, so rank
 * is known only with the path (rule_matches_at).
 * A rule that refuses or asks also covers everything below what its wildcards match: `deny read /a/x*`
 * cannot be dodged by one folder more.
 */
struct rule {
	enum verdict_kind verdict;
	enum call_class class;   /* of a hide or view rule CLASS_STAT, which says nothing */
	char *pattern;           /* canonical, as in match.h; for env a name; NULL: everything */
	char *root;              /* plain bytes before the first wildcard: "/work"; or "" */
	size_t root_size;        /* of `root`; 0 for "/": what a path must begin with */
	const char *wild;        /* the rest of `pattern`, from its first wildcard on; or "" */
	char *view;              /* of a view rule: the file that is shown, absolute; else NULL */
	char *source;            /* "default.policy:12", "--allow-write=/tmp" */
	bool is_by_user;         /* not from the default policy */
	enum stack_detail stack; /* STACK_UNSAID unless the line says so */
	unsigned literal;        /* path components before the first wildcard; for env, bytes */
	unsigned rank;           /* 2 no wildcard, 1 `*`, 0 `**` */
};

/*
 * Parses one line.  -ENODATA: blank or comment. 
 * -ENXIO: ~ or a placeholder has no value in this run (no script, no home).  Every failure but
 * -ENODATA fills the fault, column included.  A line may give several rules (several
 * comma-separated names; a placeholder with several values): they are handed to `add` one by one,
 * which takes ownership, also when it fails; it may then have put words into ret_fault, and the
 * place is added here.
 * Pure: patterns are not yet canonical, a program may still be a bare name.
 */
typedef int rule_add_fn(void *data, struct rule *rule);
int rule_parse(const char *line, const struct policy_vars *vars, const char *source_file,
	       unsigned line_no, rule_add_fn *add, void *data, struct fault *ret_fault);

/* The same for one --allow-X, --ask-X, --deny-X, --fake-X, --hide or --read-only-view; `value` NULL is the bare form. */
int rule_parse_option(enum verdict_kind verdict, enum call_class class, const char *value,
		      const struct policy_vars *vars, rule_add_fn *add, void *data,
		      struct fault *ret_fault);

/* Takes `pattern` (malloc'd, may be NULL); copies source.  NULL without memory, pattern freed. */
struct rule *rule_new(enum verdict_kind verdict, enum call_class class, char *pattern,
		      const char *source);

/* The same rule with another root: what its wildcards follow.  NULL without memory. */
struct rule *rule_new_rooted(const struct rule *rule, const char *root);

bool rule_has_path(const struct rule *rule);
bool rule_hides(const struct rule *rule);

/* Speaks of every class of files. */
bool rule_is_classless(const struct rule *rule);

/*
 * "allow write /tmp/out" as a line that parses back to the same rule and is safe to show.
 * Returns the bytes written, without the NUL; never more than RULE_TEXT_MAX - 1.
 */
size_t rule_print(const struct rule *rule, char *out, size_t size);

/*
 * Most rules are about other folders, and every file is asked of all of them: the byte at which a
 * root ends differs for nearly all.  `length` is that of `path`.  False: it may match.
 */
static inline bool rule_is_elsewhere(const struct rule *rule, const char *path, size_t length)
{
	size_t size = rule->root_size;

	return size > length || (size > 0 && path[size - 1] != rule->root[size - 1]);
}

/* Total: `path` may be NULL, which only a rule for everything matches. */
bool rule_matches_at(const struct rule *rule, const char *path, unsigned *ret_rank);
bool rule_matches(const struct rule *rule, const char *path);

void rule_free(struct rule *rule);

#endif
