/* SPDX-License-Identifier: Apache-2.0 */
/* masked.c: see masked.h. */
#include "tracer/masked.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "filters/decide.h"
#include "filters/policy.h"
#include "tracer/broker.h"
#include "tracer/fdname.h"
#include "tracer/hidden.h"
#include "tracer/reply.h"
#include "tracer/report.h"

void masked_end(struct tracer *tracer, const char *what)
{
	report_note(tracer, what);
	snprintf(tracer->result->rule, sizeof(tracer->result->rule), "hide: %s", what);
	tracer_end(tracer, NULL);
}

bool masked_run(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	decide_fn *decider = op->call.row ? op->call.row->decide : NULL;

	if (!tracer->config->policy->hides || !tracer->was_launched || !tracee ||
	    (decider != decide_enter && decider != decide_exec))
		return false;
	/* When exec succeeds there is no return to report at. */
	if (decider == decide_exec)
		report_call(tracer, op, 0);
	op->wait = WAIT_MASKED;
	tracee->op = op;
	reply_resume_until_return(op->tid);
	return true;
}

/* Text without #! is what the kernel has no way to run: execve(2), ENOEXEC. */
static bool is_runnable(const struct object *object)
{
	cleanup_close int fd = -1;
	char start[4] = "";

	if (!S_ISREG(object->stat.st_mode))
		return true;
	fd = open(fd_path(object->fd).text, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	return fd < 0 || read(fd, start, sizeof(start)) < 2 || !memcmp(start, "#!", 2) ||
	       !memcmp(start, "\177ELF", 4);
}

/* What the object that was approved gives, when it gives an error. */
static long error_of(const struct op *op)
{
	const struct object *object = op->object[0];

	if (op->call.row->decide == decide_enter)
		return S_ISDIR(object->stat.st_mode) ? -EACCES : -ENOTDIR;
	if (faccessat(object->fd, "", X_OK, AT_EMPTY_PATH | AT_EACCESS) < 0)
		return -EACCES;
	return is_runnable(object) ? -EACCES : -ENOEXEC;
}

/* Only these say nothing of what stands at the path, or at a loader's that a program names. */
static long mask(const struct op *op, long result)
{
	switch (-result) {
	case EFAULT:
	case E2BIG:
	case ENOMEM:
	case EAGAIN:
	case EMFILE:
	case ENFILE:
		return result;
	default:
		return result < 0 ? error_of(op) : result;
	}
}

/* Whoever shares the current folder may be in another one already: then that one counts. */
static bool is_in_hidden(const struct tracer *tracer, pid_t tid)
{
	char path[32], found[PATH_MAX];
	cleanup_close int fd = -1;

	snprintf(path, sizeof(path), "/proc/%d/cwd", tid);
	fd = open(path, O_PATH | O_CLOEXEC);
	return fd >= 0 && hidden_fd(tracer, fd, found, sizeof(found)) &&
	       hidden_rule(tracer, found);
}

void masked_returned(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	bool is_enter = op->call.row->decide == decide_enter;
	struct regs regs;
	long result;

	if (regs_get(tracee->tid, &regs) < 0)
		return;
	tracee->op = NULL;
	result = regs_result(&regs);
	if (tracer->config->policy->hides)
		result = mask(op, result);
	if (is_enter)
		report_call(tracer, op, result);
	if (is_enter && result == 0 && is_in_hidden(tracer, op->tid))
		masked_end(tracer, "a hidden folder was entered while its name was exchanged");
	else if (regs_finish(op->tid, &op->regs, result) == 0)
		reply_resume(op->tid, 0);
	op_free(op);
}
