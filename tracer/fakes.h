/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fakes.h: what the script was told that it did, and did not do.
 *
 * One set for all of the run's processes.  A file that it "wrote" is a file in memory (memfd), found
 * by its path: read again, asked about, listed, moved, until it is "deleted".  A file that it
 * "deleted" is remembered by its path, as gone: whoever looks is told ENOENT.  Folders, links and
 * devices that it "made" are not remembered: they are not there.
 *
 * Bounded: FAKES_MAX paths, FAKES_FILES_MAX files; a copy of what was there before is at most
 * FAKES_COPY_MAX bytes.  Beyond that the call fails (ENOSPC, EFBIG), it is never done for real.  The
 * files count for --memory until the run ends, since descriptors may outlive their names.
 */
#ifndef TRACER_FAKES_H
#define TRACER_FAKES_H

#include "tracer/op.h"
#include "tracer/tracer.h"

#define FAKES_MAX 16384
#define FAKES_FILES_MAX 4096
#define FAKES_COPY_MAX (64u << 20)

/* Is anything remembered?  Then paths are looked at closely (hidden.h). */
bool fakes_any(const struct tracer *tracer);

/* Gone, or below a folder that is. */
bool fakes_is_gone(const struct tracer *tracer, const char *path);

/* A descriptor of the file in memory at this path, to be closed by the caller; -ENOENT: none. */
int fakes_find(const struct tracer *tracer, const char *path);

/* stat of it; -ENOENT: none. */
int fakes_stat(const struct tracer *tracer, const char *path, struct stat *ret_stat);

/*
 * Makes one there, with the contents of `from` (-1: empty), and gives its descriptor, which is the
 * caller's.  `path` NULL: it has no name.  Mode bits are set by the caller.
 */
int fakes_make(struct tracer *tracer, const char *path, int from, int *ret_fd);

/* From now on nothing is there.  0 or a negative errno. */
int fakes_remove(struct tracer *tracer, const char *path);

/* A second name. */
int fakes_link(struct tracer *tracer, const char *from, const char *to);

/* Something real is there now. */
void fakes_forget(struct tracer *tracer, const char *path);

/* Calls `take` for each file in this very folder; stops when it returns false. */
typedef bool fakes_fn(void *data, const char *name, int fd);
void fakes_list(const struct tracer *tracer, const char *folder, fakes_fn *take, void *data);

/* Bytes of all files, named or not. */
uint64_t fakes_bytes(const struct tracer *tracer);

void fakes_free(struct tracer *tracer);

#endif
