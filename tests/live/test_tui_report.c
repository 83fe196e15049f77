/* SPDX-License-Identifier: Apache-2.0 */
/* test_tui_report.c: `pyjail report` on a terminal: it comes, bears whatever happens, and goes. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/live.h"
#include "tests/support/seat.h"
#include "tests/support/suite.h"

#define EVENTS 600
#define STORMS 50

static struct seat seat;

/* ---- a record ---- */

#define START "{\"type\":\"start\",\"version\":1,\"argv\":[\"pyjail\",\"etl.py\"],\"cwd\":\"/home/ana\"}\n"
#define RESULT "{\"type\":\"result\",\"status\":0,\"signal\":null,\"limit\":null,\"rule\":null," \
	       "\"denied\":200,\"events\":600,\"wall_s\":1.5,\"failure\":null,\"lost\":0}\n"

static void add_event(FILE *out, int n)
{
	fprintf(out, "{\"type\":\"call\",\"n\":%d,\"t\":%d.5,\"pid\":42,\"tid\":42,"
		"\"call\":\"openat\",\"class\":\"write\",\"verdict\":\"%s\",\"errno\":%d,"
		"\"error\":%s,\"path\":\"/home/ana/out/file-%d\",\"flags\":\"O_WRONLY\","
		"\"rule\":null,\"python\":[{\"file\":\"/home/ana/etl.py\",\"line\":%d,"
		"\"function\":\"save\",\"user\":true}]}\n", n, n,
		n % 3 ? "allow" : "deny", n % 3 ? 0 : 13, n % 3 ? "null" : "\"EACCES\"", n,
		n % 70);
}

static void write_record(int events, bool has_end)
{
	FILE *out = fopen(jail_path("r.jsonl"), "w");

	ck_assert_ptr_nonnull(out);
	fputs(START, out);
	for (int n = 1; n <= events; n++)
		add_event(out, n);
	if (has_end)
		fputs(RESULT, out);
	ck_assert_int_eq(fclose(out), 0);
}

static void open_report(const char *setting, const char *option)
{
	const char *const words[] = { "report", "r.jsonl", option, NULL };

	write_record(EVENTS, true);
	seat_start(&seat, 100, 30, setting, words);
	tmux_expect(&seat.tmux, "[0 Report]", SEAT_PATIENCE_S);
}

/* ---- it comes and goes ---- */

START_TEST(it_leaves_the_terminal_as_it_was)
{
	if (!tmux_is_there())
		jail_skip("there is no tmux");
	open_report(NULL, NULL);
	ck_assert_str_eq(tmux_ask(&seat.tmux, "#{alternate_on}"), "1");
	tmux_type(&seat.tmux, "1m");
	tmux_expect(&seat.tmux, "mouse on", SEAT_PATIENCE_S);
	tmux_type(&seat.tmux, "q");
	seat_check_over(&seat, 0, false);
	seat_end(&seat);
	live_check_nothing_left(2);
}
END_TEST

START_TEST(keys_lead_down_and_back)
{
	if (!tmux_is_there())
		jail_skip("there is no tmux");
	open_report(NULL, NULL);
	tmux_type(&seat.tmux, "2");
	tmux_expect(&seat.tmux, "[2 Calls]", SEAT_PATIENCE_S);
	tmux_key(&seat.tmux, "Enter");
	tmux_expect(&seat.tmux, "call=openat", SEAT_PATIENCE_S);
	tmux_key(&seat.tmux, "End");
	tmux_expect(&seat.tmux, "file-600", SEAT_PATIENCE_S);
	tmux_key(&seat.tmux, "Escape");
	tmux_expect(&seat.tmux, "[2 Calls]", SEAT_PATIENCE_S);
	tmux_key(&seat.tmux, "F1");
	tmux_expect(&seat.tmux, "Help", SEAT_PATIENCE_S);
	tmux_type(&seat.tmux, "q");
	tmux_expect_gone(&seat.tmux, "Help", SEAT_PATIENCE_S);
	tmux_key(&seat.tmux, "C-c");
	seat_check_over(&seat, 0, false);
	seat_end(&seat);
}
END_TEST

/* L: the rows on the plain terminal, and back. */
START_TEST(rows_are_printed_plainly)
{
	if (!tmux_is_there())
		jail_skip("there is no tmux");
	open_report(NULL, NULL);
	tmux_type(&seat.tmux, "1L");
	tmux_expect(&seat.tmux, "Enter: back to the screen", SEAT_PATIENCE_S);
	ck_assert_str_eq(tmux_ask(&seat.tmux, "#{alternate_on}"), "0");
	ck_assert_ptr_nonnull(strstr(tmux_look(&seat.tmux), "out/file-1 "));
	tmux_key(&seat.tmux, "Enter");
	tmux_expect_gone(&seat.tmux, "Enter: back to the screen", SEAT_PATIENCE_S);
	tmux_expect(&seat.tmux, "[1 Events]", SEAT_PATIENCE_S);
	tmux_type(&seat.tmux, "q");
	seat_check_over(&seat, 0, true);
	seat_end(&seat);
}
END_TEST

START_TEST(a_record_that_grows_is_followed)
{
	FILE *out;

	if (!tmux_is_there())
		jail_skip("there is no tmux");
	write_record(3, false);
	seat_start(&seat, 80, 24, NULL, (const char *const[]){ "report", "--follow", "r.jsonl",
							       NULL });
	tmux_type(&seat.tmux, "1G");
	tmux_expect(&seat.tmux, "out/file-3", SEAT_PATIENCE_S);
	out = fopen(jail_path("r.jsonl"), "a");
	for (int n = 4; n <= 40; n++)
		add_event(out, n);
	ck_assert_int_eq(fflush(out), 0);
	tmux_expect(&seat.tmux, "out/file-40", 5);
	add_event(out, 41);
	fputs(RESULT, out);
	ck_assert_int_eq(fclose(out), 0);
	tmux_expect(&seat.tmux, "exit 0", 5);
	tmux_expect(&seat.tmux, "out/file-41", 5);
	tmux_type(&seat.tmux, "q");
	seat_check_over(&seat, 0, false);
	seat_end(&seat);
}
END_TEST

/* ---- whatever happens ---- */

static const struct {
	int columns, rows;
} sizes[] = { { 100, 30 }, { 2, 2 }, { 80, 24 }, { 39, 7 }, { 1, 1 }, { 60, 14 }, { 250, 70 },
	      { 40, 8 }, { 300, 3 }, { 3, 100 } };

START_TEST(a_storm_of_sizes_is_survived)
{
	if (!tmux_is_there())
		jail_skip("there is no tmux");
	open_report(NULL, NULL);
	for (size_t i = 0; i < STORMS; i++) {
		static const char *const keys[] = { "1", "j", "G", "2", "r", "3", "8", "0" };

		tmux_resize(&seat.tmux, sizes[i % ARRAY_SIZE(sizes)].columns,
			    sizes[i % ARRAY_SIZE(sizes)].rows);
		tmux_type(&seat.tmux, keys[i % ARRAY_SIZE(keys)]);
	}
	tmux_resize(&seat.tmux, 80, 24);
	tmux_type(&seat.tmux, "1g");
	tmux_expect(&seat.tmux, "[1 Events]", SEAT_PATIENCE_S);
	tmux_expect(&seat.tmux, "PYTHON", SEAT_PATIENCE_S);
	tmux_resize(&seat.tmux, 30, 5);
	tmux_expect(&seat.tmux, "40x8 at least", SEAT_PATIENCE_S);
	tmux_resize(&seat.tmux, 100, 30);
	tmux_expect(&seat.tmux, "[1 Events]", SEAT_PATIENCE_S);
	tmux_type(&seat.tmux, "q");
	seat_check_over(&seat, 0, true);
	seat_end(&seat);
}
END_TEST

static const int signals[] = { SIGTERM, SIGHUP, SIGSEGV, SIGABRT, SIGQUIT, SIGBUS, SIGFPE };

START_TEST(a_signal_gives_the_terminal_back)
{
	if (!tmux_is_there())
		jail_skip("there is no tmux");
	open_report(NULL, NULL);
	tmux_type(&seat.tmux, "1m");
	tmux_expect(&seat.tmux, "mouse on", SEAT_PATIENCE_S);
	kill(seat.screen, signals[_i]);
	seat_check_over(&seat, 128 + signals[_i], false);
	seat_end(&seat);
	live_check_nothing_left(2);
}
END_TEST

/* ---- colours and glyphs ---- */

static const struct {
	const char *setting, *option;
	bool has_color, is_ascii;
} styles[] = {
	{ NULL, NULL, true, false },
	{ "NO_COLOR=1", NULL, false, false },
	{ "NO_COLOR=", NULL, true, false },      /* set, but empty: not asked for */
	{ "NO_COLOR=1", "--color=always", true, false },
	{ NULL, "--color=never", false, false },
	{ NULL, "--ascii", true, true },
	{ "LC_ALL=C", NULL, true, true },
	{ "TERM=vt220", NULL, false, false },
};

/* SGR with a colour in it, as tmux writes it. */
static bool has_color(const char *text)
{
	for (const char *at = text; (at = strstr(at, "\033[")); at += 2) {
		const char *word = at + 2;

		for (; word && word < at + strcspn(at, "m"); word = strpbrk(word, ";m") + 1) {
			if ((word[0] == '3' || word[0] == '4') && word[1] >= '0' && word[1] <= '8')
				return true;
			if (!strpbrk(word, ";m"))
				break;
		}
	}
	return false;
}

static bool is_ascii(const char *text)
{
	while (*text && !(*text & 0x80))
		text++;
	return !*text;
}

START_TEST(colors_and_glyphs_are_as_asked)
{
	const char *text;

	if (!tmux_is_there())
		jail_skip("there is no tmux");
	open_report(styles[_i].setting, styles[_i].option);
	tmux_expect(&seat.tmux, "DENY", SEAT_PATIENCE_S);
	text = tmux_look_styled(&seat.tmux);
	ck_assert_msg(has_color(text) == styles[_i].has_color, "%d: %s", _i, text);
	ck_assert_msg(is_ascii(text) == styles[_i].is_ascii, "%d: %s", _i, text);
	tmux_type(&seat.tmux, "q");
	/* vt220 has one screen only. */
	seat_check_over(&seat, 0, !strcmp(styles[_i].setting ? styles[_i].setting : "",
					  "TERM=vt220"));
	seat_end(&seat);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tui_report");
	TCase *tcase = tcase_create("screen");

	tcase_add_checked_fixture(tcase, jail_setup, jail_teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, it_leaves_the_terminal_as_it_was);
	tcase_add_test(tcase, keys_lead_down_and_back);
	tcase_add_test(tcase, rows_are_printed_plainly);
	tcase_add_test(tcase, a_record_that_grows_is_followed);
	tcase_add_test(tcase, a_storm_of_sizes_is_survived);
	tcase_add_loop_test(tcase, a_signal_gives_the_terminal_back, 0, ARRAY_SIZE(signals));
	tcase_add_loop_test(tcase, colors_and_glyphs_are_as_asked, 0, ARRAY_SIZE(styles));
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
