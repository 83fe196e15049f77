/* SPDX-License-Identifier: Apache-2.0 */
/* options.c: see options.h. */
#include "tracer/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/option_table.h"
#include "tracer/private.h"

/* Python's single-letter options.  With `last`, what follows belongs to the script. */
static const struct flag_row {
	const char *word;
	char letter;
	bool has_argument;
	enum script_kind last;   /* SCRIPT_REPL: not the last one */
} flag_rows[] = {
	{ "-b", 'b', false, 0 }, { "-B", 'B', false, 0 }, { "-d", 'd', false, 0 },
	{ "-E", 'E', false, 0 }, { "-i", 'i', false, 0 }, { "-I", 'I', false, 0 },
	{ "-O", 'O', false, 0 }, { "-P", 'P', false, 0 }, { "-q", 'q', false, 0 },
	{ "-s", 's', false, 0 }, { "-S", 'S', false, 0 }, { "-u", 'u', false, 0 },
	{ "-v", 'v', false, 0 }, { "-x", 'x', false, 0 }, { "-R", 'R', false, 0 },
	{ "-W", 'W', true, 0 },  { "-X", 'X', true, 0 },
	{ "-c", 'c', true, SCRIPT_CODE }, { "-m", 'm', true, SCRIPT_MODULE },
};

#define WHY_WORDS_MAX 4

#define HASH_PYCS "--check-hash-based-pycs"

/* Words that people bring along from Deno. */
static const struct { const char *theirs, *ours; } deno_words[] = {
	{ "allow-run", "--allow-exec" },
	{ "deny-run", "--deny-exec" },
	{ "allow-ffi", "--allow-read (a library that can be read can be loaded)" },
	{ "allow-import", "--allow-net" },
};

/* "WHAT PROBLEM", and what to do about it. */
static int wrong(struct fault *fault, const char *what, const char *problem, const char *cure)
{
	fault_set(fault, "%s%s", what, problem);
	snprintf(fault->cure, sizeof(fault->cure), "%s", cure);
	return -EINVAL;
}

static int unknown(const char *word, const char *name, size_t length, unsigned use,
		   struct fault *ret_fault)
{
	const struct option_row *near = option_nearest(name, length, use);

	fault_set(ret_fault, "%s: unknown option", word);
	for (size_t i = 0; i < ARRAY_SIZE(deno_words); i++) {
		if (strlen(deno_words[i].theirs) == length &&
		    !memcmp(deno_words[i].theirs, name, length)) {
			snprintf(ret_fault->cure, sizeof(ret_fault->cure), "here it is %s",
				 deno_words[i].ours);
			return -EINVAL;
		}
	}
	if (near)
		snprintf(ret_fault->cure, sizeof(ret_fault->cure), "did you mean --%s?",
			 near->name);
	else
		snprintf(ret_fault->cure, sizeof(ret_fault->cure),
			 "pyjail --help lists the options; those of the script come after it");
	return -EINVAL;
}

/* The walk over the words. */
struct parser {
	struct options *options;
	struct fault *fault;
	char *const *argv;
	int argc;
	int at;                /* the next word */
	enum options_use use;
	bool is_over;          /* the script was seen: the rest is its own */
};

static int parse_value(struct parser *parser, const struct option_row *row, const char *word,
		       const char **value)
{
	if (row->form == FORM_BARE && *value)
		return wrong(parser->fault, word, ": this option takes no value",
			     "write it without =");
	if (*value && !**value)
		return wrong(parser->fault, word, " names nothing",
			     "put a value after =, or leave the option out");
	if (row->form != FORM_VALUE || *value)
		return 0;
	if (parser->at >= parser->argc || parser->argv[parser->at][0] == '-') {
		fault_set(parser->fault, "--%s needs a value", row->name);
		snprintf(parser->fault->cure, sizeof(parser->fault->cure), "--%s=%s", row->name,
			 row->argument);
		return -EINVAL;
	}
	*value = parser->argv[parser->at++];
	return 0;
}

static int parse_hash_pycs(struct parser *parser, const char *value)
{
	struct options *options = parser->options;

	if (!value && parser->at < parser->argc)
		value = parser->argv[parser->at++];
	if (!value)
		return wrong(parser->fault, HASH_PYCS, " needs a value",
			     "always, default or never");
	options->flags[options->flag_count++] = HASH_PYCS;
	options->flags[options->flag_count++] = value;
	return 0;
}

/* It exists, but another command line has it. */
static int misplaced(const char *word, const struct option_row *row, struct fault *fault)
{
	return wrong(fault, word, ": not an option here",
		     row->uses == USE_REPORT ? "it belongs to  pyjail report"
		     : row->uses == USE_CORPUS ? "it belongs to  pyjail corpus"
		     : row->uses & USE_RUN ? "it belongs to a run:  pyjail [OPTIONS] SCRIPT"
		     : row->uses & USE_WHY ? "it belongs to  pyjail why  and  pyjail policy"
					   : "it belongs to  pyjail policy");
}

static int parse_long(struct parser *parser, const char *word)
{
	const char *name = word + 2;
	size_t length = strcspn(name, "=");
	const char *value = name[length] ? name + length + 1 : NULL;
	const struct option_row *row = option_find(name, length);
	int error;

	if (parser->use == USE_RUN && length == strlen(HASH_PYCS) - 2 &&
	    !memcmp(word, HASH_PYCS, length + 2))
		return parse_hash_pycs(parser, value);
	if (row && !(row->uses & parser->use))
		return misplaced(word, row, parser->fault);
	if (!row)
		return unknown(word, name, length, parser->use, parser->fault);
	error = parse_value(parser, row, word, &value);
	if (error < 0)
		return error;
	if (row->form == FORM_MAYBE && !value)
		parser->options->bare_before = row->name;
	return row->handle(parser->options, row, value, parser->fault);
}

static const struct flag_row *flag_find(char letter)
{
	for (size_t i = 0; i < ARRAY_SIZE(flag_rows); i++) {
		if (flag_rows[i].letter == letter)
			return &flag_rows[i];
	}
	return NULL;
}

static void take_rest(struct parser *parser)
{
	parser->options->args = parser->argv + parser->at;
	parser->options->arg_count = (size_t)(parser->argc - parser->at);
	parser->is_over = true;
}

/* -W arg, -Warg, -c code: the rest of the word, or the next one. */
static int parse_flag_value(struct parser *parser, const struct flag_row *flag, const char *rest)
{
	struct options *options = parser->options;

	if (!*rest) {
		if (parser->at >= parser->argc)
			return wrong(parser->fault, flag->word, " needs an argument",
				     "give it as Python takes it:  -c CODE  -m MODULE  -W WHAT");
		rest = parser->argv[parser->at++];
	}
	if (flag->last == SCRIPT_REPL) {
		options->flags[options->flag_count++] = flag->word;
		options->flags[options->flag_count++] = rest;
		return 0;
	}
	options->kind = flag->last;
	options->script = rest;
	take_rest(parser);
	return 0;
}

static int parse_letter(struct parser *parser, const char *word, const char *letter)
{
	struct options *options = parser->options;
	const struct flag_row *flag = flag_find(*letter);

	if (*letter == 'A') {
		options->allows_all = true;
		return 0;
	}
	if (*letter == 'h') {
		options->wants_help = true;
		return OPTION_STOP;
	}
	if (!flag || parser->use != USE_RUN)
		return wrong(parser->fault, word, ": unknown option",
			     "short options are Python's own, and -A and -h; pyjail --help");
	if (flag->has_argument)
		return parse_flag_value(parser, flag, letter + 1);
	options->flags[options->flag_count++] = flag->word;
	return 0;
}

static int parse_letters(struct parser *parser, const char *word)
{
	for (const char *letter = word + 1; *letter; letter++) {
		const struct flag_row *flag = flag_find(*letter);
		int result = parse_letter(parser, word, letter);

		if (result != 0)
			return result;
		if (flag && flag->has_argument)
			break;
	}
	return 0;
}

static int parse_word(struct parser *parser, const char *word)
{
	struct options *options = parser->options;
	if (parser->use == USE_RUN) {
		options->kind = strcmp(word, "-") ? SCRIPT_FILE : SCRIPT_STDIN;
		options->script = word;
		take_rest(parser);
		return 0;
	}
	bool takes_many = parser->use & (USE_CORPUS | USE_APPLY);

	if (options->word_count == (takes_many ? OPTIONS_WORDS_MAX : WHY_WORDS_MAX))
		return wrong(parser->fault, word, ": one word too many", "pyjail --help");
	options->words[options->word_count++] = word;
	return 0;
}

static int parse_next(struct parser *parser, bool *only_words)
{
	const char *word = parser->argv[parser->at++];
	const char *bare = parser->options->bare_before;

	parser->options->bare_before = NULL;
	if (*only_words || word[0] != '-' || !word[1]) {
		parser->options->bare_before = bare;
		return parse_word(parser, word);
	}
	if (!strcmp(word, "--")) {
		*only_words = true;
		return 0;
	}
	return word[1] == '-' ? parse_long(parser, word) : parse_letters(parser, word);
}

/* One cluster such as -bBdE gives as many flags as it has letters. */
static int reserve(struct options *options, int argc, char *const *argv)
{
	size_t letters = 2;

	for (int i = 0; i < argc; i++)
		letters += argv[i][0] == '-' ? strlen(argv[i]) + 2 : 1;
	options->flags = calloc(letters, sizeof(*options->flags));
	options->rules = calloc((size_t)argc + 1, sizeof(*options->rules));
	return options->flags && options->rules ? 0 : -ENOMEM;
}

int options_parse(int argc, char *const *argv, enum options_use use, struct options *ret_options,
		  struct fault *ret_fault)
{
	struct options options = {
		.python = "python3", .result_fd = -1, .level = HUMAN_NORMAL, .landlock_abi = -1,
	};
	struct parser parser = {
		.options = &options, .fault = ret_fault, .argv = argv, .argc = argc, .use = use,
	};
	bool only_words = false;
	int result = reserve(&options, argc, argv);

	memset(ret_fault, 0, sizeof(*ret_fault));
	if (result < 0)
		wrong(ret_fault, "out of memory", "", "");
	while (result == 0 && !parser.is_over && parser.at < argc)
		result = parse_next(&parser, &only_words);
	if (result < 0) {
		options_free(&options);
		return result;
	}
	if (!options.limits.procs && !options.allows_all)
		options.limits.procs = RUN_PROCS_DEFAULT;
	/* Who looks wants to see files looked at, too. */
	if (options.wants_tui && options.watch == WATCH_UNSAID)
		options.watch = WATCH_FILES;
	*ret_options = options;
	return 0;
}

void options_free(struct options *options)
{
	free(options->flags);
	free(options->rules);
	options->flags = NULL;
	options->rules = NULL;
}

static int add_rule(struct policy *policy, const struct policy_vars *vars,
		    const struct policy_option *rule, struct fault *ret_fault)
{
	if (rule->is_file)
		return policy_add_file(policy, vars, rule->value, ret_fault);
	return policy_add_option(policy, vars, rule->verdict, rule->class, rule->value,
				 ret_fault);
}

static int add_tmp(struct policy *policy)
{
	int error = 0;

	for (size_t i = 0; i < PRIVATE_FOLDERS && error == 0; i++)
		error = policy_scratch(policy, private_folders[i], "--tmp");
	return error;
}

/*
 * Everywhere, as weakly as a rule can say it, unless a policy file says where.  A write below /proc
 * or /sys is a command, and one to a device is for the device: neither can be put off.  What the
 * default policy says of devices does not count under --allow-all.
 */
static int add_scratch(struct policy *policy)
{
	static const char *const never[] = { "/proc", "/sys", "/dev" };
	int error = policy->scratches ? 0 : policy_scratch(policy, "/", "--scratch");

	for (size_t i = 0; i < ARRAY_SIZE(never) && error == 0; i++)
		error = policy_protect(policy, never[i], "--scratch");
	if (error == 0 && policy->allows_all)
		error = policy_use_devices(policy, "--scratch");
	return error ? error : policy_scratch(policy, "/dev/shm", "--scratch");
}

static int add_layer(const struct options *options, struct policy *policy)
{
	int error = 0;

	policy->tells_changes = options->wants_scratch || policy->scratches;
	if (options->wants_scratch)
		error = add_scratch(policy);
	return error == 0 && options->wants_tmp ? add_tmp(policy) : error;
}

int options_policy(const struct options *options, const struct policy_vars *vars,
		   struct policy **ret_policy, struct fault *ret_fault)
{
	struct policy *policy = policy_new();
	int error;

	memset(ret_fault, 0, sizeof(*ret_fault));
	if (!policy) {
		fault_set(ret_fault, "out of memory");
		return -ENOMEM;
	}
	policy->allows_all = options->allows_all;
	policy->asks = options->asks;
	policy->fake_status = options->fake_status;
	error = policy_add_default(policy, vars, ret_fault);
	for (size_t i = 0; error == 0 && i < options->rule_count; i++)
		error = add_rule(policy, vars, &options->rules[i], ret_fault);
	if (error == 0)
		error = add_layer(options, policy);
	if (error < 0) {
		policy_free(policy);
		return error;
	}
	*ret_policy = policy;
	return 0;
}

char **options_python_argv(const struct options *options, const char *program,
			   const char *script)
{
	const char **argv = calloc(options->flag_count + options->arg_count + 4, sizeof(*argv));
	size_t count = 0;

	if (!argv)
		return NULL;
	argv[count++] = program;
	for (size_t i = 0; i < options->flag_count; i++)
		argv[count++] = options->flags[i];
	if (options->kind == SCRIPT_CODE || options->kind == SCRIPT_MODULE)
		argv[count++] = options->kind == SCRIPT_CODE ? "-c" : "-m";
	if (options->kind == SCRIPT_FILE)
		argv[count++] = script;
	else if (options->kind != SCRIPT_REPL)
		argv[count++] = options->script;
	for (size_t i = 0; i < options->arg_count; i++)
		argv[count++] = options->args[i];
	return (char **)argv;
}
