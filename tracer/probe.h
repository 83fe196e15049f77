/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe.h: a short-lived child in which something is tried that might be refused, hang or be
 * answered by death.
 *
 * Nothing waits beyond its deadline, and no child outlives probe_end or the thread that made it.
 * Both sides talk over a socketpair: a number, and perhaps a descriptor.
 */
#ifndef TRACER_PROBE_H
#define TRACER_PROBE_H

#include <stdint.h>
#include <sys/types.h>

struct probe {
	pid_t pid;
	int socket;
};

/* Runs in the child; what it returns is sent as the last message. */
typedef int probe_fn(int socket, void *data);

int64_t probe_now_ms(void);

/* 0, or -errno and then there is no child. */
int probe_start(struct probe *ret_probe, probe_fn *body, void *data);

/* Kills the child, reaps it, closes the socket. */
void probe_end(struct probe *probe, int64_t deadline_ms);

/* Either side.  fd -1: none. */
int probe_send(int socket, int value, int fd);

/*
 * Either side.  -ETIMEDOUT; -ECHILD: the other side is gone.  *ret_fd is -1 when none came;
 * ret_fd may be NULL.
 */
int probe_receive(int socket, int64_t deadline_ms, int *ret_value, int *ret_fd);

/* Start, first message, end: what `body` returned, -ECHILD when it did not live to say so. */
int probe_try(probe_fn *body, void *data, int64_t deadline_ms);

/* Milliseconds that are left, never negative; for poll(2). */
int probe_left_ms(int64_t deadline_ms);

#endif
