/* SPDX-License-Identifier: Apache-2.0 */
/* option_table.c: see option_table.h. */
#include "tracer/option_table.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "tracer/corpus/replay.h"
#include "tracer/private.h"

static option_fn on_rule, on_net, on_ask_env, on_policy, on_all, on_string, on_size, on_time,
	on_count, on_fd, on_level, on_color, on_stack, on_watch, on_number, on_status, on_true,
	on_wall, on_no_landlock, on_filter, on_format, on_ui_exit, on_tmp,
	on_scratch;

#define ANY (USE_RUN | USE_WHY | USE_POLICY)
#define FIELD(member) .offset = offsetof(struct options, member)
#define RULES .section = SECTION_RULES, .uses = ANY
#define LIMIT .section = SECTION_LIMITS, .uses = ANY, .form = FORM_VALUE
#define OUTPUT .section = SECTION_OUTPUT, .uses = USE_RUN
#define CORPUS .section = SECTION_OTHER, .uses = USE_CORPUS
#define OTHER .section = SECTION_OTHER, .uses = ANY
#define REPORT .section = SECTION_OTHER, .uses = USE_REPORT
#define ALLOW(c) .handle = on_rule, .form = FORM_MAYBE, .verdict = VERDICT_ALLOW, .number = (c)
#define ASK(c) .handle = on_rule, .form = FORM_MAYBE, .verdict = VERDICT_ASK, .number = (c)
#define FAKE(c) .handle = on_rule, .verdict = VERDICT_FAKE, .number = (c)
#define DENY(c) .handle = on_rule, .form = FORM_MAYBE, .verdict = VERDICT_DENY, .number = (c)

const struct option_row option_rows[] = {
	{ "allow-read", "PATH,..", "read files and folders", RULES, ALLOW(CLASS_READ) },
	{ "allow-write", "PATH,..", "create and change, and delete there", RULES,
	  ALLOW(CLASS_WRITE) },
	{ "allow-delete", "PATH,..", "delete, rename away", RULES, ALLOW(CLASS_DELETE) },
	{ "allow-exec", "PROGRAM,..", "run other programs", RULES, ALLOW(CLASS_EXEC) },
	{ "allow-net", NULL, "IPv4 and IPv6, every host", RULES, .handle = on_net,
	  .form = FORM_MAYBE, .verdict = VERDICT_ALLOW, .number = CLASS_NET },
	{ "allow-env", "NAME,..", "pass environment variables", RULES, ALLOW(CLASS_ENV) },
	{ "allow-all", NULL, "-A: refuse nothing, still record everything", RULES,
	  .handle = on_all },
	{ "ask", NULL, "with --tui, ask for what would be refused", RULES, .handle = on_true,
	  FIELD(asks) },
	{ "ask-read", "PATH,..", NULL, RULES, ASK(CLASS_READ) },
	{ "ask-write", "PATH,..", NULL, RULES, ASK(CLASS_WRITE) },
	{ "ask-delete", "PATH,..", NULL, RULES, ASK(CLASS_DELETE) },
	{ "ask-exec", "PROGRAM,..", NULL, RULES, ASK(CLASS_EXEC) },
	{ "ask-net", NULL, NULL, RULES, .handle = on_net, .form = FORM_MAYBE,
	  .verdict = VERDICT_ASK, .number = CLASS_NET },
	{ "ask-env", "NAME,..", NULL, RULES, .handle = on_ask_env, .form = FORM_MAYBE },
	{ "deny-read", "PATH,..", NULL, RULES, DENY(CLASS_READ) },
	{ "deny-write", "PATH,..", NULL, RULES, DENY(CLASS_WRITE) },
	{ "deny-delete", "PATH,..", NULL, RULES, DENY(CLASS_DELETE) },
	{ "deny-exec", "PROGRAM,..", NULL, RULES, DENY(CLASS_EXEC) },
	{ "deny-net", NULL, NULL, RULES, .handle = on_net, .form = FORM_MAYBE,
	  .verdict = VERDICT_DENY, .number = CLASS_NET },
	{ "deny-env", "NAME,..", NULL, RULES, DENY(CLASS_ENV) },
	{ "fake-write", "PATH,..", NULL, RULES, .form = FORM_MAYBE, FAKE(CLASS_WRITE) },
	{ "fake-delete", "PATH,..", NULL, RULES, .form = FORM_MAYBE, FAKE(CLASS_DELETE) },
	{ "fake-exec", "PROGRAM,..", NULL, RULES, .form = FORM_MAYBE, FAKE(CLASS_EXEC) },
	{ "fake-status", "N", NULL, RULES, .form = FORM_VALUE, .handle = on_status,
	  FIELD(fake_status) },
	{ "hide", "PATH,..", "not there for the script", RULES, .form = FORM_VALUE,
	  .handle = on_rule, .verdict = VERDICT_HIDE, .number = CLASS_STAT },
	{ "scratch", "DIR", "write to a private layer; --tmp[=SIZE]: a /tmp of its own", RULES,
	  .form = FORM_MAYBE, .handle = on_scratch, FIELD(scratch) },
	{ "tmp", "SIZE", NULL, RULES, .form = FORM_MAYBE,
	  .handle = on_tmp, FIELD(limits.tmp_bytes) },
	{ "read-only-view", "PATH=FILE,..", NULL, RULES, .form = FORM_VALUE,
	  .handle = on_rule, .verdict = VERDICT_VIEW, .number = CLASS_STAT },
	{ "policy", "FILE", "more rules, one a line:  allow write ~/out/**", RULES,
	  .form = FORM_VALUE, .handle = on_policy },

	{ "python", "PROGRAM", "default: python3 on PATH", .section = SECTION_RUN,
	  .uses = ANY | USE_CORPUS | USE_DOCTOR,
	  .form = FORM_VALUE, .handle = on_string, FIELD(python) },
	{ "script", "FILE", NULL, .section = SECTION_RUN, .uses = USE_WHY | USE_POLICY,
	  .form = FORM_VALUE, .handle = on_string, FIELD(script) },

	{ "time", "TIME", "wall clock: 90, 1.5, 250ms, 2m, 1h", LIMIT, .handle = on_time,
	  FIELD(limits.time_ms) },
	{ "cpu", "TIME", "processor time of all processes", LIMIT, .handle = on_time,
	  FIELD(limits.cpu_ms) },
	{ "memory", "SIZE", "resident memory of all processes: 64M, 2G", LIMIT,
	  .handle = on_size, FIELD(limits.memory_bytes) },
	{ "procs", "N", "processes and threads at once (256)", LIMIT, .handle = on_count,
	  FIELD(limits.procs) },
	{ "files", "N", "open files of one process; --fsize=SIZE: largest file", LIMIT,
	  .handle = on_count, FIELD(limits.files) },
	{ "fsize", "SIZE", NULL, LIMIT, .handle = on_size,
	  FIELD(limits.fsize_bytes) },
	{ "output", "SIZE", "bytes on stdout and stderr together", LIMIT, .handle = on_size,
	  FIELD(limits.output_bytes) },

	{ "record", "FILE", "every event as JSON lines", OUTPUT, .form = FORM_VALUE,
	  .handle = on_string, FIELD(record) },
	{ "result", "FILE", "one JSON object at the end; --result-fd=N: there", OUTPUT,
	  .form = FORM_VALUE, .handle = on_string, FIELD(result) },
	{ "result-fd", "N", NULL, OUTPUT, .form = FORM_VALUE,
	  .handle = on_fd, FIELD(result_fd) },
	{ "quiet", NULL, "do not say what was refused", OUTPUT, .handle = on_level,
	  .number = HUMAN_QUIET },
	{ "verbose", NULL, "say what was allowed, too", OUTPUT, .handle = on_level,
	  .number = HUMAN_VERBOSE },
	{ "stack", "DETAIL", "where calls come from: off, line, python, native",
	  .section = SECTION_OUTPUT, .uses = ANY, .form = FORM_VALUE, .handle = on_stack },
	{ "watch", "WHAT", "see more calls: policy (no more), files, all",
	  .section = SECTION_OUTPUT, .uses = ANY, .form = FORM_VALUE, .handle = on_watch },
	{ "color", "WHEN", NULL, .section = SECTION_OUTPUT,
	  .uses = USE_RUN | USE_REPORT, .form = FORM_VALUE, .handle = on_color },

	{ "tui", NULL, "a live screen, which also asks", OUTPUT, .handle = on_true,
	  FIELD(wants_tui) },
	{ "ascii", NULL, NULL, .section = SECTION_OUTPUT, .uses = USE_RUN | USE_REPORT,
	  .handle = on_true, FIELD(is_ascii) },
	{ "no-bell", NULL, NULL, OUTPUT, .handle = on_true, FIELD(has_no_bell) },
	{ "on-ui-exit", "keep|kill", NULL, OUTPUT, .form = FORM_VALUE, .handle = on_ui_exit },

	{ "filter", "EXPR", NULL, REPORT, .form = FORM_MAYBE, .handle = on_filter },
	{ "format", "FORM", NULL, REPORT, .form = FORM_VALUE, .handle = on_format },
	{ "follow", NULL, NULL, REPORT, .handle = on_true, FIELD(follows) },

	{ "jobs", "N", NULL, CORPUS, .form = FORM_VALUE, .handle = on_count,
	  FIELD(corpus.jobs) },
	{ "json", NULL, NULL, CORPUS, .handle = on_true, FIELD(corpus.prints_json) },
	{ "wall", "both,1,2", NULL, CORPUS, .form = FORM_VALUE, .handle = on_wall,
	  FIELD(corpus.walls) },
	{ "compare", NULL, NULL, CORPUS, .handle = on_true, FIELD(corpus.compares) },
	{ "markdown", NULL, NULL, CORPUS, .handle = on_true, FIELD(corpus.prints_markdown) },
	{ "restrictedpython", "DIR", NULL, CORPUS, .form = FORM_VALUE, .handle = on_string,
	  FIELD(corpus.restricted) },

	{ "no-landlock", NULL, NULL, .section = SECTION_OTHER, .uses = ANY | USE_CORPUS,
	  .handle = on_no_landlock },
	{ "landlock-abi", "N", NULL, OTHER, .form = FORM_VALUE, .handle = on_number,
	  FIELD(landlock_abi) },
	{ "bpf", NULL, NULL, .section = SECTION_OTHER, .uses = USE_POLICY, .handle = on_true,
	  FIELD(prints_bpf) },
	{ "help", NULL, "-h: this page; --version; more in  man pyjail", .section = SECTION_OTHER,
	  .uses = ANY | USE_CORPUS | USE_REPORT | USE_DIFF | USE_APPLY | USE_DISCARD,
	  .handle = on_true,
	  .number = OPTION_STOP, FIELD(wants_help) },
	{ "version", NULL, NULL, OTHER, .handle = on_true, .number = OPTION_STOP,
	  FIELD(wants_version) },
};

const size_t option_row_count = ARRAY_SIZE(option_rows);

static int wrong_value(struct fault *fault, const struct option_row *row, const char *value,
		       const char *cure)
{
	fault_set(fault, "--%s=%s: not a value that this option takes", row->name, value);
	snprintf(fault->cure, sizeof(fault->cure), "%s", cure);
	return -EINVAL;
}

static void *field(struct options *options, const struct option_row *row)
{
	return (char *)options + row->offset;
}

static int on_rule(struct options *options, const struct option_row *row, const char *value,
		   struct fault *ret_fault)
{
	(void)ret_fault;
	options->rules[options->rule_count++] = (struct policy_option){
		.verdict = row->verdict, .class = (enum call_class)row->number, .value = value,
	};
	return 0;
}

static int on_net(struct options *options, const struct option_row *row, const char *value,
		  struct fault *ret_fault)
{
	if (value)
		return wrong_value(ret_fault, row, value,
				   "the network is all or nothing so far: write it without =");
	return on_rule(options, row, value, ret_fault);
}

static int on_ask_env(struct options *options, const struct option_row *row, const char *value,
		      struct fault *ret_fault)
{
	(void)options;
	(void)row;
	(void)value;
	fault_set(ret_fault, "--ask-env: variables are set before the script starts: nothing can "
			     "be asked then");
	snprintf(ret_fault->cure, sizeof(ret_fault->cure),
		 "write --allow-env=NAME or --deny-env=NAME");
	return -EINVAL;
}

static int on_policy(struct options *options, const struct option_row *row, const char *value,
		     struct fault *ret_fault)
{
	(void)row;
	(void)ret_fault;
	options->rules[options->rule_count++] = (struct policy_option){
		.is_file = true, .value = value,
	};
	return 0;
}

static int on_all(struct options *options, const struct option_row *row, const char *value,
		  struct fault *ret_fault)
{
	(void)row;
	(void)value;
	(void)ret_fault;
	options->allows_all = true;
	return 0;
}

static int on_string(struct options *options, const struct option_row *row, const char *value,
		     struct fault *ret_fault)
{
	(void)ret_fault;
	*(const char **)field(options, row) = value;
	return 0;
}

/* Limits are never 0: in struct run_limits that means "none", the opposite of what was asked. */
static int set_limit(struct options *options, const struct option_row *row, const char *value,
		     int error, uint64_t amount, const char *cure, struct fault *ret_fault)
{
	if (error < 0 || amount == 0)
		return wrong_value(ret_fault, row, value, cure);
	*(uint64_t *)field(options, row) = amount;
	return 0;
}

static int on_size(struct options *options, const struct option_row *row, const char *value,
		   struct fault *ret_fault)
{
	uint64_t bytes = 0;
	int error = num_parse_size(value, &bytes);

	return set_limit(options, row, value, error, bytes,
			 "write a size above 0: 4096, 512K, 64M, 2G", ret_fault);
}

static int on_scratch(struct options *options, const struct option_row *row, const char *value,
		      struct fault *ret_fault)
{
	options->wants_scratch = true;
	if (value && !value[0])
		return wrong_value(ret_fault, row, value, "name a folder, or leave out the =");
	return on_string(options, row, value, ret_fault);
}

static int on_tmp(struct options *options, const struct option_row *row, const char *value,
		  struct fault *ret_fault)
{
	options->wants_tmp = true;
	if (value)
		return on_size(options, row, value, ret_fault);
	options->limits.tmp_bytes = PRIVATE_SIZE_DEFAULT;
	return 0;
}

static int on_time(struct options *options, const struct option_row *row, const char *value,
		   struct fault *ret_fault)
{
	uint64_t ms = 0;
	int error = num_parse_time(value, &ms);

	return set_limit(options, row, value, error, ms,
			 "write a time above 0: 90 (seconds), 1.5, 250ms, 2m, 1h", ret_fault);
}

static int on_count(struct options *options, const struct option_row *row, const char *value,
		    struct fault *ret_fault)
{
	uint64_t count = 0;
	int error = num_parse(value, INT32_MAX, &count);

	return set_limit(options, row, value, error, count, "write a whole number above 0",
			 ret_fault);
}

static int on_fd(struct options *options, const struct option_row *row, const char *value,
		 struct fault *ret_fault)
{
	uint64_t fd = 0;

	if (num_parse(value, INT32_MAX, &fd) < 0)
		return wrong_value(ret_fault, row, value,
				   "write the number of an open descriptor");
	/* What the script can write to could say anything about the script. */
	if (fd <= 2)
		return wrong_value(ret_fault, row, value,
				   "0, 1 and 2 belong to the script: use 3 or more, as in"
				   "  --result-fd=3 3>FILE");
	*(int *)field(options, row) = (int)fd;
	return 0;
}

static int on_level(struct options *options, const struct option_row *row, const char *value,
		    struct fault *ret_fault)
{
	(void)value;
	(void)ret_fault;
	options->level = row->number;
	return 0;
}

static int on_color(struct options *options, const struct option_row *row, const char *value,
		    struct fault *ret_fault)
{
	static const char *const names[] = { "auto", "always", "never" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(value, names[i])) {
			options->color = (int)i;
			return 0;
		}
	}
	return wrong_value(ret_fault, row, value, "write auto, always or never");
}

static int on_ui_exit(struct options *options, const struct option_row *row, const char *value,
		      struct fault *ret_fault)
{
	options->kills_on_ui_exit = !strcmp(value, "kill");
	if (!options->kills_on_ui_exit && strcmp(value, "keep") != 0)
		return wrong_value(ret_fault, row, value, "write keep or kill");
	return 0;
}

/* Without a value every event is meant. */
static int on_filter(struct options *options, const struct option_row *row, const char *value,
		     struct fault *ret_fault)
{
	(void)row;
	(void)ret_fault;
	options->filter = value ? value : "";
	return 0;
}

static int on_format(struct options *options, const struct option_row *row, const char *value,
		     struct fault *ret_fault)
{
	options->wants_json = !strcmp(value, "json");
	options->wants_text = !strcmp(value, "text");
	if (!options->wants_json && !options->wants_text)
		return wrong_value(ret_fault, row, value, "write text or json");
	return 0;
}

static int on_stack(struct options *options, const struct option_row *row, const char *value,
		    struct fault *ret_fault)
{
	options->stack = stack_detail_parse(value, strlen(value));
	if (options->stack == STACK_UNSAID)
		return wrong_value(ret_fault, row, value, "write off, line, python or native");
	return 0;
}

static int on_watch(struct options *options, const struct option_row *row, const char *value,
		    struct fault *ret_fault)
{
	options->watch = watch_parse(value);
	if (options->watch == WATCH_UNSAID)
		return wrong_value(ret_fault, row, value, "write policy, files or all");
	return 0;
}

/* The same as --landlock-abi=0; of a corpus: that wall 1 stands alone. */
static int on_no_landlock(struct options *options, const struct option_row *row,
			  const char *value, struct fault *ret_fault)
{
	(void)row;
	(void)value;
	(void)ret_fault;
	options->landlock_abi = 0;
	options->corpus.walls |= 1u << RUN_WALL1;
	return 0;
}

/* --wall=both,1,2: adds up. */
static int on_wall(struct options *options, const struct option_row *row, const char *value,
		   struct fault *ret_fault)
{
	for (const char *at = value; *at; at += *at == ',') {
		size_t length = strcspn(at, ",");
		int run = replay_find_run(at, length);

		if (run < 0)
			return wrong_value(ret_fault, row, value, "write both, 1 or 2, or more of"
					   " them with commas");
		options->corpus.walls |= 1u << run;
		at += length;
	}
	return 0;
}

static int on_status(struct options *options, const struct option_row *row, const char *value,
		     struct fault *ret_fault)
{
	uint64_t status = 0;

	if (num_parse(value, 255, &status) < 0)
		return wrong_value(ret_fault, row, value, "write an exit status, 0 to 255");
	*(int *)field(options, row) = (int)status;
	return 0;
}

static int on_number(struct options *options, const struct option_row *row, const char *value,
		     struct fault *ret_fault)
{
	uint64_t number = 0;

	if (value && num_parse(value, 99, &number) < 0)
		return wrong_value(ret_fault, row, value, "write a whole number");
	*(int *)field(options, row) = (int)number;
	return 0;
}

static int on_true(struct options *options, const struct option_row *row, const char *value,
		   struct fault *ret_fault)
{
	(void)value;
	(void)ret_fault;
	*(bool *)field(options, row) = true;
	return row->number;
}

const struct option_row *option_find(const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
		const struct option_row *row = &option_rows[i];

		if (strlen(row->name) == length && !memcmp(row->name, name, length))
			return row;
	}
	return NULL;
}

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

#define NAME_MAX_LENGTH 32

/* Levenshtein's distance; words that are longer than any option are far from all of them. */
static size_t distance(const char *a, size_t a_length, const char *b)
{
	size_t row[NAME_MAX_LENGTH + 1];
	size_t b_length = strlen(b);

	if (a_length > NAME_MAX_LENGTH || b_length > NAME_MAX_LENGTH)
		return SIZE_MAX;
	for (size_t j = 0; j <= b_length; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			size_t above = row[j];

			row[j] = min3(above + 1, row[j - 1] + 1,
				      diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[b_length];
}

const struct option_row *option_nearest(const char *name, size_t length, unsigned uses)
{
	const struct option_row *best = NULL;
	size_t best_distance = 1 + length / 3;

	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
		const struct option_row *row = &option_rows[i];
		size_t far = distance(name, length, row->name);

		if ((row->uses & uses) && far < best_distance) {
			best = row;
			best_distance = far;
		}
	}
	return best;
}
