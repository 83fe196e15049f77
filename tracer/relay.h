/* SPDX-License-Identifier: Apache-2.0 */
/*
 * relay.h: the script's output through the tracer, for --output.
 *
 * What a script writes to descriptor 1 and 2 cannot be counted from outside while they are the
 * caller's own, so with a limit they are pipes that the tracer empties into the real ones.  One
 * pipe serves both when both lead to the same file, so that their order stays.  A slow reader
 * slows the script, never the tracer; a reader that is gone closes the pipe (SIGPIPE, as without us).
 * A thread does it: a script that keeps its pipe locked (splice(2) from a silent socket) makes
 * whoever reads it sleep, O_NONBLOCK or not.
 */
#ifndef TRACER_RELAY_H
#define TRACER_RELAY_H

#include <stdbool.h>
#include <stdint.h>

struct relay;

/* `ret_out` and `ret_err` are for the child; the caller closes them once it runs. */
int relay_new(uint64_t limit, struct relay **ret_relay, int *ret_out, int *ret_err);

/* Once the child is there.  `wake` is written to when the limit is passed.  NULL is fine. */
int relay_start(struct relay *relay, int wake);

/* True when the limit is passed. */
bool relay_is_over(struct relay *relay);

/* After the last tracee: the rest of what they wrote, waiting for the reader.  True: over limit. */
bool relay_drain(struct relay *relay);

void relay_free(struct relay *relay);

#endif
