/* SPDX-License-Identifier: Apache-2.0 */
/* test_jsonl.c: what a record says, read back with a parser. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/record.h"
#include "tests/support/suite.h"
#include "tracer/run.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* What the record says of one event. */
static json_t *written(const struct event *event, struct record_text *ret_text)
{
	int fd = record_new_file();
	struct sink *sink = record_new(dup(fd));
	char *at;
	json_t *object;

	sink->ops->put(sink, event);
	ck_assert_int_eq(sink->ops->flush(sink, true), 0);
	ck_assert_uint_eq(sink->lost, 0);
	sink->ops->close(sink);
	*ret_text = record_read_file(fd);
	close(fd);
	at = ret_text->bytes;
	json_decref(record_next_line(&at));
	object = record_next_line(&at);
	ck_assert_ptr_nonnull(object);
	ck_assert_ptr_null(record_next_line(&at));
	return object;
}

START_TEST(golden_line)
{
	struct record_text text;

	json_decref(written(&record_event, &text));
	ck_assert_str_eq(text.bytes,
		"{\"type\":\"start\",\"version\":1}\n"
		"{\"type\":\"call\",\"n\":7,\"t\":1.002003,\"pid\":100,\"tid\":101,"
		"\"call\":\"openat\",\"class\":\"write\",\"verdict\":\"deny\","
		"\"errno\":13,\"error\":\"EACCES\",\"path\":\"/tmp/FILE\","
		"\"flags\":\"O_WRONLY|O_CREAT|O_TRUNC\",\"effects\":\"create, truncate\",\"rule\":null}\n");
	free(text.bytes);
}
END_TEST

START_TEST(every_field_reads_back)
{
	struct event event = record_event;
	struct record_text text;
	json_t *object;

	event.n = UINT32_MAX * 5ull;
	event.t_us = 86400ull * 1000000 + 5;
	event.path2 = "/other";
	event.parent = 99;
	event.host = "192.0.2.1:80";
	event.raw = "../FILE";
	event.rule = "deny write /tmp";
	event.source = "a.policy:3";
	event.reason = "because";
	event.where = "demo.py:3 in save()";
	event.is_probe = event.was_asked = true;
	event.asked = asked_name(ASKED_ONCE);
	event.waited_us = 2500000;
	event.dur_us = 1234;
	object = written(&event, &text);
	ck_assert_str_eq(record_string(object, "type"), "call");
	ck_assert_int_eq(record_int(object, "n"), (json_int_t)event.n);
	ck_assert_double_eq(json_real_value(json_object_get(object, "t")), 86400.000005);
	ck_assert_int_eq(record_int(object, "pid"), 100);
	ck_assert_int_eq(record_int(object, "tid"), 101);
	ck_assert_str_eq(record_string(object, "call"), "openat");
	ck_assert_str_eq(record_string(object, "class"), "write");
	ck_assert_str_eq(record_string(object, "verdict"), "deny");
	ck_assert_int_eq(record_int(object, "errno"), EACCES);
	ck_assert_str_eq(record_string(object, "error"), "EACCES");
	ck_assert_str_eq(record_string(object, "path"), event.path);
	ck_assert_str_eq(record_string(object, "path2"), event.path2);
	ck_assert_str_eq(record_string(object, "raw"), event.raw);
	ck_assert_str_eq(record_string(object, "flags"), event.flags);
	ck_assert_str_eq(record_string(object, "rule"), event.rule);
	ck_assert_str_eq(record_string(object, "source"), event.source);
	ck_assert_str_eq(record_string(object, "reason"), event.reason);
	ck_assert_str_eq(record_string(object, "where"), event.where);
	ck_assert(json_is_true(json_object_get(object, "probe")));
	ck_assert_str_eq(record_string(object, "asked"), "once");
	ck_assert_double_eq(json_real_value(json_object_get(object, "waited_s")), 2.5);
	ck_assert_int_eq(record_int(object, "dur_us"), 1234);
	ck_assert_str_eq(record_string(object, "effects"), event.effects);
	ck_assert_int_eq(record_int(object, "ppid"), 99);
	ck_assert_str_eq(record_string(object, "host"), event.host);
	ck_assert_uint_eq(json_object_size(object), 25);
	json_decref(object);
	free(text.bytes);
	/* Beside a path the call says enough. */
	event.path = NULL;
	event.action = "connect 192.0.2.1:80";
	object = written(&event, &text);
	ck_assert_str_eq(record_string(object, "action"), event.action);
	json_decref(object);
	free(text.bytes);
}
END_TEST

START_TEST(what_is_missing_is_null_or_absent)
{
	struct event event = { .kind = EVENT_NOTE, .n = 1, .reason = "Landlock is off", .pid = -1 };
	static const char *const nulls[] = {
		"call", "class", "verdict", "error", "path", "rule"
	};
	struct record_text text;
	json_t *object = written(&event, &text);

	ck_assert_str_eq(record_string(object, "type"), "note");
	ck_assert_str_eq(record_string(object, "reason"), "Landlock is off");
	ck_assert_str_eq(record_string(object, "flags"), "");
	ck_assert_int_eq(record_int(object, "errno"), 0);
	ck_assert_int_eq(record_int(object, "pid"), -1);
	ck_assert_double_eq(json_real_value(json_object_get(object, "t")), 0);
	for (size_t i = 0; i < ARRAY_SIZE(nulls); i++)
		ck_assert_msg(json_is_null(json_object_get(object, nulls[i])), "%s", nulls[i]);
	ck_assert_uint_eq(json_object_size(object), 14);
	json_decref(object);
	free(text.bytes);

	event.kind = EVENT_LIMIT;
	object = written(&event, &text);
	ck_assert_str_eq(record_string(object, "type"), "limit");
	json_decref(object);
	free(text.bytes);
}
END_TEST

START_TEST(words_of_a_program)
{
	static const char *const plain[] = { "git", "push", "it's\n", NULL };
	static const char *const bytes[] = { "a", "\xff", NULL };
	struct event event = record_event;
	struct record_text text;
	json_t *object;

	event.argv = plain;
	object = written(&event, &text);
	ck_assert_uint_eq(json_array_size(json_object_get(object, "argv")), 3);
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(object, "argv"), 2)),
			 "it's\n");
	ck_assert_ptr_null(json_object_get(object, "argv_hex"));
	json_decref(object);
	free(text.bytes);
	event.argv = bytes;
	object = written(&event, &text);
	ck_assert(json_is_null(json_array_get(json_object_get(object, "argv_hex"), 0)));
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(object, "argv_hex"), 1)),
			 "ff");
	json_decref(object);
	free(text.bytes);
}
END_TEST

START_TEST(verdicts_have_names)
{
	static const char *const names[] = { "allow", "deny", "kill", "error", "hide", "view",
					       "fake", "scratch" };
	struct event event = record_event;
	struct record_text text;
	json_t *object;

	event.outcome = (enum event_outcome)_i;
	object = written(&event, &text);
	ck_assert_str_eq(record_string(object, "verdict"), names[_i]);
	ck_assert_str_eq(outcome_name(event.outcome), names[_i]);
	json_decref(object);
	free(text.bytes);
}
END_TEST

struct bytes_row {
	const char *bytes;
	const char *text;       /* what JSON says; NULL: the same */
};

static const struct bytes_row bytes_rows[] = {
	{ "", NULL },
	{ "/plain", NULL },
	{ "\"quoted\" and \\back\\slashed", NULL },
	{ "line\nfeed\r\t\b\f", NULL },
	{ "\x01\x1b[31mred\x1b[0m\x7f", NULL },
	{ "{\"type\":\"result\"}\n{\"type\":\"result\"}", NULL },
	{ "\\u0041 \\ud800", NULL },
	{ "caf\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80", NULL },
	{ "\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xae\xc2\x85\xef\xbb\xbf", NULL },
	{ "\xf3\xa0\x80\x81\xf4\x8f\xbf\xbf\xef\xbf\xbf", NULL },
	{ REPLACEMENT, NULL },
	{ "\x80", REPLACEMENT },
	{ "a\xff" "b", "a" REPLACEMENT "b" },
	{ "\xbf\xbf\xbf", REPLACEMENT REPLACEMENT REPLACEMENT },
	{ "\xc0\xaf", REPLACEMENT REPLACEMENT },
	{ "\xe0\x80\xaf", REPLACEMENT REPLACEMENT REPLACEMENT },
	{ "\xed\xa0\x80", REPLACEMENT REPLACEMENT REPLACEMENT },
	{ "\xf4\x90\x80\x80", REPLACEMENT REPLACEMENT REPLACEMENT REPLACEMENT },
	{ "\xe6\x97", REPLACEMENT REPLACEMENT },
	{ "\xe6\x97\"", REPLACEMENT REPLACEMENT "\"" },
	{ "caf\xe9/\xc3\xa9", "caf" REPLACEMENT "/\xc3\xa9" },
};

static void check_hex(const json_t *value, const char *bytes)
{
	const char *hex = json_string_value(value);

	ck_assert_ptr_nonnull(hex);
	ck_assert_uint_eq(strlen(hex), 2 * strlen(bytes));
	for (size_t i = 0; bytes[i]; i++) {
		const char pair[] = { hex[2 * i], hex[2 * i + 1], '\0' };

		ck_assert_uint_eq(strspn(pair, "0123456789abcdef"), 2);
		ck_assert_uint_eq(strtoul(pair, NULL, 16), (unsigned char)bytes[i]);
	}
}

static void check_bytes(const json_t *object, const char *key, const struct bytes_row *row)
{
	char hex_key[32];
	const json_t *hex;

	snprintf(hex_key, sizeof(hex_key), "%s_hex", key);
	hex = json_object_get(object, hex_key);
	ck_assert_str_eq(record_string(object, key), row->text ? row->text : row->bytes);
	if (row->text)
		check_hex(hex, row->bytes);
	else
		ck_assert_ptr_null(hex);
}

START_TEST(bytes_survive)
{
	static const char *const keys[] = { "path", "path2", "raw", "rule", "source", "where" };
	const struct bytes_row *row = &bytes_rows[_i];
	struct event event = record_event;
	struct record_text text;
	json_t *object;

	event.path = event.path2 = event.raw = row->bytes;
	event.rule = event.source = event.where = row->bytes;
	object = written(&event, &text);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		check_bytes(object, keys[i], row);
	json_decref(object);
	free(text.bytes);
}
END_TEST

START_TEST(all_byte_values_survive)
{
	char bytes[256], shown[4 * 256] = "";
	struct bytes_row row = { bytes, shown };
	struct event event = record_event;
	struct record_text text;
	json_t *object;

	for (int i = 1; i < 256; i++)
		bytes[i - 1] = (char)i;
	bytes[255] = '\0';
	memcpy(shown, bytes, 127);
	for (int i = 128; i < 256; i++)
		strcat(shown, REPLACEMENT);
	event.path = bytes;
	object = written(&event, &text);
	check_bytes(object, "path", &row);
	/* and nothing in the line could do something to a terminal */
	for (size_t i = 0; i < text.length; i++)
		ck_assert(text.bytes[i] == '\n' || (text.bytes[i] >= 0x20 && text.bytes[i] < 0x7f));
	json_decref(object);
	free(text.bytes);
}
END_TEST

START_TEST(longest_paths_are_complete)
{
	char bad[4097], wide[4097];
	struct event event = record_event;
	struct record_text text;
	json_t *object;

	memset(bad, 0xff, sizeof(bad) - 1);
	memset(wide, 0x01, sizeof(wide) - 1);
	bad[4096] = wide[4096] = '\0';
	event.path = event.path2 = bad;
	event.raw = event.rule = event.source = event.reason = event.where = wide;
	object = written(&event, &text);
	ck_assert_uint_eq(strlen(record_string(object, "path")), 12288);
	check_hex(json_object_get(object, "path_hex"), bad);
	ck_assert_str_eq(record_string(object, "raw"), wide);
	json_decref(object);
	free(text.bytes);
}
END_TEST

START_TEST(values_keep_bytes_too)
{
	const struct bytes_row *row = &bytes_rows[_i];
	json_t *object = json_object(), *value;

	ck_assert_int_eq(jsonl_set_bytes(object, "cwd", row->bytes), 0);
	check_bytes(object, "cwd", row);
	value = jsonl_bytes(row->bytes);
	ck_assert_str_eq(json_string_value(value), row->text ? row->text : row->bytes);
	json_decref(value);
	json_decref(object);
}
END_TEST

START_TEST(null_is_null)
{
	json_t *object = json_object(), *value = jsonl_bytes(NULL);

	ck_assert(json_is_null(value));
	ck_assert_int_eq(jsonl_set_bytes(object, "cwd", NULL), 0);
	ck_assert(json_is_null(json_object_get(object, "cwd")));
	ck_assert_uint_eq(json_object_size(object), 1);
	json_decref(value);
	json_decref(object);
}
END_TEST

START_TEST(lists_keep_bytes)
{
	char good[] = "caf\xc3\xa9", bad[] = "caf\xe9", empty[] = "";
	char *clean[] = { good, empty, NULL }, *mixed[] = { good, bad, NULL }, *none[] = { NULL };
	json_t *object = json_object(), *list, *hexes;

	ck_assert_int_eq(jsonl_set_list(object, "clean", clean), 0);
	ck_assert_int_eq(jsonl_set_list(object, "argv", mixed), 0);
	ck_assert_int_eq(jsonl_set_list(object, "none", none), 0);
	ck_assert_uint_eq(json_object_size(object), 4);
	ck_assert_uint_eq(json_array_size(json_object_get(object, "clean")), 2);
	ck_assert_uint_eq(json_array_size(json_object_get(object, "none")), 0);
	list = json_object_get(object, "argv");
	hexes = json_object_get(object, "argv_hex");
	ck_assert_uint_eq(json_array_size(hexes), 2);
	ck_assert_str_eq(json_string_value(json_array_get(list, 0)), good);
	ck_assert_str_eq(json_string_value(json_array_get(list, 1)), "caf" REPLACEMENT);
	ck_assert(json_is_null(json_array_get(hexes, 0)));
	check_hex(json_array_get(hexes, 1), bad);
	json_decref(object);
}
END_TEST

struct result_row {
	struct run_result result;
	const char *line;
};

#define USAGE "\"denied\":2,\"events\":3,\"stops\":4,\"max_tasks\":5,\"wall_s\":1.5," \
	      "\"cpu_s\":0.1,\"max_rss_kib\":6,"
#define USAGE_VALUES .denied = 2, .events = 3, .stops = 4, .max_tasks = 5, .wall_s = 1.5, \
		     .cpu_s = 0.1, .max_rss_kib = 6

static const struct result_row result_rows[] = {
	{ { .status = 3, USAGE_VALUES },
	  "{\"type\":\"result\",\"status\":3,\"signal\":null,\"limit\":null,\"rule\":null,"
	  USAGE "\"failure\":null}" },
	{ { .signal = 15, USAGE_VALUES },
	  "{\"type\":\"result\",\"status\":null,\"signal\":15,\"limit\":null,\"rule\":null,"
	  USAGE "\"failure\":null}" },
	{ { .limit = "memory", .signal = 9, USAGE_VALUES },
	  "{\"type\":\"result\",\"status\":null,\"signal\":9,\"limit\":\"memory\",\"rule\":null,"
	  USAGE "\"failure\":null}" },
	{ { .rule = "kill write /etc/\xff", USAGE_VALUES },
	  "{\"type\":\"result\",\"status\":null,\"signal\":null,\"limit\":null,"
	  "\"rule\":\"kill write /etc/\\uFFFD\","
	  "\"rule_hex\":\"6b696c6c207772697465202f6574632fff\","
	  USAGE "\"failure\":null}" },
	{ { .status = 0, .failure = "the \"record\" broke", USAGE_VALUES },
	  "{\"type\":\"result\",\"status\":0,\"signal\":null,\"limit\":null,\"rule\":null,"
	  USAGE "\"failure\":\"the \\\"record\\\" broke\"}" },
	{ { .status = 0, USAGE_VALUES, .changes = { true, 3, 1, 2, "/l\xff" } },
	  "{\"type\":\"result\",\"status\":0,\"signal\":null,\"limit\":null,\"rule\":null,"
	  USAGE "\"failure\":null,\"scratch\":{\"added\":3,\"changed\":1,\"deleted\":2,"
	  "\"layer\":\"/l\\uFFFD\",\"layer_hex\":\"2f6cff\"}}" },
	{ { .status = 0, USAGE_VALUES, .changes = { .is_known = true } },
	  "{\"type\":\"result\",\"status\":0,\"signal\":null,\"limit\":null,\"rule\":null,"
	  USAGE "\"failure\":null,\"scratch\":{\"added\":0,\"changed\":0,\"deleted\":0,"
	  "\"layer\":null}}" },
	{ { .wall_s = 0.0 / 0.0, .cpu_s = -1 },
	  "{\"type\":\"result\",\"status\":0,\"signal\":null,\"limit\":null,\"rule\":null,"
	  "\"denied\":0,\"events\":0,\"stops\":0,\"max_tasks\":0,\"wall_s\":0.0,\"cpu_s\":0.0,"
	  "\"max_rss_kib\":0,\"failure\":null}" },
};

START_TEST(result_is_one_object)
{
	const struct result_row *row = &result_rows[_i];
	json_t *object = result_json(&row->result);
	char *line = json_dumps(object, JSONL_DUMP_FLAGS);

	ck_assert_str_eq(line, row->line);
	free(line);
	json_decref(object);
}
END_TEST

START_TEST(result_ends_the_record)
{
	struct run_result result = { .status = 1, .denied = 1, .events = 1 };
	int fd = record_new_file();
	struct sink *sink = record_new(dup(fd));
	struct record_text text;
	char *at;
	json_t *object;

	sink->ops->put(sink, &record_event);
	jsonl_put_result(sink, &result);
	ck_assert_int_eq(sink->ops->flush(sink, true), 0);
	sink->ops->close(sink);
	text = record_read_file(fd);
	at = text.bytes;
	json_decref(record_next_line(&at));
	json_decref(record_next_line(&at));
	object = record_next_line(&at);
	ck_assert_str_eq(record_string(object, "type"), "result");
	ck_assert_int_eq(record_int(object, "status"), 1);
	ck_assert_int_eq(record_int(object, "lost"), 0);
	ck_assert_ptr_null(record_next_line(&at));
	json_decref(object);
	free(text.bytes);
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("jsonl");
	TCase *tcase = tcase_create("lines");

	tcase_add_test(tcase, golden_line);
	tcase_add_test(tcase, every_field_reads_back);
	tcase_add_test(tcase, what_is_missing_is_null_or_absent);
	tcase_add_test(tcase, words_of_a_program);
	tcase_add_loop_test(tcase, verdicts_have_names, 0, OUTCOME_COUNT);
	tcase_add_loop_test(tcase, bytes_survive, 0, ARRAY_SIZE(bytes_rows));
	tcase_add_test(tcase, all_byte_values_survive);
	tcase_add_test(tcase, longest_paths_are_complete);
	tcase_add_loop_test(tcase, values_keep_bytes_too, 0, ARRAY_SIZE(bytes_rows));
	tcase_add_test(tcase, null_is_null);
	tcase_add_test(tcase, lists_keep_bytes);
	tcase_add_loop_test(tcase, result_is_one_object, 0, ARRAY_SIZE(result_rows));
	tcase_add_test(tcase, result_ends_the_record);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
