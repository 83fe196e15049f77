/* SPDX-License-Identifier: Apache-2.0 */
/* test_query.c: which events a filter means, and what it says of mistakes. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "tests/support/reading.h"
#include "tests/support/suite.h"
#include "tracer/events/query.h"

/* a: a write refused; b: a read that failed; c: a socket; d: a rename; e: a limit; f: odd bytes. */
static const char *const events[] = {
	"{\"type\":\"call\",\"n\":1,\"pid\":100,\"call\":\"openat\",\"class\":\"write\",\"verdict\":"
	"\"deny\",\"errno\":13,\"error\":\"EACCES\",\"path\":\"/home/ann/.ssh/config\",\"raw\":"
	"\"../.ssh/config\",\"flags\":\"O_WRONLY|O_CREAT\",\"reason\":\"no rule allows it\","
	"\"where\":\"/home/ann/etl.py:47 in Saver.save()\",\"python\":[{\"file\":\"/home/ann/etl.py\","
	"\"line\":47,\"function\":\"Saver.save\",\"user\":true}]}",
	"{\"type\":\"call\",\"n\":2,\"pid\":100,\"call\":\"openat\",\"class\":\"read\",\"verdict\":"
	"\"error\",\"errno\":2,\"error\":\"ENOENT\",\"path\":\"/etc/extra.toml\",\"flags\":"
	"\"O_RDONLY\",\"rule\":\"allow read /etc\",\"source\":\"my.policy:4\",\"python\":[{\"file\":"
	"\"config.py\",\"line\":7,\"function\":\"<module>\",\"user\":true}]}",
	"{\"type\":\"call\",\"n\":3,\"pid\":101,\"call\":\"socket\",\"class\":\"net\",\"verdict\":"
	"\"allow\",\"errno\":0,\"error\":null,\"path\":null,\"host\":\"203.0.113.9:443\"}",
	"{\"type\":\"call\",\"n\":4,\"pid\":101,\"call\":\"rename\",\"class\":\"delete\",\"verdict\":"
	"\"allow\",\"asked\":\"once\",\"errno\":0,\"path\":\"/tmp/a,b\",\"path2\":\"/tmp/new name\",\"python\":[{"
	"\"file\":\"/x/petl.py\",\"line\":470,\"function\":\"save\"}]}",
	"{\"type\":\"limit\",\"n\":5,\"pid\":100,\"call\":null,\"class\":null,\"verdict\":null,"
	"\"errno\":0,\"reason\":\"time\"}",
	"{\"type\":\"call\",\"n\":6,\"pid\":1010,\"call\":\"execve\",\"class\":\"exec\",\"verdict\":"
	"\"kill\",\"errno\":1,\"path\":\"/tmp/\\u001b[31m\\ufffd!=x\","
	"\"path_hex\":\"2f746d702f1b5b33316de9213d78\",\"flags\":\"\"}",
};

static const struct {
	const char *text, *meant;
} filters[] = {
	{ "", "abcdef" },
	{ "   ", "abcdef" },
	/* each key, equal and in part */
	{ "call=openat", "ab" },
	{ "call=open", "" },
	{ "call~open", "ab" },
	{ "call=socket,rename", "cd" },
	{ "group=file", "abd" },
	{ "group=net", "c" },
	{ "group=proc", "f" },
	{ "group=write", "a" },
	{ "group=write,delete", "ad" },
	{ "group=FILE", "abd" },
	{ "group~il", "abd" },
	{ "verdict=deny", "a" },
	{ "verdict=DENY", "a" },
	{ "verdict=deny,kill", "af" },
	{ "verdict=ask", "d" },
	{ "verdict=ask,deny", "ad" },
	{ "rule=allow\\ read\\ /etc", "b" },
	{ "rule=allow", "" },
	{ "rule~read", "b" },
	{ "verdict~l", "cdf" },
	{ "path=/etc/extra.toml", "b" },
	{ "path=/etc", "" },
	{ "path~/etc", "b" },
	{ "path=/tmp/new\\ name", "d" },
	{ "path=/tmp/a\\,b", "d" },
	{ "path=../.ssh/config", "" },
	{ "path~../.ssh", "a" },
	{ "path~/tmp", "df" },
	{ "path=/tmp/\\x1b[31m\\xe9!=x", "f" },
	{ "path~\\u{1b}[", "f" },
	{ "host=203.0.113.9:443", "c" },
	{ "host~203.", "c" },
	{ "pid=100", "abe" },
	{ "pid=101", "cd" },
	{ "pid~10", "abcdef" },
	{ "pid~01", "cdf" },
	{ "line=47", "a" },
	{ "line=etl.py:47", "a" },
	{ "line=/home/ann/etl.py:47", "a" },
	{ "line=ann/etl.py:47", "a" },
	{ "line=tl.py:47", "" },
	{ "line=etl.py", "a" },
	{ "line=etl.py:4", "" },
	{ "line=config.py:7", "b" },
	{ "line=:47", "" },
	{ "line~etl.py", "ad" },
	{ "line~etl.py:47", "ad" },
	{ "line~l.py:4", "ad" },
	{ "line~47", "ad" },
	{ "func=save", "ad" },
	{ "func=Saver.save", "a" },
	{ "func=ave", "" },
	{ "func=<module>", "b" },
	{ "func~ave", "ad" },
	{ "errno=EACCES", "a" },
	{ "errno=eacces", "a" },
	{ "errno=13", "a" },
	{ "errno=0", "cd" },
	{ "errno=EPERM", "f" },
	{ "errno~EA", "a" },
	{ "errno=13,ENOENT", "ab" },
	/* not, and, or */
	{ "!call=openat", "cdef" },
	{ "!call=openat,socket", "def" },
	{ "call=openat !verdict=deny", "b" },
	{ "  call=openat   verdict=deny  ", "a" },
	{ "call=openat verdict=kill", "" },
	{ "!call=openat !call=socket !call=rename", "ef" },
	/* bare words */
	{ "openat", "ab" },
	{ "!openat", "cdef" },
	{ "O_CREAT", "a" },
	{ "my.policy", "b" },
	{ "ENOENT", "b" },
	{ "no rule", "a" },
	{ "no\\ rule", "a" },
	{ "limit", "e" },
	{ "time", "e" },
	{ "101", "cd" },
	{ "10", "" },
	{ "etl.py:47", "ad" },
	{ "Saver", "a" },
	{ "socket,rename", "cd" },
	{ "203.0", "c" },
	{ "/tmp/a\\,b", "d" },
	{ "~", "" },
	{ "\\!=x", "f" },
	{ "[31m\\xe9\\!=x", "f" },
	{ "/tmp/x=y", "" },
	{ "\\=x", "f" },
	{ "../.ssh", "a" },
};

START_TEST(who_is_meant)
{
	struct query *query = NULL;
	struct fault fault;
	char meant[16] = "";

	ck_assert_msg(query_parse(filters[_i].text, &query, &fault) == 0, "%s: %s",
		      filters[_i].text, fault.text);
	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		if (query_matches(query, reading_event(events[i])))
			meant[strlen(meant)] = (char)('a' + i);
	}
	query_free(query);
	ck_assert_msg(!strcmp(meant, filters[_i].meant), "\"%s\" means \"%s\", not \"%s\"",
		      filters[_i].text, meant, filters[_i].meant);
}
END_TEST

static const struct {
	const char *text;
	unsigned column;
	const char *problem, *cure;
} mistakes[] = {
	{ "foo=1", 1, "unknown key",
	  "keys: call group verdict path host pid line func errno rule" },
	{ "call=openat Path=x", 13, "unknown key", "keys: call" },
	{ "!class=x", 2, "unknown key", "keys: call" },
	{ "calls~x", 1, "unknown key", "keys: call" },
	{ "verdict=alow", 9, "unknown verdict", "allow deny kill error hide view fake scratch ask" },
	{ "verdict=deny,x", 14, "unknown verdict", "allow deny" },
	{ "group=files", 7, "unknown group", "file desc mem" },
	{ "errno=EACESS", 7, "unknown errno", "EACCES" },
	{ "pid=4x", 5, "a pid is a number", "pid=4711" },
	{ "path=", 6, "a value is missing here", "key=value" },
	{ "path= x", 6, "a value is missing here", "" },
	{ "path=a,,b", 8, "a value is missing here", "" },
	{ "path=a,", 8, "a value is missing here", "" },
	{ "!", 2, "a value is missing here", "!word" },
	{ "a !", 4, "a value is missing here", "" },
	{ ",", 1, "a value is missing here", "" },
	{ "call!=openat", 1, "! stands before the key", "!key=value" },
	{ "path=a\\", 7, "not an escape", "\\xNN" },
	{ "path=a\\q", 7, "not an escape", "" },
	{ "path=\\x00", 6, "not an escape", "" },
	{ "path=\\x4", 6, "not an escape", "" },
	{ "path=\\xZZ", 6, "not an escape", "" },
	{ "path=\\u{}", 6, "not an escape", "" },
	{ "path=\\u{110000}", 6, "not an escape", "" },
	{ "path=\\u12", 6, "not an escape", "" },
};

START_TEST(mistakes_are_named)
{
	struct query *query = NULL;
	struct fault fault;

	ck_assert_int_eq(query_parse(mistakes[_i].text, &query, &fault), -EINVAL);
	ck_assert_ptr_null(query);
	ck_assert_str_eq(fault.text, mistakes[_i].problem);
	ck_assert_uint_eq(fault.column, mistakes[_i].column);
	ck_assert_str_eq(fault.quote, mistakes[_i].text);
	ck_assert_ptr_nonnull(strstr(fault.cure, mistakes[_i].cure));
}
END_TEST

START_TEST(it_is_bounded)
{
	static char text[QUERY_TEXT_MAX + 2];
	struct query *query = NULL;
	struct fault fault;

	for (size_t i = 0; i < QUERY_TERMS_MAX; i++)
		strcpy(text + 2 * i, "a,");
	text[2 * QUERY_TERMS_MAX - 1] = '\0';
	ck_assert_int_eq(query_parse(text, &query, &fault), 0);
	query_free(query);
	strcat(text, ",a");
	ck_assert_int_eq(query_parse(text, &query, &fault), -EINVAL);
	ck_assert_str_eq(fault.text, "too many values");
	ck_assert_uint_eq(fault.column, 2 * QUERY_TERMS_MAX + 1);
	memset(text, 'a', QUERY_TEXT_MAX);
	text[QUERY_TEXT_MAX] = '\0';
	ck_assert_int_eq(query_parse(text, &query, &fault), 0);
	query_free(query);
	strcat(text, "a");
	ck_assert_int_eq(query_parse(text, &query, &fault), -EINVAL);
	ck_assert_str_eq(fault.text, "too long");
}
END_TEST

/* What is shown of a path is a filter that means it, but for blanks and commas. */
static void check_shown(const char *path)
{
	struct read_event event = { .event = { .kind = EVENT_CALL, .path = path } };
	char shown[64], text[80];
	struct query *query = NULL;
	struct fault fault;

	text_show_string(shown, sizeof(shown), path);
	snprintf(text, sizeof(text), "path=%s", shown);
	ck_assert_int_eq(query_parse(text, &query, &fault), 0);
	ck_assert_msg(query_matches(query, &event), "%s", text);
	event.event.path = "/other";
	ck_assert(!query_matches(query, &event));
	query_free(query);
}

START_TEST(what_is_shown_can_be_asked)
{
	static const char *const longer[] = {
		"/a\xc2\x85z", "/\xe2\x80\xae.txt", "/\xf3\xa0\x81\x81", "/\xef\xbb\xbf", "\\n\n\\x41",
	};

	for (int byte = 1; byte < 256; byte++) {
		if (byte != ' ' && byte != ',')
			check_shown((char[]){ (char)byte, '\0' });
	}
	for (size_t i = 0; i < ARRAY_SIZE(longer); i++)
		check_shown(longer[i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("query");
	TCase *tcase = tcase_create("query");

	tcase_add_loop_test(tcase, who_is_meant, 0, ARRAY_SIZE(filters));
	tcase_add_loop_test(tcase, mistakes_are_named, 0, ARRAY_SIZE(mistakes));
	tcase_add_test(tcase, it_is_bounded);
	tcase_add_test(tcase, what_is_shown_can_be_asked);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
