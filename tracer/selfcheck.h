/* SPDX-License-Identifier: Apache-2.0 */
/*
 * selfcheck.h: do tracebacks work for this interpreter?  Tried, by a run of a small script.
 *
 * In each of several shapes of stack (threads, generators, callbacks from C, ...) the script tries
 * to open a path that spells out what Python itself says of the stack (sys._getframe), on that same
 * line; what was read from outside is compared with it.
 */
#ifndef TRACER_SELFCHECK_H
#define TRACER_SELFCHECK_H

#include "tracer/doctor.h"

/* `python`: as --python has it.  Needs a kernel on which pyjail can run. */
void selfcheck(const char *python, struct finding *ret_finding);

#endif
