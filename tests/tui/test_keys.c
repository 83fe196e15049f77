/* SPDX-License-Identifier: Apache-2.0 */
/* test_keys.c: the table of keys: none means two things, none that answers means another. */
#include <check.h>
#include <ncurses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/suite.h"
#include "tui/keys.h"

/* Where a key is looked up in two tables, one after the other. */
static bool are_one(enum key_context a, enum key_context b)
{
	bool is_list = a == CONTEXT_LIST || a == CONTEXT_OUTPUT;

	return a == b || (is_list && b == CONTEXT_ANYWHERE);
}

START_TEST(no_key_means_two_things)
{
	for (size_t i = 0; i < key_count; i++)
		for (size_t k = 0; k < key_count; k++)
			if (i != k && keys[i].key == keys[k].key)
				ck_assert_msg(!are_one(keys[i].context, keys[k].context),
					      "key %x in context %d", (unsigned)keys[i].key,
					      (int)keys[i].context);
}
END_TEST

START_TEST(every_key_has_help)
{
	for (size_t i = 0; i < key_count; i++) {
		ck_assert_int_ne(keys[i].action, ACTION_NONE);
		ck_assert_uint_lt(keys[i].context, CONTEXTS);
		ck_assert_ptr_nonnull(keys[i].word);
		ck_assert_msg(keys[i].help && keys[i].help[0], "key %x", (unsigned)keys[i].key);
		ck_assert_int_eq(key_action(keys[i].context, keys[i].key), keys[i].action);
	}
}
END_TEST

/* A reflex in a list, on a page or in the quit question answers nothing. */
START_TEST(keys_that_answer_do_nothing_else)
{
	for (const char *key = "adADKp"; *key; key++)
		for (int context = 0; context < CONTEXTS; context++)
			if (context != CONTEXT_QUESTION)
				ck_assert_msg(key_action((enum key_context)context, *key) ==
						      ACTION_NONE, "%c in context %d", *key, context);
}
END_TEST

static bool allows(enum action action)
{
	return action == ACTION_ALLOW_ONCE || action == ACTION_ALLOW_RUN;
}

/* By one key each, and only in the box; Enter, Esc and Ctrl-C deny. */
START_TEST(only_two_keys_allow)
{
	int count = 0;

	for (size_t i = 0; i < key_count; i++) {
		if (!allows(keys[i].action))
			continue;
		ck_assert_int_eq(keys[i].context, CONTEXT_QUESTION);
		ck_assert_int_eq(keys[i].key, keys[i].action == ACTION_ALLOW_ONCE ? 'a' : 'A');
		count++;
	}
	ck_assert_int_eq(count, 2);
	ck_assert_int_eq(key_action(CONTEXT_QUESTION, '\n'), ACTION_DENY_ONCE);
	ck_assert_int_eq(key_action(CONTEXT_QUESTION, 0x1b), ACTION_DENY_ONCE);
	ck_assert_int_eq(key_action(CONTEXT_QUESTION, 3), ACTION_DENY_ONCE);
	ck_assert_int_eq(key_action(CONTEXT_QUESTION, KEY_ENTER | KEY_IS_CODE), ACTION_DENY_ONCE);
}
END_TEST

/* No other key there does anything that the help does not say: no prefixes, no other case. */
START_TEST(all_other_keys_are_nothing)
{
	static const char known[] = "daDApKhtz\n\x1b\x03";

	for (int key = KEY_NONE; key < 0x3000; key++)
		if (key <= 0 || key > 0x7f || !strchr(known, key))
			ck_assert_int_eq(key_action(CONTEXT_QUESTION, key), ACTION_NONE);
	for (int key = KEY_MIN; key <= KEY_MAX; key++)
		if (key != KEY_ENTER)
			ck_assert_int_eq(key_action(CONTEXT_QUESTION, key | KEY_IS_CODE),
					 ACTION_NONE);
}
END_TEST

/* A character is never taken for a key of the keyboard: U+0101 is no KEY_BREAK. */
START_TEST(codes_and_characters_differ)
{
	for (unsigned value = KEY_MIN; value <= KEY_MAX; value++)
		ck_assert_int_ne(key_of(true, value), key_of(false, value));
	ck_assert_int_eq(key_of(false, '\r'), '\n');
	ck_assert_int_eq(key_of(false, 'a'), 'a');
	ck_assert_int_eq(key_action(CONTEXT_LIST, key_of(true, KEY_DOWN)), ACTION_DOWN);
	ck_assert_int_eq(key_action(CONTEXT_LIST, KEY_DOWN), ACTION_NONE);
}
END_TEST

static const struct {
	int key;
	const char *text;
} texts[] = {
	{ '\n', "Enter" }, { '\t', "Tab" }, { ' ', "Space" }, { 0x1b, "Esc" }, { 'j', "j" },
	{ 0x15, "Ctrl-U" }, { 0x1d, "Ctrl-]" }, { KEY_NPAGE | KEY_IS_CODE, "PgDn" }, { 0x7f, "?" },
	{ KEY_F(1) | KEY_IS_CODE, "F1" }, { KEY_F(7) | KEY_IS_CODE, "?" }, { KEY_NONE, "?" },
	{ 0x202e, "?" },
};

START_TEST(keys_have_names)
{
	char out[16], small[3];

	ck_assert_uint_eq(key_text(texts[_i].key, out, sizeof(out)), strlen(texts[_i].text));
	ck_assert_str_eq(out, texts[_i].text);
	key_text(texts[_i].key, small, sizeof(small));
	ck_assert_uint_lt(strlen(small), sizeof(small));
}
END_TEST

/* Those of the table have one, all of them; of help pages this is the first word. */
START_TEST(every_key_of_the_table_has_a_name)
{
	char out[16];

	for (size_t i = 0; i < key_count; i++) {
		key_text(keys[i].key, out, sizeof(out));
		ck_assert_msg(strcmp(out, "?") != 0 || keys[i].key == '?', "key %x",
			      (unsigned)keys[i].key);
	}
}
END_TEST

/* Views by their number: what the screen counts on. */
START_TEST(views_in_a_row)
{
	for (int i = 0; i <= 8; i++)
		ck_assert_int_eq(key_action(CONTEXT_ANYWHERE, '0' + i), ACTION_VIEW_0 + i);
	ck_assert_int_eq(key_action(CONTEXT_ANYWHERE, '9'), ACTION_NONE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("keys");
	TCase *tcase = tcase_create("keys");

	tcase_add_test(tcase, no_key_means_two_things);
	tcase_add_test(tcase, every_key_has_help);
	tcase_add_test(tcase, keys_that_answer_do_nothing_else);
	tcase_add_test(tcase, only_two_keys_allow);
	tcase_add_test(tcase, all_other_keys_are_nothing);
	tcase_add_test(tcase, codes_and_characters_differ);
	tcase_add_loop_test(tcase, keys_have_names, 0, ARRAY_SIZE(texts));
	tcase_add_test(tcase, every_key_of_the_table_has_a_name);
	tcase_add_test(tcase, views_in_a_row);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
