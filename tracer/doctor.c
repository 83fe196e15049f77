/* SPDX-License-Identifier: Apache-2.0 */
/* doctor.c: see doctor.h.  One row per finding, at the end of this file. */
#include "tracer/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include "base/fail.h"
#include "base/text.h"
#include "filters/landlock.h"
#include "filters/seccomp.h"
#include "tracer/native/library.h"
#include "tracer/probe.h"
#include "tracer/trial.h"

#define EXAMINATION_MS 3500      /* ending a child may take a little longer */
#define TRIAL_MS 1000
#define KERNEL_MAJOR 5
#define KERNEL_MINOR 14

/* Linux 5.19 */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

#define CURE_PROFILE(calls) "in a container, let its seccomp profile allow " calls \
			    " (Docker 20.10, Podman 3 and newer do by default)"
#define CURE_KERNEL "Linux 5.14 or newer"

__attribute__((format(printf, 4, 5)))
static void find(struct finding *finding, enum finding_state state, const char *cure,
		 const char *format, ...)
{
	va_list args;

	finding->state = state;
	snprintf(finding->cure, sizeof(finding->cure), "%s", cure);
	va_start(args, format);
	vsnprintf(finding->text, sizeof(finding->text), format, args);
	va_end(args);
}

/* In words, for the middle of a sentence. */
static const char *why(int error)
{
	switch (error) {
	case -ECHILD:
		return "trying it was punished by death";
	case -ETIMEDOUT:
		return "no answer came in time";
	case -EIO:
		return "it said that it worked, but did not";
	default:
		return errno_name(-error);
	}
}

/* ---- judgements ---- */

void doctor_judge_kernel(const char *release, struct finding *ret_finding)
{
	unsigned major = 0, minor = 0;
	char shown[96];

	text_show_string(shown, sizeof(shown), release);
	if (sscanf(release, "%3u.%3u", &major, &minor) != 2)
		find(ret_finding, FINDING_WARN, "", "a kernel that calls itself %s", shown);
	else if (major > KERNEL_MAJOR || (major == KERNEL_MAJOR && minor >= KERNEL_MINOR))
		find(ret_finding, FINDING_OK, "", "Linux %s", shown);
	else
		find(ret_finding, FINDING_MISSING, CURE_KERNEL " (Debian 12, Ubuntu 22.04)",
		     "Linux %s, older than %d.%d", shown, KERNEL_MAJOR, KERNEL_MINOR);
}

void doctor_judge_machine(const char *machine, struct finding *ret_finding)
{
	char shown[96];

	text_show_string(shown, sizeof(shown), machine);
	if (strcmp(machine, "x86_64") == 0)
		find(ret_finding, FINDING_OK, "", "%s", shown);
	else
		find(ret_finding, FINDING_MISSING, "run it on an x86-64 machine",
		     "%s: only x86_64 is built yet", shown);
}

void doctor_judge_yama(int scope, bool has_ptrace_capability, struct finding *ret_finding)
{
	static const char loosen[] = "as root: sysctl kernel.yama.ptrace_scope=1";

	if (scope < 0)
		find(ret_finding, FINDING_OK, "", "not there: it restricts nothing");
	else if (scope <= 1)
		find(ret_finding, FINDING_OK, "", "ptrace_scope %d: a parent may trace a child",
		     scope);
	else if (scope == 2 && has_ptrace_capability)
		find(ret_finding, FINDING_OK, "", "ptrace_scope 2: we have CAP_SYS_PTRACE");
	else if (scope == 2)
		find(ret_finding, FINDING_MISSING, loosen,
		     "ptrace_scope 2: only CAP_SYS_PTRACE may trace");
	else
		find(ret_finding, FINDING_MISSING,
		     "set kernel.yama.ptrace_scope=1 in /etc/sysctl.d and reboot: "
		     "3 cannot be undone", "ptrace_scope %d: nobody may trace", scope);
}

/* What wall 2 lacks before the ABI that brought it; newest first. */
static const char *landlock_gap(int abi)
{
	if (abi < 3)
		return "no truncate, TCP, devices, signals";
	if (abi < 4)
		return "no TCP, devices, signals";
	if (abi < 5)
		return "no devices, signals";
	return abi < 6 ? "no signals" : NULL;
}

void doctor_judge_landlock(int abi, struct finding *ret_finding)
{
	const char *gap = landlock_gap(abi);

	if (abi >= 1 && !gap)
		find(ret_finding, FINDING_OK, "", "ABI %d%s", abi,
		     abi > LANDLOCK_ABI_MAX ? ", more than pyjail knows" : "");
	else if (abi >= 1)
		find(ret_finding, FINDING_WARN, "Linux 6.12 or newer",
		     "ABI %d: %s; these rest on the broker alone", abi, gap);
	else if (abi == -EOPNOTSUPP)
		find(ret_finding, FINDING_WARN, "add landlock to the lsm= list of the kernel's "
		     "command line and reboot",
		     "off since boot: the broker is the only wall");
	else if (abi == -ENOSYS)
		find(ret_finding, FINDING_WARN, "a kernel with CONFIG_SECURITY_LANDLOCK; "
		     CURE_PROFILE("landlock_*"),
		     "not in this kernel, or hidden: the broker is the only wall");
	else
		find(ret_finding, FINDING_WARN, CURE_PROFILE("landlock_*"),
		     "%s: the broker is the only wall", why(abi));
}

/* ---- this machine ---- */

static int read_number(const char *path)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[16] = "";
	int number = -1;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return -1;
	sscanf(text, "%9d", &number);
	return number;
}

static uint64_t effective_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, data) < 0)
		return 0;
	return (uint64_t)data[1].effective << 32 | data[0].effective;
}

/* Somebody who traces us traces our children too, and a tracee has one tracer. */
static int tracer_of_ours(void)
{
	cleanup_close int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	char text[1024] = "";
	const char *line;
	int pid = 0;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return 0;
	line = strstr(text, "TracerPid:");
	if (line)
		sscanf(line, "TracerPid:%d", &pid);
	return pid;
}

static void check_kernel(int64_t deadline_ms, struct finding *found)
{
	struct utsname name;

	(void)deadline_ms;
	uname(&name);
	doctor_judge_kernel(name.release, found);
}

static void check_machine(int64_t deadline_ms, struct finding *found)
{
	struct utsname name;

	(void)deadline_ms;
	uname(&name);
	doctor_judge_machine(name.machine, found);
}

static void check_user(int64_t deadline_ms, struct finding *found)
{
	uint64_t held = effective_capabilities();

	(void)deadline_ms;
	find(found, FINDING_OK, "", "%s, %d capabilities%s",
	     geteuid() == 0 ? "root" : "an ordinary user", __builtin_popcountll(held),
	     held ? "; the script gets none" : "");
}

static void check_ptrace(int64_t deadline_ms, struct finding *found)
{
	int error = trial_ptrace(deadline_ms), other = tracer_of_ours();

	if (!error)
		find(found, FINDING_OK, "", "a child can be seized and stopped");
	else if (other)
		find(found, FINDING_MISSING, "run pyjail without strace, gdb or another tracer",
		     "%s: process %d traces pyjail and its children", why(error), other);
	else
		find(found, FINDING_MISSING, "see yama; " CURE_PROFILE("ptrace")
		     ", or add --cap-add=SYS_PTRACE",
		     "a child cannot be traced: %s", why(error));
}

static void check_yama(int64_t deadline_ms, struct finding *found)
{
	(void)deadline_ms;
	doctor_judge_yama(read_number("/proc/sys/kernel/yama/ptrace_scope"),
			  effective_capabilities() >> CAP_SYS_PTRACE & 1, found);
}

static void check_memory(int64_t deadline_ms, struct finding *found)
{
	int error = trial_vm_access(deadline_ms), other = trial_proc_mem(deadline_ms);

	if (error)
		find(found, FINDING_MISSING, CURE_PROFILE("process_vm_readv and process_vm_writev")
		     ", or add --cap-add=SYS_PTRACE",
		     "process_vm_readv: %s; /proc/PID/mem: %s", why(error),
		     other ? why(other) : "works");
	else if (other)
		find(found, FINDING_WARN, "mount /proc as usual",
		     "process_vm_readv works; /proc/PID/mem: %s", why(other));
	else
		find(found, FINDING_OK, "",
		     "process_vm_readv, process_vm_writev and /proc/PID/mem");
}

static void check_seccomp(int64_t deadline_ms, struct finding *found)
{
	int error = trial_seccomp(deadline_ms);

	if (error)
		find(found, FINDING_MISSING,
		     "a kernel with CONFIG_SECCOMP_FILTER; " CURE_PROFILE("seccomp"),
		     "no filter can be set: %s", why(error));
	else
		find(found, FINDING_OK, "", "a process can set a filter on itself");
}

static void check_listener(int64_t deadline_ms, struct finding *found)
{
	int error = trial_listener(0, deadline_ms);

	if (error == -EBUSY)
		find(found, FINDING_MISSING, "run pyjail outside of it, or have the container's "
		     "seccomp profile use no SCMP_ACT_NOTIFY (LXD: security.syscalls.intercept.*)",
		     "EBUSY: an outer filter has the one listener that there can be");
	else if (error)
		find(found, FINDING_MISSING, CURE_KERNEL "; " CURE_PROFILE("seccomp"),
		     "no filter with a listener can be set: %s", why(error));
	else
		find(found, FINDING_OK, "", "free: no outer filter has it");
}

static void check_notify(int64_t deadline_ms, struct finding *found)
{
	int error = trial_notify(SYS_getppid, deadline_ms);

	if (error)
		find(found, FINDING_MISSING, CURE_KERNEL " (ADDFD with FLAG_SEND); see listener",
		     "a descriptor cannot be handed over through a notification: %s", why(error));
	else
		find(found, FINDING_OK, "", "a descriptor was handed over (ADDFD, FLAG_SEND)");
}

static void check_dead_call(int64_t deadline_ms, struct finding *found)
{
	int error = trial_notify(DEAD_CALL_NR, deadline_ms);

	if (error)
		find(found, FINDING_MISSING, "see notify; " CURE_PROFILE("epoll_wait_old"),
		     "call %d (epoll_wait_old) does not reach the listener: %s", DEAD_CALL_NR,
		     why(error));
	else
		find(found, FINDING_OK, "", "call %d (epoll_wait_old) reaches the listener",
		     DEAD_CALL_NR);
}

static void check_wait_killable(int64_t deadline_ms, struct finding *found)
{
	int error = trial_listener(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, deadline_ms);

	if (error)
		find(found, FINDING_WARN, "Linux 5.19 or newer",
		     "%s: a signal may interrupt a call that is being brokered", why(error));
	else
		find(found, FINDING_OK, "", "signals wait for a call that is being brokered");
}

static void check_sync_wake_up(int64_t deadline_ms, struct finding *found)
{
	int error = trial_sync_wake_up(deadline_ms);

	if (error)
		find(found, FINDING_WARN, "Linux 6.6 or newer",
		     "%s: opens are slower than they could be", why(error));
	else
		find(found, FINDING_OK, "", "notifications stay on one CPU");
}

static void check_openat2(int64_t deadline_ms, struct finding *found)
{
	int error = trial_openat2(deadline_ms);

	if (error)
		find(found, FINDING_MISSING, CURE_KERNEL "; " CURE_PROFILE("openat2"),
		     "paths cannot be resolved safely: %s", why(error));
	else
		find(found, FINDING_OK, "", "works");
}

static void check_landlock(int64_t deadline_ms, struct finding *found)
{
	doctor_judge_landlock(trial_landlock(deadline_ms), found);
}

/* For completeness: nothing needs it, since container profiles often refuse it. */
static void check_pidfd_getfd(int64_t deadline_ms, struct finding *found)
{
	int error = trial_pidfd_getfd(deadline_ms);

	find(found, FINDING_OK, "", "%s; not needed", error ? why(error) : "works");
}

static void check_userfaultfd(int64_t deadline_ms, struct finding *found)
{
	int value = read_number("/proc/sys/vm/unprivileged_userfaultfd");

	(void)deadline_ms;
	find(found, FINDING_OK, "", "%s; the jail refuses it",
	     value < 0 ? "not in this kernel" : value ? "open to everybody" : "restricted");
}

static void check_unwind(int64_t deadline_ms, struct finding *found)
{
	(void)deadline_ms;
	if (unwind_library())
		find(found, FINDING_OK, "", "there: C frames for --stack=native");
	else
		find(found, FINDING_WARN, "apt-get install libunwind8",
		     "not there: --stack=native shows Python frames only");
}

static const struct check {
	const char *name;
	void (*run)(int64_t deadline_ms, struct finding *found);
} checks[] = {
	{ "kernel", check_kernel },
	{ "machine", check_machine },
	{ "user", check_user },
	{ "ptrace", check_ptrace },
	{ "yama", check_yama },
	{ "memory", check_memory },
	{ "seccomp", check_seccomp },
	{ "listener", check_listener },
	{ "notify", check_notify },
	{ "dead-call", check_dead_call },
	{ "wait-killable", check_wait_killable },
	{ "sync-wake-up", check_sync_wake_up },
	{ "openat2", check_openat2 },
	{ "landlock", check_landlock },
	{ "pidfd_getfd", check_pidfd_getfd },
	{ "userfaultfd", check_userfaultfd },
	{ "libunwind", check_unwind },
};

_Static_assert(ARRAY_SIZE(checks) <= DOCTOR_FINDINGS_MAX, "DOCTOR_FINDINGS_MAX is too small");

int doctor_examine(struct finding *out, size_t max)
{
	int64_t end_ms = probe_now_ms() + EXAMINATION_MS;
	size_t count = 0;

	for (; count < ARRAY_SIZE(checks) && count < max; count++) {
		int64_t deadline_ms = probe_now_ms() + TRIAL_MS;

		out[count] = (struct finding){ .name = checks[count].name };
		checks[count].run(deadline_ms < end_ms ? deadline_ms : end_ms, &out[count]);
	}
	return (int)count;
}

bool doctor_can_run(const struct finding *findings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (findings[i].state == FINDING_MISSING)
			return false;
	}
	return true;
}

const char *finding_state_name(enum finding_state state)
{
	switch (state) {
	case FINDING_OK:
		return "ok";
	case FINDING_WARN:
		return "warning";
	case FINDING_MISSING:
		return "missing";
	}
	return "missing";
}
