/* SPDX-License-Identifier: Apache-2.0 */
/* test_terminal.c: what ordinary programs write is shown as other terminals show it. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tui/scrollback.h"
#include "tui/terminal.h"

static struct terminal *terminal;

static void start(void)
{
	ck_assert_int_eq(terminal_new(24, 80, &terminal), 0);
}

static void end(void)
{
	terminal_free(terminal);
	terminal_free(NULL);
}

static void feed(const char *bytes)
{
	terminal_feed(terminal, bytes, strlen(bytes));
}

static const char *line(int row)
{
	static char out[TERMINAL_LINE_MAX];

	ck_assert_uint_eq(terminal_line(terminal, row, out, sizeof(out)), strlen(out));
	return out;
}

static struct cell cell_at(int row, int column)
{
	struct cell cell;

	terminal_cell(terminal, row, column, &cell);
	return cell;
}

static const char *output(void)
{
	static char out[TERMINAL_OUTPUT_MAX + 1];

	out[terminal_take_output(terminal, out, TERMINAL_OUTPUT_MAX)] = '\0';
	return out;
}

static size_t load(const char *name, char *out, size_t size)
{
	char path[128];
	FILE *file;
	size_t length;

	snprintf(path, sizeof(path), "tests/data/terminal/%s", name);
	file = fopen(path, "r");
	ck_assert_msg(file != NULL, "%s is missing: run from the top folder", path);
	length = fread(out, 1, size - 1, file);
	out[length] = '\0';
	fclose(file);
	return length;
}

static const char *const recorded[] = { "repl", "table", "less", "vim" };
static const size_t pieces[] = { 1, 3, 7, 1000, 100000 };

static void check_screen(const char *wanted)
{
	for (int row = terminal_first_row(terminal); row < 24; row++) {
		size_t length = strcspn(wanted, "\n");
		char *want = strndup(wanted, length);

		ck_assert_str_eq(line(row), want);
		free(want);
		wanted += length + 1;
	}
	ck_assert_str_eq(wanted, "");
}

START_TEST(a_recorded_program)
{
	static char bytes[16384], wanted[16384];
	const char *name = recorded[(size_t)_i / 5];
	size_t piece = pieces[_i % 5], length;
	char file[64];

	snprintf(file, sizeof(file), "%s.screen", name);
	load(file, wanted, sizeof(wanted));
	snprintf(file, sizeof(file), "%s.out", name);
	length = load(file, bytes, sizeof(bytes));
	for (size_t at = 0; at < length; at += piece)
		terminal_feed(terminal, bytes + at, length - at < piece ? length - at : piece);
	check_screen(wanted);
}
END_TEST

static const struct {
	const char *bytes;
	uint8_t looks;
	int8_t fg, bg;
} looks[] = {
	{ "x", 0, -1, -1 },
	{ "\x1b[1mx", CELL_BOLD, -1, -1 },
	{ "\x1b[4;7mx", CELL_UNDERLINED | CELL_REVERSED, -1, -1 },
	{ "\x1b[1;4;7;22;24;27mx", 0, -1, -1 },
	{ "\x1b[31;44mx", 0, 1, 4 },
	{ "\x1b[91;104mx", 0, 9, 12 },
	{ "\x1b[38;5;196;48;2;0;0;0mx", 0, 9, 0 },
	{ "\x1b[31;44;39;49mx", 0, -1, -1 },
	{ "\x1b[5;8mx", 0, -1, -1 },
	{ "\x1b[31m\x1b" "7\x1b[m\x1b" "8x", 0, 1, -1 },
	/* nothing was saved: all is as it was at first */
	{ "\x1b[31m\x1b" "8x", 0, -1, -1 },
	{ "\x1b[?5hx", CELL_REVERSED, -1, -1 },
	{ "\x1b[?5h\x1b" "cx", 0, -1, -1 },
};

START_TEST(how_it_looks)
{
	struct cell cell;

	feed(looks[_i].bytes);
	cell = cell_at(0, 0);
	ck_assert_uint_eq(cell.points[0], 'x');
	ck_assert_uint_eq(cell.looks, looks[_i].looks);
	ck_assert_int_eq(cell.fg, looks[_i].fg);
	ck_assert_int_eq(cell.bg, looks[_i].bg);
}
END_TEST

START_TEST(wide_characters)
{
	feed("a\xe6\x97\xa5z");
	ck_assert_uint_eq(cell_at(0, 1).points[0], 0x65e5);
	ck_assert_uint_eq(cell_at(0, 1).width, 2);
	ck_assert_uint_eq(cell_at(0, 2).width, 0);
	ck_assert_uint_eq(cell_at(0, 3).points[0], 'z');
	/* one half is written over: nothing of it is left over */
	feed("\x1b[1;2Hb");
	ck_assert_uint_eq(cell_at(0, 1).points[0], 'b');
	feed("\x1b[2;1H\xe6\x97\xa5\x1b[2;2Hc");
	ck_assert_uint_eq(cell_at(1, 1).points[0], 'c');
	/* does not fit at the end of a row */
	feed("\x1b[3;80H\xe6\x97\xa5");
	ck_assert_uint_eq(cell_at(3, 0).width, 2);
}
END_TEST

START_TEST(marks_stay_on_their_character)
{
	struct cell cell;

	feed("e\xcc\x81\xcc\xa7\xcc\x81" "x");
	cell = cell_at(0, 0);
	ck_assert_uint_eq(cell.points[0], 'e');
	ck_assert_uint_eq(cell.points[1], 0x301);
	ck_assert_uint_eq(cell.points[2], 0x327);
	ck_assert_uint_eq(cell_at(0, 1).points[0], 'x');
	ck_assert_str_eq(line(0), "e\xcc\x81\xcc\xa7x");
	/* alone it is no text */
	feed("\x1b[2;5H\xcc\x81");
	ck_assert_str_eq(line(1), "    \xef\xbf\xbd");
}
END_TEST

START_TEST(lines_are_kept_when_they_scroll_off)
{
	char text[32];

	for (int i = 0; i < 30; i++) {
		snprintf(text, sizeof(text), "line \x1b[32m%d\x1b[m  \r\n", i);
		feed(text);
	}
	ck_assert_int_eq(terminal_first_row(terminal), -7);
	ck_assert_str_eq(line(-7), "line 0");
	ck_assert_str_eq(line(-1), "line 6");
	ck_assert_str_eq(line(0), "line 7");
	ck_assert_int_eq(cell_at(-7, 5).fg, 2);
	ck_assert_int_eq(terminal_end_row(terminal), 23);
	ck_assert_str_eq(line(-8), "");
	ck_assert_str_eq(line(100), "");
	/* erasing does not reach them */
	feed("\x1b[3J\x1b[2J\x1b" "c");
	ck_assert_str_eq(line(-7), "line 0");
	ck_assert_int_eq(terminal_end_row(terminal), 0);
}
END_TEST

START_TEST(the_oldest_lines_go)
{
	for (int i = 0; i < SCROLLBACK_LINES_MAX + 100 + 23; i++)
		feed(i == 100 ? "here\r\n" : "line\r\n");
	ck_assert_int_eq(terminal_first_row(terminal), -SCROLLBACK_LINES_MAX);
	ck_assert_uint_eq(terminal_lines_dropped(terminal), 100);
	ck_assert_str_eq(line(-SCROLLBACK_LINES_MAX), "here");
}
END_TEST

START_TEST(the_other_screen_keeps_no_lines)
{
	feed("shell\x1b[?1049h");
	ck_assert(terminal_is_alternate(terminal));
	ck_assert_str_eq(line(0), "");
	for (int i = 0; i < 50; i++)
		feed("line\r\n");
	ck_assert_int_eq(terminal_first_row(terminal), 0);
	feed("\x1b[?1049l");
	ck_assert(!terminal_is_alternate(terminal));
	ck_assert_str_eq(line(0), "shell");
	feed("\x1b[?1049h\x1b" "c");
	ck_assert(!terminal_is_alternate(terminal));
}
END_TEST

static const struct {
	enum terminal_key key;
	unsigned modifiers;
	const char *mode, *bytes;
} keys[] = {
	{ TERMINAL_KEY_NONE, 0, "", "" },
	{ TERMINAL_KEY_ENTER, 0, "", "\r" },
	{ TERMINAL_KEY_TAB, 0, "", "\t" },
	{ TERMINAL_KEY_TAB, TERMINAL_SHIFT, "", "\x1b[Z" },
	{ TERMINAL_KEY_BACKSPACE, 0, "", "\x7f" },
	{ TERMINAL_KEY_ESCAPE, 0, "", "\x1b" },
	{ TERMINAL_KEY_UP, 0, "", "\x1b[A" },
	{ TERMINAL_KEY_UP, 0, "\x1b[?1h", "\x1bOA" },
	{ TERMINAL_KEY_UP, 0, "\x1b[?1h\x1b[!p", "\x1b[A" },
	{ TERMINAL_KEY_LEFT, TERMINAL_CONTROL, "", "\x1b[1;5D" },
	{ TERMINAL_KEY_INSERT, 0, "", "\x1b[2~" },
	{ TERMINAL_KEY_DELETE, 0, "", "\x1b[3~" },
	{ TERMINAL_KEY_HOME, 0, "", "\x1b[H" },
	{ TERMINAL_KEY_END, 0, "\x1b[?1h", "\x1bOF" },
	{ TERMINAL_KEY_PAGE_DOWN, 0, "", "\x1b[6~" },
	{ TERMINAL_KEY_F0 + 1, 0, "", "\x1bOP" },
	{ TERMINAL_KEY_F0 + 12, 0, "", "\x1b[24~" },
	{ TERMINAL_KEY_F0 + 5, TERMINAL_SHIFT, "", "\x1b[15;2~" },
	{ TERMINAL_KEY_F0 + 13, 0, "", "" },
	{ 1000, 0, "", "" },
};

START_TEST(a_key)
{
	feed(keys[_i].mode);
	terminal_key(terminal, keys[_i].key, keys[_i].modifiers);
	ck_assert_str_eq(output(), keys[_i].bytes);
}
END_TEST

static const struct {
	uint32_t point;
	unsigned modifiers;
	const char *bytes;
} texts[] = {
	{ 'a', 0, "a" },
	{ 3, 0, "\x03" },
	{ 0x1d, 0, "\x1d" },
	{ 'c', TERMINAL_CONTROL, "\x03" },
	{ 'b', TERMINAL_ALT, "\x1b" "b" },
	{ 0xe9, 0, "\xc3\xa9" },
	{ 0x1f600, 0, "\xf0\x9f\x98\x80" },
	{ 0x110000, 0, "" },
};

START_TEST(a_character)
{
	terminal_text(terminal, texts[_i].point, texts[_i].modifiers);
	ck_assert_str_eq(output(), texts[_i].bytes);
}
END_TEST

START_TEST(questions_are_answered)
{
	feed("\x1b[5;7H\x1b[6n\x1b[c\x1b[5n");
	ck_assert_str_eq(output(), "\x1b[5;7R\x1b[?1;2c\x1b[0n");
	feed("\x1b[?1000h\x1b[?1000$p");
	ck_assert_str_eq(output(), "\x1b[?1000;2$y");
}
END_TEST

START_TEST(pasting)
{
	terminal_paste_begin(terminal);
	terminal_paste_end(terminal);
	ck_assert_str_eq(output(), "");
	feed("\x1b[?2004h");
	ck_assert(terminal_pastes_are_bracketed(terminal));
	terminal_paste_begin(terminal);
	terminal_text(terminal, 'x', 0);
	terminal_paste_end(terminal);
	ck_assert_str_eq(output(), "\x1b[200~x\x1b[201~");
}
END_TEST

START_TEST(cursor_bell_and_title)
{
	char title[64];
	int row, column;
	bool is_visible;

	ck_assert_uint_eq(terminal_title(terminal, title, sizeof(title)), 0);
	feed("\x1b[3;5H\x1b[?25l\a\a\x1b]0;a\xe2\x80\xae\x1b\\b\a");
	terminal_cursor(terminal, &row, &column, &is_visible);
	ck_assert_int_eq(row, 2);
	ck_assert_int_eq(column, 4 + 1);   /* the string ended before b */
	ck_assert(!is_visible);
	ck_assert_uint_eq(terminal_bells(terminal), 3);
	terminal_title(terminal, title, sizeof(title));
	ck_assert_str_eq(title, "a\\u{202e}");
}
END_TEST

START_TEST(a_line_fits_its_buffer)
{
	char out[8];

	feed("ab\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5");
	ck_assert_uint_eq(terminal_line(terminal, 0, out, sizeof(out)), 5);
	ck_assert_str_eq(out, "ab\xe6\x97\xa5");
	ck_assert_uint_eq(terminal_line(terminal, 0, out, 1), 0);
	ck_assert_uint_eq(terminal_line(terminal, 0, out, 0), 0);
}
END_TEST

START_TEST(a_smaller_window_keeps_the_text)
{
	int row, column;
	bool is_visible;

	feed("one\r\ntwo\r\nthree\r\nfour\r\nfive\r\n>>> ");
	terminal_resize(terminal, 4, 80);
	ck_assert_str_eq(line(-2), "one");
	ck_assert_str_eq(line(0), "three");
	ck_assert_str_eq(line(3), ">>>");
	terminal_cursor(terminal, &row, &column, &is_visible);
	ck_assert_int_eq(row, 3);
	ck_assert_int_eq(column, 4);
	terminal_resize(terminal, 24, 100);
	ck_assert_str_eq(line(-2), "one");
	ck_assert_str_eq(line(3), ">>>");
	/* the cursor's own row goes: it stays inside */
	feed("\x1b[1;1H");
	terminal_resize(terminal, 2, 80);
	terminal_cursor(terminal, &row, &column, &is_visible);
	ck_assert_int_eq(row, 0);
	ck_assert_str_eq(line(1), ">>>");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("terminal");
	TCase *tcase = tcase_create("terminal");

	tcase_add_checked_fixture(tcase, start, end);
	tcase_add_loop_test(tcase, a_recorded_program, 0, 5 * 4);
	tcase_add_loop_test(tcase, how_it_looks, 0, sizeof(looks) / sizeof(looks[0]));
	tcase_add_test(tcase, wide_characters);
	tcase_add_test(tcase, marks_stay_on_their_character);
	tcase_add_test(tcase, lines_are_kept_when_they_scroll_off);
	tcase_add_test(tcase, the_oldest_lines_go);
	tcase_add_test(tcase, the_other_screen_keeps_no_lines);
	tcase_add_loop_test(tcase, a_key, 0, sizeof(keys) / sizeof(keys[0]));
	tcase_add_loop_test(tcase, a_character, 0, sizeof(texts) / sizeof(texts[0]));
	tcase_add_test(tcase, questions_are_answered);
	tcase_add_test(tcase, pasting);
	tcase_add_test(tcase, cursor_bell_and_title);
	tcase_add_test(tcase, a_line_fits_its_buffer);
	tcase_add_test(tcase, a_smaller_window_keeps_the_text);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
