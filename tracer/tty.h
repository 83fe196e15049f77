/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tty.h: terminals.  /dev/tty means the controlling terminal of whoever opens it, so the tracer must
 * open the tracee's, and never get a controlling terminal itself (O_NOCTTY).
 */
#ifndef TRACER_TTY_H
#define TRACER_TTY_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/* tty_nr of a process (proc_pid_stat(5), field 7); 0: none. */
int tty_of(pid_t pid);

/* Virtual and pseudo terminals: opening one never waits for a carrier. */
bool tty_is_plain(dev_t device);

/* open("/dev/tty") for the tracee: a descriptor or a negative errno (-ENXIO: it has none). */
int tty_open(const struct tracer *tracer, const struct op *op);

#endif
