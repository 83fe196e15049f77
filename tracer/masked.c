/* SPDX-License-Identifier: Apache-2.0 */
/* masked.c: see masked.h. */
#include "tracer/masked.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/fail.h"
#include "filters/decide.h"
#include "filters/policy.h"
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

/* What the object that was approved would give; other errors have nothing to do with names. */
static long mask(const struct op *op, long result)
{
	switch (-result) {
	case ENOENT:
	case ENOTDIR:
	case ELOOP:
	case EISDIR:
	case EACCES:
	case ENAMETOOLONG:
		return op->call.row->decide == decide_enter &&
		       !S_ISDIR(op->object[0]->stat.st_mode) ? -ENOTDIR : -EACCES;
	default:
		return result;
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
	       policy_find_hide(tracer->config->policy, found);
}

void masked_returned(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	bool is_enter = op->call.row->decide == decide_enter;
	struct regs regs;
	long result;

	if (regs_get(tracee->tid, &regs) < 0)
		return;
	tracee->op = NULL;
	result = mask(op, regs_result(&regs));
	if (is_enter)
		report_call(tracer, op, result);
	if (is_enter && result == 0 && is_in_hidden(tracer, op->tid))
		masked_end(tracer, "a hidden folder was entered while its name was exchanged");
	else if (regs_finish(op->tid, &regs, result) == 0)
		reply_resume(op->tid, 0);
	op_free(op);
}
