/* SPDX-License-Identifier: Apache-2.0 */
/* rule.c: see rule.h.  Columns and quotes of a fault are filled in one place, locate(). */
#include "filters/rule.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "filters/match.h"
#include "filters/policy.h"
#include "filters/vars.h"

#define BLANKS " \t\r\n\v\f"
#define NET_TAKES_NONE "net takes no argument: all or nothing, by host comes later"

struct parser {
	const char *line;        /* what is quoted in a fault */
	const char *at;          /* what is read next; after a failure the place of the mistake */
	const char *file;
	unsigned line_no;        /* 0: an option */
	const struct policy_vars *vars;
	enum verdict_kind verdict;
	enum call_class class;
	enum stack_detail stack;
	const char *view;        /* of the rule that is being made; NULL: it is no view */
	rule_add_fn *add;
	void *data;
	struct fault *fault;
};


static const enum verdict_kind built_verdicts[] = { VERDICT_ALLOW, VERDICT_ASK, VERDICT_DENY,
						     VERDICT_HIDE, VERDICT_VIEW, VERDICT_FAKE,
						     VERDICT_KILL, VERDICT_SCRATCH };

__attribute__((format(printf, 3, 4)))
static int fail_at(struct parser *p, const char *at, const char *format, ...)
{
	va_list args;

	p->at = at;
	va_start(args, format);
	vsnprintf(p->fault->text, sizeof(p->fault->text), format, args);
	va_end(args);
	return -EINVAL;
}

static void set_cure(struct parser *p, const char *cure)
{
	snprintf(p->fault->cure, sizeof(p->fault->cure), "%s", cure);
}

static int locate(const struct parser *p, int error)
{
	snprintf(p->fault->file, sizeof(p->fault->file), "%s", p->file);
	snprintf(p->fault->quote, sizeof(p->fault->quote), "%.*s", (int)strcspn(p->line, "\n"),
		 p->line);
	p->fault->line = p->line_no;
	p->fault->column = (unsigned)(p->at - p->line) + 1;
	if (error == -ENOMEM)
		fault_set(p->fault, "out of memory");
	return error;
}

static bool word_is(const char *at, size_t size, const char *word)
{
	return strlen(word) == size && memcmp(at, word, size) == 0;
}

static size_t read_word(struct parser *p)
{
	p->at += strspn(p->at, BLANKS);
	return *p->at == '#' ? 0 : strcspn(p->at, BLANKS);
}

static int parse_verdict(struct parser *p)
{
	size_t size = read_word(p);
	char shown[64];

	if (!size)
		return -ENODATA;
	for (size_t i = 0; i < ARRAY_SIZE(built_verdicts); i++) {
		if (word_is(p->at, size, verdict_name(built_verdicts[i]))) {
			p->verdict = built_verdicts[i];
			p->at += size;
			return 0;
		}
	}
	set_cure(p, "write allow, ask, deny, hide, view, fake, scratch or kill");
	text_show(shown, sizeof(shown), p->at, size);
	return fail_at(p, p->at, "unknown verdict \"%s\": there are allow, ask, deny, hide, view, "
		       "fake, scratch and kill", shown);
}

/* What is read cannot be made up; a connection neither. */
static int check_fakeable(struct parser *p)
{
	if (p->verdict != VERDICT_FAKE || p->class == CLASS_WRITE || p->class == CLASS_DELETE ||
	    p->class == CLASS_EXEC)
		return 0;
	set_cure(p, "write fake write, fake delete or fake exec");
	return fail_at(p, p->at, "%s cannot be faked", class_name(p->class));
}

/* Variables are handed over before the script runs: there is no moment to wait in. */
static int check_askable(struct parser *p)
{
	if (p->verdict == VERDICT_SCRATCH && p->class != CLASS_WRITE) {
		set_cure(p, "write it as: scratch write /path");
		return fail_at(p, p->at, "scratch is about writing");
	}
	if (p->verdict != VERDICT_ASK || p->class != CLASS_ENV)
		return 0;
	set_cure(p, "write allow env NAME or deny env NAME");
	return fail_at(p, p->at, "env cannot be asked: variables are set before the script starts");
}

/* Who hides a file, or shows another, answers every question about it. */
static int check_classless(struct parser *p, size_t size)
{
	p->class = CLASS_STAT;
	for (unsigned i = 0; i < CLASS_IN_RULES; i++) {
		if (!word_is(p->at, size, class_name((enum call_class)i)))
			continue;
		set_cure(p, p->verdict == VERDICT_HIDE ? "write it as: hide /path" :
			 "write it as: view /path=/other");
		return fail_at(p, p->at, "%s takes no class: it is about every use of the file",
			       verdict_name(p->verdict));
	}
	return 0;
}

static int parse_class(struct parser *p)
{
	size_t size = read_word(p);
	char shown[64];

	if (p->verdict == VERDICT_HIDE || p->verdict == VERDICT_VIEW)
		return check_classless(p, size);
	for (unsigned i = 0; i < CLASS_IN_RULES; i++) {
		if (word_is(p->at, size, class_name((enum call_class)i))) {
			p->class = (enum call_class)i;
			if (check_askable(p) < 0 || check_fakeable(p) < 0)
				return -EINVAL;
			p->at += size;
			return 0;
		}
	}
	set_cure(p, "write it as: allow read /path");
	if (!size)
		return fail_at(p, p->at, "what the rule is about is missing: there are read, "
			       "write, delete, stat, exec, net and env");
	text_show(shown, sizeof(shown), p->at, size);
	return fail_at(p, p->at, "unknown class \"%s\": there are read, write, delete, stat, exec, "
		       "net and env", shown);
}

/* Optional, before the names, none of which begins so: no variable has a =, no path is bare. */
static int parse_stack(struct parser *p)
{
	size_t size = read_word(p), prefix = strlen(RULE_STACK_WORD);
	char shown[64];

	if (size < prefix || memcmp(p->at, RULE_STACK_WORD, prefix) != 0)
		return 0;
	p->stack = stack_detail_parse(p->at + prefix, size - prefix);
	if (p->stack == STACK_UNSAID) {
		text_show(shown, sizeof(shown), p->at + prefix, size - prefix);
		set_cure(p, "write stack=off, stack=line, stack=python or stack=native");
		return fail_at(p, p->at, "unknown detail \"%s\" of a stack", shown);
	}
	p->at += size;
	return 0;
}

static bool is_path_class(enum call_class class)
{
	return class != CLASS_NET && class != CLASS_ENV;
}

/* "default.policy:12", "--allow-write=/tmp", "--allow-write"; NULL without memory. */
static char *make_source(const struct parser *p, const char *item, size_t size)
{
	char *source = NULL;
	int length;

	if (p->line_no)
		length = asprintf(&source, "%s:%u", p->file, p->line_no);
	else if (item)
		length = asprintf(&source, "%s=%.*s", p->file, (int)size, item);
	else
		length = asprintf(&source, "%s", p->file);
	return length < 0 ? NULL : source;
}

/* Takes `pattern`. */
static int add_rule(struct parser *p, char *pattern, const char *item, size_t size)
{
	cleanup_free char *source = make_source(p, item, size);
	struct rule *rule;

	if (!source) {
		free(pattern);
		return -ENOMEM;
	}
	rule = rule_new(p->verdict, p->class, pattern, source);
	if (!rule)
		return -ENOMEM;
	rule->stack = p->stack;
	rule->view = p->view ? strdup(p->view) : NULL;
	if (!p->view || rule->view)
		return p->add(p->data, rule);
	rule_free(rule);
	return -ENOMEM;
}

/* No argument: everything of the class. */
static int add_bare(struct parser *p)
{
	char *pattern = NULL;

	if (is_path_class(p->class)) {
		pattern = strdup("/**");
		if (!pattern)
			return -ENOMEM;
	}
	return add_rule(p, pattern, NULL, 0);
}

/* One side of a view: one path, of one file. */
static int expand_side(struct parser *p, const char *text, size_t size, char **ret_path)
{
	const struct vars_item item = {
		.text = text, .size = size, .is_option = p->line_no == 0, .kind = VARS_PATH,
	};
	size_t count = 0;
	int error;

	p->at = text;
	set_cure(p, "write PATH=FILE: what is read at PATH is then FILE");
	if (!size)
		return fail_at(p, text, "a path is missing before or after the =");
	error = vars_count(&item, p->vars, &count, &p->at, p->fault);
	if (error)
		return error;
	if (count != 1)
		return fail_at(p, text, "it stands for several files");
	error = vars_expand(&item, p->vars, 0, ret_path, &p->at, p->fault);
	if (error || !*match_wild_part(*ret_path))
		return error;
	return fail_at(p, text, "a view is of one file: no wildcard");
}

/* PATH=FILE: FILE is kept as plain bytes. */
static int add_view(struct parser *p, const char *text, size_t size)
{
	const char *equal = memchr(text, '=', size);
	cleanup_free char *path = NULL;
	cleanup_free char *view = NULL;
	size_t left = equal ? (size_t)(equal - text) : 0;
	int error;

	if (!equal) {
		set_cure(p, "write PATH=FILE: what is read at PATH is then FILE");
		return fail_at(p, text, "there is no = in it");
	}
	error = expand_side(p, text, left, &path);
	if (!error)
		error = expand_side(p, equal + 1, size - left - 1, &view);
	if (error)
		return error;
	p->at = equal + 1;
	vars_unquote(view, strlen(view));
	p->view = view;
	error = add_rule(p, path, text, size);
	path = NULL;
	p->view = NULL;
	return error;
}

static int add_item(struct parser *p, const char *text, size_t size)
{
	const struct vars_item item = {
		.text = text, .size = size, .is_option = p->line_no == 0,
		.kind = p->class == CLASS_ENV ? VARS_NAME :
			p->class == CLASS_EXEC ? VARS_PROGRAM : VARS_PATH,
	};
	size_t count = 0;
	int error;

	if (p->verdict == VERDICT_VIEW)
		return add_view(p, text, size);
	p->at = text;
	error = vars_count(&item, p->vars, &count, &p->at, p->fault);
	for (size_t i = 0; i < count && !error; i++) {
		char *pattern = NULL;

		error = vars_expand(&item, p->vars, i, &pattern, &p->at, p->fault);
		if (!error)
			error = add_rule(p, pattern, text, size);
	}
	return error;
}

/* Bytes of the item that begins at `text`: to a comma; in a file also to a blank, unless quoted. */
static size_t item_size(const struct parser *p, const char *text)
{
	size_t size = 0;

	if (p->line_no == 0)
		return strcspn(text, ",");
	if (*text == '#')
		return 0;
	while (text[size] && !strchr(BLANKS ",", text[size]))
		size += text[size] == '\\' && text[size + 1] ? 2 : 1;
	return size;
}

/* After an item of a line: blanks, then a comma, a comment or the end. */
static int skip_blanks(struct parser *p, const char **next)
{
	size_t blanks = strspn(*next, BLANKS);

	*next += blanks;
	if (**next == '\0' || **next == ',' || (**next == '#' && blanks))
		return 0;
	set_cure(p, "write a blank as \"\\ \", put a comma between names");
	return fail_at(p, *next, "a blank in the middle of a name");
}

static int parse_items(struct parser *p)
{
	const char *next = p->at;
	int error;

	do {
		size_t size;

		if (p->line_no)
			next += strspn(next, BLANKS);
		size = item_size(p, next);
		if (!size) {
			set_cure(p, p->line_no ? "remove the comma" : "remove the comma; "
				 "a path with a comma needs a policy line, as \\,");
			return fail_at(p, next, "nothing before or after the comma");
		}
		error = add_item(p, next, size);
		next += size;
		if (!error && p->line_no)
			error = skip_blanks(p, &next);
	} while (!error && *next++ == ',');
	return error;
}

static int parse_arguments(struct parser *p)
{
	size_t size = read_word(p);

	if (size && p->class == CLASS_NET) {
		set_cure(p, "leave it out");
		return fail_at(p, p->at, NET_TAKES_NONE);
	}
	if (size)
		return parse_items(p);
	if (p->verdict == VERDICT_HIDE || p->verdict == VERDICT_VIEW) {
		set_cure(p, p->verdict == VERDICT_HIDE ? "for all that no rule allows, write /" :
			 "write it as: view /path=/other");
		return fail_at(p, p->at, "%s needs a path", verdict_name(p->verdict));
	}
	if (is_path_class(p->class) && p->class != CLASS_STAT) {
		set_cure(p, "for everything, write /**");
		return fail_at(p, p->at, "%s %s needs a path", verdict_name(p->verdict),
			       class_name(p->class));
	}
	return add_bare(p);
}

int rule_parse(const char *line, const struct policy_vars *vars, const char *source_file,
	       unsigned line_no, rule_add_fn *add, void *data, struct fault *ret_fault)
{
	struct parser p = {
		.line = line, .at = line, .file = source_file, .line_no = line_no ? line_no : 1,
		.vars = vars, .add = add, .data = data, .fault = ret_fault,
	};
	int error;

	if (strnlen(line, RULE_LINE_MAX + 1) > RULE_LINE_MAX) {
		set_cure(&p, "split it into several lines");
		return locate(&p, fail_at(&p, line + RULE_LINE_MAX,
					  "the line is longer than %d bytes", RULE_LINE_MAX));
	}
	error = parse_verdict(&p);
	if (error == -ENODATA)
		return error;
	if (!error)
		error = parse_class(&p);
	if (!error)
		error = parse_stack(&p);
	if (!error)
		error = parse_arguments(&p);
	return error ? locate(&p, error) : 0;
}

/* `line` is the option as it was written; `at` stands after the "=". */
static int parse_option(struct parser *p, const char *value)
{
	if (check_askable(p) < 0)
		return -EINVAL;
	if (!value)
		return add_bare(p);
	if (p->class == CLASS_NET) {
		set_cure(p, "leave out what follows the =");
		return fail_at(p, p->at, NET_TAKES_NONE);
	}
	if (!*value) {
		set_cure(p, "name something, or leave out the = to mean everything");
		return fail_at(p, p->at, "nothing follows the =");
	}
	return parse_items(p);
}

int rule_parse_option(enum verdict_kind verdict, enum call_class class, const char *value,
		      const struct policy_vars *vars, rule_add_fn *add, void *data,
		      struct fault *ret_fault)
{
	cleanup_free char *line = NULL;
	struct parser p = {
		.vars = vars, .verdict = verdict, .class = class, .add = add, .data = data,
		.fault = ret_fault,
	};
	char option[32];
	int error;

	if (verdict == VERDICT_HIDE)
		snprintf(option, sizeof(option), "--hide");
	else if (verdict == VERDICT_VIEW)
		snprintf(option, sizeof(option), "--read-only-view");
	else
		snprintf(option, sizeof(option), "--%s-%s", verdict_name(verdict),
			 class_name(class));
	if (asprintf(&line, "%s%s%s", option, value ? "=" : "", value ? value : "") < 0) {
		line = NULL;
		return -ENOMEM;
	}
	p.file = option;
	p.line = line;
	p.at = line + strlen(option) + (value ? 1 : 0);
	error = parse_option(&p, value);
	return error ? locate(&p, error) : 0;
}
