/* SPDX-License-Identifier: Apache-2.0 */
/* questions.c: see questions.h. */
#include "tui/questions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int questions_add(struct questions *questions, uint64_t number, const char *bytes, size_t size)
{
	struct question *question = &questions->items[questions->count];
	char *copy;

	if (questions->count == QUESTIONS_MAX)
		return -ENOSPC;
	copy = malloc(size ? size : 1);
	if (!copy)
		return -ENOMEM;
	if (size)
		memcpy(copy, bytes, size);
	*question = (struct question){ .number = number, .size = size, .bytes = copy };
	questions->count++;
	return 0;
}

void questions_remove(struct questions *questions, uint64_t number)
{
	for (size_t i = 0; i < questions->count; i++) {
		if (questions->items[i].number != number)
			continue;
		free(questions->items[i].bytes);
		memmove(&questions->items[i], &questions->items[i + 1],
			(questions->count - i - 1) * sizeof(questions->items[0]));
		questions->count--;
		return;
	}
}

void questions_clear(struct questions *questions)
{
	while (questions->count > 0)
		questions_remove(questions, questions->items[0].number);
}
