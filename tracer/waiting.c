/* SPDX-License-Identifier: Apache-2.0 */
/* waiting.c: see waiting.h and calls.h. */
#include "tracer/waiting.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>

#include "base/fail.h"
#include "filters/decide.h"
#include "tracer/act.h"
#include "tracer/address.h"
#include "tracer/ask.h"
#include "tracer/calls.h"
#include "tracer/reply.h"
#include "tracer/report.h"
#include "tracer/resolve.h"
#include "tracer/worker.h"

static void add(struct tracer *tracer, struct op *op, enum wait wait)
{
	struct tracee *tracee = tracee_find(&tracer->tracees, op->tid);

	op->wait = wait;
	op->next_waiting = tracer->waiting;
	tracer->waiting = op;
	if (tracee)
		tracee->op = op;
}

void waiting_job(struct tracer *tracer, struct op *op)
{
	add(tracer, op, WAIT_JOB);
}

void waiting_connect(struct tracer *tracer, struct op *op)
{
	add(tracer, op, WAIT_CONNECT);
}

void waiting_room(struct tracer *tracer, struct op *op)
{
	add(tracer, op, WAIT_ROOM);
}

void waiting_ask(struct tracer *tracer, struct op *op)
{
	op->question = ++tracer->questions;
	op->is_told = false;
	add(tracer, op, WAIT_ANSWER);
	ask_question(tracer, op);
}

struct op *waiting_question(const struct tracer *tracer, uint64_t question)
{
	struct op *op = tracer->waiting;

	while (op && !(op->wait == WAIT_ANSWER && (!question || op->question == question)))
		op = op->next_waiting;
	return op;
}

void waiting_withdraw(struct tracer *tracer, struct op *op)
{
	bool was_asked = op->wait == WAIT_ANSWER;

	waiting_remove(tracer, op);
	if (!was_asked)
		return;
	op->wait = WAIT_NOTHING;
	op->asked = ASKED_WITHDRAWN;
	op->waited_us = tracer_now_us() - op->asked_us;
	report_error(tracer, op, EINTR);
	ask_withdrawn(tracer, op);
}

void waiting_remove(struct tracer *tracer, struct op *op)
{
	for (struct op **p = &tracer->waiting; *p; p = &(*p)->next_waiting) {
		if (*p != op)
			continue;
		*p = op->next_waiting;
		op->next_waiting = NULL;
		return;
	}
}

/* Takes the op off its tracee and off the list: it is about to be answered. */
static struct tracee *detach(struct tracer *tracer, struct op *op)
{
	struct tracee *tracee = tracee_find(&tracer->tracees, op->tid);

	waiting_remove(tracer, op);
	op->wait = WAIT_NOTHING;
	if (tracee)
		tracee->op = NULL;
	return tracee;
}

/* What was shown is what is done: an object that moved or was replaced meanwhile is another one. */
static bool is_as_shown(const struct tracer *tracer, struct op *op)
{
	if (resolve_holds(tracer, op))
		return true;
	op->verdict.rule = NULL;
	op->verdict.reason = "it was changed while the question waited";
	return false;
}

void call_answered(struct tracer *tracer, struct op *op, bool allow, enum asked_how how)
{
	struct tracee *tracee = detach(tracer, op);

	op->asked = how;
	op->waited_us = tracer_now_us() - op->asked_us;
	if (!allow || !is_as_shown(tracer, op)) {
		act_refused(tracer, op);
		return;
	}
	op->verdict.kind = VERDICT_ALLOW;
	op->verdict.error = 0;
	act_allowed(tracer, tracee, op);
}

/* Somebody who waits and need not; NULL: nobody. */
static struct op *find_granted(const struct tracer *tracer)
{
	for (struct op *op = tracer->waiting; op; op = op->next_waiting) {
		struct verdict verdict;

		if (op->wait != WAIT_ANSWER)
			continue;
		verdict = decide(tracer->config->policy, &op->call);
		if (verdict.kind == VERDICT_ASK)
			continue;
		op->verdict = verdict;
		return op;
	}
	return NULL;
}

void calls_granted(struct tracer *tracer)
{
	struct op *op;

	while ((op = find_granted(tracer))) {
		ask_withdrawn(tracer, op);
		call_answered(tracer, op, verdict_permits(op->verdict.kind), ASKED_GRANT);
	}
}

static unsigned long long mask_of(const char *text, const char *key)
{
	const char *line = strstr(text, key);
	unsigned long long mask = 0;

	if (!line || sscanf(line + strlen(key), "%llx", &mask) != 1)
		return 0;
	return mask;
}

/* A signal that the thread would take now: proc_pid_status(5). */
static bool has_signal(pid_t tid)
{
	char path[32], text[4096];
	cleanup_close int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/status", tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return false;
	text[n] = '\0';
	return (mask_of(text, "\nSigPnd:\t") | mask_of(text, "\nShdPnd:\t")) &
	       ~mask_of(text, "\nSigBlk:\t");
}

/*
 * Gives the call up so that the signal is taken; the op stays to put the number back.  Another
 * thread may take the signal meanwhile: the interrupt gives the kernel a reason to restart the
 * call all the same, so that -ERESTARTSYS never reaches the program.
 */
static void give_way(struct tracer *tracer, struct op *op)
{
	waiting_withdraw(tracer, op);
	op->wait = WAIT_RESTART;
	ptrace(PTRACE_INTERRUPT, op->tid, NULL, NULL);
	reply_result(tracer, op, -REGS_ERESTARTSYS);
}

static void look_at_job(struct tracer *tracer, struct op *op)
{
	int fd;

	if (!job_is_over(op->job, &fd)) {
		if (has_signal(op->tid))
			job_interrupt(op->job);
		return;
	}
	op->job = NULL;
	if (fd == -EINTR) {
		give_way(tracer, op);
		return;
	}
	detach(tracer, op);
	act_opened(tracer, op, fd);
}

/* A signal ends the waiting, not the connecting: connect(2), EINTR. */
static void look_at_connect(struct tracer *tracer, struct op *op)
{
	long result = -EINTR;

	if (!address_connected(op->socket, &result) && !has_signal(op->tid))
		return;
	detach(tracer, op);
	act_connected(tracer, op, result);
}

void calls_look(struct tracer *tracer)
{
	struct op *op, *next;

	for (op = tracer->waiting; op; op = next) {
		next = op->next_waiting;
		if (op->wait == WAIT_JOB)
			look_at_job(tracer, op);
		else if (op->wait == WAIT_CONNECT)
			look_at_connect(tracer, op);
		else if (op->wait == WAIT_ROOM)
			act_allowed(tracer, detach(tracer, op), op);
		else if (has_signal(op->tid))
			give_way(tracer, op);
	}
}
