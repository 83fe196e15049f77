/* SPDX-License-Identifier: Apache-2.0 */
/* run.c: see run.h. */
#include "tracer/run.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>

#include "base/fail.h"
#include "filters/embedded.h"
#include "filters/landlock.h"
#include "filters/policy.h"
#include "filters/seccomp.h"
#include "tracer/answer.h"
#include "tracer/ask.h"
#include "tracer/calls.h"
#include "tracer/doctor.h"
#include "tracer/fakes.h"
#include "tracer/jobcontrol.h"
#include "tracer/launch.h"
#include "tracer/layer/layer.h"
#include "tracer/limits.h"
#include "tracer/loop.h"
#include "tracer/relay.h"
#include "tracer/report.h"
#include "tracer/stacks.h"
#include "tracer/tracer.h"
#include "tracer/tty.h"
#include "tracer/views.h"
#include "tracer/watchdog.h"
#include "tracer/worker.h"

/* Linux 6.6: the answer wakes the tracee on this CPU. */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP 1UL
#endif

/* Everything that a run holds besides the tracer's state. */
struct run {
	struct tracer tracer;
	struct jobcontrol before;
	struct filter_program filter;
	struct landlock_plan landlock;
	struct launched launched;
	mode_t umask;
};

int64_t tracer_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void tracer_end(struct tracer *tracer, const char *limit)
{
	struct process *process, *next;

	if (limit && !tracer->result->limit && !tracer->is_ending) {
		tracer->result->limit = limit;
		report_limit(tracer, limit);
	}
	tracer->is_ending = true;
	tracer->is_frozen = false;
	HASH_ITER(hh, tracer->tracees.by_pid, process, next)
		kill(process->pid, SIGKILL);
}

void tracer_fail(struct tracer *tracer, const char *format, ...)
{
	va_list args;

	if (!tracer->result->failure[0]) {
		va_start(args, format);
		vsnprintf(tracer->result->failure, sizeof(tracer->result->failure), format, args);
		va_end(args);
	}
	tracer_end(tracer, NULL);
}

static int step_failed(struct fault *fault, const char *step, int error)
{
	fault_set(fault, "could not %s: %s", step, strerror(-error));
	return error;
}

/* Descriptors of the run; each -1 until it is open. */
static int open_own(struct tracer *tracer)
{
	tracer->own_fds = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (tracer->own_fds < 0)
		return -errno;
	tracer->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	tracer->tick_timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (tracer->wake < 0 || tracer->tick_timer < 0)
		return -errno;
	return answer_open(&tracer->answers);
}

/* Two per resolved file and call in flight: as many as the system lets us have. */
static void raise_own_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static bool wants_native(const struct run_config *config)
{
	return (config->hears_refusals && config->stack_refused == STACK_NATIVE) ||
	       (config->hears_all && config->stack_recorded == STACK_NATIVE);
}

static int build(struct run *run, struct fault *fault)
{
	const struct run_config *config = run->tracer.config;
	const char *programs[] = { config->interpreter, "/lib64/ld-linux-x86-64.so.2",
				   "/lib/ld-musl-x86_64.so.1", NULL };
	struct filter_mode mode = filter_mode_of(config->policy,
						 geteuid() == 0 || config->landlock_abi <= 0,
						 config->limits.memory_bytes != 0,
						 wants_native(config));
	int e;

	mode.watch = config->watch;
	/* A call that gives a number is not performed twice in a stop, whatever signals come. */
	if (!launch_holds_signals())
		mode.stops_brokered = true;
	e = filter_take(&mode, &run->filter);
	if (e < 0)
		return step_failed(fault, "build the seccomp filter", e);
	run->tracer.mode = mode;
	e = landlock_plan_new(config->policy, config->landlock_abi,
			      calls_pass_reads(&run->tracer), programs,
			      config->layer ? config->layer->files_path : NULL, &run->landlock);
	if (e < 0)
		return step_failed(fault, "plan the Landlock domain", e);
	run->tracer.has_landlock = run->landlock.abi > 0;
	return 0;
}

static int start_child(struct run *run, struct fault *fault)
{
	struct tracer *tracer = &run->tracer;
	struct run_screen *screen = tracer->config->screen;
	struct launch plan = { .config = tracer->config, .filter = &run->filter,
			       .landlock = &run->landlock, .mask = run->before.mask,
			       .sigpipe = run->before.sigpipe, .sigxfsz = run->before.sigxfsz,
			       .out = -1, .err = -1,
			       .terminal = screen ? screen->slave : -1 };
	int e = 0;

	if (tracer->config->limits.output_bytes)
		e = relay_new(tracer->config->limits.output_bytes, &tracer->relay, &plan.out,
			      &plan.err);
	if (e < 0)
		return step_failed(fault, "relay the output", e);
	e = launch(&plan, &run->launched, fault);
	/* Held by us too, it would hide that the script has closed it. */
	if (screen && screen->slave >= 0)
		close(screen->slave);
	if (screen)
		screen->slave = -1;
	if (plan.out >= 0) {
		close(plan.out);
		close(plan.err);
	}
	return e;
}

/* From here on the script cannot read us, nor can we end with tracees left. */
static int take_charge(struct run *run, struct fault *fault)
{
	struct tracer *tracer = &run->tracer;
	struct tracee *root;
	int e = 0;

	prctl(PR_SET_DUMPABLE, 0);
	tracer->root = run->launched.pid;
	tracer->listener = run->launched.listener;
	ioctl(tracer->listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
	root = tracee_add(&tracer->tracees, tracer->root, tracer->root, run->umask);
	if (!root)
		e = -ENOMEM;
	lease_start(tracer);
	if (e == 0)
		e = limits_start(tracer);
	if (e == 0)
		e = watchdog_start();
	if (e == 0)
		e = relay_start(tracer->relay, tracer->wake);
	if (e == 0)
		e = ask_open(tracer);
	if (e < 0) {
		kill(tracer->root, SIGKILL);
		return step_failed(fault, "start the run", e);
	}
	return 0;
}

static void finish(struct run *run)
{
	struct tracer *tracer = &run->tracer;
	struct rusage usage;
	struct run_result *result = tracer->result;

	if (relay_drain(tracer->relay) && !result->limit) {
		result->limit = "output";
		report_limit(tracer, "output");
	}
	/* Orphans of the script that became our children. */
	while (waitpid(-1, NULL, __WALL | WNOHANG) > 0)
		;
	result->wall_s = (double)(tracer_now_us() - tracer->start_us) / 1e6;
	result->cpu_s = (double)tracer->dead_cpu_ns / 1e9;
	result->max_tasks = tracer->tracees.most;
	if (getrusage(RUSAGE_CHILDREN, &usage) == 0 &&
	    (uint64_t)usage.ru_maxrss > result->max_rss_kib)
		result->max_rss_kib = (uint64_t)usage.ru_maxrss;
}

static void close_if_open(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void release(struct run *run)
{
	struct tracer *tracer = &run->tracer;

	watchdog_stop();
	lease_end(tracer);
	tracees_free(&tracer->tracees);
	stacks_free(tracer->stacks);
	views_close(tracer);
	fakes_free(tracer);
	zombies_free(&tracer->zombies);
	relay_free(tracer->relay);
	ask_free(tracer);
	answer_close(tracer->answers);
	close_if_open(tracer->listener < 0 ? -1 - tracer->listener : tracer->listener);
	close_if_open(tracer->wake);
	close_if_open(tracer->own_fds);
	close_if_open(tracer->wall_timer);
	close_if_open(tracer->tick_timer);
	close_if_open(run->launched.complaints);
	filter_free(&run->filter);
	landlock_plan_free(&run->landlock);
	jobcontrol_end(tracer, &run->before);
	umask(run->umask);
}

/* Without SECCOMP_ADDFD_FLAG_SEND nothing could be handed over: said before anything starts. */
static int check_kernel(struct fault *fault)
{
	struct finding finding = { 0 };
	struct utsname system;

	if (uname(&system) < 0)
		return step_failed(fault, "learn the kernel's version", -errno);
	doctor_judge_kernel(system.release, &finding);
	if (finding.state != FINDING_MISSING)
		return 0;
	fault_set(fault, "%s", finding.text);
	snprintf(fault->cure, sizeof(fault->cure), "%s", finding.cure);
	return -ENOSYS;
}

static int prepare(struct run *run, struct fault *fault)
{
	struct tracer *tracer = &run->tracer;
	int e = jobcontrol_start(tracer, &run->before);

	if (e == 0 && check_kernel(fault) < 0)
		return -ENOSYS;
	if (e == 0)
		e = open_own(tracer);
	if (e == 0)
		e = jobs_init();
	/* Orphans of the script come to us, not to init: they are ended and reaped here. */
	if (e == 0 && prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		e = -errno;
	if (e < 0)
		return step_failed(fault, "prepare the tracer (is /proc mounted?)", e);
	e = views_open(tracer);
	return e < 0 ? step_failed(fault, "open a file of a read-only view", e)
		     : build(run, fault);
}

int run_script(const struct run_config *config, struct run_result *ret_result,
	       struct fault *ret_fault)
{
	struct run run = {
		.tracer = { .config = config, .result = ret_result, .self = getpid(),
			    .listener = -1, .signals = -1, .wake = -1, .answers = -1, .own_fds = -1,
			    .wall_timer = -1, .tick_timer = -1, .start_us = tracer_now_us(),
			    .has_stops = true },
		.launched = { .listener = -1, .complaints = -1 },
	};
	int e;

	*ret_result = (struct run_result){ 0 };
	run.umask = umask(0);
	umask(run.umask);
	run.tracer.umask = run.umask;
	run.tracer.tty = tty_of(run.tracer.self);
	e = prepare(&run, ret_fault);
	if (e == 0)
		e = start_child(&run, ret_fault);
	if (e == 0) {
		raise_own_limit();
		e = take_charge(&run, ret_fault);
	}
	if (e == 0) {
		loop(&run.tracer);
		finish(&run);
		if (!run.tracer.was_launched)
			e = launch_complaint(&run.launched, ret_fault);
	}
	release(&run);
	return e;
}
