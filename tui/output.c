/* SPDX-License-Identifier: Apache-2.0 */
/* output.c: see output.h.  What is drawn: output_paint.c. */
#include "tui/output.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tui/act.h"
#include "tui/app.h"
#include "tui/draw.h"
#include "tui/keycodes.h"

/* ---- its life ---- */

/* The view has a rule above the terminal. */
static void size_of_view(const struct app *app, int *ret_rows, int *ret_columns)
{
	struct layout layout;

	layout_fit(&layout, draw_rows(), draw_columns(), app->detail_rows);
	*ret_rows = layout.body_rows - 1;
	*ret_columns = layout.columns;
}

int output_start(struct app *app)
{
	struct output *output = calloc(1, sizeof(*output));
	int r = output ? console_init(&output->console, app->config->pty, 24, 80) : -ENOMEM;

	if (r < 0)
		free(output);
	else
		app->output = output;
	return r;
}

void output_end(struct app *app)
{
	if (app->output)
		console_free(&app->output->console);
	free(app->output);
	app->output = NULL;
}

static void say_if_broken(struct app *app, int r)
{
	if (r < 0)
		app_say(app, "the script's terminal: %s", strerror(-r));
}

void output_fit(struct app *app)
{
	int rows, columns;

	if (!app->output)
		return;
	size_of_view(app, &rows, &columns);
	/* On a screen that is too small for anything it stays as it was. */
	if (rows >= TERMINAL_ROWS_MIN)
		say_if_broken(app, console_resize(&app->output->console, rows, columns));
}

bool output_take(struct app *app)
{
	uint64_t before;
	bool had_ended;

	if (!app->output)
		return false;
	before = app->output->console.received;
	had_ended = app->output->console.pty.has_ended;
	say_if_broken(app, console_pump(&app->output->console));
	if (app->view != VIEW_OUTPUT || app->is_paused)
		return false;
	return app->output->console.received != before ||
	       app->output->console.pty.has_ended != had_ended;
}

int output_poll(const struct app *app, short *ret_events)
{
	const struct console *console;

	*ret_events = 0;
	/* With nobody at the other side poll(2) would return at once, again and again. */
	if (!app->output || app->output->console.pty.has_ended)
		return -1;
	console = &app->output->console;
	*ret_events = (short)(console_wants_to_write(console) ? POLLIN | POLLOUT : POLLIN);
	return console->pty.fd;
}

/* ---- scrolling ---- */

/* Lines that ever left the terminal at its top. */
static int64_t lines_gone(const struct terminal *terminal)
{
	return (int64_t)terminal_lines_dropped(terminal) - terminal_first_row(terminal);
}

int output_first(const struct output *output)
{
	const struct terminal *terminal = output->console.terminal;
	int64_t row = output->top - lines_gone(terminal);

	if (!output->is_back || row > 0)
		return 0;
	return row < terminal_first_row(terminal) ? terminal_first_row(terminal) : (int)row;
}

static void scroll_to(struct output *output, int row)
{
	const struct terminal *terminal = output->console.terminal;

	if (row < terminal_first_row(terminal))
		row = terminal_first_row(terminal);
	output->is_back = row < 0;
	output->top = lines_gone(terminal) + row;
}

static void focus(struct app *app)
{
	if (!app->output)
		app_say(app, "a record has no script to type to");
	else if (app->output->console.pty.has_ended)
		app_say(app, "the script has closed its terminal");
	else
		app->mode = MODE_FOCUS;
}

void output_act(struct app *app, enum action action)
{
	int rows, columns, first;

	if (action == ACTION_FOCUS)
		focus(app);
	if (!app->output)
		return;
	terminal_size(app->output->console.terminal, &rows, &columns);
	first = output_first(app->output);
	switch ((int)action) {
	case ACTION_UP:
		scroll_to(app->output, first - 1);
		break;
	case ACTION_DOWN:
		scroll_to(app->output, first + 1);
		break;
	case ACTION_PAGE_UP:
		scroll_to(app->output, first - rows + 1);
		break;
	case ACTION_PAGE_DOWN:
		scroll_to(app->output, first + rows - 1);
		break;
	case ACTION_FIRST:
		scroll_to(app->output, terminal_first_row(app->output->console.terminal));
		break;
	case ACTION_LAST:
	case ACTION_FOCUS:
		scroll_to(app->output, 0);
		break;
	default:
		break;
	}
}

/* ---- typing ---- */

static void type(struct terminal *terminal, int key)
{
	enum terminal_key name;
	unsigned modifiers;

	if (key == '\n')
		terminal_key(terminal, TERMINAL_KEY_ENTER, 0);
	else if (key < KEY_IS_CODE)
		terminal_text(terminal, (uint32_t)key, 0);
	else if (keycodes_find(key & ~KEY_IS_CODE, &name, &modifiers))
		terminal_key(terminal, name, modifiers);
}

void act_focus_key(struct app *app, int key)
{
	if (key_action(CONTEXT_FOCUS, key) == ACTION_UNFOCUS || !app->output) {
		app->mode = MODE_BROWSE;
		return;
	}
	if (key < 0)
		return;
	app->output->is_back = false;
	type(app->output->console.terminal, key);
	say_if_broken(app, console_send(&app->output->console));
}

/* ---- to the outside ---- */

/* To a terminal that does not know UTF-8 a part of a character could be a control (0x9b: CSI). */
static void make_ascii(char *line)
{
	char *out = line;

	for (; *line; line++)
		if ((*line & 0xc0) != 0x80)
			*out++ = *line & 0x80 ? '?' : *line;
	*out = '\0';
}

long output_write(const struct app *app, FILE *out)
{
	const struct terminal *terminal;
	char line[TERMINAL_LINE_MAX];
	long count = 0;

	if (!app->output)
		return 0;
	terminal = app->output->console.terminal;
	for (int row = terminal_first_row(terminal); row < terminal_end_row(terminal); row++) {
		terminal_line(terminal, row, line, sizeof(line));
		if (!shown_is_utf8() && isatty(fileno(out)))
			make_ascii(line);
		if (fputs(line, out) < 0 || putc('\n', out) == EOF)
			return -EIO;
		count++;
	}
	return count;
}
