/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shell.h: a terminal with a shell in it that has one job, as a person would see them.
 *
 * The shell gives its job a process group of its own, puts it into the foreground and tells the
 * test what waitpid tells it.  Without a shell the job leads the session itself, as in a container.
 */
#ifndef TESTS_SUPPORT_SHELL_H
#define TESTS_SUPPORT_SHELL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct shell {
	pid_t pid;               /* of the shell */
	pid_t job;
	int terminal;            /* what the person types into and looks at */
	int reports, commands;
	char screen[65536];      /* all that was shown */
	size_t length, seen;     /* shell_expect looks behind `seen` */
};

/* pyjail with these words (NULL ends) as the job. */
void shell_start(struct shell *shell, const char *const words[]);
/* The same without a shell: pid is the job. */
void shell_start_alone(struct shell *shell, const char *const words[]);

void shell_type(struct shell *shell, const char *keys);

/* Takes what is shown now onto `screen`. */
void shell_look(struct shell *shell);

/* Until `text` is shown; fails the test, with all that was, after `patience_s`. */
void shell_expect(struct shell *shell, const char *text, double patience_s);

/* The next thing that happened to the job: "stopped 19", "exited 0", "killed 2". */
void shell_check_report(struct shell *shell, const char *report, double patience_s);

/* `fg`: the stopped job's group goes to the foreground and continues. */
void shell_continue(struct shell *shell);

/* Closes the terminal, as a lost connection does. */
void shell_hang_up(struct shell *shell);

/* Ends what is left. */
void shell_end(struct shell *shell);

#endif
