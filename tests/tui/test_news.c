/* SPDX-License-Identifier: Apache-2.0 */
/* test_news.c: what comes is drawn at once, and what does not come costs no drawing. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/drive.h"
#include "tests/support/record.h"
#include "tests/support/suite.h"
#include "tracer/events/ring.h"
#include "tracer/events/sink.h"
#include "tui/act.h"
#include "tui/screen.h"

static const struct drive_style style = { .rows = 30, .columns = 100 };
static struct drive drive;

static void put_event(uint64_t n)
{
	struct event event = record_event;

	event.n = n;
	event.t_us = n * 1000;
	drive.sink->ops->put(drive.sink, &event);
}

START_TEST(an_event_of_a_run_is_news)
{
	drive_run(&drive, "run", &style);
	ck_assert(!app_take(drive.app));
	put_event(1000);
	ck_assert(app_take(drive.app));
	ck_assert(!app_take(drive.app));
	drive_end(&drive);
}
END_TEST

START_TEST(what_the_tracer_says_is_news)
{
	static const char start[] = "{\"type\":\"start\",\"argv\":[\"pyjail\",\"other.py\"]}";

	drive_run(&drive, "run", &style);
	wire_send(drive.wire, WIRE_START, 0, false, start, strlen(start));
	ck_assert(app_take(drive.app));
	ck_assert(!app_take(drive.app));
	wire_send(drive.wire, WIRE_NOTE, 0, false, "a note", 6);
	ck_assert(app_take(drive.app));
	ck_assert(!app_take(drive.app));
	drive_end(&drive);
}
END_TEST

START_TEST(a_question_that_goes_is_news)
{
	drive_run(&drive, "asking", &style);
	ck_assert(!app_take(drive.app));
	ck_assert_uint_eq(drive.app->questions.count, 3);
	wire_send(drive.wire, WIRE_WITHDRAWN, 2, false, NULL, 0);
	ck_assert(app_take(drive.app));
	ck_assert_uint_eq(drive.app->questions.count, 2);
	drive_end(&drive);
}
END_TEST

/* Another event at the place of one that was forgotten is news, too: counts alone say little. */
START_TEST(a_long_run_keeps_being_news)
{
	drive_run(&drive, "run", &style);
	for (uint64_t n = 100; n < 3000; n += 10) {
		put_event(n);
		ck_assert(app_take(drive.app));
	}
	ck_assert(!app_take(drive.app));
	drive_end(&drive);
}
END_TEST

/* ---- a record that grows ---- */

#define START "{\"type\":\"start\",\"version\":1,\"argv\":[\"pyjail\",\"etl.py\"],\"cwd\":\"/w\"}\n"
#define CALL "{\"type\":\"call\",\"n\":%d,\"t\":1.0,\"pid\":4,\"tid\":4,\"call\":\"openat\"," \
	     "\"class\":\"read\",\"verdict\":\"allow\",\"errno\":0,\"path\":\"/w/f\"," \
	     "\"flags\":\"\",\"rule\":null}\n"

START_TEST(lines_of_a_record_are_news)
{
	FILE *record = tmpfile();
	struct fault fault = { 0 };
	struct app *app = calloc(1, sizeof(*app));
	struct tui_config config = { .record = dup(fileno(record)), .follows = true };

	fputs(START, record);
	fflush(record);
	rewind(record);
	lseek(config.record, 0, SEEK_SET);
	ck_assert_int_eq(app_start(app, &config, &fault), 0);
	ck_assert(app_take(app));
	ck_assert(!app_take(app));
	for (int n = 1; n < 4; n++) {
		char line[512];
		int length = snprintf(line, sizeof(line), CALL, n);

		/* One offset for both ends of a dup: written where the file ends. */
		ck_assert_int_eq(pwrite(fileno(record), line, (size_t)length,
					lseek(config.record, 0, SEEK_CUR)), length);
		ck_assert(app_take(app));
		ck_assert(!app_take(app));
	}
	ck_assert_uint_eq(model_count(&app->model), 3);
	app_end(app);
	free(app);
	close(config.record);
	fclose(record);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("news");
	TCase *tcase = tcase_create("take");

	tcase_add_checked_fixture(tcase, drive_set_up, drive_tear_down);
	tcase_add_test(tcase, an_event_of_a_run_is_news);
	tcase_add_test(tcase, what_the_tracer_says_is_news);
	tcase_add_test(tcase, a_question_that_goes_is_news);
	tcase_add_test(tcase, a_long_run_keeps_being_news);
	tcase_add_test(tcase, lines_of_a_record_are_news);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
