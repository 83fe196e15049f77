/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen.h: a run under the live screen, in two processes.
 *
 * This one owns the terminal and becomes the screen; its child is the tracer, which owns the script
 * (so that ptrace works under Yama level 1).  They share the ring and the wire
 * (tracer/events/), and the script has a pseudo-terminal of its own, whose master both hold: a
 * screen that is lost must not hang up the script.
 *
 * The tracer's stderr is kept in memory and said once the screen is closed.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include "tracer/options.h"
#include "tui/tui.h"

/* --color, as the screen has it. */
static inline enum tui_color screen_color(const struct options *options)
{
	switch (options->color) {
	case COLOR_ALWAYS:
		return TUI_COLOR_ALWAYS;
	case COLOR_NEVER:
		return TUI_COLOR_NEVER;
	default:
		return TUI_COLOR_AUTO;
	}
}

/* What the tracer's process does: runs the session with this screen.  The exit status. */
typedef int screen_run_fn(void *data, struct run_screen *screen);

/*
 * Before anything else is done for a screen.  Where another program has it (screen_elsewhere.c) this
 * becomes that program, with the same arguments: it returns only when there is none.  0, or
 * EXIT_USAGE, said.
 */
int screen_claim(char *const *argv);

/* Can there be one: a terminal on both sides, no option against it?  0, or EXIT_USAGE, said. */
int screen_check(const struct options *options);

/*
 * The exit status, as without a screen.  `setup` lends the policy, which may grow in the tracer's
 * process.
 */
struct setup;
int screen_run(const struct options *options, const struct setup *setup, screen_run_fn *run,
	       void *data);

#endif
