/* SPDX-License-Identifier: Apache-2.0 */
/* attempt.c: see attempt.h. */
#include "tracer/corpus/attempt.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "tracer/corpus/bystander.h"
#include "tracer/corpus/canary.h"
#include "tracer/corpus/child.h"
#include "tracer/corpus/events.h"
#include "tracer/corpus/fill.h"
#include "tracer/corpus/listeners.h"
#include "tracer/corpus/objects.h"
#include "tracer/corpus/outcome.h"
#include "tracer/corpus/tree.h"
#include "tracer/corpus/usage.h"
#include "tracer/corpus/watch.h"

#define TICK_MS 20
#define SURVIVE_S 1.0
#define SKIPPED 77
#define EXIT_PYJAIL_FAILED 125
#define WORDS_MAX (HEADER_OPTIONS_MAX + 12)

/* The surroundings of one run. */
struct scene {
	const struct attempt_plan *plan;
	struct attempt *attempt;
	char base[PATH_MAX], script[PATH_MAX];
	char token[40];
	struct fill fill;
	struct listeners listeners;
	pid_t bystander;
	struct watch victim, top;
	struct child child;
	char *before;                /* the canary's look */
	double start_s;
};

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool wants(const struct scene *scene, unsigned proof)
{
	return (scene->attempt->header.proofs & proof) != 0;
}

static void succeed(struct scene *scene, unsigned proof, const char *format, const char *what)
{
	struct attempt *attempt = scene->attempt;

	if (!attempt->proofs) {
		int n = snprintf(attempt->why, sizeof(attempt->why), "%s: ", proof_name(proof));

		outcome_format(attempt->why + n, sizeof(attempt->why) - (size_t)n, format, what);
	}
	attempt->proofs |= proof;
}

/* ---- before ---- */

static int failed(struct scene *scene, int error, const char *what)
{
	snprintf(scene->attempt->why, sizeof(scene->attempt->why), "%.256s: %s", what,
		 strerror(-error));
	return error;
}

/* "T" and hex digits: its first character occurs nowhere else in it. */
static int make_token(char token[40])
{
	unsigned char bytes[16];

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return -EIO;
	token[0] = 'T';
	for (size_t i = 0; i < sizeof(bytes); i++)
		sprintf(token + 1 + 2 * i, "%02x", bytes[i]);
	return 0;
}

static int write_script(struct scene *scene)
{
	struct fault fault = { 0 };
	cleanup_free char *text = NULL;
	FILE *f;
	int error = fill_text(&scene->fill, scene->plan->text, &text, &fault);

	if (error == 0)
		error = header_parse(scene->plan->name, text, scene->plan->is_ordinary,
				     &scene->attempt->header, &fault);
	if (error < 0) {
		snprintf(scene->attempt->why, sizeof(scene->attempt->why), "%s", fault.text);
		return error;
	}
	f = fopen(scene->script, "we");
	if (!f)
		return failed(scene, -errno, scene->script);
	fputs(text, f);
	return fclose(f) == 0 ? 0 : failed(scene, -EIO, scene->script);
}

static void fill_names(struct scene *scene)
{
	struct fill *fill = &scene->fill;

	snprintf(fill->value[FILL_BASE], PATH_MAX, "%s", scene->base);
	outcome_format(fill->value[FILL_CANARY], PATH_MAX, "%s/canary", scene->base);
	outcome_format(fill->value[FILL_WORK], PATH_MAX, "%s/w", scene->base);
	snprintf(fill->value[FILL_TOKEN], PATH_MAX, "%s", scene->token);
	snprintf(fill->value[FILL_VICTIM], PATH_MAX, "%d", scene->bystander);
	snprintf(fill->value[FILL_PYTHON], PATH_MAX, "%s", scene->plan->python);
}

static int prepare(struct scene *scene)
{
	const struct attempt_plan *plan = scene->plan;
	int error;

	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		return failed(scene, -errno, "subreaper");
	if (snprintf(scene->base, PATH_MAX, "%s/XXXXXX", plan->folder) >= PATH_MAX ||
	    !mkdtemp(scene->base) || chmod(scene->base, 0755) < 0)
		return failed(scene, -errno, plan->folder);
	if (snprintf(scene->script, PATH_MAX, "%s/s/%s", scene->base, plan->name) >= PATH_MAX)
		return failed(scene, -ENAMETOOLONG, plan->name);
	error = make_token(scene->token);
	if (error == 0)
		error = canary_make(scene->base, scene->token);
	if (error == 0)
		error = bystander_start(scene->base, scene->token, &scene->bystander);
	if (error == 0)
		error = listeners_open(&scene->listeners, scene->base, &scene->fill);
	if (error < 0)
		return failed(scene, error, "the surroundings");
	fill_names(scene);
	error = write_script(scene);
	return error < 0 ? error : canary_look(scene->base, &scene->before);
}

/* ---- the run ---- */

static size_t jail_words(const struct scene *scene, char (*made)[PATH_MAX], const char **words)
{
	const struct corpus_header *header = &scene->attempt->header;
	size_t count = 0;

	words[count++] = scene->plan->jail;
	snprintf(made[0], PATH_MAX, "--python=%.4000s", scene->plan->python);
	outcome_format(made[1], PATH_MAX, "--record=%s/record.jsonl", scene->base);
	outcome_format(made[2], PATH_MAX, "--result=%s/result.json", scene->base);
	for (int i = 0; i < 3; i++)
		words[count++] = made[i];
	if (!scene->plan->has_landlock)
		words[count++] = "--no-landlock";
	for (unsigned i = 0; i < header->option_count; i++)
		words[count++] = header->options[i];
	words[count++] = scene->script;
	return count;
}

static size_t bare_words(const struct scene *scene, const char **words)
{
	size_t count = 0;

	words[count++] = scene->plan->python;
	for (size_t i = 0; i < ATTEMPT_WORDS_MAX && scene->plan->before[i]; i++)
		words[count++] = scene->plan->before[i];
	words[count++] = scene->script;
	return count;
}

static int start(struct scene *scene)
{
	static char made[3][PATH_MAX];
	const struct corpus_header *header = &scene->attempt->header;
	const char *words[WORDS_MAX] = { NULL };
	char folder[PATH_MAX], home[PATH_MAX], file[PATH_MAX], variable[64];
	const char *const envp[] = {
		scene->plan->jail ? variable : "USER=nobody", home, "PATH=/usr/bin:/bin",
		"LANG=C.UTF-8", "TERM=xterm", "PYTHONDONTWRITEBYTECODE=1", NULL
	};
	const struct child_plan plan = {
		.argv = (char *const *)words,
		.envp = (char *const *)envp,
		.cwd = folder,
		.input = header->input,
		.token = scene->token,
		.variable = variable,
		.open_file = file,
		.has_terminal = (header->proofs & PROOF_TERMINAL) ||
				strstr(header->needs, "terminal"),
		.has_stand_in = !scene->plan->jail,
		.is_bounded = scene->plan->is_bounded,
	};
	size_t count = scene->plan->jail ? jail_words(scene, made, words)
					 : bare_words(scene, words);

	words[count] = NULL;
	outcome_format(folder, sizeof(folder), "%s/s", scene->base);
	outcome_format(file, sizeof(file), "%s/canary/file", scene->base);
	outcome_format(variable, sizeof(variable), "TOKEN=%s", scene->token);
	outcome_format(home, sizeof(home), "HOME=%s/w", scene->base);
	return child_start(&scene->child, &plan);
}

/* What may pass again before the run is over. */
static void look_on(struct scene *scene)
{
	char what[128];

	if (wants(scene, PROOF_LISTENING) && listeners_can_connect(&scene->listeners))
		succeed(scene, PROOF_LISTENING, "%s", "its port accepts connections");
	if (wants(scene, PROOF_VICTIM) && watch_look(&scene->victim, what, sizeof(what)))
		succeed(scene, PROOF_VICTIM, "the bystander %s", what);
	if (wants(scene, PROOF_TRACER) && watch_look(&scene->top, what, sizeof(what)))
		succeed(scene, PROOF_TRACER, "the process above %s", what);
	if (wants(scene, PROOF_EXCEEDED) && !scene->plan->jail &&
	    usage_exceeds(&scene->attempt->header, scene->child.program, scene->base,
			  scene->child.out.bytes + scene->child.err.bytes,
			  now_s() - scene->start_s, what, sizeof(what)))
		succeed(scene, PROOF_EXCEEDED, "%s", what);
}

/* To the script's end, the end of patience, or of what a control needs to show. */
static void follow(struct scene *scene)
{
	struct attempt *attempt = scene->attempt;
	bool has_ended = false;

	watch_begin(&scene->victim, scene->bystander, false, wants(scene, PROOF_VICTIM));
	watch_begin(&scene->top, scene->child.top, scene->plan->jail != NULL,
		    !scene->plan->jail && wants(scene, PROOF_TRACER));
	scene->start_s = now_s();
	child_go(&scene->child);
	while (!has_ended && !attempt->timed_out && !(attempt->proofs & PROOF_EXCEEDED)) {
		has_ended = child_attend(&scene->child, TICK_MS);
		attempt->timed_out = !has_ended &&
				     now_s() - scene->start_s > scene->plan->patience_s;
		look_on(scene);
	}
	child_drain(&scene->child);
	attempt->wall_s = now_s() - scene->start_s;
	attempt->signal = watch_end_signal(scene->child.program);
	attempt->status = watch_exit_status(scene->child.program);
	snprintf(attempt->out, sizeof(attempt->out), "%.*s", (int)sizeof(attempt->out) - 1,
		 scene->child.out.text);
	snprintf(attempt->err, sizeof(attempt->err), "%.*s", (int)sizeof(attempt->err) - 1,
		 scene->child.err.text);
}

/* ---- after ---- */

/*
 * Everybody whom the script started is below us, since we are a subreaper, and so is a child of
 * ours or has an ancestor that is one, if only as a zombie: no child at all is an exact answer,
 * also to one that forks and ends again and again.  __WALL: a clone may end without SIGCHLD.
 */
static bool has_children(void)
{
	pid_t pid;

	do
		pid = waitpid(-1, NULL, WNOHANG | __WALL);
	while (pid > 0);
	return pid == 0;
}

/* Ends those whom the runner started itself; the script has a second to be gone. */
static void look_for_survivors(struct scene *scene)
{
	double until = now_s() + SURVIVE_S;

	kill(scene->bystander, SIGKILL);
	kill(scene->child.top, SIGKILL);
	while (has_children()) {
		const struct timespec pause = { .tv_nsec = 2000000 };

		if (now_s() > until) {
			succeed(scene, PROOF_SURVIVOR, "%s", "a process of the script lives on");
			return;
		}
		nanosleep(&pause, NULL);
	}
}

static void judge_processes(struct scene *scene)
{
	struct attempt *attempt = scene->attempt;
	bool is_own_end = attempt->header.end == END_SIGNAL &&
			  attempt->signal == attempt->header.status;
	char what[128];

	if (wants(scene, PROOF_VICTIM) && watch_end(&scene->victim, what, sizeof(what)))
		succeed(scene, PROOF_VICTIM, "the bystander %s", what);
	if (!wants(scene, PROOF_TRACER))
		return;
	if (scene->plan->is_host && attempt->signal)
		succeed(scene, PROOF_TRACER, "%s", "the interpreter was ended by a signal");
	/* pyjail ends itself by the script's own SIGINT. */
	if (!(scene->plan->jail && is_own_end) && watch_end(&scene->top, what, sizeof(what)))
		succeed(scene, PROOF_TRACER, "the process above %s", what);
}

static void judge_files(struct scene *scene)
{
	cleanup_free char *after = NULL;
	char what[256];

	if (wants(scene, PROOF_CHANGED) && canary_look(scene->base, &after) == 0 &&
	    canary_differs(scene->before, after, what, sizeof(what)))
		succeed(scene, PROOF_CHANGED, "%s", what);
	if (!wants(scene, PROOF_PRINTED))
		return;
	if (scene->child.out.has_token || scene->child.err.has_token)
		succeed(scene, PROOF_PRINTED, "%s", "the token came out");
	else if (canary_leaked(scene->base, scene->token))
		succeed(scene, PROOF_PRINTED, "%s", "the token is in the work folder");
}

static void judge_rest(struct scene *scene)
{
	const struct stream *err = &scene->child.err;
	char what[128];

	if (wants(scene, PROOF_CONNECTED) &&
	    listeners_reached(&scene->listeners, what, sizeof(what)))
		succeed(scene, PROOF_CONNECTED, "%s", what);
	if (objects_take(scene->listeners.port, what, sizeof(what)) && wants(scene, PROOF_OBJECT))
		succeed(scene, PROOF_OBJECT, "%s", what);
	if (wants(scene, PROOF_TERMINAL) && child_pushed(&scene->child))
		succeed(scene, PROOF_TERMINAL, "%s", "bytes are in the terminal's input");
	if (wants(scene, PROOF_RAW) && scene->plan->jail &&
	    outcome_find_raw(err->text, err->length, what, sizeof(what)))
		succeed(scene, PROOF_RAW, "%s on stderr", what);
}

static void judge_record(struct scene *scene)
{
	struct attempt *attempt = scene->attempt;

	outcome_read_limit(scene->base, attempt->limit, sizeof(attempt->limit));
	if (wants(scene, PROOF_EXCEEDED) && attempt->timed_out)
		succeed(scene, PROOF_EXCEEDED, "%s", "it still runs");
	else if (wants(scene, PROOF_EXCEEDED) && attempt->status < EXIT_PYJAIL_FAILED &&
		 strcmp(attempt->limit, attempt->header.limit) != 0)
		succeed(scene, PROOF_EXCEEDED, "the limit on %s did not end it",
			attempt->header.limit);
	outcome_check_status(attempt, attempt->mismatch, sizeof(attempt->mismatch));
	if (!attempt->mismatch[0])
		outcome_check_record(&attempt->header, scene->base, attempt->mismatch,
				     sizeof(attempt->mismatch));
}

static void judge(struct scene *scene)
{
	struct attempt *attempt = scene->attempt;

	judge_processes(scene);
	judge_files(scene);
	judge_rest(scene);
	if (!attempt->timed_out && (scene->plan->jail || wants(scene, PROOF_SURVIVOR)))
		look_for_survivors(scene);
	if (wants(scene, PROOF_EXCEEDED) && !scene->plan->jail && attempt->timed_out)
		succeed(scene, PROOF_EXCEEDED, "%s", "it still runs");
	if (scene->plan->jail)
		judge_record(scene);
}

bool attempt_is_skipped(const struct attempt *attempt, char *out, size_t size)
{
	const char *said = attempt->err[0] ? attempt->err : attempt->out;

	if (attempt->status != SKIPPED)
		return false;
	snprintf(out, size, "no reason given");
	for (const char *line = said; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, "skip: ", 6)) {
			snprintf(out, size, "%.*s", (int)strcspn(line + 6, "\r\n"), line + 6);
			break;
		}
	}
	return true;
}

int attempt_run(const struct attempt_plan *plan, struct attempt *ret_attempt)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	int error;

	memset(ret_attempt, 0, sizeof(*ret_attempt));
	if (!scene)
		return -ENOMEM;
	scene->plan = plan;
	scene->attempt = ret_attempt;
	scene->child.end_fd = -1;
	umask(022);
	error = prepare(scene);
	if (error == 0) {
		error = start(scene);
		if (error < 0)
			failed(scene, error, "start");
	}
	if (error == 0) {
		follow(scene);
		judge(scene);
	}
	tree_kill();
	if (scene->child.top)
		child_drop(&scene->child);
	listeners_close(&scene->listeners);
	if (scene->base[0])
		canary_remove(scene->base);
	free(scene->before);
	free(scene);
	return error;
}
