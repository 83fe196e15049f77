/* SPDX-License-Identifier: Apache-2.0 */
/* test_output.c: the Output view on a screen that no one sees. */
#include <check.h>
#include <ncurses.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "tests/support/suite.h"
#include "tui/act.h"
#include "tui/app.h"
#include "tui/draw.h"
#include "tui/output.h"
#include "tui/screen.h"
#include "tui/scrollback.h"

#define UNFOCUS 0x1d

static struct app *app;
static struct tui_config config;
static struct feed feed = { .is_live = true };
static int slave;
static FILE *null;

static void start_screen(void)
{
	struct screen_style style = { .term = "xterm", .rows = 24, .columns = 80, .is_ascii = true };
	struct fault fault;

	null = fopen("/dev/null", "r+");
	ck_assert_ptr_nonnull(null);
	style.in = style.out = null;
	setenv("LC_ALL", "C.UTF-8", 1);
	ck_assert_int_eq(screen_start(&style, &fault), 0);
}

static void start(void)
{
	struct termios raw;

	ck_assert_int_eq(openpty(&config.pty, &slave, NULL, NULL, NULL), 0);
	ck_assert_int_eq(tcgetattr(slave, &raw), 0);
	cfmakeraw(&raw);
	ck_assert_int_eq(tcsetattr(slave, TCSANOW, &raw), 0);
	app = calloc(1, sizeof(*app));
	app->config = &config;
	app->feed = &feed;
	app->view = VIEW_OUTPUT;
	start_screen();
	ck_assert_int_eq(output_start(app), 0);
	output_fit(app);
}

static void end(void)
{
	output_end(app);
	screen_end();
	fclose(null);
	close(config.pty);
	close(slave);
	free(app);
}

static void say(const char *bytes)
{
	ck_assert_int_eq(write(slave, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
	for (int i = 0; i < 1000 && !output_take(app); i++)
		usleep(1000);
	while (output_take(app))
		;
}

static const char *row(int y)
{
	static char out[1024];

	draw_erase();
	layout_fit(&app->layout, draw_rows(), draw_columns(), 0);
	paint_output(app);
	screen_row(y, out, sizeof(out));
	return out;
}

/* A row of the terminal: below three rows of frame and the rule. */
static const char *line(int y)
{
	return row(4 + y);
}

static attr_t look_at(int y, int x)
{
	wchar_t text[CCHARW_MAX + 1];
	attr_t attributes = 0;
	cchar_t cell;
	short pair;

	row(0);
	ck_assert_int_ne(mvin_wch(4 + y, x, &cell), ERR);
	ck_assert_int_ne(getcchar(&cell, text, &attributes, &pair, NULL), ERR);
	return attributes;
}

START_TEST(what_is_written_is_shown)
{
	say("hello\r\n\x1b[1mbold\x1b[m \xe6\x97\xa5\xe6\x9c\xac e\xcc\x81 \xe2\x80\xae" "x");
	ck_assert_str_eq(line(0), "hello");
	ck_assert_str_eq(line(1), "bold \xe6\x97\xa5\xe6\x9c\xac e\xcc\x81 \xef\xbf\xbdx");
	ck_assert(look_at(1, 0) & A_BOLD);
	ck_assert(!(look_at(1, 5) & A_BOLD));
	ck_assert_ptr_nonnull(strstr(row(3), "the script's terminal"));
}
END_TEST

START_TEST(the_script_knows_its_size)
{
	int rows, columns;

	terminal_size(app->output->console.terminal, &rows, &columns);
	ck_assert_int_eq(columns, 80);
	ck_assert_int_eq(rows, 24 - 3 - 1 - 1);
	/* its last row is the last one above the keys */
	say("\x1b[99;1Hbottom");
	ck_assert_str_eq(row(22), "bottom");
}
END_TEST

START_TEST(without_utf8_nothing_else_is_drawn)
{
	shown_set_utf8(false);
	say("\xe2\x94\x82\xe6\x97\xa5z e\xcc\x81\xe2\x94\x80");
	ck_assert_str_eq(line(0), "|? z e-");
	shown_set_utf8(true);
}
END_TEST

/* All that comes, in however many pieces. */
static void read_all(char *out, size_t size)
{
	for (size_t used = 0; used < size;) {
		ssize_t length = read(slave, out + used, size - used);

		ck_assert_int_gt(length, 0);
		used += (size_t)length;
	}
}

START_TEST(keys_go_where_they_should)
{
	char got[32];

	act(app, 'i');
	ck_assert_int_eq(app->mode, MODE_FOCUS);
	ck_assert_ptr_nonnull(strstr(row(3), "KEYS GO TO THE SCRIPT"));
	act(app, 'q');
	act(app, '\n');
	act(app, KEY_UP | KEY_IS_CODE);
	act(app, 3);
	act(app, 0xe9);
	read_all(got, 8);
	ck_assert_mem_eq(got, "q\r\x1b[A\x03\xc3\xa9", 8);
	act(app, UNFOCUS);
	ck_assert_int_eq(app->mode, MODE_BROWSE);
	ck_assert_ptr_null(strstr(row(3), "KEYS GO"));
}
END_TEST

START_TEST(no_keys_for_what_is_closed)
{
	close(slave);
	for (int i = 0; i < 1000 && !app->output->console.pty.has_ended; i++)
		output_take(app);
	act(app, 'i');
	ck_assert_int_eq(app->mode, MODE_BROWSE);
	ck_assert_str_ne(app->status, "");
	ck_assert_ptr_nonnull(strstr(row(3), "closed"));
	slave = -1;
}
END_TEST

static void say_lines(int from, int to)
{
	char text[32];

	for (int i = from; i < to; i++) {
		snprintf(text, sizeof(text), "line %d\r\n", i);
		say(text);
	}
}

START_TEST(scrolled_back_it_stands_still)
{
	say_lines(0, 50);
	ck_assert_str_eq(line(0), "line 32");
	act(app, KEY_PPAGE | KEY_IS_CODE);
	ck_assert_str_eq(line(0), "line 14");
	say_lines(50, 60);
	ck_assert_str_eq(line(0), "line 14");
	act(app, 'k');
	ck_assert_str_eq(line(0), "line 13");
	ck_assert_ptr_nonnull(strstr(row(3), "29 lines back"));
	act(app, 'g');
	ck_assert_str_eq(line(0), "line 0");
	act(app, 'k');
	ck_assert_str_eq(line(0), "line 0");
	act(app, KEY_NPAGE | KEY_IS_CODE);
	ck_assert_str_eq(line(0), "line 18");
	act(app, 'G');
	ck_assert_str_eq(line(0), "line 42");
	say_lines(60, 61);
	ck_assert_str_eq(line(0), "line 43");
	/* who types sees what is typed */
	act(app, 'g');
	act(app, 'i');
	ck_assert_str_eq(line(0), "line 43");
}
END_TEST

START_TEST(lines_that_went_move_the_view)
{
	say_lines(0, 30);
	act(app, 'g');
	for (int i = 0; i < SCROLLBACK_LINES_MAX + 10; i++)
		terminal_feed(app->output->console.terminal, "\r\n", 2);
	ck_assert_int_eq(output_first(app->output),
			 terminal_first_row(app->output->console.terminal));
	ck_assert_str_ne(line(0), "line 0");
}
END_TEST

START_TEST(all_of_it_is_written_out)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	say_lines(0, 30);
	ck_assert_int_eq(output_write(app, out), 30);
	fclose(out);
	ck_assert_int_eq(strncmp(text, "line 0\nline 1\n", 14), 0);
	ck_assert_str_eq(text + size - 8, "line 29\n");
	free(text);
}
END_TEST

START_TEST(a_record_has_none)
{
	struct output *output = app->output;

	app->output = NULL;
	ck_assert_str_eq(row(4), "  A record does not hold what the script printed.");
	act(app, 'i');
	ck_assert_int_eq(app->mode, MODE_BROWSE);
	act(app, 'G');
	ck_assert(!output_take(app));
	output_fit(app);
	app->output = output;
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("output");
	TCase *tcase = tcase_create("output");

	tcase_add_checked_fixture(tcase, start, end);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, what_is_written_is_shown);
	tcase_add_test(tcase, the_script_knows_its_size);
	tcase_add_test(tcase, without_utf8_nothing_else_is_drawn);
	tcase_add_test(tcase, keys_go_where_they_should);
	tcase_add_test(tcase, no_keys_for_what_is_closed);
	tcase_add_test(tcase, scrolled_back_it_stands_still);
	tcase_add_test(tcase, lines_that_went_move_the_view);
	tcase_add_test(tcase, all_of_it_is_written_out);
	tcase_add_test(tcase, a_record_has_none);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
