/* SPDX-License-Identifier: Apache-2.0 */
/* limits.c: see limits.h. */
#include "tracer/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>

#include "base/fail.h"
#include "tracer/fakes.h"
#include "tracer/private.h"

/* How fast two cores can touch fresh memory, with room: bytes a microsecond. */
#define FILL_RATE 12000
#define LOOK_MIN_US 500
#define LOOK_MAX_US 50000
#define SHORT_TURN_NS 100000

/*
 * A script that stops itself stops pyjail too (jobcontrol.h), as a shell expects, but not for
 * longer than it may run: no stopped process looks at its clock.
 */
static int continue_at(const struct timespec *when)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGCONT };
	struct itimerspec once = { .it_value = *when };
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0 ||
	    timer_settime(timer, 0, &once, NULL) < 0)
		return -errno;
	return 0;
}

/* sched_setattr(2); glibc has had this struct since 2.41 only. */
struct slice_request {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime_ns, deadline_ns, period_ns;
};

/*
 * Linux 6.12: who asks for short turns gets them soon.  On a busy machine the script could
 * otherwise fill memory while the tracer waits for its turn.  A wish: older kernels ignore it.
 */
static void ask_for_short_turns(void)
{
	const struct slice_request request = {
		.size = sizeof(request), .policy = SCHED_OTHER,
		.nice = getpriority(PRIO_PROCESS, 0), .runtime_ns = SHORT_TURN_NS,
	};

	syscall(SYS_sched_setattr, 0, &request, 0);
}

int limits_start(struct tracer *tracer)
{
	uint64_t ms = tracer->config->limits.time_ms;
	struct itimerspec when = { .it_value = { .tv_sec = (time_t)(ms / 1000),
						 .tv_nsec = (long)(ms % 1000) * 1000000 } };

	if (tracer->config->limits.memory_bytes && sched_getscheduler(0) == SCHED_OTHER)
		ask_for_short_turns();
	if (!ms)
		return 0;
	tracer->wall_timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (tracer->wall_timer < 0 || timerfd_settime(tracer->wall_timer, 0, &when, NULL) < 0)
		return -errno;
	return continue_at(&when.it_value);
}

/* proc_pid_statm(5): second field, in pages. */
static uint64_t resident(pid_t pid)
{
	char path[32], text[128];
	cleanup_close int fd = -1;
	unsigned long long pages = 0;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/statm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	if (sscanf(text, "%*u %llu", &pages) != 1)
		return 0;
	return pages * 4096;
}

/* A leader that ended while its threads go on has no memory to show: ask one of those. */
static uint64_t resident_of_process(const struct tracer *tracer, const struct process *process)
{
	uint64_t bytes = resident(process->pid);
	struct tracee *tracee, *next;

	if (bytes)
		return bytes;
	HASH_ITER(hh, tracer->tracees.by_tid, tracee, next) {
		if (tracee->process == process && tracee->tid != process->pid)
			bytes = resident(tracee->tid);
		if (bytes)
			return bytes;
	}
	return 0;
}

/* Has an earlier one of the list shown the memory that this one shares? */
static bool is_counted(const struct tracer *tracer, const struct process *process)
{
	const struct process *other = tracer->tracees.by_pid;

	for (; other != process; other = other->hh.next)
		if (other->memory == process->memory && other->resident_bytes)
			return true;
	return false;
}

/* Approved and not born, or born and not seen yet. */
static uint64_t memory_of_forks(const struct tracer *tracer)
{
	struct tracee *tracee, *next;
	uint64_t sum = 0;

	if (!tracer->tracees.cloning)
		return 0;
	HASH_ITER(hh, tracer->tracees.by_tid, tracee, next)
		if (tracee->is_cloning && !(tracee->clone_flags & CLONE_VM))
			sum += tracee->process->resident_bytes;
	return sum;
}

static uint64_t tree_memory(const struct tracer *tracer)
{
	struct process *process, *next;
	uint64_t sum = tracer->shared_bytes + fakes_bytes(tracer);

	HASH_ITER(hh, tracer->tracees.by_pid, process, next) {
		process->resident_bytes = resident_of_process(tracer, process);
		if (!is_counted(tracer, process))
			sum += process->resident_bytes;
	}
	return sum;
}

static int64_t pause_for(uint64_t room)
{
	int64_t pause = (int64_t)(room / FILL_RATE);

	return pause < LOOK_MIN_US ? LOOK_MIN_US : pause > LOOK_MAX_US ? LOOK_MAX_US : pause;
}

/* Not at every stop: looking costs more than most calls. */
static int64_t look_at_memory(struct tracer *tracer)
{
	uint64_t limit = tracer->config->limits.memory_bytes, now;
	int64_t now_us, pause;

	if (!limit)
		return 0;
	now_us = tracer_now_us();
	if (now_us < tracer->memory_look_us)
		return tracer->memory_look_us - now_us;
	now = tree_memory(tracer);
	if (now / 1024 > tracer->result->max_rss_kib)
		tracer->result->max_rss_kib = now / 1024;
	if (now > limit) {
		tracer_end(tracer, "memory");
		return 0;
	}
	pause = pause_for(limit - now);
	tracer->memory_look_us = now_us + pause;
	return pause;
}

bool limits_allow_fork(struct tracer *tracer, const struct process *process)
{
	uint64_t limit = tracer->config->limits.memory_bytes, now;

	if (!limit)
		return true;
	now = tree_memory(tracer) + memory_of_forks(tracer) + process->resident_bytes;
	/* Two processes fill memory faster than one. */
	tracer->memory_look_us = 0;
	return now <= limit;
}

void limits_add_shared(struct tracer *tracer, uint64_t bytes)
{
	uint64_t room = UINT64_MAX / 2 - tracer->shared_bytes;

	tracer->shared_bytes += bytes < room ? bytes : room;
	tracer->memory_look_us = 0;
}

static uint64_t clock_of(pid_t pid)
{
	struct timespec used;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
		return 0;
	return (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}

static int64_t look_at_processor(struct tracer *tracer)
{
	uint64_t limit = tracer->config->limits.cpu_ms * 1000000, sum = tracer->dead_cpu_ns;
	struct process *process, *next;
	int64_t left;

	if (!limit)
		return 0;
	HASH_ITER(hh, tracer->tracees.by_pid, process, next) {
		uint64_t now = clock_of(process->pid);

		if (now > process->cpu_ns)
			process->cpu_ns = now;
		sum += process->cpu_ns;
	}
	if (sum >= limit) {
		tracer_end(tracer, "cpu");
		return 0;
	}
	left = (int64_t)((limit - sum) / 1000 / 2);
	return left < LOOK_MIN_US ? LOOK_MIN_US : left > LOOK_MAX_US ? LOOK_MAX_US : left;
}

/* Looking takes as long as there are files: most of the time belongs to the script. */
static int64_t look_at_tmp(struct tracer *tracer)
{
	uint64_t limit = tracer->config->limits.tmp_bytes, used;
	int64_t began_us = tracer_now_us(), pause;

	if (!limit || !tracer->config->tmp)
		return 0;
	if (began_us < tracer->tmp_look_us)
		return tracer->tmp_look_us - began_us;
	used = private_used(tracer->config->tmp);
	if (used > limit) {
		tracer_end(tracer, "tmp");
		return 0;
	}
	pause = pause_for(limit - used) + 20 * (tracer_now_us() - began_us);
	tracer->tmp_look_us = began_us + pause;
	return pause;
}

static int64_t sooner(int64_t a, int64_t b)
{
	if (a && b)
		return a < b ? a : b;
	return a ? a : b;
}

int64_t limits_look(struct tracer *tracer)
{
	return sooner(sooner(look_at_memory(tracer), look_at_processor(tracer)),
		      look_at_tmp(tracer));
}

static uint64_t used_ns(const struct rusage *usage)
{
	return ((uint64_t)usage->ru_utime.tv_sec + (uint64_t)usage->ru_stime.tv_sec) * 1000000000 +
	       ((uint64_t)usage->ru_utime.tv_usec + (uint64_t)usage->ru_stime.tv_usec) * 1000;
}

/*
 * What wait4 tells includes the children that the process waited for, and those were counted when
 * they went: what they had is taken off again, but never below what was last seen of the process
 * itself (it may not have waited for them).
 */
void limits_gone(struct tracer *tracer, const struct process *process, const struct rusage *usage)
{
	uint64_t own = used_ns(usage);
	uint64_t children = process->children_ns;
	struct process *parent;

	own = own > children ? own - children : 0;
	if (own < process->cpu_ns)
		own = process->cpu_ns;
	tracer->dead_cpu_ns += own;
	parent = process_find(&tracer->tracees, process->parent);
	if (parent)
		parent->children_ns += own + children;
	if ((uint64_t)usage->ru_maxrss > tracer->result->max_rss_kib)
		tracer->result->max_rss_kib = (uint64_t)usage->ru_maxrss;
}
