/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c: see replay.h. */
#include "tracer/corpus/replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/corpus/outcome.h"

#define PATIENCE_S 20.0
#define BOUND_S 3.0

static const char *const run_names[RUN_COUNT] = {
	[RUN_CONTROL] = "control", [RUN_BOTH] = "both", [RUN_WALL1] = "1", [RUN_WALL2] = "2",
};

static const char *const verdict_names[] = {
	[REPLAY_NOT_RUN] = "not run",     [REPLAY_PROVED] = "proved",
	[REPLAY_CONTAINED] = "contained", [REPLAY_ESCAPED] = "ESCAPED",
	[REPLAY_MISMATCH] = "MISMATCH",   [REPLAY_SKIPPED] = "skipped",
	[REPLAY_NOT_HELD] = "not held",   [REPLAY_HELD_ANYWAY] = "held anyway",
};

const char *replay_run_name(enum replay_run run)
{
	return run_names[run];
}

int replay_find_run(const char *name, size_t length)
{
	for (int run = RUN_BOTH; run < RUN_COUNT; run++)
		if (strlen(run_names[run]) == length && !memcmp(run_names[run], name, length))
			return run;
	return -1;
}

const char *replay_verdict_name(enum replay_verdict verdict)
{
	return verdict_names[verdict];
}

double replay_patience(const struct replay_settings *settings)
{
	double patience = PATIENCE_S + 10;

	for (int run = RUN_BOTH; run < RUN_COUNT; run++)
		if (settings->walls & 1u << run)
			patience += PATIENCE_S + 10;
	return patience;
}

static void set(struct replay_outcome *outcome, enum replay_verdict verdict, const char *why)
{
	outcome->verdict = verdict;
	outcome_format(outcome->why, sizeof(outcome->why), "%s", why);
}

/* ---- without the jail ---- */

static void judge_control(const struct attempt *attempt, struct replay_outcome *outcome)
{
	const struct corpus_header *header = &attempt->header;
	char why[ATTEMPT_WHY_MAX];

	if (attempt_is_skipped(attempt, why, sizeof(why)))
		set(outcome, REPLAY_SKIPPED, why);
	else if (attempt->proofs)
		set(outcome, REPLAY_PROVED, attempt->why);
	/* How a limit or pyjail's own status would end it, the bare run cannot show. */
	else if (header->is_ordinary &&
		 (header->end != END_STATUS || attempt->status == header->status))
		set(outcome, REPLAY_PROVED, "");
	else if (header->is_ordinary)
		set(outcome, REPLAY_MISMATCH, "it does not work without the jail either");
	else
		set(outcome, REPLAY_MISMATCH, attempt->timed_out
			? "the control shows no success in time: proves nothing"
			: "the control shows no success: proves nothing");
}

/* ---- behind walls ---- */

static void judge_wall2(const struct attempt *attempt, struct replay_outcome *outcome)
{
	bool lets_through = attempt->header.wall2_lets_through;

	if (attempt->proofs)
		set(outcome, lets_through ? REPLAY_NOT_HELD : REPLAY_ESCAPED, attempt->why);
	else if (attempt->timed_out)
		set(outcome, lets_through ? REPLAY_NOT_HELD : REPLAY_MISMATCH,
		    "it had to be killed");
	else
		set(outcome, lets_through ? REPLAY_HELD_ANYWAY : REPLAY_CONTAINED, "");
}

static void judge_jailed(const struct attempt *attempt, bool had_control,
			 struct replay_outcome *outcome)
{
	char why[ATTEMPT_WHY_MAX];

	if (attempt->proofs)
		set(outcome, REPLAY_ESCAPED, attempt->why);
	else if (attempt_is_skipped(attempt, why, sizeof(why)) && !had_control)
		set(outcome, REPLAY_SKIPPED, why);
	else if (attempt->mismatch[0])
		set(outcome, REPLAY_MISMATCH, attempt->mismatch);
	else
		set(outcome, REPLAY_CONTAINED, "");
}

static void run_one(const struct replay_settings *settings, const struct corpus_case *item,
		    enum replay_run run, bool had_control, struct replay_outcome *outcome)
{
	bool is_bounded = run == RUN_CONTROL && item->header.control == CONTROL_BOUNDED;
	const char *jail = run == RUN_WALL2 ? settings->wall2_jail : settings->jail;
	const struct attempt_plan plan = {
		.folder = settings->folder,
		.name = item->name,
		.text = item->text,
		.is_ordinary = item->header.is_ordinary,
		.python = settings->python,
		.jail = run == RUN_CONTROL ? NULL : jail,
		.has_landlock = run != RUN_WALL1,
		.is_bounded = is_bounded,
		.is_host = run == RUN_CONTROL && !strcmp(item->kind, "language"),
		.patience_s = is_bounded ? BOUND_S : PATIENCE_S,
	};
	struct attempt *attempt = calloc(1, sizeof(*attempt));

	if (!attempt || attempt_run(&plan, attempt) < 0)
		set(outcome, REPLAY_MISMATCH, attempt ? attempt->why : "out of memory");
	else if (run == RUN_CONTROL)
		judge_control(attempt, outcome);
	else if (run == RUN_WALL2)
		judge_wall2(attempt, outcome);
	else
		judge_jailed(attempt, had_control, outcome);
	if (attempt) {
		outcome->proofs = attempt->proofs;
		outcome->wall_s = attempt->wall_s;
	}
	free(attempt);
}

static bool is_wanted(const struct replay_settings *settings, const struct corpus_case *item,
		      int run)
{
	/* Honest writing is what wall 2 refuses where wall 1 does not do it for the script. */
	return settings->walls & 1u << run && !(run == RUN_WALL2 && item->header.is_ordinary);
}

/* A limit that wall 1 enforces: there is no use in letting it be passed. */
static bool is_without_limit(const struct corpus_case *item)
{
	return item->header.wall2_lets_through && (item->header.proofs & PROOF_EXCEEDED);
}

static void skip_all(const struct replay_settings *settings, const struct corpus_case *item,
		     const char *why, struct replay *replay)
{
	for (int run = RUN_BOTH; run < RUN_COUNT; run++)
		if (is_wanted(settings, item, run))
			set(&replay->runs[run], REPLAY_SKIPPED, why);
}

void replay_case(const struct replay_settings *settings, const struct corpus_case *item,
		 struct replay *ret_replay)
{
	struct replay_outcome *control = &ret_replay->runs[RUN_CONTROL];
	char why[ATTEMPT_WHY_MAX];
	bool has_control = item->header.control != CONTROL_NONE;

	memset(ret_replay, 0, sizeof(*ret_replay));
	if (need_missing(item->header.needs, &settings->machine, why, sizeof(why))) {
		set(control, REPLAY_SKIPPED, why);
		skip_all(settings, item, why, ret_replay);
		return;
	}
	if (has_control)
		run_one(settings, item, RUN_CONTROL, false, control);
	else
		set(control, REPLAY_SKIPPED, item->header.control_reason);
	if (has_control && control->verdict == REPLAY_SKIPPED) {
		skip_all(settings, item, control->why, ret_replay);
		return;
	}
	for (int run = RUN_BOTH; run < RUN_COUNT; run++) {
		struct replay_outcome *outcome = &ret_replay->runs[run];

		if (is_wanted(settings, item, run) && run == RUN_WALL2 && is_without_limit(item))
			set(outcome, REPLAY_NOT_HELD, "not run: nobody would end it");
		else if (is_wanted(settings, item, run))
			run_one(settings, item, (enum replay_run)run, has_control, outcome);
	}
}
