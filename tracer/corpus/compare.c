/* SPDX-License-Identifier: Apache-2.0 */
/* compare.c: see compare.h. */
#include "tracer/corpus/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/corpus/outcome.h"

#define PATIENCE_S 6.0
#define CANNOT_EXPRESS 3        /* harness.py */
#define SKIPPED 77

static const struct {
	const char *program, *title;
} sandboxes[SANDBOX_COUNT] = {
	[SANDBOX_AUDIT] = { "audit.py", "audit hook" },
	[SANDBOX_AUDIT_PROCESS] = { "audit_process.py", "hook + process" },
	[SANDBOX_EXEC] = { "exec_empty.py", "empty builtins" },
	[SANDBOX_AST] = { "ast_filter.py", "AST filter" },
	[SANDBOX_RESTRICTED] = { "restricted.py", "RestrictedPython" },
};

static const char *const cell_names[] = {
	[CELL_NONE] = "-", [CELL_ESCAPED] = "escaped", [CELL_CONTAINED] = "contained",
	[CELL_CANNOT] = "cannot express",
};

/* All that a script needs when it is not looked at: --honest. */
static const char nothing[] = "# SPDX-License-Identifier: Apache-2.0\n# tries: nothing\n";

const char *compare_cell_name(enum compare_cell cell)
{
	return cell_names[cell];
}

const char *compare_title(enum corpus_sandbox sandbox)
{
	return sandboxes[sandbox].title;
}

double compare_patience(void)
{
	return (SANDBOX_COUNT + 1) * (PATIENCE_S + 10) + 30;
}

static int run(const struct compare_settings *settings, enum corpus_sandbox sandbox,
	       const struct attempt_plan *script, struct attempt *attempt)
{
	struct attempt_plan plan = *script;
	char program[PATH_MAX], path[PATH_MAX];
	size_t count = 0;

	snprintf(program, sizeof(program), "%.4000s/%s", settings->folder,
		 sandboxes[sandbox].program);
	plan.folder = settings->replay->folder;
	plan.python = settings->replay->python;
	plan.is_bounded = plan.is_host = true;
	plan.patience_s = PATIENCE_S;
	/* Nobody's bytecode into the checkout: -B stands first. */
	plan.before[count++] = "-B";
	plan.before[count++] = program;
	if (sandbox == SANDBOX_RESTRICTED && settings->restricted) {
		snprintf(path, sizeof(path), "--path=%.4000s", settings->restricted);
		plan.before[count++] = path;
	}
	if (plan.is_ordinary)
		plan.before[count++] = "--honest";
	return attempt_run(&plan, attempt);
}

static void last_line(const char *text, char *out, size_t size)
{
	size_t end = strlen(text), start;

	while (end && text[end - 1] == '\n')
		end--;
	start = end;
	while (start && text[start - 1] != '\n')
		start--;
	snprintf(out, size, "%.*s", (int)(end - start), text + start);
}

void compare_honest(const struct compare_settings *settings, enum corpus_sandbox sandbox,
		    struct compare_honest *ret_honest)
{
	struct attempt *attempt = calloc(1, sizeof(*attempt));
	struct attempt_plan plan = { .name = "nothing.py", .text = nothing, .is_ordinary = true };

	memset(ret_honest, 0, sizeof(*ret_honest));
	if (attempt && run(settings, sandbox, &plan, attempt) == 0) {
		ret_honest->works = attempt->status == 0 && strstr(attempt->out, "ok\n");
		last_line(attempt->err[0] ? attempt->err : attempt->out, ret_honest->said,
			  sizeof(ret_honest->said));
		if (ret_honest->works)
			snprintf(ret_honest->said, sizeof(ret_honest->said), "%.*s",
				 (int)strcspn(attempt->out, "\n"), attempt->out);
	}
	free(attempt);
}

static enum compare_cell judge(const struct attempt *attempt)
{
	if (attempt->proofs)
		return CELL_ESCAPED;
	if (attempt->status == SKIPPED)
		return CELL_NONE;
	return attempt->status == CANNOT_EXPRESS ? CELL_CANNOT : CELL_CONTAINED;
}

static void in_sandbox(const struct compare_settings *settings, const struct corpus_case *item,
		       enum corpus_sandbox sandbox, struct compare *compare)
{
	struct attempt *attempt = calloc(1, sizeof(*attempt));
	struct attempt_plan plan = { .name = item->name, .text = item->text };
	char *why = compare->why[sandbox];

	if (attempt && run(settings, sandbox, &plan, attempt) == 0) {
		compare->cells[sandbox] = judge(attempt);
		if (attempt->proofs)
			outcome_format(why, sizeof(compare->why[0]), "%s", attempt->why);
		else
			last_line(attempt->err, why, sizeof(compare->why[0]));
	}
	free(attempt);
}

void compare_case(const struct compare_settings *settings, const struct corpus_case *item,
		  struct compare *ret_compare)
{
	struct replay_settings both = *settings->replay;
	struct replay *replay = calloc(1, sizeof(*replay));

	memset(ret_compare, 0, sizeof(*ret_compare));
	both.walls = 1u << RUN_BOTH;
	if (replay) {
		replay_case(&both, item, replay);
		ret_compare->jail = replay->runs[RUN_BOTH];
	}
	for (int sandbox = 0; replay && sandbox < SANDBOX_COUNT; sandbox++)
		if (settings->works[sandbox] && ret_compare->jail.verdict != REPLAY_SKIPPED)
			in_sandbox(settings, item, (enum corpus_sandbox)sandbox, ret_compare);
	free(replay);
}
