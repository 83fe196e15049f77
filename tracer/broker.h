/* SPDX-License-Identifier: Apache-2.0 */
/*
 * broker.h: allowed calls, performed by the tracer on what it resolved.
 *
 * With the rights of the user who started pyjail, the tracee's umask and limits.  Never by text
 * (but for direct.h): an existing object through /proc/self/fd/N of the tracer's own descriptor, a
 * name relative to the folder's descriptor without following.
 */
#ifndef TRACER_BROKER_H
#define TRACER_BROKER_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/*
 * Opens op->object[0].  A descriptor (>= 0), a negative errno for the tracee, or
 *   -EINPROGRESS: op->job blocks in it;
 *   -ESTALE: the name is taken since it was resolved: resolve and judge again.
 */
int broker_open(struct tracer *tracer, struct op *op);

/* Takes off the O_NONBLOCK that was added, unless it is wanted: fd, or closed and a negative errno. */
int broker_restore_blocking(int fd, int wanted);

/* A unix stream socket whose other end is closed: connect gives EISCONN, nothing is reachable. */
int broker_dead_end_socket(const struct op *op);

/* The errors of open flags that opening the object anew would not give. */
int broker_check_flags(const struct op *op, const struct object *object);

/* unlink, rename, link, mkdir, chmod, ...: the result for the tracee. */
long broker_number(struct tracer *tracer, struct op *op);

/* stat, readlink, ...: performed here, the result written once into the tracee's buffer. */
long broker_fill(const struct tracer *tracer, struct op *op);

/* Sets the tracer's own umask to the tracee's. */
void broker_umask(struct tracer *tracer, const struct op *op);

#endif
