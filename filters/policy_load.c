/* SPDX-License-Identifier: Apache-2.0 */
/* policy_load.c: makes a policy, fills it from the built-in text, a file, options.  See policy.h */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "filters/canonical.h"
#include "filters/policy.h"
#include "filters/vars.h"

const char policy_default_text[] =
#include "default_policy.inc"
;

struct policy *policy_new(void)
{
	return calloc(1, sizeof(struct policy));
}

void policy_free(struct policy *policy)
{
	if (!policy)
		return;
	for (size_t i = 0; i < policy->rule_count; i++)
		rule_free(policy->rules[i]);
	free(policy->rules);
	policy_free(policy->grants);
	free(policy);
}

struct loading {
	struct policy *policy;
	struct fault *fault;
	bool is_by_user;
	struct canonical_folders *folders;   /* NULL: there is one rule only */
};

static int fail(struct loading *l, const char *text, const char *cure)
{
	snprintf(l->fault->cure, sizeof(l->fault->cure), "%s", cure);
	return fault_set(l->fault, "%s", text);
}

static int insert(struct loading *l, struct rule *rule)
{
	int error;

	if (!rule)
		return -ENOMEM;
	rule->is_by_user = l->is_by_user;
	error = policy_add_rule(l->policy, rule);
	if (error == -E2BIG)
		fail(l, "there are too many rules: 4096 is the most",
		     "name folders instead of single files");
	return error;
}

static int insert_rooted(struct loading *l, const struct rule *rule, const char *root)
{
	if (strlen(root) + strlen(rule->wild) + 2 > RULE_PATTERN_MAX)
		return fail(l, "the canonical path is longer than 4095 bytes",
			    "name a folder further up");
	return insert(l, rule_new_rooted(rule, root));
}

/* The name itself, whatever the rule says of what is below it. */
static int insert_name(struct loading *l, const struct rule *rule, const char *name)
{
	char *pattern = vars_quote(name);

	return pattern ? insert(l, rule_new(rule->verdict, rule->class, pattern, rule->source))
		       : -ENOMEM;
}

/* The first `size` bytes of the rule's path, where they name a link. */
static int insert_link(struct loading *l, const struct rule *rule, size_t size)
{
	char path[RULE_PATTERN_MAX];
	cleanup_free char *name = NULL;
	int error;

	snprintf(path, sizeof(path), "%.*s", (int)size, rule->root);
	error = canonical_link(path, &name);
	if (error == -ENOENT)
		return 0;
	return error ? error : insert_name(l, rule, name);
}

/*
 * A refusal that goes through symlinks means what they lead to, and their own names too: else the
 * script could remove a link, or put another in its place.
 */
static int insert_links(struct loading *l, const struct rule *rule)
{
	int error = 0;

	if (rule->verdict == VERDICT_ALLOW || rule->view)
		return 0;
	/* Hidden is what the path names: a link further up leads to other things, too. */
	if (rule_hides(rule))
		return *rule->wild ? 0 : insert_link(l, rule, strlen(rule->root));
	for (size_t size = 1; !error && rule->root[size - 1]; size++) {
		size += strcspn(rule->root + size, "/");
		error = insert_link(l, rule, size);
	}
	return error;
}

static int insert_canonical(struct loading *l, const struct rule *rule)
{
	cleanup_free char *root = NULL;
	int error = l->folders ? canonical_path_below(l->folders, rule->root, &root)
			       : canonical_path(rule->root, &root);

	if (!error)
		error = insert_links(l, rule);
	return error ? error : insert_rooted(l, rule, root);
}

static int insert_program(struct loading *l, const struct rule *rule)
{
	cleanup_free char *path = NULL;
	int error = canonical_program(rule->root, &path);
	char shown[128];

	if (error == -ENOENT) {
		text_show_string(shown, sizeof(shown), rule->root);
		snprintf(l->fault->cure, sizeof(l->fault->cure),
			 "install it, or write its whole path");
		return fault_set(l->fault, "no program \"%s\" on PATH", shown);
	}
	return error ? error : insert_rooted(l, rule, path);
}

/* Bytes that glob(3) would take for wildcards and a pattern does not. */
static char *make_glob(const char *pattern)
{
	char *text = malloc(2 * strlen(pattern) + 1);
	char *out = text;

	if (!text)
		return NULL;
	for (; *pattern; pattern++) {
		if (strchr("?[", *pattern))
			*out++ = '\\';
		*out++ = *pattern;
	}
	*out = '\0';
	return text;
}

/*
 * A wildcard of the default policy stands for what exists now: so its symlinks are resolved, and
 * the kernel's second wall, which knows no wildcards, can hold the same rule.
 */
static int insert_existing(struct loading *l, const struct rule *rule)
{
	cleanup_free char *text = make_glob(rule->pattern);
	glob_t found = { 0 };
	int error = 0;

	if (!text)
		return -ENOMEM;
	if (glob(text, 0, NULL, &found) == GLOB_NOSPACE)
		error = -ENOMEM;
	for (size_t i = 0; i < found.gl_pathc && !error; i++) {
		char *quoted = vars_quote(found.gl_pathv[i]);
		struct rule *one = quoted ? rule_new(rule->verdict, rule->class, quoted,
						     rule->source) : NULL;

		error = one ? insert_canonical(l, one) : -ENOMEM;
		rule_free(one);
	}
	globfree(&found);
	return error;
}

/*
 * The file that is shown must be there, and keep what it holds: else the script could show itself
 * whatever it likes.
 */
static int settle_view(struct loading *l, struct rule *rule)
{
	char *canonical = NULL, *pattern;
	struct stat st;
	int error = canonical_path(rule->view, &canonical);

	if (error)
		return error;
	free(rule->view);
	rule->view = canonical;
	if (stat(canonical, &st) < 0 || !S_ISREG(st.st_mode) || access(canonical, R_OK) < 0)
		return fail(l, "the file that is to be shown is not there, or not a readable file",
			    "write PATH=FILE: what is read at PATH is then FILE");
	pattern = vars_quote(canonical);
	return pattern ? insert(l, rule_new(VERDICT_DENY, CLASS_WRITE, pattern, rule->source))
		       : -ENOMEM;
}

static int insert_path(struct loading *l, struct rule *rule)
{
	int error = rule->view ? settle_view(l, rule) : 0;

	if (error)
		return error;
	if (rule->pattern[0] != '/')
		return insert_program(l, rule);
	if (*rule->wild && !l->is_by_user)
		return insert_existing(l, rule);
	return insert_canonical(l, rule);
}

static int take_rule(void *data, struct rule *rule)
{
	struct loading *l = data;
	int error;

	if (!rule->pattern || !rule_has_path(rule))
		return insert(l, rule);
	error = insert_path(l, rule);
	rule_free(rule);
	return error;
}

int policy_add_default(struct policy *policy, const struct policy_vars *vars,
		       struct fault *ret_fault)
{
	struct fault fault = { .line = 0 };
	struct canonical_folders folders = { .next = 0 };
	struct loading l = { .policy = policy, .fault = &fault, .folders = &folders };
	const char *at = policy_default_text;
	char line[RULE_LINE_MAX + 1];
	int error = 0;

	for (unsigned line_no = 1; *at; line_no++) {
		size_t size = strcspn(at, "\n");
		size_t kept = size < RULE_LINE_MAX ? size : RULE_LINE_MAX;

		memcpy(line, at, kept);
		line[kept] = '\0';
		error = rule_parse(line, vars, "default.policy", line_no, take_rule, &l, &fault);
		if (error && error != -ENODATA && error != -ENXIO)
			break;
		error = 0;
		at += size + (at[size] == '\n');
	}
	canonical_folders_drop(&folders);
	if (error)
		*ret_fault = fault;
	return error;
}

/* One line without its newline; *ret_size is RULE_LINE_MAX + 1 when there is more of it. */
static bool read_line(FILE *file, char line[RULE_LINE_MAX + 2], size_t *ret_size)
{
	size_t size = 0;
	int c;

	while ((c = getc(file)) != EOF && c != '\n') {
		line[size++] = (char)c;
		if (size > RULE_LINE_MAX)
			break;
	}
	line[size] = '\0';
	*ret_size = size;
	return c != EOF || size > 0;
}

static int add_line(struct loading *l, const struct policy_vars *vars, const char *path,
		    const char *line, size_t size, unsigned line_no)
{
	int error;

	if (strlen(line) < size) {
		fail(l, "there is a NUL byte in the line", "is this a policy file?");
		snprintf(l->fault->file, sizeof(l->fault->file), "%s", path);
		snprintf(l->fault->quote, sizeof(l->fault->quote), "%.255s", line);
		l->fault->line = line_no;
		l->fault->column = (unsigned)strlen(line) + 1;
		return -EINVAL;
	}
	error = rule_parse(line, vars, path, line_no, take_rule, l, l->fault);
	return error == -ENODATA ? 0 : error;
}

static int fail_reading(struct loading *l, const char *path, int number)
{
	*l->fault = (struct fault){ .column = 0 };
	snprintf(l->fault->file, sizeof(l->fault->file), "%s", path);
	fault_set(l->fault, "the policy file cannot be read: %s", strerror(number));
	snprintf(l->fault->cure, sizeof(l->fault->cure), "give the name of a readable text file");
	return -number;
}

int policy_add_file(struct policy *policy, const struct policy_vars *vars, const char *path,
		    struct fault *ret_fault)
{
	struct canonical_folders folders = { .next = 0 };
	struct loading l = { .policy = policy, .fault = ret_fault, .is_by_user = true,
			     .folders = &folders };
	FILE *file = fopen(path, "re");
	char line[RULE_LINE_MAX + 2];
	size_t size;
	int error = 0;

	if (!file)
		return fail_reading(&l, path, errno);
	for (unsigned line_no = 1; !error && read_line(file, line, &size); line_no++)
		error = add_line(&l, vars, path, line, size, line_no);
	if (!error && ferror(file))
		error = fail_reading(&l, path, errno ? errno : EIO);
	fclose(file);
	canonical_folders_drop(&folders);
	return error;
}

int policy_add_option(struct policy *policy, const struct policy_vars *vars,
		      enum verdict_kind verdict, enum call_class class, const char *value,
		      struct fault *ret_fault)
{
	struct loading l = { .policy = policy, .fault = ret_fault, .is_by_user = true };

	if (verdict == VERDICT_DENY && !value) {
		policy->refuses[class] = true;
		if (class == CLASS_WRITE)
			policy->refuses[CLASS_DELETE] = true;
		return 0;
	}
	return rule_parse_option(verdict, class, value, vars, take_rule, &l, ret_fault);
}

static int add_own(struct policy *policy, enum verdict_kind verdict, enum call_class class,
		   const char *path, const char *source)
{
	struct fault fault = { 0 };
	struct loading l = { .policy = policy, .fault = &fault, .is_by_user = true };
	char *pattern = vars_quote(path);
	struct rule *rule = pattern ? rule_new(verdict, class, pattern, source) : NULL;
	int error = rule ? insert_canonical(&l, rule) : -ENOMEM;

	rule_free(rule);
	return error;
}

int policy_protect(struct policy *policy, const char *path, const char *source)
{
	return add_own(policy, VERDICT_DENY, CLASS_WRITE, path, source);
}

int policy_shut(struct policy *policy, const char *path, const char *source)
{
	int error = add_own(policy, VERDICT_DENY, CLASS_READ, path, source);

	/* Where every program may run there is none that its path would keep from it. */
	if (!error && !policy->allows_all && !policy_allows_everything(policy, CLASS_EXEC))
		error = add_own(policy, VERDICT_DENY, CLASS_EXEC, path, source);
	return error ? error : policy_protect(policy, path, source);
}

int policy_scratch(struct policy *policy, const char *path, const char *source)
{
	return add_own(policy, VERDICT_SCRATCH, CLASS_WRITE, path, source);
}

int policy_use_devices(struct policy *policy, const char *source)
{
	static const char *const devices[] = {
		"/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/ptmx", "/dev/pts",
	};
	int error = 0;

	for (size_t i = 0; i < ARRAY_SIZE(devices) && !error; i++) {
		error = add_own(policy, VERDICT_ALLOW, CLASS_WRITE, devices[i], source);
		if (!error)
			error = add_own(policy, VERDICT_DENY, CLASS_DELETE, devices[i], source);
	}
	return error;
}

bool policy_is_scratch(const struct policy *policy, const char *path)
{
	return policy->scratches &&
	       policy_judge_seen(policy, CLASS_WRITE, path).kind == VERDICT_SCRATCH;
}
