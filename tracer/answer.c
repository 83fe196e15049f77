/* SPDX-License-Identifier: Apache-2.0 */
/* answer.c: see answer.h.  A struct is far below PIPE_BUF: written and read whole (pipe(7)). */
#include "tracer/answer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <unistd.h>

#include "tracer/run.h"

/* Static: who answers (another thread, later a screen) has no tracer in hand.  -1: no run. */
static atomic_int write_end = -1;

int answer_open(int *ret_read)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	*ret_read = ends[0];
	atomic_store(&write_end, ends[1]);
	return 0;
}

void answer_close(int read_end)
{
	int fd = atomic_exchange(&write_end, -1);

	if (fd >= 0)
		close(fd);
	if (read_end >= 0)
		close(read_end);
}

bool answer_read(int read_end, struct answer *ret_answer)
{
	return read(read_end, ret_answer, sizeof(*ret_answer)) == sizeof(*ret_answer);
}

void run_answer(uint64_t question, bool allow)
{
	struct answer answer = { .question = question, .allow = allow };
	int fd = atomic_load(&write_end);

	/* A full pipe means thousands of unread answers: the question stays open, which is safe. */
	if (fd >= 0 && write(fd, &answer, sizeof(answer)) < 0)
		return;
}
