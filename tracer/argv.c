/* SPDX-License-Identifier: Apache-2.0 */
/* argv.c: see argv.h. */
#include "tracer/argv.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/mem.h"

#define MARK "..."

static void end_with_mark(struct argv *argv, size_t count)
{
	argv->words[count] = MARK;
	argv->words[count + 1] = NULL;
}

struct argv *argv_read(pid_t tid, uint64_t address)
{
	struct argv *argv = address ? malloc(sizeof(*argv)) : NULL;
	size_t count = 0;

	if (!argv)
		return NULL;
	for (argv->used = 0; count < ARGV_WORDS_MAX - 1; count++) {
		size_t room = sizeof(argv->bytes) - argv->used;
		char *word = argv->bytes + argv->used;
		uint64_t at = 0;

		if (mem_read(tid, address + count * sizeof(at), &at, sizeof(at)) < 0)
			break;
		if (!at) {
			argv->words[count] = NULL;
			return argv;
		}
		if (room < 2 || mem_read_string(tid, at, word, room) < 0)
			break;
		argv->words[count] = word;
		argv->used += strlen(word) + 1;
	}
	end_with_mark(argv, count);
	return argv;
}
