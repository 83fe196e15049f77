/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.h: the text of one line of the script, for messages.
 *
 * The name of the file is the script's word (code.replace(co_filename=...) is plain Python), so it
 * is read only when the *policy* lets the script read it, and when it is a regular file: a message
 * must not show what the script may not see, nor wait for a FIFO or a device.
 */
#ifndef TRACER_SOURCE_H
#define TRACER_SOURCE_H

#include <stddef.h>

struct policy;

#define SOURCE_BYTES_MAX (1u << 20)    /* lines further on are not looked for */

struct source {
	const struct policy *policy;
	const char *cwd;                /* where relative names begin: pyjail's own, at start */
};

/* `data`: struct source.  0 and the line without blanks around it, cut to `size`; or negative errno. */
int source_line(void *data, const char *file, int line, char *out, size_t size);

#endif
