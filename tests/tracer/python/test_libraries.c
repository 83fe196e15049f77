/* SPDX-License-Identifier: Apache-2.0 */
/* test_libraries.c: which folders are Python's rather than the user's; what a file's name tells. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/suite.h"
#include "tracer/python/libraries.h"
#include "tracer/python/runtime.h"

static struct interpreter interpreter;

static char **list_of(const char *program, const char *prefix, const char *home)
{
	char **list = NULL;

	memset(&interpreter, 0, sizeof(interpreter));
	strcpy(interpreter.program, program);
	if (prefix)
		strcpy(interpreter.prefixes[interpreter.prefix_count++], prefix);
	ck_assert_int_eq(libraries_of(&interpreter, home, &list), 0);
	ck_assert_ptr_nonnull(list);
	return list;
}

static bool has(char *const *list, const char *text)
{
	while (*list && strcmp(*list, text) != 0)
		list++;
	return *list != NULL;
}

static size_t count(char *const *list)
{
	size_t n = 0;

	while (list[n])
		n++;
	return n;
}

START_TEST(of_the_system)
{
	char **list = list_of("/usr/bin/python3", "/usr", "/home/ann");

	ck_assert(has(list, "/usr/lib/python3"));
	ck_assert(has(list, "/usr/lib64/python3"));
	ck_assert(has(list, "/usr/local/lib/python3"));
	ck_assert(has(list, "/home/ann/.local/lib/python3"));
	ck_assert_uint_eq(count(list), 7);
	libraries_free(list);
}
END_TEST

/* The environment's folder as it was named, and the base that it links to. */
START_TEST(of_an_environment)
{
	char **list = list_of("/home/ann/env/bin/python", "/usr", NULL);

	ck_assert(has(list, "/home/ann/env/lib/python3"));
	ck_assert(has(list, "/usr/lib/python3"));
	ck_assert_uint_eq(count(list), 6);
	libraries_free(list);
	list = list_of("/home/ann/env/bin/python", NULL, "");
	ck_assert_uint_eq(count(list), 3);
	libraries_free(list);
}
END_TEST

/* No two slashes: Python writes none. */
START_TEST(at_the_root)
{
	char **list = list_of("/bin/python3", "/", NULL);

	ck_assert(has(list, "/lib/python3"));
	for (size_t i = 0; list[i]; i++) {
		ck_assert_ptr_null(strstr(list[i], "//"));
		ck_assert_int_eq(list[i][0], '/');
	}
	libraries_free(list);
	libraries_free(list_of("python3", NULL, NULL));
	libraries_free(list_of("", NULL, NULL));
	libraries_free(NULL);
}
END_TEST

START_TEST(as_many_prefixes_as_there_are)
{
	char **list = list_of("/p/bin/python3", NULL, "/h");

	libraries_free(list);
	for (size_t i = 0; i < POLICY_PREFIXES_MAX; i++)
		sprintf(interpreter.prefixes[i], "/prefix/%zu", i);
	interpreter.prefix_count = POLICY_PREFIXES_MAX;
	ck_assert_int_eq(libraries_of(&interpreter, "/h", &list), 0);
	ck_assert_uint_eq(count(list), 3 * (POLICY_PREFIXES_MAX + 1) + 1);
	ck_assert(has(list, "/prefix/0/lib/python3"));
	ck_assert(has(list, "/h/.local/lib/python3"));
	libraries_free(list);
}
END_TEST

START_TEST(minors_of_names)
{
	static const struct { const char *path; unsigned minor; } names[] = {
		{ "/usr/lib/libpython3.11.so.1.0", 11 }, { "/usr/bin/python3.8", 8 },
		{ "libpython3.9.so", 9 }, { "/usr/bin/python3.10", 10 }, { "/usr/bin/python3", 0 },
		{ "/usr/bin/python3.", 0 }, { "/usr/bin/python3.11d", 0 }, { "/usr/bin/python", 0 },
		{ "/usr/lib/python3.11/x.so", 0 }, { "/usr/bin/python3.110", 0 }, { "", 0 },
		{ "/opt/python3.12 (deleted)", 12 }, { "/lib/libpython3.12.so.1.0 (deleted)", 12 },
		{ "/usr/bin/python2.7", 0 }, { "/usr/bin/python3.x", 0 },
		{ "/usr/bin/python3.11-dbg", 0 }, { "/usr/bin/mypython3.11", 11 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		ck_assert_msg(runtime_minor_of_name(names[i].path) == names[i].minor, "%s: %u",
			      names[i].path, runtime_minor_of_name(names[i].path));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("libraries");
	TCase *tcase = tcase_create("folders");

	tcase_add_test(tcase, of_the_system);
	tcase_add_test(tcase, of_an_environment);
	tcase_add_test(tcase, at_the_root);
	tcase_add_test(tcase, as_many_prefixes_as_there_are);
	tcase_add_test(tcase, minors_of_names);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
