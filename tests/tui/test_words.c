/* SPDX-License-Identifier: Apache-2.0 */
/* test_words.c: what an event is called: for every kind of one, in as little room as there is. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/made.h"
#include "tests/support/suite.h"
#include "tui/facts.h"
#include "tui/words.h"

static struct facts facts;

static void set_up(void)
{
	json_t *start = json_pack("{s:s}", "cwd", "/home/ana/work");

	setenv("HOME", "/home/ana", 1);
	ck_assert_int_eq(facts_init(&facts), 0);
	ck_assert_int_eq(facts_set_start(&facts, start), 0);
	json_decref(start);
}

static void tear_down(void)
{
	facts_free(&facts);
}

static const struct {
	enum event_kind kind;
	enum event_outcome outcome;
	int error;
	bool was_asked, is_probe;
	const char *word;
} verdicts[] = {
	{ EVENT_CALL, OUTCOME_ALLOW, 0, false, false, "" },
	{ EVENT_CALL, OUTCOME_ALLOW, EACCES, false, false, "FAIL" },
	{ EVENT_CALL, OUTCOME_ERROR, ENOENT, false, false, "FAIL" },
	{ EVENT_CALL, OUTCOME_DENY, EACCES, false, false, "DENY" },
	{ EVENT_CALL, OUTCOME_DENY, EACCES, false, true, "DENY" },
	{ EVENT_CALL, OUTCOME_DENY, EACCES, true, false, "ASK" },
	{ EVENT_CALL, OUTCOME_ALLOW, 0, true, false, "ASK" },
	{ EVENT_CALL, OUTCOME_KILL, 0, true, false, "KILL" },
	{ EVENT_LIMIT, OUTCOME_COUNT, 0, false, false, "LIM" },
	{ EVENT_NOTE, OUTCOME_COUNT, 0, false, false, "NOTE" },
};

START_TEST(verdict)
{
	struct read_event event = {
		.event = { .kind = verdicts[_i].kind, .outcome = verdicts[_i].outcome,
			   .error = verdicts[_i].error, .was_asked = verdicts[_i].was_asked,
			   .is_probe = verdicts[_i].is_probe },
	};

	ck_assert_str_eq(words_verdict(&event), verdicts[_i].word);
}
END_TEST

static const struct {
	struct event event;
	const char *host, *words;
} targets[] = {
	{ { .path = "/home/ana/work/data/x.csv" }, NULL, "data/x.csv" },
	{ { .path = "/home/ana/.ssh/config" }, NULL, "~/.ssh/config" },
	{ { .path = "/home/ana/work/~/.ssh/config" }, NULL, "./~/.ssh/config" },
	{ { .path = "/home/ana/work" }, NULL, "~/work" },
	{ { .path = "/home/anamaria/x" }, NULL, "/home/anamaria/x" },
	{ { .path = "/home/ana/work/a", .path2 = "/etc/b" }, NULL, "a to /etc/b" },
	{ { .path = "/x", .action = "write" }, "203.0.113.9:443", "/x" },
	{ { .action = "connect x" }, "203.0.113.9:443", "203.0.113.9:443" },
	{ { .action = "send signal 9 to 1" }, NULL, "send signal 9 to 1" },
	{ { .action = NULL }, NULL, "" },
	{ { .kind = EVENT_NOTE, .reason = "a note", .path = "/x" }, NULL, "a note" },
	{ { .kind = EVENT_LIMIT }, NULL, "" },
};

START_TEST(target)
{
	struct read_event event = { .event = targets[_i].event, .host = targets[_i].host };
	size_t length = strlen(targets[_i].words);
	char out[WORDS_MAX];

	words_target(&facts, &event, out, sizeof(out));
	ck_assert_str_eq(out, targets[_i].words);
	/* In less room less is said, never more written than there is. */
	for (size_t size = 1; size <= length; size++) {
		char *small = malloc(size);

		words_target(&facts, &event, small, size);
		ck_assert_uint_lt(strlen(small), size);
		ck_assert_int_eq(strncmp(small, targets[_i].words, strlen(small)), 0);
		free(small);
	}
}
END_TEST

static const struct {
	const char *file;
	int line;
	const char *words;
} lines[] = {
	{ NULL, 3, "-" }, { "/a/b/etl.py", 33, "etl.py:33" }, { "etl.py", 1, "etl.py:1" },
	{ "/a/etl.py", 0, "etl.py" }, { "/a/etl.py", -4, "etl.py" }, { "<string>", 2, "<string>:2" },
	{ "<frozen importlib._bootstrap>", 241, "<import>" }, { "", 5, ":5" }, { "/", 5, ":5" },
	{ "<frozen os>", 7, "<frozen os>:7" },
};

START_TEST(line)
{
	struct read_event event = { .file = lines[_i].file, .line = lines[_i].line };
	char out[LINE_WORDS_MAX], small[4];

	words_line(&event, out, sizeof(out));
	ck_assert_str_eq(out, lines[_i].words);
	words_line(&event, small, sizeof(small));
	ck_assert_uint_lt(strlen(small), sizeof(small));
}
END_TEST

static const struct {
	struct event event;
	const char *access, *answer;
} accesses[] = {
	{ { .path = "/x", .flags = "O_RDONLY", .class = CLASS_READ, .effects = "" }, "read", "" },
	{ { .path = "/x", .flags = "O_CREAT", .class = CLASS_WRITE, .effects = "create" },
	  "write, create", "" },
	{ { .path = "/x", .flags = "", .class = CLASS_WRITE, .rule = "deny write /x" }, "",
	  "deny write /x" },
	{ { .path = "/x", .path2 = "/y", .flags = "O", .class = CLASS_WRITE, .rule = "r",
	    .source = "a.policy:3" }, "", "a.policy:3" },
	{ { .flags = "O_RDONLY", .class = CLASS_READ, .reason = "why" }, "", "why" },
	{ { .was_asked = true, .asked = "once", .waited_us = 4100000 }, "", "allowed (once), 4.1 s" },
	{ { .was_asked = true, .outcome = OUTCOME_DENY }, "", "denied (asked)" },
	{ { .was_asked = true, .asked = "run", .rule = "r" }, "", "allowed (run)" },
};

START_TEST(access_and_answer)
{
	struct read_event event = { .event = accesses[_i].event };
	char out[WORDS_MAX];

	words_access(&event, out, sizeof(out));
	ck_assert_str_eq(out, accesses[_i].access);
	words_answer(&event, out, sizeof(out));
	ck_assert_str_eq(out, accesses[_i].answer);
}
END_TEST

static const struct {
	uint64_t number;
	const char *time, *count;
} numbers[] = {
	{ 0, "0 us", "0" },
	{ 999, "999 us", "999" },
	{ 1000, "1.0 ms", "1,000" },
	{ 9100, "9.1 ms", "9,100" },
	{ 22000, "22 ms", "22,000" },
	{ 999999, "999 ms", "999,999" },
	{ 1204000, "1.204 s", "1,204,000" },
	{ UINT64_MAX, "18446744073709.551 s", "18,446,744,073,709,551,615" },
};

START_TEST(time_and_count)
{
	char out[32], small[6];

	words_time(numbers[_i].number, out, sizeof(out));
	ck_assert_str_eq(out, numbers[_i].time);
	words_count(numbers[_i].number, out, sizeof(out));
	ck_assert_str_eq(out, numbers[_i].count);
	words_count(numbers[_i].number, small, sizeof(small));
	ck_assert_uint_lt(strlen(small), sizeof(small));
}
END_TEST

/* Whatever an event holds, also after it was packed: no word is written outside. */
START_TEST(of_random_events)
{
	static struct flat_event event;
	static struct made made;
	char out[24];

	srandom(5);
	for (uint64_t n = 1; n < 3000; n++) {
		made_random(&made, n);
		ck_assert_int_eq(flat_unpack(made.bytes, made.size, &event), 0);
		words_target(&facts, &event.event, out, sizeof(out));
		words_line(&event.event, out, sizeof(out));
		words_access(&event.event, out, sizeof(out));
		words_answer(&event.event, out, sizeof(out));
		ck_assert_uint_lt(strlen(out), sizeof(out));
		ck_assert_uint_le(strlen(words_verdict(&event.event)), 4);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("words");
	TCase *tcase = tcase_create("words");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, verdict, 0, ARRAY_SIZE(verdicts));
	tcase_add_loop_test(tcase, target, 0, ARRAY_SIZE(targets));
	tcase_add_loop_test(tcase, line, 0, ARRAY_SIZE(lines));
	tcase_add_loop_test(tcase, access_and_answer, 0, ARRAY_SIZE(accesses));
	tcase_add_loop_test(tcase, time_and_count, 0, ARRAY_SIZE(numbers));
	tcase_add_test(tcase, of_random_events);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
