/* SPDX-License-Identifier: Apache-2.0 */
/* tmux.c: see tmux.h. */
#include "tests/support/tmux.h"

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/live.h"

#define WORDS_MAX 48
#define START_S 20

bool tmux_is_there(void)
{
	return access("/usr/bin/tmux", X_OK) == 0;
}

static void __attribute__((noreturn)) be_tmux(const char *socket, const char *const words[],
					      int out)
{
	const char *argv[WORDS_MAX] = { "tmux", "-u", "-f", "/dev/null", "-S", socket };
	int n = 6, null = open("/dev/null", O_RDWR);

	for (int i = 0; words[i] && n < WORDS_MAX - 1; i++)
		argv[n++] = words[i];
	dup2(null, STDIN_FILENO);
	dup2(out >= 0 ? out : null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("SHELL", "/bin/sh", 1);
	setenv("TERM", "xterm-256color", 1);
	unsetenv("TMUX");
	if (chdir(jail_folder) == 0)
		execv("/usr/bin/tmux", (char *const *)argv);
	_exit(127);
}

/* One command; its output in tmux->text.  The exit status. */
static int tell(struct tmux *tmux, const char *const words[])
{
	size_t length = 0;
	int ends[2], status;
	ssize_t n;
	pid_t pid;

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0)
		be_tmux(tmux->socket, words, ends[1]);
	close(ends[1]);
	while ((n = read(ends[0], tmux->text + length, sizeof(tmux->text) - 1 - length)) > 0)
		length += (size_t)n;
	close(ends[0]);
	tmux->text[length] = '\0';
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define TELL(tmux, ...) tell(tmux, (const char *const[]){ __VA_ARGS__, NULL })

/* In the foreground, so that it dies with us, and with it all that runs in it. */
static void start_server(struct tmux *tmux)
{
	double until = live_now_s() + START_S;

	tmux->server = fork();
	ck_assert_int_ge(tmux->server, 0);
	if (tmux->server == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		be_tmux(tmux->socket, (const char *const[]){ "-D", NULL }, -1);
	}
	while (access(tmux->socket, F_OK) != 0 && live_now_s() < until)
		live_sleep(0.02);
}

void tmux_start(struct tmux *tmux, int columns, int rows, const char *const command[])
{
	const char *words[WORDS_MAX] = { "new-session", "-d", "-x" };
	char width[16], height[16];
	int n = 3, r = 1;

	memset(tmux, 0, sizeof(*tmux));
	snprintf(tmux->socket, sizeof(tmux->socket), "%s/tmux", jail_folder);
	start_server(tmux);
	snprintf(width, sizeof(width), "%d", columns);
	snprintf(height, sizeof(height), "%d", rows);
	words[n++] = width;
	words[n++] = "-y";
	words[n++] = height;
	words[n++] = "--";
	for (int i = 0; command[i] && n < WORDS_MAX - 1; i++)
		words[n++] = command[i];
	for (int i = 0; r != 0 && i < 50; i++) {
		r = tell(tmux, words);
		live_sleep(r ? 0.1 : 0);
	}
	ck_assert_msg(r == 0, "tmux does not start: %s", tmux->text);
}

void tmux_end(struct tmux *tmux)
{
	TELL(tmux, "kill-server");
	kill(tmux->server, SIGKILL);
	waitpid(tmux->server, NULL, 0);
	unlink(tmux->socket);
}

void tmux_key(struct tmux *tmux, const char *key)
{
	ck_assert_int_eq(TELL(tmux, "send-keys", key), 0);
}

void tmux_type(struct tmux *tmux, const char *text)
{
	ck_assert_int_eq(TELL(tmux, "send-keys", "-l", text), 0);
}

void tmux_resize(struct tmux *tmux, int columns, int rows)
{
	char width[16], height[16];

	snprintf(width, sizeof(width), "%d", columns);
	snprintf(height, sizeof(height), "%d", rows);
	ck_assert_int_eq(TELL(tmux, "resize-window", "-x", width, "-y", height), 0);
}

const char *tmux_look(struct tmux *tmux)
{
	TELL(tmux, "capture-pane", "-p");
	return tmux->text;
}

const char *tmux_look_styled(struct tmux *tmux)
{
	TELL(tmux, "capture-pane", "-p", "-e");
	return tmux->text;
}

const char *tmux_ask(struct tmux *tmux, const char *format)
{
	TELL(tmux, "display-message", "-p", format);
	tmux->text[strcspn(tmux->text, "\n")] = '\0';
	return tmux->text;
}

static void wait_for(struct tmux *tmux, const char *text, bool is_there, double patience_s)
{
	double until = live_now_s() + patience_s;

	while ((strstr(tmux_look(tmux), text) != NULL) != is_there) {
		ck_assert_msg(live_now_s() < until, "%s \"%s\" on the screen:\n%s",
			      is_there ? "no" : "still", text, tmux->text);
		live_sleep(0.05);
	}
}

void tmux_expect(struct tmux *tmux, const char *text, double patience_s)
{
	wait_for(tmux, text, true, patience_s);
}

void tmux_expect_gone(struct tmux *tmux, const char *text, double patience_s)
{
	wait_for(tmux, text, false, patience_s);
}
