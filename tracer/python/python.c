/* SPDX-License-Identifier: Apache-2.0 */
/* python.c: see python.h. */
#include "tracer/python/python.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tracer/python/threads.h"

#define NO_POINTER "this thread's pointer is not known"
#define NOT_PYTHONS "a thread that Python did not start"
#define NOT_RUNNING "no Python code runs in this thread"
#define UNREADABLE "its memory does not hold what Python keeps there"

/* proc_pid_syscall(5): of a thread that sleeps in a call, the stack pointer is the last but one. */
static uint64_t ask_stack(pid_t pid, pid_t tid)
{
	char path[48], text[256], *at;
	cleanup_close int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/syscall", pid, tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	at = strrchr(text, ' ');
	if (!at)
		return 0;
	*at = '\0';
	at = strrchr(text, ' ');
	return at ? strtoull(at + 1, NULL, 16) : 0;
}

struct match {
	uint64_t state, anchor;
};

static int by_anchor(const void *left, const void *right)
{
	const struct match *a = left, *b = right;

	return a->anchor < b->anchor ? -1 : a->anchor > b->anchor;
}

/*
 * Several interpreters in one thread: the one that was entered last is the innermost, so its
 * anchor is the lowest that is still in use.  Before 3.11 the list's own order holds: newest first.
 */
static unsigned order(const struct frames_walk *walk, const struct python_thread *thread,
		      const struct threads *found, struct match *matches)
{
	uint64_t stack = thread->stack;
	unsigned count = 0;

	if (found->count > 1 && !stack)
		stack = ask_stack(thread->pid, thread->tid);
	for (unsigned i = 0; i < found->count; i++) {
		uint64_t anchor = frames_first_anchor(walk, found->state[i]);
		bool is_old = walk->runtime->layout.minor < 11;

		/* No frame: a thread that is being started, or a state that is not in use. */
		if (!anchor || (!is_old && found->count > 1 && anchor < stack))
			continue;
		matches[count++] = (struct match){ found->state[i], anchor };
	}
	if (walk->runtime->layout.minor >= 11)
		qsort(matches, count, sizeof(*matches), by_anchor);
	return count;
}

static int walk_runtime(const struct frames_walk *walk, const struct python_thread *thread,
			struct frames *frames, const char **reason)
{
	struct match matches[THREADS_MATCHES_MAX];
	struct threads found;
	unsigned count;
	int e = 0;

	if (*thread->state && threads_is(walk->pages, walk->runtime, *thread->state,
					 thread->pointer)) {
		e = frames_append(walk, *thread->state, frames);
		if (e < 0 || frames->count)
			return e;
	}
	*thread->state = 0;
	if (threads_find(walk->pages, walk->runtime, thread->pointer, &found) < 0) {
		*reason = UNREADABLE;
		return 0;
	}
	count = order(walk, thread, &found, matches);
	for (unsigned i = 0; e == 0 && i < count; i++)
		e = frames_append(walk, matches[i].state, frames);
	if (found.is_only && count == 1)
		*thread->state = matches[0].state;
	if (!frames->count)
		*reason = count ? UNREADABLE : found.count ? NOT_RUNNING : NOT_PYTHONS;
	return e;
}

int python_frames(const struct frames_walk *walk, const struct runtimes *runtimes,
		  const struct python_thread *thread, struct frames *frames,
		  const char **ret_reason)
{
	struct frames_walk each = *walk;
	int e = 0;

	frames_clear(frames);
	*ret_reason = NO_POINTER;
	if (!thread->pointer)
		return 0;
	for (unsigned i = 0; e == 0 && i < runtimes->count && !frames->count; i++) {
		each.runtime = &runtimes->items[i];
		e = walk_runtime(&each, thread, frames, ret_reason);
	}
	if (frames->count)
		*ret_reason = NULL;
	return e;
}
