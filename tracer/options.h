/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.h: the command line as data.
 *
 * One table of options serves the run and the subcommands; what may stand where is a mask of the
 * row.  Nothing is abbreviated and nothing is guessed: an option that widens the jail by a typing
 * mistake would be worse than an error.  Strings are borrowed from argv, which must outlive it.
 *
 * Rules are collected in order and become a policy only when the script's folder and the
 * interpreter are known (options_policy).
 */
#ifndef TRACER_OPTIONS_H
#define TRACER_OPTIONS_H

#include "filters/policy.h"
#include "tracer/events/human.h"
#include "tracer/run.h"

/* Which command line it is; a mask, since rows of the table say where they are valid. */
enum options_use {
	USE_RUN = 1,
	USE_WHY = 2,
	USE_POLICY = 4,
	USE_CORPUS = 8,
	USE_DOCTOR = 16,
	USE_REPORT = 32,
	USE_DIFF = 64,
	USE_APPLY = 128,
	USE_DISCARD = 256
};

enum script_kind {
	SCRIPT_REPL,      /* nothing: Python reads its standard input */
	SCRIPT_STDIN,     /* - */
	SCRIPT_CODE,      /* -c CODE */
	SCRIPT_MODULE,    /* -m MODULE */
	SCRIPT_FILE
};

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

#define OPTIONS_WORDS_MAX 64

/* One --allow-X, --ask-X, --deny-X or --policy, not looked at yet. */
struct policy_option {
	bool is_file;              /* value is a policy file */
	enum verdict_kind verdict;
	enum call_class class;
	const char *value;         /* NULL: the bare form */
};

/* Of pyjail corpus alone. */
struct corpus_options {
	uint64_t jobs;             /* 0: as many as there are processors */
	unsigned walls;            /* 1 << enum replay_run (tracer/corpus/replay.h); 0: both */
	bool prints_json;
	bool prints_markdown;
	bool compares;
	const char *restricted;    /* folder that holds RestrictedPython; NULL: Python's own */
};

struct options {
	enum script_kind kind;
	const char *script;        /* file, code or module as written; NULL: none */
	const char *bare_before;   /* "--allow-read" when that bare option stands just before it */
	const char **flags;        /* Python's own, one a word, in order */
	size_t flag_count;
	char *const *args;         /* what follows the script: not ours */
	size_t arg_count;
	const char *words[OPTIONS_WORDS_MAX];  /* of a subcommand: CALL PATH FLAGS, PATH... */
	size_t word_count;

	struct policy_option *rules;
	size_t rule_count;
	bool allows_all;
	bool asks;                 /* bare --ask */
	int fake_status;           /* what a faked program ends with */

	const char *python;        /* "python3" unless named */
	const char *record;
	const char *result;
	int result_fd;             /* -1: none */
	int level;                 /* enum human_level */
	int color;                 /* enum color_when */
	const char *filter;        /* of a report: "": every event; NULL: none asked for */
	bool wants_json;           /* a report for programs */
	bool wants_text;           /* a report to be printed, whatever stdout is */
	bool follows;              /* a report on what is still being written */
	int landlock_abi;          /* -1: the newest that kernel and pyjail know */
	enum watch watch;          /* WATCH_UNSAID: as policy needs */
	enum stack_detail stack;   /* STACK_UNSAID: the default of each kind of event */
	struct run_limits limits;
	bool wants_scratch;        /* --scratch */
	const char *scratch;       /* its folder; NULL: one that is thrown away */
	bool wants_tmp;            /* --tmp: limits.tmp_bytes is its size */
	bool wants_tui;
	bool is_ascii;             /* of the screen */
	bool has_no_bell;
	bool kills_on_ui_exit;     /* a screen that is lost ends the script */
	bool wants_help;
	bool wants_version;
	bool prints_bpf;
	struct corpus_options corpus;
};

/* argv without the program's and the subcommand's name.  -EINVAL: fault says what is wrong. */
int options_parse(int argc, char *const *argv, enum options_use use, struct options *ret_options,
		  struct fault *ret_fault);
void options_free(struct options *options);

/* The default policy and all that the user said, in one. */
int options_policy(const struct options *options, const struct policy_vars *vars,
		   struct policy **ret_policy, struct fault *ret_fault);

/*
 * What Python is started with: program, its flags, the script as `script` (SCRIPT_FILE) or as it
 * was written, its arguments.  NULL: no memory.  The caller frees the array, not the words.
 */
char **options_python_argv(const struct options *options, const char *program,
			   const char *script);


#endif
