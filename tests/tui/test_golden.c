/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_golden.c: each screen of screens.def looks as its file in golden/ says.
 *
 * With PYJAIL_GOLDEN_UPDATE=1 the files are written instead: `make golden-update`.
 */
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/screens.h"
#include "tests/support/suite.h"

static void file_of(const struct screen_row *row, char *out, size_t size)
{
	snprintf(out, size, "golden/%s.%dx%d.screen", row->name, row->columns, row->rows);
}

static void write_golden(const char *file, const char *text)
{
	FILE *out = fopen(file, "w");

	ck_assert_msg(out && fputs(text, out) >= 0 && fclose(out) == 0, "%s: %s", file,
		      strerror(errno));
}

/* NULL: there is none. */
static char *read_golden(const char *file)
{
	FILE *in = fopen(file, "r");
	char *text = NULL;
	size_t size = 0;

	if (!in)
		return NULL;
	if (getdelim(&text, &size, '\0', in) < 0) {
		free(text);
		text = strdup("");
	}
	fclose(in);
	return text;
}

/* Both, the rows that differ with a mark: what a person needs to judge it. */
static void show_difference(const char *file, const char *wanted, const char *got)
{
	printf("---- %s: - as it was, + as it is\n", file);
	while (*wanted || *got) {
		int left = (int)strcspn(wanted, "\n"), right = (int)strcspn(got, "\n");

		if (left == right && !strncmp(wanted, got, (size_t)left)) {
			printf("  %.*s\n", left, wanted);
		} else {
			printf("- %.*s\n", left, wanted);
			printf("+ %.*s\n", right, got);
		}
		wanted += left + (wanted[left] == '\n');
		got += right + (got[right] == '\n');
	}
	fflush(stdout);
}

START_TEST(a_screen_is_as_it_was)
{
	const struct screen_row *row = &screens[_i];
	const struct drive_style style = { .scheme = THEME_DEFAULT };
	struct drive drive;
	char file[256], *got, *wanted;

	screens_show(row, &drive, &style);
	got = drive_screen();
	drive_end(&drive);
	file_of(row, file, sizeof(file));
	if (getenv("PYJAIL_GOLDEN_UPDATE")) {
		write_golden(file, got);
		free(got);
		return;
	}
	wanted = read_golden(file);
	if (!wanted || strcmp(wanted, got) != 0)
		show_difference(file, wanted ? wanted : "", got);
	ck_assert_msg(wanted != NULL, "no %s: make golden-update", file);
	ck_assert_msg(!strcmp(wanted, got), "%s differs; make golden-update if it is right", file);
	free(wanted);
	free(got);
}
END_TEST

/* Screen readers follow the cursor: it rests on the selected row, or where somebody types. */
START_TEST(the_cursor_rests_on_the_selected_row)
{
	const struct screen_row *row = &screens[_i];
	const struct drive_style style = { .scheme = THEME_MONO };
	struct drive drive;
	char *text, *at;
	int y, mark = -1, cursor;
	enum mode mode;

	screens_show(row, &drive, &style);
	/* First: reading the screen moves it. */
	cursor = drive_cursor_row();
	text = drive_screen();
	mode = drive.app->mode;
	drive_end(&drive);
	at = text;
	for (y = 0; y < row->rows; y++) {
		if (*at == '>')
			mark = y;
		at += strcspn(at, "\n") + 1;
	}
	free(text);
	if (mode == MODE_BROWSE && mark >= 0 && strncmp(row->name, "run_output", 10) != 0)
		ck_assert_msg(cursor == mark, "%s: %d, the mark %d", row->name, cursor, mark);
	if ((mode == MODE_FILTER || mode == MODE_SEARCH || mode == MODE_EXPORT) && row->rows >= 8)
		ck_assert_int_eq(cursor, row->rows - 1);
}
END_TEST

/* A name that went from the table leaves no file behind. */
START_TEST(every_file_has_a_screen)
{
	int count = screens_list();
	DIR *folder = opendir("golden");
	const struct dirent *entry;
	char file[256];

	ck_assert_ptr_nonnull(folder);
	while ((entry = readdir(folder))) {
		bool found = entry->d_name[0] == '.';

		for (int i = 0; i < count && !found; i++) {
			file_of(&screens[i], file, sizeof(file));
			found = !strcmp(file + strlen("golden/"), entry->d_name);
		}
		ck_assert_msg(found, "golden/%s: no row of screens.def makes it", entry->d_name);
	}
	closedir(folder);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("golden");
	TCase *tcase = tcase_create("screens");

	tcase_add_checked_fixture(tcase, drive_set_up, drive_tear_down);
	tcase_add_loop_test(tcase, a_screen_is_as_it_was, 0, screens_list());
	tcase_add_loop_test(tcase, the_cursor_rests_on_the_selected_row, 0, screens_list());
	tcase_add_test(tcase, every_file_has_a_screen);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
