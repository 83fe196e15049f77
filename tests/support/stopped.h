/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stopped.h: a program that is traced up to a call, for tests that look at a stopped thread.
 *
 * Use in checked fixtures and tests only: the tracer is the process that started it.
 */
#ifndef TESTS_SUPPORT_STOPPED_H
#define TESTS_SUPPORT_STOPPED_H

#include <stdbool.h>
#include <sys/types.h>

#include "tracer/regs.h"

/* A call that no kernel has: the programs of these tests stop by it. */
#define STOPPED_MARKER 9999

struct stopped {
	pid_t pid;               /* 0: not started, or ended */
	pid_t tid;               /* which of its threads is stopped, on entering a call */
	struct regs regs;
};

/* Starts it with these words (NULL ends); it has not run yet. */
void stopped_start(struct stopped *stopped, const char *const words[]);

/* Until any of its threads enters call `nr` (-1: any call); false: it ended first. */
bool stopped_next(struct stopped *stopped, long nr);

/* Kills it, unless it has ended. */
void stopped_end(struct stopped *stopped);

/* Compiles C text with these flags to a program at `path`; the test fails when that fails. */
void stopped_compile(const char *text, const char *flags, const char *path);

#endif
