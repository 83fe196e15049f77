/* SPDX-License-Identifier: Apache-2.0 */
/*
 * objects.h: kernel objects that outlive the process that made them.  A script names them by its
 * port: SysV key PORT, POSIX queue /pyjail-PORT, a file in /dev/shm or a key with PORT in its name.
 */
#ifndef TRACER_CORPUS_OBJECTS_H
#define TRACER_CORPUS_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>

/* Says what is there, and removes all of it; false: nothing. */
bool objects_take(int port, char *out, size_t size);

#endif
