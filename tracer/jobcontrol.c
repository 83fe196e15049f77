/* SPDX-License-Identifier: Apache-2.0 */
/* jobcontrol.c: see jobcontrol.h. */
#include "tracer/jobcontrol.h"

#include <errno.h>
#include <string.h>
#include <sys/signalfd.h>

#include "base/fail.h"

/* Long enough for a signal sent to the whole group to show up at the script by itself. */
#define OWN_COPY_US 40000
/* A script that gets SIGTERM or SIGHUP may clean up for this long. */
#define GRACE_US 5000000

static const int taken[] = { SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP, SIGTTOU,
			     SIGUSR1, SIGUSR2 };

int jobcontrol_start(struct tracer *tracer, struct jobcontrol *ret_before)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	sigset_t block;

	sigemptyset(&block);
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++) {
		/* nohup: who ignores a signal does not want it passed on either. */
		if (sigaction(taken[i], NULL, &old) == 0 && old.sa_handler == SIG_IGN &&
		    taken[i] != SIGCHLD)
			continue;
		sigaddset(&block, taken[i]);
	}
	if (sigaction(SIGPIPE, &ignore, &ret_before->sigpipe) < 0 ||
	    sigaction(SIGXFSZ, &ignore, &ret_before->sigxfsz) < 0 ||
	    sigprocmask(SIG_BLOCK, &block, &ret_before->mask) < 0)
		return -errno;
	/* An ignored SIGCHLD would reap tracees behind our back. */
	signal(SIGCHLD, SIG_DFL);
	tracer->signals = signalfd(-1, &block, SFD_CLOEXEC | SFD_NONBLOCK);
	return tracer->signals < 0 ? -errno : 0;
}

void jobcontrol_end(struct tracer *tracer, const struct jobcontrol *before)
{
	if (tracer->signals >= 0)
		close(tracer->signals);
	sigaction(SIGPIPE, &before->sigpipe, NULL);
	sigaction(SIGXFSZ, &before->sigxfsz, NULL);
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

void jobcontrol_saw(struct tracer *tracer, int signal)
{
	if (signal <= 0 || signal >= (int)ARRAY_SIZE(tracer->seen_us))
		return;
	tracer->seen_us[signal] = tracer_now_us();
	tracer->pass_on_us[signal] = 0;
}

/*
 * What the terminal driver sends goes to the whole group; but a hangup it tells the session's
 * leader alone, and that may be pyjail.
 */
static bool is_for_group(const struct signalfd_siginfo *info)
{
	switch (info->ssi_signo) {
	case SIGCHLD:
	case SIGTSTP:
	case SIGTTOU:
		return true;
	case SIGHUP:
		return false;
	default:
		return info->ssi_code == SI_KERNEL;
	}
}

static void take(struct tracer *tracer, const struct signalfd_siginfo *info)
{
	int64_t now = tracer_now_us();

	if (is_for_group(info) || now - tracer->seen_us[info->ssi_signo] < OWN_COPY_US)
		return;
	tracer->pass_on_us[info->ssi_signo] = now + OWN_COPY_US;
}

void jobcontrol_read(struct tracer *tracer)
{
	struct signalfd_siginfo info[8];
	ssize_t n = read(tracer->signals, info, sizeof(info));

	for (ssize_t i = 0; i < n / (ssize_t)sizeof(info[0]); i++)
		take(tracer, &info[i]);
}

static bool is_end_wanted(int signal)
{
	return signal == SIGTERM || signal == SIGHUP || signal == SIGQUIT;
}

static void pass_on(struct tracer *tracer, int signal, int64_t now)
{
	tracer->pass_on_us[signal] = 0;
	if (!tracer->root_is_over)
		kill(tracer->root, signal);
	if (is_end_wanted(signal) && !tracer->kill_at_us)
		tracer->kill_at_us = now + GRACE_US;
}

static int64_t look_at_grace(struct tracer *tracer, int64_t now)
{
	if (!tracer->kill_at_us)
		return 0;
	if (now < tracer->kill_at_us)
		return tracer->kill_at_us - now;
	tracer->kill_at_us = 0;
	tracer_end(tracer, NULL);
	return 0;
}

int64_t jobcontrol_look(struct tracer *tracer)
{
	int64_t now = tracer_now_us(), next = 0;

	for (size_t i = 0; i < ARRAY_SIZE(taken); i++) {
		int64_t left = tracer->pass_on_us[taken[i]] - now;

		if (!tracer->pass_on_us[taken[i]])
			continue;
		if (left <= 0)
			pass_on(tracer, taken[i], now);
		else if (!next || left < next)
			next = left;
	}
	now = look_at_grace(tracer, now);
	return next && (!now || next < now) ? next : now;
}

/*
 * With other processes of the script alive, a SIGSTOP may be theirs to undo.  Once the script's
 * time is over there is no more stopping: who was continued for that (limits_start) has to act.
 */
static bool is_ours_to_mirror(const struct tracer *tracer, int signal)
{
	int64_t limit_us = (int64_t)tracer->config->limits.time_ms * 1000;

	if (tracer->config->screen)
		return false;
	if (limit_us && tracer_now_us() - tracer->start_us >= limit_us)
		return false;
	return signal != SIGSTOP || HASH_COUNT(tracer->tracees.by_pid) == 1;
}

/*
 * Who goes on while its tracer is stopped uses what it likes: with a limit that is watched, the
 * others stop for as long.  Who already is has nothing to be continued from.
 */
static void pause_others(struct tracer *tracer)
{
	const struct run_limits *limits = &tracer->config->limits;
	struct process *process, *next;

	HASH_ITER(hh, tracer->tracees.by_pid, process, next) {
		const struct tracee *leader = tracee_find(&tracer->tracees, process->pid);

		process->is_paused = process->pid != tracer->root &&
				     (limits->memory_bytes || limits->cpu_ms) &&
				     !(leader && leader->is_stopped);
		if (process->is_paused)
			kill(process->pid, SIGSTOP);
	}
}

static void resume_others(struct tracer *tracer)
{
	struct process *process, *next;

	HASH_ITER(hh, tracer->tracees.by_pid, process, next) {
		if (process->is_paused)
			kill(process->pid, SIGCONT);
		process->is_paused = false;
	}
}

void jobcontrol_stop(struct tracer *tracer, int signal)
{
	const struct tracee *root = tracee_find(&tracer->tracees, tracer->root);

	if (!is_ours_to_mirror(tracer, signal))
		return;
	pause_others(tracer);
	/* Not the signal itself: it is blocked here, and ignored in an orphaned group. */
	raise(SIGSTOP);
	resume_others(tracer);
	if (root && root->is_stopped)
		kill(tracer->root, SIGCONT);
}
