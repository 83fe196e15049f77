/* SPDX-License-Identifier: Apache-2.0 */
/*
 * private.h: the layer of a run (tracer/layer/layer.h): where it lies, and --tmp.
 *
 * It lies where --scratch=DIR says, and stays; or in a fresh folder of mode 700 in the real /tmp, which
 * goes when the run is over.
 *
 * --tmp covers /tmp, /var/tmp and /dev/shm in it (tracer/layer/cover.h).  They begin empty, but for
 * what rules let the script use below them: a script that lies in /tmp is still there.  At the end
 * what lies in them is dropped, before anybody looks at what was changed.
 *
 * Their size is looked at while the script runs, as its memory is, since the kernel writes without a
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

/* At or below one of them? */
bool private_has(const char *path);

struct private_plan {
	const char *dir;              /* made when it is missing, and kept; NULL: a folder that goes */
	bool covers;                  /* --tmp, then also: */
	const struct policy *policy;  /* has scratch rules for the folders already */
	const char *script, *cwd;     /* may be NULL */
};

/*
 * The plan is borrowed for the call.  -errno with a fault; -EEXIST: in the layer something was changed
 * that --tmp would drop.
 */
int private_new(const struct private_plan *plan, struct private_tmp **ret_private,
		struct fault *ret_fault);

/* The script is gone: what --tmp covered shows again, and what was in it is dropped. */
int private_lift(struct private_tmp *private);

/* Its folder, as it was named. */
const char *private_folder(const struct private_tmp *private);
bool private_is_kept(const struct private_tmp *private);

/* A layer that nobody needs any more: what is its own in `dir`, and then `dir`. */
int private_discard(const char *dir);

struct layer *private_layer(struct private_tmp *private);

/* A regular file that is about to lose its last name (or never had one): it may still be open. */
void private_nameless(struct private_tmp *private, int fd);

uint64_t private_used(struct private_tmp *private);

/* Removes what is not kept. */
void private_free(struct private_tmp *private);

#endif
