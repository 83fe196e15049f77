/* SPDX-License-Identifier: Apache-2.0 */
/* screen.c: see screen.h. */
#include "tui/screen.h"

#include <errno.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <ncurses.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "tui/draw.h"
#include "tui/keys.h"
#include "tui/shown.h"

#define ESCAPE_MS 25            /* a lone Esc is one when nothing follows so long */

/* What the handler of a crash needs: no more than this may be touched there. */
static struct termios before;
static int terminal = -1;
static SCREEN *screen;
static int clicked_row;

/* No mouse, normal colours, cursor, keypad off, the first screen: as all terminals know. */
static const char restore[] = "\x1b[?1000l\x1b[?1006l\x1b[m\x1b[?25h\x1b[?1l\x1b>\x1b[?1049l\r\n";

static const int crashes[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTERM, SIGHUP, SIGQUIT };

static void on_crash(int signal)
{
	if (terminal >= 0) {
		if (write(terminal, restore, sizeof(restore) - 1) < 0)
			errno = 0;      /* nothing can be done */
		tcsetattr(terminal, TCSANOW, &before);
	}
	/* SA_RESETHAND: the second time it ends us. */
	raise(signal);
}

static void set_handlers(bool is_on)
{
	struct sigaction action = { .sa_handler = is_on ? on_crash : SIG_DFL,
				    .sa_flags = is_on ? SA_RESETHAND | SA_NODEFER : 0 };

	for (size_t i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		sigaction(crashes[i], &action, NULL);
}

static bool choose_locale(void)
{
	setlocale(LC_ALL, "");
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

static void set_modes(void)
{
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(ESCAPE_MS);
	leaveok(stdscr, FALSE);
}

int screen_start(const struct screen_style *style, struct fault *ret_fault)
{
	FILE *in = style->in ? style->in : stdin, *out = style->out ? style->out : stdout;
	bool utf8 = choose_locale();

	terminal = tcgetattr(fileno(in), &before) == 0 ? fileno(out) : -1;
	if (style->rows > 0) {
		use_env(TRUE);
		char rows[16], columns[16];

		snprintf(rows, sizeof(rows), "%d", style->rows);
		snprintf(columns, sizeof(columns), "%d", style->columns);
		setenv("LINES", rows, 1);
		setenv("COLUMNS", columns, 1);
	}
	screen = newterm(style->term, out, in);
	if (!screen) {
		fault_set(ret_fault, "this terminal is not known: TERM=%s",
			  style->term ? style->term : getenv("TERM") ? getenv("TERM") : "");
		snprintf(ret_fault->cure, sizeof(ret_fault->cure),
			 "set TERM to what it is like, for instance  TERM=xterm-256color");
		return -ENOTTY;
	}
	set_term(screen);
	if (terminal >= 0)
		set_handlers(true);
	set_modes();
	theme_start(style->scheme);
	shown_set_utf8(utf8);
	draw_set_ascii(style->is_ascii || !utf8);
	return 0;
}

void screen_end(void)
{
	if (!screen)
		return;
	screen_set_mouse(false);
	endwin();
	delscreen(screen);
	screen = NULL;
	if (terminal >= 0) {
		set_handlers(false);
		tcsetattr(terminal, TCSADRAIN, &before);
	}
	terminal = -1;
}

void screen_suspend(void)
{
	screen_set_mouse(false);
	def_prog_mode();
	endwin();
}

void screen_resume(void)
{
	reset_prog_mode();
	flushinp();
	clearok(stdscr, TRUE);
	refresh();
}

/* The wheel moves as the arrows do. */
static int mouse_key(void)
{
	MEVENT event;

	if (getmouse(&event) == ERR)
		return KEY_NONE;
	if (event.bstate & BUTTON4_PRESSED)
		return key_of(true, KEY_UP);
	if (event.bstate & BUTTON5_PRESSED)
		return key_of(true, KEY_DOWN);
	clicked_row = event.y;
	return KEY_CLICK;
}

int screen_clicked_row(void)
{
	return clicked_row;
}

/* KEY_NONE only when nothing waits: who throws keys away must see all of them. */
int screen_key(bool *ret_resized)
{
	for (;;) {
		wint_t value;
		int kind = get_wch(&value), key;

		if (kind == ERR)
			return KEY_NONE;
		if (kind == KEY_CODE_YES && value == KEY_RESIZE) {
			*ret_resized = true;
			continue;
		}
		key = key_of(kind == KEY_CODE_YES, value);
		if (kind == KEY_CODE_YES && value == KEY_MOUSE)
			key = mouse_key();
		if (key != KEY_NONE)
			return key;
	}
}

void screen_flush_input(void)
{
	if (terminal >= 0)
		tcflush(terminal, TCIFLUSH);
	flushinp();
}

void screen_refresh(void)
{
	refresh();
}

void screen_redraw(void)
{
	clearok(stdscr, TRUE);
}

void screen_bell(void)
{
	beep();
}

void screen_set_mouse(bool is_on)
{
	mousemask(is_on ? BUTTON1_CLICKED | BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0,
		  NULL);
}

void screen_row(int y, char *out, size_t size)
{
	size_t used = 0;
	mbstate_t state = { 0 };

	for (int x = 0; x < COLS; x++) {
		wchar_t text[CCHARW_MAX + 1] = L"";
		attr_t attributes;
		short pair;
		cchar_t cell;

		if (mvin_wch(y, x, &cell) == ERR ||
		    getcchar(&cell, text, &attributes, &pair, NULL) == ERR)
			continue;
		for (int i = 0; text[i] && used + MB_LEN_MAX < size; i++) {
			size_t length = wcrtomb(out + used, text[i], &state);

			used += length == (size_t)-1 ? 0 : length;
		}
		/* The second half of a wide character holds it again. */
		if (text[0] && wcwidth(text[0]) == 2)
			x++;
	}
	while (used > 0 && out[used - 1] == ' ')
		used--;
	out[used] = '\0';
}
