/* SPDX-License-Identifier: Apache-2.0 */
/* test_wire.c: messages there and back; a full pair, a gone one, and packets that are none. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/suite.h"
#include "tracer/events/wire.h"

static int ends[2];
static struct wire_message message;

static void set_up(void)
{
	ck_assert_int_eq(wire_pair(ends), 0);
}

static void tear_down(void)
{
	close(ends[0]);
	close(ends[1]);
}

static void check(enum wire_kind kind, uint64_t question, bool flag, const char *body, size_t size)
{
	ck_assert_int_eq(wire_receive(ends[1], &message), 1);
	ck_assert_uint_eq(message.head.kind, kind);
	ck_assert_uint_eq(message.head.question, question);
	ck_assert_uint_eq(message.head.flag, flag);
	ck_assert_uint_eq(message.head.size, size);
	ck_assert_int_eq(memcmp(message.body, body, size), 0);
	ck_assert_int_eq(message.body[size], 0);
}

START_TEST(every_kind_arrives)
{
	enum wire_kind kind = (enum wire_kind)_i;

	ck_assert_int_eq(wire_receive(ends[1], &message), 0);
	memset(&message, 0xa5, sizeof(message));
	ck_assert_int_eq(wire_send(ends[0], kind, UINT64_MAX, true, "a\0b", 3), 0);
	ck_assert_int_eq(wire_send(ends[0], kind, 0, false, NULL, 0), 0);
	check(kind, UINT64_MAX, true, "a\0b", 3);
	check(kind, 0, false, "", 0);
	ck_assert_int_eq(wire_receive(ends[1], &message), 0);
}
END_TEST

START_TEST(the_largest_arrives)
{
	char *body = malloc(WIRE_JSON_MAX);

	memset(body, 'x', WIRE_JSON_MAX);
	ck_assert_int_eq(wire_send(ends[0], WIRE_START, 0, false, body, WIRE_JSON_MAX), -EMSGSIZE);
	ck_assert_int_eq(wire_send(ends[0], WIRE_START, 0, false, body, WIRE_JSON_MAX - 1), 0);
	check(WIRE_START, 0, false, body, WIRE_JSON_MAX - 1);
	free(body);
}
END_TEST

START_TEST(a_full_pair_says_so)
{
	unsigned sent = 0, got = 0;
	int e = 0;

	while (e == 0 && sent < 100000)
		if ((e = wire_send(ends[0], WIRE_ASK, sent, false, "text", 4)) == 0)
			sent++;
	ck_assert_int_eq(e, -EAGAIN);
	while (wire_receive(ends[1], &message) == 1)
		ck_assert_uint_eq(message.head.question, got++);
	ck_assert_uint_eq(got, sent);
	ck_assert_int_eq(wire_send(ends[0], WIRE_ASK, 0, false, NULL, 0), 0);
}
END_TEST

START_TEST(what_was_sent_arrives_before_the_end)
{
	ck_assert_int_eq(wire_send(ends[0], WIRE_RESULT, 0, false, "{}", 2), 0);
	close(ends[0]);
	check(WIRE_RESULT, 0, false, "{}", 2);
	ck_assert_int_eq(wire_receive(ends[1], &message), -EPIPE);
	ck_assert_int_eq(wire_send(ends[1], WIRE_END, 0, false, NULL, 0), -EPIPE);
	ends[0] = -1;
}
END_TEST

/* Each is dropped, and what follows is read. */
static const struct {
	struct wire_head head;
	size_t size;             /* of the packet; 0: the head's and its body */
} bad[] = {
	{ { WIRE_VERSION + 1, WIRE_END, 0, 0, 0 }, 0 },
	{ { 0, WIRE_END, 0, 0, 0 }, 0 },
	{ { WIRE_VERSION, WIRE_KINDS, 0, 0, 0 }, 0 },
	{ { WIRE_VERSION, UINT32_MAX, 0, 0, 0 }, 0 },
	{ { WIRE_VERSION, WIRE_FREEZE, 0, 2, 0 }, 0 },
	{ { WIRE_VERSION, WIRE_ANSWER, 1, 1, 1 }, sizeof(struct wire_head) },
	{ { WIRE_VERSION, WIRE_ANSWER, 1, 1, UINT32_MAX }, sizeof(struct wire_head) },
	{ { WIRE_VERSION, WIRE_ANSWER, 1, 1, 0 }, sizeof(struct wire_head) + 1 },
	{ { WIRE_VERSION, WIRE_ANSWER, 1, 1, 0 }, sizeof(struct wire_head) - 1 },
	{ { WIRE_VERSION, WIRE_ANSWER, 1, 1, 0 }, 1 },
	{ { WIRE_VERSION, WIRE_START, 0, 0, WIRE_JSON_MAX }, sizeof(struct wire_head) +
	  WIRE_JSON_MAX },
};

START_TEST(what_is_no_message_is_dropped)
{
	static char packet[sizeof(struct wire_head) + WIRE_JSON_MAX];
	size_t size = bad[_i].size ? bad[_i].size : sizeof(struct wire_head);

	memcpy(packet, &bad[_i].head, sizeof(struct wire_head));
	ck_assert_int_eq(send(ends[0], packet, size, 0), (ssize_t)size);
	ck_assert_int_eq(wire_send(ends[0], WIRE_END, 0, false, NULL, 0), 0);
	ck_assert_int_eq(wire_receive(ends[1], &message), -EBADMSG);
	check(WIRE_END, 0, false, "", 0);
}
END_TEST

/* A descriptor that comes along is not kept. */
START_TEST(descriptors_are_refused)
{
	struct wire_head head = { WIRE_VERSION, WIRE_END, 0, 0, 0 };
	struct iovec iov = { &head, sizeof(head) };
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .header = { CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS } };
	struct msghdr header = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
				 .msg_controllen = sizeof(control) };
	int fds[2], next, one = 0;

	ck_assert_int_eq(pipe(fds), 0);
	memcpy(CMSG_DATA(&control.header), &fds[0], sizeof(int));
	ck_assert_int_eq(sendmsg(ends[0], &header, 0), sizeof(head));
	next = dup(one);
	close(next);
	ck_assert_int_eq(wire_receive(ends[1], &message), -EBADMSG);
	one = dup(one);
	ck_assert_int_eq(one, next);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire");
	TCase *tcase = tcase_create("messages");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, every_kind_arrives, 0, WIRE_KINDS);
	tcase_add_test(tcase, the_largest_arrives);
	tcase_add_test(tcase, a_full_pair_says_so);
	tcase_add_test(tcase, what_was_sent_arrives_before_the_end);
	tcase_add_loop_test(tcase, what_is_no_message_is_dropped, 0, ARRAY_SIZE(bad));
	tcase_add_test(tcase, descriptors_are_refused);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
