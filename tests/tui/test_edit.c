/* SPDX-License-Identifier: Apache-2.0 */
/* test_edit.c: a line of UTF-8 that is typed: characters stay whole, nothing lies outside. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "tests/support/suite.h"
#include "tui/edit.h"

#define E_ACUTE "\xc3\xa9"
#define SUN "\xe6\x97\xa5"
#define SMILE "\xf0\x9f\x98\x80"

static struct edit edit;

static void type(const char *text)
{
	while (*text) {
		unsigned point;
		size_t length = text_character(text, strlen(text), &point);

		ck_assert(edit_insert(&edit, text, length));
		text += length;
	}
}

START_TEST(types)
{
	edit_set(&edit, "");
	type("a" E_ACUTE SUN SMILE);
	ck_assert_str_eq(edit.text, "a" E_ACUTE SUN SMILE);
	ck_assert_uint_eq(edit.length, 10);
	ck_assert_uint_eq(edit.cursor, 10);
}
END_TEST

START_TEST(walks_over_whole_characters)
{
	static const size_t places[] = { 10, 6, 3, 1, 0, 0 };

	edit_set(&edit, "a" E_ACUTE SUN SMILE);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++, edit_left(&edit))
		ck_assert_uint_eq(edit.cursor, places[i]);
	for (size_t i = ARRAY_SIZE(places) - 1; i-- > 0; edit_right(&edit))
		ck_assert_uint_eq(edit.cursor, places[i]);
	ck_assert_uint_eq(edit.cursor, 10);
}
END_TEST

START_TEST(takes_away_whole_characters)
{
	edit_set(&edit, "a" E_ACUTE SUN SMILE);
	edit_backspace(&edit);
	ck_assert_str_eq(edit.text, "a" E_ACUTE SUN);
	edit_left(&edit);
	edit_left(&edit);
	edit_delete(&edit);
	ck_assert_str_eq(edit.text, "a" SUN);
	ck_assert_uint_eq(edit.cursor, 1);
	type(SMILE);
	ck_assert_str_eq(edit.text, "a" SMILE SUN);
	edit_home(&edit);
	edit_backspace(&edit);
	edit_end(&edit);
	edit_delete(&edit);
	ck_assert_str_eq(edit.text, "a" SMILE SUN);
}
END_TEST

static const struct {
	const char *text, *left_over;
} words[] = {
	{ "", "" }, { "one", "" }, { "one two", "one " }, { "one two  ", "one " }, { "  ", "" },
	{ "a=" E_ACUTE " b=" SUN, "a=" E_ACUTE " " },
};

START_TEST(word_before)
{
	edit_set(&edit, words[_i].text);
	edit_word_before(&edit);
	ck_assert_str_eq(edit.text, words[_i].left_over);
	ck_assert_uint_eq(edit.cursor, strlen(words[_i].left_over));
}
END_TEST

START_TEST(clears_what_is_before)
{
	edit_set(&edit, "one two");
	edit_home(&edit);
	edit_clear_before(&edit);
	ck_assert_str_eq(edit.text, "one two");
	for (int i = 0; i < 4; i++)
		edit_right(&edit);
	edit_clear_before(&edit);
	ck_assert_str_eq(edit.text, "two");
	ck_assert_uint_eq(edit.cursor, 0);
}
END_TEST

START_TEST(no_controls)
{
	edit_set(&edit, "x");
	for (int c = 0; c < 256; c++) {
		char byte = (char)c;
		bool is_control = c < 0x20 || c == 0x7f;

		if (is_control)
			ck_assert(!edit_insert(&edit, &byte, 1));
	}
	ck_assert_str_eq(edit.text, "x");
}
END_TEST

START_TEST(full_is_full)
{
	edit_set(&edit, "");
	for (int i = 0; i < EDIT_MAX - 1; i++)
		ck_assert(edit_insert(&edit, "x", 1));
	ck_assert(!edit_insert(&edit, "x", 1));
	edit_backspace(&edit);
	ck_assert(!edit_insert(&edit, E_ACUTE, 2));
	ck_assert(edit_insert(&edit, "x", 1));
	ck_assert_uint_eq(strlen(edit.text), EDIT_MAX - 1);
}
END_TEST

/* What is too long is cut between characters. */
START_TEST(set_cuts_whole_characters)
{
	char text[EDIT_MAX + 100];
	size_t shift = (size_t)_i;

	memset(text, 'a', shift);
	for (size_t i = shift; i + 3 < sizeof(text); i += 3)
		memcpy(text + i, SUN, 4);
	edit_set(&edit, text);
	ck_assert(text_is_utf8(edit.text, edit.length));
	ck_assert_uint_gt(edit.length, EDIT_MAX - 5);
	ck_assert_uint_eq(edit.length, strlen(edit.text));
	ck_assert_uint_eq(edit.cursor, edit.length);
}
END_TEST

static void random_key(void)
{
	static const char *const characters[] = { "a", " ", E_ACUTE, SUN, SMILE, "=" };
	static void (*const keys[])(struct edit *) = {
		edit_backspace, edit_delete, edit_left, edit_right, edit_home, edit_end,
		edit_left, edit_right, edit_word_before, edit_clear_before,
	};
	const char *character = characters[random() % (long)ARRAY_SIZE(characters)];

	if (random() % 3)
		edit_insert(&edit, character, strlen(character));
	else
		keys[random() % (long)ARRAY_SIZE(keys)](&edit);
}

START_TEST(random_keys)
{
	srandom((unsigned)_i);
	edit_set(&edit, "");
	for (int i = 0; i < 30000; i++) {
		random_key();
		if (edit.length >= EDIT_MAX || edit.cursor > edit.length ||
		    strlen(edit.text) != edit.length || !text_is_utf8(edit.text, edit.length) ||
		    !text_is_utf8(edit.text, edit.cursor))
			ck_abort_msg("at key %d", i);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("edit");
	TCase *tcase = tcase_create("edit");

	tcase_add_test(tcase, types);
	tcase_add_test(tcase, walks_over_whole_characters);
	tcase_add_test(tcase, takes_away_whole_characters);
	tcase_add_loop_test(tcase, word_before, 0, ARRAY_SIZE(words));
	tcase_add_test(tcase, clears_what_is_before);
	tcase_add_test(tcase, no_controls);
	tcase_add_test(tcase, full_is_full);
	tcase_add_loop_test(tcase, set_cuts_whole_characters, 0, 3);
	tcase_add_loop_test(tcase, random_keys, 0, 4);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
