/* SPDX-License-Identifier: Apache-2.0 */
/* console.c: see console.h. */
#include "tui/console.h"

#include <errno.h>
#include <stdint.h>
#include <time.h>

/* Between two looks at the clock: "erase the screen" has 3 bytes and touches every cell. */
#define PIECE 1024

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int tell_size(struct console *console)
{
	int rows, columns;

	terminal_size(console->terminal, &rows, &columns);
	return pty_resize(&console->pty, rows, columns);
}

int console_init(struct console *console, int master, int rows, int columns)
{
	int error = terminal_new(rows, columns, &console->terminal);

	console->received = 0;
	if (error)
		return error;
	error = pty_init(&console->pty, master);
	if (!error)
		error = tell_size(console);
	if (error) {
		terminal_free(console->terminal);
		console->terminal = NULL;
	}
	return error;
}

void console_free(struct console *console)
{
	terminal_free(console->terminal);
	console->terminal = NULL;
}

int console_resize(struct console *console, int rows, int columns)
{
	terminal_resize(console->terminal, rows, columns);
	return tell_size(console);
}

int console_send(struct console *console)
{
	char bytes[PTY_PENDING_MAX];
	size_t room = pty_room(&console->pty);

	/* What does not fit stays in the terminal, which is bounded as well. */
	pty_send(&console->pty, bytes, terminal_take_output(console->terminal, bytes, room));
	return pty_flush(&console->pty);
}

bool console_wants_to_write(const struct console *console)
{
	return console->pty.pending_used > 0;
}

int console_pump(struct console *console)
{
	int64_t end = now_us() + CONSOLE_TIME_US;
	size_t total = 0, length;
	int error;

	do {
		char piece[PIECE];

		error = pty_read(&console->pty, piece, sizeof(piece), &length);
		if (error)
			return error;
		terminal_feed(console->terminal, piece, length);
		total += length;
	} while (length && total < CONSOLE_BYTES_MAX && now_us() < end);
	console->received += total;
	error = console_send(console);
	/* No one there to read: what the script says last matters, not this. */
	return error == -EIO ? 0 : error;
}
