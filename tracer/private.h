/* SPDX-License-Identifier: Apache-2.0 */
/*
 * private.h: --tmp: a /tmp, /var/tmp and /dev/shm of the script's own.
 *
 * A layer (tracer/layer/layer.h) in a fresh folder of mode 700 in the real /tmp, which covers the
 * three.  They begin empty, but for what rules let the script use below them: a script that lies in
 * /tmp is still there.  Nothing is kept: the folder is removed when the run is over.
 *
 * The size is looked at while the script runs, as its memory is, since the kernel writes without a
 * stop.  It is what the files take on disk, files that lost their name but are still open with them.
 */
#ifndef TRACER_PRIVATE_H
#define TRACER_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

struct layer;
struct policy;
struct private_tmp;

#define PRIVATE_SIZE_DEFAULT (1024ull * 1024 * 1024)
#define PRIVATE_FOLDERS 3

/* "/tmp", "/var/tmp", "/dev/shm". */
extern const char *const private_folders[PRIVATE_FOLDERS];

/*
 * `script` and `cwd` may be NULL.  -errno with a fault.  The policy has scratch rules for the folders
 * already; it is borrowed for the call.
 */
int private_new(const struct policy *policy, const char *script, const char *cwd,
		struct private_tmp **ret_private, struct fault *ret_fault);

/*
 * A layer in `dir`, which is made when it is missing and stays; NULL: in a folder like the one above,
 * which goes.  -errno with a fault.
 */
int private_scratch(const char *dir, struct private_tmp **ret_private, struct fault *ret_fault);

/* Its folder, as it was named. */
const char *private_folder(const struct private_tmp *private);
bool private_is_kept(const struct private_tmp *private);

/* A layer that nobody needs any more: what is its own in `dir`, and then `dir`. */
int private_discard(const char *dir);

struct layer *private_layer(struct private_tmp *private);

/* A regular file that is about to lose its last name (or never had one): it may still be open. */
void private_nameless(struct private_tmp *private, int fd);

uint64_t private_used(struct private_tmp *private);

/* Removes everything. */
void private_free(struct private_tmp *private);

#endif
