/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mem.h: the only door to a tracee's memory.
 *
 * Bounded, to page edges; a short read is a failure of the whole (-EFAULT), never "harmless".
 * The tracee cannot stall a read: userfaultfd, mounts and FUSE are refused to it, and the watchdog
 * (watchdog.h) ends it if a page of somebody else's file system hangs.
 */
#ifndef TRACER_MEM_H
#define TRACER_MEM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

/* Exactly `size` bytes or -EFAULT; -ESRCH: gone. */
int mem_read(pid_t tid, uint64_t address, void *buffer, size_t size);

/* A C string into buffer[size]: 0, -ENAMETOOLONG when no NUL came within it; on failure "". */
int mem_read_string(pid_t tid, uint64_t address, char *buffer, size_t size);

/*
 * Many places with one call, one after the other into `buffer`, which has room for all of them.
 * The bytes read: the kernel stops before the first page that cannot be read; or a negative errno.
 * At most MEM_PLACES_MAX places.
 */
#define MEM_PLACES_MAX 64u
ssize_t mem_read_places(pid_t tid, const struct iovec *places, unsigned count, void *buffer);

/* Honours page protection, as the kernel would. */
int mem_write(pid_t tid, uint64_t address, const void *buffer, size_t size);

#endif
