/* SPDX-License-Identifier: Apache-2.0 */
/* test_command.c: words as one line for a shell. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/suite.h"
#include "tracer/events/command.h"

static const struct {
	const char *words[4];
	const char *line;
} rows[] = {
	{ { "git", "push" }, "git push" },
	{ { "echo", "" }, "echo ''" },
	{ { "echo", "a b", "$x" }, "echo 'a b' '$x'" },
	{ { "it's" }, "'it'\\''s'" },
	{ { "'" }, "''\\'''" },
	{ { "\xff\n" }, "'\xff\n'" },
};

START_TEST(quoted_words)
{
	char line[64];
	size_t used = 0;

	for (size_t i = 0; rows[_i].words[i]; i++)
		used = command_add(line, sizeof(line), used, rows[_i].words[i]);
	ck_assert_str_eq(line, rows[_i].line);
	ck_assert_uint_eq(used, strlen(line));
}
END_TEST

/* However small the room is, it ends within it. */
START_TEST(small_rooms)
{
	for (size_t size = 1; size < 24; size++) {
		char *line = malloc(size);
		size_t used = command_add(line, size, 0, "a'b c");

		used = command_add(line, size, used, "second");
		ck_assert_uint_lt(used, size);
		ck_assert_uint_eq(strlen(line), used);
		free(line);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("command");
	TCase *tcase = tcase_create("command");

	tcase_add_loop_test(tcase, quoted_words, 0, ARRAY_SIZE(rows));
	tcase_add_test(tcase, small_rooms);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
