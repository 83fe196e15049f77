/* SPDX-License-Identifier: Apache-2.0 */
/* corpus.c: see corpus.h. */
#include "tracer/corpus/corpus.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/corpus/canary.h"
#include "tracer/corpus/pool.h"
#include "tracer/python/find.h"

#define DEFAULT_PATH "corpus"
#define COMPARED_PATH "corpus/language"
#define WALL2_NAME "pyjail-wall2"

static int find_version(struct corpus *corpus, struct fault *fault)
{
	char text[64] = "";
	int ends[2];
	ssize_t n;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], 1);
		execl(corpus->python, corpus->python, "-I", "-c",
		      "import sys; print(sys.version.split()[0])", NULL);
		_exit(127);
	}
	close(ends[1]);
	n = pid > 0 ? read(ends[0], text, sizeof(text) - 1) : -1;
	text[n > 0 ? n : 0] = '\0';
	close(ends[0]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	corpus->settings.machine.python = need_version(text);
	if (!corpus->settings.machine.python)
		return fault_set(fault, "%s does not say its version", corpus->python);
	return 0;
}

static int find_interpreter(const struct options *options, struct corpus *corpus,
			    struct fault *fault)
{
	struct interpreter *found = calloc(1, sizeof(*found));
	int error = found ? find_python(options->python, getenv("PATH"), NULL, found, fault)
			  : -ENOMEM;

	if (error == 0) {
		snprintf(corpus->python, sizeof(corpus->python), "%s", found->program);
		corpus->settings.python = corpus->python;
	}
	free(found);
	return error;
}

/* This very program; and the test build beside it. */
static int find_jails(struct corpus *corpus, struct fault *fault)
{
	ssize_t length = readlink("/proc/self/exe", corpus->jail, sizeof(corpus->jail) - 1);
	char *slash;

	if (length < 0)
		return -errno;
	corpus->jail[length] = '\0';
	corpus->settings.jail = corpus->jail;
	if (!(corpus->settings.walls & 1u << RUN_WALL2))
		return 0;
	slash = strrchr(corpus->jail, '/');
	snprintf(corpus->wall2_jail, sizeof(corpus->wall2_jail), "%.*s/%.32s",
		 (int)(slash - corpus->jail), corpus->jail, WALL2_NAME);
	corpus->settings.wall2_jail = corpus->wall2_jail;
	if (access(corpus->wall2_jail, X_OK) == 0)
		return 0;
	fault_set(fault, "wall 2 alone needs the test build %s beside this program", WALL2_NAME);
	snprintf(fault->cure, sizeof(fault->cure), "make corpus  builds it, and runs it");
	return -ENOENT;
}

static int find_walls(const struct options *options, struct corpus *corpus,
		      struct fault *fault)
{
	struct replay_settings *settings = &corpus->settings;

	need_look(&settings->machine);
	settings->walls = options->corpus.walls ? options->corpus.walls : 1u << RUN_BOTH;
	if (settings->walls & 1u << RUN_WALL2 && !settings->machine.landlock_abi)
		return fault_set(fault, "wall 2 is Landlock, which this kernel does not have");
	return find_jails(corpus, fault);
}

static int make_folder(struct corpus *corpus, struct fault *fault)
{
	const char *place = getenv("TMPDIR");

	snprintf(corpus->folder, sizeof(corpus->folder), "%.200s/pyjail-corpus.XXXXXX",
		 place && place[0] == '/' ? place : "/tmp");
	if (!mkdtemp(corpus->folder) || chmod(corpus->folder, 0755) < 0) {
		corpus->folder[0] = '\0';
		fault_set(fault, "no temporary folder: %s", strerror(errno));
		return -EIO;
	}
	corpus->settings.folder = corpus->folder;
	return 0;
}

static unsigned count_processors(void)
{
	cpu_set_t cpus;

	return sched_getaffinity(0, sizeof(cpus), &cpus) == 0 ? (unsigned)CPU_COUNT(&cpus) : 1;
}

int corpus_open(const struct options *options, struct corpus *ret_corpus,
		struct fault *ret_fault)
{
	const char *const usual = options->corpus.compares ? COMPARED_PATH : DEFAULT_PATH;
	const char *const *paths = options->word_count ? options->words : &usual;
	int error;

	memset(ret_corpus, 0, sizeof(*ret_corpus));
	memset(ret_fault, 0, sizeof(*ret_fault));
	ret_corpus->compare.restricted = options->corpus.restricted;
	ret_corpus->jobs = options->corpus.jobs ? (unsigned)options->corpus.jobs
						: count_processors();
	error = cases_find(paths, options->word_count ? options->word_count : 1,
			   &ret_corpus->cases, ret_fault);
	if (error == 0)
		error = find_walls(options, ret_corpus, ret_fault);
	if (error == 0)
		error = find_interpreter(options, ret_corpus, ret_fault);
	if (error == 0)
		error = find_version(ret_corpus, ret_fault);
	if (error == 0)
		error = make_folder(ret_corpus, ret_fault);
	if (error < 0 && !ret_fault->text[0])
		fault_set(ret_fault, "%s", strerror(-error));
	return error;
}

void corpus_close(struct corpus *corpus)
{
	if (corpus->folder[0])
		canary_remove(corpus->folder);
	cases_free(&corpus->cases);
}

static volatile sig_atomic_t stop_signal;

static void on_signal(int number)
{
	stop_signal = number;
}

static void work(void *data, size_t number, void *ret_result)
{
	const struct corpus *corpus = data;

	replay_case(&corpus->settings, &corpus->cases.items[number], ret_result);
}

static void done(void *data, size_t number, const void *result, const char *why)
{
	struct corpus *corpus = data;

	corpus->done(corpus->data, number, result, why);
}

/* Two that use up a machine at once would each run into the other's limits. */
static bool is_heavy(const void *data, size_t number)
{
	const struct corpus *corpus = data;

	return (corpus->cases.items[number].header.proofs & PROOF_EXCEEDED) != 0;
}

static const int stop_signals[] = { SIGINT, SIGTERM, SIGHUP };

/* The pool, with Ctrl-C and its like caught. */
static int run_pool(const struct pool *pool)
{
	const struct sigaction catch = { .sa_handler = on_signal };
	struct sigaction before[ARRAY_SIZE(stop_signals)];
	int error;

	stop_signal = 0;
	for (size_t i = 0; i < ARRAY_SIZE(stop_signals); i++)
		sigaction(stop_signals[i], &catch, &before[i]);
	error = pool_run(pool);
	for (size_t i = 0; i < ARRAY_SIZE(stop_signals); i++)
		sigaction(stop_signals[i], &before[i], NULL);
	return error == -EINTR ? (int)stop_signal : error;
}

int corpus_run(struct corpus *corpus)
{
	const struct pool pool = {
		.count = corpus->cases.count, .jobs = corpus->jobs, .data = corpus,
		.result_size = sizeof(struct replay), .work = work, .done = done,
		.patience_s = replay_patience(&corpus->settings), .is_heavy = is_heavy,
		.stop = &stop_signal,
	};

	return run_pool(&pool);
}

/* ---- the comparison ---- */

static void try_honest(void *data, size_t number, void *ret_result)
{
	const struct corpus *corpus = data;

	compare_honest(&corpus->compare, (enum corpus_sandbox)number, ret_result);
}

static void tried_honest(void *data, size_t number, const void *result, const char *why)
{
	struct corpus *corpus = data;
	struct compare_honest *honest = &corpus->honest[number];

	if (result)
		*honest = *(const struct compare_honest *)result;
	else
		snprintf(honest->said, sizeof(honest->said), "%s", why);
	corpus->compare.works[number] = honest->works;
}

static void compare(void *data, size_t number, void *ret_result)
{
	const struct corpus *corpus = data;

	compare_case(&corpus->compare, &corpus->cases.items[number], ret_result);
}

static void compared(void *data, size_t number, const void *result, const char *why)
{
	struct corpus *corpus = data;

	corpus->compared(corpus->data, number, result, why);
}

/* Beside the folder of the first script: corpus/language/x.py, corpus/sandboxes. */
static int find_sandboxes(struct corpus *corpus)
{
	cleanup_free char *script = realpath(corpus->cases.items[0].path, NULL);
	char *slash = script ? strrchr(script, '/') : NULL;

	if (!slash)
		return -ENOENT;
	*slash = '\0';
	snprintf(corpus->sandboxes, sizeof(corpus->sandboxes), "%.4000s/../sandboxes", script);
	corpus->compare.folder = corpus->sandboxes;
	return access(corpus->sandboxes, X_OK) < 0 ? -ENOENT : 0;
}

int corpus_compare(struct corpus *corpus)
{
	const struct pool honest = {
		.count = SANDBOX_COUNT, .jobs = corpus->jobs, .data = corpus,
		.result_size = sizeof(struct compare_honest), .work = try_honest,
		.done = tried_honest, .patience_s = compare_patience(), .stop = &stop_signal,
	};
	const struct pool all = {
		.count = corpus->cases.count, .jobs = corpus->jobs, .data = corpus,
		.result_size = sizeof(struct compare), .work = compare, .done = compared,
		.patience_s = replay_patience(&corpus->settings) + compare_patience(),
		.is_heavy = is_heavy, .stop = &stop_signal,
	};
	int error = find_sandboxes(corpus);

	corpus->compare.replay = &corpus->settings;
	if (error == 0)
		error = run_pool(&honest);
	return error == 0 ? run_pool(&all) : error;
}
