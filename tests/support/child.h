/* SPDX-License-Identifier: Apache-2.0 */
/*
 * child.h: a part of a test that must run in a process of its own, and says by itself what failed.
 */
#ifndef TESTS_SUPPORT_CHILD_H
#define TESTS_SUPPORT_CHILD_H

/* The child reports here; kept out of the way of the numbers that tests use. */
#define CHILD_REPORT_FD 701

typedef void child_fn(const void *data);

/* Runs `body` in a child; unless it returns, fails the running test in the child's own words. */
void child_run(child_fn *body, const void *data);

/* In a child: ends it with these words. */
void child_give_up(const char *file, int line, const char *what) __attribute__((noreturn));

#define EXPECT(condition) do { \
	if (!(condition)) \
		child_give_up(__FILE__, __LINE__, #condition); \
} while (0)

/* In a child: an outer filter, as a container has one, answers the call `nr` with `error`. */
void child_refuse_call(int nr, int error);

#endif
