/* SPDX-License-Identifier: Apache-2.0 */
/*
 * say.h: what pyjail says on stderr in its own name.  Everything is shown escaped.
 */
#ifndef SAY_H
#define SAY_H

#include "base/fail.h"

#define EXIT_USAGE 2
#define EXIT_PYJAIL 125

/* A sentence of ours, and a newline. */
void say_text(const char *text);

/* File, line, what is wrong, the line itself, and the cure. */
void say_fault(const struct fault *fault);

/* "PROBLEM: error".  EXIT_PYJAIL, so that `return say_failure(...)` reads well. */
int say_failure(const char *problem, int error);

#endif
