/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_bytes.c: what reaches the terminal while the golden screens are drawn: text that is plain,
 * and sequences that are terminfo's, whatever names a script chose.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/screens.h"
#include "tests/support/stream.h"
#include "tests/support/suite.h"

/* In records/hostile.jsonl it stands behind, and in, sequences of every kind. */
#define CANARY "CANARY"

static struct stream_found check_bytes(const char *bytes, size_t length, const char *name,
				       struct stream_rules rules)
{
	struct stream_found found;
	char problem[512];

	rules.canary = CANARY;
	ck_assert_msg(stream_check(bytes, length, &rules, &found, problem, sizeof(problem)),
		      "%s: %s", name, problem);
	return found;
}

static struct stream_found show(const struct screen_row *row, const struct drive_style *style,
				struct stream_rules rules)
{
	struct drive drive;
	struct stream_found found;
	size_t length;
	char *bytes;

	screens_show(row, &drive, style);
	bytes = drive_bytes(&drive, &length);
	drive_end(&drive);
	ck_assert_uint_gt(length, 0);
	found = check_bytes(bytes, length, row->name, rules);
	free(bytes);
	return found;
}

static bool is_hostile_list(const struct screen_row *row)
{
	return !strncmp(row->name, "hostile_events", 14) && row->rows >= 24;
}

/* ---- each golden screen, in every way that it can be drawn ---- */

START_TEST(with_colors_and_glyphs)
{
	const struct drive_style style = { .scheme = THEME_DEFAULT, .is_unicode = true };
	struct stream_found found = show(&screens[_i], &style, (struct stream_rules){ 0 });

	/* The scan means something only while the word is drawn at all. */
	ck_assert(!is_hostile_list(&screens[_i]) || found.canaries > 5);
	ck_assert(screens[_i].rows < 8 || found.colors > 0);
}
END_TEST

START_TEST(in_high_contrast)
{
	const struct drive_style style = { .scheme = THEME_CONTRAST };

	show(&screens[_i], &style, (struct stream_rules){ 0 });
}
END_TEST

/* NO_COLOR and --color=never: looks only. */
START_TEST(without_colors)
{
	const struct drive_style style = { .scheme = THEME_MONO, .is_unicode = true };

	show(&screens[_i], &style, (struct stream_rules){ .is_mono = true });
}
END_TEST

/* In a locale that is not UTF-8 nothing above 0x7f is drawn, names included. */
START_TEST(in_the_c_locale)
{
	const struct drive_style style = { .scheme = THEME_DEFAULT, .locale = "C",
					   .is_unicode = true };

	show(&screens[_i], &style, (struct stream_rules){ .is_ascii = true });
}
END_TEST

/* A terminal without colours, and one that can do next to nothing. */
START_TEST(on_old_terminals)
{
	static const char *const terms[] = { "vt100", "linux", "screen-256color" };

	for (size_t i = 0; i < ARRAY_SIZE(terms); i++) {
		const struct drive_style style = { .scheme = THEME_DEFAULT, .term = terms[i] };

		show(&screens[_i], &style, (struct stream_rules){ .is_mono = i == 0 });
	}
}
END_TEST

/* --ascii: our own lines and marks; names, and what a script prints, keep their letters. */
START_TEST(ascii_glyphs_are_ascii)
{
	const struct drive_style style = { .scheme = THEME_DEFAULT };
	const struct screen_row *row = &screens[_i];

	if (strncmp(row->record, "hostile", 7) != 0 && strncmp(row->name, "run_output", 10) != 0 &&
	    !row->is_unicode)
		show(&screens[_i], &style, (struct stream_rules){ .is_ascii = true });
}
END_TEST

/* ---- the scan itself ---- */

static const char *const wrong[] = {
	"\033]0;title\007", "\033P1$r\033\\", "\033_x\033\\", "\033c", "\033[7777mCANARY",
	"\033[1;7777H", "\302\233m", "\302\205", "\233m", "a\377b", "\300\233", "\355\240\200",
	"\342\200\256", "\342\201\247", "\342\200\213", "\357\273\277", "\342\200\250",
	"\363\240\201\201", "e\314\201\314\201\314\201", "\007", "\016", "\033", "\033[1", "\033[2$w",
};

static const char *const right[] = {
	"plain", "\033[H\033[2J", "\033[?1049h\033[1;30r\033(B\033[m", "\033[38;5;1mred",
	"\346\274\242\345\255\227", "e\314\201\314\202x", "\033[39;49m\033[37m", "a\r\n\tb\b",
};

START_TEST(the_scan_knows_right_from_wrong)
{
	struct stream_rules rules = { .canary = CANARY };
	struct stream_found found;
	char problem[512];

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		ck_assert_msg(!stream_check(wrong[i], strlen(wrong[i]), &rules, &found, problem,
					    sizeof(problem)), "passed: %zu", i);
	for (size_t i = 0; i < ARRAY_SIZE(right); i++)
		ck_assert_msg(stream_check(right[i], strlen(right[i]), &rules, &found, problem,
					   sizeof(problem)), "%zu: %s", i, problem);
	rules.is_mono = true;
	ck_assert(!stream_check("\033[38;5;1m", 9, &rules, &found, problem, sizeof(problem)));
	ck_assert(stream_check("\033[1;7m", 6, &rules, &found, problem, sizeof(problem)));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("bytes");
	TCase *tcase = tcase_create("screens");
	int count = screens_list();

	tcase_add_checked_fixture(tcase, drive_set_up, drive_tear_down);
	tcase_add_loop_test(tcase, with_colors_and_glyphs, 0, count);
	tcase_add_loop_test(tcase, in_high_contrast, 0, count);
	tcase_add_loop_test(tcase, without_colors, 0, count);
	tcase_add_loop_test(tcase, in_the_c_locale, 0, count);
	tcase_add_loop_test(tcase, on_old_terminals, 0, count);
	tcase_add_loop_test(tcase, ascii_glyphs_are_ascii, 0, count);
	tcase_add_test(tcase, the_scan_knows_right_from_wrong);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
