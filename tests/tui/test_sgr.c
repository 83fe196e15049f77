/* SPDX-License-Identifier: Apache-2.0 */
/* test_sgr.c: what is asked for in colours comes down to 16 of them. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tui/sgr.h"

static const struct {
	const char *asked, *made;
} rows[] = {
	{ "", "0" },
	{ "0", "0" },
	{ ";1", "0 1" },
	{ "1;4;7;22;24;27", "1 4 7 22 24 27" },
	{ "31;42;97;107;39;49", "31 42 97 107 39 49" },
	/* dim, italic, blinking, hidden, struck out, fonts, frames, unknown */
	{ "2;3;5;6;8;9;11;51;1000", "" },
	{ "21", "4" },
	{ "4:0", "24" },
	{ "4:3", "4" },
	{ "38;5;1", "31" },
	{ "38;5;9", "91" },
	{ "48;5;12", "104" },
	{ "38;5;196;1", "91 1" },
	{ "38;5;16", "30" },
	{ "38;5;231", "97" },
	{ "48;5;244", "100" },
	{ "38;2;250;2;3;4", "91 4" },
	{ "38:2:250:2:3", "91" },
	{ "38:2::250:2:3;1", "91 1" },
	{ "48:5:2", "42" },
	{ "58;5;3;1", "1" },
	{ "58:2::1:2:3;1", "1" },
	/* incomplete, or out of bounds */
	{ "38", "" },
	{ "38;5", "" },
	{ "38;2;1;2", "" },
	{ "38:2:1:2", "" },
	{ "38;5;256;1", "1" },
	{ "38;2;300;0;0;1", "1" },
	{ "38;7;1", "1" },
	{ "48:", "" },
};

static size_t parse(const char *asked, int *params, bool *is_part)
{
	size_t count = 1;

	params[0] = -1;
	is_part[0] = false;
	for (; *asked; asked++) {
		if (*asked == ';' || *asked == ':') {
			params[count] = -1;
			is_part[count++] = *asked == ':';
		} else {
			int *param = &params[count - 1];

			*param = (*param < 0 ? 0 : *param) * 10 + *asked - '0';
		}
	}
	return count;
}

START_TEST(what_is_asked)
{
	int params[32], out[32];
	bool is_part[32];
	char made[128] = "";
	size_t count = sgr_simplify(params, is_part, parse(rows[_i].asked, params, is_part), out);

	for (size_t i = 0; i < count; i++)
		sprintf(made + strlen(made), i ? " %d" : "%d", out[i]);
	ck_assert_str_eq(made, rows[_i].made);
}
END_TEST

START_TEST(the_nearest_colour)
{
	ck_assert_int_eq(sgr_nearest(0, 0, 0), 0);
	ck_assert_int_eq(sgr_nearest(255, 255, 255), 15);
	ck_assert_int_eq(sgr_nearest(120, 130, 125), 8);
	ck_assert_int_eq(sgr_nearest(10, 200, 190), 6);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sgr");
	TCase *tcase = tcase_create("sgr");

	tcase_add_loop_test(tcase, what_is_asked, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tcase, the_nearest_colour);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
