/* SPDX-License-Identifier: Apache-2.0 */
/* corpus_report.c: see corpus_report.h. */
#include "corpus_report.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "corpus_table.h"
#include "say.h"
#include "tracer/corpus/corpus.h"

#define EXIT_FAILED 1
#define EXIT_SIGNAL 128
#define NAME_WIDTH 46

/* Runs behind walls, by what became of them. */
struct tally {
	unsigned passed, escaped, mismatched, skipped, not_held, held_anyway;
};

struct report {
	const struct options *options;
	struct corpus corpus;
	struct replay *replays;
	bool *is_done;
	size_t next;                   /* to be printed: lines are in order */
	size_t done_count;
	bool has_progress;
	struct tally walls[RUN_COUNT];
	unsigned attacks, ordinary;
	unsigned controls_proved, controls_skipped, controls_failed;
};

/* ---- one script ---- */

static bool is_bad(enum replay_verdict verdict)
{
	return verdict == REPLAY_ESCAPED || verdict == REPLAY_MISMATCH;
}

static void count_wall(struct tally *tally, enum replay_verdict verdict)
{
	switch (verdict) {
	case REPLAY_CONTAINED:
		tally->passed++;
		break;
	case REPLAY_ESCAPED:
		tally->escaped++;
		break;
	case REPLAY_MISMATCH:
		tally->mismatched++;
		break;
	case REPLAY_SKIPPED:
		tally->skipped++;
		break;
	case REPLAY_NOT_HELD:
		tally->not_held++;
		break;
	case REPLAY_HELD_ANYWAY:
		tally->held_anyway++;
		break;
	case REPLAY_NOT_RUN:
	case REPLAY_PROVED:
	default:
		break;
	}
}

static void count(struct report *report, const struct corpus_case *item,
		  const struct replay *replay)
{
	enum replay_verdict control = replay->runs[RUN_CONTROL].verdict;

	report->attacks += !item->header.is_ordinary;
	report->ordinary += item->header.is_ordinary;
	report->controls_proved += control == REPLAY_PROVED;
	report->controls_skipped += control == REPLAY_SKIPPED;
	report->controls_failed += is_bad(control);
	for (int run = RUN_BOTH; run < RUN_COUNT; run++)
		count_wall(&report->walls[run], replay->runs[run].verdict);
}

/* What the line of a script begins with: the worst of its runs. */
static enum replay_verdict worst(const struct replay *replay)
{
	static const enum replay_verdict order[] = {
		REPLAY_ESCAPED, REPLAY_MISMATCH, REPLAY_CONTAINED, REPLAY_HELD_ANYWAY,
		REPLAY_NOT_HELD, REPLAY_SKIPPED,
	};

	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		for (int run = RUN_CONTROL; run < RUN_COUNT; run++)
			if (replay->runs[run].verdict == order[i] &&
			    (run != RUN_CONTROL || is_bad(order[i])))
				return order[i];
	return REPLAY_NOT_RUN;
}

/* "kind/name.py", as wide as the column. */
static void print_name(const struct corpus_case *item)
{
	char kind[128], name[512], whole[700];

	text_show_string(kind, sizeof(kind), item->kind);
	text_show_string(name, sizeof(name), item->name);
	snprintf(whole, sizeof(whole), "%s/%s", kind, name);
	printf("%-*s", NAME_WIDTH, whole);
}

static void print_why(const struct replay_outcome *outcome, const char *what)
{
	char why[2 * ATTEMPT_WHY_MAX];

	text_show_string(why, sizeof(why), outcome->why);
	printf("               %-12s %s%s%s\n", what, replay_verdict_name(outcome->verdict),
	       why[0] ? ": " : "", why);
}

static void print_details(const struct replay *replay)
{
	static const char *const names[RUN_COUNT] = {
		"control", "both walls", "wall 1 alone", "wall 2 alone",
	};
	bool was_skipped = replay->runs[RUN_CONTROL].verdict == REPLAY_SKIPPED;

	for (int run = RUN_CONTROL; run < RUN_COUNT; run++) {
		const struct replay_outcome *outcome = &replay->runs[run];

		/* The same reason, said once. */
		if (outcome->verdict == REPLAY_SKIPPED && was_skipped && run != RUN_CONTROL)
			continue;
		if (is_bad(outcome->verdict) || outcome->verdict == REPLAY_SKIPPED ||
		    outcome->verdict == REPLAY_NOT_HELD || outcome->verdict == REPLAY_HELD_ANYWAY)
			print_why(outcome, names[run]);
	}
}

static void print_line(const struct corpus_case *item, const struct replay *replay)
{
	enum replay_verdict verdict = worst(replay);
	double wall_s = 0;

	for (int run = RUN_CONTROL; run < RUN_COUNT; run++)
		wall_s += replay->runs[run].wall_s;
	printf("  %-11s  ", item->header.is_ordinary && verdict == REPLAY_CONTAINED
				    ? "works" : replay_verdict_name(verdict));
	print_name(item);
	printf(" %6.2f s\n", wall_s);
	print_details(replay);
}

static json_t *outcome_json(const struct replay_outcome *outcome, const char *run)
{
	json_t *proofs = json_array();

	for (unsigned proof = 1; proof < PROOF_END; proof <<= 1)
		if (outcome->proofs & proof)
			json_array_append_new(proofs, json_string(proof_name(proof)));
	return json_pack("{s:s, s:s, s:o, s:f, s:s}", "run", run, "outcome",
			 replay_verdict_name(outcome->verdict), "proofs", proofs, "seconds",
			 outcome->wall_s, "why", text_is_utf8(outcome->why, strlen(outcome->why))
							 ? outcome->why : "?");
}

static void print_object(json_t *object)
{
	json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(object);
}

static void print_case_json(const struct corpus_case *item, const struct replay *replay)
{
	json_t *runs = json_array();

	for (int run = RUN_CONTROL; run < RUN_COUNT; run++)
		if (replay->runs[run].verdict != REPLAY_NOT_RUN)
			json_array_append_new(runs,
					      outcome_json(&replay->runs[run],
							   replay_run_name((enum replay_run)run)));
	print_object(json_pack("{s:s, s:s, s:s, s:s, s:o}", "type", "case", "script", item->path,
			       "kind", item->kind, "outcome", replay_verdict_name(worst(replay)),
			       "runs", runs));
}

static void print_progress(const struct report *report)
{
	if (report->has_progress)
		fprintf(stderr, "\r\033[K  %zu of %zu", report->done_count,
			report->corpus.cases.count);
}

static void clear_progress(const struct report *report)
{
	if (report->has_progress)
		fputs("\r\033[K", stderr);
}

static void on_done(void *data, size_t number, const struct replay *replay, const char *why)
{
	struct report *report = data;

	report->done_count++;
	report->is_done[number] = true;
	if (replay) {
		report->replays[number] = *replay;
	} else {
		struct replay_outcome *outcome = &report->replays[number].runs[RUN_CONTROL];

		outcome->verdict = REPLAY_MISMATCH;
		snprintf(outcome->why, sizeof(outcome->why), "%s", why);
	}
	clear_progress(report);
	for (; report->next < report->corpus.cases.count && report->is_done[report->next];
	     report->next++) {
		const struct corpus_case *item = &report->corpus.cases.items[report->next];

		count(report, item, &report->replays[report->next]);
		if (report->options->corpus.prints_json)
			print_case_json(item, &report->replays[report->next]);
		else
			print_line(item, &report->replays[report->next]);
	}
	fflush(stdout);
	print_progress(report);
}

/* ---- all of them ---- */

static struct tally sum(const struct report *report)
{
	struct tally all = { 0 };

	for (int run = RUN_BOTH; run < RUN_COUNT; run++) {
		const struct tally *wall = &report->walls[run];

		all.passed += wall->passed;
		all.escaped += wall->escaped;
		all.mismatched += wall->mismatched;
		all.skipped += wall->skipped;
		all.not_held += wall->not_held;
		all.held_anyway += wall->held_anyway;
	}
	return all;
}

static void print_wall(const struct report *report, enum replay_run run, const char *name)
{
	const struct tally *tally = &report->walls[run];

	if (!(report->corpus.settings.walls & 1u << run))
		return;
	printf("  %-13s %u contained, %u escaped, %u mismatches, %u skipped", name, tally->passed,
	       tally->escaped, tally->mismatched, tally->skipped);
	if (run == RUN_WALL2)
		printf("; %u not held, as stated; %u held anyway", tally->not_held,
		       tally->held_anyway);
	putchar('\n');
}

static void print_not_held(const struct report *report)
{
	bool is_first = true;

	for (size_t i = 0; i < report->next; i++) {
		const struct corpus_case *item = &report->corpus.cases.items[i];
		char reason[2 * HEADER_TEXT_MAX];

		if (report->replays[i].runs[RUN_WALL2].verdict != REPLAY_NOT_HELD)
			continue;
		if (is_first)
			puts("  wall 2 alone does not hold, as their headers say:");
		is_first = false;
		text_show_string(reason, sizeof(reason), item->header.wall2_reason);
		fputs("    ", stdout);
		print_name(item);
		printf(" %s\n", reason);
	}
}

static void print_summary(const struct report *report)
{
	struct tally all = sum(report);

	print_not_held(report);
	printf("  %-13s %u attacks, %u ordinary programs\n", "scripts", report->attacks,
	       report->ordinary);
	printf("  %-13s %u proved, %u not run, %u failed\n", "controls", report->controls_proved,
	       report->controls_skipped, report->controls_failed);
	print_wall(report, RUN_BOTH, "both walls");
	print_wall(report, RUN_WALL1, "wall 1 alone");
	print_wall(report, RUN_WALL2, "wall 2 alone");
	printf("%u passed, %u failed, %u skipped\n", all.passed + all.held_anyway,
	       all.escaped + all.mismatched + report->controls_failed, all.skipped);
}

static json_t *tally_json(const struct tally *tally)
{
	return json_pack("{s:i, s:i, s:i, s:i, s:i, s:i}", "contained", tally->passed, "escaped",
			 tally->escaped, "mismatched", tally->mismatched, "skipped",
			 tally->skipped, "not_held", tally->not_held, "held_anyway",
			 tally->held_anyway);
}

static void print_summary_json(const struct report *report)
{
	json_t *walls = json_object();

	for (int run = RUN_BOTH; run < RUN_COUNT; run++)
		if (report->corpus.settings.walls & 1u << run)
			json_object_set_new(walls, replay_run_name((enum replay_run)run),
					    tally_json(&report->walls[run]));
	print_object(json_pack("{s:s, s:i, s:i, s:{s:i, s:i, s:i}, s:o}", "type", "summary",
			       "attacks", report->attacks, "ordinary", report->ordinary, "controls",
			       "proved", report->controls_proved, "not_run",
			       report->controls_skipped, "failed", report->controls_failed, "walls",
			       walls));
}

static int finish(const struct report *report)
{
	struct tally all = sum(report);

	clear_progress(report);
	if (report->options->corpus.prints_json)
		print_summary_json(report);
	else
		print_summary(report);
	if (fflush(stdout) != 0)
		return EXIT_PYJAIL;
	return all.escaped + all.mismatched + report->controls_failed ? EXIT_FAILED : 0;
}

static int run(struct report *report)
{
	int result;

	report->replays = calloc(report->corpus.cases.count, sizeof(*report->replays));
	report->is_done = calloc(report->corpus.cases.count, sizeof(*report->is_done));
	if (!report->replays || !report->is_done)
		return say_failure("corpus", ENOMEM);
	report->corpus.done = on_done;
	report->corpus.data = report;
	report->has_progress = isatty(2) && !report->options->corpus.prints_json;
	print_progress(report);
	result = corpus_run(&report->corpus);
	if (result > 0) {
		clear_progress(report);
		return EXIT_SIGNAL + result;
	}
	return result < 0 ? say_failure("corpus", -result) : finish(report);
}

int corpus_report(const struct options *options)
{
	struct report *report = calloc(1, sizeof(*report));
	struct fault fault;
	int status = EXIT_USAGE;

	if (!report)
		return say_failure("corpus", ENOMEM);
	report->options = options;
	if (corpus_open(options, &report->corpus, &fault) < 0)
		say_fault(&fault);
	else
		status = options->corpus.compares ? corpus_table(options, &report->corpus)
						  : run(report);
	corpus_close(&report->corpus);
	free(report->replays);
	free(report->is_done);
	free(report);
	return status;
}
