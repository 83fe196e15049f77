/* SPDX-License-Identifier: Apache-2.0 */
/* asked.c: see asked.h. */
#include "tests/support/asked.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "filters/policy.h"
#include "tracer/confine.h"
#include "tracer/python/find.h"

static void add_rule(struct policy *policy, enum verdict_kind verdict, enum call_class class,
		     const char *pattern)
{
	struct rule *rule = rule_new(verdict, class, strdup(pattern), "the test");

	ck_assert_ptr_nonnull(rule);
	ck_assert_int_eq(policy_add_rule(policy, rule), 0);
}

static struct policy *new_policy(const struct interpreter *python)
{
	struct policy *policy = policy_new();
	struct policy_vars vars = { .cwd = jail_folder, .interpreter = python->canonical,
				    .prefix_count = python->prefix_count };
	struct fault fault = { 0 };

	for (size_t i = 0; i < vars.prefix_count; i++)
		vars.prefixes[i] = python->prefixes[i];
	ck_assert_ptr_nonnull(policy);
	ck_assert_msg(policy_add_default(policy, &vars, &fault) == 0, "%s", fault.text);
	add_rule(policy, VERDICT_ALLOW, CLASS_READ, jail_folder);
	add_rule(policy, VERDICT_ASK, CLASS_READ, jail_path("secret"));
	add_rule(policy, VERDICT_ASK, CLASS_WRITE, jail_folder);
	add_rule(policy, VERDICT_ASK, CLASS_EXEC, "/usr/bin/true");
	return policy;
}

static void ask(void *data, uint64_t number, const struct event *event)
{
	struct asked *asked = data;
	struct question *question;

	pthread_mutex_lock(&asked->lock);
	ck_assert_uint_lt(asked->count, ASKED_MAX);
	question = &asked->questions[asked->count++];
	question->number = number;
	question->asked_s = live_now_s();
	question->ticks = atomic_load(&asked->ticks);
	snprintf(question->call, sizeof(question->call), "%s", event->call);
	snprintf(question->path, sizeof(question->path), "%s", event->path ? event->path : "");
	pthread_mutex_unlock(&asked->lock);
}

static void answer_due(struct asked *asked)
{
	for (unsigned i = asked->count; i-- > 0;) {
		struct question *question = &asked->questions[i];

		if (question->is_answered || live_now_s() < question->asked_s + asked->late_s)
			continue;
		question->is_answered = true;
		question->ticks = atomic_load(&asked->ticks) - question->ticks;
		run_answer(question->number, !asked->allows || asked->allows(question));
	}
}

static void *answer(void *data)
{
	struct asked *asked = data;

	while (!atomic_load(&asked->is_over)) {
		live_sleep(0.002);
		pthread_mutex_lock(&asked->lock);
		if (!asked->is_silent && asked->count >= asked->gather)
			answer_due(asked);
		pthread_mutex_unlock(&asked->lock);
	}
	return NULL;
}

struct reader {
	struct asked *asked;
	int out, ticks;
};

static void read_some(struct reader *reader, const struct pollfd *polls)
{
	struct asked *asked = reader->asked;
	size_t room = sizeof(asked->out) - 1 - asked->out_length;
	char ticks[512];
	ssize_t n;

	if (polls[0].revents) {
		n = read(reader->out, asked->out + asked->out_length, room);
		if (n > 0)
			asked->out_length += (size_t)n;
		else
			reader->out = -1;
	}
	if (polls[1].revents) {
		n = read(reader->ticks, ticks, sizeof(ticks));
		if (n > 0)
			atomic_fetch_add(&asked->ticks, (unsigned)n);
		else
			reader->ticks = -1;
	}
}

static void *read_all(void *data)
{
	struct reader *reader = data;

	while (reader->out >= 0 || reader->ticks >= 0) {
		struct pollfd polls[2] = { { reader->out, POLLIN, 0 },
					   { reader->ticks, POLLIN, 0 } };

		if (poll(polls, 2, -1) > 0)
			read_some(reader, polls);
	}
	return NULL;
}

/* The write end goes to `number`, for the script. */
static int open_flow(int number)
{
	int ends[2];

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	ck_assert_int_eq(dup2(ends[1], number), number);
	close(ends[1]);
	return ends[0];
}

/* Signals are the tracer's: a thread that took SIGCHLD in its place would hang the run. */
static void start_threads(struct asked *asked, struct reader *reader, pthread_t threads[2])
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	ck_assert_int_eq(pthread_create(&threads[0], NULL, answer, asked), 0);
	ck_assert_int_eq(pthread_create(&threads[1], NULL, read_all, reader), 0);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void asked_run(struct asked *asked, const char *code)
{
	static const int keep[] = { ASKED_OUT_FD, ASKED_TICK_FD, -1 };
	char name[] = "python3", option[] = "-c", path[] = "PATH=/usr/bin:/bin";
	char *argv[] = { name, option, strdup(code), NULL };
	char *envp[] = { path, NULL };
	struct interpreter python;
	struct fault fault = { 0 };
	struct run_config config = { .argv = argv, .envp = envp, .keep_fds = keep, .ask = ask,
				     .ask_data = asked, .limits = asked->limits,
				     .landlock_abi = landlock_abi() };
	struct reader reader = { .asked = asked };
	pthread_t threads[2];
	int e;

	ck_assert_int_eq(chdir(jail_folder), 0);
	ck_assert_int_eq(pthread_mutex_init(&asked->lock, NULL), 0);
	ck_assert_msg(find_python("/usr/bin/python3", NULL, NULL, &python, &fault) == 0, "%s",
		      fault.text);
	config.interpreter = python.canonical;
	config.policy = new_policy(&python);
	reader.out = open_flow(ASKED_OUT_FD);
	reader.ticks = open_flow(ASKED_TICK_FD);
	start_threads(asked, &reader, threads);
	e = run_script(&config, &asked->result, &fault);
	close(ASKED_OUT_FD);
	close(ASKED_TICK_FD);
	atomic_store(&asked->is_over, true);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	free(argv[2]);
	policy_free((struct policy *)config.policy);
	ck_assert_msg(e == 0, "%s", fault.text);
	ck_assert_msg(!asked->result.failure[0], "%s", asked->result.failure);
}

unsigned asked_count(const struct asked *asked, const char *call)
{
	unsigned n = 0;

	for (unsigned i = 0; i < asked->count; i++)
		n += !call || strcmp(asked->questions[i].call, call) == 0;
	return n;
}
