/* SPDX-License-Identifier: Apache-2.0 */
/*
 * address.h: socket addresses that were copied from a tracee.
 */
#ifndef TRACER_ADDRESS_H
#define TRACER_ADDRESS_H

#include <sys/un.h>

#include "tracer/op.h"

struct address_path {
	char text[sizeof(((struct sockaddr_un *)0)->sun_path) + 1];
};

/* The path of a unix address, with its NUL. */
struct address_path address_path(const struct op *op);

/* The tracee's own socket, as a descriptor of ours; -ENOTSUP: this system gives us no hold of it. */
int address_socket(const struct op *op);

/*
 * bind(2) of an IP socket with the copied address, on the tracee's own socket (pidfd_getfd(2)).
 * The kernel would read the address again, and a unix socket could then make a name on disk.
 * -ENOTSUP: this system gives us no hold of the socket.
 */
long address_bind(const struct op *op);

/*
 * connect(2) and sendto(2) in the same way: an answer is about the address that was shown.
 * -ENOTSUP as above.  A blocking connect is only begun: -EINPROGRESS, and `ret_socket` is for
 * address_connected and then the caller's to close.
 */
long address_connect(const struct op *op, int *ret_socket);
long address_send(const struct op *op);

/* True when it is over; the result. */
bool address_connected(int socket, long *ret_result);

#endif
