/* SPDX-License-Identifier: Apache-2.0 */
/* vars.c: see vars.h. */
#include "filters/vars.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "filters/match.h"
#include "filters/policy.h"

/* One expansion under way: `at` walks the item, `out` grows. */
struct expansion {
	const struct vars_item *item;
	const struct policy_vars *vars;
	size_t choice;
	const char *at;
	const char *end;
	char out[RULE_PATTERN_MAX];
	size_t used;
	struct fault *fault;
};

/* What stands at the begin of a path and is a path itself. */
struct start {
	const char *word;
	const char *lack;        /* said when it has no value in this run */
};

static const struct start starts[] = {
	{ "~", "the home folder is not known" },
	{ "{script}", "there is no script folder in this run" },
	{ "{python}", "the interpreter is not known" },
	{ "{prefix}", "the interpreter's prefix is not known" },
	{ "{cwd}", "the current folder is not known" },
};

enum { START_HOME, START_SCRIPT, START_PYTHON, START_PREFIX, START_CWD };

static const char *start_value(const struct policy_vars *vars, size_t start, size_t choice)
{
	switch (start) {
	case START_HOME:
		return vars->home;
	case START_SCRIPT:
		return vars->script_dir;
	case START_PYTHON:
		return vars->interpreter;
	case START_PREFIX:
		return choice < vars->prefix_count ? vars->prefixes[choice] : NULL;
	default:
		return vars->cwd;
	}
}

static bool begins_with(const char *at, const char *end, const char *word)
{
	size_t size = strlen(word);

	return (size_t)(end - at) >= size && memcmp(at, word, size) == 0;
}

/* Index into starts, or ARRAY_SIZE(starts). */
static size_t find_start(const struct vars_item *item)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(starts) &&
	       !begins_with(item->text, item->text + item->size, starts[i].word))
		i++;
	return i;
}

int vars_count(const struct vars_item *item, const struct policy_vars *vars, size_t *ret_count,
	       const char **ret_at, struct fault *ret_fault)
{
	size_t start = item->kind == VARS_NAME ? ARRAY_SIZE(starts) : find_start(item);
	const char *value;

	if (start == ARRAY_SIZE(starts)) {
		*ret_count = 1;
		return 0;
	}
	value = start_value(vars, start, 0);
	if (!value || value[0] != '/') {
		*ret_at = item->text;
		fault_set(ret_fault, "%s has no value: %s", starts[start].word, starts[start].lack);
		snprintf(ret_fault->cure, sizeof(ret_fault->cure), "write the whole path");
		return -ENXIO;
	}
	*ret_count = start == START_PREFIX ? vars->prefix_count : 1;
	return 0;
}

static int fail_at(struct expansion *e, const char *text, const char *cure)
{
	snprintf(e->fault->cure, sizeof(e->fault->cure), "%s", cure);
	return fault_set(e->fault, "%s", text);
}

static int put(struct expansion *e, char byte)
{
	if (e->used + 1 >= sizeof(e->out))
		return fail_at(e, "the path is longer than 4095 bytes", "write a shorter path");
	e->out[e->used++] = byte;
	return 0;
}

static int put_literal(struct expansion *e, char byte)
{
	int error = byte == '*' || byte == '\\' ? put(e, '\\') : 0;

	return error ? error : put(e, byte);
}

static int put_value(struct expansion *e, const char *value)
{
	int error = 0;

	while (*value && !error)
		error = put_literal(e, *value++);
	return error;
}

static int hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int put_hex(struct expansion *e)
{
	int high = e->end - e->at >= 4 ? hex_digit(e->at[2]) : -1;
	int low = high >= 0 ? hex_digit(e->at[3]) : -1;

	if (low < 0)
		return fail_at(e, "\\x needs two hexadecimal digits", "write \\x20 for a blank");
	if (high + low == 0)
		return fail_at(e, "a NUL byte cannot be part of a name", "remove it");
	e->at += 4;
	return put_literal(e, (char)(high * 16 + low));
}

static int put_escape(struct expansion *e)
{
	char c = e->end - e->at >= 2 ? e->at[1] : '\0';

	if (c == 'x')
		return put_hex(e);
	if (c == '\0' || !strchr("\\n,*#{ ", c))
		return fail_at(e, "unknown escape", "known are \\\\ \\n \\, \\* \\# \\{ \\xNN and "
			       "a blank after the backslash");
	e->at += 2;
	return put_literal(e, c == 'n' ? '\n' : c);
}

/* A placeholder that is not at the begin; {uid} is the only one that may stand anywhere. */
static int put_placeholder(struct expansion *e)
{
	char number[16];

	if (begins_with(e->at, e->end, "{uid}")) {
		e->at += strlen("{uid}");
		snprintf(number, sizeof(number), "%u", e->vars->uid);
		return put_value(e, number);
	}
	for (size_t i = START_SCRIPT; i < ARRAY_SIZE(starts); i++)
		if (begins_with(e->at, e->end, starts[i].word))
			return fail_at(e, "this placeholder is a whole path: it can only begin one",
				       "write it first");
	return fail_at(e, "unknown placeholder",
		       e->item->is_option
		       ? "known are {script} {python} {prefix} {cwd} {uid}; "
			 "a brace itself needs a policy line, where it is written \\{"
		       : "known are {script} {python} {prefix} {cwd} {uid}; write \\{ for a brace");
}

static int put_next(struct expansion *e)
{
	bool is_path = e->item->kind != VARS_NAME;

	if (*e->at == '\\' && !e->item->is_option)
		return put_escape(e);
	if (*e->at == '{' && is_path)
		return put_placeholder(e);
	if (*e->at == '*')
		return put(e, *e->at++);
	return put_literal(e, *e->at++);
}

/* ~ and the placeholders that begin a path; a relative path of an option starts at cwd. */
static int put_start(struct expansion *e)
{
	size_t start = find_start(e->item);
	const char *next;
	int error;

	if (start < ARRAY_SIZE(starts)) {
		next = e->at + strlen(starts[start].word);
		if (next != e->end && *next != '/')
			return start == START_HOME
			       ? fail_at(e, "a user's name after ~ is not known here",
					 "write the whole path, or ./~name")
			       : fail_at(e, "a slash must follow this placeholder",
					 "write it as {script}/name");
		e->at = next;
		return put_value(e, start_value(e->vars, start, e->choice));
	}
	if (*e->at == '/' || !e->item->is_option)
		return 0;
	if (!e->vars->cwd || e->vars->cwd[0] != '/')
		return fail_at(e, "the current folder is not known", "write the whole path");
	error = put_value(e, e->vars->cwd);
	return error ? error : put(e, '/');
}

/* Drops the last component of out[0..used); -EINVAL when it is a wildcard. */
static int drop_last(char *out, size_t *used)
{
	size_t top = *used;

	out[*used] = '\0';      /* at most the slash before the `..` that is being read */
	while (top > 0 && out[--top] != '/')
		;
	if (*match_wild_part(out + top))
		return -EINVAL;
	*used = top;
	return 0;
}

/* Removes empty components, `.` and `..` in place; the text is absolute. */
static int normalise(struct expansion *e)
{
	char *out = e->out;
	size_t used = 0;

	for (const char *from = out; *from; ) {
		size_t size = strcspn(from += strspn(from, "/"), "/");

		if (size == 2 && memcmp(from, "..", 2) == 0) {
			if (drop_last(out, &used) < 0)
				return fail_at(e, "`..` cannot follow a wildcard",
					       "write the path without it");
		} else if (size > 0 && !(size == 1 && *from == '.')) {
			out[used++] = '/';
			memmove(out + used, from, size);
			used += size;
		}
		from += size;
	}
	if (used == 0)
		out[used++] = '/';
	out[used] = '\0';
	return 0;
}

static bool is_bare_program(const struct vars_item *item)
{
	return item->kind == VARS_PROGRAM && !memchr(item->text, '/', item->size) &&
	       find_start(item) == ARRAY_SIZE(starts);
}

static int finish_path(struct expansion *e)
{
	char shown[128];

	e->at = e->item->text;
	if (e->out[0] == '/')
		return normalise(e);
	text_show(shown, sizeof(shown), e->item->text, e->item->size);
	snprintf(e->fault->cure, sizeof(e->fault->cure),
		 "begin it with /, ~/, {script}/ or {cwd}/");
	return fault_set(e->fault, "\"%s\" is not an absolute path", shown);
}

static int finish_name(struct expansion *e)
{
	e->at = e->item->text;
	if (strchr(e->out, '='))
		return fail_at(e, "a variable's name has no = in it",
			       "write the name alone: the value passes as it is");
	return 0;
}

static int finish_program(struct expansion *e)
{
	e->at = e->item->text;
	if (strchr(e->out, '*'))
		return fail_at(e, "a name that is looked up on PATH has no wildcard",
			       "write the whole path");
	return 0;
}

static int expand(struct expansion *e)
{
	bool is_bare = is_bare_program(e->item);
	int error = e->item->kind == VARS_NAME || is_bare ? 0 : put_start(e);

	while (!error && e->at < e->end)
		error = put_next(e);
	if (error)
		return error;
	e->out[e->used] = '\0';
	if (is_bare)
		return finish_program(e);
	return e->item->kind == VARS_NAME ? finish_name(e) : finish_path(e);
}

int vars_expand(const struct vars_item *item, const struct policy_vars *vars, size_t choice,
		char **ret_pattern, const char **ret_at, struct fault *ret_fault)
{
	struct expansion e = {
		.item = item, .vars = vars, .choice = choice,
		.at = item->text, .end = item->text + item->size, .fault = ret_fault,
	};
	int error = expand(&e);
	char *pattern;

	if (error) {
		*ret_at = e.at;
		return error;
	}
	pattern = strdup(e.out);
	if (!pattern)
		return -ENOMEM;
	*ret_pattern = pattern;
	return 0;
}

char *vars_quote(const char *bytes)
{
	char *pattern = malloc(2 * strlen(bytes) + 1);
	char *out = pattern;

	if (!pattern)
		return NULL;
	for (; *bytes; bytes++) {
		if (*bytes == '*' || *bytes == '\\')
			*out++ = '\\';
		*out++ = *bytes;
	}
	*out = '\0';
	return pattern;
}

void vars_unquote(char *pattern, size_t size)
{
	char *out = pattern;

	for (const char *from = pattern; from < pattern + size; from++) {
		if (*from == '\\')
			from++;
		*out++ = *from;
	}
	*out = '\0';
}
