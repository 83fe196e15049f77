/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listing_fill.h: getdents(2) and getdents64(2), performed for a tracee: names are left out, or those
 * of two folders are merged.
 *
 * The entries are read by the tracer from an open file of its own on the same folder, or from both
 * sides of a layer (tracer/layer/merged.h), and written once into the tracee's buffer: the kernel never puts a name there that is left out.  Where the
 * tracee stands in the folder is its own open file's offset and nothing else: read from
 * /proc/N/fdinfo, and moved by the tracee's own lseek(2), to which its stopped call is rewritten;
 * number and offset are in registers.  So dup, fork, descriptors sent over a socket, rewinddir and
 * seekdir mean what they always do, and nothing of it is remembered here.
 *
 * What it cannot do: a file system that numbers entries by place (overlayfs, tmpfs before Linux 6.6)
 * counts anew for each open file, so that a script that removes names while it is half through a
 * folder which fills more than one buffer may miss some.  The places of names that were left out
 * show as gaps in d_off.
 *
 * Files that are only in memory (fakes.h) come with the first call from the start of the folder, as
 * far as its buffer has room.
 */
#ifndef TRACER_LISTING_FILL_H
#define TRACER_LISTING_FILL_H

#include "tracer/op.h"
#include "tracer/tracer.h"

/* Is the name shown?  "." and ".." are not asked about. */
typedef bool listing_fn(void *data, const char *name);

struct listing {
	listing_fn *shows;       /* NULL: all of them */
	void *data;
	bool is_old;             /* struct linux_dirent of getdents(2) */
	size_t size;             /* of the tracee's buffer */
	unsigned char *out;      /* as many bytes, or LISTING_MAX if that is less */
	int64_t position;        /* in: where to begin; out: where the next call begins */
};

#define LISTING_MAX 65536

/*
 * One more entry for a regular file, behind `used` bytes, which the next call goes on after.  The
 * bytes used then: as many as before when there is no room.
 */
size_t listing_add(struct listing *listing, size_t used, const char *name, uint64_t inode);

/*
 * Fills `out` from the open folder `fd`.  The bytes; 0 at the end; -EINVAL: the next entry does not
 * fit; another negative errno.
 */
long listing_read(int fd, struct listing *listing);

/* The same from the layer's folder at `path` of the view, whose names are merged. */
long listing_merge(struct layer *layer, const char *path, struct listing *listing);

/* Answers the call in its stop with `result`, and moves the tracee's folder.  Takes the op. */
void listing_move(struct tracee *tracee, struct op *op, int64_t position, long result);

/* The return of that lseek. */
void listing_moved(struct tracee *tracee, struct op *op);

/* The whole of it, for op->object[0]: reads, writes, answers, reports; or the kernel does it.  Takes the op. */
void listing_answer(struct tracer *tracer, struct tracee *tracee, struct op *op);

#endif
