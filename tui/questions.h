/* SPDX-License-Identifier: Apache-2.0 */
/*
 * questions.h: what threads of the script wait for a person to answer, oldest first.
 *
 * Bounded: with more than QUESTIONS_MAX the rest waits in the tracer's socket.
 */
#ifndef TUI_QUESTIONS_H
#define TUI_QUESTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUESTIONS_MAX 256

struct question {
	uint64_t number;
	size_t size;
	char *bytes;            /* the event, flat */
};

struct questions {
	struct question items[QUESTIONS_MAX];
	size_t count;
};

/* -ENOSPC: no room; -ENOMEM. */
int questions_add(struct questions *questions, uint64_t number, const char *bytes, size_t size);

/* Unknown numbers are ignored. */
void questions_remove(struct questions *questions, uint64_t number);
void questions_clear(struct questions *questions);

#endif
