/* SPDX-License-Identifier: Apache-2.0 */
/* decide_proc.c: programs, processes, signals, and what a process may do to itself. */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "base/fail.h"
#include "filters/decide.h"
#include "filters/nr.h"
#include "filters/policy.h"

/* Running it means running bytes that nobody can name: only where any program may run. */
static struct verdict judge_nameless_program(const struct policy *policy,
					     const struct call_file *file)
{
	bool is_any = policy->allows_all || policy_allows_everything(policy, CLASS_EXEC);

	if (is_any && !policy->refuses[CLASS_EXEC])
		return decide_allow(CLASS_EXEC, file->path);
	return decide_deny(EACCES, CLASS_EXEC, file->path, "a program without a name");
}

struct verdict decide_exec(const struct policy *policy, const struct call *call)
{
	const struct call_file *file = &call->file[0];
	bool is_clear = file->error == 0 && !file->is_foreign_proc;

	if (is_clear && !file->is_nameless && file->path &&
	    policy_judge(policy, CLASS_EXEC, file->path).kind == VERDICT_FAKE)
		return policy_judge(policy, CLASS_EXEC, file->path);
	/* The kernel makes such a process not dumpable: proc_pid_mem(5), ptrace(2). */
	if (is_clear && file->is_unreadable)
		return decide_deny(EACCES, CLASS_EXEC, file->path,
				   "the program cannot be read, so it could not be traced");
	if (is_clear && file->is_nameless)
		return judge_nameless_program(policy, file);
	/* The kernel answers EACCES, and a search along PATH goes on: nothing to shout about. */
	if (is_clear && file->path != NULL && S_ISDIR(file->type))
		return decide_allow(CLASS_EXEC, file->path);
	return decide_want_name(policy, file, CLASS_EXEC);
}

#define THREAD_NEEDS (CLONE_THREAD | CLONE_VM | CLONE_SIGHAND | CLONE_FS | CLONE_FILES)
#define THREAD_MAY (CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | \
		    CLONE_CHILD_SETTID | CLONE_DETACHED | CLONE_IO)
#define PROCESS_MAY (CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID | \
		     CLONE_SETTLS | CLONE_VM | CLONE_VFORK | CLONE_IO)

/*
 * Sets of clone(2) flags that are known: a thread, fork, vfork, posix_spawn.  A list of what is
 * harmless, since a kernel to come may give the remaining bits a meaning.
 */
static bool is_known_clone(uint32_t flags)
{
	uint32_t exit_signal = flags & CSIGNAL;
	uint32_t shares = flags & ~(uint32_t)CSIGNAL;

	if (exit_signal != 0 && exit_signal != SIGCHLD)
		return false;
	if (shares & CLONE_THREAD)
		return (shares & THREAD_NEEDS) == THREAD_NEEDS &&
		       !(shares & ~(uint32_t)(THREAD_NEEDS | THREAD_MAY));
	return !(shares & ~(uint32_t)PROCESS_MAY);
}

/*
 * Untraced children; a mount namespace of their own, where paths lead elsewhere than the tracer's;
 * and a umask that is shared otherwise than threads share it: the tracer keeps one per process, and
 * would create files with the wrong mode.
 */
static bool is_blinding_clone(uint32_t flags)
{
	bool is_thread = flags & CLONE_THREAD;
	bool shares_umask = flags & CLONE_FS;

	return flags & (CLONE_UNTRACED | CLONE_PTRACE | CLONE_NEWNS) || is_thread != shares_umask;
}

struct verdict decide_clone(const struct policy *policy, const struct call *call)
{
	uint32_t flags = call_arg_low(call, 0);

#ifdef __NR_fork
	if (call->nr == __NR_fork || call->nr == __NR_vfork)
		return decide_allow(CLASS_PROCESS, NULL);
#endif
	if (call->nr != __NR_clone)
		return decide_deny(EPERM, CLASS_PROCESS, NULL, "unknown way to start a process");
	if (is_known_clone(flags))
		return decide_allow(CLASS_PROCESS, NULL);
	if (is_blinding_clone(flags))
		return decide_deny(EPERM, CLASS_PROCESS, NULL,
				   "clone flags that would blind pyjail");
	return decide_deny_unless_all(policy, CLASS_PROCESS, "clone flags of another kind");
}

struct verdict decide_signal(const struct policy *policy, const struct call *call)
{
	switch (call->target) {
	case TARGET_SELF:
	case TARGET_TREE:
	case TARGET_GROUP:
	case TARGET_GONE:
		return decide_allow(CLASS_SIGNAL, NULL);
	case TARGET_FOREIGN:
		return decide_deny_unless_all(policy, CLASS_SIGNAL, "a process outside the script");
	case TARGET_TRACER:
		return decide_deny(EPERM, CLASS_SIGNAL, NULL, "pyjail itself");
	case TARGET_NONE:
		break;
	}
	return decide_deny(EPERM, CLASS_SIGNAL, NULL, "cannot tell which process is meant");
}

struct verdict decide_process(const struct policy *policy, const struct call *call)
{
	if (decide_is_passed_form(call))
		return decide_allow(CLASS_PROCESS, NULL);
	switch (call->target) {
	case TARGET_SELF:
	case TARGET_TREE:
	case TARGET_GONE:
		return decide_allow(CLASS_PROCESS, NULL);
	case TARGET_NONE:
		break;
	case TARGET_FOREIGN:
		return decide_deny_unless_all(policy, CLASS_PROCESS,
					      "a process outside the script");
	case TARGET_GROUP:
		return decide_deny_unless_all(policy, CLASS_PROCESS, "a whole group of processes");
	case TARGET_TRACER:
		return decide_deny(EPERM, CLASS_PROCESS, NULL, "pyjail itself");
	}
	return decide_deny(EPERM, CLASS_PROCESS, NULL, "cannot tell which process is meant");
}

/* Anybody's may be asked for, one's own be set: these stop for the tracer's sake (lease.h). */
struct verdict decide_affinity(const struct policy *policy, const struct call *call)
{
	if (call->nr == __NR_sched_getaffinity || (int)call->args[0] == 0)
		return decide_allow(CLASS_PROCESS, NULL);
	return decide_process(policy, call);
}

/* The tracer says TARGET_FOREIGN where it would change the fate of the caller's own group. */
struct verdict decide_group(const struct policy *policy, const struct call *call)
{
	if (call->target != TARGET_FOREIGN)
		return decide_allow(CLASS_PROCESS, NULL);
	return decide_deny_unless_all(policy, CLASS_SIGNAL, "it could hang up the caller");
}

/* Stopped so that the tracer keeps core dumps off (RLIMIT_CORE). */
struct verdict decide_limit(const struct policy *policy, const struct call *call)
{
	(void)policy;
	(void)call;
	return decide_allow(CLASS_PROCESS, NULL);
}

/* What would blind the tracer, or let it see another program than the one that runs. */
static const uint32_t blinding_options[] = {
	PR_SET_SECCOMP, PR_SET_DUMPABLE, PR_SET_PTRACER, PR_SET_MM, PR_SET_SYSCALL_USER_DISPATCH,
};

struct verdict decide_prctl(const struct policy *policy, const struct call *call)
{
	uint32_t option = call_arg_low(call, 0);

	if (decide_is_passed_form(call))
		return decide_allow(CLASS_SYSTEM, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(blinding_options); i++)
		if (option == blinding_options[i])
			return decide_deny(EPERM, CLASS_SYSTEM, NULL, "it would blind pyjail");
	/* Orphans must come to the tracer, which ends what the script leaves running. */
	if (option == PR_SET_CHILD_SUBREAPER)
		return decide_deny_unless_all(policy, CLASS_SYSTEM, "taking over orphans");
	return decide_deny_unless_all(policy, CLASS_SYSTEM, "a prctl option of another kind");
}
