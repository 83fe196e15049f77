/* SPDX-License-Identifier: Apache-2.0 */
/* test_flat.c: what is packed comes out again; what is not whole, or never was, is survived. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/record.h"
#include "tests/support/same.h"
#include "tests/support/suite.h"
#include "tracer/events/flat.h"

#define LONG_PATH 4095
#define DEEP STACK_FRAMES_MAX
#define ROUNDS 20000

static struct python_frame python[DEEP];
static struct c_frame native[STACK_NATIVE_MAX];
static struct stack stack;
static struct flat_event flat;

/* A stack of so many frames, whose texts are `text` and differ from frame to frame. */
static void make_stack(unsigned python_count, unsigned native_count, const char *text)
{
	static char files[DEEP][768], functions[DEEP][768];

	for (unsigned i = 0; i < python_count; i++) {
		snprintf(files[i], sizeof(files[i]), "/f%u%s.py", i, text);
		snprintf(functions[i], sizeof(functions[i]), "g%u%s", i, text);
		python[i] = (struct python_frame){ files[i], functions[i], (int)i, i % 2 };
	}
	for (unsigned i = 0; i < native_count; i++)
		native[i] = (struct c_frame){ 0x7f0000000000 + i, "/lib/libc.so.6", i, NULL, i,
					      i < python_count ? i : 0, i < python_count };
	stack = (struct stack){ .detail = STACK_NATIVE, .python = python,
				.python_count = python_count, .user = python_count,
				.native = native, .native_count = native_count };
}

static struct event full_event(void)
{
	struct event event = record_event;

	event.path2 = "/other";
	event.raw = "../FILE";
	event.rule = "deny write /tmp";
	event.source = "a.policy:3";
	event.rule_is_users = event.is_probe = event.was_asked = true;
	event.asked = asked_name(ASKED_GRANT);
	event.waited_us = 77;
	event.reason = "because";
	event.where = "demo.py:3 in save()";
	event.dur_us = 1234567890123;
	event.parent = 41;
	event.host = "203.0.113.9:443";
	return event;
}

static size_t pack(const struct read_event *event, char *out)
{
	size_t size = flat_pack(event, out);

	ck_assert_uint_le(size, FLAT_MAX);
	return size;
}

static struct flat_event *there_and_back(const struct read_event *event)
{
	static char bytes[FLAT_MAX];
	size_t size = pack(event, bytes);
	/* Of its own, so that a sanitizer sees a step beside it. */
	static char *copy;

	free(copy);
	copy = malloc(size);
	ck_assert_ptr_nonnull(copy);
	memcpy(copy, bytes, size);
	memset(&flat, 0xa5, sizeof(flat));
	ck_assert_int_eq(flat_unpack(copy, size, &flat), 0);
	return &flat;
}

static void same_event(const struct read_event *a, const struct read_event *b)
{
	const struct event *e = &a->event, *f = &b->event;

	ck_assert_int_eq(e->kind, f->kind);
	ck_assert_uint_eq(e->n, f->n);
	ck_assert_uint_eq(e->t_us, f->t_us);
	ck_assert_uint_eq(e->dur_us, f->dur_us);
	ck_assert_uint_eq(e->waited_us, f->waited_us);
	same_text(e->asked, f->asked);
	ck_assert_int_eq(e->pid, f->pid);
	ck_assert_int_eq(e->tid, f->tid);
	ck_assert_int_eq(e->parent, f->parent);
	ck_assert_int_eq(e->class, f->class);
	ck_assert_int_eq(e->outcome, f->outcome);
	ck_assert_int_eq(e->error, f->error);
	ck_assert_int_eq(e->is_probe, f->is_probe);
	ck_assert_int_eq(e->was_asked, f->was_asked);
	ck_assert_int_eq(e->rule_is_users, f->rule_is_users);
	same_text(e->call, f->call);
	same_text(e->path, f->path);
	same_text(e->path2, f->path2);
	same_text(e->raw, f->raw);
	same_text(e->action, f->action);
	same_text(e->flags, f->flags);
	same_text(e->effects, f->effects);
	same_text(e->rule, f->rule);
	same_text(e->source, f->source);
	same_text(e->reason, f->reason);
	same_text(e->where, f->where);
	same_text(a->class_name, b->class_name);
	same_text(a->verdict, b->verdict);
	same_text(a->error_name, b->error_name);
	same_text(a->host, b->host);
	same_text(a->file, b->file);
	same_text(a->function, b->function);
	ck_assert_int_eq(a->line, b->line);
	ck_assert_int_eq(!e->stack, !f->stack);
}

START_TEST(every_field_survives)
{
	struct event event = full_event();
	struct read_event read;

	make_stack(20, 30, "");
	native[3].symbol = "PyEval";
	stack.user = 7;
	stack.is_truncated = true;
	stack.native_reason = "why";
	stack.reason = "for no reason";
	event.stack = &stack;
	read_event_of(&event, &read);
	ck_assert_str_eq(read.class_name, "write");
	ck_assert_str_eq(read.verdict, "deny");
	ck_assert_str_eq(read.error_name, "EACCES");
	ck_assert_str_eq(read.host, "203.0.113.9:443");
	ck_assert_str_eq(read.file, "/f7.py");
	ck_assert_int_eq(read.line, 7);
	ck_assert_str_eq(read.function, "g7");
	read.host = "example.net";
	same_event(&there_and_back(&read)->event, &read);
	same_stack(flat.event.event.stack, &stack);
}
END_TEST

START_TEST(nothing_survives_as_nothing)
{
	struct event event = { .kind = EVENT_NOTE, .call = "", .reason = "a note" };
	struct read_event read;

	read_event_of(&event, &read);
	ck_assert_ptr_null(read.event.call);
	ck_assert_ptr_null(read.verdict);
	same_event(&there_and_back(&read)->event, &read);
	ck_assert_ptr_null(flat.event.event.stack);
	read = (struct read_event){ .event.class = CLASS_COUNT, .event.outcome = OUTCOME_COUNT };
	same_event(&there_and_back(&read)->event, &read);
	read.event.path = read.host = "";
	same_event(&there_and_back(&read)->event, &read);
}
END_TEST

/* Paths as long as they get stay whole; what does not fit loses its middle. */
START_TEST(long_texts_lose_their_middle)
{
	char path[LONG_PATH + 1], huge[100000];
	struct event event = full_event();
	struct read_event read;
	const char *got;

	memset(path, 'p', LONG_PATH);
	path[LONG_PATH] = '\0';
	memset(huge, 'h', sizeof(huge) - 1);
	memcpy(huge, "begin", 5);
	memcpy(huge + sizeof(huge) - 4, "end", 4);
	event.path = event.raw = path;
	read_event_of(&event, &read);
	same_event(&there_and_back(&read)->event, &read);
	event.path = event.path2 = event.raw = event.rule = event.where = event.reason = huge;
	make_stack(DEEP, STACK_NATIVE_MAX, huge + 99000);
	event.stack = &stack;
	read_event_of(&event, &read);
	got = there_and_back(&read)->event.event.reason;
	ck_assert_uint_lt(strlen(got), FLAT_TEXT_MAX);
	ck_assert_uint_gt(strlen(got), 1000);
	ck_assert(strncmp(got, "begin", 5) == 0 && strcmp(got + strlen(got) - 3, "end") == 0);
	ck_assert_ptr_nonnull(strstr(got, "h...h"));
	ck_assert_uint_gt(flat.stack.python_count, 0);
}
END_TEST

/* Never half a character, wherever the middle falls. */
START_TEST(characters_stay_whole)
{
	char text[6000];
	struct read_event read = { .event.path = text };
	size_t shift = (size_t)_i;
	const char *got;

	memset(text, 'a', shift);
	for (size_t i = shift; i + 3 < sizeof(text); i += 3)
		memcpy(text + i, "\xe2\x82\xac", 4);
	got = there_and_back(&read)->event.event.path + shift;
	while (strncmp(got, "\xe2\x82\xac", 3) == 0)
		got += 3;
	ck_assert_int_eq(strncmp(got, "...", 3), 0);
	for (got += 3; *got; got += 3)
		ck_assert_int_eq(strncmp(got, "\xe2\x82\xac", 3), 0);
}
END_TEST

static const struct {
	unsigned python, native, user;
} deep[] = {
	{ 64, 48, 64 }, { 65, 49, 65 }, { 65, 0, 33 }, { 2048, 256, 1000 }, { 2048, 256, 2 },
	{ 2048, 256, 2047 }, { 0, 256, 0 }, { 100, 100, 99 },
};

static const struct python_frame *frame_named(int line)
{
	for (unsigned i = 0; i < flat.stack.python_count; i++)
		if (flat.stack.python[i].line == line)
			return &flat.stack.python[i];
	return NULL;
}

START_TEST(deep_stacks_lose_their_middle)
{
	struct event event = record_event;
	unsigned count = deep[_i].python, user = deep[_i].user;
	struct read_event read;

	make_stack(count, deep[_i].native, "");
	stack.user = user;
	event.stack = &stack;
	read_event_of(&event, &read);
	there_and_back(&read);
	ck_assert_uint_eq(flat.stack.python_count, count < 64 ? count : 64);
	ck_assert_uint_eq(flat.stack.native_count, deep[_i].native < 48 ? deep[_i].native : 48);
	ck_assert_int_eq(flat.stack.is_truncated, count > 64 || deep[_i].native > 48);
	for (unsigned i = 0; i < flat.stack.python_count; i++) {
		int line = flat.stack.python[i].line;

		same_frame(&flat.stack.python[i], &python[line]);
		ck_assert(i == 0 ? line == 0 : line > flat.stack.python[i - 1].line);
	}
	if (count)
		ck_assert_ptr_nonnull(frame_named((int)count - 1));
	if (user < count)
		ck_assert_int_eq(stack_first(&flat.stack)->line, (int)user);
	/* Each C frame ran the Python frame of its own number; who is left out runs in none. */
	for (unsigned i = 0; i < flat.stack.native_count; i++) {
		const struct c_frame *c = &flat.stack.native[i];

		ck_assert_uint_eq(c->count, c->offset < count && frame_named((int)c->offset));
		if (c->count)
			ck_assert_int_eq(flat.stack.python[c->first].line, (int)c->offset);
	}
}
END_TEST

/* Long names cost frames, and still the first is there. */
START_TEST(long_names_cost_frames)
{
	char text[701];
	struct event event = record_event;
	struct read_event read;

	memset(text, 'n', 700);
	text[700] = '\0';
	make_stack(40, 4, text);
	stack.user = 20;
	event.stack = &stack;
	read_event_of(&event, &read);
	there_and_back(&read);
	ck_assert_uint_ge(flat.stack.python_count, 5);
	ck_assert(flat.stack.is_truncated);
	ck_assert_int_eq(stack_first(&flat.stack)->line, 20);
	ck_assert_int_eq(strncmp(stack_first(&flat.stack)->file, "/f20nnn", 7), 0);
}
END_TEST

static size_t packed_example(char *out)
{
	struct event event = full_event();
	struct read_event read;

	make_stack(9, 5, "xyz");
	event.stack = &stack;
	stack.user = 4;
	read_event_of(&event, &read);
	return pack(&read, out);
}

/* In memory of exactly this size: a step outside is seen by a sanitizer. */
static int unpack_copy(const char *bytes, size_t size)
{
	char *copy = malloc(size ? size : 1);
	int r;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, bytes, size);
	r = flat_unpack(copy, size, &flat);
	ck_assert(r == 0 || r == -EBADMSG);
	if (r == 0) {
		static char again[FLAT_MAX];

		/* Whatever it says, it is bounded, and can be packed again. */
		ck_assert_uint_le(flat.stack.user, flat.stack.python_count);
		ck_assert_int_eq(flat_unpack(again, pack(&flat.event, again), &flat), 0);
	}
	free(copy);
	return r;
}

START_TEST(every_cut_is_refused)
{
	static char bytes[FLAT_MAX];
	size_t size = packed_example(bytes);

	ck_assert_int_eq(unpack_copy(bytes, size), 0);
	for (size_t cut = 0; cut < size; cut++)
		ck_assert_int_eq(unpack_copy(bytes, cut), -EBADMSG);
	ck_assert_int_eq(flat_unpack(bytes, FLAT_MAX, &flat), -EBADMSG);
}
END_TEST

START_TEST(corrupted_bytes_stay_inside)
{
	static char bytes[FLAT_MAX], mutated[FLAT_MAX];
	size_t size = packed_example(bytes);
	unsigned taken = 0;

	srandom((unsigned)_i);
	for (int round = 0; round < ROUNDS; round++) {
		memcpy(mutated, bytes, size);
		for (long n = random() % 8; n >= 0; n--) {
			/* Every second one in the head, where places and counts stand. */
			size_t at = (size_t)random() % (random() % 2 ? size : 120);

			mutated[at] = (char)(random() % 3 ? random() : 0xff * (random() % 2));
		}
		taken += unpack_copy(mutated, size) == 0;
	}
	ck_assert_uint_gt(taken, 0);
}
END_TEST

/* Not asserted: another machine is slower, and a busy one much. */
START_TEST(packing_takes)
{
	static char bytes[FLAT_MAX];
	struct event event = full_event();
	struct read_event read;
	double start;

	make_stack(20, 0, "/usr/lib/python3/dist-packages");
	stack.user = 5;
	event.stack = &stack;
	start = record_now_s();
	for (int i = 0; i < 200000; i++) {
		read_event_of(&event, &read);
		flat_pack(&read, bytes);
	}
	printf("packing an event of 20 frames: %.0f ns, %zu bytes\n",
	       (record_now_s() - start) * 1e9 / 200000, flat_pack(&read, bytes));
	start = record_now_s();
	for (int i = 0; i < 200000; i++)
		flat_unpack(bytes, 0[(uint16_t *)(void *)(bytes + 4)], &flat);
	printf("unpacking it: %.0f ns\n", (record_now_s() - start) * 1e9 / 200000);
}
END_TEST

static Suite *flat_suite(void)
{
	Suite *suite = suite_create("flat");
	TCase *tcase = tcase_create("flat");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, every_field_survives);
	tcase_add_test(tcase, nothing_survives_as_nothing);
	tcase_add_test(tcase, long_texts_lose_their_middle);
	tcase_add_loop_test(tcase, characters_stay_whole, 0, 3);
	tcase_add_loop_test(tcase, deep_stacks_lose_their_middle, 0, ARRAY_SIZE(deep));
	tcase_add_test(tcase, long_names_cost_frames);
	tcase_add_test(tcase, every_cut_is_refused);
	tcase_add_loop_test(tcase, corrupted_bytes_stay_inside, 0, 4);
	tcase_add_test(tcase, packing_takes);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{

	return suite_run(flat_suite());
}
