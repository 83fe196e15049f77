/* SPDX-License-Identifier: Apache-2.0 */
/* jail.c: see jail.h. */
#include "tests/support/jail.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PYTHON "/usr/bin/python3"
#define WORDS_MAX 64
#define RESULT_FD 9

const char *jail_program;
char jail_folder[64];

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void jail_setup(void)
{
	const char *named = getenv("PYJAIL");

	jail_program = named ? named : "./pyjail";
	strcpy(jail_folder, "/tmp/pyjail-test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(jail_folder));
	/* Found again below, after every chdir. */
	if (jail_program[0] != '/')
		jail_program = realpath(jail_program, NULL);
	ck_assert_msg(jail_program != NULL, "no ./pyjail: run make first");
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (kind == FTW_DNR)
		chmod(path, 0700);
	return remove(path);
}

void jail_teardown(void)
{
	nftw(jail_folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *jail_path(const char *name)
{
	static char paths[8][4096];
	static unsigned next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", jail_folder, name);
	return path;
}

void jail_write_file(const char *name, const char *text)
{
	FILE *f = fopen(jail_path(name), "w");

	ck_assert_ptr_nonnull(f);
	ck_assert(fputs(text, f) >= 0);
	ck_assert_int_eq(fclose(f), 0);
}

const char *jail_stop_door(void)
{
	static char option[128];

	jail_write_file("door.policy", "deny write stack=native /nowhere/at/all\n");
	snprintf(option, sizeof(option), "--policy=%s", jail_path("door.policy"));
	return option;
}

const char *jail_read_file(const char *name)
{
	static char text[65536];
	FILE *f = fopen(jail_path(name), "r");
	size_t n;

	if (!f)
		return NULL;
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	return text;
}

/* One output of the child. */
struct flow {
	int fd;
	char *text;
	size_t size, length;
};

static void take_some(struct flow *flow)
{
	char waste[4096];
	size_t room = flow->size - 1 - flow->length;
	ssize_t n = room ? read(flow->fd, flow->text + flow->length, room)
			 : read(flow->fd, waste, sizeof(waste));

	if (n <= 0) {
		close(flow->fd);
		flow->fd = -1;
	} else if (room) {
		flow->length += (size_t)n;
	}
}

/* Until all are closed or time is over. */
static bool take_all(struct flow *flows, size_t count, double until)
{
	for (;;) {
		struct pollfd polls[4];
		bool any = false;
		int left = (int)((until - now_s()) * 1000);

		for (size_t i = 0; i < count; i++) {
			polls[i] = (struct pollfd){ flows[i].fd, POLLIN, 0 };
			any |= flows[i].fd >= 0;
		}
		if (!any)
			return true;
		if (left <= 0 || poll(polls, count, left) == 0)
			return false;
		for (size_t i = 0; i < count; i++)
			if (polls[i].revents)
				take_some(&flows[i]);
	}
}

static int input_file(const char *input)
{
	FILE *f;

	if (!input)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	f = tmpfile();
	ck_assert_ptr_nonnull(f);
	fputs(input, f);
	fflush(f);
	rewind(f);
	return fileno(f);
}

static void be_child(const char *program, const char *const words[], int in, int (*pipes)[2])
{
	const char *argv[WORDS_MAX];
	size_t n = 0;

	argv[n++] = program;
	for (size_t i = 0; words[i] && n < WORDS_MAX - 1; i++)
		argv[n++] = words[i];
	argv[n] = NULL;
	if (dup2(in, 0) < 0 || dup2(pipes[0][1], 1) < 0 || dup2(pipes[1][1], 2) < 0 ||
	    dup2(pipes[2][1], RESULT_FD) < 0 || chdir(jail_folder) < 0)
		_exit(99);
	execv(program, (char *const *)argv);
	_exit(98);
}

static void load_record(struct jail *jail)
{
	FILE *f = fopen(jail_path("record.jsonl"), "r");
	char *line = NULL;
	size_t size = 0;

	if (!f)
		return;
	jail->record = json_array();
	while (getline(&line, &size, f) > 0) {
		json_t *object = json_loads(line, 0, NULL);

		ck_assert_msg(object != NULL, "not JSON: %s", line);
		json_array_append_new(jail->record, object);
	}
	free(line);
	fclose(f);
}

void jail_run_program(struct jail *jail, const char *program, const char *input, int timeout_s,
		      const char *const words[])
{
	static char result[65536];
	struct flow flows[3];
	double start = now_s();
	int in = input_file(input), pipes[3][2], status;
	pid_t pid;

	memset(jail, 0, sizeof(*jail));
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(pipe2(pipes[i], O_CLOEXEC), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		be_child(program, words, in, pipes);
	flows[0] = (struct flow){ pipes[0][0], jail->out, sizeof(jail->out), 0 };
	flows[1] = (struct flow){ pipes[1][0], jail->err, sizeof(jail->err), 0 };
	flows[2] = (struct flow){ pipes[2][0], result, sizeof(result), 0 };
	close(in);
	for (int i = 0; i < 3; i++)
		close(pipes[i][1]);
	jail->timed_out = !take_all(flows, 3, start + timeout_s);
	if (jail->timed_out)
		kill(pid, SIGKILL);
	for (int i = 0; i < 3; i++)
		if (flows[i].fd >= 0)
			close(flows[i].fd);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	jail->wall_s = now_s() - start;
	jail->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	jail->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	jail->out[flows[0].length] = jail->err[flows[1].length] = '\0';
	result[flows[2].length] = '\0';
	if (result[0])
		jail->result = json_loads(result, 0, NULL);
	load_record(jail);
}

void jail_run(struct jail *jail, const char *input, int timeout_s, const char *const words[])
{
	const char *all[WORDS_MAX] = { "--python=" PYTHON, "--result-fd=9" };
	size_t n = 2;

	for (size_t i = 0; words[i] && n < WORDS_MAX - 1; i++)
		all[n++] = words[i];
	all[n] = NULL;
	jail_run_program(jail, jail_program, input, timeout_s, all);
}

void jail_code(struct jail *jail, const char *const options[], const char *code)
{
	const char *words[WORDS_MAX] = { "--record=record.jsonl" };
	size_t n = 1;

	for (size_t i = 0; options && options[i] && n < WORDS_MAX - 3; i++)
		words[n++] = options[i];
	words[n++] = "-c";
	words[n++] = code;
	words[n] = NULL;
	jail_run(jail, NULL, 60, words);
}

void jail_free(struct jail *jail)
{
	json_decref(jail->result);
	json_decref(jail->record);
	jail->result = jail->record = NULL;
}

static bool has(const json_t *event, const char *key, const char *value, bool is_prefix)
{
	const char *found = json_string_value(json_object_get(event, key));

	if (!value)
		return true;
	if (!found)
		return false;
	return is_prefix ? strncmp(found, value, strlen(value)) == 0 : strcmp(found, value) == 0;
}

size_t jail_count(const struct jail *jail, const char *call, const char *verdict,
		  const char *path)
{
	size_t i, n = 0;
	json_t *event;

	ck_assert_ptr_nonnull(jail->record);
	json_array_foreach(jail->record, i, event)
		n += has(event, "type", "call", false) && has(event, "call", call, false) &&
		     has(event, "verdict", verdict, false) && has(event, "path", path, true);
	return n;
}

long jail_denied(const struct jail *jail)
{
	ck_assert_ptr_nonnull(jail->result);
	return (long)json_integer_value(json_object_get(jail->result, "denied"));
}
