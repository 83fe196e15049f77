/* SPDX-License-Identifier: Apache-2.0 */
/* test_human.c: each form of message, and what is said once. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/said.h"
#include "tests/support/suite.h"
#include "tracer/events/seen.h"

#define REFUSED_AS(words) .kind = EVENT_CALL, .call = "openat", .class = CLASS_WRITE, \
		.outcome = OUTCOME_DENY, .error = EACCES, .action = words
#define REFUSED REFUSED_AS("write")

struct golden {
	const char *name;
	enum human_level level;
	bool has_color;
	struct event event;
	const char *text;
};

static const struct golden goldens[] = {
	{ "a refused write", HUMAN_NORMAL, false,
	  { REFUSED, .path = "/tmp/FILE", .effects = "create, truncate",
	    .where = "demo.py:3 in save()" },
	  "pyjail: denied  write /tmp/FILE (create, truncate)          EACCES\n"
	  "        at demo.py:3 in save()\n"
	  "        allow with  --allow-write=/tmp/FILE\n" },
	{ "a place that is not known", HUMAN_NORMAL, false,
	  { REFUSED, .path = "/tmp/FILE" },
	  "pyjail: denied  write /tmp/FILE                             EACCES\n"
	  "        allow with  --allow-write=/tmp/FILE\n" },
	{ "colour", HUMAN_NORMAL, true,
	  { REFUSED, .path = "/tmp/FILE", .where = "<string>:1" },
	  "pyjail: \x1b[1;31mdenied\x1b[0m  write /tmp/FILE                             EACCES\n"
	  "        at <string>:1\n"
	  "        \x1b[2mallow with  --allow-write=/tmp/FILE\x1b[0m\n" },
	{ "the policy's own words for no rule", HUMAN_NORMAL, false,
	  { REFUSED, .path = "/tmp/FILE", .reason = "no rule allows it" },
	  "pyjail: denied  write /tmp/FILE                             EACCES\n"
	  "        allow with  --allow-write=/tmp/FILE\n" },
	{ "a rule of the default policy", HUMAN_NORMAL, false,
	  { REFUSED, .path = "/etc/x", .rule = "deny write /etc", .source = "default.policy:9" },
	  "pyjail: denied  write /etc/x                                EACCES\n"
	  "        allow with  --allow-write=/etc/x\n" },
	{ "a rule of the user", HUMAN_NORMAL, false,
	  { REFUSED, .path = "/x", .rule = "deny write /x", .source = "policy.txt:3",
	    .rule_is_users = true },
	  "pyjail: denied  write /x                                    EACCES\n"
	  "        refused by  deny write /x (policy.txt:3)\n" },
	{ "a rule with escapes is quoted as it stands", HUMAN_NORMAL, false,
	  { REFUSED, .path = "/a b", .rule = "deny write /a\\x20b", .rule_is_users = true },
	  "pyjail: denied  write /a b                                  EACCES\n"
	  "        refused by  deny write /a\\x20b\n" },
	{ "a reason that is no rule", HUMAN_NORMAL, false,
	  { REFUSED, .path = "/x", .reason = "the path is not known" },
	  "pyjail: denied  write /x                                    EACCES\n"
	  "        because the path is not known\n" },
	{ "no path", HUMAN_NORMAL, false,
	  { REFUSED },
	  "pyjail: denied  write                                       EACCES\n"
	  "        no flag allows this\n" },
	{ "rename", HUMAN_NORMAL, false,
	  { .call = "rename", .class = CLASS_DELETE, .outcome = OUTCOME_DENY, .error = EACCES,
	    .action = "rename", .path = "/a", .path2 = "/b" },
	  "pyjail: denied  rename /a to /b                             EACCES\n"
	  "        allow with  --allow-delete=/a\n" },
	{ "exec", HUMAN_NORMAL, false,
	  { .call = "execve", .class = CLASS_EXEC, .outcome = OUTCOME_DENY, .error = EACCES,
	    .action = "run", .path = "/bin/sh" },
	  "pyjail: denied  run /bin/sh                                 EACCES\n"
	  "        allow with  --allow-exec=/bin/sh\n" },
	{ "net", HUMAN_NORMAL, false,
	  { .call = "connect", .class = CLASS_NET, .outcome = OUTCOME_DENY, .error = EPERM,
	    .action = "connect 192.0.2.1:80", .reason = "no rule allows it" },
	  "pyjail: denied  connect 192.0.2.1:80                        EPERM\n"
	  "        allow with  --allow-net\n" },
	{ "a signal", HUMAN_NORMAL, false,
	  { .call = "kill", .class = CLASS_SIGNAL, .outcome = OUTCOME_DENY, .error = EPERM,
	    .action = "send signal 9 to process 1", .reason = "no rule can allow it" },
	  "pyjail: denied  send signal 9 to process 1                  EPERM\n"
	  "        no flag allows this\n" },
	{ "a system call with a reason", HUMAN_NORMAL, false,
	  { .call = "ptrace", .class = CLASS_PROCESS, .outcome = OUTCOME_DENY, .error = EPERM,
	    .action = "debug another process", .reason = "it would blind the tracer" },
	  "pyjail: denied  debug another process                       EPERM\n"
	  "        no flag allows this: it would blind the tracer\n" },
	{ "kill", HUMAN_NORMAL, false,
	  { .call = "openat", .class = CLASS_WRITE, .outcome = OUTCOME_KILL, .action = "write",
	    .path = "/x", .rule = "kill write /x", .source = "p:1", .rule_is_users = true },
	  "pyjail: killed  write /x\n"
	  "        killed by  kill write /x (p:1)\n" },
	{ "a limit", HUMAN_NORMAL, false,
	  { .kind = EVENT_LIMIT, .class = CLASS_SYSTEM, .outcome = OUTCOME_KILL, .call = "",
	    .action = "", .reason = "memory" },
	  "pyjail: limit reached  memory\n" },
	{ "a limit in colour", HUMAN_NORMAL, true,
	  { .kind = EVENT_LIMIT, .reason = "time" },
	  "pyjail: \x1b[1;31mlimit reached\x1b[0m  time\n" },
	{ "a note", HUMAN_NORMAL, true,
	  { .kind = EVENT_NOTE, .reason = "Landlock is off" },
	  "pyjail: note  Landlock is off\n" },
	{ "quiet says nothing", HUMAN_QUIET, false, { REFUSED, .path = "/x" }, "" },
	{ "quiet says nothing of limits", HUMAN_QUIET, false,
	  { .kind = EVENT_LIMIT, .reason = "time" }, "" },
	{ "allowed is not said", HUMAN_NORMAL, false,
	  { .call = "openat", .class = CLASS_READ, .action = "read", .path = "/x" }, "" },
	{ "allowed, verbose", HUMAN_VERBOSE, true,
	  { .call = "openat", .class = CLASS_READ, .action = "read", .path = "/x" },
	  "pyjail: allowed  read /x\n" },
	{ "allowed but failed, verbose", HUMAN_VERBOSE, false,
	  { .call = "openat", .class = CLASS_READ, .action = "read", .path = "/x", .error = EIO },
	  "pyjail: allowed  read /x                                    EIO\n" },
	{ "the system's answer is not said", HUMAN_NORMAL, false,
	  { .call = "openat", .class = CLASS_READ, .action = "read", .path = "/x",
	    .outcome = OUTCOME_ERROR, .error = ENOENT }, "" },
	{ "the system's answer, verbose", HUMAN_VERBOSE, false,
	  { .call = "openat", .class = CLASS_READ, .action = "read", .path = "/x",
	    .outcome = OUTCOME_ERROR, .error = ENOENT },
	  "pyjail: failed  read /x                                     ENOENT\n" },
	{ "a probe is not said", HUMAN_NORMAL, false,
	  { REFUSED, .path = "/x", .is_probe = true }, "" },
	{ "a probe, verbose", HUMAN_VERBOSE, false,
	  { REFUSED, .path = "/x", .is_probe = true },
	  "pyjail: denied  write /x (only asked)                       EACCES\n" },
	{ "hostile bytes", HUMAN_NORMAL, false,
	  { REFUSED_AS("wri\rte"), .path = "/tmp/\x1b[2J\n\xe2\x80\xae\xff",
	    .where = "evil\n.py:1" },
	  "pyjail: denied  wri\\rte /tmp/\\x1b[2J\\n\\u{202e}\\xff          EACCES\n"
	  "        at evil\\n.py:1\n"
	  "        allow with  a policy line: allow write "
	  "/tmp/\\x1b[2J\\n\\xe2\\x80\\xae\\xff\n" },
	{ "hostile rule, source and reason", HUMAN_NORMAL, false,
	  { REFUSED, .path = "/x", .rule = "deny\x1b", .source = "\x9b", .rule_is_users = true },
	  "pyjail: denied  write /x                                    EACCES\n"
	  "        refused by  deny\\x1b (\\x9b)\n" },
	{ "hostile reason", HUMAN_NORMAL, false,
	  { REFUSED, .path = "/x", .reason = "a\x07\\" },
	  "pyjail: denied  write /x                                    EACCES\n"
	  "        because a\\x07\\\\\n" },
	{ "columns are characters", HUMAN_NORMAL, false,
	  { REFUSED, .path = "/tmp/\xc3\xa9t\xc3\xa9" },
	  "pyjail: denied  write /tmp/\xc3\xa9t\xc3\xa9                              EACCES\n"
	  "        allow with  --allow-write=/tmp/\xc3\xa9t\xc3\xa9\n" },
	{ "exactly to the column", HUMAN_NORMAL, false,
	  { REFUSED, .path = "/45678901234567890123456789012345678" },
	  "pyjail: denied  write /45678901234567890123456789012345678  EACCES\n"
	  "        allow with  --allow-write=/45678901234567890123456789012345678\n" },
	{ "past the column", HUMAN_NORMAL, false,
	  { REFUSED, .path = "/4567890123456789012345678901234567890123" },
	  "pyjail: denied  write /4567890123456789012345678901234567890123  EACCES\n"
	  "        allow with  --allow-write=/4567890123456789012345678901234567890123\n" },
};

START_TEST(golden)
{
	const struct golden *row = &goldens[_i];
	struct said said;

	said_open(&said, row->level, row->has_color);
	said.sink->ops->put(said.sink, &row->event);
	said_close(&said);
	ck_assert_msg(strcmp(said_text(&said), row->text) == 0, "%s:\n%s", row->name,
		      said_text(&said));
	free(said.text);
}
END_TEST

START_TEST(said_once)
{
	const struct event note = { .kind = EVENT_NOTE, .reason = "n" };
	struct event event = { REFUSED, .path = "/a" };
	struct said said;

	said_open(&said, HUMAN_NORMAL, false);
	for (int i = 0; i < 5; i++)
		said.sink->ops->put(said.sink, &event);
	event.path = "/b";
	said.sink->ops->put(said.sink, &event);
	event.call = "truncate";
	said.sink->ops->put(said.sink, &event);
	event.class = CLASS_READ;
	said.sink->ops->put(said.sink, &event);
	event.path = NULL;
	said.sink->ops->put(said.sink, &event);
	said.sink->ops->put(said.sink, &event);
	for (int i = 0; i < 3; i++)
		said.sink->ops->put(said.sink, &note);
	said_close(&said);
	ck_assert_uint_eq(said_count(said_text(&said), "pyjail: denied"), 5);
	ck_assert_uint_eq(said_count(said_text(&said), "pyjail: note  n\n"), 1);
	ck_assert_uint_eq(said.length, strlen(said_text(&said)));
	ck_assert_ptr_null(strstr(said_text(&said), "not shown"));
	free(said.text);
}
END_TEST

START_TEST(verbose_says_each)
{
	struct event event = { REFUSED, .path = "/a" };
	struct said said;

	said_open(&said, HUMAN_VERBOSE, false);
	for (int i = 0; i < 3; i++) {
		event.outcome = OUTCOME_ALLOW;
		event.error = 0;
		said.sink->ops->put(said.sink, &event);
		event.outcome = OUTCOME_DENY;
		said.sink->ops->put(said.sink, &event);
	}
	said_close(&said);
	ck_assert_uint_eq(said_count(said_text(&said), "pyjail: allowed  write /a\n"), 3);
	ck_assert_uint_eq(said_count(said_text(&said), "pyjail: denied"), 1);
	free(said.text);
}
END_TEST

START_TEST(too_many_are_counted)
{
	struct event event = { REFUSED };
	struct said said;
	char path[64];

	event.path = path;
	said_open(&said, HUMAN_NORMAL, false);
	for (int i = 0; i < SEEN_KEYS_MAX + 123; i++) {
		snprintf(path, sizeof(path), "/tmp/%d", i);
		said.sink->ops->put(said.sink, &event);
		if (i % 100 == 0)
			said_drain(&said);
	}
	/* known ones stay known */
	strcpy(path, "/tmp/5");
	said.sink->ops->put(said.sink, &event);
	said_drain(&said);
	said_close(&said);
	ck_assert_uint_eq(said_count(said_text(&said), "pyjail: denied"), SEEN_KEYS_MAX);
	ck_assert_ptr_nonnull(strstr(said_text(&said), "\npyjail: 123 more refusals not shown\n"));
	ck_assert_ptr_null(strstr(said_text(&said), "messages lost"));
	free(said.text);
}
END_TEST

START_TEST(seen_is_bounded)
{
	static char key[SEEN_KEY_MAX + 10];
	enum seen_answer answer = SEEN_NEW;
	struct seen *seen;
	size_t count = 0;

	ck_assert_int_eq(seen_new(&seen), 0);
	ck_assert_int_eq(seen_check(seen, "", 0), SEEN_NEW);
	ck_assert_int_eq(seen_check(seen, "", 0), SEEN_BEFORE);
	ck_assert_int_eq(seen_check(seen, "a\0b", 3), SEEN_NEW);
	ck_assert_int_eq(seen_check(seen, "a\0c", 3), SEEN_NEW);
	ck_assert_int_eq(seen_check(seen, "a\0b", 3), SEEN_BEFORE);
	while (answer == SEEN_NEW) {
		memcpy(key, &count, sizeof(count));
		answer = seen_check(seen, key, sizeof(key));
		count++;
	}
	ck_assert_int_eq(answer, SEEN_FULL);
	ck_assert_uint_lt(count, SEEN_BYTES_MAX / SEEN_KEY_MAX + 2);
	ck_assert_uint_gt(count, SEEN_BYTES_MAX / SEEN_KEY_MAX - 10);
	ck_assert_int_eq(seen_check(seen, "a\0b", 3), SEEN_BEFORE);
	seen_free(seen);
	seen_free(NULL);
}
END_TEST

START_TEST(longest_message_is_whole)
{
	static char path[4097], other[4097];
	struct event event = { REFUSED, .path = path, .path2 = other, .where = other,
			       .rule = other, .source = other, .rule_is_users = true };
	struct said said;

	memset(path, '\x1b', sizeof(path) - 1);
	memset(other, 'o', sizeof(other) - 1);
	event.action = event.effects = other;
	said_open(&said, HUMAN_NORMAL, true);
	said.sink->ops->put(said.sink, &event);
	event.rule_is_users = false;
	event.rule = NULL;
	event.call = "creat";
	said.sink->ops->put(said.sink, &event);
	said_close(&said);
	said_check_lines(said.text);
	ck_assert_uint_eq(said_count(said.text, "\n"), 6);
	ck_assert_uint_eq(said_count(said.text, "EACCES\n"), 2);
	ck_assert_ptr_nonnull(strstr(said.text, "no rule is long enough to name this path"));
	free(said.text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("human");
	TCase *tcase = tcase_create("words");

	tcase_add_loop_test(tcase, golden, 0, ARRAY_SIZE(goldens));
	tcase_add_test(tcase, said_once);
	tcase_add_test(tcase, verbose_says_each);
	tcase_add_test(tcase, too_many_are_counted);
	tcase_add_test(tcase, seen_is_bounded);
	tcase_add_test(tcase, longest_message_is_whole);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
