/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tmux.h: a terminal for the whole program, as a person would see it: tmux, detached.
 *
 * A server of its own for each test, with its socket in jail_folder, that ends with the test.
 */
#ifndef TESTS_SUPPORT_TMUX_H
#define TESTS_SUPPORT_TMUX_H

#include <stdbool.h>
#include <sys/types.h>

struct tmux {
	char socket[128];
	pid_t server;
	char text[65536];        /* of the last tmux_look, tmux_ask */
};

/* False: there is no tmux here, which a test says and skips. */
bool tmux_is_there(void);

/* The words of `command` (NULL ends) in a terminal of this size, cwd jail_folder. */
void tmux_start(struct tmux *tmux, int columns, int rows, const char *const command[]);
void tmux_end(struct tmux *tmux);

/* Keys as tmux names them ("Enter", "q", "C-c"), or a text as it stands. */
void tmux_key(struct tmux *tmux, const char *key);
void tmux_type(struct tmux *tmux, const char *text);

void tmux_resize(struct tmux *tmux, int columns, int rows);

/* What the terminal shows now: text->text. */
const char *tmux_look(struct tmux *tmux);

/* The same with the looks of it, as SGR sequences. */
const char *tmux_look_styled(struct tmux *tmux);

/* A format of tmux: "#{alternate_on}". */
const char *tmux_ask(struct tmux *tmux, const char *format);

/* Until it is shown, or is not any more; fails the test, with all that is, after `patience_s`. */
void tmux_expect(struct tmux *tmux, const char *text, double patience_s);
void tmux_expect_gone(struct tmux *tmux, const char *text, double patience_s);

#endif
