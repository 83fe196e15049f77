/* SPDX-License-Identifier: Apache-2.0 */
/* scratch_run.c: what only the kernel can perform, chdir and exec; and getcwd.  See scratch.h. */
#include "tracer/fdname.h"
#include "tracer/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "filters/nr.h"
#include "tracer/broker.h"
#include "tracer/layer/layer.h"
#include "tracer/mem.h"
#include "tracer/lookup.h"
#include "tracer/reply.h"
#include "tracer/report.h"

#define RED_ZONE 128     /* below the stack pointer: the psABI lets a function use it */

static void answer(struct tracer *tracer, struct op *op, long result)
{
	report_call(tracer, op, result);
	reply_result(tracer, op, result);
	op_free(op);
}

/*
 * Only the kernel can enter a folder, and reads the path again: it gets one of ours, below the
 * thread's stack.  A second thread that writes there leads its process somewhere else, as it could
 * with a chdir of its own; from where it is then, each path is looked up anew.
 */
static int rewrite_path(struct tracee *tracee, struct op *op, const char *path)
{
	bool has_folder = op->call.nr == __NR_execveat;
	size_t size = strlen(path) + 1;
	uint64_t address = (regs_stack(&op->regs) - RED_ZONE - size) & ~(uint64_t)15;
	uint64_t args[3] = { op->call.args[0], op->call.args[1], op->call.args[2] };
	int e = size > PATH_MAX ? -ENAMETOOLONG : mem_write(op->tid, address, path, size);

	args[has_folder ? 1 : 0] = address;
	if (e == 0)
		e = regs_set_call(op->tid, &op->regs, op->call.nr, args);
	if (e < 0)
		return e;
	op->wait = WAIT_MASKED;
	tracee->op = op;
	reply_resume_until_return(op->tid);
	return 0;
}

void scratch_enter(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	struct object *object = op->object[0];
	char path[2 * LAYER_PATH_MAX];
	int e = S_ISDIR(object->stat.st_mode) ? 0 : -ENOTDIR;
	ssize_t n;

	if (e == 0 && scratch_has(tracer, object))
		e = scratch_folder(tracer, object, false);
	n = e < 0 ? 0 : readlink(fd_path(object->fd).text, path, sizeof(path) - 1);
	if (n < 0)
		e = -errno;
	path[n > 0 ? n : 0] = '\0';
	if (e == 0)
		e = rewrite_path(tracee, op, path);
	if (e < 0)
		answer(tracer, op, e);
}

/* Would the kernel, which does not know the view, find the same program by that path? */
static bool is_found_alike(const struct op *op, const struct object *object)
{
	cleanup_close int folder = -1;
	struct stat st;

	if (object->lookup == LOOKUP_FD || !object->raw[0])
		return true;
	folder = lookup_folder(op, object);
	return fstatat(folder, object->raw, &st, 0) == 0 && st.st_dev == object->stat.st_dev &&
	       st.st_ino == object->stat.st_ino;
}

/* What is run is compared with what was approved, whatever path the kernel follows (program.h). */
bool scratch_exec(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	const struct object *object = op->object[0];
	char path[2 * LAYER_PATH_MAX];
	ssize_t n;

	if (!scratch_is_on(tracer) || !tracer->was_launched || is_found_alike(op, object))
		return false;
	n = readlink(fd_path(object->fd).text, path, sizeof(path) - 1);
	path[n > 0 ? n : 0] = '\0';
	if (n > 0 && tracee->exec.script) {
		char *copy = strdup(path);

		free(tracee->exec.script);
		tracee->exec.script = copy;
	}
	report_call(tracer, op, 0);
	if (n <= 0 || rewrite_path(tracee, op, path) < 0) {
		reply_result(tracer, op, -EACCES);
		op_free(op);
	}
	return true;
}

void scratch_where(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	char link[32], path[2 * LAYER_PATH_MAX];
	bool in_layer = false;
	struct stat st;
	ssize_t n;
	int e;

	(void)tracee;
	snprintf(link, sizeof(link), "/proc/%d/cwd", op->tid);
	n = readlink(link, path, sizeof(path) - 1);
	path[n > 0 ? n : 0] = '\0';
	scratch_name(tracer, path, sizeof(path), &in_layer);
	if (!in_layer) {
		report_call(tracer, op, 0);
		reply_run(tracer, op);
		op_free(op);
		return;
	}
	op->verdict.kind = VERDICT_SCRATCH;
	n = (ssize_t)strlen(path) + 1;
	e = stat(link, &st) < 0 || st.st_nlink == 0 ? -ENOENT : 0;
	if (e == 0 && op->call.args[1] < (uint64_t)n)
		e = op->call.args[1] ? -ERANGE : -EINVAL;
	if (e == 0)
		e = mem_write(op->tid, op->call.args[0], path, (size_t)n);
	answer(tracer, op, e < 0 ? e : n);
}
