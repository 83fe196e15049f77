/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answer.h: answers to questions, from any thread or signal handler to the tracer's loop.
 */
#ifndef TRACER_ANSWER_H
#define TRACER_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

struct answer {
	uint64_t question;
	bool allow;
};

/* The read end, non-blocking; run_answer() writes to the other. */
int answer_open(int *ret_read);
void answer_close(int read_end);

/* False: none is there. */
bool answer_read(int read_end, struct answer *ret_answer);

#endif
