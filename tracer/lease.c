/* SPDX-License-Identifier: Apache-2.0 */
/* lease.c: see lease.h.  sched_setaffinity(2) works on one task, whoever it belongs to. */
#include "tracer/lease.h"

#include <string.h>
#include <time.h>

#include "filters/nr.h"
#include "tracer/op.h"
#include "tracer/tracer.h"

#define LEASE_CALLS 2000
/* A lease that saw fewer calls between two looks is over. */
#define LEASE_LOOK_US 40000
#define LEASE_LOOK_CALLS 10
/* This many calls are measured together; so often they must come. */
#define HEAT_CALLS 8
#define HEAT_US INT64_C(2000)
/* Who does nothing but call: so often, with so much processor time between two calls. */
#define LIGHT_US INT64_C(500)
#define LIGHT_NS UINT64_C(30000)

/* sched(7).  What somebody chose for pyjail stays. */
static void set_batch(struct leases *leases, bool is_batch)
{
	const struct sched_param none = { .sched_priority = 0 };

	if (leases->is_normal && leases->is_batch != is_batch)
		sched_setscheduler(0, is_batch ? SCHED_BATCH : SCHED_OTHER, &none);
	leases->is_batch = is_batch;
}

void lease_start(struct tracer *tracer)
{
	struct leases *leases = &tracer->leases;
	int cpus;

	if (sched_getaffinity(0, sizeof(leases->own), &leases->own) < 0)
		return;
	cpus = CPU_COUNT(&leases->own);
	leases->is_normal = sched_getscheduler(0) == SCHED_OTHER;
	leases->is_on = !tracer->mode.passes_reads && cpus > 1;
	set_batch(leases, cpus == 1);
}

static void unpin(struct leases *leases)
{
	if (!leases->is_pinned)
		return;
	sched_setaffinity(0, sizeof(leases->own), &leases->own);
	set_batch(leases, false);
	leases->is_pinned = false;
}

void lease_end(struct tracer *tracer)
{
	unpin(&tracer->leases);
	tracer->leases.is_on = false;
}

static void set_only(cpu_set_t *set, int cpu)
{
	CPU_ZERO(set);
	CPU_SET(cpu, set);
}

/* The tracer stays where it is; false: it cannot. */
static bool pin(struct leases *leases)
{
	cpu_set_t only;
	int cpu;

	if (leases->is_pinned)
		return true;
	cpu = sched_getcpu();
	if (cpu < 0 || cpu >= CPU_SETSIZE)
		return false;
	set_only(&only, cpu);
	if (sched_setaffinity(0, sizeof(only), &only) < 0)
		return false;
	set_batch(leases, true);
	leases->is_called = false;
	leases->cpu = cpu;
	leases->is_pinned = true;
	return true;
}

static uint64_t cpu_of(pid_t pid)
{
	struct timespec used;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
		return 0;
	return (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}

/* A CPU that the task's own affinity does not have is not lent to it. */
static void begin(struct tracer *tracer, struct tracee *tracee)
{
	struct lease *lease = &tracee->lease;
	cpu_set_t only;

	if (!pin(&tracer->leases))
		return;
	set_only(&only, tracer->leases.cpu);
	if (sched_getaffinity(tracee->tid, sizeof(lease->own), &lease->own) < 0 ||
	    CPU_COUNT(&lease->own) < 2 || !CPU_ISSET(tracer->leases.cpu, &lease->own) ||
	    sched_setaffinity(tracee->tid, sizeof(only), &only) < 0) {
		lease->is_never = true;
		return;
	}
	if (tracer->tracees.leased++ == 0)
		tracer->leases.look_us = tracer_now_us() + LEASE_LOOK_US;
	lease->is_out = true;
	lease->calls = lease->looked = 0;
}

void lease_over(struct tracer *tracer, struct tracee *tracee)
{
	struct lease *lease = &tracee->lease;
	cpu_set_t only, now;

	lease->calls = 0;
	if (!lease->is_out)
		return;
	lease->is_out = false;
	tracer->tracees.leased--;
	if (tracer->leases.lone == tracee->tid)
		tracer->leases.lone = 0;
	set_only(&only, tracer->leases.cpu);
	/* taskset(1) by somebody outside: then that is what it has. */
	if (sched_getaffinity(tracee->tid, sizeof(now), &now) < 0 || !CPU_EQUAL(&now, &only))
		return;
	sched_setaffinity(tracee->tid, sizeof(lease->own), &lease->own);
}

/* Nobody else calls, and its process computes on one CPU only, if at all. */
static bool is_lone(const struct tracer *tracer, const struct lease *lease, uint64_t cpu_ns,
		    int64_t us)
{
	return tracer->tracees.leased == 0 && cpu_ns <= (uint64_t)us * 1000 &&
	       tracer->leases.calls - lease->all_calls == HEAT_CALLS;
}

/* Nobody is in its way on a shared CPU, nor is it in theirs. */
static bool is_light(uint64_t cpu_ns, int64_t us)
{
	return us < LIGHT_US * HEAT_CALLS && cpu_ns < LIGHT_NS * HEAT_CALLS;
}

static void begin_lone(struct tracer *tracer, struct tracee *tracee)
{
	begin(tracer, tracee);
	if (tracee->lease.is_out)
		tracer->leases.lone = tracee->tid;
}

static void measure(struct tracer *tracer, struct tracee *tracee)
{
	struct lease *lease = &tracee->lease;
	int64_t now = tracer_now_us(), us = now - lease->since_us;
	uint64_t cpu = us < HEAT_US * HEAT_CALLS ? cpu_of(tracee->process->pid) : 0;
	uint64_t used = cpu - lease->cpu_ns;

	if (cpu && lease->cpu_ns && is_light(used, us))
		begin(tracer, tracee);
	else if (cpu && lease->cpu_ns && is_lone(tracer, lease, used, us))
		begin_lone(tracer, tracee);
	lease->since_us = now;
	lease->cpu_ns = lease->is_out ? 0 : cpu;
	lease->all_calls = tracer->leases.calls;
	lease->calls = 0;
}

/* Who has no lease calls: a lone one is over, and the tracer must come at once. */
static void call_from_elsewhere(struct tracer *tracer)
{
	struct leases *leases = &tracer->leases;
	struct tracee *lone = leases->lone ? tracee_find(&tracer->tracees, leases->lone) : NULL;

	if (lone)
		lease_over(tracer, lone);
	leases->lone = 0;
	leases->is_called = true;
	if (leases->is_pinned)
		set_batch(leases, false);
}

void lease_call(struct tracer *tracer, struct tracee *tracee)
{
	struct lease *lease = &tracee->lease;

	if (!tracer->leases.is_on)
		return;
	tracer->leases.calls++;
	if (!lease->is_out)
		call_from_elsewhere(tracer);
	if (lease->is_never)
		return;
	lease->calls++;
	if (lease->is_out && lease->calls >= LEASE_CALLS)
		lease_over(tracer, tracee);
	else if (!lease->is_out && lease->calls >= HEAT_CALLS)
		measure(tracer, tracee);
}

void lease_program(struct tracer *tracer, struct tracee *tracee)
{
	if (tracer->leases.is_on && !tracee->lease.is_never && !tracee->lease.is_out &&
	    tracer->tracees.leased == 0)
		begin_lone(tracer, tracee);
}

static struct tracee *meant(const struct tracer *tracer, struct tracee *asker, pid_t tid)
{
	return tid == 0 ? asker : tracee_find(&tracer->tracees, tid);
}

void lease_asked(struct tracer *tracer, struct tracee *tracee, const struct op *op)
{
	struct tracee *target = meant(tracer, tracee, (pid_t)op->call.args[0]);

	if (!target)
		return;
	lease_over(tracer, target);
	/* Of another task the call may come again before the kernel has looked. */
	if (target != tracee || op->call.nr == __NR_sched_setaffinity)
		target->lease.is_never = true;
}

void lease_shown(struct tracer *tracer, const char *path)
{
	const char *name = strrchr(path, '/');
	struct tracee *tracee, *next;

	if (strncmp(path, "/proc/self/", 11) != 0 || strcmp(name, "/status") != 0)
		return;
	HASH_ITER(hh, tracer->tracees.by_tid, tracee, next) {
		lease_over(tracer, tracee);
		tracee->lease.is_never = true;
	}
}

static void end_cold(struct tracer *tracer)
{
	struct tracee *tracee, *next;

	HASH_ITER(hh, tracer->tracees.by_tid, tracee, next) {
		struct lease *lease = &tracee->lease;

		if (!lease->is_out)
			continue;
		if (lease->calls - lease->looked < LEASE_LOOK_CALLS)
			lease_over(tracer, tracee);
		lease->looked = lease->calls;
	}
}

int64_t lease_look(struct tracer *tracer)
{
	struct leases *leases = &tracer->leases;
	int64_t now;

	if (!leases->is_pinned)
		return 0;
	now = tracer_now_us();
	if (tracer->tracees.leased > 0 && now >= leases->look_us) {
		end_cold(tracer);
		set_batch(leases, !leases->is_called);
		leases->is_called = false;
		leases->look_us = now + LEASE_LOOK_US;
	}
	if (tracer->tracees.leased > 0)
		return leases->look_us - now;
	unpin(leases);
	return 0;
}
