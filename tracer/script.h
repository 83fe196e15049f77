/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script.h: is this a script that Python can be given, and which folder is it in.
 *
 * Checked before anything starts.  The check is for the user's sake, not for safety: inside the
 * jail the script is opened like any other file.
 */
#ifndef TRACER_SCRIPT_H
#define TRACER_SCRIPT_H

#include <limits.h>

#include "base/fail.h"

struct script {
	char argument[PATH_MAX + 2];  /* as written; "./-x.py": -x.py would be options */
	char folder[PATH_MAX];        /* canonical, first on sys.path; "/x.py" for /x.py */
};

/* 0, or negative errno with a fault. */
int script_check(const char *path, struct script *ret_script, struct fault *ret_fault);

#endif
