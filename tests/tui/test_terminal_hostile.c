/* SPDX-License-Identifier: Apache-2.0 */
/* test_terminal_hostile.c: whatever is written, the terminal answers nothing, shows what is plain,
 * works on, and does not grow. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "tests/support/suite.h"
#include "tui/scrollback.h"
#include "tui/terminal.h"

#define ONES "1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;"

static struct terminal *terminal;

static void start(void)
{
	ck_assert_int_eq(terminal_new(24, 80, &terminal), 0);
}

static void end(void)
{
	terminal_free(terminal);
}

static void feed(const char *bytes)
{
	terminal_feed(terminal, bytes, strlen(bytes));
}

static void check_works(void)
{
	char text[TERMINAL_LINE_MAX];

	feed("\x18\x1b" "c\x1b[!p\x1b[2J\x1b[1;1Hstill here");
	terminal_line(terminal, 0, text, sizeof(text));
	ck_assert_str_eq(text, "still here");
}

static void check_plain(void)
{
	int rows, columns;

	terminal_size(terminal, &rows, &columns);
	for (int row = terminal_first_row(terminal); row < rows; row++) {
		int cells = 0;

		for (int column = 0; column < columns; column++) {
			struct cell cell;

			terminal_cell(terminal, row, column, &cell);
			for (int i = 0; i < CELL_POINTS_MAX && cell.points[i]; i++)
				ck_assert_msg(text_is_plain(cell.points[i]), "U+%04x", cell.points[i]);
			cells += cell.width;
		}
		ck_assert(cells == columns || (row < 0 && cells == columns + 1));
	}
}

static const char *const hostile[] = {
	"\x1b]52;c;cm0gLXJmIH4K\a",                 /* clipboard */
	"\x1b]52;c;?\a",
	"\x1b]0;rm -rf ~\r\a\x1b[21t",               /* title, reported back as typed */
	"\x1b[20t\x1b[18t\x1b[11t\x1b[13t\x1b[3;0;0t\x1b[8;1;1t",
	"\x1bP$qm\x1b\\", "\x1bP$q\"p\x1b\\", "\x1bP$qrm -rf ~\r\x1b\\",   /* DECRQSS */
	"\x1bP+q544e\x1b\\",                         /* XTGETTCAP */
	"\x1b]4;1;?\a\x1b]10;?\a\x1b]11;?\x1b\\",    /* colours */
	"\x1b]50;?\a\x1b]1337;File=:x\a\x1b]9;4;1\a\x1b]777;notify;a;b\a",
	"\x1b_Ga=q;x\x1b\\\x1b[>q\x1b[=c\x1b[x\x1b[1;1;1;1;1;1*y\x05",
	"\x1b[?1000;1002;1003;1005;1006;1015;1004h",
	"\x1b[999999999X", "\x1b[999999999b", "\x1b[999999999@\x1b[999999999P", "\x1b[999999999L",
	"\x1b[999999999M\x1b[999999999S\x1b[999999999T", "\x1b[99999999999999999999;1H",
	"\x1b[2147483647;2147483647H\x1b[18446744073709551616A", "\x1b[-1;-1H\x1b[0;0H",
	"\x1b[" ONES ONES "m", "\x1b[" ONES ONES ONES "H", "\x1b[" ONES ONES "r\x1b[" ONES "?h",
	"\x1b[38;5m\x1b[38m\x1b[48;2;1m\x1b[38:m\x1b[4:m\x1b[::::::::::::::::::::::::::::::::m",
	"\x1b[24;1r\x1b[5;5r\x1b[99;99r\x1b[S", "\x1b[?69h\x1b[80;1s\x1b[S", "\x1b#6\x1b#3\x1b#4xxx",
	"\x1b[?6h\x1b[5;10r\x1b[99;99H\x1b[99A", "\x1b[?7l\xe6\x97\xa5\x1b[80G\xe6\x97\xa5\xe6\x97\xa5",
	"\x1bN\xe6\x1bO\xff\x1bN", "\x1b(0\xe6\x97\xa5q\x1b*\x1b+\x1b(", "\x0e\xff\x0f\x80",
	"\xff\xfe\xfd\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80\xe6\x97", "\xc3", "\xe2\x80\xae" "gpj.exe",
	"\xe2\x80\x8b\xef\xbb\xbf\xe2\x81\xa0\xc2\xad\xc2\x9b" "31m\xf3\xa0\x81\x81",
	"\x1b", "\x1b[", "\x1b[1", "\x1b]", "\x1bP", "\x1b]0;", "\x1b[?", "\x1b(", "\x1b]0;x\x1b",
};

START_TEST(hostile_strings)
{
	char out[64];

	feed(hostile[_i]);
	ck_assert_uint_eq(terminal_take_output(terminal, out, sizeof(out)), 0);
	check_plain();
	check_works();
	ck_assert_uint_eq(terminal_take_output(terminal, out, sizeof(out)), 0);
}
END_TEST

START_TEST(answers_are_bounded_and_leave_room_for_keys)
{
	char out[TERMINAL_OUTPUT_MAX + 1];

	for (int i = 0; i < 100000; i++)
		feed("\x1b[6n\x1b[c");
	terminal_text(terminal, 3, 0);
	ck_assert_uint_le(terminal_take_output(terminal, out, sizeof(out)),
			  TERMINAL_ANSWERS_MAX + 1);
	for (int i = 0; i < TERMINAL_OUTPUT_MAX; i++)
		terminal_key(terminal, TERMINAL_KEY_UP, 0);
	ck_assert_uint_eq(terminal_take_output(terminal, out, sizeof(out)),
			  TERMINAL_OUTPUT_MAX / 3 * 3);
	ck_assert_uint_eq(terminal_keys_dropped(terminal),
			  TERMINAL_OUTPUT_MAX - TERMINAL_OUTPUT_MAX / 3);
}
END_TEST

/* The same numbers each time: a failure can be looked at again. */
static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed >> 16 & 0x7fff;
}

static void feed_random(unsigned *seed, const char *alphabet, size_t letters)
{
	char bytes[256];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = alphabet ? alphabet[next_random(seed) % letters]
				    : (char)next_random(seed);
	terminal_feed(terminal, bytes, sizeof(bytes));
}

START_TEST(noise)
{
	static const char sequences[] = "\x1b\x1b\x1b[[[[??;;;:1234590hlrmABHJKLMPSTXb@c78DMx \n"
					"\xe6\x97\xa5\xcc\x81";
	unsigned seed = (unsigned)_i + 1;

	for (int i = 0; i < 1000; i++)
		feed_random(&seed, i % 2 ? sequences : NULL, sizeof(sequences) - 1);
	check_plain();
	check_works();
}
END_TEST

START_TEST(a_storm_of_resizing)
{
	static const char sequences[] = "\x1b[;123459HrhlLMSTABCD78?xyz\n\n\xe6\x97\xa5";
	unsigned seed = (unsigned)_i + 1;
	int rows, columns;

	for (int i = 0; i < 500; i++) {
		feed_random(&seed, sequences, sizeof(sequences) - 1);
		if (i % 3 == 0)
			feed("\x1b" "7\x1b[?1049h\x1b[2;99r");
		terminal_resize(terminal, (int)next_random(&seed) % 40 - 2,
				(int)next_random(&seed) % 60 - 2);
		feed("\x1b" "8x\xe6\x97\xa5\n\x1bM\x1b[?1049l\x1b[?1048ly");
		if (i % 100 == 0)
			check_plain();
	}
	terminal_resize(terminal, 1, 1);
	terminal_size(terminal, &rows, &columns);
	ck_assert_int_eq(rows, TERMINAL_ROWS_MIN);
	ck_assert_int_eq(columns, TERMINAL_COLUMNS_MIN);
	feed("\xe6\x97\xa5\xe6\x97\xa5z");
	check_plain();
	terminal_resize(terminal, 100000, 100000);
	terminal_size(terminal, &rows, &columns);
	ck_assert_int_eq(rows, TERMINAL_ROWS_MAX);
	ck_assert_int_eq(columns, TERMINAL_COLUMNS_MAX);
	terminal_resize(terminal, 24, 80);
	check_works();
}
END_TEST

static size_t resident_bytes(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	unsigned long size = 0, resident = 0;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fscanf(file, "%lu %lu", &size, &resident), 2);
	fclose(file);
	return resident * (size_t)sysconf(_SC_PAGESIZE);
}

/* What a flood may be made of: lines, a title, a string without end, marks, colours, questions. */
static const char *const floods[] = {
	"a line of some text that is neither short nor long, and then it ends\r\n",
	"\x1b]0;titletitletitletitletitletitletitletitletitletitletitletitletitle",
	"\x1b_",
	"\xcc\x81\xcc\x82\xcc\x83",
	"\x1b[31mx\x1b[6n\x1b[c\x1b[0;1;38;5;100;48;2;1;2;3mcolour\xe6\x97\xa5\x1b[K\n",
	"\xf0\x9f\x98\x80\xe6\x97\xa5\xef\xbf\xbd",
};

START_TEST(memory_is_bounded)
{
	static char bytes[1 << 16];
	size_t before = resident_bytes(), length = strlen(floods[_i]);
#ifdef __SANITIZE_ADDRESS__
	size_t times = 160;
#else
	/* 100 MB of lines, 10 MB of each other. */
	size_t times = _i == 0 ? 1600 : 160;
#endif

	for (size_t at = 0; at < sizeof(bytes); at++)
		bytes[at] = floods[_i][at % length];
	for (size_t i = 0; i < times; i++)
		terminal_feed(terminal, bytes, sizeof(bytes));
	ck_assert_int_ge(terminal_first_row(terminal), -SCROLLBACK_LINES_MAX);
#ifndef __SANITIZE_ADDRESS__
	ck_assert_uint_le(resident_bytes(), before + SCROLLBACK_BYTES_MAX + (4u << 20));
#else
	(void)before;   /* what is freed is kept for a while */
#endif
	check_works();
}
END_TEST

START_TEST(long_lines_are_bounded_in_bytes)
{
	static char bytes[1001];
	size_t before;

	memset(bytes, 'x', sizeof(bytes) - 1);
	terminal_resize(terminal, 2, 1000);
	before = resident_bytes();
	for (int i = 0; i < 6000; i++)
		feed(bytes);
	ck_assert_int_ge(-terminal_first_row(terminal), 500);
	ck_assert_int_le(-terminal_first_row(terminal), 8 << 20 >> 4);
	ck_assert_uint_gt(terminal_lines_dropped(terminal), 5000);
#ifndef __SANITIZE_ADDRESS__
	ck_assert_uint_le(resident_bytes(), before + SCROLLBACK_BYTES_MAX + (4u << 20));
#else
	(void)before;
#endif
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("terminal_hostile");
	TCase *tcase = tcase_create("terminal_hostile");

	tcase_add_checked_fixture(tcase, start, end);
	tcase_set_timeout(tcase, 240);
	tcase_add_loop_test(tcase, hostile_strings, 0, sizeof(hostile) / sizeof(hostile[0]));
	tcase_add_test(tcase, answers_are_bounded_and_leave_room_for_keys);
	tcase_add_loop_test(tcase, noise, 0, 4);
	tcase_add_loop_test(tcase, a_storm_of_resizing, 0, 3);
	tcase_add_loop_test(tcase, memory_is_bounded, 0, sizeof(floods) / sizeof(floods[0]));
	tcase_add_test(tcase, long_lines_are_bounded_in_bytes);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
