/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drive.h: the screens without a terminal, driven by a test: a record or a made-up run, keys, and
 * what is to be seen then.
 *
 * In process, in tests/tui (drive_set_up goes there, where records/ and work/ are), with a terminal
 * that is a file: what a real one would have got is kept.  Everything is drawn after every key, as
 * the loop does.  No clock runs: a run's time is what drive_wait makes it.
 */
#ifndef TESTS_SUPPORT_DRIVE_H
#define TESTS_SUPPORT_DRIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tracer/events/wire.h"
#include "tui/app.h"

struct ring;
struct sink;

struct drive_style {
	int rows, columns;
	bool is_unicode;        /* else --ascii */
	enum theme_scheme scheme;
	const char *locale;     /* NULL: C.UTF-8 */
	const char *term;       /* NULL: xterm-256color */
};

struct drive {
	struct app *app;
	struct tui_config config;
	FILE *in, *out;
	/* Of a made-up run, the tracer's ends. */
	struct ring *ring;
	struct sink *sink;
	int wire;
	int script;             /* its terminal: what is written here the script prints */
	char name[64];
};

/* Checked fixtures. */
void drive_set_up(void);
void drive_tear_down(void);

/* records/NAME.jsonl, read to its end and drawn. */
void drive_record(struct drive *drive, const char *name, const struct drive_style *style);

/*
 * The events of records/NAME.jsonl as those of a run that goes on.  Events with `asked` "waiting"
 * are put as questions (no verdict yet), numbered from 1.  Lines {"type":"printed","text":"..."} are
 * what the script writes to its terminal.
 */
void drive_run(struct drive *drive, const char *name, const struct drive_style *style);

/*
 * Keys as text, "2", "fverdict=deny<Enter>": what stands between < and > is a name as keys.h has
 * them ("Down", "Ctrl-L"), or Backspace, or lt.  Fails the test for a name that is none.  In a run
 * a second passes before each.
 */
void drive_keys(struct drive *drive, const char *keys);

/* So much later, with all that came meanwhile. */
void drive_wait(struct drive *drive, int64_t ms);

/* The next message from the screen to the tracer; fails the test when there is none. */
void drive_take(struct drive *drive, struct wire_message *ret_message);

/* Rows of text with newlines, without blanks at their ends; malloc'd. */
char *drive_screen(void);

/* The row on which the hardware cursor rests. */
int drive_cursor_row(void);

/* The bytes that the terminal got so far; malloc'd. */
char *drive_bytes(struct drive *drive, size_t *ret_length);

void drive_end(struct drive *drive);

#endif
