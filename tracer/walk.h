/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walk.h: a path walked name by name, for what the kernel would resolve wrongly for us.
 *
 * /proc/self, /dev/fd, /dev/stdin and the links below /proc/N are about whoever follows them.  The
 * walker follows links itself, reads "self" as the tracee, and follows /proc/N/fd/M, cwd, root
 * and exe only for processes of the script's tree.
 */
#ifndef TRACER_WALK_H
#define TRACER_WALK_H

#include <stdbool.h>

#include "tracer/tracer.h"

struct walk {
	const struct tracer *tracer;
	pid_t pid, tid;
	bool follows_last;
	bool is_foreign;         /* a link of somebody else's process was met: refused */
	bool is_behind;          /* a hidden name is on the way (hidden.h): -ENOENT */
	char *hidden;            /* then its path is put here, PATH_MAX bytes; NULL: nobody asks */
	int held_pid;            /* the object was reached by descriptor `held_fd` of this task; 0: not */
	int held_fd;
};

/* O_PATH descriptor of what `path` means from `base` (AT_FDCWD for absolute paths), or -errno. */
int walk_path(struct walk *walk, int base, const char *path);

/* "/proc/123/..." -> 123 and what follows the number; 0 when it is not such a path. */
pid_t walk_proc_pid(const char *path, const char **ret_rest);

/*
 * Whether /proc/PID is out of the script's reach: everybody outside its tree; under --allow-all, when
 * the system decides about the others, still pyjail and its threads.
 */
bool walk_is_foreign(const struct tracer *tracer, pid_t pid);

/* Is a component of it a number, as below a proc file system? */
bool walk_has_number(const char *path);

/* Whether it lies on a proc file system, wherever that is mounted. */
bool walk_is_on_proc(int fd);

#endif
