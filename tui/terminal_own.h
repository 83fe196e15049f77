/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal_own.h: what a terminal is made of, for terminal.c (output) and terminal_input.c only.
 */
#ifndef TUI_TERMINAL_OWN_H
#define TUI_TERMINAL_OWN_H

#include <vterm.h>

#include "tui/scrollback.h"
#include "tui/sieve.h"
#include "tui/terminal.h"

struct terminal {
	VTerm *vterm;
	VTermScreen *screen;
	VTermState *state;
	int rows, columns;
	bool cursor_is_visible, is_alternate, is_typing;
	uint64_t bells, keys_dropped;
	char output[TERMINAL_OUTPUT_MAX];
	size_t output_used;
	struct sieve sieve;
	struct scrollback scrollback;
	struct cell line[TERMINAL_COLUMNS_MAX];
};

/* What libvterm has to say to the script. */
void terminal_add_output(const char *bytes, size_t length, void *user);

#endif
