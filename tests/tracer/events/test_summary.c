/* SPDX-License-Identifier: Apache-2.0 */
/* test_summary.c: the page, the lines and the object made of pinned records. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clip.h"
#include "base/fail.h"
#include "base/text.h"
#include "tests/support/reading.h"
#include "tests/support/suite.h"
#include "tracer/events/listing.h"
#include "tracer/events/summary.h"

static char *summary_of(const char *name, size_t columns, bool has_color)
{
	const struct summary_style style = {
		.name = name, .columns = columns, .has_color = has_color,
	};
	struct tally tally;
	size_t length;
	char *record = reading_data(name, &length), *text;

	reading_tally(&tally, record, length);
	text = summary_text(&tally, &style);
	ck_assert_ptr_nonnull(text);
	tally_free(&tally);
	free(record);
	return text;
}

/* With PYJAIL_GOLDEN set, what differs is written: then look at the diff. */
static void check_golden(const char *name, const char *text)
{
	char path[256];
	size_t length;
	char *golden;

	if (getenv("PYJAIL_GOLDEN")) {
		FILE *out;

		snprintf(path, sizeof(path), "tests/data/records/%s", name);
		out = fopen(path, "w");
		ck_assert(out && fputs(text, out) >= 0 && fclose(out) == 0);
	}
	golden = reading_data(name, &length);
	ck_assert_str_eq(text, golden);
	free(golden);
}

START_TEST(golden_page)
{
	char *text = summary_of("etl.jsonl", SUMMARY_COLUMNS, false);

	check_golden("etl.txt", text);
	free(text);
}
END_TEST

START_TEST(golden_page_of_a_hostile_record)
{
	char *text = summary_of("hostile.jsonl", SUMMARY_COLUMNS, false);

	check_golden("hostile.txt", text);
	free(text);
}
END_TEST

static void check_lines(char *text, size_t columns)
{
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		ck_assert_msg(text_is_plain_string(line), "%s", line);
		/* What is to be pasted is never cut. */
		if (!strstr(line, " allow with  "))
			ck_assert_msg(clip_columns(line) <= columns, "%zu: %s", columns, line);
	}
}

START_TEST(every_line_fits_and_is_plain)
{
	static const char *const names[] = { "etl.jsonl", "hostile.jsonl" };

	for (size_t columns = SUMMARY_COLUMNS; columns <= SUMMARY_COLUMNS_MAX; columns += 10) {
		char *text = summary_of(names[_i], columns, false);

		check_lines(text, columns);
		free(text);
	}
}
END_TEST

/* Colour adds its own escapes and changes nothing else. */
START_TEST(colour_is_only_added)
{
	char *plain = summary_of("hostile.jsonl", SUMMARY_COLUMNS, false);
	char *colored = summary_of("hostile.jsonl", SUMMARY_COLUMNS, true);
	char *out = colored;
	size_t escapes = 0;

	for (const char *at = colored; *at;) {
		if (*at == '\x1b') {
			size_t length = strspn(at + 1, "[0123;");

			ck_assert(at[1] == '[' && at[1 + length] == 'm');
			at += length + 2;
			escapes++;
		} else {
			*out++ = *at++;
		}
	}
	*out = '\0';
	ck_assert_uint_gt(escapes, 10);
	ck_assert_str_eq(colored, plain);
	free(plain);
	free(colored);
}
END_TEST

/* ---- one line an event ---- */

static char *listing_of(const char *name, bool has_color)
{
	struct listing *listing = NULL;
	struct reader *reader = NULL;
	struct read_line line;
	char *text = NULL, *record;
	size_t size, length;
	FILE *out = open_memstream(&text, &size);
	int fd;

	record = reading_data(name, &length);
	fd = reading_file(record, length);
	ck_assert_int_eq(listing_new(has_color, &listing), 0);
	ck_assert_int_eq(listing_set_cwd(listing, "/home/ana/work"), 0);
	ck_assert_int_eq(reader_new(fd, &reader), 0);
	while (reader_next(reader, true, &line) > 0) {
		if (line.kind == READ_EVENT)
			fprintf(out, "%s\n", listing_line(listing, &line.event));
	}
	fclose(out);
	reader_free(reader);
	listing_free(listing);
	close(fd);
	free(record);
	return text;
}

START_TEST(golden_listing)
{
	char *text = listing_of("etl.jsonl", false);

	check_golden("etl.events.txt", text);
	free(text);
}
END_TEST

START_TEST(a_hostile_listing_is_plain)
{
	char *text = listing_of("hostile.jsonl", false);
	size_t count = 0;

	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		ck_assert_msg(text_is_plain_string(line), "%s", line);
		count++;
	}
	/* One line for each event, no more: no name begins one of its own. */
	ck_assert_uint_eq(count, 54);
	free(text);
}
END_TEST

/* ---- for programs ---- */

static json_t *object_of(const char *name)
{
	struct tally tally;
	size_t length;
	char *record = reading_data(name, &length), *dumped;
	json_t *object, *again;

	reading_tally(&tally, record, length);
	object = summary_json(&tally);
	ck_assert_ptr_nonnull(object);
	/* What is printed is read by every parser. */
	dumped = json_dumps(object, JSON_ENSURE_ASCII);
	ck_assert_ptr_nonnull(dumped);
	again = json_loads(dumped, 0, NULL);
	ck_assert_ptr_nonnull(again);
	free(dumped);
	json_decref(object);
	tally_free(&tally);
	free(record);
	return again;
}

static const json_t *first_item(const json_t *object, const char *table)
{
	return json_array_get(json_object_get(json_object_get(object, table), "items"), 0);
}

static json_int_t number_of(const json_t *object, const char *key)
{
	ck_assert_msg(json_is_integer(json_object_get(object, key)), "%s", key);
	return json_integer_value(json_object_get(object, key));
}

START_TEST(object_for_programs)
{
	json_t *object = object_of("etl.jsonl");
	const json_t *refused = first_item(object, "refused"), *line = first_item(object, "lines");

	ck_assert_int_eq(number_of(object, "events"), 32);
	ck_assert_int_eq(number_of(object, "denied"), 11);
	ck_assert_int_eq(number_of(object, "probes"), 1);
	ck_assert_int_eq(number_of(object, "failed"), 3);
	ck_assert_int_eq(number_of(object, "unreadable"), 0);
	ck_assert(json_is_true(json_object_get(object, "complete")));
	ck_assert_int_eq(number_of(json_object_get(object, "result"), "status"), 1);
	ck_assert_int_eq(number_of(refused, "count"), 6);
	ck_assert_str_eq(json_string_value(json_object_get(refused, "call")), "socket");
	ck_assert_ptr_null(json_object_get(refused, "path"));
	ck_assert_int_eq(number_of(refused, "line"), 47);
	ck_assert_str_eq(json_string_value(json_object_get(line, "function")), "save");
	ck_assert_int_eq(number_of(first_item(object, "processes"), "pid"), 4242);
	ck_assert_int_eq(number_of(json_object_get(object, "written"), "total"), 7);
	json_decref(object);
	object = object_of("hostile.jsonl");
	ck_assert(json_is_true(json_object_get(object, "cut")));
	ck_assert(json_is_false(json_object_get(object, "complete")));
	ck_assert_int_eq(number_of(object, "unreadable"), 5);
	ck_assert_str_eq(json_string_value(json_object_get(first_item(object, "written"),
							   "path_hex")), "2fff1b5b");
	json_decref(object);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("summary");
	TCase *tcase = tcase_create("summary");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, golden_page);
	tcase_add_test(tcase, golden_page_of_a_hostile_record);
	tcase_add_loop_test(tcase, every_line_fits_and_is_plain, 0, 2);
	tcase_add_test(tcase, colour_is_only_added);
	tcase_add_test(tcase, golden_listing);
	tcase_add_test(tcase, a_hostile_listing_is_plain);
	tcase_add_test(tcase, object_for_programs);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
