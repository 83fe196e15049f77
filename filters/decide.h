/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decide.h: the one place where a call gets its verdict.
 *
 * Pure: reads the call and the policy, touches no process, allocates nothing.
 * Total: every call gets a verdict; what it cannot understand, it denies.
 * The verdict points into the policy and the call and is valid as long as they are.
 */
#ifndef FILTERS_DECIDE_H
#define FILTERS_DECIDE_H

#include "filters/syscalls.h"

struct verdict decide(const struct policy *policy, const struct call *call);

/* One decider per question; the rows of syscalls.def name them. */
decide_fn decide_open;       /* open openat openat2 creat */
decide_fn decide_remove;     /* unlink unlinkat rmdir */
decide_fn decide_rename;     /* both ends count */
decide_fn decide_link;       /* hard link: the source counts as written and read */
decide_fn decide_make;       /* mkdir mknod symlink and the *at forms */
decide_fn decide_change;     /* truncate, chmod, chown, times, xattr: by path or by descriptor */
decide_fn decide_access;     /* access for writing: a probe */
decide_fn decide_stat;       /* metadata, only stopped when a stat rule exists */
decide_fn decide_list;       /* getdents: hidden names are left out */
decide_fn decide_enter;      /* chdir: allowed, where it leads to something that is not hidden */
decide_fn decide_where;      /* getcwd: allowed, and answered where there is a layer */
decide_fn decide_tell;       /* would tell of hidden names, and nobody can perform it */
decide_fn decide_umask;
decide_fn decide_affinity;
decide_fn decide_exec;
decide_fn decide_clone;      /* fork vfork clone: flag sets known to be harmless */
decide_fn decide_signal;     /* kill family */
decide_fn decide_process;    /* prlimit, scheduling, priority of another process */
decide_fn decide_group;      /* setpgid: what would hang up the caller is refused */
decide_fn decide_limit;      /* setrlimit: only the tracer has something to say */
decide_fn decide_pointer;    /* arch_prctl: allowed, and seen */
decide_fn decide_prctl;
decide_fn decide_ioctl;
decide_fn decide_fcntl;
decide_fn decide_socket;     /* socket, socketpair */
decide_fn decide_address;    /* connect bind listen sendto */
decide_fn decide_blind;      /* would blind the tracer: refused even under --allow-all */
decide_fn decide_never;      /* refused unless --allow-all */
decide_fn decide_sandbox;    /* Landlock of the script's own: would not hold, so is not there */
decide_fn decide_mapping;    /* shared memory under --memory: allowed, and counted */
decide_fn decide_memfd;      /* refused under --memory: its pages are in nobody's resident sum */

/* What the deciders share. */
struct verdict decide_allow(enum call_class class, const char *path);
struct verdict decide_deny(int error, enum call_class class, const char *path, const char *reason);

/* EPERM, or allow under --allow-all (unless a bare --deny-X refuses the class). */
struct verdict decide_deny_unless_all(const struct policy *policy, enum call_class class,
				      const char *reason);

/*
 * HIDE when a file that the call names is hidden, or lies behind one that is; else ALLOW.  decide()
 * asks this first: of a hidden file nothing is told, whatever the call would do with it.
 */
struct verdict decide_hidden(const struct policy *policy, const struct call *call);

/* What the call wants of its (first) file, as far as its row and flags say. */
enum call_class decide_class(const struct call *call);

/* The one that decides when a call wants both: KILL, HIDE, DENY, FAKE, ASK, VIEW, allow; on a tie the first. */
struct verdict decide_worse(struct verdict first, struct verdict second);

/*
 * One want on a file: every file decision goes through these two.  The first judges an object,
 * which a descriptor of the tracee may already give (is_held, is_nameless); the second a name,
 * which no descriptor gives.
 */
struct verdict decide_want(const struct policy *policy, const struct call_file *file,
			   enum call_class class);
struct verdict decide_want_name(const struct policy *policy, const struct call_file *file,
				enum call_class class);

/*
 * A form of the call that args.def passes in the kernel whatever the policy.  The deciders hold
 * themselves to the same list, so that `why` and a filter that stops more give the same answers.
 */
bool decide_is_passed_form(const struct call *call);

/* An int argument as the kernel sees it: the low half of the register. */
static inline uint32_t call_arg_low(const struct call *call, unsigned index)
{
	return (uint32_t)call->args[index];
}

#endif
