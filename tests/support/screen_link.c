/* SPDX-License-Identifier: Apache-2.0 */
/* screen_link.c: see screen_link.h. */
#include "tests/support/screen_link.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "filters/policy.h"
#include "tracer/ask.h"
#include "tracer/confine.h"
#include "tracer/events/jsonl.h"
#include "tracer/python/find.h"

#define PATIENCE_S 20

/* ---- the tracer's process ---- */

static void write_rules(const char *rules)
{
	char text[4096];
	size_t used = 0;

	for (; *rules; rules++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%.*s",
					 *rules == '@' ? 64 : 1,
					 *rules == '@' ? jail_folder : rules);
	text[used] = '\0';
	jail_write_file("rules", text);
}

static struct policy *new_policy(const struct screen_link *link, struct policy_vars *vars)
{
	struct policy *policy = policy_new();
	struct fault fault = { 0 };

	write_rules(link->rules);
	if (!policy || policy_add_default(policy, vars, &fault) < 0 ||
	    policy_add_file(policy, vars, jail_path("rules"), &fault) < 0) {
		fprintf(stderr, "%s\n", fault.text);
		_exit(99);
	}
	policy->asks = link->asks;
	return policy;
}

static struct sink *open_record(void)
{
	int fd = open(jail_path("record"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	json_t *start = json_pack("{s:s}", "type", "start");
	struct sink *sink = NULL;

	if (jsonl_new(fd, start, &sink) < 0)
		_exit(98);
	json_decref(start);
	return sink;
}

static int run(struct run_config *config)
{
	struct run_result result;
	struct fault fault = { 0 };

	if (run_script(config, &result, &fault) < 0) {
		fprintf(stderr, "%s\n", fault.text);
		return 97;
	}
	jsonl_put_result(config->sinks[0], &result);
	config->sinks[0]->ops->flush(config->sinks[0], true);
	ask_finish(config->screen, &result);
	return result.limit ? 124 : result.signal ? 128 + result.signal : result.status;
}

static int be_tracer(const struct screen_link *link, int wire, int slave, const char *code)
{
	char name[] = "python3", option[] = "-c", path[] = "PATH=/usr/bin:/bin";
	char *argv[] = { name, option, strdup(code), NULL };
	char *envp[] = { path, NULL };
	const char *const libraries[] = { NULL };
	struct interpreter python;
	struct policy_vars vars = { .cwd = jail_folder };
	struct fault fault = { 0 };
	struct run_screen screen = { .ring = link->ring, .wire = wire, .master = link->master,
				     .slave = slave, .start = "{}", .vars = &vars,
				     .kills_on_loss = link->kills_on_loss };
	struct run_config config = { .argv = argv, .envp = envp, .limits = link->limits,
				     .screen = &screen, .landlock_abi = landlock_abi(),
				     .hears_all = true, .libraries = libraries,
				     .stack_refused = STACK_LINE, .stack_recorded = STACK_LINE };

	close(link->wire);
	if (chdir(jail_folder) < 0 ||
	    find_python("/usr/bin/python3", NULL, NULL, &python, &fault) < 0)
		return 96;
	vars.interpreter = config.interpreter = python.canonical;
	vars.prefix_count = python.prefix_count;
	for (size_t i = 0; i < vars.prefix_count; i++)
		vars.prefixes[i] = python.prefixes[i];
	config.policy = screen.policy = new_policy(link, &vars);
	config.sinks[config.sink_count++] = open_record();
	if (ring_sink_new(link->ring, &config.sinks[config.sink_count++]) < 0)
		return 95;
	return run(&config);
}

/* A set-up that failed, of which the wire tells nothing. */
static int say_status(int status)
{
	if (status >= 90 && status < 100)
		fprintf(stderr, "the tracer could not be set up: %d\n", status);
	return status;
}

/* ---- the test's ---- */

struct screen_link *link_new(const char *rules)
{
	struct screen_link *link = calloc(1, sizeof(*link));

	ck_assert_ptr_nonnull(link);
	link->rules = rules;
	link->has_terminal = true;
	link->master = -1;
	return link;
}

static int open_terminal(struct screen_link *link)
{
	struct winsize size = { .ws_row = 33, .ws_col = 77 };
	int slave;

	if (!link->has_terminal)
		return -1;
	ck_assert_int_eq(openpty(&link->master, &slave, NULL, NULL, &size), 0);
	fcntl(link->master, F_SETFD, FD_CLOEXEC);
	fcntl(link->master, F_SETFL, O_RDWR | O_NONBLOCK);
	fcntl(slave, F_SETFD, FD_CLOEXEC);
	return slave;
}

void link_start(struct screen_link *link, const char *code)
{
	int wire[2], slave = open_terminal(link);

	ck_assert_int_eq(ring_new(&link->ring), 0);
	ck_assert_int_eq(wire_pair(wire), 0);
	link->wire = wire[0];
	fflush(NULL);
	link->tracer = fork();
	ck_assert_int_ge(link->tracer, 0);
	if (link->tracer == 0)
		_exit(say_status(be_tracer(link, wire[1], slave, code)));
	close(wire[1]);
	if (slave >= 0)
		close(slave);
	link_expect(link, WIRE_START);
}

static void take_output(struct screen_link *link)
{
	size_t room = sizeof(link->out) - 1 - link->out_length;
	ssize_t n = link->master < 0 ? -1
				     : read(link->master, link->out + link->out_length, room);

	if (n > 0)
		link->out_length += (size_t)n;
	link->out[link->out_length] = '\0';
}

/* 1: a message; 0: none in time. */
static int receive(struct screen_link *link, double patience_s)
{
	double until = live_now_s() + patience_s;

	for (;;) {
		int got = wire_receive(link->wire, &link->message);

		ck_assert_int_ne(got, -EBADMSG);
		if (got != 0)
			return got;
		if (live_now_s() > until)
			return 0;
		take_output(link);
		live_sleep(0.005);
	}
}

void link_expect(struct screen_link *link, enum wire_kind kind)
{
	int got = receive(link, PATIENCE_S), status = 0;

	if (got < 0)
		waitpid(link->tracer, &status, 0);
	ck_assert_msg(got >= 0, "the tracer is gone: 0x%x, out: %s", (unsigned)status, link->out);
	ck_assert_msg(got == 1 && link->message.head.kind == kind,
		      "not message %d but %d (%s), out: %s", (int)kind,
		      got == 1 ? (int)link->message.head.kind : got,
		      got == 1 ? link->message.body : "", link->out);
}

void link_expect_nothing(struct screen_link *link, double for_s)
{
	int got = receive(link, for_s);

	ck_assert_msg(got == 0, "message %d: %s", (int)link->message.head.kind,
		      link->message.body);
}

uint64_t link_question(struct screen_link *link)
{
	link_expect(link, WIRE_ASK);
	ck_assert_int_eq(flat_unpack(link->message.body, link->message.head.size, &link->event), 0);
	ck_assert_str_eq(link->event.event.verdict, "ask");
	return link->message.head.question;
}

void link_answer(struct screen_link *link, uint64_t question, bool allow, const char *rule)
{
	ck_assert_int_eq(wire_send(link->wire, WIRE_ANSWER, question, allow, rule, strlen(rule)),
			 0);
}

void link_send(struct screen_link *link, enum wire_kind kind, bool flag)
{
	ck_assert_int_eq(wire_send(link->wire, kind, 0, flag, NULL, 0), 0);
}

void link_wait_for(struct screen_link *link, const char *text, double patience_s)
{
	double until = live_now_s() + patience_s;

	while (take_output(link), !strstr(link->out, text)) {
		ck_assert_msg(live_now_s() < until, "no \"%s\" in: %s", text, link->out);
		live_sleep(0.005);
	}
}

void link_type(struct screen_link *link, const char *keys)
{
	ck_assert_int_eq(write(link->master, keys, strlen(keys)), (ssize_t)strlen(keys));
}

int link_wait(struct screen_link *link)
{
	double until = live_now_s() + PATIENCE_S;
	int status = 0;

	while (waitpid(link->tracer, &status, WNOHANG) == 0) {
		take_output(link);
		if (live_now_s() > until) {
			kill(link->tracer, SIGKILL);
			ck_abort_msg("the run does not end, out: %s", link->out);
		}
		live_sleep(0.005);
	}
	take_output(link);
	ck_assert_msg(WIFEXITED(status), "status 0x%x", (unsigned)status);
	return WEXITSTATUS(status);
}

int link_end(struct screen_link *link)
{
	link_expect(link, WIRE_RESULT);
	return link_wait(link);
}

void link_free(struct screen_link *link)
{
	ring_free(link->ring);
	if (link->wire >= 0)
		close(link->wire);
	if (link->master >= 0)
		close(link->master);
	free(link);
}

unsigned link_recorded(const char *asked, const char *verdict)
{
	FILE *file = fopen(jail_path("record"), "re");
	char *line = NULL;
	size_t size = 0;
	unsigned count = 0;

	ck_assert_ptr_nonnull(file);
	while (getline(&line, &size, file) > 0) {
		json_t *object = json_loads(line, 0, NULL);
		const char *a = json_string_value(json_object_get(object, "asked"));
		const char *v = json_string_value(json_object_get(object, "verdict"));

		count += a && v && (!asked || !strcmp(a, asked)) && !strcmp(v, verdict);
		json_decref(object);
	}
	free(line);
	fclose(file);
	return count;
}
