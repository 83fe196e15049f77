/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listeners.h: the runner's own addresses that a script may try to reach: TCP and UDP on
 * 127.0.0.1, a path socket, an abstract one, both also for datagrams (with .dgram appended to the
 * name); and the port on which it may try to listen.
 */
#ifndef TRACER_CORPUS_LISTENERS_H
#define TRACER_CORPUS_LISTENERS_H

#include <stdbool.h>
#include <stddef.h>

#include "tracer/corpus/fill.h"

struct listeners {
	int tcp, udp;                              /* -1: none */
	int unix_path, unix_abstract, path_datagrams, abstract_datagrams;
	int port;                                  /* free a moment ago */
};

/* Fills in the addresses.  listeners_close is due in any case. */
int listeners_open(struct listeners *listeners, const char *base, struct fill *fill);
void listeners_close(struct listeners *listeners);

/* Which of them something came to, in `out`; false: none. */
bool listeners_reached(const struct listeners *listeners, char *out, size_t size);

/* Somebody accepts connections at `port`. */
bool listeners_can_connect(const struct listeners *listeners);

#endif
