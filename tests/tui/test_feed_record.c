/* SPDX-License-Identifier: Apache-2.0 */
/* test_feed_record.c: a record as somebody hands it over: whole, cut, spoiled, still growing. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/suite.h"
#include "tui/app.h"
#include "tui/feed.h"
#include "tui/model.h"

#define START "{\"type\":\"start\",\"version\":1,\"argv\":[\"pyjail\",\"a.py\"],\"cwd\":\"/w\"}\n"
#define CALL(n) "{\"type\":\"call\",\"n\":" #n ",\"t\":0.5,\"pid\":9,\"tid\":9,\"call\":\"openat\"," \
		"\"class\":\"read\",\"verdict\":\"deny\",\"errno\":13,\"path\":\"/x\"}\n"
#define RESULT "{\"type\":\"result\",\"status\":0,\"wall_s\":1.5}\n"

static struct feed *feed;
static struct model model;
static int file;

static void set_up(void)
{
	file = memfd_create("record", MFD_CLOEXEC);
	ck_assert_int_ge(file, 0);
	ck_assert_int_eq(model_init(&model), 0);
	model.counts_itself = true;
	feed = NULL;
}

static void tear_down(void)
{
	if (feed)
		feed->ops->free(feed);
	model_free(&model);
	close(file);
}

/* Behind what is there, whatever was read. */
static void append(const char *text, size_t length)
{
	struct stat status;

	ck_assert_int_eq(fstat(file, &status), 0);
	ck_assert_int_eq(pwrite(file, text, length, status.st_size), (ssize_t)length);
}

static void append_text(const char *text)
{
	append(text, strlen(text));
}

static void open_feed(bool follows)
{
	struct fault fault = { 0 };

	ck_assert_int_eq(feed_record(file, follows, &feed, &fault), 0);
}

static int take_all(void)
{
	int r;

	while ((r = feed->ops->take(feed, &model, NULL)) > 0)
		;
	return r;
}

START_TEST(whole)
{
	append_text(START CALL(1) CALL(2) RESULT);
	open_feed(false);
	ck_assert_int_eq(take_all(), 0);
	ck_assert(feed->is_over && feed->has_news && !feed->is_live);
	ck_assert_uint_eq(model_count(&model), 2);
	ck_assert_uint_eq(model.counts.events, 2);
	ck_assert_uint_eq(model.counts.denied, 2);
	ck_assert_str_eq(model.facts.script, "a.py");
	ck_assert_str_eq(model.facts.ended, "exit 0");
	ck_assert_uint_eq(facts_missing(&model.facts), 0);
	/* Of a record the script is somebody's word. */
	ck_assert(!model.facts.is_own);
	ck_assert(!feed->ops->has_more(feed));
}
END_TEST

static const struct {
	const char *text;
	size_t events;
	uint64_t missing;
	int r;
} records[] = {
	{ "", 0, 0, 0 },
	{ "\n", 0, 0, -EBADMSG },
	{ "not a record\n", 0, 0, -EBADMSG },
	{ "{\"type\":\"start\",\"version\":99}\n", 0, 0, -EBADMSG },
	{ START, 0, 0, 0 },
	{ START CALL(1) "{\"type\":\"call\",\"n\":2", 1, 1, 0 },
	{ START "garbage\n" CALL(1) "{\"type\":\n" CALL(2), 2, 2, 0 },
	{ START "{\"type\":\"lost\",\"count\":40}\n" CALL(41), 1, 40, 0 },
	{ START "{\"type\":\"lost\",\"count\":\"x\"}\n{\"type\":\"new\"}\n[]\n" CALL(1), 1, 1, 0 },
	{ START "{\"type\":\"call\"}\n{\"type\":\"call\",\"n\":\"x\",\"path\":[]}\n", 1, 0, 0 },
	{ START CALL(1) CALL(1) CALL(1), 1, 0, 0 },
	{ START CALL(9) CALL(3) CALL(5), 3, 0, 0 },
	{ START START CALL(1) RESULT CALL(2), 1, 0, 0 },
};

START_TEST(cut_and_spoiled)
{
	append_text(records[_i].text);
	open_feed(false);
	ck_assert_int_eq(take_all(), records[_i].r);
	ck_assert(feed->is_over);
	ck_assert_uint_eq(model_count(&model), records[_i].events);
	if (records[_i].missing)
		ck_assert_uint_ge(facts_missing(&model.facts), records[_i].missing);
	/* Asked again it says the same nothing. */
	ck_assert_int_eq(feed->ops->take(feed, &model, NULL), 0);
}
END_TEST

/* Every beginning of a record is one that was cut there. */
START_TEST(cut_anywhere)
{
	static const char text[] = START CALL(1) CALL(2) RESULT;

	for (size_t cut = 1; cut < sizeof(text) - 1; cut++) {
		ck_assert_int_eq(ftruncate(file, 0), 0);
		ck_assert_int_eq(lseek(file, 0, SEEK_SET), 0);
		append(text, cut);
		open_feed(false);
		take_all();
		ck_assert(feed->is_over);
		ck_assert_uint_le(model_count(&model), 2);
		ck_assert_int_eq(!model.facts.result, cut < strlen(START CALL(1) CALL(2)) +
							       strlen(RESULT) - 1);
		feed->ops->free(feed);
		feed = NULL;
		model_free(&model);
		ck_assert_int_eq(model_init(&model), 0);
	}
}
END_TEST

START_TEST(growing)
{
	append_text(START CALL(1));
	open_feed(true);
	ck_assert_int_eq(take_all(), 0);
	ck_assert(!feed->is_over);
	ck_assert(!feed->ops->has_more(feed));
	feed->has_news = false;
	ck_assert_int_eq(take_all(), 0);
	ck_assert(!feed->has_news);
	/* Half a line is no line yet. */
	append_text("{\"type\":\"call\",\"n\":2,\"t\":0.6,\"pid\":9,");
	ck_assert(feed->ops->has_more(feed));
	take_all();
	ck_assert_uint_eq(model_count(&model), 1);
	append_text("\"call\":\"openat\",\"class\":\"read\",\"verdict\":\"allow\",\"path\":\"/y\"}\n");
	take_all();
	ck_assert(feed->has_news);
	ck_assert_uint_eq(model_count(&model), 2);
	ck_assert_uint_eq(facts_missing(&model.facts), 0);
	/* With its result it is whole. */
	append_text(RESULT);
	take_all();
	ck_assert(feed->is_over);
	ck_assert_ptr_nonnull(model.facts.result);
}
END_TEST

START_TEST(growing_from_nothing)
{
	open_feed(true);
	ck_assert_int_eq(take_all(), 0);
	ck_assert(!feed->is_over);
	append_text(START CALL(1));
	ck_assert(feed->ops->has_more(feed));
	ck_assert_int_eq(take_all(), 0);
	ck_assert_uint_eq(model_count(&model), 1);
}
END_TEST

/* A bounded part at a time: keys are not kept waiting. */
START_TEST(takes_a_bounded_part)
{
	char line[256];

	append_text(START);
	for (int n = 1; n <= 9000; n++) {
		int length = snprintf(line, sizeof(line), "{\"type\":\"call\",\"n\":%d,\"t\":1,"
				      "\"call\":\"openat\",\"verdict\":\"allow\"}\n", n);

		append(line, (size_t)length);
	}
	open_feed(false);
	ck_assert_int_eq(feed->ops->take(feed, &model, NULL), 1);
	ck_assert_uint_lt(model_count(&model), 5000);
	ck_assert_uint_gt(model_count(&model), 1000);
	ck_assert_int_eq(take_all(), 0);
	ck_assert_uint_eq(model_count(&model), 9000);
}
END_TEST

/* A descriptor that cannot be read is said so once. */
START_TEST(cannot_be_read)
{
	int other = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct fault fault = { 0 };

	ck_assert_int_eq(feed_record(other, false, &feed, &fault), 0);
	ck_assert_int_eq(feed->ops->take(feed, &model, NULL), -EBADF);
	ck_assert(feed->is_over);
	ck_assert_int_eq(feed->ops->take(feed, &model, NULL), 0);
	close(other);
}
END_TEST

/* Bytes of a record turned at random: no line of it does harm. */
START_TEST(turned_bytes)
{
	static const char text[] = START CALL(1) CALL(2) "{\"type\":\"lost\",\"count\":4}\n" RESULT;
	char turned[sizeof(text)];

	srandom((unsigned)_i);
	for (int round = 0; round < 400; round++) {
		memcpy(turned, text, sizeof(text));
		for (int i = 0; i < 6; i++)
			turned[(size_t)random() % (sizeof(text) - 1)] = (char)random();
		ck_assert_int_eq(ftruncate(file, 0), 0);
		ck_assert_int_eq(lseek(file, 0, SEEK_SET), 0);
		append(turned, sizeof(text) - 1);
		open_feed(false);
		take_all();
		feed->ops->free(feed);
		feed = NULL;
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("feed_record");
	TCase *tcase = tcase_create("feed_record");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, whole);
	tcase_add_loop_test(tcase, cut_and_spoiled, 0, ARRAY_SIZE(records));
	tcase_add_test(tcase, cut_anywhere);
	tcase_add_test(tcase, growing);
	tcase_add_test(tcase, growing_from_nothing);
	tcase_add_test(tcase, takes_a_bounded_part);
	tcase_add_test(tcase, cannot_be_read);
	tcase_add_loop_test(tcase, turned_bytes, 0, 4);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
