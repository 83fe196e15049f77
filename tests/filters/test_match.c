/* SPDX-License-Identifier: Apache-2.0 */
/* test_match.c: patterns against paths, without any policy. */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/fail.h"
#include "filters/match.h"
#include "tests/support/suite.h"

static const struct {
	const char *pattern, *name;
	bool matches;
} names[] = {
	{ "", "", true },             { "", "a", false },           { "a", "", false },
	{ "a", "a", true },           { "a", "b", false },          { "a", "ab", false },
	{ "ab", "a", false },         { "*", "", true },            { "*", "a", true },
	{ "*", "abc", true },         { "*", ".hidden", true },     { "a*", "a", true },
	{ "a*", "abc", true },        { "a*", "ba", false },        { "*a", "a", true },
	{ "*a", "bca", true },        { "*a", "ab", false },        { "a*c", "ac", true },
	{ "a*c", "abbc", true },      { "a*c", "abcb", false },     { "*.txt", ".txt", true },
	{ "*.txt", "a.txt.txt", true }, { "*.txt", "a.txt.gz", false },
	{ "a*b*c", "a1b2b3c", true }, { "a*b*c", "acb", false },    { "**", "xyz", true },
	{ "a**b", "ab", true },       { "***", "", true },          { "\\*", "*", true },
	{ "\\*", "a", false },        { "a\\*b", "a*b", true },     { "a\\*b", "axb", false },
	{ "\\\\", "\\", true },       { "\\\\*", "\\x", true },     { "\\\\*", "x", false },
	{ "*\\*", "ab*", true },      { "*\\*", "ab", false },      { "*\\**", "a*b", true },
	{ "?", "a", false },          { "?", "?", true },           { "[ab]", "a", false },
	{ "[ab]", "[ab]", true },     { "\xff*", "\xff\xfe", true }, { "\xff", "\xfe", false },
	{ "LC_*", "LC_ALL", true },   { "LC_*", "LC", false },      { "\\", "\\", true },
};

START_TEST(test_name)
{
	const char *pattern = names[_i].pattern, *name = names[_i].name;

	ck_assert_msg(match_name(pattern, strlen(pattern), name, strlen(name)) == names[_i].matches,
		      "\"%s\" against \"%s\"", pattern, name);
}
END_TEST

static const struct {
	const char *pattern, *path;
	bool matches, matches_below;
} paths[] = {
	{ "", "", true, true },                { "", "a", false, true },
	{ "a", "", false, false },             { "a", "a", true, true },
	{ "a", "a/b", false, true },           { "a", "b/a", false, false },
	{ "*", "a", true, true },              { "*", "", false, false },
	{ "*", "a/b", false, true },           { "*/b", "a/b", true, true },
	{ "*/b", "a/c/b", false, false },      { "*/b", "b", false, false },
	{ "**", "", true, true },              { "**", "a", true, true },
	{ "**", "a/b/c", true, true },         { "**/b", "b", true, true },
	{ "**/b", "a/b", true, true },         { "**/b", "a/c/b", true, true },
	{ "**/b", "a/b/c", false, true },      { "**/b", "a/bb", false, false },
	{ "a/**", "a", true, true },           { "a/**", "a/b/c", true, true },
	{ "a/**", "b/a", false, false },       { "a/**/d", "a/d", true, true },
	{ "a/**/d", "a/b/c/d", true, true },   { "a/**/d", "a/b/c", false, false },
	{ "**/a/**/b", "x/a/y/b", true, true }, { "**/a/**/b", "a/b", true, true },
	{ "**/a/**/b", "b/a", false, false },  { "**/a/b", "a/a/b", true, true },
	{ "**/a/b", "a/x/b/a/b", true, true }, { "**/**", "", true, true },
	{ "**/**/x", "x", true, true },        { "**/*", "", false, false },
	{ "**/*", "a", true, true },           { "**/*.txt", "a/b.txt", true, true },
	{ "**/*.txt", "a/b.txt/c", false, true }, { "*/secret", "a/secret", true, true },
	{ "*/secret", "a/secret/key", false, true }, { "a*b/c", "aXb/c", true, true },
	{ "a**b", "aXb", true, true },         { "a**b", "a/b", false, false },
	{ "*\\**", "x*y", true, true },        { "*/", "a", true, true },
};

START_TEST(test_path)
{
	const char *pattern = paths[_i].pattern, *path = paths[_i].path;

	ck_assert_msg(match_path(pattern, path, false) == paths[_i].matches,
		      "\"%s\" against \"%s\"", pattern, path);
	ck_assert_msg(match_path(pattern, path, true) == paths[_i].matches_below,
		      "\"%s\" against \"%s\" and below", pattern, path);
	/* What matches the path itself reaches it. */
	if (paths[_i].matches)
		ck_assert_msg(match_reaches(pattern, path), "\"%s\" reaches \"%s\"", pattern, path);
}
END_TEST

static const struct {
	const char *pattern, *path;
	bool reaches;
} reaching[] = {
	{ "a/b", "a", true },       { "a/b", "a/b", true },     { "a/b", "a/b/c", false },
	{ "a/b", "c", false },      { "*/secret", "a", true },  { "*/secret", "a/b", false },
	{ "*/secret", "a/secret", true }, { "**/x", "q/r/s", true }, { "a/**/x", "b", false },
	{ "a*/x", "abc", true },    { "a*/x", "bc", false },    { "*", "a/b", false },
	{ "*", "", true },          { "a/**", "a/b/c", true },
};

START_TEST(test_reaches)
{
	ck_assert_msg(match_reaches(reaching[_i].pattern, reaching[_i].path) ==
		      reaching[_i].reaches, "\"%s\" to \"%s\"", reaching[_i].pattern,
		      reaching[_i].path);
}
END_TEST

static const struct {
	const char *root, *path, *below;
} roots[] = {
	{ "/", "/", "" },              { "/", "/a", "a" },          { "/", "/a/b", "a/b" },
	{ "/a", "/a", "" },            { "/a", "/a/b", "b" },       { "/a", "/ab", NULL },
	{ "/a", "/", NULL },           { "/a", "/b", NULL },        { "/a/b", "/a", NULL },
	{ "/a/b", "/a/b/c/d", "c/d" }, { "/a", "", NULL },          { "/", "relative", NULL },
	{ "/a*", "/ab", NULL },        { "/a*", "/a*/b", "b" },     { "/a", "a", NULL },
};

START_TEST(test_below)
{
	const char *below = match_below(roots[_i].root, roots[_i].path);

	if (roots[_i].below)
		ck_assert_pstr_eq(below, roots[_i].below);
	else
		ck_assert_ptr_null(below);
}
END_TEST

static const struct {
	const char *pattern, *wild;
	bool is_deep;
} wilds[] = {
	{ "/a/b", "", false },       { "/", "", false },          { "/**", "**", true },
	{ "/*", "*", false },        { "/a/*/b", "*/b", false },  { "/a/b*/c", "b*/c", false },
	{ "/a/**/b", "**/b", true }, { "/a/\\*/b", "", false },
	{ "/a/\\\\*/b", "\\\\*/b", false },
	{ "/a/***", "***", false },  { "/a/**b", "**b", false },  { "name", "", false },
};

START_TEST(test_wild_part)
{
	ck_assert_str_eq(match_wild_part(wilds[_i].pattern), wilds[_i].wild);
	ck_assert_int_eq(match_is_deep(wilds[_i].wild), wilds[_i].is_deep);
}
END_TEST

static const struct {
	const char *path;
	bool is_canonical;
} canonical[] = {
	{ "/", true },       { "/a", true },       { "/a/b", true },      { "/...", true },
	{ "/.a", true },     { "/a/..b", true },   { "/a/b..", true },
	{ "/proc/self/fd/3", true },
	{ "", false },       { "a", false },       { "a/b", false },      { "//", false },
	{ "/a/", false },    { "//a", false },     { "/a//b", false },    { "/.", false },
	{ "/..", false },    { "/a/.", false },    { "/a/..", false },    { "/a/../b", false },
	{ "/./a", false },   { "pipe:[1]", false }, { " /a", false },
};

START_TEST(test_canonical)
{
	ck_assert_msg(match_is_canonical(canonical[_i].path) == canonical[_i].is_canonical,
		      "\"%s\"", canonical[_i].path);
}
END_TEST

/* A script chooses its names: no name may make matching slow. */
START_TEST(test_hostile_is_quick)
{
	static char pattern[1024], path[4096];
	clock_t start = clock();

	for (size_t i = 0; i + 5 < sizeof(pattern); i += 5)
		memcpy(pattern + i, "**/a/", 5);
	strcat(pattern, "b");
	for (size_t i = 0; i + 2 < sizeof(path); i += 2)
		memcpy(path + i, "a/", 2);
	ck_assert(!match_path(pattern, path, false));
	memset(path, 'a', sizeof(path) - 1);
	for (size_t i = 0; i + 2 < sizeof(pattern); i += 2)
		memcpy(pattern + i, "*a", 2);
	strcpy(pattern + sizeof(pattern) - 4, "b");
	ck_assert(!match_name(pattern, strlen(pattern), path, strlen(path)));
	ck_assert_int_lt(clock() - start, CLOCKS_PER_SEC);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("match");
	TCase *tcase = tcase_create("match");

	tcase_add_loop_test(tcase, test_name, 0, ARRAY_SIZE(names));
	tcase_add_loop_test(tcase, test_path, 0, ARRAY_SIZE(paths));
	tcase_add_loop_test(tcase, test_reaches, 0, ARRAY_SIZE(reaching));
	tcase_add_loop_test(tcase, test_below, 0, ARRAY_SIZE(roots));
	tcase_add_loop_test(tcase, test_wild_part, 0, ARRAY_SIZE(wilds));
	tcase_add_loop_test(tcase, test_canonical, 0, ARRAY_SIZE(canonical));
	tcase_add_test(tcase, test_hostile_is_quick);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
