/* SPDX-License-Identifier: Apache-2.0 */
/* why_look.h: the file that `pyjail why` was asked about, as the tracer would have found it. */
#ifndef TRACER_WHY_LOOK_H
#define TRACER_WHY_LOOK_H

#include <stdbool.h>

#include "base/fail.h"

struct call_file;

/*
 * `is_name`: a final symbolic link is meant itself.  ret_file->raw is borrowed from `path`,
 * ret_file->path is malloc'd.  0, or negative errno with a fault.
 */
int why_look(const char *path, bool is_name, struct call_file *ret_file, struct fault *ret_fault);

#endif
