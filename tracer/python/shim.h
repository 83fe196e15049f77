/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim.h: asks a wrapper (pyenv, asdf, mise, somebody's shell script) which Python is behind it.
 *
 * The wrapper runs outside the jail, as it would when the user types its name, with bounds: its
 * output is cut, and it is killed with its process group after `timeout_ms`.
 */
#ifndef TRACER_PYTHON_SHIM_H
#define TRACER_PYTHON_SHIM_H

#include <stddef.h>

#define SHIM_TIMEOUT_MS 10000

/*
 * `ret_path`: sys.executable, an absolute path.  -ETIMEDOUT; -ENOEXEC: it said something else,
 * or failed; other negative errno.
 */
int shim_resolve(const char *shim, int timeout_ms, char *ret_path, size_t size);

#endif
