/* SPDX-License-Identifier: Apache-2.0 */
/* test_facts.c: start and result objects, also those that somebody made up. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/suite.h"
#include "tui/facts.h"

static struct facts facts;

static void set_up(void)
{
	ck_assert_int_eq(facts_init(&facts), 0);
}

static void tear_down(void)
{
	facts_free(&facts);
}

static void start(const char *text)
{
	json_t *object = json_loads(text, JSON_DECODE_ANY, NULL);

	ck_assert_msg(object != NULL, "%s", text);
	ck_assert_int_eq(facts_set_start(&facts, object), 0);
	json_decref(object);
}

static void result(const char *text)
{
	json_t *object = json_loads(text, JSON_DECODE_ANY, NULL);

	ck_assert_msg(object != NULL, "%s", text);
	ck_assert_int_eq(facts_set_result(&facts, object), 0);
	json_decref(object);
}

START_TEST(nothing_is_known_at_first)
{
	ck_assert_str_eq(facts.script, "");
	ck_assert_str_eq(facts.cwd, "");
	ck_assert_str_eq(facts.policy, "");
	ck_assert_str_eq(facts.ended, "");
	ck_assert_ptr_null(facts_rule(&facts, 0));
	ck_assert_uint_eq(facts_missing(&facts), 0);
}
END_TEST

static const struct {
	const char *argv, *script, *policy;
} commands[] = {
	{ "[\"pyjail\",\"a.py\"]", "a.py", "default" },
	{ "[\"pyjail\",\"--tui\",\"--policy=/x/strict.policy\",\"a.py\",\"--month\",\"3\"]",
	  "a.py --month 3", "strict.policy" },
	{ "[\"pyjail\",\"--policy=a\",\"--policy=b/c\",\"x\"]", "x", "a,c" },
	{ "[]", "", "default" },
	{ "[\"pyjail\"]", "", "default" },
	{ "[\"pyjail\",3,null,{},\"a.py\",[\"b\"],\"c\"]", "a.py c", "default" },
	{ "\"pyjail\"", "", "default" },
	{ "{\"0\":\"x\"}", "", "default" },
	{ "null", "", "default" },
};

START_TEST(command_line)
{
	char text[512];

	snprintf(text, sizeof(text), "{\"argv\":%s}", commands[_i].argv);
	start(text);
	ck_assert_str_eq(facts.script, commands[_i].script);
	ck_assert_str_eq(facts.policy, commands[_i].policy);
}
END_TEST

/* Longer than anybody can read: cut between words, and never outside. */
START_TEST(long_command_line)
{
	json_t *object = json_object(), *argv = json_array();
	char word[3000];

	memset(word, 'w', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	json_array_append_new(argv, json_string("pyjail"));
	for (int i = 0; i < 50; i++) {
		json_array_append_new(argv, json_string(word + 100 * i % 2900));
		json_array_append_new(argv, json_sprintf("--policy=%s", word + i));
	}
	json_object_set_new(object, "argv", argv);
	ck_assert_int_eq(facts_set_start(&facts, object), 0);
	ck_assert_uint_lt(strlen(facts.script), 4096);
	ck_assert_uint_gt(strlen(facts.script), 1000);
	ck_assert_uint_lt(strlen(facts.policy), 4096);
	json_decref(object);
}
END_TEST

/* Every key of another type, and no object at all. */
static const char *const hostile[] = {
	"{\"cwd\":3,\"interpreter\":[],\"time\":{},\"policy\":\"allow all\",\"allow_all\":\"yes\"}",
	"{\"cwd\":null,\"policy\":[1,2,3],\"argv\":[[[[]]]]}",
	"{\"policy\":{\"0\":\"x\"}}",
	"[1,2]", "3", "null", "\"start\"", "{}",
};

START_TEST(hostile_start)
{
	start(hostile[_i]);
	ck_assert_str_eq(facts.cwd, "");
	ck_assert_str_eq(facts.script, "");
	ck_assert_str_eq(facts.policy, "default");
	for (size_t i = 0; i < 5; i++)
		ck_assert_ptr_null(facts_rule(&facts, i));
	ck_assert_ptr_nonnull(facts.start);
}
END_TEST

START_TEST(a_second_start_replaces)
{
	char *rule;

	start("{\"argv\":[\"p\",\"a.py\"],\"cwd\":\"/a\",\"policy\":[\"allow read /\",\"deny net\"]}");
	rule = facts_rule(&facts, 1);
	ck_assert_str_eq(rule, "deny net");
	free(rule);
	start("{\"argv\":[\"p\",\"b.py\"],\"allow_all\":true}");
	ck_assert_str_eq(facts.script, "b.py");
	ck_assert_str_eq(facts.cwd, "");
	ck_assert_str_eq(facts.policy, "allow-all");
	ck_assert_ptr_null(facts_rule(&facts, 0));
}
END_TEST

static const struct {
	const char *result, *ended;
	double wall_s;
} ends[] = {
	{ "{\"status\":0,\"wall_s\":1.5}", "exit 0", 1.5 },
	{ "{\"status\":3,\"signal\":null,\"limit\":null,\"failure\":null,\"rule\":null}", "exit 3", 0 },
	{ "{\"status\":137,\"signal\":9}", "signal 9", 0 },
	{ "{\"limit\":\"time\",\"signal\":9}", "limit time", 0 },
	{ "{\"rule\":\"kill net\",\"signal\":9}", "killed by a rule", 0 },
	{ "{\"failure\":\"lost it\",\"limit\":\"time\"}", "pyjail failed", 0 },
	{ "{}", "no status told", 0 },
	{ "{\"status\":\"0\",\"wall_s\":\"9\"}", "no status told", 0 },
	{ "{\"status\":null,\"wall_s\":-7}", "no status told", 0 },
	{ "{\"status\":-9223372036854775807,\"wall_s\":1e308}", "exit -9223372036854775807", 1e9 },
	{ "[]", "no status told", 0 },
};

START_TEST(end)
{
	result(ends[_i].result);
	ck_assert_str_eq(facts.ended, ends[_i].ended);
	ck_assert_double_eq(facts.wall_s, ends[_i].wall_s);
	ck_assert_ptr_nonnull(facts.result);
}
END_TEST

static const struct {
	const char *result, *says;
} changes[] = {
	{ "{}", "" },
	{ "{\"scratch\":null}", "" },
	{ "{\"scratch\":[3]}", "" },
	{ "{\"scratch\":{}}", "nothing was changed" },
	{ "{\"scratch\":{\"added\":\"3\",\"layer\":4}}", "nothing was changed" },
	{ "{\"scratch\":{\"added\":3,\"changed\":1,\"deleted\":2,\"layer\":null}}",
	  "3 added, 1 changed, 2 deleted, all dropped" },
	{ "{\"scratch\":{\"deleted\":2,\"layer\":\"/l\"}}",
	  "0 added, 0 changed, 2 deleted: pyjail diff /l" },
	{ "{\"scratch\":{\"added\":1,\"layer\":\"?\",\"layer_hex\":\"2fff\"}}",
	  "1 added, 0 changed, 0 deleted: pyjail diff /\xff" },
};

START_TEST(what_was_changed)
{
	result(changes[_i].result);
	ck_assert_str_eq(facts.changes, changes[_i].says);
}
END_TEST

START_TEST(a_long_limit)
{
	char text[4000];
	json_t *object;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	object = json_pack("{s:s}", "limit", text);
	ck_assert_int_eq(facts_set_result(&facts, object), 0);
	ck_assert_uint_lt(strlen(facts.ended), sizeof(facts.ended));
	json_decref(object);
}
END_TEST

START_TEST(what_is_missing_stays_missing)
{
	facts_add_lost(&facts, UINT64_MAX - 1);
	facts.bad = 1;
	ck_assert_uint_eq(facts_missing(&facts), UINT64_MAX);
	facts.bad = 2;
	ck_assert_uint_eq(facts_missing(&facts), UINT64_MAX);
	facts_add_lost(&facts, 100);
	ck_assert_uint_eq(facts.lost, UINT64_MAX);
}
END_TEST

static const struct {
	const char *cwd, *home, *path, *written;
} paths[] = {
	{ "/a/b", "/h", "/a/b/c", "c" },
	{ "/a/b", "/h", "/a/b", "/a/b" },
	{ "/a/b", "/h", "/a/b/", "/a/b/" },
	{ "/a/b", "/h", "/a/bc/d", "/a/bc/d" },
	{ "/a/b", "/a", "/a/c", "~/c" },
	{ "/a/b", "/a", "/a/b/~/c", "./~/c" },
	{ "/", "/", "/a", "/a" },
	{ "", "", "/a", "/a" },
	{ "/a", NULL, "/b", "/b" },
	{ "/a", "/b", "", "" },
};

START_TEST(path)
{
	json_t *object = json_pack("{s:s}", "cwd", paths[_i].cwd);
	char out[64], small[4];

	if (paths[_i].home)
		setenv("HOME", paths[_i].home, 1);
	else
		unsetenv("HOME");
	ck_assert_int_eq(facts_set_start(&facts, object), 0);
	facts_path(&facts, paths[_i].path, out, sizeof(out));
	ck_assert_str_eq(out, paths[_i].written);
	facts_path(&facts, paths[_i].path, small, sizeof(small));
	ck_assert_uint_lt(strlen(small), sizeof(small));
	json_decref(object);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("facts");
	TCase *tcase = tcase_create("facts");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, nothing_is_known_at_first);
	tcase_add_loop_test(tcase, command_line, 0, ARRAY_SIZE(commands));
	tcase_add_test(tcase, long_command_line);
	tcase_add_loop_test(tcase, hostile_start, 0, ARRAY_SIZE(hostile));
	tcase_add_test(tcase, a_second_start_replaces);
	tcase_add_loop_test(tcase, end, 0, ARRAY_SIZE(ends));
	tcase_add_loop_test(tcase, what_was_changed, 0, ARRAY_SIZE(changes));
	tcase_add_test(tcase, a_long_limit);
	tcase_add_test(tcase, what_is_missing_stays_missing);
	tcase_add_loop_test(tcase, path, 0, ARRAY_SIZE(paths));
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
