/* SPDX-License-Identifier: Apache-2.0 */
/* test_human_source.c: where a refusal came from, in words: the line itself, and the way there. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/said.h"
#include "tests/support/suite.h"
#include "tracer/events/stack.h"

#define REFUSED .kind = EVENT_CALL, .call = "openat", .class = CLASS_WRITE, \
		.outcome = OUTCOME_DENY, .error = EACCES, .action = "write"
#define HEAD "pyjail: denied  write /x                                    EACCES\n"
#define FOOT "        allow with  --allow-write=/x\n"

/* What the source of lines was asked, and what it answers. */
static struct {
	const char *text;        /* NULL: it cannot be had */
	const char *file;
	int line, asked;
} lines;

static int answer(void *data, const char *file, int line, char *out, size_t size)
{
	ck_assert_ptr_eq(data, &lines);
	ck_assert_uint_eq(size, HUMAN_SOURCE_MAX);
	lines.file = file;
	lines.line = line;
	lines.asked++;
	if (!lines.text)
		return -EACCES;
	snprintf(out, size, "%s", lines.text);
	return 0;
}

static const struct human_source source = { answer, &lines, "/work" };

static struct said *say(enum human_level level, bool has_color, const struct event *events,
			size_t count)
{
	static struct said said;

	said_open(&said, level, has_color);
	human_show_source(said.sink, &source);
	for (size_t i = 0; i < count; i++)
		said.sink->ops->put(said.sink, &events[i]);
	said_close(&said);
	return &said;
}

static void check_said(enum human_level level, bool has_color, const struct event *event,
		       const char *text)
{
	struct said *said = say(level, has_color, event, 1);

	ck_assert_str_eq(said_text(said), text);
	free(said->text);
}

struct row {
	const char *name;
	const char *where, *file;
	int line;
	const char *text;        /* of the line; NULL: not to be had */
	const char *said;        /* the second line */
};

static const struct row rows[] = {
	{ "the line in its column", "demo.py:3 in save()", "demo.py", 3, "open('/x', 'w')",
	  "        at demo.py:3 in save()      open('/x', 'w')\n" },
	{ "up to the column", "1234567890123456789:3", "x", 3, "f()",
	  "        at 1234567890123456789:3    f()\n" },
	{ "too near to the column", "123456789012345678901:3", "x", 3, "f()",
	  "        at 123456789012345678901:3   f()\n" },
	{ "past the column", "a/long/name/of/a/file.py:1234 in a_function()", "x", 3, "f()",
	  "        at a/long/name/of/a/file.py:1234 in a_function()   f()\n" },
	{ "a line that cannot be had", "demo.py:3", "demo.py", 3, NULL, "        at demo.py:3\n" },
	{ "below the current folder", "/work/demo.py:3", "/work/demo.py", 3, "f()",
	  "        at demo.py:3                f()\n" },
	{ "below a folder whose name begins alike", "/works/demo.py:3", "/works/demo.py", 3, NULL,
	  "        at /works/demo.py:3\n" },
	{ "the current folder itself", "/work", "/work", 3, NULL, "        at /work\n" },
	{ "a hostile line", "demo.py:3", "demo.py", 3, "x = '\x1b[2J\xff\xe2\x80\xae'",
	  "        at demo.py:3                x = '\\x1b[2J\\xff\\u{202e}'\n" },
	{ "a hostile place", "a\x1b[31m\nb.py:3", "x", 3, "f()",
	  "        at a\\x1b[31m\\nb.py:3        f()\n" },
	{ "columns are characters", "\xc3\xa9\xc3\xa9\xc3\xa9.py:3", "x", 3, "f()",
	  "        at \xc3\xa9\xc3\xa9\xc3\xa9.py:3                 f()\n" },
};

static struct event event_of(const char *where, const struct stack *stack)
{
	return (struct event){ REFUSED, .path = "/x", .where = where, .stack = stack };
}

START_TEST(beside_the_place)
{
	const struct row *row = &rows[_i];
	struct python_frame frame = { row->file, "f", row->line, false };
	struct stack stack = { .python = &frame, .python_count = 1 };
	struct event event = event_of(row->where, &stack);
	char text[1024];

	lines.text = row->text;
	snprintf(text, sizeof(text), HEAD "%s" FOOT, row->said);
	check_said(HUMAN_NORMAL, false, &event, text);
	ck_assert_int_eq(lines.asked, 1);
	/* Asked by the name that Python knows. */
	ck_assert_str_eq(lines.file, row->file);
	ck_assert_int_eq(lines.line, row->line);
}
END_TEST

START_TEST(in_colour)
{
	struct python_frame frame = { "demo.py", "f", 3, false };
	struct stack stack = { .python = &frame, .python_count = 1 };
	struct event event = event_of("demo.py:3", &stack);

	lines.text = "f()";
	check_said(HUMAN_NORMAL, true, &event,
		   "pyjail: \x1b[1;31mdenied\x1b[0m  write /x"
		   "                                    EACCES\n"
		   "        at demo.py:3                \x1b[2mf()\x1b[0m\n"
		   "        \x1b[2mallow with  --allow-write=/x\x1b[0m\n");
}
END_TEST

/* No line, no frame, or the user's frame rather than the innermost. */
START_TEST(which_line_is_asked_for)
{
	struct python_frame frames[2] = { { "/lib/a.py", "g", 7, true }, { "b.py", "f", 9, false } };
	struct stack stack = { .python = frames, .python_count = 2, .user = 1 };
	struct event event = event_of("b.py:9 in f()", &stack);

	lines.text = "text";
	check_said(HUMAN_NORMAL, false, &event, HEAD
		   "        at b.py:9 in f()            text\n" FOOT);
	ck_assert_str_eq(lines.file, "b.py");
	ck_assert_int_eq(lines.line, 9);
	lines.asked = 0;
	frames[1].line = 0;
	check_said(HUMAN_NORMAL, false, &event, HEAD "        at b.py:9 in f()\n" FOOT);
	event.stack = NULL;
	check_said(HUMAN_NORMAL, false, &event, HEAD "        at b.py:9 in f()\n" FOOT);
	stack.python_count = 0;
	event.stack = &stack;
	event.where = NULL;
	check_said(HUMAN_NORMAL, false, &event, HEAD FOOT);
	ck_assert_int_eq(lines.asked, 0);
}
END_TEST

START_TEST(once_for_each_line_and_path)
{
	struct event events[8];
	struct said *said;

	for (int i = 0; i < 8; i++)
		events[i] = event_of(i % 2 ? "a.py:1" : "a.py:2", NULL);
	events[6].path = events[7].path = "/y";
	events[5].where = NULL;
	said = say(HUMAN_NORMAL, false, events, 8);
	ck_assert_uint_eq(said_count(said_text(said), "denied"), 5);
	ck_assert_uint_eq(said_count(said_text(said), "write /x  "), 3);
	ck_assert_uint_eq(said_count(said_text(said), "at a.py:1\n"), 2);
	free(said->text);
}
END_TEST

static struct python_frame many[40];

static struct stack deep(unsigned count, const char *file)
{
	static char names[40][16];

	for (unsigned i = 0; i < count; i++) {
		snprintf(names[i], sizeof(names[i]), "f%u", i);
		many[i] = (struct python_frame){ file, names[i], (int)i + 1, false };
	}
	return (struct stack){ .python = many, .python_count = count };
}

START_TEST(callers_when_verbose)
{
	struct stack stack = deep(3, "/work/a.py");
	struct event event = event_of("/work/a.py:1 in f0()", &stack);

	lines.text = NULL;
	check_said(HUMAN_NORMAL, false, &event, HEAD "        at a.py:1 in f0()\n" FOOT);
	check_said(HUMAN_VERBOSE, false, &event, HEAD
		   "        at a.py:1 in f0()\n"
		   "            a.py:1 in f0\n"
		   "            a.py:2 in f1\n"
		   "            a.py:3 in f2\n" FOOT);
	stack = deep(1, "a.py");
	check_said(HUMAN_VERBOSE, false, &event, HEAD "        at a.py:1 in f0()\n" FOOT);
}
END_TEST

START_TEST(long_ways_are_cut_in_the_middle)
{
	struct stack stack = deep(40, "a.py");
	struct event event = event_of("a.py:1", &stack);
	struct said *said = say(HUMAN_VERBOSE, false, &event, 1);

	ck_assert_ptr_nonnull(strstr(said_text(said), "a.py:8 in f7\n"
				     "            ... 24 frames\n"
				     "            a.py:33 in f32\n"));
	ck_assert_uint_eq(said_count(said_text(said), "\n"), 2 + 17 + 1);
	free(said->text);
	stack = deep(16, "a.py");
	said = say(HUMAN_VERBOSE, false, &event, 1);
	ck_assert_ptr_null(strstr(said_text(said), "..."));
	ck_assert_uint_eq(said_count(said_text(said), "\n"), 2 + 16 + 1);
	free(said->text);
}
END_TEST

/* Names as long as a script likes: the message still ends as it should. */
START_TEST(huge_names)
{
	static char name[8192];
	struct stack stack = deep(16, name);
	struct event event = event_of(name, &stack);
	struct said *said;

	memset(name, '\x1b', sizeof(name) - 1);
	for (unsigned i = 0; i < 16; i++)
		many[i].function = name;
	lines.text = name;
	event.path = event.path2 = event.effects = event.action = name;
	said = say(HUMAN_VERBOSE, true, &event, 1);
	said_check_lines(said_text(said));
	ck_assert_uint_eq(said_count(said_text(said), "\n"), 2 + 16 + 1);
	ck_assert_ptr_nonnull(strstr(said_text(said), "no rule is long enough"));
	free(said->text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("human_source");
	TCase *tcase = tcase_create("places");

	tcase_add_loop_test(tcase, beside_the_place, 0, ARRAY_SIZE(rows));
	tcase_add_test(tcase, in_colour);
	tcase_add_test(tcase, which_line_is_asked_for);
	tcase_add_test(tcase, once_for_each_line_and_path);
	tcase_add_test(tcase, callers_when_verbose);
	tcase_add_test(tcase, long_ways_are_cut_in_the_middle);
	tcase_add_test(tcase, huge_names);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
