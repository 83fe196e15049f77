/* SPDX-License-Identifier: Apache-2.0 */
/* test_events.c: records read back, hostile ones too, and expectations met or not. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/suite.h"
#include "tracer/corpus/canary.h"
#include "tracer/corpus/events.h"

#define START "{\"type\":\"start\"}\n"
#define RESULT "{\"type\":\"result\"}\n"
#define CALL(rest) "{\"type\":\"call\",\"call\":\"openat\",\"class\":\"write\"," \
		   "\"verdict\":\"deny\",\"errno\":13,\"error\":\"EACCES\"," rest "}\n"

static char path[64];
static char why[256];
static json_t *events;

static void set_up(void)
{
	int fd;

	strcpy(path, "/tmp/pyjail-events.XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	why[0] = '\0';
	events = NULL;
}

static void tear_down(void)
{
	json_decref(events);
	unlink(path);
}

static int read_bytes(const char *bytes, size_t length)
{
	FILE *f = fopen(path, "w");

	ck_assert_uint_eq(fwrite(bytes, 1, length, f), length);
	fclose(f);
	return events_read(path, &events, why, sizeof(why));
}

static int read_text(const char *text)
{
	return read_bytes(text, strlen(text));
}

START_TEST(test_read)
{
	ck_assert_int_eq(read_text(START CALL("\"path\":\"/a\"") RESULT), 0);
	ck_assert_uint_eq(json_array_size(events), 3);
}
END_TEST

static const struct {
	const char *text, *says;
} broken[] = {
	{ "", "line 1 of the record is not its start" },
	{ RESULT, "line 1 of the record is not its start" },
	{ START, "line 1 of the record is the last, and not its result" },
	{ START CALL("\"path\":\"/a\""), "line 2 of the record is the last, and not its result" },
	{ START "{\"type\":\"result\"}", "line 2 of the record is cut off" },
	{ START "{\"type\":\n" RESULT, "line 2 of the record is not a JSON object" },
	{ START "[]\n" RESULT, "line 2 of the record is not a JSON object" },
	{ START "\n" RESULT, "line 2 of the record is not a JSON object" },
	{ START "{\"a\":1} {\"b\":2}\n" RESULT, "line 2 of the record is not a JSON object" },
	/* Which of two would count?  The reader may think otherwise than the writer. */
	{ START "{\"verdict\":\"deny\",\"verdict\":\"allow\"}\n" RESULT,
	  "line 2 of the record is not a JSON object" },
	{ START "{\"path\":\"a\x1b[2J\"}\n" RESULT, "line 2 of the record holds a control" },
	{ START "{\"path\":\"a\x7f\"}\n" RESULT, "line 2 of the record holds a control" },
	{ START "{\"path\":\"a\xff\"}\n" RESULT, "line 2 of the record is not a JSON object" },
};

START_TEST(test_broken)
{
	ck_assert_int_lt(read_text(broken[_i].text), 0);
	ck_assert_msg(strstr(why, broken[_i].says) == why, "%s", why);
	ck_assert_ptr_null(events);
}
END_TEST

START_TEST(test_nul_and_no_file)
{
	static const char text[] = START "{\"path\":\"a\0b\"}\n" RESULT;

	ck_assert_int_lt(read_bytes(text, sizeof(text) - 1), 0);
	ck_assert_int_lt(events_read("/nonexistent/record", &events, why, sizeof(why)), 0);
	ck_assert_str_eq(why, "there is no record");
}
END_TEST

#define BYTES "\"path\":\"/c/\\ufffd\",\"path_hex\":\"2f632fff\""

static const struct {
	const char *event;
	struct corpus_expect expect;
	bool is_met;
} meetings[] = {
	{ CALL("\"path\":\"/a\""), { "openat", "write", "deny", "EACCES", "/a" }, true },
	{ CALL("\"path\":\"/a\""), { "*", "*", "*", "*", "*" }, true },
	{ CALL("\"path\":\"/a\""), { "openat", "write", "deny", "", "" }, true },
	{ CALL("\"path\":\"/a\""), { "open", "write", "deny", "", "" }, false },
	{ CALL("\"path\":\"/a\""), { "openat", "read", "deny", "", "" }, false },
	{ CALL("\"path\":\"/a\""), { "openat", "write", "allow", "", "" }, false },
	{ CALL("\"path\":\"/a\""), { "openat", "write", "deny", "EPERM", "" }, false },
	{ CALL("\"path\":\"/a\""), { "openat", "write", "deny", "0", "" }, false },
	{ CALL("\"path\":\"/a\""), { "openat", "write", "deny", "", "/a/b" }, false },
	{ CALL("\"path\":\"/a/b\""), { "openat", "write", "deny", "", "/a" }, false },
	{ CALL("\"path\":\"/a/b\""), { "openat", "write", "deny", "", "/a/*" }, true },
	{ CALL("\"path\":\"/x\",\"path2\":\"/a\""), { "*", "*", "*", "", "/a" }, true },
	{ CALL("\"path\":null"), { "openat", "write", "deny", "", "" }, true },
	{ CALL("\"path\":null"), { "openat", "write", "deny", "", "/a" }, false },
	{ CALL("\"path\":7"), { "openat", "write", "deny", "", "/*" }, false },
	/* The bytes count, not what stands for them. */
	{ CALL(BYTES), { "openat", "write", "deny", "", "/c/\xff" }, true },
	{ CALL(BYTES), { "openat", "write", "deny", "", "/c/\xef\xbf\xbd" }, false },
	{ CALL("\"path\":\"/a\",\"path_hex\":\"2f6\""), { "*", "*", "*", "", "/*" }, false },
	{ CALL("\"path\":\"/a\",\"path_hex\":\"zz\""), { "*", "*", "*", "", "*" }, true },
	{ CALL("\"path\":\"/a\",\"path_hex\":\"zz\""), { "*", "*", "*", "", "/a" }, false },
	/* Only calls are events that are expected. */
	{ "{\"type\":\"note\",\"call\":\"openat\",\"class\":\"write\",\"verdict\":\"deny\"}\n",
	  { "openat", "write", "deny", "", "" }, false },
	{ "{\"type\":\"call\",\"call\":\"kill\",\"class\":\"signal\",\"verdict\":\"allow\","
	  "\"errno\":0,\"error\":null}\n", { "kill", "signal", "allow", "0", "" }, true },
};

START_TEST(test_meet)
{
	char text[4096];

	snprintf(text, sizeof(text), START "%s" RESULT, meetings[_i].event);
	ck_assert_int_eq(read_text(text), 0);
	ck_assert_int_eq(events_meet(events, &meetings[_i].expect), meetings[_i].is_met);
}
END_TEST

START_TEST(test_refusal)
{
	char words[512];

	ck_assert_int_eq(read_text(START
				   "{\"type\":\"call\",\"verdict\":\"allow\"}\n"
				   "{\"type\":\"call\",\"verdict\":\"error\"}\n"
				   "{\"type\":\"call\",\"verdict\":\"deny\",\"probe\":true}\n"
				   RESULT), 0);
	ck_assert(!events_refusal(events, words, sizeof(words)));
	json_decref(events);
	ck_assert_int_eq(read_text(START CALL("\"path\":\"/\\u001b[2J\"") RESULT), 0);
	ck_assert(events_refusal(events, words, sizeof(words)));
	ck_assert_str_eq(words, "openat write deny EACCES /\\x1b[2J");
}
END_TEST

static const struct {
	const char *pattern, *path;
	bool matches;
} patterns[] = {
	{ "/a", "/a", true },      { "/a", "/ab", false },     { "*", "", true },
	{ "*", "/a/b", true },     { "/*/c", "/a/b/c", true }, { "/*/c", "/c", false },
	{ "/a*b*c", "/axbxbc", true }, { "/a*b*c", "/axbxbcd", false },
	{ "**", "/a", true },      { "/a?", "/ab", false },    { "", "/a", false },
	{ "[a]", "a", false },
};

START_TEST(test_pattern)
{
	ck_assert_int_eq(events_path_matches(patterns[_i].pattern, patterns[_i].path,
					     strlen(patterns[_i].path)), patterns[_i].matches);
}
END_TEST

START_TEST(test_differs)
{
	char what[128];

	ck_assert(!canary_differs("a 1\nb 2\n", "a 1\nb 2\n", what, sizeof(what)));
	ck_assert(canary_differs("a 1\nb 2\n", "a 1\nb 3\n", what, sizeof(what)));
	ck_assert_str_eq(what, "b");
	ck_assert(canary_differs("a 1\nb 2\n", "a 1\n", what, sizeof(what)));
	ck_assert_str_eq(what, "b");
	ck_assert(canary_differs("a 1\n", "a 1\nnew 2\n", what, sizeof(what)));
	ck_assert_str_eq(what, "new");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("corpus events");
	TCase *tcase = tcase_create("events");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, test_read);
	tcase_add_loop_test(tcase, test_broken, 0, ARRAY_SIZE(broken));
	tcase_add_test(tcase, test_nul_and_no_file);
	tcase_add_loop_test(tcase, test_meet, 0, ARRAY_SIZE(meetings));
	tcase_add_test(tcase, test_refusal);
	tcase_add_loop_test(tcase, test_pattern, 0, ARRAY_SIZE(patterns));
	tcase_add_test(tcase, test_differs);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
