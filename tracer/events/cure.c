/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cure.c: what would allow a refused call.  See human.h.
 *
 * The words are meant to be pasted into a shell or a policy file, and the script chose the path in
 * them.  A flag has no escapes: a path that a flag cannot say as it stands, or that holds bytes
 * which do not show as what they are, gets a policy line, where \xNN says any byte.
 */
#include "tracer/events/human.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "filters/rule.h"
#include "filters/vars.h"

#define POLICY_LINE "a policy line: "

struct words {
	char *out;
	size_t size, used;      /* used >= size: it did not fit */
};

static void add(struct words *words, const char *bytes, size_t length)
{
	if (words->used + length < words->size)
		memcpy(words->out + words->used, bytes, length);
	words->used += length;
}

static void add_text(struct words *words, const char *text)
{
	add(words, text, strlen(text));
}

/* A flag takes a list of patterns: there these three do not stand for themselves. */
static bool fits_flag(const char *name)
{
	return text_is_plain_string(name) && !strpbrk(name, ",*{");
}

static bool needs_quotes(const char *text)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_@%+:./-";

	for (; *text; text++) {
		if ((unsigned char)*text < 0x80 && !strchr(safe, *text))
			return true;
	}
	return false;
}

static void add_shell_word(struct words *words, const char *text)
{
	if (!needs_quotes(text)) {
		add_text(words, text);
		return;
	}
	add(words, "'", 1);
	for (; *text; text++) {
		if (*text == '\'')
			add_text(words, "'\\''");
		else
			add(words, text, 1);
	}
	add(words, "'", 1);
}

static void add_flag(struct words *words, enum call_class class, const char *name)
{
	add_text(words, "--allow-");
	add_text(words, class_name(class));
	if (name) {
		add(words, "=", 1);
		add_shell_word(words, name);
	}
}

/* What no policy file takes as a line is as good as what does not fit. */
static void add_policy_line(struct words *words, enum call_class class, const char *name)
{
	cleanup_free char *pattern = vars_quote(name);
	const struct rule rule = { .verdict = VERDICT_ALLOW, .class = class, .pattern = pattern };
	char line[RULE_LINE_MAX + 1];

	if (!pattern || rule_print(&rule, line, sizeof(line)) >= RULE_LINE_MAX) {
		words->used = SIZE_MAX;
		return;
	}
	add_text(words, POLICY_LINE);
	add_text(words, line);
}

/*
 * Words of policy_judge() for what no rule speaks of: the one reason that a flag cures.  That
 * they are still the same words is tested in test_human.c.
 */
bool human_reason_is_default(const char *reason)
{
	return !reason || strcmp(reason, "no rule allows it") == 0 ||
	       strcmp(reason, "no rule can allow it") == 0;
}

static bool has_cure(const struct event *event)
{
	if (event->kind != EVENT_CALL || event->rule_is_users || event->class >= CLASS_IN_RULES)
		return false;
	return event->rule || human_reason_is_default(event->reason);
}

size_t human_cure(const struct event *event, char *out, size_t size)
{
	struct words words = { .out = out, .size = size };
	const char *name = event->class == CLASS_NET ? NULL : event->path;

	if (size > 0)
		out[0] = '\0';
	if (!has_cure(event) || (!name && event->class != CLASS_NET))
		return 0;
	/* There is no --allow-stat. */
	if (!name || (event->class != CLASS_STAT && fits_flag(name)))
		add_flag(&words, event->class, name);
	else
		add_policy_line(&words, event->class, name);
	if (words.used >= words.size) {
		if (size > 0)
			out[0] = '\0';
		return 0;
	}
	out[words.used] = '\0';
	return words.used;
}
