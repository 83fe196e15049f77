/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pyjail.c: main, the subcommands, and what they print.
 *
 * Exit status (DESIGN.md section 7): the script's own; 128+N by signal; 124 a limit or a kill rule;
 * 125 pyjail itself failed; 126 and 127 the interpreter cannot be run, is not there; 2 usage,
 * policy, script.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "corpus_report.h"
#include "filters/embedded.h"
#include "filters/seccomp.h"
#include "filters/simulator.h"
#include "layer_report.h"
#include "record_report.h"
#include "say.h"
#include "screen.h"
#include "tracer/doctor.h"
#include "tracer/events/wire.h"
#include "tracer/effective.h"
#include "tracer/inherited.h"
#include "tracer/option_help.h"
#include "tracer/private.h"
#include "tracer/selfcheck.h"
#include "tracer/session.h"
#include "tracer/setup.h"
#include "tracer/why.h"
#include "tracer/why_look.h"

#define EXIT_DENIED 1
#define EXIT_LIMIT 124
#define EXIT_CANNOT_RUN 126
#define EXIT_NOT_FOUND 127
#define EXIT_SIGNAL 128

extern char **environ;

static int print_help(void)
{
	cleanup_free char *text = option_help();

	if (!text)
		return say_failure("--help", ENOMEM);
	return fputs(text, stdout) < 0 || fflush(stdout) != 0 ? EXIT_PYJAIL : 0;
}

/* ---- a run ---- */

static int start_status(int error)
{
	switch (error) {
	case -ENOENT:
		return EXIT_NOT_FOUND;
	case -EACCES:
	case -ENOEXEC:
		return EXIT_CANNOT_RUN;
	default:
		return EXIT_PYJAIL;
	}
}

static int finish(struct session *session, struct run_result *result, bool says_changes)
{
	struct session_end end;

	session_finish(session, result, &end);
	if (end.layer_error)
		say_failure("what is left of --tmp cannot be dropped", end.layer_error);
	else if (says_changes && session->tmp)
		layer_say(private_layer(session->tmp),
			  private_is_kept(session->tmp) ? private_folder(session->tmp) : NULL);
	if (end.lost || end.record_error)
		fprintf(stderr,
			"pyjail: the record is incomplete: %llu events were not written (%s)\n",
			(unsigned long long)end.lost,
			end.record_error ? errno_name(end.record_error)
					 : "its reader was too slow");
	if (end.result_error)
		say_failure("the result cannot be written", end.result_error);
	if (result->failure[0]) {
		fputs("pyjail: ", stderr);
		say_text(result->failure);
	}
	if (result->failure[0] || end.lost || end.record_error || end.result_error ||
	    end.layer_error)
		return EXIT_PYJAIL;
	if (result->limit || result->rule[0])
		return EXIT_LIMIT;
	return result->signal ? EXIT_SIGNAL + result->signal : result->status;
}

struct errand {
	const struct options *options;
	const struct setup *setup;
	char *const *own_argv;
	const int *keep_fds;
};

/* A private /tmp is gone anyway. */
static bool says_changes(const struct errand *errand)
{
	return errand->setup->policy->tells_changes && errand->options->level != HUMAN_QUIET;
}

/* `screen` NULL: without. */
static int run_session(void *data, struct run_screen *screen)
{
	const struct errand *errand = data;
	struct run_result result = { 0 };
	struct session session;
	struct fault fault = { 0 };
	int status = EXIT_PYJAIL;

	if (session_prepare(errand->options, errand->setup, errand->own_argv, errand->keep_fds,
			    &session, &fault) < 0) {
		say_fault(&fault);
	} else if (screen && session_show(&session, screen) < 0) {
		say_failure("start", ENOMEM);
	} else {
		int error = run_script(&session.config, &result, &fault);

		status = error == 0 ? finish(&session, &result, says_changes(errand))
				    : start_status(error);
		if (error < 0)
			say_fault(&fault);
	}
	if (screen && fault.text[0])
		wire_send(screen->wire, WIRE_FAULT, 0, false, fault.text, strlen(fault.text));
	session_drop(&session);
	return status;
}

static int run_script_file(const struct options *options, char *const *own_argv)
{
	/* Before anything else is opened: these are what a bare run would have. */
	cleanup_free int *keep_fds = options->allows_all ? inherited_list(options->result_fd)
							 : NULL;
	struct errand errand = { .options = options, .own_argv = own_argv, .keep_fds = keep_fds };
	struct setup *setup = NULL;
	struct fault fault;
	int status;

	if (options->allows_all && !keep_fds)
		return say_failure("start", ENOMEM);
	if (options->wants_tui && screen_check(options) != 0)
		return EXIT_USAGE;
	status = setup_new(options, &setup, &fault);
	errand.setup = setup;
	if (status != 0)
		say_fault(&fault);
	else if (options->wants_tui)
		status = screen_run(options, setup, run_session, &errand);
	else
		status = run_session(&errand, NULL);
	setup_free(setup);
	return status;
}

/* A shell that waits for us must see that SIGINT ended the script, or its loop goes on. */
static int end_as_script(int status)
{
	if (status == EXIT_SIGNAL + SIGINT) {
		sigset_t interrupt;

		sigemptyset(&interrupt);
		sigaddset(&interrupt, SIGINT);
		signal(SIGINT, SIG_DFL);
		sigprocmask(SIG_UNBLOCK, &interrupt, NULL);
		fflush(NULL);
		raise(SIGINT);
	}
	return status;
}

/* ---- subcommands ---- */

static int build_filter(const struct options *options, const struct policy *policy,
			struct filter_program *program)
{
	struct filter_mode mode = filter_mode_of(policy,
						 geteuid() == 0 ||
							 session_landlock_abi(options) == 0,
						 options->limits.memory_bytes != 0,
						 options->stack == STACK_NATIVE);
	int error;

	mode.watch = options->watch;
	error = filter_take(&mode, program);
	return error < 0 ? say_failure("the filter cannot be built", -error) : 0;
}

static int print_rule(void *data, const char *line, const char *source)
{
	char text[4 * RULE_PATTERN_MAX + 512];

	(void)data;
	effective_print(line, source, text, sizeof(text));
	return puts(text) < 0 ? -EIO : 0;
}

static int print_filter(const struct options *options, const struct policy *policy)
{
	struct filter_program program = { 0 };
	int status = build_filter(options, policy, &program);

	for (size_t i = 0; status == 0 && i < program.length; i++) {
		char text[128];

		simulator_print(&program.code[i], text, sizeof(text));
		if (printf("%4zu: %s\n", i, text) < 0)
			status = EXIT_PYJAIL;
	}
	filter_free(&program);
	return status;
}

static int print_policy(const struct options *options, const struct policy *policy)
{
	if (options->prints_bpf)
		return print_filter(options, policy);
	if (policy->allows_all)
		puts("# --allow-all: what no rule below refuses is allowed");
	if (policy->asks)
		puts("# --ask: what no rule below allows or refuses is asked");
	return effective_rules(policy, print_rule, NULL) < 0 ? EXIT_PYJAIL : 0;
}

static int run_policy(const struct options *options)
{
	struct setup *setup = NULL;
	struct fault fault;
	int status = EXIT_USAGE;

	fault = (struct fault){ 0 };
	if (options->word_count > 0) {
		fault_set(&fault, "policy %s: it takes options only", options->words[0]);
		snprintf(fault.cure, sizeof(fault.cure), "for one call:  pyjail why CALL PATH");
	} else {
		status = setup_new(options, &setup, &fault);
	}
	if (status != 0)
		say_fault(&fault);
	else
		status = print_policy(options, setup->policy);
	setup_free(setup);
	return status;
}

static int ask(const struct options *options, const struct policy *policy,
	       const struct syscall_row *row, struct call_file *files)
{
	size_t count = why_file_count(row);
	struct filter_program program = { 0 };
	struct fault fault;
	struct why why;
	int status = build_filter(options, policy, &program);

	if (status == 0 && why_ask(policy, &program, row, files, options->words + 1 + count,
				   options->word_count - 1 - count, &why, &fault) < 0) {
		say_fault(&fault);
		status = EXIT_USAGE;
	}
	filter_free(&program);
	if (status == 0) {
		cleanup_free char *text = why_text(&why);

		if (!text || fputs(text, stdout) < 0)
			return EXIT_PYJAIL;
		status = why_is_allowed(&why) ? 0 : EXIT_DENIED;
	}
	return status;
}

static int look_and_ask(const struct options *options, const struct policy *policy,
			const struct syscall_row *row)
{
	struct call_file files[CALL_FILES] = { { 0 } };
	size_t count = why_file_count(row), found = 0;
	struct fault fault = { 0 };
	int status = EXIT_USAGE;

	if (options->word_count - 1 < count) {
		fault_set(&fault, "%s names %s", row->name, count > 1 ? "two files" : "a file");
		snprintf(fault.cure, sizeof(fault.cure), "pyjail why %s PATH%s", row->name,
			 count > 1 ? " PATH" : "");
	}
	for (; !fault.text[0] && found < count; found++) {
		if (why_look(options->words[1 + found], why_is_name(row, found), &files[found],
			     &fault) < 0)
			break;
	}
	if (fault.text[0])
		say_fault(&fault);
	else
		status = ask(options, policy, row, files);
	for (size_t i = 0; i < count; i++)
		free((char *)files[i].path);
	return status;
}

static int run_why(const struct options *options)
{
	const struct syscall_row *row = options->word_count ? syscall_by_name(options->words[0])
							    : NULL;
	struct setup *setup = NULL;
	struct fault fault = { 0 };
	int status = EXIT_USAGE;

	if (!options->word_count)
		fault_set(&fault, "which call?");
	else if (!row)
		fault_set(&fault, "%s: no such call: it would be answered ENOSYS",
			  options->words[0]);
	else
		status = setup_new(options, &setup, &fault);
	if (!row)
		snprintf(fault.cure, sizeof(fault.cure),
			 "name one of filters/syscalls.def:  pyjail why openat /etc/passwd");
	if (status != 0)
		say_fault(&fault);
	else
		status = look_and_ask(options, setup->policy, row);
	setup_free(setup);
	return status;
}

static void print_finding(const struct finding *finding)
{
	printf("  %-16s %-8s %s\n", finding->name, finding_state_name(finding->state),
	       finding->text);
	if (finding->state != FINDING_OK && finding->cure[0])
		printf("  %-16s %-8s %s\n", "", "", finding->cure);
}

static int run_doctor(const struct options *options)
{
	struct finding findings[DOCTOR_FINDINGS_MAX], stacks;
	int count = doctor_examine(findings, ARRAY_SIZE(findings));
	bool can_run;

	if (count < 0)
		return say_failure("doctor", -count);
	for (int i = 0; i < count; i++)
		print_finding(&findings[i]);
	can_run = doctor_can_run(findings, (size_t)count);
	if (can_run) {
		selfcheck(options->python, &stacks);
		print_finding(&stacks);
	}
	puts(can_run ? "pyjail can run here." : "pyjail cannot run here.");
	return can_run ? 0 : EXIT_DENIED;
}

static int refuse_doctor_words(void)
{
	fputs("pyjail: doctor takes no words\n        pyjail doctor [--python=PROGRAM]\n", stderr);
	return EXIT_USAGE;
}

static bool wants_screen(const struct options *options, enum options_use use)
{
	return use == USE_REPORT ? record_report_wants_screen(options)
				 : use == USE_RUN && options->wants_tui;
}

static int dispatch(const struct options *options, enum options_use use, char *const *own_argv)
{
	if (options->wants_help)
		return print_help();
	if (options->wants_version)
		return puts("pyjail " PYJAIL_VERSION) < 0 ? EXIT_PYJAIL : 0;
	if (wants_screen(options, use) && screen_claim(own_argv) != 0)
		return EXIT_USAGE;
	switch (use) {
	case USE_WHY:
		return run_why(options);
	case USE_POLICY:
		return run_policy(options);
	case USE_DOCTOR:
		return options->word_count ? refuse_doctor_words() : run_doctor(options);
	case USE_CORPUS:
		return end_as_script(corpus_report(options));
	case USE_REPORT:
		return record_report(options);
	case USE_DIFF:
		return layer_diff(options);
	case USE_APPLY:
		return layer_apply_all(options);
	case USE_DISCARD:
		return layer_discard(options);
	case USE_RUN:
		break;
	}
	return end_as_script(run_script_file(options, own_argv));
}

/* Subcommands are words of the first place only: a script of that name is ./why. */
static enum options_use use_of(const char *word)
{
	static const struct { const char *word; enum options_use use; } uses[] = {
		{ "why", USE_WHY }, { "policy", USE_POLICY }, { "doctor", USE_DOCTOR },
		{ "corpus", USE_CORPUS },
		{ "report", USE_REPORT }, { "diff", USE_DIFF }, { "apply", USE_APPLY },
		{ "discard", USE_DISCARD },
	};

	for (size_t i = 0; word && i < ARRAY_SIZE(uses); i++)
		if (!strcmp(word, uses[i].word))
			return uses[i].use;
	return USE_RUN;
}

int main(int argc, char **argv)
{
	enum options_use use = use_of(argc > 1 ? argv[1] : NULL);
	int own = use == USE_RUN ? 1 : 2;
	struct options options;
	struct fault fault;
	int status;

	if (argc < 1 || inherited_fill_standard() < 0)
		return EXIT_PYJAIL;
	if (options_parse(argc - own, argv + own, use, &options, &fault) < 0) {
		say_fault(&fault);
		return EXIT_USAGE;
	}
	status = dispatch(&options, use, argv);
	options_free(&options);
	return status;
}
