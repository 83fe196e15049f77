/* SPDX-License-Identifier: Apache-2.0 */
/*
 * argv.h: the words that a program is run with, for the record.  No verdict depends on them.
 */
#ifndef TRACER_ARGV_H
#define TRACER_ARGV_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ARGV_WORDS_MAX 256
#define ARGV_BYTES_MAX 16384

struct argv {
	const char *words[ARGV_WORDS_MAX + 1];   /* NULL ends; into `bytes` */
	size_t used;
	char bytes[ARGV_BYTES_MAX];
};

/*
 * Read once; malloc'd.  What is too long or too much ends with the word "...".  NULL: it cannot be
 * read, there is none, or no memory.
 */
struct argv *argv_read(pid_t tid, uint64_t address);

#endif
