/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pty.h: the master side of the script's pseudo-terminal.
 *
 * Never waits: reading gives what there is, writing keeps what the script does not take yet, up to
 * a bound; what is more is left out whole, and counted.  Borrows the descriptor.
 */
#ifndef TUI_PTY_H
#define TUI_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PTY_PENDING_MAX 4096

struct pty {
	int fd;
	bool has_ended;                /* no one has the other side open: stop polling for input */
	char pending[PTY_PENDING_MAX]; /* for the script */
	size_t pending_used;
	uint64_t dropped;              /* times that something did not fit */
};

/* Makes the master non-blocking and close-on-exec. */
int pty_init(struct pty *pty, int master);

/* Tells the script, which gets SIGWINCH when it is another size. */
int pty_resize(struct pty *pty, int rows, int columns);

/*
 * Up to `size` bytes that the script wrote; 0 bytes: none now.  When the other side is closed (EIO)
 * has_ended says so, until someone who opens it anew writes.
 */
int pty_read(struct pty *pty, char *out, size_t size, size_t *ret_length);

/* Bytes for the script: all of them are kept, or none.  pty_flush writes what it takes now. */
bool pty_send(struct pty *pty, const char *bytes, size_t length);
int pty_flush(struct pty *pty);
/* Room for more: */
size_t pty_room(const struct pty *pty);

#endif
