/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hidden.h: names that a rule hides, while paths are resolved.
 *
 * That a hidden file is not there must not show by what else a path says: not by an error that only
 * a file or folder that exists can give (ENOTDIR, EACCES, EEXIST, ELOOP), and not by a way that
 * leads through it ("hidden/../x" works only where `hidden` is a folder).  So where anything is
 * hidden, a path is either resolved in one openat2(2) that met no link and no "..", and then every
 * folder on the way is a parent of what was found; or walked name by name, and each name that is
 * passed is looked up in the rules.  What the path ends at is left to decide_hidden().
 *
 * In the view of a layer each path is walked name by name anyway (tracer/layer/look.h), and a name
 * is looked up in the rules before it is looked up anywhere else.
 */
#ifndef TRACER_HIDDEN_H
#define TRACER_HIDDEN_H

#include "tracer/tracer.h"

/* Is there something hidden, by a rule, or because it was only said to be deleted (fakes.h)? */
bool hidden_any(const struct tracer *tracer);

/* The rule that hides a canonical path; in a layer also by the real one that it stands for. */
const struct rule *hidden_rule(const struct tracer *tracer, const char *path);

bool hidden_path(const struct tracer *tracer, const char *path);

/* Is the object of this O_PATH descriptor hidden?  `ret_path` then names it. */
bool hidden_fd(const struct tracer *tracer, int fd, char *ret_path, size_t size);

/*
 * open(path, O_PATH) of an absolute path, for what the tracer itself has to look up: a descriptor or
 * a negative errno; -ENOENT for what is hidden.
 */
int hidden_open(const struct tracer *tracer, pid_t pid, pid_t tid, const char *path);

/* access(path, F_OK) of an absolute path: 0 or a negative errno; -ENOENT for what is hidden. */
int hidden_access(const struct tracer *tracer, pid_t pid, pid_t tid, const char *path);

/* Does the path go up somewhere? */
bool hidden_has_dots(const char *path);

#endif
