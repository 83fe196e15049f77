/* SPDX-License-Identifier: Apache-2.0 */
/* live.c: see live.h. */
#include "tests/support/live.h"
#include "tests/support/suite.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PYTHON "/usr/bin/python3"
#define WORDS_MAX 64
#define RUN_TIMEOUT_S 100

void live_script(struct jail *jail, const char *const options[], const char *code)
{
	const char *words[WORDS_MAX] = { "--record=record.jsonl" };
	size_t n = 1;

	jail_write_file("s.py", code);
	for (size_t i = 0; options && options[i] && n < WORDS_MAX - 2; i++)
		words[n++] = options[i];
	words[n++] = jail_path("s.py");
	words[n] = NULL;
	jail_run(jail, NULL, RUN_TIMEOUT_S, words);
}

static void be_pyjail(int in, int out, int err, const char *const words[])
{
	const char *argv[WORDS_MAX] = { jail_program, "--python=" PYTHON };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	size_t n = 2;

	for (size_t i = 0; words[i] && n < WORDS_MAX - 1; i++)
		argv[n++] = words[i];
	argv[n] = NULL;
	if (dup2(in < 0 ? null : in, 0) < 0 || dup2(out < 0 ? null : out, 1) < 0 ||
	    dup2(err < 0 ? null : err, 2) < 0 || chdir(jail_folder) < 0)
		_exit(99);
	execv(jail_program, (char *const *)argv);
	_exit(98);
}

pid_t live_start(int in, int out, int err, const char *const words[])
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		be_pyjail(in, out, err, words);
	return pid;
}

double live_now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void live_sleep(double s)
{
	struct timespec t = { .tv_sec = (time_t)s, .tv_nsec = (long)((s - (time_t)s) * 1e9) };

	while (nanosleep(&t, &t) < 0 && errno == EINTR)
		;
}

int live_wait(pid_t pid, double patience_s)
{
	double until = live_now_s() + patience_s;
	int status;

	while (waitpid(pid, &status, WNOHANG) != pid) {
		if (live_now_s() > until) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			ck_abort_msg("pyjail did not end within %.1f s", patience_s);
		}
		live_sleep(0.005);
	}
	return status;
}

void live_wait_for_file(const char *name, double patience_s)
{
	double until = live_now_s() + patience_s;

	while (access(jail_path(name), F_OK) < 0) {
		ck_assert_msg(live_now_s() < until, "%s did not appear", name);
		live_sleep(0.005);
	}
}

static ssize_t read_entry(const char *pid, const char *entry, char *text, size_t size)
{
	char path[300];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, entry);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, text, size - 1);
	close(fd);
	if (n >= 0)
		text[n] = '\0';
	return n;
}

static bool is_alive(const char *pid)
{
	char text[1024];
	const char *rest;

	if (read_entry(pid, "stat", text, sizeof(text)) <= 0)
		return false;
	rest = strrchr(text, ')');
	return rest && rest[1] && rest[2] != 'Z' && rest[2] != 'X';
}

static bool is_marked(const char *pid)
{
	char path[300], text[8192];
	ssize_t n = read_entry(pid, "cmdline", text, sizeof(text));

	if (n > 0 && memmem(text, (size_t)n, jail_folder, strlen(jail_folder)))
		return true;
	snprintf(path, sizeof(path), "/proc/%s/cwd", pid);
	n = readlink(path, text, sizeof(text) - 1);
	return n > 0 && memmem(text, (size_t)n, jail_folder, strlen(jail_folder));
}

unsigned live_left(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	unsigned count = 0;

	ck_assert_ptr_nonnull(proc);
	while ((entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]) && atoi(entry->d_name) != getpid() &&
		    is_marked(entry->d_name) && is_alive(entry->d_name))
			count++;
	closedir(proc);
	return count;
}

unsigned long live_resident_kib(pid_t except)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	unsigned long pages, sum = 0;
	char text[128];

	ck_assert_ptr_nonnull(proc);
	while ((entry = readdir(proc))) {
		int pid = atoi(entry->d_name);

		if (pid <= 0 || pid == getpid() || pid == except || !is_marked(entry->d_name))
			continue;
		if (read_entry(entry->d_name, "statm", text, sizeof(text)) > 0 &&
		    sscanf(text, "%*u %lu", &pages) == 1)
			sum += 4 * pages;
	}
	closedir(proc);
	return sum;
}

void live_check_nothing_left(double within_s)
{
	double until = live_now_s() + within_s;
	unsigned left = live_left();

	while (left && live_now_s() < until) {
		live_sleep(0.01);
		left = live_left();
	}
	ck_assert_msg(left == 0, "%u processes are left alive", left);
}

static const json_t *result_member(const struct jail *jail, const char *key)
{
	const json_t *value;

	ck_assert_msg(jail->result != NULL, "no result; %s", jail->err);
	value = json_object_get(jail->result, key);
	ck_assert_msg(value != NULL, "no %s in the result", key);
	return value;
}

const char *live_result_string(const struct jail *jail, const char *key)
{
	const json_t *value = result_member(jail, key);

	return json_is_string(value) ? json_string_value(value) : "";
}

double live_result_number(const struct jail *jail, const char *key)
{
	return json_number_value(result_member(jail, key));
}

void live_check_status(const struct jail *jail, int status)
{
	ck_assert_msg(!jail->timed_out, "timed out; %s%s", jail->out, jail->err);
	ck_assert_msg(jail->status == status && jail->signal == 0,
		      "status %d, signal %d; stdout: %s stderr: %s", jail->status, jail->signal,
		      jail->out, jail->err);
}

static TCase *new_case(const char *name, int timeout_s)
{
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, jail_setup, jail_teardown);
	tcase_set_timeout(tcase, timeout_s);
	return tcase;
}

static int run_case(const char *name, TCase *tcase)
{
	Suite *suite = suite_create(name);

	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}

int live_main(const char *name, int timeout_s, const TTest *const tests[])
{
	TCase *tcase = new_case(name, timeout_s);

	for (size_t i = 0; tests[i]; i++)
		tcase_add_test(tcase, tests[i]);
	return run_case(name, tcase);
}

int live_main_loops(const char *name, int timeout_s, const struct live_loop loops[])
{
	TCase *tcase = new_case(name, timeout_s);

	for (size_t i = 0; loops[i].test; i++)
		tcase_add_loop_test(tcase, loops[i].test, 0, loops[i].count);
	return run_case(name, tcase);
}
