/* SPDX-License-Identifier: Apache-2.0 */
/* test_read.c: what is written is read; what nobody should write is survived, and said. */
#include <check.h>
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/reading.h"
#include "tests/support/record.h"
#include "tests/support/suite.h"
#include "tracer/events/lines.h"

/* What the sink writes of an event, read back. */
static const struct read_event *written(const struct event *event)
{
	int fd = record_new_file();
	struct sink *sink = record_new(dup(fd));
	static struct record_text text;
	const struct read_line *line;

	free(text.bytes);
	sink->ops->put(sink, event);
	ck_assert_int_eq(sink->ops->flush(sink, true), 0);
	sink->ops->close(sink);
	text = record_read_file(fd);
	close(fd);
	line = reading_last(text.bytes, text.length);
	ck_assert_int_eq(line->kind, READ_EVENT);
	return &line->event;
}

START_TEST(every_field_reads_back)
{
	struct event event = record_event;
	const struct read_event *read;

	event.path2 = "/other";
	event.parent = 99;
	event.host = "192.0.2.1:80";
	event.raw = "../FILE";
	event.rule = "deny write /tmp";
	event.source = "a.policy:3";
	event.reason = "because";
	event.where = "demo.py:3 in save()";
	event.is_probe = event.was_asked = true;
	event.asked = asked_name(ASKED_RUN);
	event.waited_us = 90000001;
	event.dur_us = 1234567890123;
	read = written(&event);
	ck_assert_uint_eq(read->event.n, 7);
	ck_assert_uint_eq(read->event.t_us, 1002003);
	ck_assert_int_eq(read->event.pid, 100);
	ck_assert_int_eq(read->event.tid, 101);
	ck_assert_int_eq(read->event.parent, 99);
	ck_assert_str_eq(read->host, event.host);
	ck_assert_str_eq(read->event.call, "openat");
	ck_assert_int_eq(read->event.class, CLASS_WRITE);
	ck_assert_str_eq(read->class_name, "write");
	ck_assert_int_eq(read->event.outcome, OUTCOME_DENY);
	ck_assert_str_eq(read->verdict, "deny");
	ck_assert_int_eq(read->event.error, EACCES);
	ck_assert_str_eq(read->error_name, "EACCES");
	ck_assert_str_eq(read->event.path, event.path);
	ck_assert_str_eq(read->event.path2, event.path2);
	ck_assert_str_eq(read->event.raw, event.raw);
	ck_assert_str_eq(read->event.flags, event.flags);
	ck_assert_str_eq(read->event.rule, event.rule);
	ck_assert_str_eq(read->event.source, event.source);
	ck_assert_str_eq(read->event.reason, event.reason);
	ck_assert_str_eq(read->event.where, event.where);
	ck_assert(read->event.is_probe && read->event.rule_is_users && read->event.was_asked);
	ck_assert_uint_eq(read->event.dur_us, event.dur_us);
	ck_assert_str_eq(read->event.asked, "run");
	ck_assert_uint_eq(read->event.waited_us, event.waited_us);
	ck_assert_str_eq(read->event.effects, event.effects);
	ck_assert_str_eq(read->event.action, "write");
	event.path = NULL;
	event.action = "connect 192.0.2.1:80";
	ck_assert_str_eq(written(&event)->event.action, event.action);
}
END_TEST

/* Bytes of every kind, in every key that carries bytes. */
START_TEST(bytes_are_exact)
{
	static const char *const names[] = {
		"/caf\xe9", "\xff\xfe", "/a\nb", "/\x1b[31m", "/\xe2\x80\xae.txt", "/\xf0\x9f\x98\x80",
		"/\xed\xa0\x80", "/\"\\/", "/a\xe9 b\xe9",
	};
	struct event event = record_event;
	const struct read_event *read;

	event.path = event.path2 = event.raw = event.rule = event.reason = event.where = names[_i];
	event.source = names[_i];
	read = written(&event);
	ck_assert_str_eq(read->event.path, names[_i]);
	ck_assert_str_eq(read->event.path2, names[_i]);
	ck_assert_str_eq(read->event.raw, names[_i]);
	ck_assert_str_eq(read->event.rule, names[_i]);
	ck_assert_str_eq(read->event.source, names[_i]);
	ck_assert_str_eq(read->event.reason, names[_i]);
	ck_assert_str_eq(read->event.where, names[_i]);
}
END_TEST

START_TEST(the_users_frame_is_the_line)
{
	const struct read_event *event = reading_event(
		"{\"type\":\"call\",\"python\":[{\"file\":\"/l.py\",\"line\":1,\"function\":\"lib\"},"
		"{\"file\":\"/u\\ufffd.py\",\"file_hex\":\"2f75e92e7079\",\"line\":7,"
		"\"function\":\"f\",\"user\":true},{\"file\":\"/m.py\",\"line\":9}]}");

	ck_assert_str_eq(event->file, "/u\xe9.py");
	ck_assert_int_eq(event->line, 7);
	ck_assert_str_eq(event->function, "f");
	event = reading_event("{\"type\":\"call\",\"python\":[{\"file\":\"/l.py\",\"line\":1}]}");
	ck_assert_str_eq(event->file, "/l.py");
	ck_assert_ptr_null(event->function);
	event = reading_event("{\"type\":\"call\",\"python\":[]}");
	ck_assert_ptr_null(event->file);
}
END_TEST

/* Missing, or of another type: as good as missing. */
static const char *const emptied[] = {
	"{\"type\":\"call\"}",
	"{\"type\":\"call\",\"n\":\"x\",\"t\":[],\"pid\":{},\"tid\":true,\"call\":5,\"class\":[],"
	"\"verdict\":null,\"errno\":\"13\",\"path\":7,\"path_hex\":8,\"flags\":{},\"rule\":false,"
	"\"python\":\"x\",\"probe\":1,\"host\":[],\"where\":0,\"error\":1}",
	"{\"type\":\"call\",\"n\":-1,\"t\":-0.5,\"pid\":99999999999,\"tid\":-99999999999,"
	"\"errno\":-13,\"path\":null,\"path_hex\":\"2f\",\"python\":[5]}",
	"{\"type\":\"call\",\"t\":1e300,\"unknown\":{\"a\":[1,2,{}]},\"\":0}",
};

START_TEST(every_key_is_optional)
{
	const struct read_event *event = reading_event(emptied[_i]);

	ck_assert_uint_eq(event->event.n, 0);
	ck_assert_uint_eq(event->event.t_us, 0);
	ck_assert_int_eq(event->event.pid, 0);
	ck_assert_int_eq(event->event.tid, 0);
	ck_assert_ptr_null(event->event.call);
	ck_assert_ptr_null(event->class_name);
	ck_assert_int_eq(event->event.class, CLASS_COUNT);
	ck_assert_ptr_null(event->verdict);
	ck_assert_int_eq(event->event.outcome, OUTCOME_COUNT);
	ck_assert_int_eq(event->event.error, 0);
	ck_assert_ptr_null(event->error_name);
	ck_assert_ptr_null(event->event.path);
	ck_assert_ptr_null(event->event.rule);
	ck_assert_ptr_null(event->event.where);
	ck_assert_ptr_null(event->file);
	ck_assert(!event->event.is_probe);
}
END_TEST

/* A _hex that is none leaves what the plain key says. */
START_TEST(hex_that_is_none)
{
	static const char *const hexes[] = { "\"2f7\"", "\"2F\"", "\"zz\"", "\"2f00\"", "7", "\"2 \"" };
	char line[128];

	snprintf(line, sizeof(line), "{\"type\":\"call\",\"path\":\"/plain\",\"path_hex\":%s}",
		 hexes[_i]);
	ck_assert_str_eq(reading_event(line)->event.path, "/plain");
}
END_TEST

static const struct {
	const char *line;
	enum read_kind kind;
} kinds[] = {
	{ "{\"type\":\"call\"}\n", READ_EVENT },
	{ "{\"type\":\"limit\",\"reason\":\"time\"}\n", READ_EVENT },
	{ "{\"type\":\"note\"}\n", READ_EVENT },
	{ "{\"type\":\"lost\",\"count\":12}\n", READ_LOST },
	{ "{\"type\":\"result\"}\n", READ_RESULT },
	{ "{\"type\":\"result\"}", READ_RESULT },
	{ "{\"type\":\"question\",\"x\":1}\n", READ_OTHER },
	{ "{}\n", READ_OTHER },
	{ "{\"type\":7}\n", READ_OTHER },
	{ "\n", READ_BAD },
	{ "x\n", READ_BAD },
	{ "[1]\n", READ_BAD },
	{ "\"call\"\n", READ_BAD },
	{ "{\"type\":\"call\"}{\"type\":\"call\"}\n", READ_BAD },
	{ "{\"type\":\"call\",}\n", READ_BAD },
	{ "{\"type\":\"call\",\"path\":\"a\\u0000b\"}\n", READ_BAD },
	{ "{\"type\":\"call\",\"path\":\"\xff\"}\n", READ_BAD },
	{ "{\"type\":\"call\",\"path\":\"\x1b\"}\n", READ_BAD },
	{ "{\"type\":\"call\",\"path\":\"\\ud800\"}\n", READ_BAD },
	{ "{\"type\":\"call\",\"t\":NaN}\n", READ_BAD },
	{ "{\"type\":\"call\",\"t\":1e999}\n", READ_BAD },
	{ "{\"type\":\"call\",\"n\":99999999999999999999}\n", READ_BAD },
	{ READING_START, READ_BAD },
	{ "{\"type\":\"call\",\"path\":\"/tm", READ_CUT },
	{ "{\"type\":\"result\"}\n{\"type\":\"call\"}\n", READ_BAD },
	{ "{\"type\":\"result\"}\n{\"type\":\"result\"}\n", READ_BAD },
};

START_TEST(each_line_is_of_a_kind)
{
	char text[512];
	const struct read_line *line;

	snprintf(text, sizeof(text), "%s%s", READING_START, kinds[_i].line);
	line = reading_last(text, strlen(text));
	ck_assert_msg(line->kind == kinds[_i].kind, "%s is %d", kinds[_i].line, line->kind);
	ck_assert_int_eq(line->problem != NULL, line->kind == READ_BAD || line->kind == READ_CUT);
	if (line->kind == READ_LOST)
		ck_assert_uint_eq(line->lost, 12);
}
END_TEST

static const struct {
	const char *text, *problem;
} refused[] = {
	{ "\n", "not a record" },
	{ "#!/usr/bin/python3\n", "not a record" },
	{ "{\"type\":\"call\"}\n", "not a record" },
	{ "{\"type\":\"start\"}\n", "no version" },
	{ "{\"type\":\"start\",\"version\":\"1\"}\n", "no version" },
	{ "{\"type\":\"start\",\"version\":2}\n", "version 2: this pyjail reads version 1" },
	{ "{\"type\":\"start\",\"version\":1", "not a record" },
	{ "\x7f" "ELF\x02\x01\x01", "not a record" },
};

START_TEST(what_is_no_record_is_refused)
{
	int fd = reading_file(refused[_i].text, strlen(refused[_i].text));
	struct reader *reader = NULL;
	struct read_line line;

	ck_assert_int_eq(reader_new(fd, &reader), 0);
	ck_assert_int_eq(reader_next(reader, true, &line), -EBADMSG);
	ck_assert_msg(strstr(reader_problem(reader), refused[_i].problem) != NULL, "%s",
		      reader_problem(reader));
	reader_free(reader);
	close(fd);
}
END_TEST

/* START, then `head`, `unit` so often that the line has `size` bytes, and `tail`. */
static char *big_line(const char *head, const char *unit, size_t size, const char *tail,
		      size_t *ret_length)
{
	size_t n = strlen(unit), used = strlen(READING_START) + strlen(head);
	char *text = malloc(used + size + n + strlen(tail) + 2);

	sprintf(text, "%s%s", READING_START, head);
	for (; used < size; used += n)
		memcpy(text + used, unit, n);
	sprintf(text + used, "%s\n", tail);
	*ret_length = used + strlen(tail) + 1;
	return text;
}

/* What jansson would take too much for: depth, length, number of values. */
static const struct {
	const char *head, *unit, *tail;
	size_t size;
	enum read_kind kind;
} big[] = {
	{ "{\"type\":\"call\",\"x\":", "[", "", 1 << 20, READ_BAD },
	{ "{\"type\":\"call\",\"x\":", "[", "", 5000, READ_BAD },
	{ "{\"type\":\"call\",\"x\":", "{\"a\":", "", 1 << 20, READ_BAD },
	{ "{\"type\":\"call\",\"x\":[", "{},", "0]}", 7 << 20, READ_BAD },
	{ "{\"type\":\"call\",\"x\":[", "{},", "0]}", 200 << 10, READ_EVENT },
	{ "{\"type\":\"call\",\"path\":\"/", "x", "\"}", 1 << 20, READ_EVENT },
	{ "{\"type\":\"call\",\"path\":\"/", "\\u001b", "\"}", 1 << 20, READ_EVENT },
	{ "{\"type\":\"call\",\"path\":\"/", "x", "\"}", 9 << 20, READ_BAD },
};

START_TEST(big_lines_are_bounded)
{
	size_t length;
	char *text = big_line(big[_i].head, big[_i].unit, big[_i].size, big[_i].tail, &length);
	size_t before = mallinfo2().uordblks + mallinfo2().hblkhd, after;
	const struct read_line *line = reading_last(text, length);

	after = mallinfo2().uordblks + mallinfo2().hblkhd;
	ck_assert_int_eq(line->kind, big[_i].kind);
	ck_assert_uint_lt(after - before, 128 << 20);
	free(text);
}
END_TEST

START_TEST(a_long_path_reads_back)
{
	size_t length;
	char *text = big_line("{\"type\":\"call\",\"path\":\"/", "x", 1 << 20, "\"}", &length);
	const struct read_line *line = reading_last(text, length);

	ck_assert_uint_gt(strlen(line->event.event.path), (1 << 20) - 100);
	free(text);
}
END_TEST

START_TEST(a_line_is_given_byte_for_byte)
{
	static const char odd[] = "{ \"type\" : \"call\",\t\"path\":\"\\u002ftmp\", \"new\": 1.50 }";
	char text[256];
	const struct read_line *line;

	snprintf(text, sizeof(text), "%s%s\n", READING_START, odd);
	line = reading_last(text, strlen(text));
	ck_assert_uint_eq(line->length, strlen(odd));
	ck_assert(!memcmp(line->text, odd, line->length));
}
END_TEST

START_TEST(bytes_of_a_start_object)
{
	json_t *start = json_pack("{s:s, s:s, s:[s, s], s:[n, s]}", "cwd", "x", "cwd_hex", "2fe9",
				  "argv", "pyjail", "?", "argv_hex", "ff");
	char *cwd = read_bytes(start, "cwd"), *word = read_list_bytes(start, "argv", 0);
	char *odd = read_list_bytes(start, "argv", 1);

	ck_assert_str_eq(cwd, "/\xe9");
	ck_assert_str_eq(word, "pyjail");
	ck_assert_str_eq(odd, "\xff");
	ck_assert_ptr_null(read_bytes(start, "argv"));
	ck_assert_ptr_null(read_list_bytes(start, "argv", 2));
	ck_assert_ptr_null(read_bytes(NULL, "cwd"));
	free(cwd);
	free(word);
	free(odd);
	json_decref(start);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("read");
	TCase *tcase = tcase_create("read");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, every_field_reads_back);
	tcase_add_loop_test(tcase, bytes_are_exact, 0, 9);
	tcase_add_test(tcase, the_users_frame_is_the_line);
	tcase_add_loop_test(tcase, every_key_is_optional, 0, ARRAY_SIZE(emptied));
	tcase_add_loop_test(tcase, hex_that_is_none, 0, 6);
	tcase_add_loop_test(tcase, each_line_is_of_a_kind, 0, ARRAY_SIZE(kinds));
	tcase_add_loop_test(tcase, what_is_no_record_is_refused, 0, ARRAY_SIZE(refused));
	tcase_add_loop_test(tcase, big_lines_are_bounded, 0, ARRAY_SIZE(big));
	tcase_add_test(tcase, a_long_path_reads_back);
	tcase_add_test(tcase, a_line_is_given_byte_for_byte);
	tcase_add_test(tcase, bytes_of_a_start_object);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
