/* SPDX-License-Identifier: Apache-2.0 */
/* facts.c: see facts.h. */
#include "tui/facts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/events/read.h"

#define SCRIPT_MAX 4096
#define WALL_MAX_S 1e9

static int replace(char **text, char *by)
{
	if (!by)
		by = strdup("");
	if (!by)
		return -ENOMEM;
	free(*text);
	*text = by;
	return 0;
}

int facts_init(struct facts *facts)
{
	char **const texts[] = { &facts->script, &facts->cwd, &facts->interpreter,
				 &facts->record, &facts->time, &facts->policy };

	*facts = (struct facts){ 0 };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (replace(texts[i], NULL) < 0)
			return -ENOMEM;
	return 0;
}

void facts_free(struct facts *facts)
{
	free(facts->script);
	free(facts->cwd);
	free(facts->interpreter);
	free(facts->record);
	free(facts->time);
	free(facts->policy);
	json_decref(facts->start);
	json_decref(facts->result);
	*facts = (struct facts){ 0 };
}

/* pyjail's own options tell a reader little: from the first word that is none. */
static char *script_of(const json_t *start)
{
	size_t count = json_array_size(json_object_get(start, "argv")), used = 0, i = 1;
	char *text = calloc(1, SCRIPT_MAX);

	for (; text && i < count; i++) {
		char *word = read_list_bytes(start, "argv", i);
		bool is_ours = word && word[0] == '-' && word[1] == '-' && used == 0;
		size_t length = word ? strlen(word) : 0;

		if (word && !is_ours && used + length + 2 < SCRIPT_MAX)
			used += (size_t)snprintf(text + used, SCRIPT_MAX - used, "%s%s",
						 used ? " " : "", word);
		free(word);
	}
	return text;
}

static void add_policy_file(char *text, size_t size, const char *word)
{
	const char *name = strrchr(word, '/') ? strrchr(word, '/') + 1 : word;
	size_t used = strlen(text);

	if (used + strlen(name) + 2 < size)
		snprintf(text + used, size - used, "%s%s", used ? "," : "", name);
}

static char *policy_of(const json_t *start)
{
	static const char option[] = "--policy=";
	size_t count = json_array_size(json_object_get(start, "argv"));
	char *text = calloc(1, SCRIPT_MAX);

	for (size_t i = 1; text && i < count; i++) {
		char *word = read_list_bytes(start, "argv", i);

		if (word && !strncmp(word, option, sizeof(option) - 1))
			add_policy_file(text, SCRIPT_MAX, word + sizeof(option) - 1);
		free(word);
	}
	if (text && !text[0])
		snprintf(text, SCRIPT_MAX, "%s",
			 json_is_true(json_object_get(start, "allow_all")) ? "allow-all"
									   : "default");
	return text;
}

int facts_set_start(struct facts *facts, const json_t *start)
{
	int r = replace(&facts->script, script_of(start));

	if (r == 0)
		r = replace(&facts->cwd, read_bytes(start, "cwd"));
	if (r == 0)
		r = replace(&facts->interpreter, read_bytes(start, "interpreter"));
	if (r == 0)
		r = replace(&facts->time, read_bytes(start, "time"));
	if (r == 0)
		r = replace(&facts->policy, policy_of(start));
	json_decref(facts->start);
	facts->start = json_deep_copy(start);
	return facts->start ? r : -ENOMEM;
}

static double wall_of(const json_t *result)
{
	double wall_s = json_number_value(json_object_get(result, "wall_s"));

	return wall_s > 0 ? wall_s < WALL_MAX_S ? wall_s : WALL_MAX_S : 0;
}

int facts_set_result(struct facts *facts, const json_t *result)
{
	const char *limit = json_string_value(json_object_get(result, "limit"));
	const char *failure = json_string_value(json_object_get(result, "failure"));
	const json_t *signal = json_object_get(result, "signal");
	const json_t *rule = json_object_get(result, "rule");
	const json_t *status = json_object_get(result, "status");

	if (failure)
		snprintf(facts->ended, sizeof(facts->ended), "pyjail failed");
	else if (limit)
		snprintf(facts->ended, sizeof(facts->ended), "limit %s", limit);
	else if (json_is_string(rule))
		snprintf(facts->ended, sizeof(facts->ended), "killed by a rule");
	else if (json_is_integer(signal))
		snprintf(facts->ended, sizeof(facts->ended), "signal %lld",
			 (long long)json_integer_value(signal));
	else if (json_is_integer(status))
		snprintf(facts->ended, sizeof(facts->ended), "exit %lld",
			 (long long)json_integer_value(status));
	else
		snprintf(facts->ended, sizeof(facts->ended), "no status told");
	facts->wall_s = wall_of(result);
	read_changes(result, facts->changes, sizeof(facts->changes));
	json_decref(facts->result);
	facts->result = json_deep_copy(result);
	return facts->result ? 0 : -ENOMEM;
}

static uint64_t sum_of(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

void facts_add_lost(struct facts *facts, uint64_t lost)
{
	facts->lost = sum_of(facts->lost, lost);
}

uint64_t facts_missing(const struct facts *facts)
{
	return sum_of(facts->lost, facts->bad);
}

/* What follows `folder` in a path below it; NULL: it is not below. */
static const char *below(const char *folder, const char *path)
{
	size_t length = strlen(folder);

	return length > 1 && !strncmp(path, folder, length) && path[length] == '/' &&
	       path[length + 1] ? path + length + 1 : NULL;
}

void facts_path(const struct facts *facts, const char *path, char *out, size_t size)
{
	const char *home = getenv("HOME"), *rest = below(facts->cwd, path);

	/* A folder may be called ~: that is not the home folder. */
	if (rest)
		snprintf(out, size, "%s%s", rest[0] == '~' ? "./" : "", rest);
	else if (home && (rest = below(home, path)))
		snprintf(out, size, "~/%s", rest);
	else
		snprintf(out, size, "%s", path);
}

char *facts_rule(const struct facts *facts, size_t i)
{
	return read_list_bytes(facts->start, "policy", i);
}
