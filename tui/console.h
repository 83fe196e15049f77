/* SPDX-License-Identifier: Apache-2.0 */
/*
 * console.h: the script's terminal with its pseudo-terminal, moved on a little at a time.
 *
 * A script may write without end, and some of its bytes are costly to show; console_pump stops
 * after a bound of both bytes and time, so that the rest of the screen keeps its pace.  The script
 * then waits in write(2), as on any terminal.
 */
#ifndef TUI_CONSOLE_H
#define TUI_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/pty.h"
#include "tui/terminal.h"

#define CONSOLE_BYTES_MAX (256u << 10)
#define CONSOLE_TIME_US 15000

struct console {
	struct pty pty;
	struct terminal *terminal;
	uint64_t received;      /* bytes, ever */
};

/* Borrows the master. */
int console_init(struct console *console, int master, int rows, int columns);
void console_free(struct console *console);

/*
 * Reads, shows and answers.  0, or a negative errno of the pseudo-terminal.  With
 * console->pty.has_ended nothing more will come.
 */
int console_pump(struct console *console);

/* Both sides; the script is told the size that the terminal took. */
int console_resize(struct console *console, int rows, int columns);

/* After terminal_key and terminal_text: sends what was typed. */
int console_send(struct console *console);

/* Whether poll(2) should wait for POLLOUT too. */
bool console_wants_to_write(const struct console *console);

#endif
