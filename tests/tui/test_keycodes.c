/* SPDX-License-Identifier: Apache-2.0 */
/* test_keycodes.c: keys as curses names them are the keys that the script gets. */
#include <check.h>
#include <ncurses.h>
#include <stdlib.h>

#include "tests/support/suite.h"
#include "tui/keycodes.h"

static const struct {
	int code;
	bool is_known;
	enum terminal_key key;
	unsigned modifiers;
} rows[] = {
	{ KEY_UP, true, TERMINAL_KEY_UP, 0 },
	{ KEY_BACKSPACE, true, TERMINAL_KEY_BACKSPACE, 0 },
	{ KEY_BTAB, true, TERMINAL_KEY_TAB, TERMINAL_SHIFT },
	{ KEY_NPAGE, true, TERMINAL_KEY_PAGE_DOWN, 0 },
	{ KEY_SLEFT, true, TERMINAL_KEY_LEFT, TERMINAL_SHIFT },
	{ KEY_F(1), true, TERMINAL_KEY_F0 + 1, 0 },
	{ KEY_F(12), true, TERMINAL_KEY_F0 + 12, 0 },
	{ KEY_F(13), true, TERMINAL_KEY_F0 + 1, TERMINAL_SHIFT },
	{ KEY_F(29), true, TERMINAL_KEY_F0 + 5, TERMINAL_CONTROL },
	{ KEY_F(48), true, TERMINAL_KEY_F0 + 12, TERMINAL_SHIFT | TERMINAL_CONTROL },
	{ KEY_F(49), false, 0, 0 },
	{ KEY_F(0), false, 0, 0 },
	{ KEY_MOUSE, false, 0, 0 },
	{ KEY_RESIZE, false, 0, 0 },
	{ 'a', false, 0, 0 },
	{ ERR, false, 0, 0 },
};

START_TEST(a_code)
{
	enum terminal_key key = TERMINAL_KEY_NONE;
	unsigned modifiers = 99;

	ck_assert_int_eq(keycodes_find(rows[_i].code, &key, &modifiers), rows[_i].is_known);
	if (rows[_i].is_known) {
		ck_assert_int_eq(key, rows[_i].key);
		ck_assert_uint_eq(modifiers, rows[_i].modifiers);
	} else {
		ck_assert_uint_eq(modifiers, 99);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("keycodes");
	TCase *tcase = tcase_create("keycodes");

	tcase_add_loop_test(tcase, a_code, 0, sizeof(rows) / sizeof(rows[0]));
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
