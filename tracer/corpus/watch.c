/* SPDX-License-Identifier: Apache-2.0 */
/* watch.c: see watch.h. */
#include "tracer/corpus/watch.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fail.h"

#define CHUNK 65536
/* No mapping of pyjail's is larger, but a sanitizer's shadow: terabytes that nobody touched. */
#define RANGE_MAX (1ull << 30)
#define IOPRIO_WHO_PROCESS 1

static FILE *open_proc(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return fopen(path, "re");
}

static long oom_adjustment(pid_t pid)
{
	FILE *f = open_proc(pid, "oom_score_adj");
	long value = 0;

	if (f && fscanf(f, "%ld", &value) != 1)
		value = 0;
	if (f)
		fclose(f);
	return value;
}

static uint64_t sum_range(int fd, uint64_t from, uint64_t to, uint64_t total)
{
	static unsigned char bytes[CHUNK];

	while (from < to) {
		size_t want = to - from < CHUNK ? (size_t)(to - from) : CHUNK;
		ssize_t n = pread(fd, bytes, want, (off_t)from);

		if (n <= 0)
			break;
		for (ssize_t i = 0; i < n; i++)
			total = (total ^ bytes[i]) * 0x100000001b3u;
		from += (uint64_t)n;
	}
	return total;
}

/* Of what it could write itself, and of what somebody made different: private, writable or not. */
static uint64_t sum_memory(pid_t pid)
{
	char path[64], line[512], flags[8];
	uint64_t from, to, total = 0xcbf29ce484222325u;
	FILE *maps = open_proc(pid, "maps");

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	{
		cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);

		while (fd >= 0 && maps && fgets(line, sizeof(line), maps))
			if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s", &from, &to, flags) == 3 &&
			    flags[0] == 'r' && flags[3] == 'p' && to - from <= RANGE_MAX &&
			    !strstr(line, "[v"))
				total = sum_range(fd, from, to, total);
	}
	if (maps)
		fclose(maps);
	return total;
}

void watch_begin(struct watch *watch, pid_t pid, bool is_pyjail, bool keeps_memory)
{
	memset(watch, 0, sizeof(*watch));
	watch->pid = pid;
	watch->is_pyjail = is_pyjail;
	watch->keeps_memory = keeps_memory;
	for (int i = 0; i < RLIM_NLIMITS; i++)
		prlimit(pid, (__rlimit_resource_t)i, NULL, &watch->limits[i]);
	watch->nice = getpriority(PRIO_PROCESS, (id_t)pid);
	watch->policy = sched_getscheduler(pid);
	watch->io_priority = (int)syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, pid);
	watch->oom_adjustment = oom_adjustment(pid);
	sched_getaffinity(pid, sizeof(watch->cpus), &watch->cpus);
	if (keeps_memory)
		watch->memory = sum_memory(pid);
}

static bool limits_differ(const struct watch *watch)
{
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		const struct rlimit *then = &watch->limits[i];
		struct rlimit now;

		if (prlimit(watch->pid, (__rlimit_resource_t)i, NULL, &now) < 0)
			continue;
		if (now.rlim_cur < then->rlim_cur || now.rlim_max < then->rlim_max)
			return true;
		if (!watch->is_pyjail &&
		    (now.rlim_cur != then->rlim_cur || now.rlim_max != then->rlim_max))
			return true;
	}
	return false;
}

struct status {
	char state;            /* the character behind "State:"; 0: it is gone */
	int tracer;
	unsigned long long pending;   /* signals on their way */
};

static struct status read_status(pid_t pid)
{
	FILE *f = open_proc(pid, "status");
	struct status status = { 0 };
	unsigned long long pending;
	char line[256];

	while (f && fgets(line, sizeof(line), f)) {
		sscanf(line, "State: %c", &status.state);
		sscanf(line, "TracerPid: %d", &status.tracer);
		if (sscanf(line, "SigPnd: %llx", &pending) == 1 ||
		    sscanf(line, "ShdPnd: %llx", &pending) == 1)
			status.pending |= pending;
	}
	if (f)
		fclose(f);
	return status;
}

/* The last field of stat but none behind it: proc_pid_stat(5), exit_code. */
static bool read_exit_code(pid_t pid, int *ret_code)
{
	FILE *f = open_proc(pid, "stat");
	char text[1024] = "", *end, *last;
	char state = 0;

	if (f) {
		size_t n = fread(text, 1, sizeof(text) - 1, f);

		text[n] = '\0';
		fclose(f);
	}
	end = strrchr(text, ')');
	last = strrchr(text, ' ');
	if (!end || !last || sscanf(end + 1, " %c", &state) != 1 || state != 'Z')
		return false;
	*ret_code = atoi(last + 1);
	return true;
}

/*
 * Our own child tells us; what a zombie below another shows in /proc is there only for those who
 * could trace it.
 */
static bool find_exit_code(pid_t pid, int *ret_code)
{
	siginfo_t info = { .si_pid = 0 };

	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
		return read_exit_code(pid, ret_code);
	if (info.si_pid != pid)
		return false;
	*ret_code = info.si_code == CLD_EXITED ? W_EXITCODE(info.si_status, 0)
					       : W_EXITCODE(0, info.si_status);
	return true;
}

int watch_end_signal(pid_t pid)
{
	int code;

	return find_exit_code(pid, &code) && WIFSIGNALED(code) ? WTERMSIG(code) : 0;
}

int watch_exit_status(pid_t pid)
{
	int code;

	return find_exit_code(pid, &code) && WIFEXITED(code) ? WEXITSTATUS(code) : -1;
}

/* tracer/lease.h: pyjail keeps to one of its CPUs, which were ours, while a busy task is there. */
static bool cpus_differ(const struct watch *watch)
{
	cpu_set_t now, ours, both;

	if (sched_getaffinity(watch->pid, sizeof(now), &now) < 0 || CPU_EQUAL(&now, &watch->cpus))
		return false;
	if (!watch->is_pyjail || sched_getaffinity(0, sizeof(ours), &ours) < 0)
		return true;
	CPU_AND(&both, &now, &ours);
	return !CPU_EQUAL(&now, &ours) && (CPU_COUNT(&now) != 1 || CPU_COUNT(&both) != 1);
}

/* tracer/lease.h: as long as it keeps to that CPU pyjail may be SCHED_BATCH. */
static bool policy_differs(const struct watch *watch)
{
	int now = sched_getscheduler(watch->pid);
	bool is_plain = now == SCHED_OTHER || now == SCHED_BATCH;

	return now != watch->policy && !(watch->is_pyjail && is_plain);
}

/* NULL: as it was. */
static const char *find_change(const struct watch *watch)
{
	if (getpriority(PRIO_PROCESS, (id_t)watch->pid) != watch->nice)
		return "has another nice value";
	if (policy_differs(watch))
		return "has another scheduling policy";
	if ((int)syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, watch->pid) != watch->io_priority)
		return "has another I/O priority";
	if (oom_adjustment(watch->pid) != watch->oom_adjustment)
		return "has another oom_score_adj";
	if (cpus_differ(watch))
		return "has another CPU affinity";
	return limits_differ(watch) ? "has other limits" : NULL;
}

bool watch_look(const struct watch *watch, char *out, size_t size)
{
	int signal = watch_end_signal(watch->pid);
	struct status status = read_status(watch->pid);
	const char *change;

	if (signal) {
		snprintf(out, size, "was ended by signal %d", signal);
		return true;
	}
	if (status.state == 'Z' || !status.state)
		return false;
	if (status.state == 'T' || status.state == 't' || status.tracer) {
		snprintf(out, size, status.tracer ? "is traced" : "is stopped");
		return true;
	}
	/* Who only waits blocks no signal: one that is pending is about to arrive. */
	change = watch->keeps_memory && status.pending ? "was sent a signal" : find_change(watch);
	if (change)
		snprintf(out, size, "%s", change);
	return change != NULL;
}

bool watch_end(const struct watch *watch, char *out, size_t size)
{
	if (watch_look(watch, out, size))
		return true;
	if (!watch->keeps_memory || sum_memory(watch->pid) == watch->memory)
		return false;
	snprintf(out, size, "has other memory");
	return true;
}
