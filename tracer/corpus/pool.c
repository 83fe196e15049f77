/* SPDX-License-Identifier: Apache-2.0 */
/* pool.c: see pool.h. */
#include "tracer/corpus/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tracer/corpus/tree.h"

#define JOBS_MAX 64
#define TICK_MS 200

struct worker {
	pid_t pid;                   /* 0: nobody */
	int fd;
	size_t number;
	char *result;
	size_t length;
	double until_s;
	bool is_heavy;
};

struct state {
	const struct pool *pool;
	struct worker workers[JOBS_MAX];
	unsigned jobs;
	bool *was_started;
	size_t left, running;
	bool heavy_runs;
};

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void be_worker(const struct pool *pool, size_t number, int fd)
{
	char *result = calloc(1, pool->result_size);
	size_t sent = 0;

	setsid();
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!result)
		_exit(1);
	pool->work(pool->data, number, result);
	while (sent < pool->result_size) {
		ssize_t n = write(fd, result + sent, pool->result_size - sent);

		if (n <= 0)
			_exit(1);
		sent += (size_t)n;
	}
	_exit(0);
}

static int start(struct state *state, struct worker *worker, size_t number)
{
	const struct pool *pool = state->pool;
	int ends[2];

	worker->result = calloc(1, pool->result_size);
	if (!worker->result || pipe2(ends, O_CLOEXEC) < 0) {
		free(worker->result);
		return -ENOMEM;
	}
	worker->pid = fork();
	if (worker->pid == 0) {
		close(ends[0]);
		be_worker(pool, number, ends[1]);
	}
	close(ends[1]);
	if (worker->pid < 0) {
		worker->pid = 0;
		free(worker->result);
		close(ends[0]);
		return -EAGAIN;
	}
	worker->fd = ends[0];
	worker->number = number;
	worker->length = 0;
	worker->until_s = now_s() + pool->patience_s;
	worker->is_heavy = pool->is_heavy && pool->is_heavy(pool->data, number);
	state->heavy_runs |= worker->is_heavy;
	state->was_started[number] = true;
	state->running++;
	return 0;
}

static bool find_next(const struct state *state, size_t *ret_number)
{
	const struct pool *pool = state->pool;

	for (size_t i = 0; i < pool->count; i++) {
		if (state->was_started[i] || (state->heavy_runs && pool->is_heavy &&
					      pool->is_heavy(pool->data, i)))
			continue;
		*ret_number = i;
		return true;
	}
	return false;
}

static int start_some(struct state *state)
{
	size_t number;
	int error = 0;

	for (unsigned i = 0; error == 0 && i < state->jobs; i++)
		if (!state->workers[i].pid && find_next(state, &number))
			error = start(state, &state->workers[i], number);
	return error;
}

/* What it started came to us, its parent's parent, when it died. */
static void end(struct state *state, struct worker *worker, const char *why)
{
	const struct pool *pool = state->pool;
	bool is_whole = worker->length == pool->result_size;
	char words[128] = "its runner ended early";
	int status;

	close(worker->fd);
	if (why)
		tree_kill_branch(worker->pid);
	waitpid(worker->pid, &status, 0);
	if (!why && !is_whole && WIFSIGNALED(status))
		snprintf(words, sizeof(words), "its runner was ended by signal %d",
			 WTERMSIG(status));
	if (pool->done)
		pool->done(pool->data, worker->number, is_whole ? worker->result : NULL,
			   why ? why : words);
	free(worker->result);
	if (worker->is_heavy)
		state->heavy_runs = false;
	worker->pid = 0;
	state->running--;
	state->left--;
}

static void attend(struct state *state, struct worker *worker, short events)
{
	const struct pool *pool = state->pool;
	ssize_t n = 1;

	if (events)
		n = read(worker->fd, worker->result + worker->length,
			 pool->result_size - worker->length);
	if (n > 0 && events)
		worker->length += (size_t)n;
	if (n <= 0 || worker->length == pool->result_size)
		end(state, worker, NULL);
	else if (now_s() > worker->until_s)
		end(state, worker, "it took too long, and was killed");
}

static void wait_for_some(struct state *state)
{
	struct pollfd polls[JOBS_MAX];

	for (unsigned i = 0; i < state->jobs; i++) {
		const struct worker *worker = &state->workers[i];

		polls[i] = (struct pollfd){ worker->pid ? worker->fd : -1, POLLIN, 0 };
	}
	if (poll(polls, state->jobs, TICK_MS) < 0)
		return;
	for (unsigned i = 0; i < state->jobs; i++)
		if (state->workers[i].pid)
			attend(state, &state->workers[i], polls[i].revents);
}

static void free_state(struct state *state)
{
	if (!state)
		return;
	/* Of those that an interruption left behind. */
	for (unsigned i = 0; i < state->jobs; i++)
		if (state->workers[i].pid)
			free(state->workers[i].result);
	free(state->was_started);
	free(state);
}

int pool_run(const struct pool *pool)
{
	struct state *state = calloc(1, sizeof(*state));
	int error = state ? 0 : -ENOMEM;

	if (state) {
		state->pool = pool;
		state->jobs = pool->jobs < JOBS_MAX ? pool->jobs : JOBS_MAX;
		state->left = pool->count;
		state->was_started = calloc(pool->count + 1, sizeof(bool));
		if (!state->was_started)
			error = -ENOMEM;
	}
	/* Orphans of a worker that was killed come to us. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	while (error == 0 && state->left) {
		error = start_some(state);
		if (error == 0)
			wait_for_some(state);
		if (error == 0 && pool->stop && *pool->stop)
			error = -EINTR;
	}
	tree_kill();
	free_state(state);
	return error;
}
