/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pump.h: a thread that writes into a pipe which others hold, too.
 *
 * Who splices from a silent socket into a pipe keeps it locked, and a write then sleeps, O_NONBLOCK or
 * not, until that ends; not even SIGKILL wakes it.  So whoever must not sleep writes to the pump.
 */
#ifndef TRACER_EVENTS_PUMP_H
#define TRACER_EVENTS_PUMP_H

#include <stdint.h>

struct pump;

/*
 * `to` is taken when this succeeds.  ret_fd: a socket for messages of at most PIPE_BUF bytes, each
 * passed on in one write; the caller's.  It fails with EPIPE once `to` does.  0 or negative errno.
 */
int pump_new(int to, struct pump **ret_pump, int *ret_fd);

/* Until so many bytes in all were passed on: 0, what broke, or -ETIMEDOUT. */
int pump_wait(struct pump *pump, uint64_t bytes, int patience_ms);

/* Lets go: the thread passes on what is left once the socket is closed, and ends.  NULL is fine. */
void pump_free(struct pump *pump);

#endif
