/* SPDX-License-Identifier: Apache-2.0 */
/* test_options.c: the command line, word by word. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tracer/corpus/replay.h"
#include "tracer/option_help.h"
#include "tracer/option_table.h"
#include "tracer/options.h"

#define WORDS_MAX 16

static struct options options;
static struct fault fault;

static int parse(enum options_use use, const char *const *words)
{
	int argc = 0;

	while (words[argc])
		argc++;
	return options_parse(argc, (char *const *)words, use, &options, &fault);
}

#define PARSE(use, ...) parse((use), (const char *const[]){ __VA_ARGS__, NULL })
#define RUN(...) PARSE(USE_RUN, __VA_ARGS__)

/* What Python would be started with, as one line. */
static char *python_line(void)
{
	static char line[512];
	char **argv = options_python_argv(&options, "py", options.script);

	line[0] = '\0';
	for (size_t i = 0; argv[i]; i++) {
		strcat(line, i ? " " : "");
		strcat(line, argv[i]);
	}
	free(argv);
	return line;
}

static const struct {
	const char *words[WORDS_MAX];
	enum script_kind kind;
	const char *python;
} lines[] = {
	{ { NULL }, SCRIPT_REPL, "py" },
	{ { "s.py" }, SCRIPT_FILE, "py s.py" },
	{ { "s.py", "--allow-all", "-u", "--", "x" }, SCRIPT_FILE, "py s.py --allow-all -u -- x" },
	{ { "--", "s.py" }, SCRIPT_FILE, "py s.py" },
	{ { "--", "-x.py", "--help" }, SCRIPT_FILE, "py -x.py --help" },
	{ { "--", "--help" }, SCRIPT_FILE, "py --help" },
	{ { "-" }, SCRIPT_STDIN, "py -" },
	{ { "-", "-u", "a" }, SCRIPT_STDIN, "py - -u a" },
	{ { "--", "-", "a" }, SCRIPT_STDIN, "py - a" },
	{ { "-u" }, SCRIPT_REPL, "py -u" },
	{ { "-c", "pass" }, SCRIPT_CODE, "py -c pass" },
	{ { "-cpass", "-A" }, SCRIPT_CODE, "py -c pass -A" },
	{ { "-c", "--help" }, SCRIPT_CODE, "py -c --help" },
	{ { "-c", "", "x" }, SCRIPT_CODE, "py -c  x" },
	{ { "-m", "unittest", "-v" }, SCRIPT_MODULE, "py -m unittest -v" },
	{ { "-munittest", "--policy=x" }, SCRIPT_MODULE, "py -m unittest --policy=x" },
	{ { "-Bc", "pass" }, SCRIPT_CODE, "py -B -c pass" },
	{ { "-OOu", "s.py" }, SCRIPT_FILE, "py -O -O -u s.py" },
	{ { "-bBdEiIOPqsSuvxR", "s.py" }, SCRIPT_FILE,
	  "py -b -B -d -E -i -I -O -P -q -s -S -u -v -x -R s.py" },
	{ { "-W", "ignore", "s.py" }, SCRIPT_FILE, "py -W ignore s.py" },
	{ { "-Wignore", "s.py" }, SCRIPT_FILE, "py -W ignore s.py" },
	{ { "-uWignore", "s.py" }, SCRIPT_FILE, "py -u -W ignore s.py" },
	{ { "-X", "dev", "-Xutf8", "s.py" }, SCRIPT_FILE, "py -X dev -X utf8 s.py" },
	{ { "-W", "--help", "s.py" }, SCRIPT_FILE, "py -W --help s.py" },
	{ { "--check-hash-based-pycs", "always", "s.py" }, SCRIPT_FILE,
	  "py --check-hash-based-pycs always s.py" },
	{ { "--check-hash-based-pycs=never", "s.py" }, SCRIPT_FILE,
	  "py --check-hash-based-pycs never s.py" },
	{ { "-I", "--quiet", "-S", "s.py" }, SCRIPT_FILE, "py -I -S s.py" },
	{ { "--time", "5", "s.py" }, SCRIPT_FILE, "py s.py" },
	{ { "--allow-read", "s.py" }, SCRIPT_FILE, "py s.py" },
	{ { "why" }, SCRIPT_FILE, "py why" },
	{ { "" }, SCRIPT_FILE, "py " },
};

START_TEST(test_python_line)
{
	ck_assert_int_eq(parse(USE_RUN, lines[_i].words), 0);
	ck_assert_int_eq(options.kind, lines[_i].kind);
	ck_assert_str_eq(python_line(), lines[_i].python);
	options_free(&options);
}
END_TEST

START_TEST(test_cluster_with_own_letter)
{
	ck_assert_int_eq(RUN("-uAB", "s.py"), 0);
	ck_assert(options.allows_all);
	ck_assert_str_eq(python_line(), "py -u -B s.py");
	options_free(&options);
}
END_TEST

static const struct {
	const char *words[WORDS_MAX];
	const char *text;
	const char *cure;    /* a part of it; "" for any */
} wrongs[] = {
	{ { "--alow-read", "s.py" }, "--alow-read: unknown option", "--allow-read?" },
	{ { "--allow-reed=/x" }, "--allow-reed=/x: unknown option", "--allow-read?" },
	{ { "--polcy=x" }, "--polcy=x: unknown option", "--policy?" },
	{ { "--allow-run=ls" }, "--allow-run=ls: unknown option", "--allow-exec" },
	{ { "--deny-run" }, "--deny-run: unknown option", "--deny-exec" },
	{ { "--ask-env=HOME" }, "--ask-env: variables are set before the script starts: nothing can "
	  "be asked then", "--allow-env=NAME" },
	{ { "--on-ui-exit=stay" }, "--on-ui-exit=stay: not a value that this option takes",
	  "keep or kill" },
	{ { "--ask=/x" }, "--ask=/x: this option takes no value", "without =" },
	{ { "--xyzzy" }, "--xyzzy: unknown option", "--help" },
	{ { "--allow" }, "--allow: unknown option", "" },
	{ { "--tim=5" }, "--tim=5: unknown option", "--time?" },
	{ { "--=x" }, "--=x: unknown option", "" },
	{ { "-Z" }, "-Z: unknown option", "Python" },
	{ { "-uZ" }, "-uZ: unknown option", "Python" },
	{ { "-V" }, "-V: unknown option", "" },
	{ { "-c" }, "-c needs an argument", "" },
	{ { "-Bm" }, "-m needs an argument", "" },
	{ { "-W" }, "-W needs an argument", "" },
	{ { "-X" }, "-X needs an argument", "" },
	{ { "--check-hash-based-pycs" }, "--check-hash-based-pycs needs a value", "" },
	{ { "--time" }, "--time needs a value", "--time=TIME" },
	{ { "--time", "--quiet" }, "--time needs a value", "--time=TIME" },
	{ { "--time=" }, "--time= names nothing", "" },
	{ { "--allow-read=" }, "--allow-read= names nothing", "" },
	{ { "--record=" }, "--record= names nothing", "" },
	{ { "--time=0" }, "--time=0: not a value that this option takes", "above 0" },
	{ { "--time=-1" }, "--time=-1: not a value that this option takes", "" },
	{ { "--cpu=x" }, "--cpu=x: not a value that this option takes", "" },
	{ { "--memory=0" }, "--memory=0: not a value that this option takes", "64M" },
	{ { "--memory=64Q" }, "--memory=64Q: not a value that this option takes", "" },
	{ { "--fsize= 5" }, "--fsize= 5: not a value that this option takes", "" },
	{ { "--output=99999999999T" }, "--output=99999999999T: not a value that this option takes",
	  "" },
	{ { "--procs=0" }, "--procs=0: not a value that this option takes", "" },
	{ { "--procs=1.5" }, "--procs=1.5: not a value that this option takes", "" },
	{ { "--files=99999999999999999999" },
	  "--files=99999999999999999999: not a value that this option takes", "" },
	{ { "--result-fd=1" }, "--result-fd=1: not a value that this option takes", "script" },
	{ { "--result-fd=x" }, "--result-fd=x: not a value that this option takes", "" },
	{ { "--color=pink" }, "--color=pink: not a value that this option takes", "always" },
	{ { "--stack=all" }, "--stack=all: not a value that this option takes",
	  "off, line, python or native" },
	{ { "--stack=" }, "--stack= names nothing", "" },
	{ { "--watch=some" }, "--watch=some: not a value that this option takes",
	  "write policy, files or all" },
	{ { "--stack=Line" }, "--stack=Line: not a value that this option takes", "" },
	{ { "--quiet=1" }, "--quiet=1: this option takes no value", "" },
	{ { "--allow-net=host" }, "--allow-net=host: not a value that this option takes", "all" },
	{ { "--deny-net=host" }, "--deny-net=host: not a value that this option takes", "all" },
	{ { "--allow-all=x" }, "--allow-all=x: this option takes no value", "" },
	{ { "--landlock-abi=x" }, "--landlock-abi=x: not a value that this option takes", "" },
	{ { "--no-landlock=1" }, "--no-landlock=1: this option takes no value", "" },
	{ { "--bpf" }, "--bpf: not an option here", "pyjail policy" },
	{ { "--filter=x" }, "--filter=x: not an option here", "pyjail report" },
	{ { "--follow", "s.py" }, "--follow: not an option here", "pyjail report" },
	{ { "--script=x" }, "--script=x: not an option here", "pyjail why" },
	{ { "--jobs=2" }, "--jobs=2: not an option here", "pyjail corpus" },
	{ { "--compare" }, "--compare: not an option here", "pyjail corpus" },
};

START_TEST(test_wrong)
{
	memset(&options, 0x5a, sizeof(options));
	ck_assert_int_lt(parse(USE_RUN, wrongs[_i].words), 0);
	ck_assert_str_eq(fault.text, wrongs[_i].text);
	ck_assert_ptr_nonnull(strstr(fault.cure, wrongs[_i].cure));
	/* Untouched on failure. */
	ck_assert_int_eq(*(unsigned char *)&options, 0x5a);
}
END_TEST

START_TEST(test_defaults)
{
	ck_assert_int_eq(RUN("s.py"), 0);
	ck_assert_str_eq(options.python, "python3");
	ck_assert_int_eq(options.result_fd, -1);
	ck_assert_int_eq(options.landlock_abi, -1);
	ck_assert_int_eq(options.level, HUMAN_NORMAL);
	ck_assert_int_eq(options.color, COLOR_AUTO);
	ck_assert_uint_eq(options.limits.procs, RUN_PROCS_DEFAULT);
	ck_assert_uint_eq(options.limits.time_ms, 0);
	ck_assert_uint_eq(options.rule_count, 0);
	ck_assert(!options.allows_all && !options.wants_help && !options.prints_bpf);
	options_free(&options);
}
END_TEST

START_TEST(test_limits)
{
	ck_assert_int_eq(RUN("--time=1.5", "--cpu=2m", "--memory=64M", "--procs=7", "--files=20",
			     "--fsize=1K", "--output=10", "s.py"), 0);
	ck_assert_uint_eq(options.limits.time_ms, 1500);
	ck_assert_uint_eq(options.limits.cpu_ms, 120000);
	ck_assert_uint_eq(options.limits.memory_bytes, 64u << 20);
	ck_assert_uint_eq(options.limits.procs, 7);
	ck_assert_uint_eq(options.limits.files, 20);
	ck_assert_uint_eq(options.limits.fsize_bytes, 1024);
	ck_assert_uint_eq(options.limits.output_bytes, 10);
	options_free(&options);
}
END_TEST

START_TEST(test_corpus)
{
	ck_assert_int_eq(PARSE(USE_CORPUS, "a", "--jobs=3", "--wall=both,2", "--json", "b",
			       "--restrictedpython=/r", "--python=/p"), 0);
	ck_assert_uint_eq(options.word_count, 2);
	ck_assert_str_eq(options.words[1], "b");
	ck_assert_uint_eq(options.corpus.jobs, 3);
	ck_assert_uint_eq(options.corpus.walls, 1u << RUN_BOTH | 1u << RUN_WALL2);
	ck_assert(options.corpus.prints_json && !options.corpus.compares);
	ck_assert_str_eq(options.corpus.restricted, "/r");
	ck_assert_str_eq(options.python, "/p");
	options_free(&options);
	ck_assert_int_eq(PARSE(USE_CORPUS, "--no-landlock", "--compare", "--markdown"), 0);
	ck_assert_uint_eq(options.corpus.walls, 1u << RUN_WALL1);
	ck_assert(options.corpus.compares && options.corpus.prints_markdown);
	options_free(&options);
	ck_assert_int_lt(PARSE(USE_CORPUS, "--wall=3"), 0);
	ck_assert_int_lt(PARSE(USE_CORPUS, "--wall=both1"), 0);
	ck_assert_int_lt(PARSE(USE_CORPUS, "--wall=control"), 0);
	ck_assert_int_lt(PARSE(USE_CORPUS, "--jobs=0"), 0);
	/* What a script may do is said by its header alone. */
	ck_assert_int_lt(PARSE(USE_CORPUS, "--allow-write"), 0);
	ck_assert_str_eq(fault.text, "--allow-write: not an option here");
}
END_TEST

START_TEST(test_last_one_counts)
{
	ck_assert_int_eq(RUN("--time=1", "--quiet", "--time=2", "--verbose", "s.py"), 0);
	ck_assert_uint_eq(options.limits.time_ms, 2000);
	ck_assert_int_eq(options.level, HUMAN_VERBOSE);
	options_free(&options);
}
END_TEST

START_TEST(test_outputs)
{
	ck_assert_int_eq(RUN("--record=r", "--result=e", "--result-fd=9", "--color=never",
			     "--python", "/opt/py", "--no-landlock", "s.py"), 0);
	ck_assert_str_eq(options.record, "r");
	ck_assert_str_eq(options.result, "e");
	ck_assert_int_eq(options.result_fd, 9);
	ck_assert_int_eq(options.color, COLOR_NEVER);
	ck_assert_str_eq(options.python, "/opt/py");
	ck_assert_int_eq(options.landlock_abi, 0);
	options_free(&options);
	ck_assert_int_eq(RUN("--stack=line", "--stack", "native", "s.py"), 0);
	ck_assert_int_eq(options.stack, STACK_NATIVE);
	options_free(&options);
	ck_assert_int_eq(RUN("--watch=files", "--watch", "all", "s.py"), 0);
	ck_assert_int_eq(options.watch, WATCH_ALL);
	options_free(&options);
	ck_assert_int_eq(RUN("s.py"), 0);
	ck_assert_int_eq(options.stack, STACK_UNSAID);
	ck_assert_int_eq(options.watch, WATCH_UNSAID);
	options_free(&options);
	ck_assert_int_eq(RUN("--landlock-abi=3"), 0);
	ck_assert_int_eq(options.landlock_abi, 3);
	options_free(&options);
}
END_TEST

static const struct {
	const char *word;
	bool is_file;
	enum verdict_kind verdict;
	enum call_class class;
	const char *value;
} rules[] = {
	{ "--allow-read", false, VERDICT_ALLOW, CLASS_READ, NULL },
	{ "--allow-read=/a,/b", false, VERDICT_ALLOW, CLASS_READ, "/a,/b" },
	{ "--allow-read=a=b", false, VERDICT_ALLOW, CLASS_READ, "a=b" },
	{ "--allow-write=-", false, VERDICT_ALLOW, CLASS_WRITE, "-" },
	{ "--allow-delete=/a", false, VERDICT_ALLOW, CLASS_DELETE, "/a" },
	{ "--allow-exec=ls", false, VERDICT_ALLOW, CLASS_EXEC, "ls" },
	{ "--allow-net", false, VERDICT_ALLOW, CLASS_NET, NULL },
	{ "--allow-env=A,B", false, VERDICT_ALLOW, CLASS_ENV, "A,B" },
	{ "--fake-write", false, VERDICT_FAKE, CLASS_WRITE, NULL },
	{ "--fake-exec=A", false, VERDICT_FAKE, CLASS_EXEC, "A" },
	{ "--hide=A,B", false, VERDICT_HIDE, CLASS_STAT, "A,B" },
	{ "--read-only-view=A=B", false, VERDICT_VIEW, CLASS_STAT, "A=B" },
	{ "--deny-read=/a", false, VERDICT_DENY, CLASS_READ, "/a" },
	{ "--deny-write", false, VERDICT_DENY, CLASS_WRITE, NULL },
	{ "--deny-delete=/a", false, VERDICT_DENY, CLASS_DELETE, "/a" },
	{ "--deny-exec", false, VERDICT_DENY, CLASS_EXEC, NULL },
	{ "--deny-net", false, VERDICT_DENY, CLASS_NET, NULL },
	{ "--deny-env=A", false, VERDICT_DENY, CLASS_ENV, "A" },
	{ "--policy=f", true, 0, 0, "f" },
};

START_TEST(test_rule)
{
	const struct policy_option *rule;

	ck_assert_int_eq(RUN(rules[_i].word, "s.py"), 0);
	ck_assert_uint_eq(options.rule_count, 1);
	rule = &options.rules[0];
	ck_assert_int_eq(rule->is_file, rules[_i].is_file);
	if (!rule->is_file) {
		ck_assert_int_eq(rule->verdict, rules[_i].verdict);
		ck_assert_int_eq(rule->class, rules[_i].class);
	}
	ck_assert_pstr_eq(rule->value, rules[_i].value);
	options_free(&options);
}
END_TEST

START_TEST(test_rules_keep_order)
{
	ck_assert_int_eq(RUN("--deny-read=/a", "--policy=f", "--allow-read=/b", "s.py"), 0);
	ck_assert_uint_eq(options.rule_count, 3);
	ck_assert_str_eq(options.rules[0].value, "/a");
	ck_assert_str_eq(options.rules[1].value, "f");
	ck_assert_str_eq(options.rules[2].value, "/b");
	options_free(&options);
}
END_TEST

START_TEST(test_allow_all)
{
	ck_assert_int_eq(RUN("-A", "s.py"), 0);
	ck_assert(options.allows_all);
	ck_assert_uint_eq(options.limits.procs, 0);
	options_free(&options);
	ck_assert_int_eq(RUN("--allow-all", "--procs=9", "s.py"), 0);
	ck_assert(options.allows_all);
	ck_assert_uint_eq(options.limits.procs, 9);
	options_free(&options);
}
END_TEST

START_TEST(test_bare_option_before_script)
{
	ck_assert_int_eq(RUN("--allow-write", "/data", "s.py"), 0);
	ck_assert_str_eq(options.bare_before, "allow-write");
	ck_assert_str_eq(options.script, "/data");
	options_free(&options);
	ck_assert_int_eq(RUN("--allow-write", "-u", "/data"), 0);
	ck_assert_ptr_null(options.bare_before);
	options_free(&options);
	ck_assert_int_eq(RUN("--allow-write=/x", "/data"), 0);
	ck_assert_ptr_null(options.bare_before);
	options_free(&options);
}
END_TEST

START_TEST(test_help_stops_the_walk)
{
	static const char *const words[] = { "--help", "-h", "-uh", "--version" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		ck_assert_int_eq(RUN(words[i], "--nonsense"), 0);
		ck_assert(options.wants_help != options.wants_version);
		options_free(&options);
	}
}
END_TEST

START_TEST(test_words_of_subcommands)
{
	ck_assert_int_eq(PARSE(USE_WHY, "openat", "--allow-read=/x", "/etc", "-A", "O_RDWR",
			       "--script=s.py"), 0);
	ck_assert_uint_eq(options.word_count, 3);
	ck_assert_str_eq(options.words[0], "openat");
	ck_assert_str_eq(options.words[1], "/etc");
	ck_assert_str_eq(options.words[2], "O_RDWR");
	ck_assert_uint_eq(options.rule_count, 1);
	ck_assert_str_eq(options.script, "s.py");
	ck_assert(options.allows_all);
	options_free(&options);
	ck_assert_int_eq(PARSE(USE_WHY, "openat", "--", "--odd-name"), 0);
	ck_assert_str_eq(options.words[1], "--odd-name");
	options_free(&options);
	ck_assert_int_eq(PARSE(USE_POLICY, "--bpf", "--memory=1G"), 0);
	ck_assert(options.prints_bpf);
	options_free(&options);
}
END_TEST

START_TEST(test_wrong_in_subcommands)
{
	ck_assert_int_lt(PARSE(USE_WHY, "a", "b", "c", "d", "e"), 0);
	ck_assert_str_eq(fault.text, "e: one word too many");
	ck_assert_int_lt(PARSE(USE_WHY, "-u"), 0);
	ck_assert_int_lt(PARSE(USE_WHY, "--record=x"), 0);
	ck_assert_int_lt(PARSE(USE_WHY, "--bpf"), 0);
	ck_assert_int_lt(PARSE(USE_POLICY, "--check-hash-based-pycs", "x"), 0);
}
END_TEST

START_TEST(test_hostile_words)
{
	char *long_word = malloc(100001);

	memset(long_word, 'a', 100000);
	long_word[100000] = '\0';
	memcpy(long_word, "--", 2);
	ck_assert_int_lt(RUN(long_word), 0);
	memcpy(long_word, "-u", 2);
	memset(long_word + 2, 'O', 99998);
	ck_assert_int_eq(RUN(long_word, "s.py"), 0);
	ck_assert_uint_eq(options.flag_count, 99999);
	options_free(&options);
	ck_assert_int_lt(RUN("--\xff\x1b[2J%s%n"), 0);
	ck_assert_str_eq(fault.text, "--\xff\x1b[2J%s%n: unknown option");
	free(long_word);
}
END_TEST

/* Every option is reachable, and --help names all that are meant for it. */
START_TEST(test_table)
{
	char *help = option_help();

	ck_assert_ptr_nonnull(help);
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *row = &option_rows[i];
		char word[64];

		ck_assert_ptr_eq(option_find(row->name, strlen(row->name)), row);
		ck_assert_ptr_nonnull(row->handle);
		ck_assert_uint_ne(row->uses, 0);
		ck_assert(row->form != FORM_VALUE || row->argument);
		snprintf(word, sizeof(word), "  --%s", row->name);
		if (row->help)
			ck_assert_msg(strstr(help, word) != NULL, "%s", row->name);
	}
	ck_assert_ptr_nonnull(strstr(help, "Deno"));
	free(help);
}
END_TEST

/* One screen of 100 columns. */
START_TEST(test_help_fits)
{
	char *help = option_help();
	size_t line_count = 0;

	for (const char *at = help; *at; line_count++) {
		size_t length = strcspn(at, "\n");

		ck_assert_uint_le(length, 100);
		at += length + 1;
	}
	ck_assert_uint_le(line_count, 55);
	free(help);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("options");
	TCase *t = tcase_create("options");

	tcase_add_loop_test(t, test_python_line, 0, ARRAY_SIZE(lines));
	tcase_add_test(t, test_cluster_with_own_letter);
	tcase_add_loop_test(t, test_wrong, 0, ARRAY_SIZE(wrongs));
	tcase_add_test(t, test_defaults);
	tcase_add_test(t, test_limits);
	tcase_add_test(t, test_corpus);
	tcase_add_test(t, test_last_one_counts);
	tcase_add_test(t, test_outputs);
	tcase_add_loop_test(t, test_rule, 0, ARRAY_SIZE(rules));
	tcase_add_test(t, test_rules_keep_order);
	tcase_add_test(t, test_allow_all);
	tcase_add_test(t, test_bare_option_before_script);
	tcase_add_test(t, test_help_stops_the_walk);
	tcase_add_test(t, test_words_of_subcommands);
	tcase_add_test(t, test_wrong_in_subcommands);
	tcase_add_test(t, test_hostile_words);
	tcase_add_test(t, test_table);
	tcase_add_test(t, test_help_fits);
	suite_add_tcase(s, t);
	return suite_run(s);
}
