/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command.h: a list of words as one line, as a shell would take it.  Pure.
 */
#ifndef TRACER_EVENTS_COMMAND_H
#define TRACER_EVENTS_COMMAND_H

#include <stddef.h>

/* One word more; returns the bytes used so far, never more than size - 1.  Cut where it ends. */
size_t command_add(char *out, size_t size, size_t used, const char *word);

#endif
