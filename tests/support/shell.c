/* SPDX-License-Identifier: Apache-2.0 */
/* shell.c: see shell.h. */
#include "tests/support/shell.h"

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

#include "tests/support/live.h"

#define WORDS_MAX 32

static void __attribute__((noreturn)) be_job(const char *const words[])
{
	const char *argv[WORDS_MAX] = { jail_program, "--python=/usr/bin/python3" };
	size_t n = 2;

	for (size_t i = 0; words[i] && n < WORDS_MAX - 1; i++)
		argv[n++] = words[i];
	setenv("TERM", "xterm", 1);
	if (chdir(jail_folder) < 0)
		_exit(99);
	execv(jail_program, (char *const *)argv);
	_exit(98);
}

/* In the shell: the job's group is made by both, so that neither needs to wait for the other. */
static pid_t start_job(const char *const words[])
{
	pid_t job = fork();

	if (job == 0) {
		setpgid(0, 0);
		tcsetpgrp(0, getpid());
		/* Where the tests run in the background, some are ignored from the start. */
		for (int i = 1; i < SIGRTMIN; i++)
			signal(i, SIG_DFL);
		be_job(words);
	}
	setpgid(job, job);
	tcsetpgrp(0, job);
	return job;
}

static void __attribute__((noreturn)) be_shell(int reports, int commands, const char *const words[])
{
	int status;
	pid_t job;
	char key;

	signal(SIGTTOU, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	job = start_job(words);
	dprintf(reports, "job %d\n", job);
	while (waitpid(job, &status, WUNTRACED) == job) {
		tcsetpgrp(0, getpid());
		if (!WIFSTOPPED(status))
			break;
		dprintf(reports, "stopped %d\n", WSTOPSIG(status));
		if (read(commands, &key, 1) != 1)
			break;
		tcsetpgrp(0, job);
		killpg(job, SIGCONT);
	}
	if (WIFEXITED(status))
		dprintf(reports, "exited %d\n", WEXITSTATUS(status));
	else
		dprintf(reports, "killed %d\n", WTERMSIG(status));
	_exit(0);
}

/* As much as a message of Check's can hold. */
static const char *end_of(const struct shell *shell)
{
	const size_t most = 3000;

	return shell->screen + (shell->length > most ? shell->length - most : 0);
}

static void read_report(struct shell *shell, char *line, size_t size, double patience_s)
{
	double until = live_now_s() + patience_s;
	size_t n = 0;

	while (n < size - 1) {
		struct pollfd one = { shell->reports, POLLIN, 0 };
		int left = (int)((until - live_now_s()) * 1000);

		ck_assert_msg(left > 0 && poll(&one, 1, left) == 1, "no report; screen: %s",
			      end_of(shell));
		ck_assert_int_eq(read(shell->reports, line + n, 1), 1);
		if (line[n] == '\n')
			break;
		n++;
	}
	line[n] = '\0';
}

void shell_start(struct shell *shell, const char *const words[])
{
	int reports[2], commands[2];
	char line[64];

	memset(shell, 0, sizeof(*shell));
	ck_assert_int_eq(pipe2(reports, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(commands, O_CLOEXEC), 0);
	shell->pid = forkpty(&shell->terminal, NULL, NULL, NULL);
	ck_assert_int_ge(shell->pid, 0);
	if (shell->pid == 0)
		be_shell(reports[1], commands[0], words);
	close(reports[1]);
	close(commands[0]);
	shell->reports = reports[0];
	shell->commands = commands[1];
	read_report(shell, line, sizeof(line), 10);
	shell->job = (pid_t)atoi(line + strlen("job "));
	ck_assert_int_gt(shell->job, 0);
}

void shell_start_alone(struct shell *shell, const char *const words[])
{
	memset(shell, 0, sizeof(*shell));
	shell->reports = shell->commands = -1;
	shell->pid = forkpty(&shell->terminal, NULL, NULL, NULL);
	ck_assert_int_ge(shell->pid, 0);
	if (shell->pid == 0)
		be_job(words);
	shell->job = shell->pid;
}

void shell_type(struct shell *shell, const char *keys)
{
	ck_assert_int_eq(write(shell->terminal, keys, strlen(keys)), (ssize_t)strlen(keys));
}

/* EIO: nobody has the terminal open any more. */
static bool look(struct shell *shell, int timeout_ms)
{
	struct pollfd one = { shell->terminal, POLLIN, 0 };
	ssize_t n;

	if (poll(&one, 1, timeout_ms) <= 0)
		return true;
	n = read(shell->terminal, shell->screen + shell->length,
		 sizeof(shell->screen) - 1 - shell->length);
	if (n <= 0)
		return false;
	shell->length += (size_t)n;
	shell->screen[shell->length] = '\0';
	return true;
}

void shell_look(struct shell *shell)
{
	look(shell, 0);
}

void shell_expect(struct shell *shell, const char *text, double patience_s)
{
	double until = live_now_s() + patience_s;
	const char *found;

	while (!(found = strstr(shell->screen + shell->seen, text))) {
		bool is_open = look(shell, 20);

		ck_assert_msg(strstr(shell->screen + shell->seen, text) ||
			      (is_open && live_now_s() < until), "no %s on the screen: %s", text,
			      end_of(shell));
	}
	shell->seen = (size_t)(found - shell->screen) + strlen(text);
}

void shell_check_report(struct shell *shell, const char *report, double patience_s)
{
	char line[64];

	read_report(shell, line, sizeof(line), patience_s);
	look(shell, 0);
	ck_assert_msg(!strcmp(line, report), "%s, not %s; screen: %s", line, report,
		      end_of(shell));
}

void shell_continue(struct shell *shell)
{
	ck_assert_int_eq(write(shell->commands, "f", 1), 1);
}

void shell_hang_up(struct shell *shell)
{
	close(shell->terminal);
	shell->terminal = -1;
}

void shell_end(struct shell *shell)
{
	if (shell->terminal >= 0)
		close(shell->terminal);
	if (shell->commands >= 0)
		close(shell->commands);
	if (shell->reports >= 0)
		close(shell->reports);
	kill(shell->pid, SIGKILL);
	waitpid(shell->pid, NULL, 0);
}
