/* SPDX-License-Identifier: Apache-2.0 */
/* reply.c: see reply.h.  seccomp_unotify(2); SECCOMP_ADDFD_FLAG_SEND since Linux 5.14. */
#include "tracer/reply.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>

#include "filters/seccomp.h"
#include "tracer/given.h"

void reply_resume(pid_t tid, int signal)
{
	/* A failure means that it is gone; its end is reported by wait. */
	ptrace(PTRACE_CONT, tid, NULL, (void *)(intptr_t)signal);
}

void reply_resume_until_return(pid_t tid)
{
	ptrace(PTRACE_SYSCALL, tid, NULL, NULL);
}

/* Taken back before it was answered: at the signal's stop the number has to be put back. */
static void is_late(const struct tracer *tracer, const struct op *op)
{
	struct tracee *tracee = op->door == DOOR_BRIDGE
					? tracee_find(&tracer->tracees, op->tid) : NULL;

	if (tracee)
		tracee->late_nr = op->call.nr;
}

static void send_response(const struct tracer *tracer, const struct op *op, long result,
			  unsigned flags)
{
	struct seccomp_notif_resp response = {
		.id = op->notify_id,
		.val = result < 0 ? 0 : result,
		.error = result < 0 ? (int)result : 0,
		.flags = flags,
	};

	if (ioctl(tracer->listener, SECCOMP_IOCTL_NOTIF_SEND, &response) < 0)
		is_late(tracer, op);
}

void reply_result(const struct tracer *tracer, struct op *op, long result)
{
	if (op->door != DOOR_STOP) {
		send_response(tracer, op, result, 0);
		return;
	}
	if (regs_skip(op->tid, &op->regs, result) == 0)
		reply_resume(op->tid, 0);
}

void reply_run(const struct tracer *tracer, const struct op *op)
{
	if (op->door == DOOR_NOTIFY)
		send_response(tracer, op, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE);
	else
		reply_resume(op->tid, 0);
}

int reply_descriptor(const struct tracer *tracer, struct op *op, int fd, bool close_on_exec)
{
	struct seccomp_notif_addfd add = {
		.id = op->notify_id,
		.flags = SECCOMP_ADDFD_FLAG_SEND,
		.srcfd = (unsigned)fd,
		.newfd_flags = close_on_exec ? O_CLOEXEC : 0,
	};
	int n = ioctl(tracer->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add);
	int e = n < 0 ? -errno : n;

	/* ESRCH: it was being handed over. */
	if (e == -ENOENT || e == -ESRCH) {
		is_late(tracer, op);
		given_back(tracer, op, fd);
		return -ESRCH;
	}
	close(fd);
	if (e < 0)
		send_response(tracer, op, e, 0);
	return e;
}

int reply_bridge(struct tracee *tracee, struct op *op)
{
	int e = regs_set_nr(op->tid, &op->regs, DEAD_CALL_NR);

	if (e < 0)
		return e;
	tracee->op = op;
	op->door = DOOR_BRIDGE;
	op->wait = WAIT_NOTIFICATION;
	reply_resume(op->tid, 0);
	return 0;
}
