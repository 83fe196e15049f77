/* SPDX-License-Identifier: Apache-2.0 */
/*
 * find.h: which interpreter runs the script, and which folders belong to it.
 *
 * Two names are kept.  `canonical` is executed and approved.  `program` becomes argv[0]: Python
 * looks for pyvenv.cfg beside *that* path, so it must stay the path of the virtual environment,
 * though the file there is a symbolic link to a Python somewhere else.
 */
#ifndef TRACER_PYTHON_FIND_H
#define TRACER_PYTHON_FIND_H

#include <limits.h>

#include "base/fail.h"
#include "filters/policy.h"

struct interpreter {
	char program[PATH_MAX];    /* absolute, as named: argv[0] */
	char canonical[PATH_MAX];
	char prefixes[POLICY_PREFIXES_MAX][PATH_MAX];  /* canonical, no two alike */
	size_t prefix_count;
};

/*
 * `name`: a path, or a word to look up in `search` (PATH; may be NULL).
 * `home`: canonical home folder or NULL; no prefix contains it.
 * -ENOENT: there is none.  -EACCES: it cannot be executed.  -ENOEXEC: it is not Python.
 * Other negative errno: it could not be examined.  The fault says which, and the cure.
 */
int find_python(const char *name, const char *search, const char *home,
		struct interpreter *ret_interpreter, struct fault *ret_fault);

#endif
