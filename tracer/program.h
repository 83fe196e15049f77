/* SPDX-License-Identifier: Apache-2.0 */
/*
 * program.h: exec, which nobody can perform for somebody else.
 *
 * Decided on the resolved file, then let run; at the exec event, before the new program's first
 * instruction, what is really running is compared with what was approved.
 */
#ifndef TRACER_PROGRAM_H
#define TRACER_PROGRAM_H

#include "tracer/op.h"
#include "tracer/tracer.h"

#define SHEBANG_MAX 256      /* BINPRM_BUF_SIZE */

/* The first line of a script: "#!" interpreter [argument]. */
struct shebang {
	char interpreter[SHEBANG_MAX];
	char argument[SHEBANG_MAX];     /* "" : none */
};

/* False: not a script.  What is no file is not opened: a pipe could keep the tracer. */
bool program_shebang(int object, struct shebang *ret);

/*
 * Who runs a script: O_PATH, and its canonical path, as the script sees both.  Negative errno.
 * `ret_path` has LAYER_PATH_MAX bytes.
 */
int program_interpreter(const struct tracer *tracer, struct op *op, const struct shebang *shebang,
			char *ret_path);

/*
 * Remembers what the approved call may turn the process into.  Negative errno: refuse after all; the
 * verdict says why when it is about a script's interpreter.
 */
int program_approve(const struct tracer *tracer, struct op *op, struct exec_pass *pass);

/* At the exec event: 0, or -EPERM when something else is running.  Clears the pass. */
int program_verify(pid_t pid, const struct regs *regs, struct exec_pass *pass);

/* The first exec: the interpreter that pyjail was told to run. */
int program_expect(const char *path, struct exec_pass *pass);

#endif
